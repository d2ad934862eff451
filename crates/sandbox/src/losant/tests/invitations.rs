//! Invitations on the side of the organization.

use serde_json::json;

use super::{Rig, strings};
use crate::mail::MailKind;
use crate::vendor::Sabotage;

#[tokio::test]
async fn an_invitation_is_listed_and_mailed_once() {
    let rig = Rig::new();
    let roles = json!([{ "resourceId": "5".repeat(24), "role": "none" }]);
    rig.invite("first@x.io", "view").await.ok();
    let body = json!({ "email": "Second@x.io", "role": "none", "applicationRoles": roles, "disallowTransfer": true });
    let list = rig.org_call("POST", "/invites", Some(body)).await.ok();
    assert_eq!(strings(&list, "email"), ["first@x.io", "Second@x.io"]);
    let mut second = list[1].clone();
    let id = second["id"].take();
    assert_eq!(id.as_str().map(str::len), Some(24));
    assert_eq!(
        second,
        json!({
            "id": null, "email": "Second@x.io", "role": "none", "applicationRoles": roles, "dashboardRoles": [],
            "inviteDate": "2026-08-17T09:00:00.123Z", "ttl": 604_800_000, "hasExpired": false,
            "disallowTransfer": true,
        })
    );
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), list);
    assert_eq!(rig.get(&format!("/orgs/{}/invites", rig.org), &rig.reader).await.ok(), list);
    assert_eq!(rig.get(&format!("/orgs/{}/invites", rig.org), &rig.viewer).await.status, 403);

    let mail = rig.losant.world.mail.all();
    assert_eq!(rig.mailed(), ["first@x.io", "Second@x.io"]);
    assert_eq!(
        (mail[1].vendor.as_str(), &mail[1].organization, mail[1].kind),
        ("losant", &rig.org, MailKind::Invite)
    );
    assert!(!list.to_string().contains(&rig.mailed_token()));
    assert_eq!(rig.org_call("GET", "", None).await.ok()["summary"]["pendingInviteCount"], 2);
}

#[tokio::test]
async fn people_who_are_in_or_invited_are_refused() {
    let rig = Rig::new();
    rig.invite("ADMIN@losant.example", "view")
        .await
        .invalid("invite.email is already a member of the organization");
    rig.invite("a@x.io", "view").await.ok();
    rig.invite("A@x.io", "view").await.invalid("invite.email has already been invited to the organization");
    assert_eq!(rig.mailed(), ["a@x.io"]);
}

#[tokio::test]
async fn an_expired_invitation_stays_listed_until_it_is_replaced() {
    let rig = Rig::new();
    let first = rig.invite("a@x.io", "view").await.ok();
    rig.advance_days(6);
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok()[0]["hasExpired"], false);
    rig.advance_days(1);
    let list = rig.org_call("GET", "/invites", None).await.ok();
    assert_eq!((&list[0]["id"], &list[0]["hasExpired"]), (&first[0]["id"], &json!(true)));
    assert_eq!(rig.org_call("GET", "", None).await.ok()["summary"]["pendingInviteCount"], 0);

    let list = rig.invite("A@x.io", "edit").await.ok();
    assert_eq!(strings(&list, "email"), ["A@x.io"]);
    assert_ne!(list[0]["id"], first[0]["id"]);
    assert_eq!((&list[0]["hasExpired"], &list[0]["role"]), (&json!(false), &json!("edit")));
    assert_eq!(rig.mailed(), ["a@x.io", "A@x.io"]);
}

#[tokio::test]
async fn a_revoked_invitation_leaves_the_others() {
    let rig = Rig::new();
    rig.invite("a@x.io", "view").await.ok();
    let list = rig.invite("b@x.io", "view").await.ok();
    let path = format!("/invites?inviteId={}", list[0]["id"].as_str().expect("an id"));
    let left = rig.org_call("DELETE", &path, None).await.ok();
    assert_eq!(strings(&left, "email"), ["b@x.io"]);
    rig.org_call("DELETE", &path, None).await.refused(404, "NotFound", "Invite was not found");
    rig.invite("a@x.io", "view").await.ok();
}

#[tokio::test]
async fn the_member_limit_counts_members_and_live_invitations() {
    let rig = Rig::new();
    rig.losant.data.lock().expect("a lock").orgs[0].member_limit = 4;
    rig.invite("a@x.io", "view").await.ok();
    rig.invite("b@x.io", "view").await.invalid("organization has reached its member limit");
    rig.advance_days(7);
    rig.invite("b@x.io", "view").await.ok();
    rig.invite("a@x.io", "view").await.invalid("organization has reached its member limit");
}

#[tokio::test]
async fn a_lost_mail_leaves_the_invitation() {
    let rig = Rig::new();
    let sabotage = Sabotage { mail_fails: true, ..Sabotage::default() };
    let list = rig.sabotaged_invite("a@x.io", sabotage).await.ok();
    assert_eq!(strings(&list, "email"), ["a@x.io"]);
    assert!(rig.mailed().is_empty());
}

#[tokio::test]
async fn a_lost_invitation_answers_the_list_as_it_was() {
    let rig = Rig::new();
    let before = rig.invite("a@x.io", "view").await.ok();
    let sabotage = Sabotage { nothing_created: true, ..Sabotage::default() };
    assert_eq!(rig.sabotaged_invite("b@x.io", sabotage).await.ok(), before);
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), before);
    assert_eq!(rig.mailed(), ["a@x.io"]);
}
