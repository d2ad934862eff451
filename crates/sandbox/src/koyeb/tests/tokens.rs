//! API tokens and sessions.

use axum::http::Method;
use serde_json::json;

use super::{Bench, NOBODY, column, field_error, text};
use crate::vendor::Vendor;

const CREDENTIALS: &str = "/v1/credentials";

#[tokio::test]
async fn an_access_token_enters_the_organization_for_its_time() {
    let bench = Bench::new();
    let jane = bench.add_member("jane@example.com").await;
    let path = bench.organization_path("/access_token");
    let (status, body) = bench.post(&path, &jane, json!({"validity": "1.5s"})).await;
    assert_eq!(status, 200);
    let token = text(&body["token"]);
    let (status, body) = bench.get("/v1/account/organization", &token).await;
    assert_eq!((status, text(&body["organization"]["id"])), (200, bench.organization.clone()));
    bench.advance(2);
    assert_eq!(bench.get("/v1/account/organization", &token).await.0, 401);

    let hour = text(&bench.post(&path, &jane, json!({})).await.1["token"]);
    bench.advance(3599);
    assert_eq!(bench.get("/v1/account/profile", &hour).await.0, 200);
    bench.advance(1);
    assert_eq!(bench.get("/v1/account/profile", &hour).await.0, 401);
}

#[tokio::test]
async fn an_access_token_is_for_members_and_a_day_at_most() {
    let bench = Bench::new();
    let path = bench.organization_path("/access_token");
    for validity in ["86400.1s", "86401s", "0s", "-1s", "3600", "s", "1.s", ".5s", "1e3s", "1.0000000001s"] {
        let (status, body) = bench.post(&path, &bench.owner, json!({"validity": validity})).await;
        assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "validity")), "{validity}");
    }
    assert_eq!(bench.post(&path, &bench.owner, json!({"validity": "86400s"})).await.0, 200);
    assert_eq!(bench.post(&path, &bench.outsider, json!({})).await.0, 403);
    assert_eq!(bench.post(&path, &bench.organization_token, json!({})).await.0, 403);
    let unknown = format!("/v1/organizations/{NOBODY}/access_token");
    assert_eq!(bench.post(&unknown, &bench.owner, json!({})).await.0, 404);
}

#[tokio::test]
async fn switching_gives_a_session_in_the_other_organization() {
    let bench = Bench::new();
    let (_, made) = bench.post("/v1/organizations", &bench.owner, json!({"name": "second"})).await;
    let second = text(&made["organization"]["id"]);
    let path = format!("/v1/organizations/{second}/switch");
    let (status, body) = bench.call(Method::POST, &path, &bench.owner, None).await;
    assert_eq!((status, text(&body["token"]["organization_id"])), (200, second));
    assert_eq!(body["token"]["expires_at"], "2026-08-18T09:15:00.123456Z");
    assert_eq!(text(&body["token"]["user_id"]), bench.user_id(&bench.owner).await);
    let (_, current) = bench.get("/v1/account/organization", &text(&body["token"]["id"])).await;
    assert_eq!(current["organization"]["name"], "second");
    assert_eq!(bench.post(&path, &bench.outsider, json!({})).await.0, 403);
    assert_eq!(bench.post(&path, &bench.organization_token, json!({})).await.0, 403);
}

#[tokio::test]
async fn the_text_of_a_credential_is_shown_once() {
    let bench = Bench::new();
    let body = json!({"name": "ci", "type": "ORGANIZATION", "organization_id": bench.organization});
    let (status, body) = bench.post(CREDENTIALS, &bench.owner, body).await;
    let credential = &body["credential"];
    assert_eq!(
        (status, &credential["type"], &credential["user_id"]),
        (200, &json!("ORGANIZATION"), &json!(""))
    );
    let (token, path) = (text(&credential["token"]), format!("{CREDENTIALS}/{}", text(&credential["id"])));
    assert_eq!(bench.get("/v1/apps", &token).await.0, 200);
    assert_eq!(bench.get("/v1/account/profile", &token).await.0, 403);
    let (_, read) = bench.get(&path, &bench.owner).await;
    assert_eq!((&read["credential"]["token"], &read["credential"]["name"]), (&json!(""), &json!("ci")));
    let change = Some(json!({"description": "CI"}));
    let (_, updated) = bench.call(Method::PATCH, &path, &bench.owner, change).await;
    assert_eq!(
        (&updated["credential"]["name"], &updated["credential"]["description"]),
        (&json!("ci"), &json!("CI"))
    );
    assert_eq!(bench.get(&path, &bench.outsider).await.0, 404);
    assert_eq!(bench.delete(&path, &bench.owner).await, (200, json!({})));
    assert_eq!(bench.get("/v1/apps", &token).await.0, 401);
    assert_eq!(bench.get(&path, &bench.owner).await.0, 404);
}

#[tokio::test]
async fn users_see_their_own_credentials_and_the_organizations() {
    let bench = Bench::new();
    bench.add_member("jane@example.com").await;
    let names = async |query: &str, token: &str| {
        let (status, body) = bench.get(&format!("{CREDENTIALS}?{query}"), token).await;
        assert_eq!(status, 200, "{body}");
        column(&body["credentials"], "name")
    };
    assert_eq!(names("", &bench.owner).await, ["admin", "automation"]);
    assert_eq!(names("type=USER", &bench.owner).await, ["admin"]);
    assert_eq!(names("name=automation", &bench.owner).await, ["automation"]);
    assert_eq!(names("", &bench.organization_token).await, ["automation"]);
    assert_eq!(names("", &bench.outsider).await, ["personal"]);
    assert_eq!(names(&format!("user_id={NOBODY}"), &bench.owner).await, [""; 0]);
}

#[tokio::test]
async fn a_credential_needs_a_name_a_type_and_a_right() {
    let bench = Bench::new();
    let create = async |token: &str, body| bench.post(CREDENTIALS, token, body).await;
    let (status, body) = create(&bench.owner, json!({"type": "USER"})).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "name")));
    let (status, body) = create(&bench.owner, json!({"name": "x"})).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "type")));
    let user = json!({"name": "x", "type": "USER"});
    assert_eq!(create(&bench.organization_token, user.clone()).await.0, 403);
    let foreign = json!({"name": "x", "type": "ORGANIZATION", "organization_id": bench.organization});
    assert_eq!(create(&bench.outsider, foreign).await.0, 403);
    let (status, body) = create(&bench.owner, user).await;
    assert_eq!((status, text(&body["credential"]["organization_id"])), (200, bench.organization.clone()));
    let token = text(&body["credential"]["token"]);
    assert_eq!(bench.get("/v1/account/organization", &token).await.0, 200);
    assert_eq!(bench.koyeb.identities().len(), 4);
}
