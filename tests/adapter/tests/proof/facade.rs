//! The adapter behind the facade's configuration.

use std::sync::Arc;

use orgport::{Config, Invitations, Invitee, Kind, Members, NewInvitation, Organizations, Provider};
use orgport_core::config::AuthConfig;
use orgport_core::http::HttpClient;
use orgport_core::{AccountName, Clock, Configured, ManualClock, Operation, Timestamp};
use orgport_guildhall::{Guildhall, fake::Fake};

#[tokio::test]
async fn a_configuration_of_the_kind_is_a_provider_like_others() {
    let clock = Arc::new(ManualClock::new(Timestamp::now()));
    let fake = Fake::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let keeper = AccountName::new("keeper").expect("a name");
    let hall = fake.add_hall("The old hall", &keeper);
    let AuthConfig::OAuth2 { refresh_token: Some(token), .. } = fake.log_in(&keeper) else {
        panic!("it grants a refresh token");
    };
    let text = format!(
        r#"
        [providers.guild]
        kind = "guildhall"
        organization = "{hall}"
        default_role = "owner"
        auth = {{ type = "oauth2", refresh_token = "{}" }}
        "#,
        token.expose()
    );
    let config = Config::from_toml(&text).expect("it is one").with_kind(Kind::of::<Guildhall>());
    let config = config.with_http_client(HttpClient::new(fake.service())).with_clock(clock);
    let guild = config.provider(Some("guild")).expect("a good configuration");
    assert_eq!((guild.kind(), guild.default_organization()), (Guildhall::KIND, Some(&hall)));
    assert!(guild.capability().support(Operation::Invite).works());

    let halls = guild.list_organizations(None).await.expect("a list").items;
    let [Ok(shown)] = &halls[..] else { panic!("one hall: {halls:?}") };
    assert_eq!((&shown.id, &*shown.name), (&hall, "The old hall"));
    let ada = NewInvitation::to("@ada".parse::<Invitee>().expect("an account"));
    let outcome = guild.invite(&hall, ada).await.expect("invited");
    let made = outcome.invitation().expect("it waits");
    assert_eq!((outcome.as_str(), made.native_role.as_deref()), ("invited", Some("keeper")));
    assert_eq!(guild.list_members(&hall, None).await.expect("a list").items.len(), 1);
    assert_eq!(fake.notices(), [AccountName::new("ada").expect("a name")]);
}

#[test]
fn mistakes_in_a_configuration_are_told_by_line() {
    for (line, expected) in [
        ("colour = \"red\"", "colour"),
        ("auth = { type = \"bearer\", token = \"t\" }", "auth.type"),
        ("auth = { type = \"oauth2\" }\ndefault_role = \"viewer\"", "default_role"),
    ] {
        let text = format!("[providers.guild]\nkind = \"guildhall\"\n{line}\n");
        let config = Config::from_toml(&text).map(|config| config.with_kind(Kind::of::<Guildhall>()));
        let error = config.and_then(|config| config.provider(Some("guild")).map(drop));
        let error = error.expect_err(line).to_string();
        assert!(error.contains(expected) && error.contains("line"), "{line}: {error}");
    }
}
