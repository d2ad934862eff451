//! Which organization the token acts in.

use std::sync::Arc;
use std::time::Duration;

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Email, Error, ErrorKind, InvitationFilter, InvitationId, Invitations, ManualClock, Members,
    NewInvitation, Operation, Organizations, Provider, Role, Timestamp,
};
use orgport_koyeb::{Credential, KoyebProvider, KoyebSettings};
use orgport_tests::wire::{Canned, Wire};

use super::{
    INVITATION, ORG, config, deleted, home, id, lines, ok, provider, refusal, snapshot, there, told,
};

const OTHER: &str = "7c9de1b4-83aa-4d0c-b6d2-90e4c1a2f311";

fn settings(json: &str) -> KoyebSettings {
    serde_json::from_str(json).expect("valid settings")
}

fn of_an_organization(wire: &Wire) -> KoyebProvider {
    KoyebProvider::new(config(wire), settings(r#"{"credential":"organization"}"#)).expect("valid")
}

async fn revoke(koyeb: &KoyebProvider, organization: &str) -> Result<(), Error> {
    let invitation = InvitationId::new(INVITATION).expect("not empty");
    koyeb.revoke_invitation(&id(organization), &invitation).await
}

/// The bearer values of the requests, in order.
fn bearers(wire: &Wire) -> Vec<String> {
    let bearer = |headers: &[(String, String)]| {
        let value = headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.clone());
        value.unwrap_or_default()
    };
    wire.received().iter().map(|request| bearer(&request.headers)).collect()
}

#[tokio::test]
async fn the_tokens_organization_is_asked_for_once() {
    let wire = Wire::answering([home(), there(), deleted(), there(), deleted()]).await;
    let koyeb = provider(&wire);
    revoke(&koyeb, ORG).await.expect("done");
    revoke(&koyeb.clone(), ORG).await.expect("done");
    let [read, revoked] =
        ["GET", "DELETE"].map(|method| format!("{method} /v1/organization_invitations/{INVITATION}"));
    assert_eq!(lines(&wire), ["GET /v1/account/organization", &read, &revoked, &read, &revoked]);
}

#[tokio::test]
async fn members_tell_the_organization_where_the_account_does_not() {
    for name in ["401_token", "403_denied", "404_resource", "400_bare"] {
        let wire =
            Wire::answering([refusal(name), ok("organization_members/page"), there(), deleted()]).await;
        revoke(&provider(&wire), ORG).await.expect(name);
        assert_eq!(lines(&wire)[1], "GET /v1/organization_members?limit=100&offset=0");
    }
    let wire = Wire::answering([Canned::empty(502)]).await;
    let error = revoke(&provider(&wire), ORG).await.expect_err("nobody knows");
    assert_eq!((error.kind(), lines(&wire).len()), (ErrorKind::Unavailable, 1));
    assert_eq!(error.reach(), orgport_core::Reach::NotSent);
}

#[tokio::test]
async fn another_organization_is_acted_in_by_a_token_made_for_it() {
    let start = Timestamp::parse("2026-08-17T09:15:00Z").expect("valid");
    let clock = Arc::new(ManualClock::new(start));
    let minted = || ok("tokens/access_token");
    let twice = [there(), deleted(), there(), deleted()];
    let answers = [home(), minted()].into_iter().chain(twice).chain([minted(), there(), deleted()]);
    let wire = Wire::answering(answers).await;
    let config = config(&wire).clock(clock.clone());
    let koyeb = KoyebProvider::new(config, KoyebSettings::default()).expect("valid");
    revoke(&koyeb, OTHER).await.expect("done");
    revoke(&koyeb.clone(), OTHER).await.expect("done");
    clock.advance(Duration::from_secs(3550));
    revoke(&koyeb, OTHER).await.expect("done");
    let mint = format!("POST /v1/organizations/{OTHER}/access_token");
    let revoked = format!("DELETE /v1/organization_invitations/{INVITATION}");
    let writes: Vec<_> = lines(&wire).into_iter().skip(1).filter(|line| !line.starts_with("GET")).collect();
    assert_eq!(writes, [&mint, &revoked, &revoked, &mint, &revoked].map(String::as_str));
    let (own, made) = ("Bearer the-users-own-token", "Bearer made-for-an-hour");
    assert_eq!(bearers(&wire), [own, own, made, made, made, made, own, made, made]);
    assert_eq!(wire.received()[1].body, r#"{"validity":"3600s"}"#);
    assert!(!format!("{koyeb:?}").contains("made-for-an-hour"));
}

#[tokio::test]
async fn a_read_only_provider_can_read_other_organizations() {
    let wire =
        Wire::answering([home(), ok("tokens/access_token"), ok("organization_invitations/empty")]).await;
    let koyeb = provider(&wire).read_only();
    koyeb.list_invitations(&id(OTHER), &InvitationFilter::all(), None).await.expect("a read");
    assert_eq!(revoke(&koyeb, OTHER).await.expect_err("a write").kind(), ErrorKind::ReadOnly);
}

#[tokio::test]
async fn where_no_token_is_to_be_had_both_organizations_are_named() {
    for name in ["403_denied", "404_resource", "400_bare"] {
        let wire = Wire::answering([home(), refusal(name)]).await;
        let error = revoke(&provider(&wire), OTHER).await.expect_err(name);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(ORG) && error.message().contains(OTHER), "{error}");
        snapshot(&format!("no_token_{name}"), &told(&error));
    }
    let wire = Wire::answering([home(), refusal("401_token")]).await;
    let error = revoke(&provider(&wire), OTHER).await.expect_err("the user's own token has ended");
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn an_organizations_token_acts_nowhere_else() {
    let wire = Wire::answering([ok("organization_members/page")]).await;
    let koyeb = of_an_organization(&wire);
    let error = revoke(&koyeb, OTHER).await.expect_err("another organization");
    snapshot("organization_token_elsewhere", &told(&error));
    assert_eq!(koyeb.list_members(&id(OTHER), None).await.expect_err("too").kind(), ErrorKind::InvalidInput);
    assert_eq!(lines(&wire).len(), 1);
}

#[tokio::test]
async fn a_token_of_which_nothing_tells_the_organization_writes_only_if_trusted() {
    let nobody = Canned::json(200, r#"{"members":[],"limit":100,"offset":0,"count":0}"#);
    let wire = Wire::answering([nobody.clone()]).await;
    let koyeb = of_an_organization(&wire);
    snapshot("organization_untold", &told(&revoke(&koyeb, ORG).await.expect_err("a write")));
    koyeb.list_members(&id(ORG), None).await.expect("a read");
    assert!(lines(&wire).iter().all(|line| line.starts_with("GET /v1/organization_members")));

    let trusting = settings(r#"{"credential":"organization","trust_organization":true}"#);
    let wire = Wire::answering([nobody, there(), deleted()]).await;
    let koyeb = KoyebProvider::new(config(&wire).organization(id(ORG)), trusting).expect("valid");
    revoke(&koyeb, ORG).await.expect("trusted");
    assert_eq!(revoke(&koyeb, OTHER).await.expect_err("not trusted").kind(), ErrorKind::InvalidInput);
    assert_eq!(lines(&wire).len(), 3);
}

#[tokio::test]
async fn an_organizations_token_has_one_organization_and_no_user() {
    let wire = Wire::answering([ok("organization_members/page"), ok("organizations/one")]).await;
    let koyeb = of_an_organization(&wire);
    let page = koyeb.list_organizations(None).await.expect("a list of one");
    let ids: Vec<_> = page.items.into_iter().map(|item| item.expect("readable").id.to_string()).collect();
    assert_eq!((ids, page.next), (vec![ORG.to_owned()], None));
    let before = lines(&wire).len();
    let new = orgport_core::NewOrganization::new("x");
    let error = koyeb.create_organization(new).await.expect_err("no user");
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Unsupported, Some(Operation::CreateOrganization))
    );
    let invitation = orgport_core::InvitationRef::by_id(InvitationId::new(INVITATION).expect("not empty"));
    let error =
        koyeb.respond_to_invitation(&invitation, orgport_core::Answer::Accept).await.expect_err("no user");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(koyeb.my_invitations(None).await.expect_err("no user").kind(), ErrorKind::Unsupported);
    assert_eq!(lines(&wire).len(), before);
    for operation in [Operation::CreateOrganization, Operation::RespondToInvitation] {
        assert!(!koyeb.capability().support(operation).works());
    }
}

#[tokio::test]
async fn a_mail_that_went_to_the_wrong_organization_is_told_and_not_repeated() {
    let looks = || [ok("organization_invitations/empty"), ok("organization_members/page")];
    let answers = [home()]
        .into_iter()
        .chain(looks())
        .chain([ok("organization_invitations/elsewhere"), home()])
        .chain(looks());
    let wire = Wire::answering(answers).await;
    let koyeb = provider(&wire);
    let ada = NewInvitation::to(Email::parse("a@lovelace.example").expect("valid")).with_role(Role::Owner);
    let error = koyeb.invite(&id(ORG), ada).await.expect_err("made elsewhere");
    snapshot("made_elsewhere", &told(&error));
    let posts = lines(&wire).iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(posts, 1);
    assert_eq!(
        lines(&wire)[4],
        "GET /v1/account/organization",
        "the token's organization is asked for again"
    );
}

#[tokio::test]
async fn settings_are_checked_when_the_provider_is_built() {
    let kind = |config: ProviderConfig, settings: KoyebSettings| {
        let error = KoyebProvider::new(config, settings).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        error.to_string()
    };
    let new = || ProviderConfig::new("prod").auth(AuthConfig::api_key("key"));
    assert!(kind(ProviderConfig::new("prod"), settings("{}")).contains("api_key or bearer"));
    assert!(
        kind(ProviderConfig::new("prod").auth(AuthConfig::key_pair("a", "b")), settings("{}"))
            .contains("key_pair")
    );
    assert!(kind(new().default_role(Role::Admin), settings("{}")).contains("default_role"));
    assert!(kind(new().base_url("http://koyeb.example"), settings("{}")).contains("allow_http"));
    assert!(kind(new(), settings(r#"{"trust_organization":true}"#)).contains("organization"));
    assert!(
        kind(ProviderConfig::new("prod").auth(AuthConfig::api_key("")), settings("{}")).contains("empty")
    );
    let prod = KoyebProvider::new(new().default_role(Role::Owner), settings("{}")).expect("valid");
    assert_eq!((prod.name(), prod.kind(), prod.default_role()), ("prod", "koyeb", Some(&Role::Owner)));
    assert_eq!(prod.client().transport().base_url().as_str(), orgport_koyeb::DEFAULT_BASE_URL);
    assert!(!format!("{prod:?}").contains("key\""), "{prod:?}");
    for bad in [r#"{"credentials":"user"}"#, r#"{"credential":"robot"}"#, r#"{"trust_organization":"yes"}"#] {
        serde_json::from_str::<KoyebSettings>(bad).expect_err(bad);
    }
    let keys = serde_json::from_str::<KoyebSettings>(r#"{"?":1}"#).expect_err("unknown").to_string();
    assert!(["credential", "trust_organization"].iter().all(|key| keys.contains(key)), "{keys}");
    assert_eq!(KoyebSettings::default().credential, Credential::User);
}
