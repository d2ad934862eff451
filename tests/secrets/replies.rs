//! Secrets in what vendors send: tokens that they hand out, and the credential that they got. No
//! result's `Debug` and no error shows them.

use std::error::Error as _;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use http::HeaderValue;
use orgport_core::http::{CannedService, HttpClient};
use orgport_tests::taint::Taint;
use orgport_tests::vendors::{VENDORS, adapter, adapter_with};
use orgport_tests::wire::fixture;
use serde_json::Value;

const SECRET: &str = "canary-51e07f3a9cdeadbeef";

/// The calls that are answered with a secret, by vendor, with such an answer and the keys that
/// hold it.
const HANDED_OUT: [(&str, &[&str], &str, &[&str]); 7] = [
    ("nuextract", &["token"], "token", &["token", "refreshToken"]),
    ("nuextract", &["create_api_key", "list_api_keys", "update_api_key"], "api_keys", &["token"]),
    ("jaqpot", &["create_api_key"], "api_keys", &["clientSecret"]),
    ("koyeb", &["create_access_token", "switch_organization", "unscope_token"], "tokens", &["token"]),
    ("koyeb", &["list_credentials", "get_credential", "create_credential"], "tokens", &["token"]),
    ("trieve", &["create_api_key"], "create_api_key", &["api_key"]),
    ("losant", &["refresh_token", "log_in"], "me-refresh-token", &["token"]),
];

/// The answer with the canary where the secret stands; says how often that is.
fn tainted(value: &mut Value, keys: &[&str]) -> usize {
    match value {
        Value::Array(items) => items.iter_mut().map(|item| tainted(item, keys)).sum(),
        Value::Object(fields) => {
            let mut count = 0;
            for (key, field) in fields {
                if field.is_string() && keys.contains(&key.as_str()) {
                    *field = SECRET.into();
                    count += 1;
                } else {
                    count += tainted(field, keys);
                }
            }
            count
        }
        _ => 0,
    }
}

/// The answer as it is, and broken in ways that make a reader tell what it found.
fn broken(answer: &Value) -> Vec<String> {
    let text = answer.to_string();
    let quoted = format!("\"{SECRET}\"");
    vec![
        text.clone(),
        text.replace(&quoted, &format!("[{quoted}]")),
        text.replace(&quoted, &format!("{{\"a\":{quoted}}}")),
        text.replace(&quoted, &format!("{quoted},\"expires_at\":{quoted},\"userId\":[{quoted}]")),
        text[..text.rfind('}').unwrap_or(text.len())].to_owned(),
        format!("{text} {quoted}"),
        format!("[{text}]"),
        quoted.clone(),
        format!("{{\"id\":{quoted},\"name\":[{quoted}]}}"),
    ]
}

#[test]
fn a_token_in_an_answer_shows_nowhere() {
    let taint = Taint::new([("the token".to_owned(), SECRET)]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (vendor, calls, folder, keys) in HANDED_OUT {
        let mut tainted_answers = 0;
        for name in orgport_tests::wire::fixtures(&format!("{vendor}/{folder}")) {
            let Ok(mut answer) =
                serde_json::from_str::<Value>(&fixture(&format!("{vendor}/{folder}/{name}")))
            else {
                continue;
            };
            if tainted(&mut answer, keys) == 0 {
                continue;
            }
            tainted_answers += 1;
            for body in broken(&answer) {
                let service = CannedService::saying(200, "application/json", body);
                let mut adapter = adapter(vendor, "https://vendor.example", HttpClient::new(service));
                adapter.calls.retain(|(name, _)| calls.contains(name));
                assert!(!adapter.calls.is_empty(), "{vendor}: no {calls:?}");
                for (name, outcome) in runtime.block_on(adapter.call_all()) {
                    let shown = match outcome {
                        Ok(answer) => answer,
                        Err(error) => format!("{error} {error:?}"),
                    };
                    taint.assert_clean(&format!("{vendor} {name}"), &shown);
                }
            }
        }
        assert!(tainted_answers > 0, "{vendor}: no fixture in {folder} has a token");
    }
}

/// A credential in the forms that a vendor could repeat it in.
fn repeated(secret: &str) -> Vec<String> {
    let each = |form: fn(char) -> String| secret.chars().map(form).collect::<String>();
    let bytes = secret.as_bytes();
    vec![
        secret.to_owned(),
        secret.replace('/', r"\/").replace('=', r"\u003d").replace('+', r"\u002B"),
        each(|char| format!("\\u{:04x}", u32::from(char))),
        each(|char| format!("%{:02X}", u32::from(char))),
        each(|char| format!("&#x{:x};", u32::from(char))),
        format!(r"\u0022{}\u0022", secret.replace('/', r"\\/")),
        secret.chars().rev().collect(),
        each(|char| format!("{:02x}", u32::from(char))),
        BASE64_STANDARD.encode(bytes),
        BASE64_URL_SAFE_NO_PAD.encode(["user:".as_bytes(), bytes].concat()),
        secret[4..].to_owned(),
        secret[..secret.len() - 4].to_owned(),
        secret[2..secret.len() - 2].to_owned(),
    ]
}

#[test]
fn a_credential_that_the_vendor_repeats_shows_nowhere() {
    const CREDENTIAL: &str = "canary-51e07/f3a9+cdeadbeef==";
    let taint = Taint::new([("the credential".to_owned(), CREDENTIAL)]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut errors = 0;
    for form in repeated(CREDENTIAL) {
        let bodies = [
            format!(r#"{{"message":"the key {form} is not good","code":"{form}","type":"{form}"}}"#),
            format!(r#"{{"{form}":{{"{form}":["{form}"]}},"id":{{"{form}":7}}}}"#),
            format!(r#"[{{"id":["{form}"],"email":{{"{form}":1}}}}]"#),
            format!("the key {form} is not good"),
            format!("<html><title>the key {form} is not good</title></html>"),
        ];
        for (vendor, body) in
            VENDORS.into_iter().flat_map(|vendor| bodies.iter().map(move |body| (vendor, body)))
        {
            for status in [200, 400, 403, 500] {
                let service = CannedService::saying(status, "application/json", body.clone());
                let client = HttpClient::new(service.clone());
                let adapter = adapter_with(vendor, "https://vendor.example", client, CREDENTIAL);
                for (name, call) in adapter.calls {
                    let Err(error) = runtime.block_on(call) else { continue };
                    // Who sent no credential has none to hide.
                    let sent = service.requests().pop().expect("it was sent");
                    let holds_it =
                        |value: &HeaderValue| value.to_str().is_ok_and(|value| value.ends_with(CREDENTIAL));
                    if !sent.headers().values().any(holds_it) {
                        continue;
                    }
                    errors += 1;
                    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
                    let causes =
                        causes.map(|cause| format!("{cause} {cause:?}")).collect::<Vec<_>>().join("; ");
                    taint.assert_clean(
                        &format!("{vendor} {name} ({status})"),
                        &format!("{error}\n{error:?}{causes}"),
                    );
                }
            }
        }
    }
    assert!(errors > 10_000, "{errors}");
}
