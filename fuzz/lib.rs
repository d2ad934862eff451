//! What the fuzz targets share: adapters that are answered without a network.
//!
//! The decoders and the readers of errors are private to the adapters. They are reached by whole
//! calls, over a service that responds to each with the bytes under test.

use http::header::{HeaderName, HeaderValue};
use orgport_core::Error;
use orgport_core::http::{CannedService, HttpClient};
use tokio::runtime::Runtime;

#[path = "../tests/src/vendors.rs"]
pub mod vendors;

use vendors::{Outcome, VENDORS, adapter};

thread_local! {
    static RUNTIME: Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
}

/// What a vendor responds.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Headers. Those that HTTP cannot carry are left out.
    pub headers: Vec<(&'static str, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl From<Reply> for http::Response<bytes::Bytes> {
    fn from(Reply { status, headers, body }: Reply) -> Self {
        let mut response = Self::new(body.into());
        *response.status_mut() = status.try_into().expect("the target chose a status that there is");
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}

/// Waits for `work` on this thread's runtime.
pub fn wait_for<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// Lets one call of a vendor's client meet this reply, or all neutral operations. Which ones is
/// said by the first byte, and what is left of it chooses the vendor.
pub fn meet(choice: u8, reply: Reply) -> Vec<Outcome> {
    let (vendor, call) = (VENDORS[usize::from(choice) % VENDORS.len()], usize::from(choice) / VENDORS.len());
    let service = CannedService::new(move |_| Ok(reply.clone().into()));
    let mut adapter = adapter(vendor, "http://127.0.0.1:9", HttpClient::new(service));
    if call >= adapter.calls.len() {
        return wait_for(adapter.operate_all());
    }
    let (name, call) = adapter.calls.swap_remove(call);
    vec![(name, wait_for(call))]
}

/// An error is one line of bounded length.
pub fn check(error: &Error) {
    let text = error.to_string();
    assert!(!text.contains('\n') && text.len() < 8 << 10, "{text}");
    assert!(format!("{error:?}").len() < 64 << 10);
}
