//! Tokens and keys, who the caller is, and what is open to all.

use serde_json::{Value, json};

use super::{LIST, identities, with_authorization};
use crate::support::{Fixture, send};

#[tokio::test]
async fn only_access_tokens_open_it() {
    let fixture = Fixture::start().await;
    let key = identities(&fixture).into_iter().find(|identity| identity.credential["type"] == "api_key");
    let key = key.expect("an identity with an API key").credential["key"].clone();
    let key = key.as_str().expect("text");
    let bare =
        send(fixture.client.get(fixture.sandbox.base_url("nuextract") + LIST)).await.expect("an answer");
    assert_eq!((bare.status, &bare.json()["code"]), (401, &json!("Unauthorized")));
    for (value, status) in [
        (format!("Bearer {}", fixture.token()), 200),
        (format!("bearer {}", fixture.token()), 200),
        (format!("Bearer {key}"), 403),
        ("Bearer bogus".to_owned(), 401),
        (format!("Basic {}", fixture.token()), 401),
        (fixture.token().to_owned(), 401),
    ] {
        assert_eq!(with_authorization(&fixture, &value).await.status, status, "{value}");
    }
    let refused = with_authorization(&fixture, &format!("Bearer {key}")).await.json();
    assert_eq!(refused["code"], "Forbidden");
}

#[tokio::test]
async fn me_and_the_open_endpoints_answer() {
    let fixture = Fixture::start().await;
    let me = fixture.get("/api/auth/me").await.json();
    let organization = json!({ "id": fixture.organization(), "name": "Example Organization" });
    let expected =
        json!({ "email": fixture.identity.email, "isAdmin": false, "organizations": [organization] });
    assert_eq!(me, expected);
    let open =
        async |path: &str| send(fixture.client.get(fixture.sandbox.base_url("nuextract") + path)).await;
    assert_eq!(open("/api/ping").await.expect("an answer").status, 200);
    assert!(open("/api/version").await.expect("an answer").json()["buildVersion"].is_string());
    assert!(matches!(open("/api/health").await.expect("an answer").json()["services"], Value::Array(_)));
    assert_eq!(fixture.get("/api/unknown").await.status, 404);
    assert_eq!(fixture.delete(LIST).await.status, 405);
}
