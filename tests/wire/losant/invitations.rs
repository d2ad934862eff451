//! Invitations: what the calls send, and what the operations make of them.

use futures_util::StreamExt;
use orgport_core::{
    Answer, Error, InvitationFilter, InvitationId, InvitationRef, Invitations, InviteOutcome, NewInvitation,
    Role, Secret,
};
use orgport_losant::{InviteAction, OrgInviteAction, OrgInvitePost};
use orgport_tests::wire::{Canned, Wire, fixture};
use serde_json::Value;

use super::{
    DATE, INVITE, ORG, answer, client, email, in_app, invitation_id, json, neutral, org, page, provider,
    shown,
};

fn outcome_of(outcome: Result<InviteOutcome, Error>) -> Result<Value, Error> {
    outcome.map(|outcome| {
        serde_json::json!({
            "outcome": outcome.as_str(),
            "via": outcome.via(),
            "invitation": outcome.invitation(),
            "member": outcome.member(),
        })
    })
}

fn expired_row() -> String {
    r#"[{"id":"64c0000000000000000000d2","email":"dee@example.com","role":"view","hasExpired":true}]"#
        .to_owned()
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
    let role = |address| if address == "cy@example.com" { Role::Editor } else { Role::Viewer };
    let list = list.map(|address| NewInvitation::to(email(address)).with_role(role(address)));
    let mut outcomes: Vec<_> = provider.invite_many(&org(), list.to_vec()).collect().await;
    outcomes.sort_by_key(|(index, _)| *index);
    let words: Vec<_> =
        outcomes.iter().map(|(_, outcome)| outcome.as_ref().expect("all end well").as_str()).collect();
    assert_eq!(words, ["invited", "invited", "already_invited", "already_member"]);
    assert_eq!(wire.received().len(), 4, "2 + k requests for the k who are not there");
}

#[tokio::test]
async fn an_invitation_that_cannot_be_made_anew_is_not_revoked() {
    neutral!("resend_without_role", [Canned::json(200, expired_row().replace("role", "rule"))], |provider| {
        async { provider.resend_invitation(&org(), &InvitationId::new("64c0000000000000000000d2")?).await }
    });
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
