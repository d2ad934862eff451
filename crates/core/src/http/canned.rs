//! Responses without a network.

use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use super::service::{Body, Deadline, ExchangeError, HttpService};

type Respond = dyn Fn(&http::Request<Bytes>) -> Result<http::Response<Bytes>, ExchangeError> + Send + Sync;

/// A service whose responses are made by a function, and which keeps every request: for tests of
/// whatever speaks through a [`Transport`](super::Transport). Clones share their requests.
///
/// ```
/// use orgport_core::auth::Auth;
/// use orgport_core::http::{
///     BaseUrl, CannedService, ClientOptions, HttpClient, Refusal, Request, Transport, Vendor,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let vendor = CannedService::new(|request| {
///     assert_eq!(request.uri().path(), "/orgs");
///     Ok(http::Response::new(r#"["acme"]"#.into()))
/// });
/// let options = ClientOptions::new(BaseUrl::parse("https://api.example.com", false)?, Auth::bearer("t"))
///     .client(HttpClient::new(vendor.clone()));
/// let transport = Transport::new(Vendor::new("example", |f| Refusal::from_status(f.status)), options)?;
///
/// let names: Vec<String> = transport.send(Request::get("/orgs")).await?.read()?;
/// assert_eq!(names, ["acme"]);
/// assert_eq!(vendor.requests()[0].headers()["authorization"], "Bearer t");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CannedService {
    respond: Arc<Respond>,
    requests: Arc<Mutex<Vec<http::Request<Bytes>>>>,
}

impl CannedService {
    /// Responds with what `respond` makes of each request.
    pub fn new(
        respond: impl Fn(&http::Request<Bytes>) -> Result<http::Response<Bytes>, ExchangeError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self { respond: Arc::new(respond), requests: Arc::default() }
    }

    /// Responds to every request with this status, `Content-Type` and body.
    ///
    /// # Panics
    ///
    /// If there is no such status.
    pub fn saying(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut response = http::Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        if let Ok(content_type) = HeaderValue::from_str(content_type) {
            response.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        Self::new(move |_| Ok(response.clone()))
    }

    /// The requests that have come, in their order.
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.requests.lock().expect("no holder panics").clone()
    }
}

#[async_trait]
impl HttpService for CannedService {
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        _deadline: Deadline,
    ) -> Result<http::Response<Body>, ExchangeError> {
        self.requests.lock().expect("no holder panics").push(request.clone());
        Ok((self.respond)(&request)?.map(Body::from))
    }
}

/// Says nothing of the requests, which hold credentials.
impl fmt::Debug for CannedService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CannedService")
    }
}
