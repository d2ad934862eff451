//! A database or a cache that fails, requests at one moment, and texts that no database stores.

use std::time::Duration;

use super::{Ask, Bench, invitation, text};
use crate::fault_kind::Outage;
use crate::vendor::{Sabotage, Vendor};
use serde_json::json;

fn out(outage: Outage) -> Sabotage {
    Sabotage { outage: Some(outage), ..Sabotage::default() }
}

/// One call of each kind, with who and where.
fn calls(bench: &Bench, user: &str) -> Vec<(&'static str, String)> {
    let id = &bench.organization;
    vec![
        ("GET", format!("/api/organization/{id}")),
        ("PUT", "/api/organization".to_owned()),
        ("GET", format!("/api/organization/users/{id}")),
        ("PUT", "/api/user".to_owned()),
        ("DELETE", format!("/api/organization/{id}/user/{user}")),
        ("GET", format!("/api/invitations/{id}")),
        ("DELETE", format!("/api/invitation/{id}")),
        ("POST", "/api/invitation".to_owned()),
        ("GET", "/api/organization/api_key".to_owned()),
        ("DELETE", format!("/api/organization/{id}")),
    ]
}

fn ask<'a>(bench: &'a Bench, method: &str, path: &str, user: &str, outage: Outage) -> Ask<'a> {
    let mut body = invitation("ada@x.org", 0);
    body["user_id"] = json!(user);
    body["role"] = json!(0);
    body["name"] = json!("renamed");
    bench.own(method, path).json(&body).sabotage(out(outage))
}

/// What can be seen from outside.
async fn seen(bench: &Bench) -> impl PartialEq + std::fmt::Debug {
    let organization = bench.get(&format!("/api/organization/{}", bench.organization)).await;
    let name = organization["organization"]["name"].clone();
    (name, bench.members().await, bench.invitations().await, bench.mails())
}

#[tokio::test]
async fn nothing_happens_while_the_database_is_out_of_reach() {
    let bench = Bench::new();
    let user = bench.user_id("admin@acme.example").await;
    let before = seen(&bench).await;
    for (method, path) in calls(&bench, &user) {
        let gone = ask(&bench, method, &path, &user, Outage::Database).send().await;
        gone.is(400, "Could not get database connection");
        ask(&bench, method, &path, &user, Outage::Credential).send().await.is(401, "Unauthorized");
        let lost = ask(&bench, method, &path, &user, Outage::Organization).send().await;
        lost.is(404, "Not Found: Organization not found");
    }
    let me = bench.ask("GET", "/api/auth/me").key(&bench.owner).sabotage(out(Outage::Database));
    me.send().await.is(401, "Unauthorized");
    assert_eq!(seen(&bench).await, before);
}

#[tokio::test]
async fn an_operation_that_loses_the_database_changes_nothing_and_says_so_in_its_words() {
    let bench = Bench::new();
    let user = bench.user_id("admin@acme.example").await;
    let before = seen(&bench).await;
    let words = [
        "Not Found: Organization not found",
        "Failed to update organization, try again",
        "Error loading user",
        "Error loading user with organizations and roles for get_user_by_id_query",
        "Error loading user role",
        "Error getting invitations.",
        "Error getting invitation.",
        "Error loading users",
        "Failed to get API keys for user",
        "Error loading users",
    ];
    for ((method, path), words) in calls(&bench, &user).into_iter().zip(words) {
        let refused = ask(&bench, method, &path, &user, Outage::Operation).send().await;
        refused.is(if words.starts_with("Not Found") { 404 } else { 400 }, words);
    }
    for (method, path, words) in [
        ("GET", "/api/auth/me", "Error loading user with organizations and roles for get_user_by_id_query"),
        ("POST", "/api/organization", "Could not create organization, try again"),
    ] {
        let ask = bench.ask(method, path).key(&bench.owner).json(&json!({"name": "new"}));
        ask.sabotage(out(Outage::Operation)).send().await.is(400, words);
    }
    assert_eq!(seen(&bench).await, before);
    assert_eq!(bench.trieve.state().organizations.len(), 1);
}

#[tokio::test]
async fn a_failure_behind_the_change_is_told_and_the_change_is_stored() {
    let bench = Bench::new();
    let rename = bench.own("PUT", "/api/organization").json(&json!({"name": "renamed"}));
    rename.sabotage(out(Outage::Behind)).send().await.is(400, "Error loading users");
    let create = bench.ask("POST", "/api/organization").key(&bench.owner).json(&json!({"name": "orphan"}));
    create.sabotage(out(Outage::Behind)).send().await.is(500, "Failed to add user to organization");
    let names: Vec<_> = bench.trieve.state().organizations.iter().map(|it| it.name.clone()).collect();
    assert_eq!(names, ["renamed", "orphan"]);
    let orphan = bench.trieve.state().organizations[1].id;
    assert_eq!(bench.get(&format!("/api/organization/users/{orphan}")).await, json!([]));

    let path = format!("/api/organization/{}", bench.organization);
    let delete = bench.own("DELETE", &path).sabotage(out(Outage::Behind)).send().await;
    delete.is(500, "Failed to add organization to deleted_organizations");
    bench.own("GET", &path).send().await.is(404, "Not Found: Organization not found");
}

#[tokio::test]
async fn the_cache_fails_behind_a_change_and_ahead_of_a_deletion() {
    let bench = Bench::new();
    let words = "Failed to delete user from redis";
    let admin = bench.user_id("admin@acme.example").await;
    let own =
        |method: &str, path: &str, body| bench.own(method, path).json(&body).sabotage(out(Outage::Cache));
    own("PUT", "/api/user", json!({"user_id": admin, "role": 0})).send().await.is(500, words);
    own("PUT", "/api/organization", json!({"name": "renamed"})).send().await.is(500, words);
    let deletion = format!("/api/organization/{}", bench.organization);
    own("DELETE", &deletion, json!(null)).send().await.is(500, words);
    let create = bench.ask("POST", "/api/organization").key(&bench.owner).json(&json!({"name": "new"}));
    create.sabotage(out(Outage::Cache)).send().await.is(500, words);

    assert_eq!(bench.member("admin@acme.example").await.expect("a member")["user_orgs"][0]["role"], 0);
    assert_eq!(bench.get(&deletion).await["organization"]["name"], "renamed", "and not deleted");
    let me = bench.ask("GET", "/api/auth/me").key(&bench.owner).send().await.ok();
    assert_eq!(me["orgs"].as_array().expect("a list").len(), 2, "the new one is hers");

    let removal = format!("/api/organization/x/user/{admin}");
    own("DELETE", &removal, json!(null)).send().await.is(500, words);
    assert!(bench.member("admin@acme.example").await.is_none());
    bench.trieve.add_user("bob@x.org");
    let invite = own("POST", "/api/invitation", invitation("bob@x.org", 0)).send().await;
    invite.is_empty(204);
    assert!(bench.member("bob@x.org").await.is_some(), "a member");
    assert_eq!(bench.invitations().await.len(), 1, "and invited");
    assert_eq!(bench.mails(), [("bob@x.org".to_owned(), "Invite".to_owned())]);
}

#[tokio::test]
async fn requests_at_one_moment_all_pass_the_duplicate_check_where_that_is_switched_on() {
    for (race, rows) in [(None, 1), (Some(Duration::from_millis(50)), 3)] {
        let bench = Bench::new();
        bench.trieve.add_user("bob@x.org");
        let sabotage = Sabotage { race, ..Sabotage::default() };
        let send = |email: &str| {
            bench.own("POST", "/api/invitation").json(&invitation(email, 0)).sabotage(sabotage).send()
        };
        for email in ["ada@x.org", "bob@x.org"] {
            let replies = tokio::join!(send(email), send(email), send(email));
            let created = [replies.0, replies.1, replies.2].iter().filter(|it| it.status == 204).count();
            assert_eq!(created, rows, "{email}");
        }
        let members = bench.members().await;
        let bobs: Vec<_> = members.iter().filter(|member| member["email"] == "bob@x.org").collect();
        assert_eq!((bench.invitations().await.len(), bobs.len()), (rows, rows));
        assert_eq!(bench.mails().len(), 2 * rows);

        // What is done to a person is done to all her rows.
        let bob = text(&bobs[0]["id"]);
        let change = json!({"user_id": bob, "role": 1});
        bench.own("PUT", "/api/user").json(&change).send().await.is_empty(204);
        let members = bench.members().await;
        let admins = members.iter().filter(|member| member["user_orgs"][0]["role"] == 1).count();
        assert_eq!(admins, 1 + rows);
        bench.own("DELETE", &format!("/api/organization/x/user/{bob}")).send().await.is_empty(204);
        assert!(bench.member("bob@x.org").await.is_none());
    }
}

#[tokio::test]
async fn a_zero_byte_fails_where_it_comes_to_the_database() {
    let bench = Bench::new();
    bench.invite("a@x.org\0").await.is(400, "Error loading users");
    let mut scoped = invitation("ada@x.org", 0);
    scoped["scopes"] = json!(["\0"]);
    bench.own("POST", "/api/invitation").json(&scoped).send().await.is(400, "Error inserting invitation.");
    let zero = json!({"name": "a\0b", "role": 0});
    let create = bench.ask("POST", "/api/organization").key(&bench.owner).json(&zero).send().await;
    create.is(400, "Could not create organization, try again");
    let update = bench.own("PUT", "/api/organization").json(&zero).send().await;
    update.is(400, "Failed to update organization, try again");
    let key = bench.own("POST", "/api/organization/api_key").json(&zero).send().await;
    assert!(text(&key.json()["message"]).starts_with("Failed to set new API key for organization"));
    assert_eq!(bench.mails(), []);
}
