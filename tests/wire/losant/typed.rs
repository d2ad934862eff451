//! The typed client: every endpoint with every parameter, and what it makes of the answers.

use orgport_core::Secret;
use orgport_losant::{
    Flags, InviteAction, MeQuery, OrgFields, OrgInviteAction, OrgInvitePost, OrgMemberPatch, OrgPatch,
    OrgPost, OrgsQuery, ResourceRole, ResourceRoles, ResourceTransfer, Summary, UserCredentials,
};
use orgport_tests::wire::Wire;

use super::{ADA, APP, BOB, INVITE, ORG, answer, client, json, requests, shown};

#[tokio::test]
async fn typed_calls_about_organizations() {
    let all =
        Summary { include: vec!["payloadCount".into(), "appCount".into()], exclude: vec!["a,b".into()] };
    typed!("orgs", json("orgs-get/first.json"), |client| client.orgs(&OrgsQuery {
        sort_field: Some("creationDate".into()),
        sort_direction: Some("desc".into()),
        page: Some(3),
        per_page: Some(2),
        filter_field: Some("name".into()),
        filter: Some("my*org".into()),
        summary: all.clone(),
    }));
    typed!("orgs_last", json("orgs-get/last.json"), |client| client.orgs(&OrgsQuery::default()));
    typed!("create_org", answer(201, "orgs-post/made.json"), |client| client.create_org(
        &OrgPost {
            name: "Looms".into(),
            fields: OrgFields {
                description: Some("Punched cards".into()),
                plan_id: Some("small".into()),
                billing_email: Some("bills@example.com".into()),
                card_token: Some("card-token".into()),
                icon_color: Some("#336699".into()),
                mfa_mode: Some("required".into()),
            },
        },
        &all,
    ));
    typed!("org", json("org-get/full.json"), |client| client.org(ORG, &all));
    typed!("org_bare", json("org-get/bare.json"), |client| client.org(ORG, &Summary::default()));
    typed!("org_strange", json("org-get/strange.json"), |client| client.org(ORG, &Summary::default()));
    typed!("org_none", json("org-get/not-an-org.json"), |client| client.org(ORG, &Summary::default()));
    typed!("patch_org", json("org-patch/changed.json"), |client| client.patch_org(
        ORG,
        &OrgPatch {
            name: None,
            fields: OrgFields {
                description: Some(String::new()),
                mfa_mode: Some("notRequired".into()),
                ..OrgFields::default()
            },
        },
        &Summary::default(),
    ));
    typed!("delete_org", json("org-delete/done.json"), |client| client.delete_org(ORG));
}

fn in_app(role: &str) -> ResourceRoles {
    let role = ResourceRole { resource_id: APP.into(), role: role.into() };
    ResourceRoles { application_roles: Some(vec![role]), dashboard_roles: Some(Vec::new()) }
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

#[tokio::test]
async fn typed_calls_about_invitations() {
    typed!("pending_invites", json("org-pending-invites/all-kinds.json"), |client| client
        .pending_invites(ORG));
    typed!("pending_invites_not_a_list", json("org-pending-invites/not-a-list.json"), |client| client
        .pending_invites(ORG));
    typed!("invite_member", json("org-invite-member/all-pending.json"), |client| client.invite_member(
        ORG,
        &OrgInvitePost {
            resources: in_app("none"),
            disallow_transfer: Some(true),
            ..OrgInvitePost::new("New.Person+x@example.com", "view")
        },
    ));
    typed!("revoke_invite", json("org-revoke-invite/remaining.json"), |client| client
        .revoke_invite(ORG, INVITE));
    typed!("my_invites", json("me-invites/two.json"), |client| client.my_invites());
    typed!("my_invite", json("me-invite/one.json"), |client| client.my_invite(INVITE));
    typed!("respond_to_my_invite", json("me-respond/dismissed.json"), |client| client
        .respond_to_my_invite(INVITE, InviteAction::Dismiss));
    let token = Secret::from("mailed&token=#1");
    typed!("emailed_invite", json("invites-get/info.json"), |client| client
        .emailed_invite("cy+lab@example.com", &token));
    typed!("answer_emailed_invite", json("invites-post/rejected.json"), |client| client
        .answer_emailed_invite(&OrgInviteAction {
            email: "cy+lab@example.com".into(),
            token: token.clone(),
            accept: false,
        }));
}

#[tokio::test]
async fn typed_calls_about_the_account() {
    typed!("me", json("me-get/me.json"), |client| client.me(&MeQuery {
        include_recent: Some(false),
        summary: Summary { include: vec!["orgCount".into()], ..Summary::default() },
    }));
    typed!("log_in", json("auth-user/token.json"), |client| client.log_in(&UserCredentials {
        two_factor_code: Some("123456".into()),
        requested_scopes: Some(vec!["all.User".into(), "org.*".into()]),
        token_ttl: Some(3600),
        ..UserCredentials::new("ada@example.com", "long enough")
    }));
    typed!("refresh_token", json("me-refresh-token/token.json"), |client| client.refresh_token());
}

#[tokio::test]
async fn flags_and_domain_can_be_set_for_each_call() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let client = client(&wire).with_domain("iot.example.com");
    let bare = client.with_flags(Flags { actions: false, links: false, embedded: false });
    let all = client.with_flags(Flags { actions: true, ..Flags::default() }).with_domain("other.example.com");
    for client in [client, bare, all] {
        client.org(ORG, &Summary::default()).await.expect("the fixture");
    }
    insta::assert_snapshot!(requests(&wire));
}
