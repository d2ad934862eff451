//! `[coordination]`: what it can hold, and what it is refused for.

use orgport::Config;

fn refused(table: &str) -> String {
    let text = format!("[coordination]\n{table}\n[providers.a]\nkind = \"memory\"\n");
    let coordination = Config::from_toml(&text).and_then(|config| config.coordination().map(drop));
    coordination.expect_err(table).to_string()
}

#[test]
fn one_place_alone_is_shared() {
    let both = refused("directory = \"state\"\nurl = \"redis://127.0.0.1/\"\nkey = \"0123456789abcdef\"");
    assert!(both.contains("coordination.url") && both.contains("one of them"), "{both}");
    let nowhere = refused("namespace = \"orgport\"");
    assert!(nowhere.contains("coordination.url: is missing"), "{nowhere}");
    for table in ["quiet = \"1m\"", "directory = \"state\"\nkey = \"0123456789abcdef\""] {
        let stray = refused(table);
        assert!(
            stray.contains("coordination.url: is missing: key, token_key, namespace and quiet"),
            "{stray}"
        );
    }
    assert!(refused("uri = \"redis://127.0.0.1/\"").contains("did you mean \"url\""));
}

#[cfg(not(feature = "redis"))]
#[test]
fn a_server_needs_the_feature() {
    let error = refused("url = \"redis://:hunter2@127.0.0.1/\"\nkey = \"0123456789abcdef\"");
    assert!(error.contains("the feature redis") && !error.contains("hunter2"), "{error}");
}

#[cfg(feature = "redis")]
#[test]
fn a_server_needs_a_key_and_shows_no_secret() {
    for (table, words) in [
        ("url = \"redis://:hunter2@127.0.0.1/\"", "coordination.key"),
        ("url = \"redis://:hunter2@127.0.0.1/\"\nkey = \"hunter2\"", "16 characters"),
        ("url = \"http://:hunter2@127.0.0.1/\"\nkey = \"0123456789abcdef\"", "coordination.url"),
        ("url = \"redis://h/\"\nkey = \"0123456789abcdef\"\nquiet = \"46\"", "is not a duration"),
        ("url = \"redis://h/\"\nkey = \"0123456789abcdef\"\nnamespace = \"\"", "coordination.namespace"),
    ] {
        let error = refused(table);
        assert!(error.contains(words) && !error.contains("hunter2"), "{words}: {error}");
    }
    let whole = "[coordination]\nurl = \"redis://:hunter2@127.0.0.1:7/3\"\nkey = \"0123456789abcdef\"\nquiet = \"1m\"\n";
    let config = Config::from_toml(whole).expect("valid");
    let coordination = config.coordination().expect("valid");
    let store = coordination.store().expect("named");
    assert_eq!(store.describe(), "the Redis server at 127.0.0.1:7, namespace orgport");
    assert!(store.tokens().is_none() && !format!("{config:?} {coordination:?}").contains("hunter2"));
}
