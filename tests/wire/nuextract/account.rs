//! The credential, the configuration and the account.

use futures_util::StreamExt;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{
    Error, ErrorKind, InvitationFilter, InvitationId, MemberId, Members, NewInvitation, NewOrganization,
    Operation, OrganizationUpdate, Organizations, Provider, Role, Secret,
};
use orgport_nuextract::request::{CreateApiKeyRequest, TokenRequest};
use orgport_nuextract::{NuExtractClient, NuExtractProvider, NuExtractSettings};
use orgport_tests::wire::{Canned, Wire};
use serde_json::json;

use super::{MILL, TOKEN, client, email, mill, ok, provider, provider_as, typed};

fn refusal(config: ProviderConfig) -> String {
    let error = NuExtractProvider::new(config, NuExtractSettings::default()).expect_err("it is wrong");
    assert_eq!(error.kind(), ErrorKind::Config);
    error.to_string()
}

fn json_oauth2() -> AuthConfig {
    AuthConfig::OAuth2 {
        client_id: None,
        client_secret: None,
        access_token: None,
        refresh_token: Some(Secret::new("refresh-of-the-test")),
        token_url: None,
        authorize_url: None,
        redirect_uri: None,
    }
}

/// The failures of all operations and of the two calls beside them.
async fn every_operation(provider: &dyn Provider) -> Vec<Error> {
    let (org, new) = (&mill(), NewInvitation::to(email("a@b.example")));
    let member = &MemberId::new("user").expect("not empty");
    let invitation = &InvitationId::new("invitation").expect("not empty");
    let reference = orgport_core::InvitationRef::by_id(invitation.clone());
    let (named, renamed) = (NewOrganization::new("n"), OrganizationUpdate::new().with_name("n"));
    let mut many = provider.invite_many(org, vec![new.clone()]);
    let outcomes = [
        provider.list_organizations(None).await.map(drop),
        provider.get_organization(org).await.map(drop),
        provider.create_organization(named).await.map(drop),
        provider.update_organization(org, renamed).await.map(drop),
        provider.delete_organization(org).await,
        provider.list_members(org, None).await.map(drop),
        provider.set_member_role(org, member, &Role::Admin).await,
        provider.remove_member(org, member).await,
        provider.list_invitations(org, &InvitationFilter::all(), None).await.map(drop),
        provider.get_invitation(org, invitation).await.map(drop),
        provider.invite(org, new).await.map(drop),
        many.next().await.expect("one outcome").1.map(drop),
        provider.resend_invitation(org, invitation).await.map(drop),
        provider.revoke_invitation(org, invitation).await,
        provider.respond_to_invitation(&reference, orgport_core::Answer::Accept).await.map(drop),
        provider.my_invitations(None).await.map(drop),
        provider.get_identity().await.map(drop),
        provider.plan_invites(org, vec![NewInvitation::to(email("a@b.example"))]).await.map(drop),
    ];
    outcomes.into_iter().filter_map(Result::err).collect()
}

#[tokio::test]
async fn auth_url() {
    let call = async |c: &NuExtractClient| c.auth_url("http://localhost:5173/a?b=c").await;
    insta::assert_snapshot!(typed(ok("auth_url", "url.txt"), call).await);
}

#[tokio::test]
async fn token_for_a_code() {
    let request =
        TokenRequest::Code { code: Secret::new("code-1"), redirect_uri: "http://localhost:5173".to_owned() };
    insta::assert_snapshot!(typed(ok("token", "full.json"), async |c| c.token(&request).await).await);
}

#[tokio::test]
async fn token_for_a_refresh_token() {
    let request = TokenRequest::Refresh { token: Secret::new("refresh-1") };
    insta::assert_snapshot!(typed(ok("token", "bare.json"), async |c| c.token(&request).await).await);
}

#[tokio::test]
async fn logout() {
    let token = Secret::new("refresh-1");
    insta::assert_snapshot!(typed(ok("logout", "done.json"), async |c| c.logout(&token).await).await);
}

#[tokio::test]
async fn me() {
    insta::assert_snapshot!(typed(ok("me", "with_organizations.json"), async |c| c.me().await).await);
}

#[tokio::test]
async fn me_as_the_first_release_had_it() {
    insta::assert_snapshot!(typed(ok("me", "without_organizations.json"), async |c| c.me().await).await);
}

#[tokio::test]
async fn list_api_keys() {
    insta::assert_snapshot!(typed(ok("api_keys", "list.json"), async |c| c.list_api_keys().await).await);
}

#[tokio::test]
async fn create_api_key() {
    let bound = CreateApiKeyRequest { name: "mill".to_owned(), maybe_orga: Some(MILL.to_owned()) };
    let call = async |c: &NuExtractClient| c.create_api_key(&bound).await;
    insta::assert_snapshot!(typed(ok("api_keys", "one.json"), call).await);
}

#[tokio::test]
async fn create_api_key_of_no_organization() {
    let free = CreateApiKeyRequest { name: "nightly".to_owned(), ..CreateApiKeyRequest::default() };
    let call = async |c: &NuExtractClient| c.create_api_key(&free).await;
    insta::assert_snapshot!(typed(ok("api_keys", "one.json"), call).await);
}

#[tokio::test]
async fn update_api_key() {
    let call = async |c: &NuExtractClient| c.update_api_key("key-1", "mill").await;
    insta::assert_snapshot!(typed(ok("api_keys", "one.json"), call).await);
}

#[tokio::test]
async fn delete_api_key() {
    insta::assert_snapshot!(typed(Canned::empty(200), async |c| c.delete_api_key("key-1").await).await);
}

#[tokio::test]
async fn ping() {
    insta::assert_snapshot!(typed(ok("ping", "pong.txt"), async |c| c.ping().await).await);
}

#[tokio::test]
async fn version() {
    insta::assert_snapshot!(typed(ok("version", "version.json"), async |c| c.version().await).await);
}

#[tokio::test]
async fn health() {
    insta::assert_snapshot!(typed(ok("health", "health.json"), async |c| c.health().await).await);
}

#[test]
fn that_cannot_work_is_refused_with_the_reason() {
    let config = || ProviderConfig::new("prod");
    let oauth2 = |token_url: &str| {
        let mut auth = json_oauth2();
        if let AuthConfig::OAuth2 { token_url: url, .. } = &mut auth {
            *url = Some(token_url.to_owned());
        }
        auth
    };
    let refusals = [
        refusal(config()),
        refusal(config().auth(AuthConfig::key_pair("a", "b"))),
        refusal(config().auth(AuthConfig::bearer(""))),
        refusal(config().auth(AuthConfig::bearer("t")).default_role(Role::Member)),
        refusal(config().auth(AuthConfig::bearer("t")).base_url("http://nuextract.ai")),
        refusal(config().auth(oauth2("http://users.numind.ai/token"))),
    ];
    insta::assert_snapshot!(refusals.join("\n"));
    let unknown = serde_json::from_value::<NuExtractSettings>(json!({ "colour": "red" }));
    assert!(unknown.expect_err("there is no such setting").to_string().contains("colour"));
}

#[tokio::test]
async fn with_a_refresh_token_gets_an_access_token_first() {
    let granted =
        r#"{"access_token":"granted","expires_in":300,"refresh_token":"next","token_type":"Bearer"}"#;
    let wire = Wire::answering([Canned::json(200, granted), ok("list_organizations", "none.json")]).await;
    let mut auth = json_oauth2();
    if let AuthConfig::OAuth2 { token_url, .. } = &mut auth {
        *token_url =
            Some(format!("{}/realms/extract-platform/protocol/openid-connect/token", wire.base_url()));
    }
    provider_as(&wire, auth).list_organizations(None).await.expect("both answers are good");
    let requests: Vec<_> = wire.received().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(requests.join("\n"));
}

#[tokio::test]
async fn with_an_api_key_refuses_everything_before_sending() {
    let wire = Wire::answering([Canned::json(200, "[]")]).await;
    let provider = provider_as(&wire, AuthConfig::api_key("key-of-the-test"));
    for operation in Operation::ALL.iter().copied() {
        assert!(!provider.capability().support(operation).works(), "{operation}");
    }
    let errors = every_operation(&provider).await;
    assert_eq!(errors.len(), Operation::ALL.len() + 2);
    for error in &errors {
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.message().contains("OAuth access token"), "{error}");
    }
    assert!(wire.received().is_empty());
}

#[tokio::test]
async fn read_only_sends_reads_and_nothing_else() {
    let wire = Wire::answering([ok("list_invitations", "none.json")]).await;
    let provider = provider(&wire).read_only();
    for error in every_operation(&provider).await {
        // The one response there is fits no person.
        let is_read = error.operation() == Some(Operation::GetIdentity);
        let refused =
            matches!(error.kind(), ErrorKind::ReadOnly | ErrorKind::Unsupported | ErrorKind::NotFound);
        assert!(refused || is_read, "{error}");
    }
    let refused = provider.client().delete_api_key("key").await.expect_err("it is a write");
    assert_eq!(refused.kind(), ErrorKind::ReadOnly);
    assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")), "{:#?}", wire.received());
}

#[tokio::test]
async fn secrets_do_not_show() {
    let echo = format!(r#"{{"code":"Forbidden","message":"no right for Bearer {TOKEN}"}}"#);
    let wire = Wire::answering([Canned::json(403, echo)]).await;
    let provider = provider(&wire);
    let error = provider.list_members(&mill(), None).await.expect_err("403");
    let shown = format!("{provider:?} {provider:#?} {error} {error:?}");
    assert!(!shown.contains(TOKEN), "{shown}");

    let key = r#"[{"id": 7, "token": "key-that-must-not-show"}]"#;
    let wire = Wire::answering([Canned::json(200, key)]).await;
    let error = client(&wire).list_api_keys().await.expect_err("the id is a number");
    assert!(!format!("{error} {error:?}").contains("must-not-show"), "{error:?}");

    let token = r#"{"token": ["token-that-must-not-show"]}"#;
    let wire = Wire::answering([Canned::json(200, token), Canned::json(400, token)]).await;
    let request = TokenRequest::Refresh { token: Secret::new("refresh-that-must-not-show") };
    for _ in 0..2 {
        let error = client(&wire).token(&request).await.expect_err("no token");
        assert!(!format!("{request:?} {error} {error:?}").contains("must-not-show"), "{error:?}");
    }
}
