//! `SECURITY.md` names the tests that prove its promises; they must be there.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of the tables under "What is promised": each promise with the tests beside it.
fn promises(page: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let (_, promised) = page.split_once("## What is promised").expect("the heading");
    let (promised, _) = promised.split_once("## What is not promised").expect("the heading");
    let rows =
        promised.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.filter(|(promise, _)| *promise != "promise")
        .map(|(promise, tests)| {
            let tests = tests.split('`').filter_map(|name| name.split_once("::"));
            (promise, tests.collect())
        })
        .collect()
}

/// Whether a file has a test of this name, written out or as a row of a macro that makes it.
fn is_test(text: &str, name: &str) -> bool {
    let Some(at) = text.find(&format!("fn {name}(")) else {
        return text.contains(&format!(" as {name},"));
    };
    let attributes = text[..at].rsplit("\n\n").next().unwrap_or_default();
    attributes.contains("#[test]") || attributes.contains("#[tokio::test")
}

#[test]
fn every_promise_names_tests_that_exist() {
    let page = fs::read_to_string(root().join("SECURITY.md")).expect("the page");
    let promises = promises(&page);
    assert!(promises.len() >= 25, "{} promises", promises.len());
    for (promise, tests) in promises {
        assert!(!tests.is_empty(), "nothing proves: {promise}");
        for (file, name) in tests {
            let text =
                fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(is_test(&text, name), "{file} has no test {name}");
        }
    }
}
