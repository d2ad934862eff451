//! A request made ready to leave: checked once, sent as often as it must be.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::credential::Credential;
use super::{Request, Transport};
use crate::error::{Error, ErrorKind};

pub(super) struct Prepared {
    method: Method,
    pub(super) uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Prepared {
    /// Checks all that can be checked before anything is sent.
    pub(super) fn new(transport: &Transport, request: &mut Request) -> Result<Self, Error> {
        let url = transport.base_url.join(&request.path_and_query()?)?;
        let uri = Uri::try_from(url.as_str()).map_err(|source| {
            Error::new(
                ErrorKind::InvalidInput,
                "the request's address is too long or cannot be written as HTTP",
            )
            .with_source(source)
        })?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(request.accept));
        for (name, value) in transport.vendor.headers.iter().chain(&request.headers) {
            headers.insert(header_name(name)?, header_value(name, value)?);
        }
        let body = match request.body.take() {
            None => Bytes::new(),
            Some(Err(message)) => return Err(Error::new(ErrorKind::InvalidInput, message)),
            Some(Ok(body)) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
                Bytes::from(body.bytes)
            }
        };
        Ok(Self { method: request.method.clone(), uri, headers, body })
    }

    /// The request with the credential's headers.
    pub(super) fn with(&self, credential: &Credential) -> Result<http::Request<Bytes>, Error> {
        credential.check()?;
        let mut headers = self.headers.clone();
        for header in &credential.headers {
            let text = format!("{}{}", header.prefix, header.secret.expose());
            let mut value = header_value(&header.name, &text)?;
            value.set_sensitive(true);
            headers.insert(header_name(&header.name)?, value);
        }
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn header_name(name: &str) -> Result<HeaderName, Error> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::new(ErrorKind::InvalidInput, format!("{name:?} cannot be the name of a header")))
}

/// The value itself is left out of the error: it may be secret.
fn header_value(name: &str, value: &str) -> Result<HeaderValue, Error> {
    let visible = |byte: u8| matches!(byte, b' '..=b'~');
    HeaderValue::from_str(value).ok().filter(|_| value.bytes().all(visible)).ok_or_else(|| {
        let what =
            format!("the value for the {name} header has a line break, a control or a non-ASCII character");
        Error::new(ErrorKind::InvalidInput, what)
    })
}
