//! The lists of vendors agree, so that none is forgotten anywhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use orgport::{Config, KINDS, Provider};
use orgport_sandbox::Sandbox;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn set<I: IntoIterator<Item = S>, S: Into<String>>(items: I) -> BTreeSet<String> {
    items.into_iter().map(Into::into).collect()
}

fn vendors() -> BTreeSet<String> {
    set(KINDS.into_iter().filter(|kind| *kind != "memory"))
}

fn toml(path: &str) -> toml::Table {
    let text = std::fs::read_to_string(root().join(path)).expect("the manifest is there");
    text.parse().expect("it is TOML")
}

#[test]
fn every_vendor_is_a_feature_on_by_default() {
    let manifest = toml("crates/orgport/Cargo.toml");
    let default = manifest["features"]["default"].as_array().expect("a list");
    let features = default.iter().filter_map(toml::Value::as_str);
    assert_eq!(set(features.filter(|feature| *feature != "roster")), vendors());
}

#[test]
fn every_kind_tells_its_best_capability() {
    assert_eq!(set(orgport::best_capabilities().iter().map(|(kind, _)| *kind)), set(KINDS));
}

/// What stands in every adapter, one question a file.
const ADAPTER: [&str; 12] = [
    "lib",
    "capability",
    "config",
    "provider",
    "organizations",
    "members",
    "invitations",
    "convert",
    "client",
    "request",
    "model",
    "error",
];

/// What stands in the wire tests of every adapter, by the same nouns.
const WIRE: [&str; 7] =
    ["main", "organizations", "members", "invitations", "account", "refusals", "hard_values"];

#[test]
fn every_vendor_has_its_wire_and_conformance_tests_and_fixtures() {
    let manifest = toml("tests/Cargo.toml");
    let tests = manifest["test"].as_array().expect("a list");
    let conformance = tests.iter().filter_map(|test| test["name"].as_str()?.strip_prefix("conformance_"));
    assert!(set(conformance).is_superset(&vendors()));
    for vendor in vendors() {
        let manifest = toml(&format!("crates/{vendor}/Cargo.toml"));
        let wire = manifest["test"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|test| test["path"].as_str() == Some(&format!("../../tests/wire/{vendor}/main.rs")));
        assert!(wire, "wire tests of {vendor} with the adapter's own");
        for file in ADAPTER {
            assert!(root().join(format!("crates/{vendor}/src/{file}.rs")).is_file(), "{vendor}: {file}.rs");
        }
        for file in WIRE {
            let path = format!("tests/wire/{vendor}/{file}.rs");
            assert!(root().join(&path).is_file(), "{path}");
        }
        assert!(root().join("fixtures").join(&vendor).is_dir(), "fixtures of {vendor}");
        assert!(root().join("crates").join(&vendor).is_dir(), "crate of {vendor}");
    }
}

#[tokio::test]
async fn the_sandbox_serves_every_vendor_and_its_configuration_builds_each() {
    let sandbox = Sandbox::start().await.expect("it starts");
    assert_eq!(set(sandbox.identities().into_iter().map(|identity| identity.vendor)), vendors());
    let config = Config::from_toml(&sandbox.configuration_toml()).expect("it is a configuration");
    let kinds = config.names().map(|name| config.provider(Some(name)).expect("it can be built").kind());
    assert_eq!(set(kinds), vendors());
}

#[test]
fn the_readme_names_every_kind() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("it is there");
    for kind in KINDS {
        assert!(readme.to_lowercase().contains(kind), "{kind}");
    }
}

/// Every file below a folder, and its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join(folder)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("it is a folder") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("it is text");
            sources.push((path, text));
        }
    }
    sources
}

#[test]
fn core_names_no_vendor() {
    for (path, text) in sources("crates/core/src") {
        let text = text.to_lowercase();
        for vendor in vendors() {
            assert!(!text.contains(&vendor), "{vendor} in {}", path.display());
        }
    }
}

/// What core keeps out of its documentation is no way for adapters: others could not find it.
#[test]
fn no_adapter_uses_what_core_does_not_document() {
    let mut hidden = BTreeSet::new();
    for (path, text) in sources("crates/core/src") {
        for behind in text.split("#[doc(hidden)]").skip(1) {
            let item = behind.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
            let item = item.unwrap_or_else(|| panic!("something is hidden in {}", path.display()));
            let mut words = item.split(|c: char| !c.is_alphanumeric() && c != '_');
            let name =
                words.find(|word| !["", "pub", "mod", "fn", "macro_rules", "use", "struct"].contains(word));
            hidden.extend(name.map(str::to_owned));
        }
    }
    assert!(hidden.contains("delegate_provider"), "{hidden:?}");
    for (path, text) in vendors().iter().flat_map(|vendor| sources(&format!("crates/{vendor}/src"))) {
        for name in &hidden {
            assert!(!text.contains(name.as_str()), "{name} in {}", path.display());
        }
    }
}
