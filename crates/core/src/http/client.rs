//! The `reqwest` client under a transport.

use std::fmt;

use reqwest::{Certificate, Client, Identity, NoProxy, Proxy, redirect, retry};

use super::HttpSettings;
use crate::error::{Error, ErrorKind};

/// An HTTP client that the program has prepared, for example one with a resolver of its own.
///
/// The settings of TLS, proxy and connecting are then this client's. It must not follow redirects,
/// which would carry credentials elsewhere, and must not repeat requests:
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
/// This is the only place where `reqwest` (0.13) shows: a new major version of it is one of orgport.
#[derive(Clone)]
pub struct HttpClient(pub(super) Client);

impl HttpClient {
    /// Takes a prepared client.
    pub fn from_reqwest(client: Client) -> Self {
        Self(client)
    }
}

/// Says nothing of it: it may hold headers of its own.
impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpClient")
    }
}

const USER_AGENT: &str = concat!("orgport/", env!("CARGO_PKG_VERSION"));

/// Makes a client that does what it is told and nothing by itself: no redirects, no retries, no
/// `Referer`, no cookies.
pub(super) fn build(settings: &HttpSettings, loopback: bool) -> Result<Client, Error> {
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .user_agent(settings.user_agent.as_deref().unwrap_or(USER_AGENT))
        // An attempt's own limit must not end a connection attempt: it could no longer be told
        // whether anything had left.
        .connect_timeout(settings.connect_timeout.min(settings.attempt_timeout / 2));
    if let Some(pem) = &settings.root_certificates {
        let certificates = Certificate::from_pem_bundle(pem.as_bytes());
        let certificates = certificates
            .map_err(|_| Error::wrong_setting("http.root_certificates", "holds no PEM certificates"))?;
        if certificates.is_empty() {
            return Err(Error::wrong_setting("http.root_certificates", "holds no PEM certificates"));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(pem) = &settings.client_identity {
        let identity = Identity::from_pem(pem.expose().as_bytes());
        let identity = identity.map_err(|_| {
            Error::wrong_setting("http.client_identity", "must be a certificate and a private key in PEM")
        })?;
        builder = builder.identity(identity);
    }
    match settings.proxy.as_ref().map(|proxy| proxy.expose().trim()) {
        None if !loopback => {}
        None | Some("none") => builder = builder.no_proxy(),
        Some(url) => {
            let proxy = Proxy::all(url)
                .map_err(|_| Error::wrong_setting("http.proxy", "must be a URL such as http://proxy:3128"))?;
            let except = settings.no_proxy.as_deref().and_then(NoProxy::from_string);
            builder = builder.proxy(proxy.no_proxy(except));
        }
    }
    builder.build().map_err(|source| {
        let what = "no client can work with http.root_certificates and http.client_identity as they are";
        Error::new(ErrorKind::Config, what).with_source(source)
    })
}
