//! Values that are hard to send: one segment, one value, one string, or refused.

use orgport_core::{
    Answer, ErrorKind, InvitationFilter, InvitationId, InvitationRef, Invitations, Members, NewInvitation,
    OrganizationId, OrganizationUpdate, Organizations, Role,
};
use orgport_losant::{MeQuery, OrgFields, OrgPost, OrgsQuery, Summary};
use orgport_tests::wire::{SPLITTING, Wire};

use super::{BOB, client, email, invitation_id, json, member_id, org, provider, requests};

#[tokio::test]
async fn what_cannot_be_an_id_never_leaves() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire);
    let long = "a".repeat(4096);
    let uuid = "64b0f3a1-c2d4-e5f6-0718-293a00000000";
    let others = ["nul\0", "ключ", " 64b0f3a1c2d4e5f60718293", uuid, &long];
    for id in SPLITTING.into_iter().chain(others) {
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
