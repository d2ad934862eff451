//! What the Losant adapter sends, and what it makes of every answer.

use std::fmt::Debug;
use std::fmt::Write as _;
use std::sync::Arc;

use futures_util::StreamExt;
use orgport_core::auth::Auth;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::{BaseUrl, Connection};
use orgport_core::{
    Answer, Email, Error, ErrorKind, InvitationFilter, InvitationId, InvitationRef, Invitations, ManualClock,
    MemberId, Members, NewInvitation, NewOrganization, OrganizationId, OrganizationUpdate, Organizations,
    Page, Role, Secret, Timestamp,
};
use orgport_losant::{
    Flags, InviteAction, LosantClient, LosantProvider, LosantSettings, MeQuery, OrgInviteAction,
    OrgInvitePost, OrgMemberPatch, OrgPatch, OrgPost, OrgsQuery, ResourceRole, ResourceTransfer, Summary,
    UserCredentials,
};
use orgport_tests::wire::{Canned, Wire, fixture};

const ORG: &str = "64b0f3a1c2d4e5f60718293a";
const ADA: &str = "64a0000000000000000000a1";
const BOB: &str = "64a0000000000000000000b2";
const INVITE: &str = "64c0000000000000000000d1";
const APP: &str = "64d0000000000000000000e1";
/// The vendor's clock in every answer, which says what has expired.
const DATE: &str = "Wed, 05 Mar 2025 12:00:00 GMT";

fn json(name: &str) -> Canned {
    answer(200, name)
}

fn answer(status: u16, name: &str) -> Canned {
    Canned::json(status, fixture(&format!("losant/{name}"))).header("date", DATE)
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::parse("2030-01-01T00:00:00Z").expect("valid")))
}

fn client(wire: &Wire) -> LosantClient {
    let base = BaseUrl::parse(&wire.base_url(), false).expect("loopback");
    let connection = Connection::new(base, Auth::bearer("a-user-token")).clock(clock());
    LosantClient::new(connection).expect("valid")
}

fn provider(wire: &Wire) -> LosantProvider {
    let auth = AuthConfig::bearer("a-user-token");
    let config = ProviderConfig::new("prod").auth(auth).base_url(wire.base_url()).clock(clock());
    LosantProvider::new(config, LosantSettings::default()).expect("valid")
}

fn org() -> OrganizationId {
    OrganizationId::new(ORG).expect("not empty")
}

fn invitation_id() -> InvitationId {
    InvitationId::new(INVITE).expect("not empty")
}

fn member_id(id: &str) -> MemberId {
    MemberId::new(id).expect("not empty")
}

fn email(text: &str) -> Email {
    Email::parse(text).expect("valid")
}

/// The requests as they arrived, and what came out of the answers.
fn shown(wire: &Wire, outcome: &impl Debug) -> String {
    let requests: String = wire.received().iter().map(|request| format!("{request}\n")).collect();
    format!("{requests}=> {outcome:#?}")
}

/// The requests' lines and bodies, and the neutral form of what came out of the answers.
fn neutral(wire: &Wire, outcome: &Result<impl serde::Serialize, Error>) -> String {
    let lines: String =
        wire.received().iter().map(|request| format!("{} {}\n", request.line, request.body)).collect();
    let outcome = match outcome {
        Ok(value) => without_native(serde_json::to_value(value).expect("a model")),
        Err(error) => told(error),
    };
    format!("{lines}=> {outcome}")
}

fn page<T: serde::Serialize>(page: Page<T>) -> serde_json::Value {
    let items: Vec<_> = page
        .items
        .iter()
        .map(|item| match item {
            Ok(item) => serde_json::to_value(item).expect("a model"),
            Err(error) => told(error).into(),
        })
        .collect();
    serde_json::json!({ "items": items, "next": page.next.map(|next| next.to_string()), "total": page.total })
}

/// The vendor's JSON is that of the fixture; whether it is all there is checked once.
fn without_native(value: serde_json::Value) -> String {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                map.remove("native");
                map.values_mut().for_each(strip);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = value;
    strip(&mut value);
    format!("{value:#}")
}

fn told(error: &Error) -> String {
    format!("{:?}, retryable {}, {error}", error.kind(), error.is_retryable())
}

macro_rules! typed {
    ($name:literal, $answer:expr, |$client:ident| $call:expr) => {{
        let wire = Wire::answering([$answer]).await;
        let $client = client(&wire);
        let outcome = $call.await;
        insta::assert_snapshot!(concat!("typed_", $name), shown(&wire, &outcome));
    }};
}

macro_rules! neutral {
    ($name:literal, [$($answer:expr),+ $(,)?], |$provider:ident| $call:expr) => {{
        let wire = Wire::answering([$($answer),+]).await;
        let $provider = provider(&wire);
        let outcome = $call.await;
        insta::assert_snapshot!(concat!("neutral_", $name), neutral(&wire, &outcome));
    }};
}

#[tokio::test]
async fn typed_calls_about_organizations() {
    let all = Summary { include: vec!["payloadCount".into(), "appCount".into()], exclude: vec!["a,b".into()] };
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
            description: Some("Punched cards".into()),
            plan_id: Some("small".into()),
            billing_email: Some("bills@example.com".into()),
            card_token: Some("card-token".into()),
            icon_color: Some("#336699".into()),
            mfa_mode: Some("required".into()),
        },
        &all,
    ));
    typed!("org", json("org-get/full.json"), |client| client.org(ORG, &all));
    typed!("org_bare", json("org-get/bare.json"), |client| client.org(ORG, &Summary::default()));
    typed!("org_strange", json("org-get/strange.json"), |client| client.org(ORG, &Summary::default()));
    typed!("org_none", json("org-get/not-an-org.json"), |client| client.org(ORG, &Summary::default()));
    typed!("patch_org", json("org-patch/changed.json"), |client| client.patch_org(
        ORG,
        &OrgPatch { description: Some(String::new()), mfa_mode: Some("notRequired".into()), ..OrgPatch::default() },
        &Summary::default(),
    ));
    typed!("delete_org", json("org-delete/done.json"), |client| client.delete_org(ORG));
}

#[tokio::test]
async fn typed_calls_about_members() {
    typed!("members", json("org-get/strange.json"), |client| client.members(ORG));
    typed!("members_missing", json("org-get/bare.json"), |client| client.members(ORG));
    typed!("modify_member", json("org-modify-member/changed.json"), |client| client.modify_member(
        ORG,
        &OrgMemberPatch {
            application_roles: Some(vec![ResourceRole { resource_id: APP.into(), role: "view".into() }]),
            dashboard_roles: Some(Vec::new()),
            ..OrgMemberPatch::role(BOB, "collaborate")
        },
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
            application_roles: Some(vec![ResourceRole { resource_id: APP.into(), role: "none".into() }]),
            dashboard_roles: Some(Vec::new()),
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
    let requests: String = wire.received().iter().map(|request| format!("{request}\n")).collect();
    insta::assert_snapshot!(requests);
}

#[tokio::test]
async fn neutral_organizations() {
    neutral!("list_organizations", [json("orgs-get/first.json")], |provider| async {
        provider.list_organizations(None).await.map(page)
    });
    neutral!("list_organizations_last", [json("orgs-get/last.json")], |provider| async {
        provider.list_organizations(Some(&orgport_core::Cursor::new("1"))).await.map(page)
    });
    neutral!("list_organizations_without_counts", [json("orgs-get/without-counts.json")], |provider| async {
        provider.list_organizations(None).await.map(page)
    });
    neutral!("get_organization", [json("org-get/full.json")], |provider| provider.get_organization(&org()));
    neutral!("get_organization_strange", [json("org-get/strange.json")], |provider| provider
        .get_organization(&org()));
    neutral!("create_organization", [answer(201, "orgs-post/made.json")], |provider| provider
        .create_organization(NewOrganization::named("Looms").described("Punched cards")));
    neutral!("create_organization_unreadable", [answer(201, "org-get/not-an-org.json")], |provider| provider
        .create_organization(NewOrganization::named("Looms")));
    neutral!("update_organization", [json("org-patch/changed.json")], |provider| provider
        .update_organization(&org(), OrganizationUpdate::new().name("Engines II").description("")));
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
    neutral!("member_refused_look_fails", [refused(), answer(403, "errors/forbidden.json")], |provider| async {
        provider.remove_member(&org(), &member_id(BOB)).await
    });
}

#[tokio::test]
async fn neutral_invitations() {
    let all = InvitationFilter::all();
    neutral!("list_invitations", [json("org-pending-invites/all-kinds.json")], |provider| async {
        provider.list_invitations(&org(), &all, None).await.map(page)
    });
    let pending = InvitationFilter::pending().email(email("fay@example.com"));
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
    neutral!("revoke_answer_lost", [all(), Canned::empty(502), answer(404, "errors/not-found.json")], |provider| {
        async { provider.revoke_invitation(&org(), &invitation_id()).await }
    });
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

fn outcome_of(
    outcome: Result<orgport_core::InviteOutcome, Error>,
) -> Result<serde_json::Value, Error> {
    outcome.map(|outcome| {
        serde_json::json!({
            "outcome": outcome.word(),
            "via": outcome.via(),
            "invitation": outcome.invitation(),
            "member": outcome.member(),
        })
    })
}

#[tokio::test]
async fn neutral_inviting() {
    let none = || json("org-pending-invites/none.json");
    let people = || json("org-get/full.json");
    let new = || NewInvitation::to(email("new.person@example.com")).with_role(Role::Viewer);
    neutral!("invite", [none(), people(), json("org-invite-member/all-pending.json")], |provider| async {
        outcome_of(provider.invite(&org(), new()).await)
    });
    neutral!("invite_member", [none(), people()], |provider| async {
        let bob = NewInvitation::to(email("bob@example.com")).with_role(Role::Admin);
        outcome_of(provider.invite(&org(), bob).await)
    });
    neutral!("invite_without_role", [none()], |provider| async {
        outcome_of(provider.invite(&org(), NewInvitation::to(email("new.person@example.com"))).await)
    });
    neutral!("invite_owner", [none()], |provider| async {
        outcome_of(provider.invite(&org(), new().with_role(Role::Owner)).await)
    });
    // Dee's invitation has expired; the vendor wants it gone before it makes another.
    let dee = || NewInvitation::to(email("dee@example.com")).with_role(Role::Viewer);
    let expired = || Canned::json(200, expired_row()).header("date", DATE);
    let renewed = Canned::json(200, expired_row().replace("true", "false").replace("d2", "d9"));
    let refused = answer(400, "errors/refused.json");
    neutral!(
        "invite_again_after_expiry",
        [expired(), people(), refused, expired(), people(), none(), renewed.header("date", DATE)],
        |provider| async { outcome_of(provider.invite(&org(), dee()).await) }
    );
}

fn expired_row() -> String {
    r#"[{"id":"64c0000000000000000000d2","email":"dee@example.com","role":"view","hasExpired":true}]"#.to_owned()
}

#[tokio::test]
async fn inviting_many_settles_each_by_its_reply() {
    let wire = Wire::answering([
        json("org-pending-invites/none.json"),
        json("org-get/full.json"),
        json("org-invite-member/all-pending.json"),
    ])
    .await;
    let provider = provider(&wire);
    let list = ["new.person@example.com", "cy@example.com", "NEW.person@example.com", "bob@example.com"];
    let list = list.map(|address| NewInvitation::to(email(address)).with_role(Role::Viewer));
    let mut outcomes: Vec<_> = provider.invite_many(&org(), list.to_vec()).collect().await;
    outcomes.sort_by_key(|(index, _)| *index);
    let words: Vec<_> =
        outcomes.iter().map(|(_, outcome)| outcome.as_ref().expect("all end well").word()).collect();
    assert_eq!(words, ["invited", "invited", "already_invited", "already_member"]);
    assert_eq!(wire.received().len(), 4, "2 + k requests for the k who are not there");
}

#[tokio::test]
async fn resending_carries_over_what_only_losant_knows() {
    let revoked = json("org-pending-invites/none.json");
    let again = fixture("losant/org-pending-invites/all-kinds.json").replace("0d1", "0f1");
    neutral!(
        "resend",
        [
            json("org-pending-invites/all-kinds.json"),
            json("org-pending-invites/all-kinds.json"),
            revoked,
            json("org-pending-invites/none.json"),
            json("org-get/full.json"),
            Canned::json(200, again).header("date", DATE),
        ],
        |provider| async { provider.resend_invitation(&org(), &invitation_id()).await }
    );
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
        let create = provider.create_organization(NewOrganization::named("Looms")).await;
        note(&format!("POST {status} {name}"), &create.expect_err("refused"));
        let mine = provider.respond_to_invitation(&InvitationRef::by_id(invitation_id()), Answer::Accept).await;
        note(&format!("answer {status} {name}"), &mine.expect_err("refused"));
    }
    let html = Canned::text(404, fixture("losant/errors/gateway.txt")).header("content-type", "text/html");
    let wire = Wire::answering([html]).await;
    note("GET 404 page", &provider(&wire).get_organization(&org()).await.expect_err("refused"));
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
    for id in [".", "..", "../admin", "a/b", "a?b#c", "%2e%2e", "nul\0", "ключ", " 64b0f3a1c2d4e5f60718293", uuid, &long] {
        let other_org = OrganizationId::new(id).expect("not empty");
        let (member, invitation) = (member_id(id), InvitationId::new(id).expect("not empty"));
        let someone = NewInvitation::to(email("new@example.com")).with_role(Role::Viewer);
        let by_id = InvitationRef::by_id(invitation.clone());
        let kinds = [
            provider.get_organization(&other_org).await.err(),
            provider.update_organization(&other_org, OrganizationUpdate::new().name("x")).await.err(),
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
    let query = OrgsQuery { filter: Some(hard.into()), filter_field: Some("..".into()), ..OrgsQuery::default() };
    // The answer is no page, which is not this test's business.
    let _ = client.orgs(&query).await;
    client.emailed_invite(hard, &hard.into()).await.expect("nothing is required of the answer");
    let post = OrgPost { name: hard.into(), description: Some(String::new()), ..OrgPost::default() };
    client.create_org(&post, &Summary::default()).await.expect("the fixture");
    let requests: String = wire.received().iter().map(|request| format!("{request}\n")).collect();
    insta::assert_snapshot!(requests);

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
        let error = provider.create_organization(NewOrganization::named(name.clone())).await.expect_err("length");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        let update = OrganizationUpdate::new().name(name);
        assert_eq!(
            provider.update_organization(&org(), update).await.expect_err("length").kind(),
            ErrorKind::InvalidInput
        );
    }
    let long = NewOrganization::named("x").described("é".repeat(32_768));
    assert_eq!(provider.create_organization(long).await.expect_err("length").kind(), ErrorKind::InvalidInput);
    let nothing = provider.update_organization(&org(), OrganizationUpdate::new()).await.expect_err("empty");
    assert_eq!(nothing.kind(), ErrorKind::InvalidInput);
    let owner = provider.set_member_role(&org(), &member_id(BOB), &Role::Owner).await.expect_err("no such role");
    assert_eq!(owner.kind(), ErrorKind::Unsupported);
    let accepted = InvitationFilter::all().status(orgport_core::InvitationStatus::Accepted);
    let never = provider.list_invitations(&org(), &accepted, None).await.expect_err("never shown");
    assert_eq!(never.kind(), ErrorKind::Unsupported);
    let cursor = orgport_core::Cursor::new("x");
    let foreign = provider.list_organizations(Some(&cursor)).await.expect_err("not ours");
    assert_eq!(foreign.kind(), ErrorKind::InvalidInput);
    assert!(wire.received().is_empty());
    provider.create_organization(NewOrganization::named("é".repeat(255))).await.expect("long enough");
}

fn login(wire: &Wire, second_factor: Option<&str>) -> LosantProvider {
    let auth = AuthConfig::Login {
        email: "ada@example.com".into(),
        password: "a hidden password".into(),
        second_factor: second_factor.map(Secret::from),
    };
    let config = ProviderConfig::new("prod").auth(auth).base_url(wire.base_url()).clock(clock());
    LosantProvider::new(config, LosantSettings::default().domain("iot.example.com")).expect("valid")
}

#[tokio::test]
async fn a_login_gets_the_token_and_again_when_it_is_refused() {
    let wire = Wire::answering([
        json("auth-user/token.json"),
        json("org-get/full.json"),
        answer(401, "errors/unauthorized.json"),
        Canned::json(200, r#"{"token":"the next"}"#),
        json("org-get/full.json"),
    ])
    .await;
    let provider = login(&wire, None);
    provider.get_organization(&org()).await.expect("logged in");
    provider.get_organization(&org()).await.expect("logged in again");
    let requests: String = wire.received().iter().map(|request| format!("{request}\n")).collect();
    insta::assert_snapshot!(requests);
    let tokens: Vec<_> = wire
        .received()
        .iter()
        .flat_map(|request| request.headers.clone())
        .filter(|(name, _)| name == "authorization")
        .map(|(_, value)| value)
        .collect();
    let first = "Bearer a-token-that-must-not-be-seen";
    assert_eq!(tokens, [first, first, "Bearer the next"]);
}

#[tokio::test]
async fn a_refused_login_says_what_to_do_and_shows_no_secret() {
    let mut told = String::new();
    for (second_factor, refusal) in [
        (None, answer(401, "errors/unauthorized.json")),
        (Some("987654"), answer(401, "errors/unauthorized.json")),
        (None, answer(403, "errors/locked.json")),
        (None, answer(400, "errors/validation.json")),
        (None, Canned::json(200, r#"{"token":{"hidden":"a-token-that-must-not-be-seen"}}"#)),
    ] {
        let wire = Wire::answering([refusal]).await;
        let provider = login(&wire, second_factor);
        let error = provider.get_organization(&org()).await.expect_err("refused");
        writeln!(told, "{:?}: {error}", error.kind()).expect("a string");
        for text in [format!("{error:?}"), format!("{provider:?}")] {
            for secret in ["hidden password", "987654", "must-not-be-seen"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_wrong_configuration_says_what_is_wrong() {
    let base = || ProviderConfig::new("prod");
    let token = || AuthConfig::bearer("token");
    let login = |email: &str, password: &str| AuthConfig::Login {
        email: email.into(),
        password: password.into(),
        second_factor: None,
    };
    let told: Vec<_> = [
        base(),
        base().auth(AuthConfig::api_key("key")),
        base().auth(AuthConfig::bearer("")),
        base().auth(login("", "long enough")),
        base().auth(login("ada@example.com", "")),
        base().auth(token()).base_url("http://losant.example.com"),
        base().auth(token()).default_role(Role::Owner),
    ]
    .into_iter()
    .map(|config| {
        let error = LosantProvider::new(config, LosantSettings::default()).expect_err("wrong");
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        error.to_string()
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
    LosantProvider::new(base().auth(token()), LosantSettings::default()).expect("the vendor's own address");
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
