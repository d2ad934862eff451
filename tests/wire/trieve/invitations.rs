//! Invitations: what the calls send, and what the operations make of them.

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::{Email, ErrorKind, InvitationId, Invitations, NewInvitation, Role};
use orgport_tests::wire::{Canned, Wire};
use orgport_trieve::{Credential, TrieveClient, TrieveProvider, TrieveSettings};

use super::{
    INVITATION, KEY, ORG, REDIRECT, canned, exchanges, invitation_data, organization, provider, told,
};

endpoints! {
    create_invitation: |client| client.create_invitation(ORG, &invitation_data());
    list_invitations: |client| client.list_invitations(ORG);
    delete_invitation: |client| client.delete_invitation(ORG, INVITATION);
}

#[tokio::test]
async fn only_an_invitation_of_this_organization_that_waits_is_revoked() {
    let revoke = |id: &'static str| {
        async move |provider: TrieveProvider| {
            provider.revoke_invitation(&organization(), &InvitationId::new(id).expect("not empty")).await
        }
    };
    let listed = "list_invitations/200.json";
    insta::assert_snapshot!("revoke", told(&[listed, "delete_invitation/204.txt"], revoke(INVITATION)).await);
    for id in [KEY, "d5c9b7e3-4f60-4b28-8c91-2a3f4e5d6c44"] {
        let text = told(&[listed], revoke(id)).await;
        assert!(text.contains("ends with\nnot found, "), "{text}");
        assert!(!text.contains(id), "{text}");
    }
}

#[tokio::test]
async fn inviting_looks_sends_and_looks_again() {
    let answers = [
        "list_invitations/200-empty.json",
        "list_users/200.json",
        "create_invitation/204.txt",
        "list_invitations/200.json",
    ];
    let invite = async |provider: TrieveProvider| {
        let cleo = NewInvitation::to(Email::parse("cleo@example.org")?).with_role(Role::Admin);
        provider.invite(&organization(), cleo).await
    };
    insta::assert_snapshot!(told(&answers, invite).await);
}

#[tokio::test]
async fn a_used_invitation_in_the_way_is_deleted() {
    let wire = Wire::answering([
        canned("trieve/list_invitations/200.json"),
        canned("trieve/list_users/200.json"),
        Canned::json(400, r#"{"message":"User with email Dan@Example.org has already been invited"}"#),
        canned("trieve/list_invitations/200.json"),
        canned("trieve/list_users/200.json"),
        canned("trieve/list_invitations/200.json"),
        canned("trieve/delete_invitation/204.txt"),
        canned("trieve/create_invitation/400-invalid-email.json"),
        canned("trieve/list_invitations/200.json"),
        canned("trieve/list_users/200.json"),
    ])
    .await;
    let dan = NewInvitation::to(Email::parse("Dan@Example.org").expect("an address")).with_role(Role::Member);
    let result = provider(&wire, Credential::Organization).invite(&organization(), dan).await;
    assert_eq!(result.expect_err("refused").kind(), ErrorKind::InvalidInput);
    let lines: Vec<_> = wire.received().into_iter().map(|request| request.line).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn resending_carries_role_and_scopes_over() {
    let answers = [
        "list_invitations/200.json",
        "list_invitations/200.json",
        "delete_invitation/204.txt",
        "list_invitations/200-empty.json",
        "list_users/200.json",
        "create_invitation/204.txt",
        "list_invitations/200.json",
    ];
    let eve = InvitationId::new("f7ebd9a5-6b82-4d4a-8eb3-4c5b6a7f8e66").expect("not empty");
    let resend = async |provider: TrieveProvider| provider.resend_invitation(&organization(), &eve).await;
    insta::assert_snapshot!(told(&answers, resend).await);
}

#[tokio::test]
async fn what_cannot_be_made_again_is_not_deleted() {
    let id = InvitationId::new(INVITATION).expect("not empty");
    for (rest, kind) in [
        (r#""role":0,"scopes":[]"#, ErrorKind::Conflict),
        (r#""role":0,"scopes":[null]"#, ErrorKind::Conflict),
        (r#""scopes":null"#, ErrorKind::InvalidInput),
    ] {
        let row = format!(r#"[{{"id":"{INVITATION}","email":"a@x.io","used":false,{rest}}}]"#);
        let wire = Wire::answering([Canned::json(200, row)]).await;
        let error = provider(&wire, Credential::Organization).resend_invitation(&organization(), &id).await;
        assert_eq!(error.expect_err("it could not be made again").kind(), kind, "{rest}");
        assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")));
    }
    let wire = Wire::answering([canned("trieve/list_invitations/200.json")]).await;
    let config =
        ProviderConfig::new("search").base_url(wire.base_url()).auth(AuthConfig::api_key("tr-secret"));
    let without_link = TrieveProvider::new(config, TrieveSettings::default()).expect("valid");
    let error = without_link.resend_invitation(&organization(), &id).await.expect_err("no link");
    assert!(error.kind() == ErrorKind::Config && error.message().contains("redirect_uri"), "{error}");
    assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")));
}

#[tokio::test]
async fn mailed_links_lead_to_the_base_url_unless_told_otherwise() {
    let wire = Wire::answering([
        canned("trieve/list_invitations/200-empty.json"),
        canned("trieve/list_users/200.json"),
        canned("trieve/create_invitation/204.txt"),
        canned("trieve/list_invitations/200.json"),
    ])
    .await;
    let config =
        ProviderConfig::new("search").base_url(wire.base_url()).auth(AuthConfig::api_key("tr-secret"));
    let provider = TrieveProvider::new(config, TrieveSettings::default().redirect_uri(REDIRECT));
    let cleo = NewInvitation::to(Email::verbatim("cleo@example.org")).with_role(Role::Admin);
    provider.expect("valid").invite(&organization(), cleo).await.expect("invited");
    let body: serde_json::Value = serde_json::from_str(&wire.received()[2].body).expect("JSON");
    assert_eq!(body["app_url"], format!("{}/api", wire.base_url()));
}
