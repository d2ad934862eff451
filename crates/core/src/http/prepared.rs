//! A request made ready to leave: checked once, sent as often as it must be.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::{Request, Transport};
use crate::auth::Credential;
use crate::error::{Error, ErrorKind};

pub(super) struct Prepared {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
}

impl Prepared {
    /// Checks all that can be checked before anything is sent.
    pub(super) fn new(transport: &Transport, request: &mut Request) -> Result<Self, Error> {
        let url = transport.base_url.join(&request.path_and_query()?)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(request.accept));
        for (name, value) in transport.vendor.headers.iter().chain(&request.headers) {
            headers.insert(header_name(name)?, header_value(name, value)?);
        }
        let body = match request.body.take() {
            None => None,
            Some(Err(message)) => return Err(Error::new(ErrorKind::InvalidInput, message)),
            Some(Ok(body)) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
                Some(Bytes::from(body.bytes))
            }
        };
        Ok(Self { url, headers, body })
    }

    /// The headers with the credential's among them.
    pub(super) fn headers_with(&self, credential: &Credential) -> Result<HeaderMap, Error> {
        credential.check()?;
        let mut headers = self.headers.clone();
        for header in &credential.headers {
            let text = format!("{}{}", header.prefix, header.secret.expose());
            let mut value = header_value(&header.name, &text)?;
            value.set_sensitive(true);
            headers.insert(header_name(&header.name)?, value);
        }
        Ok(headers)
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
