//! The front page names every setting and every kind of error, with the true defaults.

use orgport::http::HttpSettings;
use orgport::{Config, Error};

const GUIDE: &str = include_str!("../src/guide.md");

/// The settings that there are, as an error about a wrong one lists them.
fn keys(toml: &str) -> Vec<String> {
    let built: Result<_, Error> = Config::from_toml(toml).and_then(|config| config.provider(None));
    let error = built.expect_err("a key that does not exist").to_string();
    let (_, list) = error.split_once("(there is ").expect("it lists the keys");
    list.trim_end_matches(')').split(", ").map(str::to_owned).collect()
}

/// The configuration in the guide, as text.
fn configuration() -> &'static str {
    let (_, rest) = GUIDE.split_once("# let toml = r#\"\n").expect("it shows one");
    rest.split_once("# \"#;").expect("it ends").0
}

#[test]
fn every_key_is_told() {
    let mut told = 0;
    for toml in [
        "nothing = 1",
        "[providers.x]\nkind = \"memory\"\nnothing = 1",
        "[providers.x]\nkind = \"memory\"\nhttp = { nothing = 1 }",
    ] {
        for key in keys(toml) {
            let shown = configuration().contains(&format!("\n{key} = "))
                || configuration().starts_with(&format!("{key} = "))
                || configuration().contains(&format!("[{key}."))
                || configuration().contains(&format!("[providers.prod.{key}]"))
                || GUIDE.contains(&format!("\n| `{key}` | "));
            let memory = &orgport::Kind::built_in()[0];
            let of_memory = memory.keys().contains(&key.as_str());
            assert!(shown || of_memory, "{key} is not told");
            told += 1;
        }
    }
    assert!(told > 20, "the lists of keys were found");
}

#[test]
fn every_credential_is_told() {
    let types = keys("[providers.x]\nkind = \"memory\"\nauth = { type = \"nothing\" }");
    assert_eq!(types.len(), 5);
    for auth_type in types {
        let row = GUIDE
            .lines()
            .find(|line| line.starts_with(&format!("| `{auth_type}` | ")))
            .unwrap_or_else(|| panic!("{auth_type} is not told"));
        let toml =
            format!("[providers.x]\nkind = \"memory\"\nauth = {{ type = {auth_type:?}, nothing = \"x\" }}");
        for key in &keys(&toml) {
            assert!(row.contains(&format!("`{key}`")), "{auth_type}: {key} is not told");
        }
    }
}

#[test]
fn the_defaults_shown_are_the_defaults() {
    let (_, http) = configuration().split_once("[providers.prod.http]").expect("it shows the http table");
    let (_, http) = http.split_once('\n').expect("it has lines");
    let shown: HttpSettings = toml::from_str(http).expect("they can be read");
    assert_eq!(format!("{shown:?}"), format!("{:?}", HttpSettings::default()));
}

#[test]
fn the_kinds_of_error_that_a_status_can_mean_are_told() {
    let statuses = (100..600).map(orgport::ErrorKind::from_status);
    for kind in statuses {
        assert!(GUIDE.contains(&format!("| [`{kind:?}`](ErrorKind::{kind:?}) | ")), "{kind:?} is not told");
    }
}
