//! A port of this machine that a browser comes back to after a login.

use std::net::SocketAddr;
use std::time::Duration;

use orgport::{Error, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use url::{Host, Url};

use crate::failure::Failure;

/// How long a person may take to log in.
const PATIENCE: Duration = Duration::from_mins(10);
/// How long a browser may take to say what it wants.
const REQUEST: Duration = Duration::from_secs(2);
/// A request line with a code in it is shorter.
const LONGEST_HEAD: usize = 16 << 10;

/// Listens where the configured redirect leads.
pub(crate) struct Loopback {
    listener: TcpListener,
    path: String,
}

impl Loopback {
    /// Opens the port of an `http` address of this machine; `None` for any other address, which
    /// leads a browser elsewhere.
    ///
    /// # Errors
    ///
    /// `Config` if the port cannot be had.
    pub(crate) async fn bind(redirect_uri: &str) -> Result<Option<Self>, Error> {
        let Ok(url) = Url::parse(redirect_uri) else { return Ok(None) };
        let ip = match url.host() {
            _ if url.scheme() != "http" => return Ok(None),
            Some(Host::Ipv4(ip)) if ip.is_loopback() => ip.into(),
            Some(Host::Ipv6(ip)) if ip.is_loopback() => ip.into(),
            Some(Host::Domain("localhost")) => [127, 0, 0, 1].into(),
            _ => return Ok(None),
        };
        let address = SocketAddr::new(ip, url.port_or_known_default().unwrap_or(80));
        match TcpListener::bind(address).await {
            Ok(listener) => Ok(Some(Self { listener, path: url.path().to_owned() })),
            Err(error) => {
                let message = format!("cannot listen at {address} ({error}): let it name a free port");
                Err(Error::wrong_setting("auth.redirect_uri", message).with_source(error))
            }
        }
    }

    /// Waits for the browser and reads what it brings from the query. What is none of this login's,
    /// which any page can send here, is turned away, and the waiting goes on.
    ///
    /// # Errors
    ///
    /// Those of `read`, which the browser shows too, except `InvalidInput`; `Timeout` if it does not
    /// come.
    pub(crate) async fn wait<T>(self, read: impl Fn(&str) -> Result<T, Error>) -> Result<T, Failure> {
        let arrival = async {
            loop {
                // A browser that goes away again has not been here.
                let Ok((mut browser, _)) = self.listener.accept().await else { continue };
                let Ok(Some(target)) = timeout(REQUEST, target(&mut browser)).await else { continue };
                let (path, query) = target.split_once('?').unwrap_or((&target, ""));
                if path != self.path || query.is_empty() {
                    respond(&mut browser, "404 Not Found", "There is nothing here.").await;
                    continue;
                }
                let outcome = read(&format!("?{query}"));
                let (status, words) = match &outcome {
                    Ok(_) => ("200 OK", "You are back: the rest happens in the terminal, close this page."),
                    Err(error) if error.kind() == ErrorKind::InvalidInput => {
                        ("400 Bad Request", "This does not belong to the login that is waited for.")
                    }
                    Err(_) => ("400 Bad Request", "There is no code: the terminal says why."),
                };
                respond(&mut browser, status, words).await;
                if outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::InvalidInput) {
                    continue;
                }
                return outcome;
            }
        };
        match timeout(PATIENCE, arrival).await {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(Error::new(ErrorKind::Timeout, "no browser came back with a code").into()),
        }
    }
}

/// The path and query of a `GET`.
async fn target(browser: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > LONGEST_HEAD || browser.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8(head).ok()?;
    let (target, _) = text.strip_prefix("GET ")?.split_once(' ')?;
    Some(target.to_owned())
}

/// Says it to the browser, if it still listens.
async fn respond(browser: &mut TcpStream, status: &str, words: &str) {
    let length = words.len() + 1;
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{words}\n"
    );
    let _ = browser.write_all(text.as_bytes()).await;
    let _ = browser.shutdown().await;
}
