//! `reqwest` as the HTTP client.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use http_body::{Frame, SizeHint};
use reqwest::{Certificate, Client, Identity, NoProxy, Proxy, redirect, retry};

use super::HttpSettings;
use super::service::{Body, Deadline, ExchangeError, HttpClient, HttpService};
use crate::error::{Error, ErrorKind};

impl HttpClient {
    /// Sends by a `reqwest` client that the program has prepared, for example one with a resolver
    /// of its own.
    ///
    /// The settings of TLS, proxy and connecting are then this client's. It must not follow
    /// redirects, which would carry credentials elsewhere, and must not repeat requests:
    ///
    /// ```
    /// use orgport_core::http::HttpClient;
    ///
    /// let client = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .retry(reqwest::retry::never())
    ///     .build()?;
    /// let client = HttpClient::from_reqwest(client);
    /// # Ok::<(), reqwest::Error>(())
    /// ```
    ///
    /// This is the only place where `reqwest` (0.13) shows: a new major version of it is one of
    /// orgport.
    pub fn from_reqwest(client: Client) -> Self {
        Self::new(ReqwestService(client))
    }

    /// A client that does what it is told and nothing by itself: no redirects, no retries, no
    /// `Referer`, no cookies.
    pub(super) fn from_settings(settings: &HttpSettings, is_loopback: bool) -> Result<Self, Error> {
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .user_agent(settings.user_agent())
            // An attempt's own limit must not end a connection attempt: it could no longer be told
            // whether anything had left.
            .connect_timeout(settings.connect_timeout.min(settings.attempt_timeout / 2));
        if let Some(pem) = &settings.root_certificates {
            builder = builder.tls_certs_merge(certificates(pem)?);
        }
        if let Some(pem) = &settings.client_identity {
            let identity = Identity::from_pem(pem.expose().as_bytes());
            let identity = identity.map_err(|_| {
                Error::wrong_setting("http.client_identity", "must be a certificate and a private key in PEM")
            })?;
            builder = builder.identity(identity);
        }
        match settings.proxy.as_ref().map(|proxy| proxy.expose().trim()) {
            None if !is_loopback => {}
            None | Some("none") => builder = builder.no_proxy(),
            Some(url) => {
                let proxy = Proxy::all(url).map_err(|_| {
                    Error::wrong_setting("http.proxy", "must be a URL such as http://proxy:3128")
                })?;
                let except = settings.no_proxy.as_deref().and_then(NoProxy::from_string);
                builder = builder.proxy(proxy.no_proxy(except));
            }
        }
        let client = builder.build().map_err(|source| {
            let what = "no client can work with http.root_certificates and http.client_identity as they are";
            Error::new(ErrorKind::Config, what).with_source(source)
        })?;
        Ok(Self::from_reqwest(client))
    }
}

fn certificates(pem: &str) -> Result<Vec<Certificate>, Error> {
    let certificates = Certificate::from_pem_bundle(pem.as_bytes()).unwrap_or_default();
    if certificates.is_empty() {
        return Err(Error::wrong_setting("http.root_certificates", "holds no PEM certificates"));
    }
    Ok(certificates)
}

struct ReqwestService(Client);

#[async_trait]
impl HttpService for ReqwestService {
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> Result<http::Response<Body>, ExchangeError> {
        let authority = request.uri().authority().map(|authority| authority_of(authority, request.uri()));
        let authority = authority.unwrap_or_default();
        let failed = |source| exchange_error(source, &authority);
        let request = request.map(|bytes| {
            if bytes.is_empty() {
                return reqwest::Body::from(bytes);
            }
            reqwest::Body::wrap(TimedBody { bytes: Some(bytes), deadline })
        });
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let url = request.url().clone();
        let response = self.0.execute(request).await.map_err(failed)?;
        if *response.url() != url {
            let what = "the HTTP client has followed a redirect, which could carry the credential elsewhere";
            return Err(ExchangeError::lost(ErrorKind::Protocol, what).permanent());
        }
        Ok(http::Response::from(response).map(pieces))
    }
}

impl fmt::Debug for ReqwestService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestService")
    }
}

/// Host and port, for errors.
fn authority_of(authority: &http::uri::Authority, uri: &http::Uri) -> String {
    let default = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(default))
}

/// A request's body that is not sent once the deadline is past. The client asks for it when the
/// connection is made and before the head is flushed, so that this is the last moment there is.
struct TimedBody {
    bytes: Option<Bytes>,
    deadline: Deadline,
}

#[derive(Debug, thiserror::Error)]
#[error("the attempt's time was over before anything could be sent")]
struct TooLate;

impl http_body::Body for TimedBody {
    type Data = Bytes;
    type Error = TooLate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TooLate>>> {
        let bytes = self.bytes.take();
        let is_late = bytes.is_some() && self.deadline.is_past();
        Poll::Ready(if is_late { Some(Err(TooLate)) } else { bytes.map(|bytes| Ok(Frame::data(bytes))) })
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// The response's body, decompressed.
fn pieces(body: reqwest::Body) -> Body {
    Body::from_stream(stream::try_unfold(body, async |mut body| {
        loop {
            let frame =
                std::future::poll_fn(|context| http_body::Body::poll_frame(Pin::new(&mut body), context));
            match frame.await.transpose().map_err(broken_off)?.map(Frame::into_data) {
                None => return Ok(None),
                Some(Ok(piece)) => return Ok(Some((piece, body))),
                // Trailers.
                Some(Err(_)) => {}
            }
        }
    }))
}

/// A network that fails is one thing, a body that ends too early or cannot be unpacked another.
fn broken_off(source: reqwest::Error) -> ExchangeError {
    let is_network = |error: &io::Error| {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        matches!(error.kind(), ConnectionReset | ConnectionAborted | BrokenPipe)
    };
    let lost = causes(&source).any(|cause| cause.downcast_ref().is_some_and(is_network));
    let kind = if lost { ErrorKind::Connection } else { ErrorKind::Protocol };
    ExchangeError::lost(kind, "the response broke off").caused_by(source.without_url())
}

/// Tells what never left from what left and was lost. Only a connection that was never made
/// counts as the former: a pooled one that breaks may have carried the request.
fn exchange_error(source: reqwest::Error, authority: &str) -> ExchangeError {
    let error = if source.is_builder() {
        let what = "the request cannot be written as HTTP";
        ExchangeError::not_sent(ErrorKind::InvalidInput, what).permanent()
    } else if causes(&source).any(<dyn StdError>::is::<TooLate>) {
        ExchangeError::not_sent(ErrorKind::Timeout, TooLate.to_string())
    } else if let Some(what) = proxy_trouble(&source) {
        ExchangeError::not_sent(ErrorKind::Connection, what).permanent()
    } else if let Some(what) = certificate_trouble(&source) {
        // A server that does not like ours ends the handshake before it hears a request, though
        // the request may be on its way by then.
        ExchangeError::not_sent(ErrorKind::Connection, format!("{authority}: {what}")).permanent()
    } else if !source.is_connect() {
        if source.is_timeout() {
            ExchangeError::lost(ErrorKind::Timeout, format!("{authority} did not respond in time"))
        } else {
            let what = format!("the connection to {authority} broke before the response came");
            ExchangeError::lost(ErrorKind::Connection, what)
        }
    } else if source.is_timeout() {
        let what = format!("no connection to {authority} could be made in time");
        ExchangeError::not_sent(ErrorKind::Timeout, what)
    } else {
        let cause = causes(&source).last().map(ToString::to_string).unwrap_or_default();
        let what = format!(
            "no connection to {authority} could be made ({cause}): check the address, the network and the proxy"
        );
        ExchangeError::not_sent(ErrorKind::Connection, what)
    };
    // The URL holds ids and query values.
    error.caused_by(source.without_url())
}

/// What a proxy says that opens no way to the vendor.
fn proxy_trouble(error: &reqwest::Error) -> Option<&'static str> {
    let wants_password =
        causes(error).any(|cause| cause.to_string().contains("proxy authorization required"));
    wants_password.then_some(
        "the proxy wants a user name and a password, or others than these: put them in http.proxy, as in \
         http://USER:PASSWORD@proxy:3128",
    )
}

/// What is wrong with a certificate, the server's or ours. The TLS library's own type is out of
/// reach behind `reqwest`; its words are not.
fn certificate_trouble(error: &reqwest::Error) -> Option<&'static str> {
    let words = causes(error).map(|cause| cause.to_string().to_lowercase());
    let words =
        words.filter(|words| words.contains("certificate") || words.contains("fatal alert")).last()?;
    if words.contains("fatal alert") {
        let about_ours = ["certificate", "unknownca", "accessdenied"].iter().any(|word| words.contains(word));
        return about_ours.then_some(
            "the server wants a certificate to know us by, and none or another than the one shown: check \
             http.client_identity",
        );
    }
    Some(if words.contains("expired") {
        "the server's certificate has expired: its operator must renew it"
    } else if words.contains("not valid for name") {
        "the server's certificate is for another host: check base_url"
    } else {
        "the server's certificate is not trusted: if that is expected, name its authority in \
         http.root_certificates"
    })
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;
    use crate::error::Reach;

    #[tokio::test]
    async fn nothing_leaves_after_the_deadline_also_on_a_connection_that_is_made() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/x", listener.local_addr().expect("bound"));
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).expect("closed");
            heard
        });
        let service = ReqwestService(Client::builder().no_proxy().build().expect("a client"));
        let request = http::Request::post(url).body(Bytes::from_static(b"body")).expect("a request");
        let error = service.exchange(request, Deadline::after(Duration::ZERO)).await.expect_err("too late");
        assert_eq!((error.error.kind(), error.error.reach()), (ErrorKind::Timeout, Reach::NotSent));
        drop(service);
        assert_eq!(heard.join().expect("no panic"), b"");
    }
}
