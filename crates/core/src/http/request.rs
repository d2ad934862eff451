//! A request as a vendor client describes it, before the transport sends it.

use std::borrow::Cow;
use std::fmt;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::error::{Error, ErrorKind};

/// Everything but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What sending a request twice would do, and so what the transport may do on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Safety {
    /// Changes nothing. Replayed.
    Read,
    /// Twice is the same as once. Replayed.
    Idempotent,
    /// Twice is not the same, but a look tells whether it happened. Never replayed here; the
    /// caller looks.
    Reconcilable,
    /// Twice is not the same, and nothing tells. Never replayed.
    OneShot,
    /// Gets or renews a credential. Never replayed.
    Auth,
}

/// What the body of a success must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// JSON: anything else is a broken answer.
    Json,
    /// Whatever it is, it is not looked at as JSON.
    Anything,
}

#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// A request to the vendor: a route template with its segments, query, headers and body.
///
/// ```
/// use orgport_core::http::Request;
///
/// let request = Request::get("/orgs/{orgId}/invites").segment("a/b").query("_links", true);
/// assert_eq!(request.path_and_query()?, "/orgs/a%2Fb/invites?_links=true");
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) template: Cow<'static, str>,
    pub(crate) safety: Safety,
    segments: Vec<String>,
    query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Result<Body, String>>,
    pub(crate) expected: Expected,
    pub(crate) accept: &'static str,
    pub(crate) anonymous: bool,
    pub(crate) private: bool,
    pub(crate) bucket: Option<&'static str>,
}

impl Request {
    /// A request by any method. Each `{name}` in the template stands for one path segment, filled
    /// by [`segment`](Request::segment) in order.
    pub fn new(method: Method, template: impl Into<Cow<'static, str>>, safety: Safety) -> Self {
        Self {
            method,
            template: template.into(),
            safety,
            segments: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            expected: Expected::Json,
            accept: "application/json",
            anonymous: false,
            private: safety == Safety::Auth,
            bucket: None,
        }
    }

    /// A read.
    pub fn get(template: &'static str) -> Self {
        Self::new(Method::GET, template, Safety::Read)
    }

    /// A `POST`.
    pub fn post(template: &'static str, safety: Safety) -> Self {
        Self::new(Method::POST, template, safety)
    }

    /// A `PUT`.
    pub fn put(template: &'static str, safety: Safety) -> Self {
        Self::new(Method::PUT, template, safety)
    }

    /// A `PATCH`.
    pub fn patch(template: &'static str, safety: Safety) -> Self {
        Self::new(Method::PATCH, template, safety)
    }

    /// A `DELETE`, which is idempotent.
    pub fn delete(template: &'static str) -> Self {
        Self::new(Method::DELETE, template, Safety::Idempotent)
    }

    /// Fills the next `{name}` of the template. The value becomes exactly one path segment,
    /// whatever characters are in it.
    #[must_use]
    pub fn segment(mut self, value: impl fmt::Display) -> Self {
        self.segments.push(value.to_string());
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a query parameter if there is a value.
    #[must_use]
    pub fn query_opt(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds a query parameter once for each value.
    #[must_use]
    pub fn query_each(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = impl fmt::Display>,
    ) -> Self {
        self.query.extend(values.into_iter().map(|value| (name.into(), value.to_string())));
        self
    }

    /// Adds a header. A value that cannot stand in one is refused when the request is sent, by the
    /// header's name.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Adds a header if there is a value.
    #[must_use]
    pub fn header_opt(self, name: &'static str, value: Option<impl fmt::Display>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// Sends `body` as JSON.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        let bytes = serde_json::to_vec(body).map_err(|error| error.to_string());
        self.body = Some(bytes.map(|bytes| Body { content_type: "application/json", bytes }));
        self
    }

    /// Sends `fields` as an HTML form.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let bytes = form.finish().into_bytes();
        self.body = Some(Ok(Body { content_type: "application/x-www-form-urlencoded", bytes }));
        self
    }

    /// A success of this request has no body worth reading.
    #[must_use]
    pub fn no_reply(mut self) -> Self {
        self.expected = Expected::Anything;
        self
    }

    /// A success of this request is plain text.
    #[must_use]
    pub fn text_reply(mut self) -> Self {
        self.expected = Expected::Anything;
        self.accept = "text/plain";
        self
    }

    /// A success of this request holds what must not be seen: no error shows anything of it.
    #[must_use]
    pub fn private_reply(mut self) -> Self {
        self.private = true;
        self
    }

    /// Sends no credential.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Counts against this limiter of the vendor.
    #[must_use]
    pub fn limited_by(mut self, bucket: &'static str) -> Self {
        self.bucket = Some(bucket);
        self
    }

    /// The method and the template, for errors and logs: it holds no id.
    pub fn call(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// The path with every segment encoded, and the query.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a segment that is empty, `.` or `..`: URL software drops those without a
    /// word, and the request would reach the parent instead.
    pub fn path_and_query(&self) -> Result<String, Error> {
        let mut values = self.segments.iter();
        let mut path = String::new();
        for part in self.template.split('/').skip(1) {
            path.push('/');
            if !part.starts_with('{') {
                path.push_str(part);
                continue;
            }
            let name = part.trim_matches(['{', '}']);
            let value = values.next().filter(|value| !matches!(value.as_str(), "" | "." | ".."));
            let value = value.ok_or_else(|| {
                Error::new(
                    ErrorKind::InvalidInput,
                    format!("{name} is empty, \".\" or \"..\", which no path can carry"),
                )
                .with_call(self.call())
            })?;
            path.extend(utf8_percent_encode(value, ENCODED));
        }
        debug_assert!(values.next().is_none(), "more segments than places in {}", self.template);
        for (index, (name, value)) in self.query.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.extend(utf8_percent_encode(name, ENCODED));
            path.push('=');
            path.extend(utf8_percent_encode(value, ENCODED));
        }
        Ok(path)
    }
}

/// Shows the call only: segments, query, headers and body may hold what must not be seen.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("call", &self.call())
            .field("safety", &self.safety)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(segment: &str) -> Result<String, Error> {
        Request::delete("/orgs/{orgId}/invites").segment(segment).path_and_query()
    }

    #[test]
    fn every_segment_stays_one_segment() {
        for (segment, encoded) in [
            ("../admin", "..%2Fadmin"),
            ("a/b", "a%2Fb"),
            ("a?b#c", "a%3Fb%23c"),
            ("%2e%2e", "%252e%252e"),
            ("nul\0", "nul%00"),
            ("naïve +", "na%C3%AFve%20%2B"),
        ] {
            assert_eq!(path(segment).expect(segment), format!("/orgs/{encoded}/invites"));
        }
    }

    #[test]
    fn segments_that_url_software_drops_are_refused() {
        for segment in ["", ".", ".."] {
            assert_eq!(path(segment).expect_err(segment).kind(), ErrorKind::InvalidInput);
        }
    }

    #[test]
    fn query_values_are_encoded_and_repeated() {
        let request = Request::get("/invites").query_each("statuses", ["A", "B"]).query("email", "a+b@x.io");
        assert_eq!(
            request.path_and_query().expect("valid"),
            "/invites?statuses=A&statuses=B&email=a%2Bb%40x.io"
        );
    }
}
