//! One request and one answer for each call of the typed client.

use std::time::Duration;

use orgport_core::Error;
use orgport_koyeb::KoyebClient;
use orgport_koyeb::model::{CredentialType, InvitationStatus, Order, Organization, OrganizationStatus};
use orgport_koyeb::request::{
    CredentialFields, CredentialQuery, InvitationQuery, MemberQuery, MyInvitationQuery, OrganizationQuery,
    Part,
};
use orgport_tests::wire::Wire;

use super::{INVITATION, MEMBERSHIP, ORG, client, ok, shown, snapshot};

const PART: Part = Part { limit: Some(50), offset: Some(150) };

async fn exchange<T: std::fmt::Debug>(
    name: &str,
    answer: &str,
    call: impl AsyncFnOnce(KoyebClient) -> Result<T, Error>,
) {
    let wire = Wire::answering([ok(answer)]).await;
    let outcome = call(client(&wire)).await;
    snapshot(name, &format!("{}\n{}", wire.request(), shown(&outcome)));
}

#[tokio::test]
async fn invitations_of_an_organization() {
    exchange("list_invitations", "organization_invitations/page", async |koyeb| {
        let statuses = vec![InvitationStatus::Pending, InvitationStatus::Expired];
        koyeb.list_invitations(&InvitationQuery { part: PART, statuses, user_id: Some("me".into()) }).await
    })
    .await;
    exchange("list_invitations_odd", "organization_invitations/odd", async |koyeb| {
        koyeb.list_invitations(&InvitationQuery::default()).await
    })
    .await;
    exchange("list_invitations_left_out", "organization_invitations/left_out", async |koyeb| {
        koyeb.list_invitations(&InvitationQuery::default()).await
    })
    .await;
    exchange("create_invitation", "organization_invitations/one", async |koyeb| {
        koyeb.create_invitation("ada+lab@lovelace.example").await
    })
    .await;
    exchange("get_invitation", "organization_invitations/one", async |koyeb| {
        koyeb.get_invitation(INVITATION).await
    })
    .await;
    exchange("delete_invitation", "organizations/confirmed", async |koyeb| {
        koyeb.delete_invitation(INVITATION).await
    })
    .await;
    exchange("resend_invitation", "organization_invitations/resent", async |koyeb| {
        koyeb.resend_invitation(INVITATION).await
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_none_is_not_an_empty_one() {
    for body in
        [r#"{"limit":100}"#, r#"{"invitations":null,"count":3}"#, r#"{"invitations":{}}"#, "[]", "null"]
    {
        let wire = Wire::answering([orgport_tests::wire::Canned::json(200, body)]).await;
        let outcome = client(&wire).list_invitations(&InvitationQuery::default()).await;
        assert_eq!(outcome.expect_err(body).kind(), orgport_core::ErrorKind::Protocol, "{body}");
    }
}

#[tokio::test]
async fn invitations_to_a_user() {
    exchange("list_my_invitations", "organization_invitations/empty", async |koyeb| {
        let statuses = vec![InvitationStatus::Pending];
        koyeb.list_my_invitations(&MyInvitationQuery { part: PART, statuses }).await
    })
    .await;
    exchange("get_my_invitation", "organization_invitations/one", async |koyeb| {
        koyeb.get_my_invitation(INVITATION).await
    })
    .await;
    exchange("accept_invitation", "account/accepted", async |koyeb| {
        koyeb.accept_invitation(INVITATION).await
    })
    .await;
    exchange("decline_invitation", "account/declined", async |koyeb| {
        koyeb.decline_invitation(INVITATION).await
    })
    .await;
}

#[tokio::test]
async fn members() {
    exchange("list_members", "organization_members/page", async |koyeb| {
        let query = MemberQuery {
            part: PART,
            organization_id: Some(ORG.into()),
            user_id: Some("me".into()),
            organization_statuses: vec![OrganizationStatus::Active, OrganizationStatus::Locked],
        };
        koyeb.list_members(&query).await
    })
    .await;
    exchange("remove_member", "organization_members/removed", async |koyeb| {
        koyeb.remove_member(MEMBERSHIP).await
    })
    .await;
}

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
async fn organizations() {
    let fields = || Organization {
        id: "not sent".into(),
        billing_name: Some("Engines".into()),
        city: Some(String::new()),
        ..Organization::default()
    };
    exchange("create_organization", "organizations/created", async |koyeb| {
        koyeb.create_organization("difference-engines").await
    })
    .await;
    exchange("get_organization", "organizations/one", async |koyeb| koyeb.get_organization(ORG).await).await;
    exchange("update_organization", "organizations/one", async |koyeb| {
        koyeb.update_organization(ORG, &fields(), None).await
    })
    .await;
    exchange("replace_organization", "organizations/one", async |koyeb| {
        koyeb.replace_organization(ORG, &fields(), Some("billing_name,city")).await
    })
    .await;
    exchange("rename_organization", "organizations/renamed", async |koyeb| {
        koyeb.rename_organization(ORG, "engines-two").await
    })
    .await;
    exchange("set_default_project", "organizations/one", async |koyeb| {
        koyeb.set_default_project(ORG, "project-1").await
    })
    .await;
    exchange("quotas", "organizations/quotas", async |koyeb| koyeb.quotas(ORG).await).await;
    exchange("summary", "organizations/summary", async |koyeb| koyeb.summary(ORG).await).await;
}

#[tokio::test]
async fn the_end_of_an_organization() {
    exchange("deactivate_organization", "organizations/deactivating", async |koyeb| {
        koyeb.deactivate_organization(ORG, false).await
    })
    .await;
    exchange("confirm_organization_action", "organizations/confirmed", async |koyeb| {
        koyeb.confirm_organization_action("from-the-mail").await
    })
    .await;
    exchange("reactivate_organization", "organizations/one", async |koyeb| {
        koyeb.reactivate_organization(ORG).await
    })
    .await;
    exchange("delete_organization", "organizations/deleting", async |koyeb| {
        koyeb.delete_organization(ORG).await
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
async fn no_error_shows_a_token_that_an_answer_holds() {
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
