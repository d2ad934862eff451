//! The credential, the configuration and the account.

use std::time::Duration;

use orgport_core::{
    Answer, Email, Error, ErrorKind, InvitationRef, Invitations, MemberId, Members, NewInvitation,
    NewOrganization, OrganizationUpdate, Organizations, Role,
};
use orgport_koyeb::model::{CredentialType, Order, OrganizationStatus};
use orgport_koyeb::request::{CredentialFields, CredentialQuery, OrganizationQuery};
use orgport_tests::wire::Wire;

use super::{MEMBERSHIP, ORG, PART, client, exchange, home, id, invitation, lines, ok, provider};

#[tokio::test]
async fn the_account() {
    exchange("profile", "account/profile", async |koyeb| koyeb.profile(Some("print")).await).await;
    exchange("current_organization", "account/organization", async |koyeb| {
        koyeb.current_organization().await
    })
    .await;
    exchange("list_organizations", "account/organizations", async |koyeb| {
        let query = OrganizationQuery {
            part: PART,
            order: Some(Order::Descending),
            search: Some("engines & co".into()),
            statuses: vec![OrganizationStatus::Warning, OrganizationStatus::Other("NEW".into())],
        };
        koyeb.list_organizations(&query).await
    })
    .await;
}

#[tokio::test]
async fn tokens() {
    exchange("create_access_token", "tokens/access_token", async |koyeb| {
        koyeb.create_access_token(ORG, Some(Duration::from_millis(1500))).await
    })
    .await;
    exchange("create_access_token_default", "tokens/access_token", async |koyeb| {
        koyeb.create_access_token(ORG, None).await
    })
    .await;
    exchange("switch_organization", "tokens/session", async |koyeb| {
        koyeb.switch_organization(ORG, Some("print")).await
    })
    .await;
    exchange("unscope_token", "tokens/unscoped", async |koyeb| koyeb.unscope_token(None).await).await;
}

#[tokio::test]
async fn api_tokens() {
    let fields = || CredentialFields {
        name: Some("ci".into()),
        description: Some("for the pipeline".into()),
        r#type: Some(CredentialType::Organization),
        organization_id: Some(ORG.into()),
    };
    exchange("list_credentials", "tokens/credentials", async |koyeb| {
        let query = CredentialQuery {
            part: PART,
            r#type: Some(CredentialType::User),
            name: Some("ci".into()),
            organization_id: Some(ORG.into()),
            user_id: Some("me".into()),
        };
        koyeb.list_credentials(&query).await
    })
    .await;
    exchange("create_credential", "tokens/credential_created", async |koyeb| {
        koyeb.create_credential(&fields()).await
    })
    .await;
    exchange("get_credential", "tokens/credential", async |koyeb| koyeb.get_credential("key-1").await).await;
    exchange("update_credential", "tokens/credential", async |koyeb| {
        let fields = CredentialFields { name: Some("cd".into()), ..CredentialFields::default() };
        koyeb.update_credential("key-1", &fields, None).await
    })
    .await;
    exchange("replace_credential", "tokens/credential", async |koyeb| {
        koyeb.replace_credential("key-1", &fields(), Some("name,description")).await
    })
    .await;
    exchange("delete_credential", "organizations/confirmed", async |koyeb| {
        koyeb.delete_credential("key-1").await
    })
    .await;
}

#[tokio::test]
async fn no_error_shows_a_token_that_a_response_holds() {
    exchange("broken_session", "tokens/broken", async |koyeb| koyeb.unscope_token(None).await).await;
    exchange("broken_access_token", "tokens/broken", async |koyeb| {
        koyeb.create_access_token(ORG, None).await
    })
    .await;
    exchange("broken_credential", "tokens/credential_broken", async |koyeb| {
        koyeb.create_credential(&CredentialFields::default()).await
    })
    .await;
    for (answer, value) in [("broken", "session-bearer-value"), ("session", "session-bearer-value")] {
        let wire = Wire::answering([ok(&format!("tokens/{answer}"))]).await;
        let text = format!("{:?}", client(&wire).switch_organization(ORG, None).await);
        assert!(!text.contains(value), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let wire = Wire::answering([home()]).await;
    let koyeb = provider(&wire);
    let org = id(ORG);
    let kind = |outcome: Result<(), Error>| outcome.expect_err("refused").kind();
    let described = NewOrganization::new("x").with_description("y");
    assert_eq!(kind(koyeb.create_organization(described).await.map(drop)), ErrorKind::Unsupported);
    assert_eq!(
        kind(koyeb.create_organization(NewOrganization::new(" ")).await.map(drop)),
        ErrorKind::InvalidInput
    );
    let update = OrganizationUpdate::new();
    assert_eq!(
        kind(koyeb.update_organization(&org, update.clone()).await.map(drop)),
        ErrorKind::InvalidInput
    );
    let described = update.with_name("x").with_description("y");
    assert_eq!(kind(koyeb.update_organization(&org, described).await.map(drop)), ErrorKind::Unsupported);
    let member = MemberId::new(MEMBERSHIP).expect("not empty");
    assert_eq!(kind(koyeb.set_member_role(&org, &member, &Role::Owner).await), ErrorKind::Unsupported);
    let unnamed = NewInvitation::to(Email::parse("ada@lovelace.example").expect("valid"));
    assert_eq!(kind(koyeb.invite(&org, unnamed.clone()).await.map(drop)), ErrorKind::InvalidInput);
    for role in Role::KNOWN.iter().filter(|role| **role != Role::Owner) {
        let invitation = unnamed.clone().with_role(role.clone());
        assert_eq!(kind(koyeb.invite(&org, invitation).await.map(drop)), ErrorKind::Unsupported, "{role}");
    }
    let token = InvitationRef::by_token(Email::verbatim("a@b.example"), "secret".into());
    let outcome = koyeb.respond_to_invitation(&token, Answer::Accept).await.map(drop);
    assert_eq!(kind(outcome), ErrorKind::Unsupported);
    assert_eq!(lines(&wire), Vec::<String>::new());
}

#[tokio::test]
async fn a_read_only_provider_sends_reads_only() {
    let wire = Wire::answering([home(), ok("organization_members/page")]).await;
    let koyeb = provider(&wire).read_only();
    koyeb.list_members(&id(ORG), None).await.expect("a read");
    let error = koyeb.revoke_invitation(&id(ORG), &invitation()).await.expect_err("a write");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(
        koyeb.client().create_invitation("a@b.example").await.expect_err("a write").kind(),
        ErrorKind::ReadOnly
    );
    assert_eq!(lines(&wire).len(), 2);
}
