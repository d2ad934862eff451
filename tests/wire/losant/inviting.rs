//! Inviting and resending.

use futures_util::StreamExt;
use orgport_core::{Error, InvitationId, Invitations, InviteOutcome, NewInvitation, Role};
use orgport_tests::wire::{Canned, Wire, fixture};
use serde_json::Value;

use super::{DATE, answer, email, invitation_id, json, neutral, org, provider};

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
