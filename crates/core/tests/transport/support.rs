//! A server that plays a script, byte by byte, and a vendor to talk to it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use orgport_core::auth::Auth;
use orgport_core::http::{BaseUrl, Connection, Failure, HttpSettings, Refusal, Transport, Vendor};
use orgport_core::{Clock, ManualClock, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Writes the bytes and waits for the next request.
    Write(Vec<u8>),
    /// Writes the bytes and closes.
    WriteAndClose(Vec<u8>),
    /// Writes the bytes and says nothing more.
    WriteAndHang(Vec<u8>),
    /// Answers after a moment.
    Late(Duration, Box<Reply>),
}

/// Closes without a word, after the whole request has come.
pub(crate) fn close() -> Reply {
    Reply::WriteAndClose(Vec::new())
}

/// Never answers.
pub(crate) fn hang() -> Reply {
    Reply::WriteAndHang(Vec::new())
}

pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Reply {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Said\r\n{headers}content-length: {length}\r\n\r\n{body}");
    Reply::Write(head.into_bytes())
}

pub(crate) fn json(status: u16, body: &str) -> Reply {
    answer(status, "content-type: application/json\r\n", body)
}

type Handler = Box<dyn FnMut(&str) -> Reply + Send>;

/// A server on loopback with what it has received.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    /// Answers each request, on whatever connection, with the next reply; the last one repeats.
    pub(crate) async fn script(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<_> = replies.into_iter().collect();
        replies.reverse();
        Self::start(move |_| match replies.len() {
            1 => replies[0].clone(),
            _ => replies.pop().expect("a script has a reply"),
        })
        .await
    }

    pub(crate) async fn start(handler: impl FnMut(&str) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let handler: Arc<Mutex<Handler>> = Arc::new(Mutex::new(Box::new(handler)));
        let (log, count) = (Arc::clone(&requests), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *count.lock().expect("not poisoned") += 1;
                tokio::spawn(serve(stream, Arc::clone(&handler), Arc::clone(&log)));
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

async fn serve(mut stream: TcpStream, handler: Arc<Mutex<Handler>>, log: Arc<Mutex<Vec<String>>>) {
    while let Some(request) = read_request(&mut stream).await {
        log.lock().expect("not poisoned").push(request.clone());
        let mut reply = handler.lock().expect("not poisoned")(&request);
        while let Reply::Late(by, then) = reply {
            tokio::time::sleep(by).await;
            reply = *then;
        }
        let (Reply::Write(bytes) | Reply::WriteAndClose(bytes) | Reply::WriteAndHang(bytes)) = &reply else {
            unreachable!("late ones are unpacked");
        };
        if stream.write_all(bytes).await.is_err() {
            return;
        }
        match reply {
            Reply::WriteAndClose(_) => return,
            Reply::WriteAndHang(_) => std::future::pending().await,
            _ => {}
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

pub(crate) const TOKEN: &str = "s3cret-token";

/// Errors of the vendor in these tests are `{"message":…}`.
pub(crate) fn explain(failure: &Failure<'_>) -> Refusal {
    let body: serde_json::Value = serde_json::from_str(failure.body).unwrap_or_default();
    match body["message"].as_str() {
        Some(message) => Refusal::new(failure.status).message(message),
        None => Refusal::from_status(failure.status),
    }
}

pub(crate) fn vendor() -> Vendor {
    Vendor::new("testing", explain).header("accept-version", "7")
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::parse("2026-05-13T10:00:00Z").expect("valid")))
}

/// Settings that fail within a moment of real time.
pub(crate) fn settings() -> HttpSettings {
    let mut settings = HttpSettings::default();
    settings.attempt_timeout = Duration::from_secs(1);
    settings.stall_timeout = Duration::from_millis(250);
    settings
}

pub(crate) fn connection(url: &str, clock: &Arc<ManualClock>) -> Connection {
    let base_url = BaseUrl::parse(url, false).expect("a loopback address");
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    Connection::new(base_url, Auth::bearer(TOKEN)).clock(clock).settings(settings()).name("prod")
}

pub(crate) fn transport(url: &str, clock: &Arc<ManualClock>) -> Transport {
    Transport::new(vendor(), connection(url, clock)).expect("valid")
}

/// An error with all its causes, as the most talkative reporter would print it.
pub(crate) fn all_of(error: &orgport_core::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| (*cause).source());
    causes.fold(format!("{error} {error:?} {error:#?}"), |text, cause| format!("{text} {cause} {cause:?}"))
}
