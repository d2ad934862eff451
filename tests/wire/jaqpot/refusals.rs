//! What refusals and broken responses become.

use super::{ORG, Report, UUID, answer, call, told};
use insta::assert_snapshot;
use orgport_core::{Error, Operation};
use orgport_jaqpot::JaqpotClient;
use orgport_jaqpot::model::{OrganizationInvitationStatus, Visibility};
use orgport_jaqpot::request::{CreateOrganization, PartialUpdateOrganization, UpdateInvitation};
use orgport_tests::wire::Canned;

/// The one write or read of the typed client behind an operation.
async fn refusal_of(client: &JaqpotClient, operation: Operation) -> Result<(), Error> {
    let name = "delta-works".to_owned();
    match operation {
        Operation::GetOrganization => client.get_organization(ORG).await.map(drop),
        Operation::CreateOrganization => {
            let new = CreateOrganization::new(ORG, Visibility::Public, "desk@delta.example");
            client.create_organization(&new).await
        }
        Operation::UpdateOrganization => {
            let (contact_email, visibility) = ("desk@delta.example".into(), Visibility::Public);
            let update = PartialUpdateOrganization { name, contact_email, visibility, description: None };
            client.update_organization(7301, &update).await.map(drop)
        }
        Operation::GetInvitation => client.get_invitation(ORG, UUID).await.map(drop),
        Operation::Invite => client.create_invitations(ORG, &["ines@people.example"]).await,
        Operation::ResendInvitation => client.resend_invitation(7301, UUID).await,
        Operation::RespondToInvitation => {
            let update = UpdateInvitation {
                id: None,
                user_id: None,
                user_email: "ines@people.example".into(),
                status: OrganizationInvitationStatus::Accepted,
                expiration_date: "2026-05-19T08:00:00Z".into(),
            };
            client.update_invitation(ORG, UUID, &update).await.map(drop)
        }
        other => unreachable!("{other}"),
    }
}

#[tokio::test]
async fn have_their_kinds() {
    let cases: &[(&str, u16, Operation)] = &[
        ("400_answered_already.json", 400, Operation::RespondToInvitation),
        ("400_answered_already.json", 400, Operation::ResendInvitation),
        ("400_expired.json", 400, Operation::RespondToInvitation),
        ("400_wrong_person.json", 400, Operation::RespondToInvitation),
        ("400_unverified.json", 400, Operation::RespondToInvitation),
        ("400_name_taken.json", 400, Operation::CreateOrganization),
        ("400_id_given.json", 400, Operation::CreateOrganization),
        ("400_validation.json", 400, Operation::Invite),
        ("400_documented.json", 400, Operation::CreateOrganization),
        ("400_documented.json", 400, Operation::Invite),
        ("400_framework_line_b.json", 400, Operation::GetInvitation),
        ("400_framework_line_a.json", 400, Operation::GetInvitation),
        ("400_page.html", 400, Operation::GetOrganization),
        ("400_page.html", 400, Operation::Invite),
        ("401_key_line_b.json", 401, Operation::Invite),
        ("401_key_line_a.json", 401, Operation::GetOrganization),
        ("", 401, Operation::GetOrganization),
        ("", 403, Operation::GetOrganization),
        ("", 403, Operation::Invite),
        ("403_foreign.json", 403, Operation::Invite),
        ("404_line_b.json", 404, Operation::GetOrganization),
        ("404_organization_line_a.json", 404, Operation::GetOrganization),
        ("404_invitation_line_a.json", 404, Operation::ResendInvitation),
        ("404_creator_line_a.json", 404, Operation::UpdateOrganization),
        ("", 404, Operation::GetOrganization),
        ("404_other_status.json", 404, Operation::Invite),
        ("405_line_b.json", 405, Operation::UpdateOrganization),
        ("", 408, Operation::Invite),
        ("409_line_b.json", 409, Operation::UpdateOrganization),
        ("409_line_a.json", 409, Operation::UpdateOrganization),
        ("415_line_b.json", 415, Operation::Invite),
        ("429_limit.json", 429, Operation::Invite),
        ("429_limit.json", 429, Operation::ResendInvitation),
        ("429_limit.json", 429, Operation::UpdateOrganization),
        ("500_line_b.json", 500, Operation::GetOrganization),
        ("500_line_b.json", 500, Operation::Invite),
        ("500_line_b.json", 500, Operation::ResendInvitation),
        ("500_key_expired_line_a.json", 500, Operation::GetOrganization),
        ("500_foreign.json", 500, Operation::Invite),
        ("500_foreign_with_status.json", 500, Operation::Invite),
        ("500_text.txt", 500, Operation::GetOrganization),
        ("", 500, Operation::Invite),
        ("502_page.html", 502, Operation::GetOrganization),
        ("502_page.html", 502, Operation::CreateOrganization),
        ("503_line_b.json", 503, Operation::Invite),
    ];
    let mut report = Report::default();
    for (file, status, operation) in cases {
        let canned =
            if file.is_empty() { Canned::empty(*status) } else { answer(*status, &format!("errors/{file}")) };
        let (request, refused) = call(canned, async |client| refusal_of(&client, *operation).await).await;
        let error = refused.expect_err("it is a refusal").during("lab", *operation);
        let retry_after =
            error.retry_after().map(|wait| format!("    retry after {wait:?}\n")).unwrap_or_default();
        let method = request.line.split(' ').next().expect("a method").to_owned();
        report.add(&format!("{status} {file} to {method}"), format!("{}\n{retry_after}", told(&error)));
    }
    assert_snapshot!(report.0);
}
