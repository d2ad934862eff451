//! Both sides of an invitation.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use super::{Bench, INVITATIONS, NOBODY, column, field_error, key, text};
use crate::mail::MailKind;
use crate::vendor::{Sabotage, Vendor};

const MINE: &str = "/v1/account/organization_invitations";
const WEEK: u64 = 7 * 24 * 3600;

async fn status_of(bench: &Bench, id: &str) -> Value {
    bench.get(&format!("{INVITATIONS}/{id}"), &bench.owner).await.1["invitation"]["status"].clone()
}

#[tokio::test]
async fn an_invitation_has_all_its_fields() {
    let bench = Bench::new();
    let (status, body) = bench.post(INVITATIONS, &bench.owner, json!({"email": "Jane@Example.com"})).await;
    assert_eq!(status, 200);
    let invitation = &body["invitation"];
    let (_, profile) = bench.get("/v1/account/profile", &bench.owner).await;
    let user = |name: &str| profile["user"][name].clone();
    let expected = json!({
        "id": invitation["id"],
        "email": "jane@example.com",
        "role": "OWNER",
        "status": "PENDING",
        "expires_at": "2026-08-24T09:15:00.123456Z",
        "organization_id": bench.organization,
        "organization": {
            "id": bench.organization,
            "name": "acme",
            "plan": "scale",
            "status": "ACTIVE",
            "external_id": invitation["organization"]["external_id"],
        },
        "invitee_id": "",
        "invitee": null,
        "inviter_id": user("id"),
        "inviter": {
            "id": user("id"),
            "email": user("email"),
            "name": user("name"),
            "avatar_url": "",
            "github_id": "",
            "github_user": "",
        },
    });
    assert_eq!(*invitation, expected);
    assert_eq!(bench.get(&format!("{INVITATIONS}/{}", text(&invitation["id"])), &bench.owner).await.1, body);
    let mails = bench.mails();
    assert_eq!(
        (mails.len(), mails[0].kind, mails[0].email.as_str()),
        (1, MailKind::Invite, "jane@example.com")
    );
    let link = format!("https://app.koyeb.com/account/organization_invitations/{}", text(&invitation["id"]));
    assert_eq!(mails[0].link.as_ref(), Some(&link));
    assert_eq!(mails[0].organization, bench.organization);
}

#[tokio::test]
async fn lists_leave_unset_messages_out() {
    let bench = Bench::new();
    let body = json!({"email": "jane@example.com"});
    let (_, created) = bench.post(INVITATIONS, &bench.organization_token, body).await;
    assert_eq!(
        (&created["invitation"]["inviter"], &created["invitation"]["inviter_id"]),
        (&Value::Null, &json!(""))
    );
    let (_, list) = bench.get(INVITATIONS, &bench.organization_token).await;
    let row = list["invitations"][0].as_object().expect("a row");
    assert!(!row.contains_key("inviter") && !row.contains_key("invitee"), "{row:?}");
    assert_eq!(row["invitee_id"], "");
}

#[tokio::test]
async fn an_address_with_an_account_shows_the_invitee() {
    let bench = Bench::new();
    bench.koyeb.add_user("jane@example.com");
    let id = bench.invite("jane@example.com").await;
    let (_, body) = bench.get(&format!("{INVITATIONS}/{id}"), &bench.owner).await;
    assert_eq!(body["invitation"]["invitee"]["email"], "jane@example.com");
    assert_eq!(body["invitation"]["invitee"]["id"], body["invitation"]["invitee_id"]);
}

#[tokio::test]
async fn addresses_are_checked() {
    let bench = Bench::new();
    for email in
        ["", "jane", "@x.io", "jane@", "jane@x", "a b@x.io", " a@x.io", "a@b@x.io", "a@x..io", "a@x.io\n"]
    {
        let (status, body) = bench.post(INVITATIONS, &bench.owner, json!({"email": email})).await;
        assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "email")), "{email:?}");
    }
    for email in ["a+b@x.io", "o'neil@sub.x.io", "a@bücher.example"] {
        bench.invite(email).await;
    }
    assert_eq!(bench.mails().len(), 3);
}

#[tokio::test]
async fn pending_addresses_and_members_cannot_be_invited() {
    let bench = Bench::new();
    let id = bench.invite("jane@example.com").await;
    bench.add_member("mo@example.com").await;
    for email in ["JANE@example.com", "mo@Example.com", "ada@acme.example"] {
        let (status, body) = bench.post(INVITATIONS, &bench.owner, json!({"email": email})).await;
        assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "email")), "{email}");
    }
    bench.advance(WEEK);
    assert_ne!(bench.invite("jane@example.com").await, id);
}

#[tokio::test]
async fn of_two_creates_at_once_one_succeeds() {
    let bench = Bench::new();
    let rivals = (0..8).map(|_| {
        let (router, token) = (bench.router.clone(), bench.owner.clone());
        std::thread::spawn(move || {
            let request = axum::http::Request::post(INVITATIONS)
                .header("authorization", format!("Bearer {token}"))
                .body(Body::from(r#"{"email":"jane@example.com"}"#))
                .expect("a request");
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let response = runtime.block_on(tower::ServiceExt::oneshot(router, request));
            response.expect("axum never fails").status().as_u16()
        })
    });
    let rivals: Vec<_> = rivals.collect();
    let mut statuses: Vec<_> = rivals.into_iter().map(|rival| rival.join().expect("a status")).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400, 400, 400, 400, 400]);
    assert_eq!(bench.mails().len(), 1);
}

#[tokio::test]
async fn statuses_follow_the_life_of_an_invitation() {
    let bench = Bench::new();
    let jane = key(&bench.koyeb.add_user("jane@example.com"));
    let mo = key(&bench.koyeb.add_user("mo@example.com"));
    let (accepted, refused) = (bench.invite("jane@example.com").await, bench.invite("mo@example.com").await);
    let expired = bench.invite("kim@example.com").await;
    let (status, body) = bench.post(&format!("{MINE}/{accepted}/accept"), &jane, json!({})).await;
    assert_eq!((status, &body["invitation"]["status"]), (200, &json!("ACCEPTED")));
    let (status, body) = bench.call(Method::POST, &format!("{MINE}/{refused}/decline"), &mo, None).await;
    assert_eq!((status, &body["invitation"]["status"]), (200, &json!("REFUSED")));
    bench.advance(WEEK - 1);
    assert_eq!(status_of(&bench, &expired).await, "PENDING");
    bench.advance(1);
    assert_eq!(status_of(&bench, &expired).await, "EXPIRED");
    let pending = bench.invite("lu@example.com").await;

    let ids = async |query: &str| {
        let (status, body) = bench.get(&format!("{INVITATIONS}?{query}"), &bench.owner).await;
        assert_eq!(status, 200, "{body}");
        column(&body["invitations"], "id")
    };
    assert_eq!(ids("statuses=PENDING").await, [pending.as_str()]);
    assert_eq!(ids("statuses=EXPIRED&statuses=REFUSED").await, [refused.clone(), expired.clone()]);
    assert_eq!(ids("statuses=ACCEPTED").await, [accepted.as_str()]);
    assert_eq!(ids("").await, [accepted, refused, expired, pending]);
    let (status, body) = bench.get(&format!("{INVITATIONS}?statuses=pending"), &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "statuses")));
}

#[tokio::test]
async fn resending_keeps_the_id_and_renews_the_end() {
    let bench = Bench::new();
    let id = bench.invite("jane@example.com").await;
    let path = format!("{INVITATIONS}/{id}/resend");
    bench.advance(60);
    let (status, body) = bench.call(Method::POST, &path, &bench.owner, None).await;
    let invitation = &body["invitation"];
    assert_eq!((status, text(&invitation["id"])), (200, id.clone()));
    assert_eq!(invitation["expires_at"], "2026-08-24T09:16:00.123456Z");
    bench.advance(WEEK);
    let (status, body) = bench.post(&path, &bench.owner, json!({})).await;
    assert_eq!((status, &body["invitation"]["status"]), (200, &json!("PENDING")));
    let kinds: Vec<_> = bench.mails().iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::Invite, MailKind::Resend, MailKind::Resend]);

    bench.koyeb.accept("jane@example.com", &bench.organization).expect("an acceptance");
    let (status, body) = bench.post(&path, &bench.owner, json!({})).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "status")));
    let unknown = format!("{INVITATIONS}/{NOBODY}/resend");
    assert_eq!(bench.post(&unknown, &bench.owner, json!({})).await.0, 404);
}

#[tokio::test]
async fn an_expired_invitation_cannot_rise_beside_a_pending_one() {
    let bench = Bench::new();
    let old = bench.invite("jane@example.com").await;
    bench.advance(WEEK);
    bench.invite("jane@example.com").await;
    let (status, body) = bench.post(&format!("{INVITATIONS}/{old}/resend"), &bench.owner, json!({})).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "email")));
    assert_eq!(bench.mails().len(), 2);
}

#[tokio::test]
async fn a_deleted_invitation_is_gone() {
    let bench = Bench::new();
    let id = bench.invite("jane@example.com").await;
    let path = format!("{INVITATIONS}/{id}");
    assert_eq!(bench.delete(&path, &bench.organization_token).await, (200, json!({})));
    assert_eq!(bench.delete(&path, &bench.owner).await.0, 404);
    assert_eq!(bench.get(&path, &bench.owner).await.0, 404);
    let accepted = bench.invite("mo@example.com").await;
    bench.koyeb.accept("mo@example.com", &bench.organization).expect("an acceptance");
    assert_eq!(bench.delete(&format!("{INVITATIONS}/{accepted}"), &bench.owner).await.0, 200);
    assert_eq!(bench.get("/v1/organization_members", &bench.owner).await.1["count"], 2);
}

#[tokio::test]
async fn a_lost_mail_leaves_the_row() {
    let mut bench = Bench::new();
    bench.sabotage = Sabotage { mail_fails: true, ..Sabotage::default() };
    let id = bench.invite("jane@example.com").await;
    assert_eq!(bench.post(&format!("{INVITATIONS}/{id}/resend"), &bench.owner, json!({})).await.0, 200);
    assert_eq!(status_of(&bench, &id).await, "PENDING");
    assert!(bench.mails().is_empty());
}

#[tokio::test]
async fn a_create_that_does_nothing_answers_as_if_it_had() {
    let mut bench = Bench::new();
    let kept = bench.invite("mo@example.com").await;
    let (_, before) = bench.get(INVITATIONS, &bench.owner).await;
    bench.advance(60);
    bench.sabotage = Sabotage { nothing_created: true, ..Sabotage::default() };
    let id = bench.invite("jane@example.com").await;
    let (status, body) = bench.post(&format!("{INVITATIONS}/{kept}/resend"), &bench.owner, json!({})).await;
    assert_eq!((status, &body["invitation"]["expires_at"]), (200, &json!("2026-08-24T09:16:00.123456Z")));
    assert_eq!(bench.get(&format!("{INVITATIONS}/{id}"), &bench.owner).await.0, 404);
    assert_eq!(bench.get(INVITATIONS, &bench.owner).await.1, before);
    assert_eq!(bench.mails().len(), 1);
}

#[tokio::test]
async fn another_organizations_invitation_does_not_exist() {
    let bench = Bench::new();
    let id = bench.invite("jane@example.com").await;
    let (_, made) = bench.post("/v1/organizations", &bench.outsider, json!({"name": "elsewhere"})).await;
    let elsewhere = text(&made["organization"]["id"]);
    let path = format!("/v1/organizations/{elsewhere}/access_token");
    let token = text(&bench.post(&path, &bench.outsider, json!({})).await.1["token"]);
    assert_eq!(bench.get(&format!("{INVITATIONS}/{id}"), &token).await.0, 404);
    assert_eq!(bench.delete(&format!("{INVITATIONS}/{id}"), &token).await.0, 404);
    assert_eq!(bench.get(INVITATIONS, &token).await.1["count"], 0);
    assert_eq!(bench.get(INVITATIONS, &bench.outsider).await.0, 400);
}
