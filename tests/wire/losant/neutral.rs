//! The neutral operations: what they send, and what they make of the answers.

use orgport_core::{
    Answer, Cursor, ErrorKind, InvitationFilter, InvitationId, InvitationRef, Invitations, Members,
    NewInvitation, NewOrganization, OrganizationUpdate, Organizations, Role, find,
};
use orgport_tests::wire::{Canned, Wire, fixture};

use super::{
    ADA, BOB, INVITE, MIA, answer, email, invitation_id, json, member_id, neutral, org, page, provider,
};

#[tokio::test]
async fn neutral_organizations() {
    neutral!("list_organizations", [json("orgs-get/first.json")], |provider| async {
        provider.list_organizations(None).await.map(page)
    });
    neutral!("list_organizations_last", [json("orgs-get/last.json")], |provider| async {
        provider.list_organizations(Some(&Cursor::new("prod/list_organizations/#1"))).await.map(page)
    });
    neutral!("list_organizations_without_counts", [json("orgs-get/without-counts.json")], |provider| async {
        provider.list_organizations(None).await.map(page)
    });
    neutral!("get_organization", [json("org-get/full.json")], |provider| provider.get_organization(&org()));
    neutral!("get_organization_strange", [json("org-get/strange.json")], |provider| provider
        .get_organization(&org()));
    neutral!("create_organization", [answer(201, "orgs-post/made.json")], |provider| provider
        .create_organization(NewOrganization::new("Looms").with_description("Punched cards")));
    neutral!("create_organization_unreadable", [answer(201, "org-get/not-an-org.json")], |provider| provider
        .create_organization(NewOrganization::new("Looms")));
    neutral!("update_organization", [json("org-patch/changed.json")], |provider| provider
        .update_organization(&org(), OrganizationUpdate::new().with_name("Engines II").with_description("")));
    neutral!("delete_organization", [json("org-delete/done.json")], |provider| provider
        .delete_organization(&org()));
    neutral!("delete_organization_not_done", [json("org-delete/not-done.json")], |provider| provider
        .delete_organization(&org()));
}

#[tokio::test]
async fn neutral_members() {
    neutral!("list_members", [json("org-get/full.json")], |provider| async {
        provider.list_members(&org(), None).await.map(page)
    });
    neutral!("list_members_strange", [json("org-get/strange.json")], |provider| async {
        provider.list_members(&org(), None).await.map(page)
    });
    neutral!("set_member_role", [json("org-modify-member/changed.json")], |provider| async {
        provider.set_member_role(&org(), &member_id(BOB), &Role::Collaborator).await
    });
    neutral!("set_member_role_not_done", [json("org-modify-member/changed.json")], |provider| async {
        provider.set_member_role(&org(), &member_id(BOB), &Role::Viewer).await
    });
    neutral!("set_member_role_not_there", [json("org-remove-member/gone.json")], |provider| async {
        provider.set_member_role(&org(), &member_id(BOB), &Role::Viewer).await
    });
    neutral!("set_member_role_unconfirmed", [json("org-get/bare.json")], |provider| async {
        provider.set_member_role(&org(), &member_id(BOB), &Role::Viewer).await
    });
    neutral!("remove_member", [json("org-remove-member/gone.json")], |provider| async {
        provider.remove_member(&org(), &member_id(BOB)).await
    });
    neutral!("remove_member_not_done", [json("org-get/full.json")], |provider| async {
        provider.remove_member(&org(), &member_id(BOB)).await
    });
}

#[tokio::test]
async fn an_unreadable_row_stands_in_the_way_of_its_own_person_alone() {
    let odd_row = || json("org-modify-member/odd-row.json");
    neutral!("beside_odd_row_get_organization", [odd_row()], |provider| provider.get_organization(&org()));
    neutral!("beside_odd_row_set_role", [odd_row()], |provider| async {
        provider.set_member_role(&org(), &member_id(BOB), &Role::Collaborator).await
    });
    neutral!("beside_odd_row_remove", [json("org-remove-member/odd-row.json")], |provider| async {
        provider.remove_member(&org(), &member_id(BOB)).await
    });
    neutral!("odd_row_set_role", [odd_row()], |provider| async {
        provider.set_member_role(&org(), &member_id(MIA), &Role::Collaborator).await
    });
    neutral!("odd_row_remove", [odd_row()], |provider| async {
        provider.remove_member(&org(), &member_id(&MIA.to_uppercase())).await
    });
    let all = || json("org-pending-invites/all-kinds.json");
    neutral!("beside_odd_row_revoke", [all(), json("org-revoke-invite/odd-row.json")], |provider| async {
        provider.revoke_invitation(&org(), &invitation_id()).await
    });
    neutral!("odd_row_revoke", [all(), json("org-revoke-invite/odd-row-same.json")], |provider| async {
        provider.revoke_invitation(&org(), &invitation_id()).await
    });
    neutral!("beside_odd_row_get_invitation", [json("org-revoke-invite/odd-row.json")], |provider| async {
        provider.get_invitation(&org(), &invitation_id()).await
    });
    neutral!("odd_row_get_invitation", [json("org-revoke-invite/odd-row-same.json")], |provider| async {
        provider.get_invitation(&org(), &invitation_id()).await
    });
}

#[tokio::test]
async fn people_are_found_beside_rows_that_cannot_be_read() {
    let wire = Wire::answering([json("org-modify-member/odd-row.json")]).await;
    let provider = provider(&wire);
    let bob = find::member(&provider, &org(), &email("bob@example.com")).await.expect("he is readable");
    assert_eq!(bob.id.as_str(), BOB);
    let nobody = find::member(&provider, &org(), &email("mi@example.com")).await.expect_err("not there");
    assert_eq!(nobody.kind(), ErrorKind::NotFound);
    for mia in [MIA, "MIA@example.com"] {
        let odd = find::member_by_id_or_email(&provider, &org(), mia).await.expect_err("unreadable");
        assert_eq!(odd.kind(), ErrorKind::Protocol);
        assert!(odd.to_string().contains("at role"), "{odd}");
    }
}

#[tokio::test]
async fn a_page_of_organizations_that_hides_some_is_an_error() {
    for page in ["orgs-get/short-page.json", "orgs-get/empty-page.json"] {
        let wire = Wire::answering([json(page)]).await;
        let error = provider(&wire).list_organizations(None).await.expect_err(page);
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    }
    // Behind the last page.
    let wire = Wire::answering([json("orgs-get/empty-page.json")]).await;
    let cursor = Cursor::new("prod/list_organizations/#1");
    let page = provider(&wire).list_organizations(Some(&cursor)).await.expect("none is missing");
    assert_eq!((page.items.len(), page.next), (0, None));
}

#[tokio::test]
async fn an_editor_is_told_of_the_role() {
    for status in [answer(403, "errors/forbidden.json"), answer(401, "errors/unauthorized.json")] {
        let wire = Wire::answering([status.clone()]).await;
        let provider = provider(&wire);
        let new = NewInvitation::to(email("ada@example.com")).with_role(Role::Viewer);
        let error = provider.invite(&org(), new).await.expect_err("refused");
        let is_about_rights = error.kind() == ErrorKind::PermissionDenied;
        assert_eq!(error.to_string().contains("the role in the organization"), is_about_rights, "{error}");
        let error = provider.list_organizations(None).await.expect_err("refused");
        assert!(!error.to_string().contains("role"), "no organization is concerned: {error}");
    }
}

#[tokio::test]
async fn a_refused_change_of_a_member_is_told_apart_by_a_look() {
    let refused = || answer(400, "errors/refused.json");
    neutral!("member_unknown", [refused(), json("org-remove-member/gone.json")], |provider| async {
        provider.remove_member(&org(), &member_id(BOB)).await
    });
    neutral!("member_last_admin", [refused(), json("org-get/full.json")], |provider| async {
        provider.set_member_role(&org(), &member_id(ADA), &Role::Viewer).await
    });
    neutral!("member_refused", [refused(), json("org-get/full.json")], |provider| async {
        provider.remove_member(&org(), &member_id(BOB)).await
    });
    neutral!(
        "member_refused_look_fails",
        [refused(), answer(403, "errors/forbidden.json")],
        |provider| async { provider.remove_member(&org(), &member_id(BOB)).await }
    );
}

#[tokio::test]
async fn neutral_invitations() {
    let all = InvitationFilter::all();
    neutral!("list_invitations", [json("org-pending-invites/all-kinds.json")], |provider| async {
        provider.list_invitations(&org(), &all, None).await.map(page)
    });
    let pending = InvitationFilter::pending().with_email(email("fay@example.com"));
    neutral!("list_invitations_filtered", [json("org-pending-invites/all-kinds.json")], |provider| async {
        provider.list_invitations(&org(), &pending, None).await.map(page)
    });
    neutral!("get_invitation", [json("org-pending-invites/all-kinds.json")], |provider| async {
        provider.get_invitation(&org(), &InvitationId::new(INVITE.to_uppercase())?).await
    });
    neutral!("get_invitation_gone", [json("org-pending-invites/none.json")], |provider| async {
        provider.get_invitation(&org(), &invitation_id()).await
    });
    neutral!("my_invitations", [json("me-invites/two.json")], |provider| async {
        provider.my_invitations(None).await.map(page)
    });
}

#[tokio::test]
async fn neutral_revocations() {
    let all = || json("org-pending-invites/all-kinds.json");
    neutral!("revoke", [all(), json("org-revoke-invite/remaining.json")], |provider| async {
        provider.revoke_invitation(&org(), &invitation_id()).await
    });
    neutral!("revoke_not_done", [all(), all()], |provider| async {
        provider.revoke_invitation(&org(), &invitation_id()).await
    });
    neutral!("revoke_gone", [json("org-pending-invites/none.json")], |provider| async {
        provider.revoke_invitation(&org(), &invitation_id()).await
    });
    neutral!("revoke_gone_meanwhile", [all(), answer(400, "errors/refused.json")], |provider| async {
        provider.revoke_invitation(&org(), &invitation_id()).await
    });
    neutral!(
        "revoke_answer_lost",
        [all(), Canned::empty(502), answer(404, "errors/not-found.json")],
        |provider| { async { provider.revoke_invitation(&org(), &invitation_id()).await } }
    );
}

#[tokio::test]
async fn neutral_answers() {
    let by_id = InvitationRef::by_id(invitation_id());
    neutral!("accept", [json("me-respond/accepted.json")], |provider| provider
        .respond_to_invitation(&by_id, Answer::Accept));
    neutral!("decline", [json("me-respond/rejected.json")], |provider| provider
        .respond_to_invitation(&by_id, Answer::Decline));
    neutral!("decline_dismissed", [json("me-respond/dismissed.json")], |provider| provider
        .respond_to_invitation(&by_id, Answer::Decline));
    neutral!("accept_silent", [json("me-respond/silent.json")], |provider| provider
        .respond_to_invitation(&by_id, Answer::Accept));
    let by_token = InvitationRef::by_token(email("Cy@example.com"), "mailed-token".into());
    neutral!("accept_by_token", [json("invites-post/accepted.json")], |provider| provider
        .respond_to_invitation(&by_token, Answer::Accept));
    neutral!("decline_by_token", [json("invites-post/rejected.json")], |provider| provider
        .respond_to_invitation(&by_token, Answer::Decline));
    neutral!("accept_by_token_rejected", [json("invites-post/rejected.json")], |provider| provider
        .respond_to_invitation(&by_token, Answer::Accept));
    neutral!("answer_expired", [answer(410, "errors/gone.json")], |provider| provider
        .respond_to_invitation(&by_token, Answer::Accept));
}

#[tokio::test]
async fn the_vendors_own_json_is_kept_whole() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire);
    let sent: serde_json::Value = serde_json::from_str(&fixture("losant/org-get/full.json")).expect("JSON");
    let organization = provider.get_organization(&org()).await.expect("the fixture");
    assert_eq!(organization.native.expect("kept").read::<serde_json::Value>().expect("JSON"), sent);
    let members = provider.list_members(&org(), None).await.expect("the fixture").items;
    let bob = members[1].as_ref().expect("readable").native.clone().expect("kept");
    assert_eq!(bob.read::<serde_json::Value>().expect("JSON"), sent["members"][1]);
}
