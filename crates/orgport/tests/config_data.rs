//! Configuration as a program's own data: values, words for roles, settings from code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use orgport::{AuthConfig, Config, Error, ErrorKind, OrganizationId, Provider, ProviderConfig, Role};
use serde::Serialize;
use serde_json::json;

fn refused(config: Result<Config, Error>) -> String {
    let error = config.and_then(|config| config.provider(None)).expect_err("it is wrong");
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    error.to_string()
}

#[test]
fn any_value_of_serde_is_a_configuration() {
    #[derive(Serialize)]
    struct Program {
        default_provider: Option<&'static str>,
        providers: BTreeMap<&'static str, Team>,
    }

    #[derive(Serialize)]
    struct Team {
        kind: &'static str,
        organization: Option<&'static str>,
        read_only: bool,
    }

    let team = Team { kind: "memory", organization: Some("home"), read_only: true };
    let program = Program { default_provider: None, providers: BTreeMap::from([("team", team)]) };
    let toml: toml::Table =
        toml::from_str("providers.team = { kind = 'memory', organization = 'home' }").expect("TOML");
    for config in [Config::from_value(&program), Config::from_value(toml)] {
        let provider = config.expect("right").provider(None).expect("right");
        assert_eq!(provider.name(), "team");
        assert_eq!(provider.default_organization().map(OrganizationId::as_str), Some("home"));
    }
}

#[test]
fn a_wrong_value_is_named_by_its_path() {
    let mut texts = String::new();
    for value in [
        json!(null),
        json!([]),
        json!({ "provider": {} }),
        json!({ "providers": [] }),
        json!({ "providers": { "a": { "kind": "memory", "base_ulr": "x" } } }),
        json!({ "providers": { "a": { "kind": "memory", "read_only": "true" } } }),
        json!({ "providers": { "a": { "kind": "memory", "http": { "max_body": 1.5 } } } }),
        json!({ "providers": { "a": { "kind": "memory", "http": { "max_body": u64::MAX } } } }),
        json!({ "providers": { "a": { "kind": "memory", "settle": 16 } } }),
        json!({ "providers": { "a": { "kind": "memory", "auth": { "type": "bearer", "token": "" } } } }),
    ] {
        writeln!(texts, "{value}\n    {}", refused(Config::from_value(value.clone())))
            .expect("a text takes it");
    }
    insta::assert_snapshot!(texts);
    let mut strange = BTreeMap::new();
    strange.insert(vec![1], "a key that is no text");
    refused(Config::from_value(strange));
}

#[test]
fn secrets_in_a_value_are_what_they_say() {
    for token in ["env:PATH", "file:/etc/passwd", "text:t", "Bearer t", "a b"] {
        let value = json!({ "providers": { "a": { "kind": "memory", "auth": { "type": "bearer", "token": token } } } });
        let config = Config::from_value(value).expect("right").with_settings(move |settings| {
            let Some(AuthConfig::Bearer { token: read }) = &settings.auth else { panic!("it is a token") };
            assert_eq!(read.known().expect("literal").expose(), token);
            Ok(())
        });
        config.provider(None).expect("right");
    }
}

#[test]
fn the_settings_of_a_provider_are_data_too() {
    let config: ProviderConfig = toml::from_str(
        "organization = 'home'\n\
         default_role = 'staff'\n\
         settle = '1m 30s'\n\
         roles = { staff = 'admin' }\n\
         auth = { type = 'oauth2', client_id = 'a', refresh_token = 'env:THE_TEXT_ITSELF' }\n\
         http = { max_wait = 'PT2M' }\n",
    )
    .expect("it is one");
    assert_eq!((config.name.as_str(), config.settle), ("provider", Duration::from_secs(90)));
    assert_eq!(config.http.max_wait, Duration::from_mins(2));
    assert!(matches!(
        &config.auth,
        Some(AuthConfig::OAuth2 { refresh_token: Some(token), .. }) if token.expose() == "env:THE_TEXT_ITSELF"
    ));
    let memory = orgport::memory::Memory::new();
    let provider = memory.provider_with(&"ada@x.io".parse().expect("an address"), config).expect("right");
    assert_eq!(provider.default_role(), Some(&Role::Admin));
    toml::from_str::<ProviderConfig>("organisation = 'home'").expect_err("a key that is not there");
    toml::from_str::<ProviderConfig>("name = 'a'").expect_err("the program says the name");
}

#[test]
fn settings_from_code_can_fail() {
    let config = Config::from_toml("[providers.a]\nkind = 'memory'\nbase_url = 'x'\n").expect("right");
    let config = config.with_settings(|_| Err(Error::wrong_setting("base_url", "is not ours")));
    let error = config.provider(None).expect_err("the program refuses it");
    assert_eq!(error.to_string(), "a: config: the configuration, line 3: providers.a.base_url - is not ours");
}

/// Secrets that change while the provider lives, at a vendor that knows its keys.
#[cfg(feature = "koyeb")]
mod rotated {
    use std::fs;
    use std::sync::{Arc, Mutex};

    use orgport::{Organizations, Secret, SecretCell, SecretSource, async_trait};
    use orgport_sandbox::Sandbox;

    use super::*;

    /// A sandbox, the key that it takes, and a configuration with another one.
    async fn sandbox(key: &str) -> (Sandbox, String, String) {
        let sandbox = Sandbox::start().await.expect("it starts");
        let right =
            sandbox.identity("koyeb").expect("there").credential["key"].as_str().expect("a key").to_owned();
        let url = sandbox.base_url("koyeb");
        let toml = format!(
            "[providers.a]\nkind = 'koyeb'\nbase_url = '{url}'\nauth = {{ type = 'api_key', key = '{key}' }}\n"
        );
        (sandbox, right, toml)
    }

    #[tokio::test]
    async fn a_file_is_read_again_when_its_secret_is_refused() {
        let (sandbox, right, toml) = sandbox("file:key").await;
        let folder = tempfile::tempdir().expect("a folder");
        let (file, key) = (folder.path().join("orgport.toml"), folder.path().join("key"));
        fs::write(&file, toml).expect("written");
        fs::write(&key, "worn-out\n").expect("written");
        let provider = Config::load(&file).and_then(|config| config.provider(None)).expect("right");
        let error = provider.list_organizations(None).await.expect_err("worn out");
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
        assert_eq!(sandbox.requests().len(), 1, "the same secret is not sent twice");
        fs::write(&key, format!("{right}\n")).expect("written");
        provider.list_organizations(None).await.expect("the file has another one now");
        fs::remove_file(&key).expect("removed");
        provider.list_organizations(None).await.expect("it is kept");
    }

    #[derive(Debug)]
    struct Vault(Mutex<Vec<String>>, String);

    #[async_trait]
    impl SecretSource for Vault {
        async fn secret(&self, reference: &str, refused: Option<&Secret>) -> Result<Secret, Error> {
            let refused = refused.map_or("nothing", Secret::expose);
            self.0.lock().expect("no holder panics").push(format!("{reference} after {refused}"));
            Ok(if refused == "nothing" { "worn-out" } else { &self.1 }.into())
        }
    }

    #[tokio::test]
    async fn a_source_of_the_program_is_asked_by_reference() {
        let (_sandbox, right, toml) = sandbox("source:kv/koyeb#key").await;
        let error = Config::from_toml(&toml).and_then(|config| config.provider(None)).expect_err("no source");
        let expected = "the configuration, line 4: providers.a.auth.key wants a secret source, which this program does not have";
        assert_eq!(error.message(), expected);

        let vault = Arc::new(Vault(Mutex::default(), right));
        let config = Config::from_toml(&toml).expect("right").with_secret_source(Arc::<Vault>::clone(&vault));
        let provider = config.provider(None).expect("nothing is asked yet");
        assert!(vault.0.lock().expect("no holder panics").is_empty());
        provider.list_organizations(None).await.expect("the second one is right");
        let asked = vault.0.lock().expect("no holder panics").clone();
        assert_eq!(asked, ["kv/koyeb#key after nothing", "kv/koyeb#key after worn-out"]);
    }

    #[tokio::test]
    async fn what_cannot_change_cannot_come_from_a_source() {
        let (_sandbox, _, toml) = sandbox("source:").await;
        for (auth, expected) in [
            ("{ type = 'api_key', key = 'source:' }", "auth.key names nothing in the secret source"),
            (
                "{ type = 'oauth2', refresh_token = 'source:kv' }",
                "cannot come from the program's secret source",
            ),
            ("{ type = 'oauth2', client_id = 'source:kv' }", "cannot come from the program's secret source"),
        ] {
            let toml = toml.replace("{ type = 'api_key', key = 'source:' }", auth);
            let source = Arc::new(Vault(Mutex::default(), String::new()));
            let text = refused(Config::from_toml(&toml).map(|config| config.with_secret_source(source)));
            assert!(text.contains(expected) && text.contains("line 4: providers.a.auth"), "{text}");
        }
        let toml = toml.replace("'source:'", "'k'").replace("auth = ", "http.proxy = 'source:kv'\nauth = ");
        let source = Arc::new(Vault(Mutex::default(), String::new()));
        let text = refused(Config::from_toml(&toml).map(|config| config.with_secret_source(source)));
        assert!(
            text.contains("line 4: providers.a.http.proxy - \"source:kv\": this setting cannot come"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn a_program_replaces_the_credential_of_a_living_provider() {
        let (_sandbox, right, toml) = sandbox("worn-out").await;
        let key = SecretCell::from("worn-out");
        let own = key.clone();
        let config = Config::from_toml(&toml).expect("right").with_settings(move |settings| {
            settings.auth = Some(AuthConfig::api_key(own.clone()));
            Ok(())
        });
        let provider = config.provider(None).expect("right");
        provider.list_organizations(None).await.expect_err("worn out");
        key.replace(right);
        provider.list_organizations(None).await.expect("the new one is sent");
    }
}

const ROLES: &str = "
[providers.a]
kind = 'memory'
default_role = 'Staff'
[providers.a.roles]
Staff = 'admin'
'night watch' = 'viewer'
";

#[test]
fn a_programs_own_words_are_roles() {
    let config = Config::from_toml(ROLES).expect("right");
    for (word, role) in [
        ("staff", Role::Admin),
        (" STAFF ", Role::Admin),
        ("night watch", Role::Viewer),
        ("owner", Role::Owner),
    ] {
        assert_eq!(config.role("a", word).expect(word), role);
    }
    let provider = config.provider(None).expect("right");
    assert_eq!(provider.default_role(), Some(&Role::Admin));

    let error = config.role("a", "guest").expect_err("nobody has said what that is");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    insta::assert_snapshot!(error, @r#"invalid input: "guest" is not a role; the roles are owner, admin, editor, collaborator, member, viewer, none, and here night watch, staff"#);
    assert_eq!(config.role("b", "staff").expect_err("no such provider").kind(), ErrorKind::Config);
    let config = config.with_provider("given", provider);
    assert_eq!(config.role("given", "admin").expect("a role"), Role::Admin);
    config.role("given", "staff").expect_err("a given provider has no words");
}

#[test]
fn words_need_no_secret() {
    let toml = "[providers.a]\nkind = 'unknown'\nroles.staff = 'admin'\nauth = { type = 'bearer', token = 'env:NOT_SET' }";
    assert_eq!(Config::from_toml(toml).expect("right").role("a", "staff").expect("a word"), Role::Admin);
}

#[test]
fn a_wrong_word_for_a_role_is_named_with_its_place() {
    let mut texts = String::new();
    for (from, to) in [
        ("Staff = 'admin'", "Admin = 'viewer'"),
        ("Staff = 'admin'", "' ' = 'viewer'"),
        ("'admin'", "'boss'"),
        ("'admin'", "'other:boss'"),
        ("'admin'", "7"),
        ("default_role = 'Staff'", "default_role = 'guest'"),
        ("default_role = 'Staff'", "default_role = 'other:boss'"),
    ] {
        assert!(ROLES.contains(from));
        writeln!(texts, "{to}\n    {}", refused(Config::from_toml(&ROLES.replace(from, to))))
            .expect("a text takes it");
    }
    insta::assert_snapshot!(texts);
}
