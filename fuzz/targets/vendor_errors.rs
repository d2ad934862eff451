//! A failure of any vendor with any status, type and body: the adapter says what it means.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgport_fuzz::{Reply, check, meet};

const TYPES: [&[u8]; 4] = [b"application/json", b"text/html", b"text/plain;charset=utf-8", b"\xff"];

fuzz_target!(|input: (u8, u16, u8, &[u8])| {
    let (choice, status, content_type, body) = input;
    let status = 300 + status % 300;
    let headers = vec![("content-type", TYPES[usize::from(content_type) % TYPES.len()].to_vec())];
    let outcomes = meet(choice, Reply { status, headers, body: body.to_vec() });
    let typed = outcomes.len() == 1;
    for (name, outcome) in outcomes {
        match outcome {
            Ok(_) => assert!(!typed, "{name} takes {status} for a success"),
            Err(error) => check(&error),
        }
    }
});
