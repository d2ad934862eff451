//! Kinds and providers that a program brings itself.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use orgport::adapter::{Adapter, Configured, InvitationsAdapter, MembersAdapter, OrganizationsAdapter};
use orgport::memory::Memory;
use orgport::{
    AnyProvider, Capability, Config, Email, Error, ErrorKind, Kind, NewOrganization, Operation,
    OrganizationId, Organizations, Provider, ProviderConfig, Secret, Support,
};
use serde::Deserialize;

/// A vendor of a company's own.
#[derive(Debug, Clone)]
struct House {
    capability: Capability,
}

/// Its settings, with a credential of another form than all others.
#[derive(Deserialize)]
struct Settings {
    region: Region,
    #[serde(default = "an_hour", deserialize_with = "orgport::adapter::duration")]
    patience: Duration,
    auth: Signature,
    notes: Option<Secret>,
}

fn an_hour() -> Duration {
    Duration::from_hours(1)
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Region {
    North,
    South,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
enum Signature {
    Signature { id: u32, key: Secret },
}

impl Configured for House {
    type Settings = Settings;

    const KIND: &'static str = "house";
    const AUTH_TYPES: &'static [&'static str] = &["signature"];
    const NEEDED_SETTINGS: &'static [(&'static str, Operation)] = &[("notes", Operation::Invite)];

    fn best_capability() -> Capability {
        let mut capability = Capability::nothing("the house has no such thing");
        capability.operations.list_organizations = Support::Native;
        capability
    }

    fn new(config: &ProviderConfig, settings: Settings) -> Result<Self, Error> {
        let Signature::Signature { id, key } = settings.auth;
        assert!(config.auth.is_none(), "the credential is the kind's own");
        assert_eq!((id, key.expose()), (7, "k3y"));
        assert!(settings.notes.is_none_or(|notes| notes.expose() == "n0tes"));
        if settings.region == Region::South && settings.patience < Duration::from_mins(2) {
            return Err(Error::wrong_setting("patience", "must be at least two minutes in the south"));
        }
        Ok(Self { capability: Self::best_capability() })
    }
}

impl Adapter for House {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }
}

impl OrganizationsAdapter for House {}
impl MembersAdapter for House {}
impl InvitationsAdapter for House {}

const TOML: &str = "
default_provider = 'ours'

[providers.ours]
kind = 'house'
region = 'north'
organization = 'home'
auth = { type = 'signature', id = 7, key = 'k3y' }

[providers.team]
kind = 'memory'
";

fn with_house(toml: &str) -> Result<Config, Error> {
    Ok(Config::from_toml(toml)?.with_kind(Kind::of::<House>()))
}

#[test]
fn a_kind_of_the_programs_own_is_known_like_the_others() {
    let config = with_house(TOML).expect("right");
    assert_eq!(config.names().collect::<Vec<_>>(), ["ours", "team"]);
    assert_eq!((config.kind_of("ours"), config.auth_type("ours")), (Ok("house"), Some("signature")));
    assert_eq!(config.missing_settings("ours"), [("notes", Operation::Invite)]);
    let provider = config.provider(None).expect("right");
    assert_eq!((provider.kind(), provider.name()), ("house", "ours"));
    assert_eq!(provider.default_organization().map(OrganizationId::as_str), Some("home"));
    assert!(matches!(provider, AnyProvider::Custom(_)));

    let kind = config.kinds().iter().find(|kind| kind.name() == "house").expect("registered");
    assert_eq!(
        (kind.keys(), kind.auth_types()),
        (&["region", "patience", "auth", "notes"][..], &["signature"][..])
    );
    let best = kind.best_capability().expect("told");
    assert!(best.support(Operation::ListOrganizations).works());
    assert!(config.kinds().iter().any(|kind| kind.name() == "memory"), "the others are there as well");
}

#[test]
fn its_settings_are_checked_by_line_like_the_others() {
    let mut texts = String::new();
    for (what, from, to) in [
        ("a misspelled key", "region =", "regoin ="),
        ("a key of another kind", "region =", "account = 'x'\nregion ="),
        ("a key that all have, misspelled", "organization", "organisation"),
        ("no such word", "'north'", "'east'"),
        ("a duration", "region =", "patience = 'soon'\nregion ="),
        ("what is needed", "region = 'north'", ""),
        ("what the adapter refuses", "'north'", "'south'\npatience = '1m 30s'"),
        ("a type of credential", "'signature'", "'bearer'"),
        ("a key of the credential", "key =", "kee ="),
        ("no key of the credential", ", key = 'k3y'", ""),
        ("a variable", "'k3y'", "'env:ORGPORT_TEST_NOT_SET'"),
        ("a secret as it was pasted", "'k3y'", "'Bearer k3y'"),
        ("a file", "region =", "notes = 'file:missing'\nregion ="),
    ] {
        assert!(TOML.contains(from), "{what}");
        let config = with_house(&TOML.replace(from, to));
        let error = config.and_then(|config| config.provider(None)).expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        writeln!(texts, "{what}\n    {error}").expect("a text takes it");
    }
    insta::assert_snapshot!(texts);
}

#[test]
fn its_secrets_come_from_files_and_variables_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("orgport.toml");
    fs::write(folder.path().join("notes"), "n0tes\n").expect("written");
    fs::write(
        &file,
        TOML.replace("'k3y'", "'env:HOUSE_KEY'").replace("region =", "notes = 'file:notes'\nregion ="),
    )
    .expect("written");
    let config =
        Config::load_with(Some(file), [("HOUSE_KEY", "k3y"), ("ORGPORT__PROVIDERS__OURS__REGION", "south")]);
    let config = config.expect("right").with_kind(Kind::of::<House>());
    config.provider(None).expect("right");
}

#[test]
fn a_kind_that_is_not_there_matters_only_to_who_asks_for_it() {
    let config = Config::from_toml(TOML).expect("the others can be used");
    config.provider(Some("team")).expect("it is of a kind that is there");
    assert!(config.names().any(|name| name == "ours"));
    let error = config.provider(None).expect_err("nobody knows it");
    let expected = "the configuration, line 5: providers.ours.kind - kind \"house\" does not exist \
                    (there is memory, nuextract, jaqpot, koyeb, trieve, losant, github)";
    assert_eq!(error.message(), expected);
    assert_eq!(config.kind_of("ours").expect_err("nor here").message(), expected);

    let error = with_house(&TOML.replace("'house'", "'hause'")).and_then(|config| config.provider(None));
    assert!(error.expect_err("misspelled").message().contains("did you mean \"house\"?"));
    let error =
        Config::from_toml(&format!("{TOML}\nacount = 'x'\n")).expect_err("other tables are looked at");
    assert!(error.message().contains("providers.team.acount"), "{error}");
}

#[tokio::test]
async fn a_kind_can_be_a_function_with_what_the_program_has() {
    #[derive(Deserialize)]
    struct Owner {
        owner: Email,
    }

    let memory = Memory::new();
    let shared = memory.clone();
    let kind =
        Kind::new("shared", move |config, settings: Owner| shared.provider_with(&settings.owner, config));
    let toml = "providers.a = { kind = 'shared', owner = 'ada@x.io', read_only = true }";
    let provider = Config::from_toml(toml).expect("right").with_kind(kind).provider(None).expect("right");
    memory.add_organization("Acme", &"ada@x.io".parse().expect("an address")).expect("added");
    assert_eq!(provider.list_organizations(None).await.expect("listed").items.len(), 1);
    let error = provider.create_organization(NewOrganization::new("Globex")).await.expect_err("by the table");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
}

#[test]
fn a_kind_without_settings_has_the_common_ones() {
    let kind = Kind::new("bare", |config, ()| {
        Memory::new().provider_with(&"ada@x.io".parse().expect("an address"), config)
    });
    let config =
        Config::from_toml("providers.a = { kind = 'bare', organization = 'home', x = 1 }").expect("right");
    let error = config.with_kind(kind.clone()).provider(None).expect_err("it has no such key");
    assert!(error.message().contains("providers.a.x is not a setting"), "{error}");
    let config = Config::from_toml("providers.a = { kind = 'bare', organization = 'home' }").expect("right");
    assert_eq!(config.with_kind(kind).provider(None).expect("right").name(), "a");
}

#[test]
fn providers_of_the_program_are_among_the_names_and_can_be_all_there_is() {
    let own = |name: &str| {
        let config = ProviderConfig::new(name);
        let provider = Memory::new().provider_with(&"ada@x.io".parse().expect("an address"), config);
        AnyProvider::from(provider.expect("right"))
    };
    let empty = || Config::from_toml("").expect("nothing is asked for yet");
    for error in [
        empty().default_name().expect_err("there is none"),
        empty().provider(None).expect_err("there is none"),
        empty().provider(Some("b")).expect_err("there is none"),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    }
    let config = empty().with_provider("own", own("own"));
    assert_eq!(config.names().collect::<Vec<_>>(), ["own"]);
    assert_eq!((config.default_name(), config.kind_of("own")), (Ok("own"), Ok("memory")));
    assert_eq!(config.provider(None).expect("the only one").name(), "own");

    let toml = "default_provider = 'own'\nproviders.b.kind = 'memory'";
    let config = Config::from_toml(toml).expect("a default can still be given");
    let expected = "the configuration, line 1: default_provider names \"own\", which is not configured";
    assert_eq!(config.provider(None).expect_err("not yet").message(), expected);
    let config = config.with_provider("own", own("own")).with_provider("b", own("instead"));
    assert_eq!(config.names().collect::<Vec<_>>(), ["b", "own"]);
    assert_eq!(config.provider(None).expect("the default").name(), "own");
    assert_eq!(config.provider(Some("b")).expect("in its place").name(), "instead");
}
