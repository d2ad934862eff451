//! What a refused call is told about waiting: `Retry-After`, `Date` and the vendors' own headers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgport_fuzz::{Reply, check, meet};

fuzz_target!(|input: (u8, bool, &[u8], &[u8], &[u8])| {
    let (choice, refused, retry_after, date, left) = input;
    let headers = vec![
        ("retry-after", retry_after.to_vec()),
        ("date", date.to_vec()),
        ("x-ratelimit-remaining", left.to_vec()),
        ("x-ratelimit-reset", retry_after.to_vec()),
        ("x-rate-limit-remaining", left.to_vec()),
        ("x-rate-limit-retry-after-seconds", retry_after.to_vec()),
    ];
    let status = if refused { 429 } else { 503 };
    for (_, outcome) in meet(choice, Reply { status, headers, body: Vec::new() }) {
        if let Err(error) = outcome {
            check(&error);
        }
    }
});
