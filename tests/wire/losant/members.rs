//! Members: what the calls send, and what the operations make of them.

use orgport_core::{ErrorKind, Invitations, Members, NewInvitation, Organizations, Role, find};
use orgport_losant::{OrgMemberPatch, ResourceTransfer, Summary};
use orgport_tests::wire::Wire;

use super::{
    APP, BOB, ORG, answer, client, email, in_app, invitation_id, json, member_id, neutral, org, page,
    provider, shown,
};

const ADA: &str = "64a0000000000000000000a1";

/// A member whose row cannot be read.
const MIA: &str = "64a0000000000000000000c3";

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
    let without_row = || json("org-remove-member/gone.json");
    neutral!(
        "set_member_role_not_shown",
        [without_row(), json("org-modify-member/changed.json")],
        |provider| async { provider.set_member_role(&org(), &member_id(BOB), &Role::Collaborator).await }
    );
    neutral!(
        "set_member_role_not_shown_nor_done",
        [without_row(), json("org-modify-member/changed.json")],
        |provider| async { provider.set_member_role(&org(), &member_id(BOB), &Role::Viewer).await }
    );
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
        let odd = find::member_by_id_or_invitee(&provider, &org(), mia).await.expect_err("unreadable");
        assert_eq!(odd.kind(), ErrorKind::Protocol);
        assert!(odd.to_string().contains("at role"), "{odd}");
    }
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
async fn typed_calls_about_members() {
    typed!("members", json("org-get/strange.json"), |client| client.members(ORG));
    typed!("members_missing", json("org-get/bare.json"), |client| client.members(ORG));
    typed!("modify_member", json("org-modify-member/changed.json"), |client| client.modify_member(
        ORG,
        &OrgMemberPatch { resources: in_app("view"), ..OrgMemberPatch::role(BOB, "collaborate") },
        &Summary::default(),
    ));
    typed!("remove_member", json("org-remove-member/gone.json"), |client| client.remove_member(
        ORG,
        BOB,
        &Summary { exclude: vec!["deviceCount".into()], ..Summary::default() },
    ));
    typed!("transfer_resources", json("org-transfer-resources/done.json"), |client| client
        .transfer_resources(
            ORG,
            &ResourceTransfer {
                destination_id: ADA.into(),
                destination_type: "user".into(),
                application_ids: Some(vec![APP.into()]),
                dashboard_ids: None,
                strict: Some(true),
            },
        ));
}
