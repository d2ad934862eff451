//! What changes when any of several texts does.

use std::fmt::Write;

use hmac_sha256::Hash as Sha256;

/// A fingerprint (SHA-256) of texts in their order.
#[derive(Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    pub(crate) fn add(&mut self, text: &str) {
        // With its length, so that no text can run into the next one.
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
    }

    /// In lower-case hexadecimal digits.
    pub(crate) fn end(self) -> String {
        self.0.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
