//! Organizations: list, get, create, update, and what the caches show.

use super::*;

const OWN: &str = "/v1/user/organizations";
const ALL: &str = "/v1/organizations";
const PARTIAL: &str = "/v1/organizations/41/partial";

fn new_organization(name: &str) -> Value {
    json!({"name": name, "visibility": "PRIVATE", "contactEmail": "office@acme.example"})
}

fn renamed(name: &str) -> Value {
    json!({"name": name, "visibility": "PRIVATE", "contactEmail": "lab@acme.example"})
}

async fn names(bench: &Bench, who: usize, path: &str) -> Vec<String> {
    let rows = bench.get(who, path).await.assert_ok().json();
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn lists_show_public_and_own_organizations_without_people() {
    let bench = Bench::new();
    assert_eq!(names(&bench, OUTSIDER, ALL).await, ["open-data"]);
    assert_eq!(names(&bench, MEMBER, ALL).await, ["open-data", "tox-lab"]);
    assert_eq!(names(&bench, REALM_ADMIN, ALL).await, ["tox-lab", "open-data"]);
    assert_eq!(names(&bench, OUTSIDER, OWN).await, [""; 0]);
    assert_eq!(names(&bench, MEMBER, OWN).await, ["tox-lab"]);

    let own = bench.get(ADMINISTRATOR, OWN).await.json();
    assert_eq!(
        own,
        json!([{
            "id": 41, "name": "tox-lab", "visibility": "PRIVATE", "description": "What tox-lab models",
            "contactEmail": "eleni@jaqpot.example", "contactPhone": null, "website": null, "address": null,
            "creator": null, "organizationMembers": [], "canEdit": true, "isMember": false,
            "created_at": "2026-05-13T09:30:00Z", "updated_at": "2026-05-13T09:30:00Z",
        }]),
    );
    assert_eq!(bench.get(MEMBER, OWN).await.json()[0]["canEdit"], false);
    assert_eq!(bench.get(ADMINISTRATOR, ALL).await.json()[1]["canEdit"], false);
}

#[tokio::test]
async fn one_organization_comes_with_creator_and_members() {
    let bench = Bench::new();
    let seen = bench.organization().await;
    assert_eq!((&seen["canEdit"], &seen["isMember"]), (&json!(true), &json!(false)));
    assert_eq!(seen["creator"]["username"], "eleni");
    assert_eq!(seen["creator"]["canEdit"], Value::Null);
    let members = seen["organizationMembers"].as_array().expect("members");
    assert_eq!(members.len(), 1);
    assert_eq!(
        members[0],
        json!({
            "id": null, "userId": members[0]["userId"], "username": "nikos", "email": "nikos@jaqpot.example",
            "avatarUrl": null, "associationType": "MEMBER",
        }),
    );
    let seen = bench.get(MEMBER, "/v1/organizations/tox-lab").await.assert_ok().json();
    assert_eq!((&seen["canEdit"], &seen["isMember"]), (&json!(false), &json!(true)));
    bench.get(OUTSIDER, "/v1/organizations/tox-lab").await.assert_empty(403);
    bench.get(REALM_ADMIN, "/v1/organizations/tox-lab").await.assert_ok();
    let missing = "/v1/organizations/TOX-LAB";
    bench.get(ADMINISTRATOR, missing).await.assert_framework(404, "Not Found", missing);
}

#[tokio::test]
async fn people_whose_account_is_gone_leave_holes() {
    let bench = Bench::new();
    bench.jaqpot.data().users.retain(|user| user.username != "nikos");
    let seen = bench.organization().await;
    let member = &seen["organizationMembers"][0];
    assert!(member["userId"].is_string());
    assert_eq!((&member["username"], &member["email"]), (&Value::Null, &Value::Null));

    bench.jaqpot.data().users.retain(|user| user.username != "eleni");
    bench.get(OUTSIDER, "/v1/organizations/tox-lab").await.assert_status(404);
    bench.send(REALM_ADMIN, "PATCH", PARTIAL, Some(renamed("tox-two"))).await.assert_status(404);
    assert_eq!(bench.jaqpot.data().organizations[0].name, "tox-two", "stored all the same");
}

#[tokio::test]
async fn creating_answers_a_location_and_makes_no_member() {
    let bench = Bench::new();
    let body = json!({
        "id": null, "name": "acme_lab-2", "visibility": "PUBLIC", "contactEmail": "no address", "website": "w",
        "description": "Toxicology", "unknown": 1,
    });
    let answer = bench.send(OUTSIDER, "POST", ALL, Some(body)).await;
    answer.assert_empty(201);
    assert_eq!(answer.header("location"), Some("http://api.jaqpot.test/v1/organizations/acme_lab-2"));
    let seen = bench.raw("GET", "/v1/organizations/acme_lab-2", &[], "").await.assert_ok().json();
    assert_eq!((&seen["id"], &seen["website"]), (&json!(43), &json!("w")));
    assert_eq!((&seen["creator"]["username"], &seen["organizationMembers"]), (&json!("olga"), &json!([])));
}

#[tokio::test]
async fn what_is_wrong_with_a_new_organization_is_told_in_three_ways() {
    let bench = Bench::new();
    for body in [
        json!({"name": "acme", "visibility": "PRIVATE"}),
        json!({"name": null, "visibility": "PRIVATE", "contactEmail": "a@b"}),
        json!({"name": "acme", "visibility": "private", "contactEmail": "a@b"}),
        json!([]),
    ] {
        bench.send(OUTSIDER, "POST", ALL, Some(body)).await.assert_framework(400, "Bad Request", ALL);
    }
    let create = async |body| bench.send(OUTSIDER, "POST", ALL, Some(body)).await;
    let size = "Field name validation error: size must be between 3 and 200";
    create(new_organization("ab")).await.assert_application(400, size);
    create(new_organization(&"a".repeat(201))).await.assert_application(400, size);
    let pattern = r#"Field name validation error: must match "[\w\-_]+""#;
    create(new_organization("acme lab")).await.assert_application(400, pattern);
    create(new_organization("acmé")).await.assert_application(400, pattern);
    let mut body = new_organization("acme");
    body["description"] = json!("no");
    let size = "Field description validation error: size must be between 3 and 50000";
    create(body).await.assert_application(400, size);

    let taken = "Organization with name tox-lab already exists.";
    create(new_organization("tox-lab")).await.assert_application(400, taken);
    let mut body = new_organization("acme");
    body["id"] = json!(7);
    create(body).await.assert_application(400, "ID should not be provided for resource creation.");
    let mut body = new_organization("acme");
    body["contactPhone"] = json!("1".repeat(256));
    create(body).await.assert_framework(500, "Internal Server Error", ALL);
    assert_eq!(names(&bench, OUTSIDER, OWN).await, [""; 0]);
}

#[tokio::test]
async fn updating_replaces_three_fields_and_keeps_an_absent_description() {
    let bench = Bench::new();
    bench.world.clock.advance(Duration::from_nanos(1_000_000_377));
    let body = json!({"name": "tox lab/2", "visibility": "PUBLIC", "contactEmail": "lab@acme.example"});
    let answer = bench.send(ADMINISTRATOR, "PATCH", PARTIAL, Some(body)).await;
    let seen = answer.assert_ok().json();
    assert_eq!((&seen["name"], &seen["visibility"]), (&json!("tox lab/2"), &json!("PUBLIC")));
    assert_eq!(seen["description"], "What tox-lab models");
    assert_eq!(seen["organizationMembers"].as_array().expect("members").len(), 1);
    assert_eq!(seen["updated_at"], "2026-05-13T09:30:01.000000377Z");
    let read = bench.get(ADMINISTRATOR, "/v1/organizations/tox%20lab%2F2").await.assert_ok().json();
    assert_eq!(read["updated_at"], "2026-05-13T09:30:01Z", "the database keeps microseconds");
    bench.get(ADMINISTRATOR, "/v1/organizations/tox-lab").await.assert_status(404);
    bench.send(REALM_ADMIN, "PATCH", PARTIAL, Some(renamed("tox-lab"))).await.assert_ok();
}

#[tokio::test]
async fn updating_is_refused_in_the_vendors_order() {
    let bench = Bench::new();
    let patch = async |who, path, body| bench.send(who, "PATCH", path, Some(body)).await;
    let bad_mail = json!({"name": "x", "visibility": "PUBLIC", "contactEmail": "nobody"});
    let message = "Field contactEmail validation error: must be a well-formed email address";
    let number = "/v1/organizations/tox-lab/partial";
    patch(OUTSIDER, number, bad_mail.clone()).await.assert_framework(400, "Bad Request", number);
    patch(OUTSIDER, PARTIAL, json!({"name": "x"})).await.assert_framework(400, "Bad Request", PARTIAL);
    patch(OUTSIDER, PARTIAL, bad_mail).await.assert_application(400, message);
    let missing = "/v1/organizations/7/partial";
    patch(OUTSIDER, missing, renamed("x")).await.assert_framework(404, "Not Found", missing);
    patch(OUTSIDER, PARTIAL, renamed("x")).await.assert_empty(403);
    patch(MEMBER, PARTIAL, renamed("x")).await.assert_empty(403);
    for name in ["open-data".to_owned(), "x".repeat(256)] {
        let answer = patch(ADMINISTRATOR, PARTIAL, renamed(&name)).await;
        answer.assert_framework(409, "Conflict", PARTIAL);
        assert_eq!(answer.header("x-rate-limit-limit"), None);
    }
    assert_eq!(bench.organization().await["contactEmail"], "eleni@jaqpot.example");
}

#[tokio::test]
async fn polled_lists_keep_an_old_name_that_a_pause_of_five_minutes_drops() {
    let bench = Bench::new();
    assert_eq!(names(&bench, ADMINISTRATOR, OWN).await, ["tox-lab"]);
    bench.send(ADMINISTRATOR, "PATCH", PARTIAL, Some(renamed("tox-two"))).await.assert_ok();
    for _ in 0..3 {
        bench.advance(4 * 60);
        assert_eq!(names(&bench, ADMINISTRATOR, OWN).await, ["tox-lab"]);
        assert_eq!(names(&bench, ADMINISTRATOR, ALL).await, ["open-data", "tox-lab"]);
    }
    assert_eq!(names(&bench, MEMBER, OWN).await, ["tox-two"], "lists are cached for each user");
    bench.advance(5 * 60);
    assert_eq!(names(&bench, ADMINISTRATOR, OWN).await, ["tox-two"]);
}

#[tokio::test]
async fn creating_clears_every_list_and_an_answered_invitation_the_own_ones() {
    let bench = Bench::new();
    let open = "/v1/organizations/42/partial";
    let rename = async |path, name| {
        let mut body = renamed(name);
        body["visibility"] = json!("PUBLIC");
        bench.send(REALM_ADMIN, "PATCH", path, Some(body)).await.assert_ok();
    };
    assert_eq!(names(&bench, MEMBER, ALL).await, ["open-data", "tox-lab"]);
    rename(open, "open-two").await;
    rename(PARTIAL, "tox-lab").await;
    bench.send(OUTSIDER, "POST", ALL, Some(new_organization("acme"))).await.assert_status(201);
    assert_eq!(names(&bench, MEMBER, ALL).await, ["tox-lab", "open-two"]);

    let id = bench.invited("olga@jaqpot.example").await;
    assert_eq!(names(&bench, OUTSIDER, OWN).await, ["acme"]);
    rename(open, "open-three").await;
    bench.answer(&bench.identity(OUTSIDER), &id, "ACCEPTED").await.assert_ok();
    assert_eq!(names(&bench, OUTSIDER, OWN).await, ["tox-lab", "acme"]);
    assert_eq!(names(&bench, MEMBER, ALL).await, ["tox-lab", "open-two"], "public rows stay cached");
}
