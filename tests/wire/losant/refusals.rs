//! What the vendor refuses, and what is refused before it is sent.

use std::fmt::Write as _;

use orgport_core::{
    Answer, Cursor, Error, ErrorKind, InvitationFilter, InvitationId, InvitationRef, InvitationStatus,
    Invitations, Members, NewInvitation, NewOrganization, OrganizationId, OrganizationUpdate, Organizations,
    Role,
};
use orgport_losant::{MeQuery, OrgFields, OrgPost, OrgsQuery, Summary};
use orgport_tests::wire::{Canned, Wire, fixture};

use super::{BOB, ORG, answer, client, email, invitation_id, json, member_id, org, provider, requests, told};

#[tokio::test]
async fn every_refusal_has_its_kind() {
    let mut table = String::new();
    let mut note = |what: &str, error: &Error| {
        let code = error.vendor_code().unwrap_or("-");
        writeln!(table, "{what}: {} [{code}]", told(error)).expect("a string");
    };
    let cases = [
        (400, "validation.json"),
        (400, "version.json"),
        (401, "unauthorized.json"),
        (403, "locked.json"),
        (403, "forbidden.json"),
        (404, "not-found.json"),
        (405, "method-not-allowed.json"),
        (410, "gone.json"),
        (413, "bare-message.json"),
        (429, "too-many.json"),
        (500, "server.json"),
        (502, "gateway.txt"),
        (503, "bare-message.json"),
    ];
    for (status, name) in cases {
        let wire = Wire::answering([answer(status, &format!("errors/{name}"))]).await;
        let provider = provider(&wire);
        note(&format!("GET {status} {name}"), &provider.get_organization(&org()).await.expect_err("refused"));
        let create = provider.create_organization(NewOrganization::new("Looms")).await;
        note(&format!("POST {status} {name}"), &create.expect_err("refused"));
        let mine =
            provider.respond_to_invitation(&InvitationRef::by_id(invitation_id()), Answer::Accept).await;
        note(&format!("answer {status} {name}"), &mine.expect_err("refused"));
    }
    let html = Canned::text(404, fixture("losant/errors/gateway.txt")).header("content-type", "text/html");
    let wire = Wire::answering([html]).await;
    note("GET 404 page", &provider(&wire).get_organization(&org()).await.expect_err("refused"));
    let rows = json("org-pending-invites/all-kinds.json");
    let wire = Wire::answering([rows, Canned::text(400, "no")]).await;
    let revoked = provider(&wire).revoke_invitation(&org(), &invitation_id()).await;
    note("DELETE 400 text", &revoked.expect_err("refused"));
    let wire = Wire::answering([Canned::empty(500)]).await;
    note("GET 500 empty", &provider(&wire).get_organization(&org()).await.expect_err("refused"));
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn what_is_no_id_never_leaves() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire);
    let long = "a".repeat(4096);
    let uuid = "64b0f3a1-c2d4-e5f6-0718-293a00000000";
    for id in [
        ".",
        "..",
        "../admin",
        "a/b",
        "a?b#c",
        "%2e%2e",
        "nul\0",
        "ключ",
        " 64b0f3a1c2d4e5f60718293",
        uuid,
        &long,
    ] {
        let other_org = OrganizationId::new(id).expect("not empty");
        let (member, invitation) = (member_id(id), InvitationId::new(id).expect("not empty"));
        let someone = NewInvitation::to(email("new@example.com")).with_role(Role::Viewer);
        let by_id = InvitationRef::by_id(invitation.clone());
        let kinds = [
            provider.get_organization(&other_org).await.err(),
            provider.update_organization(&other_org, OrganizationUpdate::new().with_name("x")).await.err(),
            provider.delete_organization(&other_org).await.err(),
            provider.list_members(&other_org, None).await.err(),
            provider.set_member_role(&other_org, &member_id(BOB), &Role::Viewer).await.err(),
            provider.set_member_role(&org(), &member, &Role::Viewer).await.err(),
            provider.remove_member(&other_org, &member_id(BOB)).await.err(),
            provider.remove_member(&org(), &member).await.err(),
            provider.list_invitations(&other_org, &InvitationFilter::all(), None).await.err(),
            provider.get_invitation(&other_org, &invitation_id()).await.err(),
            provider.get_invitation(&org(), &invitation).await.err(),
            provider.invite(&other_org, someone).await.err(),
            provider.resend_invitation(&org(), &invitation).await.err(),
            provider.revoke_invitation(&other_org, &invitation_id()).await.err(),
            provider.revoke_invitation(&org(), &invitation).await.err(),
            provider.respond_to_invitation(&by_id, Answer::Accept).await.err(),
        ];
        for error in kinds {
            let error = error.expect(id);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.to_string().len() < 200, "it does not repeat the id: {error}");
        }
    }
    assert!(wire.received().is_empty());
}

#[tokio::test]
async fn texts_that_are_hard_to_send_arrive_as_they_are() {
    let hard = "a b/c?d#e%2f+f&g=\"h\" é 漢 \u{1F600}\n..";
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let client = client(&wire);
    let query =
        OrgsQuery { filter: Some(hard.into()), filter_field: Some("..".into()), ..OrgsQuery::default() };
    // The answer is no page, which is not this test's business.
    let _ = client.orgs(&query).await;
    client.emailed_invite(hard, &hard.into()).await.expect("nothing is required of the answer");
    let post = OrgPost {
        name: hard.into(),
        fields: OrgFields { description: Some(String::new()), ..OrgFields::default() },
    };
    client.create_org(&post, &Summary::default()).await.expect("the fixture");
    insta::assert_snapshot!(requests(&wire));

    let error = client.with_domain("a\r\nb: c").me(&MeQuery::default()).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("losantdomain") && !error.to_string().contains("b: c"), "{error}");
    let error = client.emailed_invite("a@x.io", &"".into()).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(wire.received().len(), 3);
}

#[tokio::test]
async fn fields_that_losant_refuses_are_refused_before_sending() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire);
    for name in [String::new(), "é".repeat(256)] {
        let error =
            provider.create_organization(NewOrganization::new(name.clone())).await.expect_err("length");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        let update = OrganizationUpdate::new().with_name(name);
        assert_eq!(
            provider.update_organization(&org(), update).await.expect_err("length").kind(),
            ErrorKind::InvalidInput
        );
    }
    let long = NewOrganization::new("x").with_description("é".repeat(32_768));
    assert_eq!(provider.create_organization(long).await.expect_err("length").kind(), ErrorKind::InvalidInput);
    let nothing = provider.update_organization(&org(), OrganizationUpdate::new()).await.expect_err("empty");
    assert_eq!(nothing.kind(), ErrorKind::InvalidInput);
    let owner =
        provider.set_member_role(&org(), &member_id(BOB), &Role::Owner).await.expect_err("no such role");
    assert_eq!(owner.kind(), ErrorKind::Unsupported);
    let accepted = InvitationFilter::all().with_status(InvitationStatus::Accepted);
    let never = provider.list_invitations(&org(), &accepted, None).await.expect_err("never shown");
    assert_eq!(never.kind(), ErrorKind::Unsupported);
    let cursor = Cursor::new("x");
    let foreign = provider.list_organizations(Some(&cursor)).await.expect_err("not ours");
    assert_eq!(foreign.kind(), ErrorKind::InvalidInput);
    assert!(wire.received().is_empty());
    provider.create_organization(NewOrganization::new("é".repeat(255))).await.expect("long enough");
}

#[tokio::test]
async fn a_read_only_provider_sends_no_write() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire).read_only();
    provider.get_organization(&org()).await.expect("a read");
    let error = provider.client().delete_org(ORG).await.expect_err("a write");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(wire.received().len(), 1);
}
