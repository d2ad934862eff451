//! The `reqwest` client under a transport.

use reqwest::{Certificate, Client, Identity, NoProxy, Proxy, redirect, retry};

use super::HttpSettings;
use crate::error::{Error, ErrorKind};

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
        Error::new(ErrorKind::Config, "the http settings make no working client").with_source(source)
    })
}
