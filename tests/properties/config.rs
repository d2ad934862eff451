//! Configurations: any text and any variables are a configuration or a `Config` error, and no error
//! shows a secret.

use orgport::{Config, ErrorKind};
use proptest::prelude::*;

/// Long enough not to turn up by chance.
const SECRET: &str = "canary-3f9a1c77e2";

/// Where secrets stand in a configuration.
const SETTINGS: [&str; 12] = [
    "auth = { type = 'bearer', token = 'SECRET' }",
    "auth = { type = 'api_key', key = 'text:SECRET' }",
    "auth = { type = 'key_pair', key = 'SECRET', secret = 'SECRET' }",
    "auth = { type = 'oauth2', client_id = 'a', refresh_token = 'SECRET', access_token = 'SECRET' }",
    "auth = { type = 'oauth2', client_secret = 'SECRET', token_url = 'https://a.example/token' }",
    "auth = { type = 'login', email = 'a@x.example', password = 'SECRET', two_factor_code = 'SECRET' }",
    "http = { proxy = 'http://user:SECRET@proxy.example:3128' }",
    "http = { client_identity = 'SECRET' }",
    "http = { proxy = 'SECRET' }",
    "base_url = 'https://user:SECRET@api.example.com'",
    "base_url = 'https://api.example.com/?token=SECRET'",
    "base_url = 'https://api.example.com/#SECRET'",
];

const KINDS: [&str; 8] = ["memory", "nuextract", "jaqpot", "koyeb", "trieve", "losant", "rel", "kojeb"];

/// Reads it, and builds every provider that it has.
fn read(config: Result<Config, orgport::Error>) -> Result<(), TestCaseError> {
    let mut errors = Vec::new();
    match config {
        Ok(config) => {
            prop_assert!(!format!("{config:?}").contains(SECRET), "{:?}", config);
            for name in config.names() {
                match config.provider(Some(name)) {
                    Ok(provider) => prop_assert!(!format!("{provider:?}").contains(SECRET), "{:?}", provider),
                    Err(error) => errors.push(error),
                }
            }
        }
        Err(error) => errors.push(error),
    }
    for error in errors {
        prop_assert!(matches!(error.kind(), ErrorKind::Config | ErrorKind::InvalidInput), "{:?}", error);
        let shown = format!("{error} {error:?}");
        prop_assert!(!shown.contains(SECRET), "{}", shown);
    }
    Ok(())
}

fn environment(variables: Vec<(String, String)>) -> Result<Config, orgport::Error> {
    Config::load_with(None, variables)
}

proptest! {
    #[test]
    fn any_text_is_a_configuration_or_an_error(text in any::<String>()) {
        read(Config::from_toml(&text))?;
    }

    #[test]
    fn anything_like_toml_is_a_configuration_or_an_error(
        text in "(\\[[a-z.]{0,12}\\]\n|[a-z_]{1,8} ?= ?(\"[^\"\n]{0,9}\"|[0-9._-]{1,9}|true|\\{[a-z =1,]{0,9}\\}|\\[1,\\])\n){0,9}",
    ) {
        read(Config::from_toml(&text))?;
        read(Config::from_toml(&format!("[providers.a]\nkind = 'memory'\n{text}")))?;
    }

    #[test]
    fn no_error_shows_a_secret(
        kind in prop::sample::select(&KINDS[..]),
        settings in prop::collection::vec(prop::sample::select(&SETTINGS[..]), 1..3),
        cut in any::<prop::sample::Index>(),
        spoil in prop_oneof![Just(None), "[=\"'\\[\\]{}\n#\\\\a-z]".prop_map(Some)],
    ) {
        let settings = settings.join("\n").replace("SECRET", SECRET);
        let mut text = format!("[providers.prod]\nkind = '{kind}'\norganization = 'acme'\n{settings}\n");
        if let Some(spoil) = spoil {
            text.insert_str(cut.index(text.len()), &spoil);
        }
        read(Config::from_toml(&text))?;
    }

    #[test]
    fn variables_are_settings_or_errors(
        names in prop::collection::vec("(PROVIDERS__)?(PROD|A_B|)(__)?(AUTH|HTTP|KIND|BASE_URL)?(__)?[A-Z_é]{0,9}", 0..6),
        value in any::<String>(),
    ) {
        let mut variables: Vec<_> =
            names.into_iter().map(|name| (format!("ORGPORT__{name}"), value.clone())).collect();
        variables.push(("ORGPORT__PROVIDERS__PROD__KIND".to_owned(), "memory".to_owned()));
        read(environment(variables))?;
    }

    #[test]
    fn no_error_about_a_variable_shows_a_secret(
        kind in prop::sample::select(&KINDS[..]),
        auth in prop::sample::select(&["bearer", "api_key", "key_pair", "oauth2", "login", "other"][..]),
        keys in prop::collection::vec(
            prop::sample::select(&["TOKEN", "KEY", "SECRET", "REFRESH_TOKEN", "PASSWORD", "CLIENT_SECRET", "TOKN"][..]),
            0..4,
        ),
    ) {
        let at = |place: &str, value: &str| (format!("ORGPORT__PROVIDERS__PROD__{place}"), value.to_owned());
        let mut variables = vec![at("KIND", kind), at("ORGANIZATION", "acme"), at("AUTH__TYPE", auth)];
        variables.extend(keys.iter().map(|key| at(&format!("AUTH__{key}"), SECRET)));
        variables.push(at("HTTP__PROXY", &format!("http://u:{SECRET}@proxy.example:1")));
        read(environment(variables))?;
    }
}

#[test]
fn depth_has_an_end() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}1{}", "{a=".repeat(100_000), "}".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
        format!("{}a = 1", "a.".repeat(100_000)),
    ] {
        assert_eq!(Config::from_toml(&text).expect_err("too deep").kind(), ErrorKind::Config);
    }
    let name = format!("ORGPORT__PROVIDERS__PROD{}", "__A".repeat(40_000));
    let error = environment(vec![(name, "1".to_owned())]).expect_err("too deep");
    assert_eq!(error.kind(), ErrorKind::Config);
}
