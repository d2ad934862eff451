//! A vendor made of one canned answer: it records what a client sends, for snapshots.

use std::fmt::{self, Debug, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use orgport::{Error, Page, WithNative};
use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Headers whose values tests must not show: they hold credentials.
const SECRET: [&str; 4] = ["authorization", "x-api-key", "x-api-secret", "cookie"];
/// Headers that say nothing about the client: they depend on the port or the HTTP library.
const NOISE: [&str; 4] = ["host", "content-length", "accept-encoding", "user-agent"];

/// Values that would be several segments, or another one, where a path is put together carelessly.
pub const SPLITTING: [&str; 6] = [".", "..", "../admin", "a/b", "a?b#c", "%2e%2e"];

/// A model, or anything that models are in, as JSON with the vendor's own in it.
///
/// # Panics
///
/// If it is no JSON.
pub fn whole<T: Serialize>(model: T) -> Value {
    serde_json::to_value(WithNative(&model)).expect("models are JSON")
}

/// A model, or anything that models are in, as JSON without the vendor's own in it.
///
/// # Panics
///
/// If it is no JSON.
pub fn json<T: Serialize>(model: &T) -> String {
    format!("{:#}", serde_json::to_value(model).expect("models are JSON"))
}

/// What a list came to, without the vendor's own JSON.
#[expect(clippy::needless_pass_by_value, reason = "it ends a call")]
pub fn page<T: Serialize>(page: Page<T>) -> String {
    let rows = page.items.iter().map(|item| item.as_ref().map_or_else(told, json));
    format!("total: {:?}, next: {:?}\n{}", page.total, page.next, rows.collect::<Vec<_>>().join("\n"))
}

/// What a typed call came to.
pub fn shown<T: Debug>(outcome: &Result<T, Error>) -> String {
    match outcome {
        Ok(value) => format!("{value:#?}"),
        Err(error) => told(error),
    }
}

/// All that a caller can tell of an error.
///
/// # Panics
///
/// Never: it writes to memory.
pub fn told(error: &Error) -> String {
    let mut text = format!("{error}\n  kind: {}", error.kind());
    write!(text, "\n  reach: {:?}, retryable: {}", error.reach(), error.is_retryable()).expect("memory");
    for (name, value) in [("code", error.vendor_code()), ("words", error.vendor_message())] {
        if let Some(value) = value {
            write!(text, "\n  {name}: {value}").expect("memory");
        }
    }
    if let Some(wait) = error.retry_after() {
        write!(text, "\n  after: {wait:?}").expect("memory");
    }
    if let Some(left) = error.left_behind() {
        write!(text, "\n  left behind: {}", left.description).expect("memory");
    }
    text
}

/// One answer, given to every request.
#[derive(Debug, Clone)]
pub struct Canned {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Canned {
    /// A JSON answer.
    pub fn json(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }.header("content-type", "application/json")
    }

    /// A plain text answer.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
            .header("content-type", "text/plain; charset=UTF-8")
    }

    /// A web page, as gateways answer it.
    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }.header("content-type", "text/html")
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// With this header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A request as it arrived. Displayed for snapshots: the credential is masked, JSON is indented.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Method, path and query as sent.
    pub line: String,
    /// Lower-case names and their values, in the order of the names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.line)?;
        for (name, value) in &self.headers {
            if SECRET.contains(&name.as_str()) {
                let scheme = value.split_once(' ').map_or("", |(scheme, _)| scheme);
                writeln!(f, "{name}: {scheme} ***")?;
            } else if !NOISE.contains(&name.as_str()) {
                writeln!(f, "{name}: {value}")?;
            }
        }
        if !self.body.is_empty() {
            let json = serde_json::from_str::<Value>(&self.body);
            writeln!(f, "\n{}", json.map_or_else(|_| self.body.clone(), |json| format!("{json:#}")))?;
        }
        Ok(())
    }
}

/// The server. Answers are given in order, the last one for ever.
pub struct Wire {
    address: std::net::SocketAddr,
    received: Arc<Mutex<Vec<Recorded>>>,
    server: tokio::task::JoinHandle<()>,
}

impl Wire {
    /// Starts a server with these answers.
    pub async fn answering(answers: impl IntoIterator<Item = Canned>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        let answers: Vec<_> = answers.into_iter().collect();
        let server = tokio::spawn(async move {
            for number in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let answer = answers.get(number).or(answers.last()).expect("at least one answer");
                // A client that hangs up early is the test's business.
                let _ = serve(stream, answer, &log).await;
            }
        });
        Self { address, received, server }
    }

    /// Where it listens.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything received so far.
    pub fn received(&self) -> Vec<Recorded> {
        self.received.lock().expect("no holder panics").clone()
    }

    /// The only request received.
    ///
    /// # Panics
    ///
    /// If there was none or more than one.
    pub fn request(&self) -> Recorded {
        let received = self.received();
        assert_eq!(received.len(), 1, "one request, not {received:#?}");
        received[0].clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Reads one request, records it, answers and closes.
async fn serve(stream: TcpStream, answer: &Canned, log: &Mutex<Vec<Recorded>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut headers = Vec::new();
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        let (name, value) = (name.to_lowercase(), value.trim().to_owned());
        if name == "content-length" {
            length = value.parse().unwrap_or(0);
        }
        headers.push((name, value));
    }
    headers.sort();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    log.lock().expect("no holder panics").push(Recorded {
        line: line.trim_end().trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    let Canned { status, headers, body } = answer;
    let mut reply =
        format!("HTTP/1.1 {status} Canned\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        reply.extend([name, ": ", value, "\r\n"]);
    }
    reply.push_str("\r\n");
    reply.push_str(body);
    stream.write_all(reply.as_bytes()).await?;
    stream.shutdown().await
}

/// The text of a fixture, by its path below `fixtures/`.
///
/// # Panics
///
/// If there is no such file.
pub fn fixture(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The names of the fixtures in a folder below `fixtures/`, in order.
///
/// # Panics
///
/// If there is no such folder.
pub fn fixtures(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.expect("the folder can be read").file_name().into_string().expect("fixtures have ASCII names")
    };
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

/// The paths below `fixtures/` of all files in a vendor's folder, in order.
///
/// # Panics
///
/// If there is no such folder.
pub fn all_fixtures(vendor: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(vendor);
    let mut paths = Vec::new();
    for name in fixtures(vendor) {
        if root.join(&name).is_dir() {
            paths.extend(all_fixtures(&format!("{vendor}/{name}")));
        } else {
            paths.push(format!("{vendor}/{name}"));
        }
    }
    paths
}
