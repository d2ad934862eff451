//! One port: bound at the start, able to refuse connections and to listen again.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::connections::Connections;

const BACKLOG: u32 = 1024;

/// The side of a port that the sandbox holds.
#[derive(Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    connections: Arc<Connections>,
    orders: mpsc::Sender<Order>,
}

/// "Listen" or "refuse", with the place where the outcome is awaited.
type Order = (bool, oneshot::Sender<io::Result<()>>);

impl Door {
    /// Listens on loopback; port 0 takes a free one. Nothing is answered before [`Doorway::serve`].
    pub(crate) fn open(port: u16) -> io::Result<(Self, Doorway)> {
        let socket = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let address = socket.local_addr()?;
        let entrance = Entrance::Open(socket.listen(BACKLOG)?);
        let connections = Arc::<Connections>::default();
        let (orders, inbox) = mpsc::channel(1);
        let doorway = Doorway { entrance, address, connections: Arc::clone(&connections), inbox };
        Ok((Self { address, connections, orders }, doorway))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Listens or refuses; refusing also closes the connections that are idle.
    pub(crate) async fn accept(&self, accept: bool) -> io::Result<()> {
        let stopped = |_| io::Error::other("the sandbox has stopped");
        let (done, outcome) = oneshot::channel();
        self.orders.send((accept, done)).await.map_err(|_| io::Error::other("the sandbox has stopped"))?;
        outcome.await.map_err(stopped)??;
        if !accept {
            self.close_idle().await;
        }
        Ok(())
    }

    pub(crate) async fn close_idle(&self) {
        self.connections.close_idle().await;
    }
}

/// The side of a port that accepts.
#[derive(Debug)]
pub(crate) struct Doorway {
    entrance: Entrance,
    address: SocketAddr,
    connections: Arc<Connections>,
    inbox: mpsc::Receiver<Order>,
}

#[derive(Debug)]
enum Entrance {
    Open(TcpListener),
    /// Bound without listening: the port stays ours and the kernel refuses connections to it.
    Shut(Option<TcpSocket>),
}

impl Doorway {
    /// Accepts until the future is dropped, which ends every connection too.
    pub(crate) async fn serve(mut self, app: Router) {
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                stream = self.entrance.next() => {
                    open.spawn(Arc::clone(&self.connections).serve(stream, app.clone()));
                }
                Some((accept, done)) = self.inbox.recv() => {
                    let _ = done.send(self.entrance.set(accept, self.address));
                }
                Some(_) = open.join_next(), if !open.is_empty() => {}
            }
        }
    }
}

impl Entrance {
    async fn next(&self) -> TcpStream {
        let Self::Open(listener) = self else { return std::future::pending().await };
        loop {
            // Errors are about one connection, or pass: "too many open files".
            match listener.accept().await {
                Ok((stream, _)) => {
                    let _ = stream.set_nodelay(true);
                    return stream;
                }
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            }
        }
    }

    fn set(&mut self, accept: bool, address: SocketAddr) -> io::Result<()> {
        match (&mut *self, accept) {
            (Self::Open(_), false) => {
                *self = Self::Shut(None);
                *self = Self::Shut(Some(bind(address)?));
            }
            (Self::Shut(socket), true) => {
                let socket = socket.take().map_or_else(|| bind(address), Ok)?;
                *self = Self::Open(socket.listen(BACKLOG)?);
            }
            _ => {}
        }
        Ok(())
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
