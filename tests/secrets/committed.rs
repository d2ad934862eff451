//! What is committed: no snapshot shows what an answer holds under a secret's name.

use std::fs;
use std::path::{Path, PathBuf};

use orgport_sandbox::Sandbox;
use orgport_tests::taint::Taint;
use orgport_tests::vendors::VENDORS;
use orgport_tests::wire::{all_fixtures, fixture};
use serde_json::Value;

/// Keys under which vendors hand out secrets.
const KEYS: [&str; 8] = [
    "token",
    "access_token",
    "accessToken",
    "refresh_token",
    "refreshToken",
    "clientSecret",
    "api_key",
    "apiKey",
];

fn snapshots(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the project's") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() && !path.ends_with("target") {
            snapshots(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "snap") {
            found.push(path);
        }
    }
}

fn secrets(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| secrets(item, found)),
        Value::Object(fields) => {
            for (key, field) in fields {
                match field {
                    Value::String(text) if KEYS.contains(&key.as_str()) && text.len() >= 8 => {
                        found.push(text.clone());
                    }
                    _ => secrets(field, found),
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_snapshot_shows_a_secret() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let mut taint = Taint::of(&sandbox.identities());
    let mut tokens = Vec::new();
    for vendor in VENDORS {
        for path in all_fixtures(vendor) {
            if let Ok(value) = serde_json::from_str(&fixture(&path)) {
                secrets(&value, &mut tokens);
            }
        }
    }
    assert!(tokens.len() >= 5, "the fixtures have tokens: {tokens:?}");
    for token in &tokens {
        taint.add("a fixture's token", token);
    }
    let mut paths = Vec::new();
    snapshots(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut paths);
    assert!(paths.len() > 50, "{} snapshots", paths.len());
    for path in paths {
        let text = fs::read_to_string(&path).expect("a text");
        taint.assert_clean(&path.display().to_string(), &text);
    }
}
