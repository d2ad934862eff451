//! Values that are hard to send: one segment, one value, one string, or refused.

use orgport_core::ErrorKind;
use orgport_koyeb::KoyebClient;
use orgport_koyeb::model::{Organization, OrganizationStatus};
use orgport_koyeb::request::{
    CredentialFields, CredentialQuery, InvitationQuery, MemberQuery, OrganizationQuery,
};
use orgport_tests::segment_calls;
use orgport_tests::segments::{self, Call};
use orgport_tests::wire::Wire;

use super::{client, refusal, snapshot};

fn calls() -> [(&'static str, Call<KoyebClient>); 24] {
    segment_calls! { KoyebClient:
        "GET /v1/organization_invitations/{}" => |koyeb, id| koyeb.get_invitation(id),
        "DELETE /v1/organization_invitations/{}" => |koyeb, id| koyeb.delete_invitation(id),
        "POST /v1/organization_invitations/{}/resend" => |koyeb, id| koyeb.resend_invitation(id),
        "GET /v1/account/organization_invitations/{}" => |koyeb, id| koyeb.get_my_invitation(id),
        "POST /v1/account/organization_invitations/{}/accept" => |koyeb, id| koyeb.accept_invitation(id),
        "POST /v1/account/organization_invitations/{}/decline" => |koyeb, id| koyeb.decline_invitation(id),
        "DELETE /v1/organization_members/{}" => |koyeb, id| koyeb.remove_member(id),
        "GET /v1/organizations/{}" => |koyeb, id| koyeb.get_organization(id),
        "PATCH /v1/organizations/{}" =>
            |koyeb, id| koyeb.update_organization(id, &Organization::default(), None),
        "PUT /v1/organizations/{}" =>
            |koyeb, id| koyeb.replace_organization(id, &Organization::default(), None),
        "PUT /v1/organizations/{}/name" => |koyeb, id| koyeb.rename_organization(id, "name"),
        "PUT /v1/organizations/{}/default_project" => |koyeb, id| koyeb.set_default_project(id, "project"),
        "POST /v1/organizations/{}/deactivate" => |koyeb, id| koyeb.deactivate_organization(id, true),
        "POST /v1/organization_confirmations/{}" => |koyeb, id| koyeb.confirm_organization_action(id),
        "POST /v1/organizations/{}/reactivate" => |koyeb, id| koyeb.reactivate_organization(id),
        "DELETE /v1/organizations/{}" => |koyeb, id| koyeb.delete_organization(id),
        "GET /v1/organizations/{}/quotas" => |koyeb, id| koyeb.quotas(id),
        "GET /v1/organizations/{}/summary" => |koyeb, id| koyeb.summary(id),
        "POST /v1/organizations/{}/access_token" => |koyeb, id| koyeb.create_access_token(id, None),
        "POST /v1/organizations/{}/switch" => |koyeb, id| koyeb.switch_organization(id, None),
        "GET /v1/credentials/{}" => |koyeb, id| koyeb.get_credential(id),
        "PATCH /v1/credentials/{}" => |koyeb, id| koyeb.update_credential(id, &CredentialFields::default(), None),
        "PUT /v1/credentials/{}" => |koyeb, id| koyeb.replace_credential(id, &CredentialFields::default(), None),
        "DELETE /v1/credentials/{}" => |koyeb, id| koyeb.delete_credential(id),
    }
}

#[tokio::test]
async fn every_id_stays_one_segment() {
    let wire = Wire::answering([refusal("404_resource")]).await;
    segments::stay_whole(&wire, &client(&wire), &calls()).await;
}

#[tokio::test]
async fn ids_that_no_path_can_carry_are_not_sent() {
    let wire = Wire::answering([refusal("404_resource")]).await;
    segments::are_not_sent(&wire, &client(&wire), &calls()).await;
}

#[tokio::test]
async fn every_query_value_stays_one_value() {
    let hard = "a b/?#&=+%25..é☃\r\n";
    let wire = Wire::answering([refusal("404_resource")]).await;
    let koyeb = client(&wire);
    let invitations = InvitationQuery { user_id: Some(hard.into()), ..InvitationQuery::default() };
    koyeb.list_invitations(&invitations).await.expect_err("the answer is 404");
    let members = MemberQuery {
        organization_id: Some(hard.into()),
        user_id: Some(String::new()),
        organization_statuses: vec![OrganizationStatus::Other(hard.into())],
        ..MemberQuery::default()
    };
    koyeb.list_members(&members).await.expect_err("the answer is 404");
    let organizations = OrganizationQuery { search: Some(hard.into()), ..OrganizationQuery::default() };
    koyeb.list_organizations(&organizations).await.expect_err("the answer is 404");
    let credentials = CredentialQuery { name: Some(hard.into()), ..CredentialQuery::default() };
    koyeb.list_credentials(&credentials).await.expect_err("the answer is 404");
    let fields = Organization::default();
    koyeb.update_organization("id", &fields, Some(hard)).await.expect_err("the answer is 404");
    snapshot("hard_queries", &super::lines(&wire).join("\n"));
}

#[tokio::test]
async fn every_text_stays_one_json_string() {
    let hard = "\"},{\\ é☃\u{0}\r\n' \u{202e}";
    let wire = Wire::answering([refusal("400_bare")]).await;
    let koyeb = client(&wire);
    koyeb.create_invitation(hard).await.expect_err("the answer is 400");
    koyeb.create_organization(hard).await.expect_err("the answer is 400");
    koyeb.rename_organization("id", hard).await.expect_err("the answer is 400");
    koyeb.set_default_project("id", hard).await.expect_err("the answer is 400");
    for (request, key) in wire.received().iter().zip(["email", "name", "name", "default_project_id"]) {
        let body: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
        assert_eq!(body, serde_json::json!({ key: hard }));
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_refused_by_its_name() {
    let wire = Wire::answering([refusal("400_bare")]).await;
    let error = client(&wire).profile(Some("a\r\nb")).await.expect_err("no header");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("seon-fp"), "{error}");
    assert_eq!(wire.received().len(), 0);
}
