//! API keys of organizations and of users.

use std::time::Duration;

use super::*;

const PATH: &str = "/api/organization/api_key";

async fn create(bench: &Bench, body: Value) -> String {
    text(&bench.own("POST", PATH).json(&body).send().await.ok()["api_key"])
}

async fn status(bench: &Bench, key: &str) -> u16 {
    bench.ask("GET", PATH).key(key).here().send().await.status.as_u16()
}

#[tokio::test]
async fn keys_are_paged_by_id() {
    let bench = Bench::new();
    for index in 0..10 {
        create(&bench, json!({"name": format!("key {index}"), "role": 9})).await;
    }
    let first = bench.get(PATH).await;
    let ids: Vec<_> =
        first["api_keys"].as_array().expect("a list").iter().map(|key| text(&key["id"])).collect();
    assert!(ids.len() == 10 && ids.is_sorted(), "{ids:?}");
    assert_eq!(first["cursor"], *ids.last().expect("ten"));
    let rest = bench.get(&format!("{PATH}?cursor={}", ids[9])).await;
    assert_eq!(rest["api_keys"].as_array().map(Vec::len), Some(2), "with the two that were there before");
    let end = bench.get(&format!("{PATH}?limit=5&cursor={}", text(&rest["cursor"]))).await;
    assert_eq!(end, json!({"api_keys": [], "cursor": null}));
    for (query, words) in [
        ("limit=x", "Query deserialize error: invalid digit found in string"),
        ("cursor=x", "Query deserialize error: UUID parsing failed: invalid character: "),
    ] {
        let refused = bench.own("GET", &format!("{PATH}?{query}")).send().await;
        let text = String::from_utf8_lossy(&refused.body);
        assert!(refused.status == 400 && text.starts_with(words), "{query}: {text}");
        assert_eq!(refused.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    }
    let negative = bench.own("GET", &format!("{PATH}?limit=-1")).send().await;
    negative.is(400, "Failed to get API keys for user");

    let entry = first["api_keys"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|key| text(&key["name"]).starts_with("key"));
    let entry = entry.expect("a new key");
    assert_eq!(
        *entry,
        json!({
            "id": entry["id"],
            "organization_id": bench.organization,
            "name": entry["name"],
            "role": 0,
            "dataset_ids": null,
            "organization_ids": null,
            "created_at": "2025-09-12T09:30:00.104532",
            "updated_at": "2025-09-12T09:30:00.104532",
        })
    );
}

#[tokio::test]
async fn a_key_ends_at_its_expiry_unless_that_cannot_be_read() {
    let bench = Bench::new();
    let mut keys = Vec::new();
    let in_a_minute = ["2025-09-12T11:31:00+02:00", "2025-09-12 09:31:00", "1757669460"];
    let unreadable = ["2025-09-12T09:31:00", "in a minute"];
    for expires_at in in_a_minute.into_iter().chain(unreadable) {
        keys.push(create(&bench, json!({"name": "key", "role": 1, "expires_at": expires_at})).await);
    }
    for key in &keys {
        assert_eq!(status(&bench, key).await, 200);
    }
    bench.world.clock.advance(Duration::from_mins(1));
    for (key, expected) in keys.iter().zip([401, 401, 401, 200, 200]) {
        assert_eq!(status(&bench, key).await, expected);
    }
}

#[tokio::test]
async fn a_deleted_key_is_dead_and_deleting_it_again_is_fine() {
    let bench = Bench::new();
    let key = create(&bench, json!({"name": "key", "role": 2})).await;
    let keys = bench.get(PATH).await;
    let id = keys["api_keys"].as_array().expect("a list").iter().find(|entry| entry["name"] == "key");
    let path = format!("{PATH}/{}", text(&id.expect("the key")["id"]));
    for _ in 0..2 {
        bench.own("DELETE", &path).send().await.is_empty(204);
    }
    assert_eq!(status(&bench, &key).await, 401);
    assert_eq!(bench.own("DELETE", &format!("{PATH}/x")).send().await.status, 400);

    let sabotage = Sabotage { nothing_created: true, ..Sabotage::default() };
    let ask = bench.own("POST", PATH).json(&json!({"name": "key", "role": 2})).sabotage(sabotage);
    let ghost = text(&ask.send().await.ok()["api_key"]);
    assert_eq!(status(&bench, &ghost).await, 401);
}

#[tokio::test]
async fn a_user_lists_and_deletes_its_own_keys_only() {
    let bench = Bench::new();
    let list = async |key: &str| bench.ask("GET", "/api/user/api_key").key(key).send().await;
    list("").await.is(401, "Unauthorized");
    assert_eq!(list(&bench.key).await.ok(), json!([]));
    let keys = list(&bench.owner).await.ok();
    assert_eq!(keys[0]["organization_id"], "00000000-0000-0000-0000-000000000000");
    let path = format!("/api/user/api_key/{}", text(&keys[0]["id"]));
    let delete = async |key: &str| bench.ask("DELETE", &path).key(key).send().await;
    delete(&bench.admin).await.is_empty(204);
    assert_eq!(list(&bench.owner).await.ok(), keys);
    delete(&bench.owner).await.is_empty(204);
    list(&bench.owner).await.is(401, "Unauthorized");
}
