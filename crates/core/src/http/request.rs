//! A request as a vendor client describes it, before the transport sends it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::Method;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

use super::expected::Expected;
use super::safety::Safety;
use crate::error::{Error, ErrorKind};

/// Everything but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What cannot stand in a query that is otherwise kept as it is.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\'');

/// The methods of requests that a person types.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Something to do immediately before the bytes of an attempt leave: after the limiter's turn, with
/// the credential at hand and a place among the concurrent requests, and anew for every attempt. A
/// note of what is about to be sent is one.
///
/// The attempt's time (`http.attempt_timeout`) runs from before it begins, so that nothing of the
/// request leaves later than that after whatever is noted here. Where it fails, or takes the whole
/// time, nothing is sent, and the call ends with its error.
#[async_trait]
pub trait BeforeSend: fmt::Debug + Send + Sync {
    /// Does it.
    ///
    /// # Errors
    ///
    /// Whatever forbids the request; its reach becomes [`Reach::NotSent`](crate::Reach::NotSent).
    async fn before_send(&self) -> Result<(), Error>;
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
    /// A query that somebody else has written, before `query`.
    typed_query: Option<String>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Result<Body, String>>,
    pub(crate) expected: Expected,
    pub(crate) accept: &'static str,
    pub(crate) anonymous: bool,
    pub(crate) holds_secret: bool,
    pub(crate) bucket: Option<&'static str>,
    pub(super) before_send: Option<Arc<dyn BeforeSend>>,
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
            typed_query: None,
            headers: Vec::new(),
            body: None,
            expected: Expected::Json,
            accept: "application/json",
            anonymous: false,
            holds_secret: safety == Safety::Auth,
            bucket: None,
            before_send: None,
        }
    }

    /// A request as a person types it: a method, and a path with or without a query below the base
    /// URL. Each part of the path is decoded and becomes exactly one segment, so that it may be
    /// written encoded or not; the query is kept. Everything but `GET` and `HEAD` is sent once. A
    /// success may have any body.
    ///
    /// ```
    /// use orgport_core::http::Request;
    ///
    /// let request = Request::typed("GET", "/v1/orgs/Acme%20%26 Co?limit=10&name=a%2Bb")?;
    /// assert_eq!(request.path_and_query()?, "/v1/orgs/Acme%20%26%20Co?limit=10&name=a%2Bb");
    /// assert_eq!(request.call(), "GET /v1/orgs/{3}");
    /// # Ok::<(), orgport_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidInput` for another method, a path that does not begin with `/` or is not UTF-8, and
    /// for parts that no path can carry: empty, `.` and `..`, encoded or not.
    pub fn typed(method: &str, path: &str) -> Result<Self, Error> {
        let wrong = |what: String| Error::new(ErrorKind::InvalidInput, what);
        let known = METHODS.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(method));
        let method = known.ok_or_else(|| {
            let methods = METHODS.map(|known| known.to_string()).join(", ");
            wrong(format!("{method:?} is not one of the methods {methods}"))
        })?;
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let parts = path.strip_prefix('/').ok_or_else(|| {
            wrong("the path must begin with / and is looked for below the base URL".to_owned())
        })?;
        let mut segments = Vec::new();
        let mut template = String::new();
        for (index, part) in (1..).zip(parts.split('/')).filter(|_| !parts.is_empty()) {
            let decoded = percent_decode_str(part).decode_utf8();
            let decoded = decoded.map_err(|_| wrong(format!("part {index} of the path is not UTF-8")))?;
            // Words are the vendor's; anything else may be an id, which no log shows.
            if is_word(&decoded) {
                template.extend(["/", &*decoded]);
            } else {
                template.extend(["/{", &index.to_string(), "}"]);
                segments.push(decoded.into_owned());
            }
        }
        let safety =
            if matches!(method, Method::GET | Method::HEAD) { Safety::Read } else { Safety::OneShot };
        let template = if template.is_empty() { "/".to_owned() } else { template };
        let request = Self {
            segments,
            typed_query: query.map(|query| utf8_percent_encode(query, NOT_IN_QUERY).to_string()),
            expected: Expected::Anything,
            holds_secret: true,
            ..Self::new(method, template, safety)
        };
        request.path_and_query()?;
        Ok(request)
    }

    /// A read of the page that [`Response::next_page`](super::Response::next_page) told of.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for what that cannot have told.
    pub fn page(link: &str) -> Result<Self, Error> {
        Ok(Self { expected: Expected::Json, holds_secret: false, ..Self::typed("GET", link)? })
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

    /// Sends those fields of `body` as a JSON object that are set: none that is `null`.
    #[must_use]
    pub fn json_set<T: Serialize>(mut self, body: &T) -> Self {
        let mut body = match serde_json::to_value(body) {
            Ok(body) => body,
            Err(error) => {
                self.body = Some(Err(error.to_string()));
                return self;
            }
        };
        if let Value::Object(fields) = &mut body {
            fields.retain(|_, value| !value.is_null());
        }
        self.json(&body)
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

    /// A success of this request may have no body, and no other than JSON.
    #[must_use]
    pub fn optional_reply(mut self) -> Self {
        self.expected = Expected::JsonOrNothing;
        self
    }

    /// A success of this request is confirmed by its status, and has no body or an empty object. Any
    /// other body confirms nothing, such as `{"success":false}`: it is a `Protocol` error, of a write that
    /// may have been done.
    #[must_use]
    pub fn no_reply(mut self) -> Self {
        self.expected = Expected::Nothing;
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
    pub fn secret_reply(mut self) -> Self {
        self.holds_secret = true;
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

    /// Does this first, immediately before the bytes of each attempt leave.
    #[must_use]
    pub fn before_send(mut self, hook: Arc<dyn BeforeSend>) -> Self {
        self.before_send = Some(hook);
        self
    }

    /// Says whether it changes something at the vendor.
    pub(super) fn is_write(&self) -> bool {
        !matches!(self.safety, Safety::Read | Safety::Auth)
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
        path.extend(self.typed_query.iter().flat_map(|query| ["?", query]));
        for (index, (name, value)) in self.query.iter().enumerate() {
            path.push(if index == 0 && self.typed_query.is_none() { '?' } else { '&' });
            path.extend(utf8_percent_encode(name, ENCODED));
            path.push('=');
            path.extend(utf8_percent_encode(value, ENCODED));
        }
        Ok(path)
    }
}

/// Says whether a part of a path is a word of the vendor's rather than somebody's id: `v1`, `orgs`.
fn is_word(part: &str) -> bool {
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_version = letters == "v" && letters.len() < part.len();
    is_version
        || (part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-')))
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
    fn a_typed_path_is_encoded_once_however_it_was_written() {
        for (typed, sent) in [
            ("/v1/orgs/a b", "/v1/orgs/a%20b"),
            ("/v1/orgs/a%20b", "/v1/orgs/a%20b"),
            ("/v1/orgs/a%2Fb", "/v1/orgs/a%2Fb"),
            ("/v1/orgs/100%", "/v1/orgs/100%25"),
            ("/v1/orgs/{id}", "/v1/orgs/%7Bid%7D"),
            ("/me#x?y=1#z w", "/me%23x?y=1%23z%20w"),
            ("/me?a=1&a=%2b+c,d|", "/me?a=1&a=%2b+c,d|"),
            ("/me?", "/me?"),
            ("/", "/"),
        ] {
            let request = Request::typed("get", typed).expect(typed);
            assert_eq!(request.path_and_query().expect(typed), sent, "{typed}");
        }
        let more = Request::typed("GET", "/me?a=1").expect("valid").query("b", 2);
        assert_eq!(more.path_and_query().expect("valid"), "/me?a=1&b=2");
    }

    #[test]
    fn a_typed_path_cannot_lead_elsewhere() {
        for typed in [
            "",
            "me",
            "https://evil.example/me",
            "//evil.example",
            "/orgs//x",
            "/orgs/",
            "/orgs/..",
            "/orgs/%2e%2E",
            "/.",
            "/orgs/%2e/x",
            "/%ff",
        ] {
            let error = Request::typed("DELETE", typed).expect_err(typed);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{typed}");
        }
        assert!(Request::typed("CONNECT", "/x").is_err());
        assert_eq!(Request::typed("POST", "/x").expect("valid").safety, Safety::OneShot);
    }

    #[test]
    fn query_values_are_encoded_and_repeated() {
        let request = Request::get("/invites").query_each("statuses", ["A", "B"]).query("email", "a+b@x.io");
        assert_eq!(
            request.path_and_query().expect("valid"),
            "/invites?statuses=A&statuses=B&email=a%2Bb%40x.io"
        );
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let body =
            serde_json::json!({ "name": "Acme", "note": null, "theme": { "icon": null }, "on": false });
        let sent =
            Request::post("/orgs", Safety::OneShot).json_set(&body).body.expect("a body").expect("valid");
        assert_eq!(
            String::from_utf8_lossy(&sent.bytes),
            r#"{"name":"Acme","on":false,"theme":{"icon":null}}"#
        );
    }
}
