//! Deactivating and deleting.

use serde_json::{Value, json};

use super::{Bench, INVITATIONS, NOBODY, field_error, text};
use crate::mail::MailKind;

async fn status_now(bench: &Bench) -> Value {
    bench.get(&bench.organization_path(""), &bench.owner).await.1["organization"]["status"].clone()
}

async fn deactivate(bench: &Bench, skip: bool) -> (u16, Value) {
    let path = bench.organization_path("/deactivate");
    bench.post(&path, &bench.owner, json!({"skip_confirmation": skip})).await
}

#[tokio::test]
async fn deactivating_takes_three_seconds() {
    let bench = Bench::new();
    let (status, body) = deactivate(&bench, true).await;
    assert_eq!((status, &body["organization"]["status"]), (200, &json!("DEACTIVATING")));
    assert_eq!(body["organization"]["deactivation_reason"], "REQUESTED_BY_OWNER");
    let (status, body) = bench.delete(&bench.organization_path(""), &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "status")));
    bench.advance(2);
    assert_eq!(status_now(&bench).await, "DEACTIVATING");
    bench.advance(1);
    assert_eq!(status_now(&bench).await, "DEACTIVATED");
    assert_eq!(deactivate(&bench, true).await.0, 400);
    let (status, body) = bench.post(INVITATIONS, &bench.owner, json!({"email": "jane@example.com"})).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "status")));
}

#[tokio::test]
async fn an_active_organization_is_neither_deleted_nor_reactivated() {
    let bench = Bench::new();
    assert_eq!(bench.delete(&bench.organization_path(""), &bench.owner).await.0, 400);
    assert_eq!(bench.post(&bench.organization_path("/reactivate"), &bench.owner, json!({})).await.0, 400);
    assert_eq!(bench.delete(&bench.organization_path(""), &bench.outsider).await.0, 403);
}

#[tokio::test]
async fn deleting_ends_the_tokens_in_the_organization() {
    let bench = Bench::new();
    let (_, made) = bench.post("/v1/organizations", &bench.owner, json!({"name": "second"})).await;
    let second = format!("/v1/organizations/{}/switch", text(&made["organization"]["id"]));
    let elsewhere = text(&bench.post(&second, &bench.owner, json!({})).await.1["token"]["id"]);
    deactivate(&bench, true).await;
    bench.advance(3);
    let path = bench.organization_path("");
    let (status, body) = bench.delete(&path, &bench.owner).await;
    assert_eq!((status, &body["organization"]["status"]), (200, &json!("DELETING")));
    for token in [&bench.owner, &bench.organization_token] {
        let expected = json!({"status": 401, "code": "authentication_error", "message": "Token rejected"});
        assert_eq!(bench.get(&path, token).await, (401, expected));
    }
    assert_eq!(bench.get(&path, &elsewhere).await.0, 404);
    assert_eq!(
        bench.get("/v1/account/organizations", &elsewhere).await.1["organizations"][0]["name"],
        "second"
    );
}

#[tokio::test]
async fn an_unscoped_token_outlives_its_organization() {
    let bench = Bench::new();
    deactivate(&bench, true).await;
    bench.advance(3);
    let (status, body) = bench.post("/v1/unscope_organization_token", &bench.owner, json!({})).await;
    assert_eq!((status, &body["token"]["organization_id"]), (200, &json!("")));
    assert_eq!(bench.get("/v1/account/organization", &bench.owner).await.0, 400);
    assert_eq!(bench.delete(&bench.organization_path(""), &bench.owner).await.0, 200);
    for token in [bench.owner.clone(), text(&body["token"]["id"])] {
        assert_eq!(bench.get("/v1/account/profile", &token).await.0, 200);
    }
    let (status, _) =
        bench.post("/v1/unscope_organization_token", &bench.organization_token, json!({})).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn without_skipping_a_confirmation_starts_it() {
    let bench = Bench::new();
    let (status, body) = deactivate(&bench, false).await;
    assert_eq!((status, &body["organization"]["status"]), (200, &json!("ACTIVE")));
    bench.advance(60);
    assert_eq!(status_now(&bench).await, "ACTIVE");
    let mails = bench.koyeb.world.mail.all();
    assert_eq!((mails[0].kind, mails[0].email.as_str()), (MailKind::Confirmation, "ada@acme.example"));
    let (_, id) = mails[0].link.as_deref().and_then(|link| link.rsplit_once('/')).expect("a link");
    let path = format!("/v1/organization_confirmations/{id}");
    assert_eq!(bench.post(&path, &bench.outsider, json!({})).await.0, 403);
    assert_eq!(bench.post(&path, &bench.owner, json!({})).await, (200, json!({})));
    assert_eq!(status_now(&bench).await, "DEACTIVATING");
    assert_eq!(bench.post(&path, &bench.owner, json!({})).await.0, 404);
    let unknown = format!("/v1/organization_confirmations/{NOBODY}");
    assert_eq!(bench.post(&unknown, &bench.owner, json!({})).await.0, 404);
}

#[tokio::test]
async fn a_deactivated_organization_can_come_back() {
    let bench = Bench::new();
    deactivate(&bench, true).await;
    bench.advance(3);
    let (status, body) = bench.post(&bench.organization_path("/reactivate"), &bench.owner, json!({})).await;
    assert_eq!((status, &body["organization"]["status"]), (200, &json!("ACTIVE")));
    assert_eq!(body["organization"]["deactivation_reason"], "INVALID");
    bench.invite("jane@example.com").await;
}
