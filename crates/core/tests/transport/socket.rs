//! A server on a real socket that plays a script, byte by byte.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Wire {
    /// Writes the bytes and waits for the next request.
    Write(Vec<u8>),
    /// Writes the bytes and closes.
    WriteAndClose(Vec<u8>),
    /// Writes the bytes and says nothing more.
    WriteAndHang(Vec<u8>),
}

/// Closes without a word, after the whole request has come.
pub(crate) fn close() -> Wire {
    Wire::WriteAndClose(Vec::new())
}

/// Never answers.
pub(crate) fn hang() -> Wire {
    Wire::WriteAndHang(Vec::new())
}

pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Wire {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Said\r\n{headers}content-length: {length}\r\n\r\n{body}");
    Wire::Write(head.into_bytes())
}

pub(crate) fn json(status: u16, body: &str) -> Wire {
    answer(status, "content-type: application/json\r\n", body)
}

type Next = Box<dyn FnMut() -> Wire + Send>;

/// A server on loopback with what it has received.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl Socket {
    /// Answers each request, on whatever connection, with the next reply; the last one repeats.
    pub(crate) async fn script(replies: impl IntoIterator<Item = Wire>) -> Self {
        let mut replies: Vec<_> = replies.into_iter().collect();
        replies.reverse();
        let next = move || match replies.len() {
            1 => replies[0].clone(),
            _ => replies.pop().expect("a script has a reply"),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let next: Arc<Mutex<Next>> = Arc::new(Mutex::new(Box::new(next)));
        let (log, count) = (Arc::clone(&requests), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *count.lock().expect("not poisoned") += 1;
                tokio::spawn(serve(stream, Arc::clone(&next), Arc::clone(&log)));
            }
        });
        Self { url, requests, connections }
    }

    /// The requests as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("not poisoned").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests().len()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().expect("not poisoned")
    }
}

async fn serve(mut stream: TcpStream, next: Arc<Mutex<Next>>, log: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        log.lock().expect("not poisoned").push(request.clone());
        let reply = next.lock().expect("not poisoned")();
        let (Wire::Write(bytes) | Wire::WriteAndClose(bytes) | Wire::WriteAndHang(bytes)) = &reply;
        if stream.write_all(bytes).await.is_err() {
            return;
        }
        match reply {
            Wire::WriteAndClose(_) => return,
            Wire::WriteAndHang(_) => std::future::pending().await,
            Wire::Write(_) => {}
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().expect("a number")) {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
