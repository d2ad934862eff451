//! Organizations and their members.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Rig, strings};

async fn create(rig: &Rig, name: &str) -> Value {
    let answer = rig.call("POST", "/orgs", &rig.admin, Some(json!({ "name": name }))).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    answer.body
}

#[tokio::test]
async fn an_organization_shows_its_members_and_dates_with_milliseconds() {
    let rig = Rig::new();
    let org = rig.org_call("GET", "", None).await.ok();
    assert_eq!(org["id"], org["orgId"]);
    assert_eq!(org["creationDate"], "2026-08-17T09:00:00.123Z");
    assert_eq!(org["disabledAt"], false);
    assert_eq!(strings(&org["members"], "role"), ["admin", "edit", "view"]);
    assert_eq!(org["members"][0]["email"], "admin@losant.example");
    assert_eq!(org["summary"]["memberCount"], 3);
    rig.get(&format!("/orgs/{}", rig.org), &rig.viewer).await.ok();
    rig.get(&format!("/orgs/{}", rig.org.to_uppercase()), &rig.viewer).await.ok();
    let answer = rig.get(&format!("/orgs/{}", rig.org), &rig.outsider).await;
    answer.refused(404, "NotFound", "Organization was not found");

    let org = rig.org_call("GET", "?summaryExclude=memberCount,appCount", None).await.ok();
    assert!(org["summary"].get("memberCount").is_none() && org["summary"].get("deviceCount").is_some());
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let rig = Rig::new();
    rig.advance_days(1);
    let before = rig.org_call("GET", "", None).await.ok();
    let org = rig.org_call("PATCH", "", Some(json!({ "name": "New", "cardToken": "secret" }))).await.ok();
    assert_eq!(org["name"], "New");
    assert_eq!(org["description"], before["description"]);
    assert!(!org.to_string().contains("secret"));
    assert_eq!(org["lastUpdated"], "2026-08-18T09:00:00.123Z");
    let patch = Some(json!({ "name": "Mine" }));
    let answer = rig.call("PATCH", &format!("/orgs/{}", rig.org), &rig.viewer, patch).await;
    answer.refused(403, "Forbidden", "Access is forbidden");
}

#[tokio::test]
async fn a_creator_is_the_administrator_and_deletion_is_final() {
    let rig = Rig::new();
    let body = json!({ "name": "Mine", "description": "About it", "billingEmail": "b@x.io" });
    let answer = rig.call("POST", "/orgs", &rig.outsider, Some(body)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.body["description"], "About it");
    assert_eq!(answer.body["billingEmail"], "b@x.io");
    assert_eq!(answer.body["members"][0]["role"], "admin");
    let path = format!("/orgs/{}", answer.text("/id"));
    rig.call("DELETE", &path, &rig.admin, None).await.refused(404, "NotFound", "Organization was not found");
    assert_eq!(rig.call("DELETE", &path, &rig.outsider, None).await.ok(), json!({ "success": true }));
    assert_eq!(rig.call("DELETE", &path, &rig.outsider, None).await.status, 404);
    rig.call("POST", "/orgs", &rig.admin, Some(json!({}))).await.invalid("organization.name is required");
}

#[tokio::test]
async fn the_list_is_paged_sorted_and_filtered() {
    let rig = Rig::new();
    for name in ["my first org", "My Second Org", "other"] {
        rig.losant.world.clock.advance(std::time::Duration::from_secs(1));
        create(&rig, name).await;
    }
    let list = rig.get("/orgs?page=1&perPage=3", &rig.admin).await.ok();
    assert_eq!(strings(&list["items"], "name"), ["other"]);
    assert_eq!(
        (&list["count"], &list["totalCount"], &list["page"], &list["perPage"]),
        (&json!(1), &json!(4), &json!(1), &json!(3))
    );
    assert_eq!((&list["sortField"], &list["sortDirection"]), (&json!("name"), &json!("asc")));
    assert!(list.get("filter").is_none());

    let list = rig.get("/orgs?sortField=creationDate&sortDirection=desc", &rig.admin).await.ok();
    assert_eq!(strings(&list["items"], "name")[..2], ["other", "My Second Org"]);
    assert_eq!(list["perPage"], 100);
    for (filter, found) in [("my*org", 2), ("MY F*", 1), ("my", 0), ("*o*", 4), ("othe?", 1), ("", 4)] {
        let path = format!("/orgs?filterField=name&filter={}", filter.replace(' ', "%20"));
        assert_eq!(rig.get(&path, &rig.admin).await.ok()["totalCount"], found, "{filter}");
    }
    assert_eq!(rig.get("/orgs?filter=my*", &rig.admin).await.ok()["totalCount"], 4);
    assert_eq!(rig.get("/orgs?perPage=5000", &rig.admin).await.ok()["perPage"], 1000);
    assert_eq!(rig.get("/orgs?page=99999999999999999999", &rig.admin).await.ok()["items"], json!([]));
    rig.get("/orgs?page=-1", &rig.admin).await.invalid("page pattern mismatch");
    rig.get("/orgs?sortField=role", &rig.admin).await.invalid("sortField must be an enum value");
    assert_eq!(rig.get("/orgs", &rig.outsider).await.ok()["totalCount"], 0);
}

#[tokio::test]
async fn a_transfer_is_checked_and_succeeds() {
    let rig = Rig::new();
    let body = json!({ "destinationId": rig.user_id(&rig.admin).await, "destinationType": "user" });
    let answer = rig.org_call("PATCH", "/transferResources", Some(body)).await;
    assert_eq!(answer.ok(), json!({ "success": true }));
    let body = json!({ "destinationId": rig.org, "destinationType": "team" });
    let answer = rig.org_call("PATCH", "/transferResources", Some(body)).await;
    answer.invalid("transfer.destinationType must be an enum value");
}
