//! A success of any vendor with any body: every decoder returns something or an error.
//!
//! The first byte chooses vendor and call, the rest is the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgport_core::ErrorKind;
use orgport_fuzz::{Reply, check, meet};

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, body) = input;
    let headers = vec![("content-type", b"application/json".to_vec())];
    let outcomes = meet(choice, Reply { status: 200, headers, body: body.to_vec() });
    let typed = outcomes.len() == 1;
    for error in outcomes.into_iter().filter_map(|(_, outcome)| outcome.err()) {
        check(&error);
        assert!(!typed || matches!(error.kind(), ErrorKind::Protocol | ErrorKind::Ambiguous), "{error:?}");
    }
});
