//! API keys.

use super::*;

const KEYS: &str = "/v1/user/api-keys";

async fn new_key(bench: &Bench, who: usize) -> (String, String) {
    let body = json!({"expirationTime": "THREE_MONTHS", "note": "adapter"});
    let made = bench.send(who, "POST", KEYS, Some(body)).await;
    let made = made.assert_ok().json();
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    (text("clientKey"), text("clientSecret"))
}

async fn with_pair(bench: &Bench, (key, secret): &(String, String)) -> Answer {
    bench.raw("GET", "/v1/auth/validate", &[("x-api-key", key), ("x-api-secret", secret)], "").await
}

#[tokio::test]
async fn a_new_key_opens_the_door_until_the_end_of_its_last_day() {
    let bench = Bench::new();
    let pair = new_key(&bench, MEMBER).await;
    assert!(pair.0.starts_with("jq_") && pair.0.len() == 27 && pair.1.len() == 50, "{pair:?}");
    assert_eq!(
        bench.get(MEMBER, KEYS).await.assert_ok().json(),
        json!([{
            "clientKey": pair.0, "note": "adapter", "enabled": true,
            "createdAt": "2026-05-13T09:30:00Z", "expiresAt": "2026-08-13T09:30:00Z",
        }]),
    );
    with_pair(&bench, &pair).await.assert_empty(200);
    bench.advance(92 * 24 * 3600 + 14 * 3600);
    with_pair(&bench, &pair).await.assert_empty(200);
    bench.advance(3600);
    with_pair(&bench, &pair).await.assert_framework(500, "Internal Server Error", "/v1/auth/validate");
    for body in [json!({}), json!({"expirationTime": "ONE_YEAR"})] {
        bench.send(MEMBER, "POST", KEYS, Some(body)).await.assert_framework(400, "Bad Request", KEYS);
    }
}

#[tokio::test]
async fn a_key_is_changed_and_deleted_by_its_owner_or_a_realm_admin() {
    let bench = Bench::new();
    let pair = new_key(&bench, MEMBER).await;
    let path = format!("{KEYS}/{}", pair.0);
    let missing = format!("{KEYS}/jq_missing");
    let off = Some(json!({"enabled": false}));
    bench.send(OUTSIDER, "PATCH", &path, off.clone()).await.assert_empty(403);
    bench.send(OUTSIDER, "DELETE", &path, None).await.assert_empty(403);
    bench.send(MEMBER, "PATCH", &missing, off.clone()).await.assert_framework(404, "Not Found", &missing);
    bench.send(MEMBER, "DELETE", &missing, None).await.assert_framework(404, "Not Found", &missing);

    let changed = bench.send(MEMBER, "PATCH", &path, off).await;
    assert_eq!(changed.assert_ok().json(), json!({"key": pair.0, "note": "adapter", "enabled": false}));
    assert_eq!(changed.header("x-rate-limit-limit"), Some("10"));
    let disabled = with_pair(&bench, &pair).await;
    disabled.assert_framework(401, "Unauthorized", "/v1/auth/validate");
    let noted = Some(json!({"note": "new", "enabled": true}));
    let changed = bench.send(REALM_ADMIN, "PATCH", &path, noted).await;
    assert_eq!(changed.assert_ok().json()["note"], "new");

    let deleted = bench.send(MEMBER, "DELETE", &path, None).await;
    deleted.assert_empty(204);
    assert_eq!(deleted.header("x-rate-limit-remaining"), Some("9"));
    with_pair(&bench, &pair).await.assert_status(401);
    assert_eq!(bench.get(MEMBER, KEYS).await.json(), json!([]));
}
