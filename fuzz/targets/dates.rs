//! Dates as vendors write them: what is read reads back, and arithmetic has ends.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use orgport_core::Timestamp;

fuzz_target!(|input: (i64, u64, &str)| {
    let (milliseconds, later, text) = input;
    let read = [Timestamp::parse(text).ok(), Timestamp::parse_as_utc(text).ok()];
    for moment in read.into_iter().chain([Timestamp::from_unix_millis(milliseconds)]).flatten() {
        assert_eq!(Timestamp::parse(&moment.to_string()).expect("ours"), moment);
        let sum = moment.saturating_add(Duration::from_secs(later));
        assert!(sum >= moment && moment.saturating_since(sum).is_zero());
    }
});
