//! Identifiers and secrets that are the same in every run with the same seed.

use std::sync::Mutex;

/// A seeded source of the id shapes that the vendors use.
#[derive(Debug)]
pub(crate) struct Ids(Mutex<fastrand::Rng>);

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }

    /// Starts over from `seed` and a purpose, so that one vendor's draws never shift another's.
    pub(crate) fn restart(&self, seed: u64, purpose: &str) {
        const FNV_PRIME: u64 = 0x0100_0000_01b3;
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
        self.0.lock().expect("ids lock").seed(purpose.bytes().fold(seed, mix));
    }

    /// A version 4 UUID, hyphenated, lower case.
    pub(crate) fn uuid(&self) -> String {
        let bits = self.0.lock().expect("ids lock").u128(..);
        let bits = (bits & !(0xf << 76) | (0x4 << 76)) & !(0x3 << 62) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// 24 lower-case hex digits, as Losant's ids.
    pub(crate) fn hex24(&self) -> String {
        let bits = self.0.lock().expect("ids lock").u128(..);
        format!("{bits:032x}")[..24].to_owned()
    }

    /// `length` letters and digits.
    pub(crate) fn alphanumeric(&self, length: usize) -> String {
        let mut rng = self.0.lock().expect("ids lock");
        std::iter::repeat_with(|| rng.alphanumeric()).take(length).collect()
    }
}
