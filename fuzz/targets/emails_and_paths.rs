//! Addresses and ids of callers: one person stays one person, and an id stays one path segment.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgport_core::Email;
use orgport_core::http::{BaseUrl, Request};
use percent_encoding::percent_decode_str;

fuzz_target!(|text: &str| {
    let email = Email::verbatim(text);
    assert_eq!(Email::verbatim(&email.to_string()), email);
    if let Ok(parsed) = Email::parse(text) {
        assert_eq!(Email::parse(&parsed.to_string()).expect("taken before"), parsed);
        assert_eq!(Email::parse(parsed.key()).expect("a key is an address"), parsed);
        assert!(!parsed.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
    }

    let base = BaseUrl::parse("https://api.example.com/v1", false).expect("a URL");
    let request = Request::delete("/orgs/{orgId}/end").segment(text).query("name", text);
    match request.path_and_query() {
        Err(_) => assert!(matches!(text, "" | "." | "..")),
        Ok(path) => {
            let url = url::Url::parse(&format!("{base}{path}")).expect("a path stands in a URL");
            let segments: Vec<_> = url.path_segments().expect("https has them").collect();
            assert_eq!((segments.len(), segments[3]), (4, "end"));
            assert_eq!(percent_decode_str(segments[2]).decode_utf8().expect("it was text"), text);
            assert_eq!(url.query_pairs().next().expect("one").1, text);
        }
    }
    if let Ok(base) = BaseUrl::parse(text, false) {
        assert!(base.as_str().starts_with("http"));
    }
});
