//! What the fuzz targets share: adapters that are answered without a network.
//!
//! The decoders and the readers of errors are private to the adapters. They are reached by whole
//! calls, whose one exchange with the network is replaced in fuzz builds: `orgport_core::fuzzing`.

use std::cell::OnceCell;

use orgport_core::Error;
use orgport_core::fuzzing::{Answer, answer_with};
use tokio::runtime::Runtime;

#[path = "../tests/src/vendors.rs"]
pub mod vendors;

use vendors::{Outcome, VENDORS, adapter};

thread_local! {
    static RUNTIME: Runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    static CLIENT: OnceCell<reqwest::Client> = const { OnceCell::new() };
}

/// Waits for `work` on this thread's runtime.
pub fn wait_for<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// A client that is never asked to send: making one takes milliseconds.
pub fn client() -> reqwest::Client {
    CLIENT.with(|client| client.get_or_init(reqwest::Client::new).clone())
}

/// Lets one call of a vendor's client meet this answer, or all neutral operations. Which ones is
/// said by the first byte, and what is left of it chooses the vendor.
pub fn meet(choice: u8, answer: Answer) -> Vec<Outcome> {
    let (vendor, call) = (VENDORS[usize::from(choice) % VENDORS.len()], usize::from(choice) / VENDORS.len());
    answer_with(answer);
    let mut adapter = adapter(vendor, "http://127.0.0.1:9", client());
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
