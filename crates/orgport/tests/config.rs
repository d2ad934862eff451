//! Configuration from every source, and what is said of a wrong one.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use orgport::{AnyProvider, Config, Error, ErrorKind, Provider, Role};

/// Everything that is wrong must be said when the configuration is read or the provider is made.
fn built(toml: &str) -> Result<AnyProvider, Error> {
    Config::from_toml(toml)?.provider(None)
}

fn error_of(result: Result<AnyProvider, Error>) -> String {
    let error = result.expect_err("it is wrong");
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    error.to_string()
}

/// The texts of all errors, one case after the other.
fn errors(cases: &[(&str, &str)]) -> String {
    let mut all = String::new();
    for (what, toml) in cases {
        writeln!(all, "{what}\n    {}", error_of(built(toml))).expect("a text takes it");
    }
    all
}

fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A folder with this configuration file in it.
fn folder(toml: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("orgport.toml");
    fs::write(&file, toml).expect("written");
    (folder, file)
}

#[test]
fn code_gives_a_configuration() {
    let config =
        Config::from_toml("[providers.team]\nkind = \"memory\"\norganization = \"home\"").expect("right");
    assert_eq!(config.names().collect::<Vec<_>>(), ["team"]);
    assert_eq!((config.default_name().expect("the only one"), config.file()), ("team", None));
    let provider = config.provider(None).expect("right");
    assert_eq!((provider.name(), provider.kind()), ("team", "memory"));
    assert_eq!(provider.default_organization().map(ToString::to_string).as_deref(), Some("home"));
}

#[test]
fn variables_alone_are_a_configuration() {
    let config = Config::load_with(
        None,
        variables(&[
            ("ORGPORT__PROVIDERS__TEAM_TWO__KIND", "memory"),
            ("ORGPORT__PROVIDERS__TEAM_TWO__DEFAULT_ROLE", "viewer"),
            ("ORGPORT__PROVIDERS__TEAM_TWO__READ_ONLY", "true"),
            ("ORGPORT__PROVIDERS__TEAM_TWO__ORGANIZATIONS", r#"["Acme", "Globex"]"#),
            ("PATH", "/bin"),
        ]),
    );
    let provider = config.expect("right").provider(Some("team-two")).expect("right");
    assert_eq!((provider.name(), provider.default_role()), ("team-two", Some(&Role::Viewer)));
}

#[test]
fn variables_win_over_the_file() {
    let (_folder, file) = folder("[providers.team-one]\nkind = \"memory\"\norganization = \"old\"\n");
    let config = Config::load_with(
        Some(file.clone()),
        variables(&[("ORGPORT__PROVIDERS__TEAM_ONE__ORGANIZATION", "new")]),
    );
    let config = config.expect("right");
    assert_eq!(config.names().collect::<Vec<_>>(), ["team-one"], "- in a name is _ in a variable");
    let provider = config.provider(None).expect("right");
    assert_eq!(provider.default_organization().map(ToString::to_string).as_deref(), Some("new"));
    assert_eq!(config.file(), Some(file.as_path()));
}

#[test]
fn one_name_is_one_client() {
    let config = Config::from_toml("[providers.a]\nkind = \"memory\"").expect("right");
    let (one, other) = (config.provider(None).expect("right"), config.provider(Some("a")).expect("right"));
    let (AnyProvider::Memory(one), AnyProvider::Memory(other)) = (one, other) else { panic!("two memories") };
    let id = one.adapter().memory().add_organization("Acme", one.adapter().email()).expect("made");
    let seen = other.adapter().memory().add_member(&id, one.adapter().email(), Role::Owner);
    seen.expect("what one made is there for the other");
}

#[test]
fn the_default_is_named_or_the_only_one() {
    let two = "[providers.a]\nkind = \"memory\"\n[providers.b]\nkind = \"memory\"\n";
    let config = Config::from_toml(two).expect("right");
    let error = config.default_name().expect_err("there are two");
    insta::assert_snapshot!(error, @"config: name one of the providers a, b, or set default_provider");
    let config = Config::from_toml(&format!("default_provider = \"b\"\n{two}")).expect("right");
    assert_eq!(config.provider(None).expect("right").name(), "b");
}

#[test]
fn a_provider_of_the_programs_own_stands_beside_the_configured_ones() {
    let ada = "ada@x.io".parse().expect("an address");
    let own = orgport::memory::Memory::new().provider_with(&ada, orgport::ProviderConfig::new("own"));
    let config = Config::from_toml("[providers.a]\nkind = \"memory\"").expect("right");
    let config = config.with_provider("own", own.expect("a configuration").into());
    assert_eq!(config.provider(Some("own")).expect("there").name(), "own");
}

#[test]
fn unknown_settings_are_named_with_their_place_and_the_nearest_one() {
    let texts = errors(&[
        ("at the top", "default_providr = \"a\"\n[providers.a]\nkind = \"memory\"\n"),
        ("of a provider", "[providers.a]\nkind = \"memory\"\n\nbase_ulr = \"x\"\n"),
        ("of another kind", "[providers.a]\nkind = \"memory\"\ncontact_email = \"ada@x.io\"\n"),
        ("in http", "[providers.a]\nkind = \"memory\"\nhttp = { retries = 3 }\n"),
        (
            "in auth",
            "[providers.a]\nkind = \"memory\"\n[providers.a.auth]\ntype = \"api_key\"\ntoken = \"t\"\n",
        ),
        ("near nothing", "[providers.a]\nkind = \"memory\"\nxyzzy = 1\n"),
        ("for the kind", "[providers.a]\nkin = \"memory\"\n"),
    ]);
    insta::assert_snapshot!(texts);
}

#[test]
fn wrong_values_are_named_with_their_place() {
    let texts = errors(&[
        ("no TOML", "[providers.a]\nkind = \"memory\nsecret = \"hidden\"\n"),
        ("no provider", ""),
        ("no kind", "[providers.a]\norganization = \"x\"\n"),
        ("no such kind", "[providers.a]\nkind = \"koyebb\"\n"),
        ("a kind of another type", "[providers.a]\nkind = 7\n"),
        ("a name", "[providers.\"Not_A_Name\"]\nkind = \"memory\"\n"),
        ("a default that is not there", "default_provider = \"b\"\n[providers.a]\nkind = \"memory\"\n"),
        ("a provider that is no table", "[providers]\na = \"memory\"\n"),
        ("an empty organization", "[providers.a]\nkind = \"memory\"\norganization = \" \"\n"),
        ("a role", "[providers.a]\nkind = \"memory\"\ndefault_role = \"boss\"\n"),
        ("a truth value", "[providers.a]\nkind = \"memory\"\nread_only = \"yes\"\n"),
        ("a duration", "[providers.a]\nkind = \"memory\"\nsettle = \"soon\"\n"),
        ("an HTTP duration", "[providers.a]\nkind = \"memory\"\n[providers.a.http]\nmax_wait = 30\n"),
        ("an HTTP number", "[providers.a]\nkind = \"memory\"\n[providers.a.http]\nmax_body = \"much\"\n"),
        (
            "an HTTP number's size",
            "[providers.a]\nkind = \"memory\"\nhttp = { read_attempts = 5000000000 }\n",
        ),
        ("a number as a secret", "[providers.a]\nkind = \"memory\"\nhttp = { proxy = 1234567 }\n"),
        (
            "a number as a credential",
            "[providers.a]\nkind = \"memory\"\nauth = { type = \"bearer\", token = 1234567 }\n",
        ),
        ("no table of a credential", "[providers.a]\nkind = \"memory\"\nauth = \"token\"\n"),
        ("no type of credential", "[providers.a]\nkind = \"memory\"\n[providers.a.auth]\nkey = \"k\"\n"),
        ("no such type", "[providers.a]\nkind = \"memory\"\n[providers.a.auth]\ntype = \"apikey\"\n"),
        (
            "a part of a credential",
            "[providers.a]\nkind = \"memory\"\nauth = { type = \"key_pair\", key = \"k\" }\n",
        ),
        ("the vendor's own setting", "[providers.a]\nkind = \"memory\"\norganizations = \"Acme\"\n"),
    ]);
    insta::assert_snapshot!(texts);
}

#[test]
fn an_environment_without_providers_says_what_to_do() {
    let config =
        Config::load_with(None, variables(&[("HOME", "/root")])).expect("the program may bring some");
    let error = config.provider(None).expect_err("nothing is there");
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("[providers.NAME]"), "{error}");
    assert!(error.message().contains("ORGPORT__PROVIDERS__NAME__KIND"), "{error}");
}

#[test]
fn variables_are_checked_like_the_file_and_named() {
    let wrong = [
        ("ORGPORT__PROVIDERS__A__BASE_ULR", "https://x.io"),
        ("ORGPORT__PROVIDERS__A__HTTP__MAX_BODY", "much"),
        ("ORGPORT__PROVIDERS__A__READ_ONLY", "perhaps"),
        ("ORGPORT__PROVIDERS__A__KIND__NAME", "memory"),
        ("ORGPORT__DEFAULT", "a"),
        ("ORGPORT__", "a"),
    ];
    let mut texts = String::new();
    for (name, value) in wrong {
        let all = variables(&[("ORGPORT__PROVIDERS__A__KIND", "memory"), (name, value)]);
        let result = Config::load_with(None, all).and_then(|config| config.provider(None));
        writeln!(texts, "{name}={value}\n    {}", error_of(result)).expect("a text takes it");
    }
    insta::assert_snapshot!(texts);
}

#[test]
fn what_cannot_be_seen_stands_in_no_setting() {
    for (key, text) in
        [("organization", r"acme\u0000"), ("organization", r"a\ncme"), ("base_url", r"https://x\t")]
    {
        let toml = format!("[providers.a]\nkind = \"memory\"\n{key} = \"{text}\"\n");
        let error = error_of(Config::from_toml(&toml).and_then(|config| config.provider(None)));
        assert!(
            error.contains(&format!("line 3: providers.a.{key} has a line break or another control")),
            "{error}"
        );
    }
}

#[test]
fn numbers_and_truth_values_come_from_variables_too() {
    let config = Config::load_with(
        None,
        variables(&[
            ("ORGPORT__PROVIDERS__A__KIND", "memory"),
            ("ORGPORT__PROVIDERS__A__HTTP__MAX_BODY", "1024"),
            ("ORGPORT__PROVIDERS__A__HTTP__ALLOW_HTTP", "true"),
            ("ORGPORT__PROVIDERS__A__HTTP__USER_AGENT", "42"),
            ("ORGPORT__PROVIDERS__B__KIND", "memory"),
            ("ORGPORT__PROVIDERS__B__HTTP", r#"{"max_body": 1024, "max_wait": "1m 30s"}"#),
        ]),
    );
    let config = config.expect("right");
    for name in ["a", "b"] {
        config.provider(Some(name)).expect("right");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error =
        Config::load_with(Some(PathBuf::from("missing/orgport.toml")), variables(&[])).expect_err("no file");
    assert!(error.message().contains("missing/orgport.toml cannot be read"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_named_and_never_ignored() {
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStrExt;

    let strange = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
    let guard = "ORGPORT__PROVIDERS__A__READ_ONLY";
    let other_name = strange(b"ORGPORT__PROVIDERS__A__READ_ONL\xff");
    for (name, value, shown) in [
        (OsString::from(guard), strange(b"true\xff"), guard),
        (other_name, OsString::from("true"), "ORGPORT__PROVIDERS__A__READ_ONL\u{fffd}"),
    ] {
        let all = [(OsString::from("ORGPORT__PROVIDERS__A__KIND"), OsString::from("memory")), (name, value)];
        let error = error_of(Config::load_with(None, all).and_then(|config| config.provider(None)));
        assert_eq!(error, format!("config: the variable {shown} is not a text in UTF-8"));
    }
    let all = [
        (OsString::from("ORGPORT__PROVIDERS__A__KIND"), OsString::from("memory")),
        (OsString::from("SOMEBODY_ELSES"), strange(b"\xff")),
        (OsString::from("ORGPORT__PROVIDERS__A__AUTH__TYPE"), OsString::from("bearer")),
        (OsString::from("ORGPORT__PROVIDERS__A__AUTH__TOKEN"), OsString::from("env:SOMEBODY_ELSES")),
    ];
    let error = error_of(Config::load_with(None, all).and_then(|config| config.provider(None)));
    let expected = "providers.a.auth.token wants the variable SOMEBODY_ELSES, which is not a text in UTF-8";
    assert!(error.ends_with(expected), "{error}");
}

#[cfg(unix)]
#[test]
fn a_configuration_without_end_is_refused() {
    let error = Config::load("/dev/zero").expect_err("it never ends");
    assert_eq!(error.message(), "the configuration /dev/zero cannot be read: it is longer than 1024 KiB");
}

/// What needs a vendor that takes a credential.
#[cfg(feature = "koyeb")]
mod with_a_vendor {
    use std::path::Path;

    use super::*;

    /// The text without the folder's name, which is another one each time.
    fn without(folder: &Path, text: &str) -> String {
        text.replace(&format!("{}/", folder.display()), "")
    }

    const KOYEB: &str = "[providers.a]\nkind = \"koyeb\"\n[providers.a.auth]\ntype = \"api_key\"\nkey = ";

    fn with_key(key: &str) -> String {
        format!("{KOYEB}\"{key}\"\n")
    }

    #[test]
    fn secrets_come_from_variables_files_and_the_text_itself() {
        let (folder, file) = folder(&with_key("file:secrets/key"));
        fs::create_dir(folder.path().join("secrets")).expect("made");
        fs::write(folder.path().join("secrets/key"), "from-a-file\n").expect("written");
        Config::load(&file).and_then(|config| config.provider(None)).expect("relative to the configuration");

        fs::write(&file, with_key("env:KOYEB_KEY")).expect("written");
        let config = Config::load_with(Some(file.clone()), variables(&[("KOYEB_KEY", "from-a-variable")]));
        config.and_then(|config| config.provider(None)).expect("the variable is set");

        for text in ["text:env:NOT_A_VARIABLE", "text:$KOYEB_KEY", "the-key-itself"] {
            built(&with_key(text)).expect("a text is a secret");
        }
    }

    #[test]
    fn a_missing_secret_is_named_by_its_source() {
        let (folder, file) = folder("");
        fs::write(folder.path().join("empty"), "\n").expect("written");
        let mut texts = String::new();
        for key in [
            "env:KOYEB_KEY",
            "env:BLANK",
            "file:nowhere",
            "file:empty",
            "text:",
            "",
            "${KOYEB_KEY}",
            "vault:kv/key",
        ] {
            fs::write(&file, with_key(key)).expect("written");
            let config = Config::load_with(Some(file.clone()), variables(&[("BLANK", " ")]));
            let text = error_of(config.and_then(|config| config.provider(None)));
            writeln!(texts, "{key:?}\n    {}", without(folder.path(), &text)).expect("a text takes it");
        }
        let text = error_of(built("[providers.a]\nkind = \"koyeb\"\n"));
        writeln!(texts, "no credential at all\n    {text}").expect("a text takes it");
        insta::assert_snapshot!(texts);
    }

    #[test]
    fn what_was_pasted_with_a_secret_is_named_by_its_source_and_not_shown() {
        let (folder, file) = folder("");
        let mut texts = String::new();
        for pasted in ["Bearer s3cr3t", "\"s3cr3t\"", "KOYEB_KEY=s3cr3t", " s3cr3t", "\u{feff}s3cr3t"] {
            fs::write(folder.path().join("key"), format!("{pasted}\n")).expect("written");
            for key in ["env:KOYEB_KEY".to_owned(), "file:key".to_owned(), pasted.replace('"', "\\\"")] {
                fs::write(&file, with_key(&key)).expect("written");
                let config = Config::load_with(Some(file.clone()), variables(&[("KOYEB_KEY", pasted)]));
                let text = error_of(config.and_then(|config| config.provider(None)));
                assert!(!text.contains("s3cr3t"), "{text}");
                writeln!(texts, "{}", without(folder.path(), &text)).expect("a text takes it");
            }
        }
        insta::assert_snapshot!(texts);
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_without_end_is_refused() {
        let error = error_of(built(&with_key("file:/dev/zero")));
        assert!(
            error.ends_with("wants the file /dev/zero, which cannot be read: it is longer than 64 KiB"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_a_secret_that_others_can_read_is_a_warning() {
        use std::os::unix::fs::PermissionsExt;

        let (folder, file) = folder(&with_key("file:key"));
        let key = folder.path().join("key");
        fs::write(&key, "s3cr3t").expect("written");
        let warnings = |file: &Path, secret_file: &Path, mode| {
            fs::set_permissions(secret_file, fs::Permissions::from_mode(mode)).expect("changed");
            let config = Config::load(file).expect("right");
            config.provider(None).expect("it works");
            config
                .warnings()
                .iter()
                .map(|warning| without(folder.path(), &warning.to_string()))
                .collect::<Vec<_>>()
        };
        for (mode, shown) in [(0o644, "644"), (0o640, "640"), (0o604, "604")] {
            let expected = format!(
                "providers.a.auth.key is in key, which others can read (mode {shown}): chmod 600 key"
            );
            assert_eq!(warnings(&file, &key, mode), [expected]);
        }
        assert!(warnings(&file, &key, 0o600).is_empty());
        fs::write(&file, with_key("s3cr3t")).expect("written");
        assert!(warnings(&file, &file, 0o644)[0].contains("is in orgport.toml, which others can read"));
        assert!(warnings(&file, &file, 0o600).is_empty());
    }

    #[test]
    fn addresses_that_would_leak_the_credential_are_refused() {
        let mut texts = String::new();
        let wrong = [
            "http://koyeb.example",
            "https://user:hidden@koyeb.example",
            "file:///etc/passwd",
            "koyeb.example",
            "https://koyeb.example/?q=1",
        ];
        for url in wrong {
            let toml = format!("{}[providers.b]\nkind = \"memory\"\n", with_key("k"));
            let toml = toml.replacen("kind", &format!("base_url = \"{url}\"\nkind"), 1);
            let config = Config::from_toml(&toml).expect("addresses are judged by the vendor's adapter");
            let text = error_of(config.provider(Some("a")));
            assert!(!text.contains("hidden"), "{text}");
            writeln!(texts, "{url}\n    {text}").expect("a text takes it");
        }
        insta::assert_snapshot!(texts);
        for url in ["http://127.0.0.1:8080/koyeb", "http://localhost:1", "https://koyeb.example/prefix/"] {
            built(&with_key("k").replacen("kind", &format!("base_url = \"{url}\"\nkind"), 1)).expect(url);
        }
    }

    #[test]
    fn http_elsewhere_can_be_allowed() {
        let toml = with_key("k").replacen(
            "kind",
            "base_url = \"http://koyeb.example\"\nhttp.allow_http = true\nkind",
            1,
        );
        built(&toml).expect("allowed by name");
    }

    #[test]
    fn a_credential_of_another_vendor_is_refused() {
        let toml =
            "[providers.a]\nkind = \"koyeb\"\nauth = { type = \"key_pair\", key = \"k\", secret = \"s\" }\n";
        insta::assert_snapshot!(error_of(built(toml)));
    }

    #[test]
    fn a_default_role_that_the_vendor_has_not_is_refused() {
        let toml = with_key("k").replacen("kind", "default_role = \"viewer\"\nkind", 1);
        insta::assert_snapshot!(error_of(built(&toml)));
    }

    #[test]
    fn no_secret_shows() {
        let config = Config::from_toml(&with_key("hidden")).expect("right");
        let provider = config.provider(None).expect("right");
        assert!(!format!("{config:?} {provider:?}").contains("hidden"));
    }
}

/// What an adapter refuses is named with its place, like everything else.
#[cfg(all(feature = "losant", feature = "trieve", feature = "jaqpot"))]
#[test]
fn what_an_adapter_refuses_is_named_with_its_place() {
    let auth = "auth = { type = \"bearer\", token = \"t\" }";
    for (lines, expected) in [
        (
            vec!["kind = \"losant\"", auth, "base_url = \"http://api.example.com\""],
            "the configuration, line 4: providers.a.base_url - ",
        ),
        (
            vec!["kind = \"losant\"", "default_role = \"owner\"", auth],
            "the configuration, line 3: providers.a.default_role - ",
        ),
        (vec!["kind = \"trieve\"", auth], "the configuration, line 3: providers.a.auth.type - \"bearer\""),
        (vec!["", "kind = \"losant\""], "the configuration, line 1: providers.a.auth - no credential"),
        (
            vec!["kind = \"losant\"", auth, "[providers.a.http]", "max_wait = \"1s\"", "max_body = 0"],
            "the configuration, line 6: providers.a.http.max_body - ",
        ),
        (
            vec!["kind = \"jaqpot\"", "contact_email = \"desk\"", auth],
            "the configuration, line 3: providers.a.contact_email - ",
        ),
        (
            vec![
                "kind = \"jaqpot\"",
                "[providers.a.auth]",
                "type = \"oauth2\"",
                "refresh_token = \"r\"",
                "token_url = \"login.example.com\"",
            ],
            "the configuration, line 6: providers.a.auth.token_url - ",
        ),
    ] {
        let toml = format!("[providers.a]\n{}\n", lines.join("\n"));
        let error = error_of(Config::from_toml(&toml).and_then(|config| config.provider(None)));
        assert!(error.starts_with(&format!("a: config: {expected}")), "{error}");
    }
    let variables = variables(&[
        ("ORGPORT__PROVIDERS__A__KIND", "losant"),
        ("ORGPORT__PROVIDERS__A__BASE_URL", "nowhere"),
        ("ORGPORT__PROVIDERS__A__AUTH__TYPE", "bearer"),
        ("ORGPORT__PROVIDERS__A__AUTH__TOKEN", "t"),
    ]);
    let error = error_of(Config::load_with(None, variables).and_then(|config| config.provider(None)));
    assert!(
        error.contains("the variable ORGPORT__PROVIDERS__A__BASE_URL: providers.a.base_url - "),
        "{error}"
    );
}

#[cfg(feature = "losant")]
#[test]
fn rel_is_losant() {
    let toml = "[providers.a]\nkind = \"rel\"\nauth = { type = \"bearer\", token = \"t\" }\n";
    let config = Config::from_toml(toml).expect("right");
    assert_eq!(config.kind_of("a").expect("there"), "losant");
    assert_eq!(config.provider(None).expect("right").kind(), "losant");
}

#[cfg(not(feature = "losant"))]
#[test]
fn a_kind_whose_feature_is_off_says_so() {
    let error = Config::from_toml("[providers.a]\nkind = \"rel\"\n").expect_err("it is not in this build");
    assert!(error.message().contains("enable the feature \"losant\" of orgport"), "{error}");
}

#[test]
fn every_kind_in_this_build_tells_what_it_can_do() {
    let kinds: Vec<_> = orgport::best_capabilities().into_iter().map(|(kind, _)| kind).collect();
    let features = [
        ("memory", true),
        ("nuextract", cfg!(feature = "nuextract")),
        ("jaqpot", cfg!(feature = "jaqpot")),
        ("koyeb", cfg!(feature = "koyeb")),
        ("trieve", cfg!(feature = "trieve")),
        ("losant", cfg!(feature = "losant")),
        ("github", cfg!(feature = "github")),
    ];
    let expected: Vec<_> = features.into_iter().filter(|(_, is_on)| *is_on).map(|(kind, _)| kind).collect();
    assert_eq!(kinds, expected);
}
