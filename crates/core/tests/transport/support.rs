//! A vendor that plays a script, without a network, and a transport to talk to it.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use orgport_core::auth::Auth;
use orgport_core::http::{
    BaseUrl, Body, ClientOptions, Deadline, ExchangeError, Failure, HttpClient, HttpService, HttpSettings,
    Refusal, Request, Safety, Transport, Vendor,
};
use orgport_core::{Clock, ErrorKind, ManualClock, Timestamp};

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Responds with status, headers and a whole body.
    Say(u16, String, Bytes),
    /// Responds with a success whose body begins so and then brings nothing more.
    Stall(Bytes),
    /// Closes without a word, after the whole request has come.
    Close,
    /// Never responds.
    Hang,
    /// Responds after a moment.
    Late(Duration, Box<Reply>),
}

/// A response with these headers, each with its line break.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Reply {
    Reply::Say(status, headers.to_owned(), Bytes::copy_from_slice(body.as_bytes()))
}

pub(crate) fn json(status: u16, body: &str) -> Reply {
    answer(status, "content-type: application/json\r\n", body)
}

type Handler = Box<dyn FnMut(&str) -> Reply + Send>;

/// A server with what it has received.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    handler: Arc<Mutex<Handler>>,
    requests: Arc<Mutex<Vec<String>>>,
    /// How many requests are under way, and how many were at most.
    busy: Arc<Mutex<(usize, usize)>>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// All servers of this process, by authority.
static SERVERS: LazyLock<Mutex<HashMap<String, Server>>> = LazyLock::new(Mutex::default);

impl Server {
    /// Answers each request with the next reply; the last one repeats.
    pub(crate) fn script(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<_> = replies.into_iter().collect();
        replies.reverse();
        Self::start(move |_| match replies.len() {
            1 => replies[0].clone(),
            _ => replies.pop().expect("a script has a reply"),
        })
    }

    pub(crate) fn start(handler: impl FnMut(&str) -> Reply + Send + 'static) -> Self {
        let mut servers = SERVERS.lock().expect("not poisoned");
        let authority = format!("127.0.0.1:{}", servers.len() + 1000);
        let url = format!("http://{authority}");
        let handler: Arc<Mutex<Handler>> = Arc::new(Mutex::new(Box::new(handler)));
        let server = Self { url, handler, requests: Arc::default(), busy: Arc::default() };
        servers.insert(authority, server.clone());
        server
    }

    /// The requests as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("not poisoned").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.requests().len()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.busy.lock().expect("not poisoned").1
    }
}

/// Reaches every [`Server`] of this process.
#[derive(Debug)]
pub(crate) struct Network;

#[async_trait]
impl HttpService for Network {
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        _: Deadline,
    ) -> Result<http::Response<Body>, ExchangeError> {
        let authority = request.uri().authority().expect("an address").as_str();
        let server = SERVERS.lock().expect("not poisoned").get(authority).cloned();
        let server =
            server.ok_or_else(|| ExchangeError::not_sent(ErrorKind::Connection, "nobody listens"))?;
        let request = as_text(&request);
        server.requests.lock().expect("not poisoned").push(request.clone());
        {
            let mut busy = server.busy.lock().expect("not poisoned");
            *busy = (busy.0 + 1, busy.1.max(busy.0 + 1));
        }
        let mut reply = server.handler.lock().expect("not poisoned")(&request);
        while let Reply::Late(by, then) = reply {
            tokio::time::sleep(by).await;
            reply = *then;
        }
        server.busy.lock().expect("not poisoned").0 -= 1;
        match reply {
            Reply::Say(status, headers, body) => Ok(response(status, &headers).body(body.into())),
            Reply::Stall(begin) => {
                let body = Body::from_stream(stream::iter([Ok(begin)]).chain(stream::pending()));
                Ok(response(200, "").body(body))
            }
            Reply::Close => Err(ExchangeError::lost(ErrorKind::Connection, "the connection broke")),
            Reply::Hang | Reply::Late(..) => std::future::pending().await,
        }
        .map(|response| response.expect("a script holds what HTTP can carry"))
    }
}

fn response(status: u16, headers: &str) -> http::response::Builder {
    let lines = headers.lines().map(|line| line.split_once(": ").expect("a header"));
    lines.fold(http::Response::builder().status(status), |builder, (name, value)| builder.header(name, value))
}

/// As HTTP/1.1 would write it.
fn as_text(request: &http::Request<Bytes>) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let mut text = format!("{} {path} HTTP/1.1\r\n", request.method());
    for (name, value) in request.headers() {
        text.extend([name.as_str(), ": ", value.to_str().expect("text"), "\r\n"]);
    }
    text + "\r\n" + std::str::from_utf8(request.body()).expect("text")
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

/// Without a network.
pub(crate) fn options(url: &str, clock: &Arc<ManualClock>) -> ClientOptions {
    options_on_network(url, clock).client(HttpClient::new(Network))
}

/// By the client that is built in.
pub(crate) fn options_on_network(url: &str, clock: &Arc<ManualClock>) -> ClientOptions {
    let base_url = BaseUrl::parse(url, false).expect("a loopback address");
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    ClientOptions::new(base_url, Auth::bearer(TOKEN)).clock(clock).settings(settings()).name("prod")
}

pub(crate) fn transport(url: &str, clock: &Arc<ManualClock>) -> Transport {
    Transport::new(vendor(), options(url, clock)).expect("valid")
}

pub(crate) fn transport_on_network(url: &str, clock: &Arc<ManualClock>) -> Transport {
    Transport::new(vendor(), options_on_network(url, clock)).expect("valid")
}

pub(crate) fn write(safety: Safety) -> Request {
    Request::post("/orgs/{orgId}/invites", safety).segment("acme").json(&["ada@example.org"])
}

pub(crate) fn read() -> Request {
    Request::get("/orgs/{orgId}").segment("acme").query("email", "ada@example.org")
}

/// An error with all its causes, as the most talkative reporter would print it.
pub(crate) fn all_of(error: &orgport_core::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| (*cause).source());
    causes.fold(format!("{error} {error:?} {error:#?}"), |text, cause| format!("{text} {cause} {cause:?}"))
}
