//! Answers without a network, so that fuzz targets reach every decoder by the public way of a call.
//!
//! Only builds with `--cfg fuzzing`, which `cargo fuzz` sets, have this module; they send nothing.

use std::cell::RefCell;

use http::HeaderValue;
use http::header::HeaderName;
use reqwest::ResponseBuilderExt;

/// What a vendor answers.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers. Those that HTTP cannot carry are left out.
    pub headers: Vec<(&'static str, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

thread_local! {
    static ANSWER: RefCell<Answer> = RefCell::default();
}

/// Gives this answer to every request of this thread from now on.
pub fn answer_with(answer: Answer) {
    ANSWER.set(answer);
}

#[expect(clippy::needless_pass_by_value, reason = "as a client takes it")]
pub(crate) fn transmit(request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
    let Answer { status, headers, body } = ANSWER.with_borrow(Clone::clone);
    let mut builder = http::Response::builder().status(status).url(request.url().clone());
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            builder = builder.header(HeaderName::from_static(name), value);
        }
    }
    Ok(builder.body(body).expect("the target chose a status that there is").into())
}
