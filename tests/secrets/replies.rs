//! Tokens that vendors hand out: no result's `Debug` and no error about an answer shows them.

use orgport_core::http::{CannedService, HttpClient};
use orgport_tests::taint::Taint;
use orgport_tests::vendors::adapter;
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
