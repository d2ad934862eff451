//! A vendor that repeats the credential, in any form and behind any escapes.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use orgport_core::auth::Auth;
use orgport_core::http::{
    BaseUrl, CannedService, ClientOptions, HttpClient, Refusal, Request, Transport, Vendor,
};
use orgport_tests::taint::Taint;
use proptest::prelude::*;

/// A secret as vendors make them.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_./+=-]{20,40}".prop_filter("it must be told from other text", |text| {
        text.chars().collect::<std::collections::BTreeSet<_>>().len() > 10
    })
}

fn hex(text: &str) -> String {
    let digits = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// A text in which each letter may be escaped by the way of JSON, URLs or HTML.
fn escaped(text: &str, ways: &[u8]) -> String {
    let ways = ways.iter().cycle();
    text.chars()
        .zip(ways)
        .map(|(letter, way)| match way {
            0 => format!("\\u{:04x}", u32::from(letter)),
            1 => format!("%{:02X}", u32::from(letter)),
            2 => format!("&#x{:x};", u32::from(letter)),
            3 if letter == '/' => r"\/".to_owned(),
            _ => letter.to_string(),
        })
        .collect()
}

proptest! {
    #[test]
    fn no_form_of_a_credential_shows(
        secret in secret(),
        form in 0..4_u8,
        cut in 0..=4_usize,
        ways in prop::collection::vec(0..8_u8, 1..9),
        status in prop::sample::select(&[200_u16, 400, 401, 403, 404, 409, 422, 500, 503][..]),
        place in 0..4_u8,
    ) {
        let cut = &secret[cut / 2..secret.len() - cut.div_ceil(2)];
        let text = match form {
            0 => cut.to_owned(),
            1 => cut.chars().rev().collect(),
            2 => hex(cut),
            _ => BASE64_STANDARD.encode(&secret),
        };
        let text = escaped(&text, &ways);
        let body = match place {
            0 => format!(r#"{{"message":"«{text}» is not good"}}"#),
            1 => format!(r#"{{"{text}":{{"{text}":["{text}"]}}}}"#),
            2 => format!("<html><title>{text}</title></html>"),
            _ => text,
        };
        let service = CannedService::saying(status, "application/json", body.clone());
        let base = BaseUrl::parse("https://vendor.example", false).expect("a URL");
        let mut options = ClientOptions::new(base, Auth::bearer(secret.as_str())).client(HttpClient::new(service));
        let mut settings = orgport_core::http::HttpSettings::default();
        settings.read_attempts = 1;
        options = options.settings(settings);
        let vendor = Vendor::new("test", |failure| Refusal::from_status(failure.status));
        let transport = Transport::new(vendor, options).expect("good settings");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let error = match runtime.block_on(transport.send(Request::get("/orgs"))) {
            Ok(response) => response.read::<u8>().expect_err("it is no number"),
            Err(error) => error,
        };
        let taint = Taint::new([("the credential".to_owned(), secret.as_str())]);
        let shown = format!("{error}\n{error:?}\n{:?}", std::error::Error::source(&error));
        prop_assert_eq!(taint.find(&shown), None, "{} of {}", shown, body);
    }
}
