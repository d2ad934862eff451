//! Organizations: reading, creating, updating, deleting, counters and the text of times.

use std::time::Duration;

use super::super::moment::Moment;
use super::*;

#[test]
fn times_have_no_zone_and_as_many_digits_as_they_need() {
    for (at, text) in [
        ("2024-05-01T09:05:07Z", "2024-05-01T09:05:07"),
        ("2024-05-01T09:05:07.12Z", "2024-05-01T09:05:07.120"),
        ("2024-05-01T09:05:07.000456Z", "2024-05-01T09:05:07.000456"),
        ("2024-05-01T09:05:07.123456789Z", "2024-05-01T09:05:07.123456789"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500"),
    ] {
        let at: Timestamp = at.parse().expect("a timestamp");
        assert_eq!(json!(Moment::exact(at)), text);
    }
    let fine: Timestamp = "2024-05-01T09:05:07.123456789Z".parse().expect("a timestamp");
    assert_eq!(json!(Moment::stored(fine)), "2024-05-01T09:05:07.123456");
}

#[tokio::test]
async fn reading_completes_the_partner_configuration_and_adds_the_plan() {
    let bench = Bench::new();
    let answer = bench.get(&format!("/api/organization/{}", bench.organization)).await;
    let organization = &answer["organization"];
    assert_eq!(organization["name"], "acme");
    assert_eq!((&organization["registerable"], &organization["deleted"]), (&json!(true), &json!(0)));
    let partner = organization["partner_configuration"].as_object().expect("an object");
    assert_eq!((partner.len(), &partner["COMPANY_NAME"]), (9, &json!("Trieve")));
    assert_eq!((&answer["plan"]["type"], &answer["plan"]["user_count"]), (&json!("flat"), &json!(5)));
    assert_eq!(answer["subscription"], Value::Null);

    let unknown = bench.own("GET", "/api/organization/00000000-0000-4000-8000-000000000000").send().await;
    unknown.is(404, "Not Found: Organization not found");
}

#[tokio::test]
async fn creating_answers_finer_times_than_a_later_read() {
    let bench = Bench::new();
    bench.world.clock.advance(Duration::from_nanos(7));
    let ask = bench.ask("POST", "/api/organization").key(&bench.owner);
    let created = ask.json(&json!({"name": " R&D <b>"})).send().await.ok();
    assert_eq!(created["name"], " R&D <b>");
    assert_eq!(created["created_at"], "2025-09-12T09:30:00.104532007");
    assert_eq!(created["partner_configuration"], json!({}));

    let me = bench.ask("GET", "/api/auth/me").key(&bench.owner).send().await.ok();
    assert_eq!(me["orgs"][1]["created_at"], "2025-09-12T09:30:00.104532");
    assert_eq!((&me["orgs"][1]["id"], &me["user_orgs"][1]["role"]), (&created["id"], &json!(2)));
    assert_eq!(me["orgs"][1]["partner_configuration"]["COMPANY_NAME"], "Trieve");
}

#[tokio::test]
async fn creating_with_an_organizations_key_leaves_an_organization_nobody_is_in() {
    let bench = Bench::new();
    let ask = |key: &str| bench.ask("POST", "/api/organization").key(key).json(&json!({"name": "orphan"}));
    ask("tr-unknown").send().await.is(401, "Unauthorized");
    ask(&bench.key).send().await.is(500, "Failed to add user to organization");
    let orphan = bench.trieve.state().organizations.last().expect("two organizations").clone();
    assert_eq!(orphan.name, "orphan");
    assert_eq!(bench.get(&format!("/api/organization/users/{}", orphan.id)).await, json!([]));
    let deletion = bench.own("DELETE", &format!("/api/organization/{}", orphan.id)).send().await;
    deletion.is(500, "Failed to delete user from redis");
    assert_eq!(bench.get(&format!("/api/organization/{}", orphan.id)).await["organization"]["deleted"], 0);

    let sabotage = Sabotage { nothing_created: true, ..Sabotage::default() };
    ask(&bench.owner).sabotage(sabotage).send().await.ok();
    assert_eq!(bench.trieve.state().organizations.len(), 2);
}

#[tokio::test]
async fn updating_cleans_the_name_and_replaces_the_configuration() {
    let bench = Bench::new();
    let unclean = bench.ask("POST", "/api/organization").key(&bench.owner).json(&json!({"name": "R&D"}));
    let id = text(&unclean.send().await.ok()["id"]);
    bench.world.clock.advance(Duration::from_secs(5));
    let put = |body: Value| {
        let ask = bench.ask("PUT", "/api/organization").key(&bench.owner).header("tr-organization", &id);
        async move { ask.json(&body).send().await.ok() }
    };
    let kept = put(json!({"partner_configuration": {"COMPANY_NAME": "Acme", "own": 1}, "unknown": 1})).await;
    assert_eq!(kept["name"], "R&amp;D", "the stored name is cleaned too");
    assert_eq!(kept["partner_configuration"], json!({"COMPANY_NAME": "Acme", "own": 1}));
    assert_eq!(kept["updated_at"], "2025-09-12T09:30:05.104532");
    let read = bench.get(&format!("/api/organization/{id}")).await;
    let shown = &read["organization"]["partner_configuration"];
    assert_eq!((&shown["COMPANY_NAME"], &shown["own"]), (&json!("Acme"), &Value::Null));

    let renamed = put(json!({"name": "acme <i>labs</i>", "partner_configuration": null})).await;
    assert_eq!(renamed["name"], "acme labs");
    assert_eq!(&renamed["partner_configuration"], shown, "leaving it out stores the completed one");
}

#[tokio::test]
async fn updating_an_organization_nobody_is_in_stores_and_fails() {
    let bench = Bench::new();
    for email in ["owner@acme.example", "admin@acme.example"] {
        let id = bench.user_id(email).await;
        bench.own("DELETE", &format!("/api/organization/x/user/{id}")).send().await.is_empty(204);
    }
    let update = bench.own("PUT", "/api/organization").json(&json!({"name": "empty"})).send().await;
    update.is(500, "Failed to delete user from redis");
    let stored = bench.get(&format!("/api/organization/{}", bench.organization)).await;
    assert_eq!(stored["organization"]["name"], "empty");
}

#[tokio::test]
async fn a_deleted_organization_is_gone_for_everybody() {
    let bench = Bench::new();
    let path = format!("/api/organization/{}", bench.organization);
    let elsewhere = bench.other_organization().await;
    bench.ask("DELETE", &path).key(&bench.admin).here().send().await.is(403, "Forbidden");
    bench.own("DELETE", &path).send().await.is_empty(204);
    bench.own("GET", &path).send().await.is(404, "Not Found: Organization not found");
    bench.ask("GET", "/api/health").here().send().await.is(404, "Not Found: Organization not found");
    let dead = bench.ask("GET", "/api/auth/me").key(&bench.key).send().await;
    dead.is(401, "Unauthorized");
    let me = async || bench.ask("GET", "/api/auth/me").key(&bench.owner).send().await;
    let orgs = me().await.ok()["orgs"].clone();
    assert_eq!(orgs.as_array().expect("a list").len(), 1, "the other one is left");
    let as_owner =
        |path: &str| bench.ask("GET", path).key(&bench.owner).header("tr-organization", &elsewhere);
    let members = format!("/api/organization/users/{}", bench.organization);
    assert_eq!(as_owner(&members).send().await.ok(), json!([]));
    as_owner(&path).send().await.is(404, "Not Found: Organization not found");
    let last = format!("/api/organization/{elsewhere}");
    let ask = bench.ask("DELETE", &last).key(&bench.owner).header("tr-organization", &elsewhere);
    ask.send().await.is_empty(204);
    me().await.is(401, "Unauthorized");
}

#[tokio::test]
async fn usage_counts_the_members() {
    let bench = Bench::new();
    let post = |id: &str| bench.own("POST", &format!("/api/organization/usage/{id}")).raw("{}");
    let usage = post(&bench.organization).send().await.ok();
    assert_eq!((&usage["user_count"], usage.as_object().map(serde_json::Map::len)), (&json!(2), Some(14)));
    let unknown = post("00000000-0000-4000-8000-000000000000").send().await;
    unknown.is(400, "Could not find organization usage count");
    assert_eq!(post(&bench.organization).raw(r#"{"date_range":1}"#).send().await.status, 400);
    bench
        .ask("POST", &format!("/api/organization/usage/{}", bench.organization))
        .raw("{}")
        .send()
        .await
        .is(401, "Unauthorized");
}
