//! Every open connection of one port, each with a handle that can cut it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tower::ServiceExt;

/// How long [`Connections::close_idle`] waits for the sockets to be gone.
const CLOSING: Duration = Duration::from_secs(1);

/// The handle of one connection, found in the extensions of its requests.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    reset: Notify,
    close: Notify,
    in_flight: AtomicUsize,
}

impl Connection {
    /// Cuts the connection with a TCP reset, whatever it is doing.
    pub(crate) fn reset(&self) {
        self.reset.notify_one();
    }

    fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::SeqCst) == 0
    }
}

/// Counts a request as in flight while it lives.
struct InFlight(Arc<Connection>);

impl InFlight {
    fn on(connection: &Arc<Connection>) -> Self {
        connection.in_flight.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(connection))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next: AtomicU64,
    gone: Notify,
}

impl Connections {
    /// Closes connections that wait for a next request, and the others once they have answered.
    pub(crate) async fn close_idle(&self) {
        for connection in self.open.lock().expect("connections lock").values() {
            connection.close.notify_one();
        }
        let all_gone = async {
            loop {
                let gone = self.gone.notified();
                tokio::pin!(gone);
                gone.as_mut().enable();
                if !self.any_idle() {
                    break;
                }
                gone.await;
            }
        };
        // A socket that is slow to close is the peer's affair; nobody has to wait for it.
        let _ = tokio::time::timeout(CLOSING, all_gone).await;
    }

    fn any_idle(&self) -> bool {
        self.open.lock().expect("connections lock").values().any(|connection| connection.is_idle())
    }

    /// Serves one connection until either side ends it.
    pub(crate) async fn serve(self: Arc<Self>, stream: TcpStream, app: Router) {
        let open = Open::register(self);
        converse(stream, app, &open.connection).await;
    }
}

/// The entry in the registry; dropping it, also by an aborted task, takes the entry out.
struct Open {
    connections: Arc<Connections>,
    id: u64,
    connection: Arc<Connection>,
}

impl Open {
    fn register(connections: Arc<Connections>) -> Self {
        let id = connections.next.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::default());
        connections.open.lock().expect("connections lock").insert(id, Arc::clone(&connection));
        Self { connections, id, connection }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.connections.open.lock().expect("connections lock").remove(&self.id);
        self.connections.gone.notify_waiters();
    }
}

async fn converse(stream: TcpStream, app: Router, connection: &Arc<Connection>) {
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let in_flight = InFlight::on(connection);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(connection));
        let answer = app.clone().oneshot(request);
        async move {
            let answer = answer.await;
            drop(in_flight);
            answer
        }
    });
    let mut http = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    loop {
        tokio::select! {
            _ = &mut http => return,
            () = connection.reset.notified() => {
                let stream = http.into_parts().io.into_inner();
                // Without lingering the socket's end is a reset and not an orderly close.
                let _ = stream.set_zero_linger();
                return;
            }
            () = connection.close.notified() => {
                if connection.is_idle() {
                    return;
                }
                std::pin::Pin::new(&mut http).graceful_shutdown();
            }
        }
    }
}
