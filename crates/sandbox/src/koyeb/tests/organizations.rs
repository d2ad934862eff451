//! Creating, reading and changing organizations.

use axum::http::Method;
use serde_json::json;

use super::{Bench, INVITATIONS, NOBODY, field_error, text};
use crate::vendor::Vendor;

#[tokio::test]
async fn a_new_organization_waits_for_a_plan() {
    let bench = Bench::new();
    let (status, body) = bench.post("/v1/organizations", &bench.outsider, json!({"name": "labs"})).await;
    let organization = &body["organization"];
    assert_eq!((status, &organization["status"]), (200, &json!("WARNING")));
    assert_eq!(organization["status_message"], "BILLING_INFO_MISSING");
    let id = text(&organization["id"]);
    let path = format!("/v1/organizations/{id}");
    let session =
        text(&bench.post(&format!("{path}/access_token"), &bench.outsider, json!({})).await.1["token"]);
    let invite = || bench.post(INVITATIONS, &session, json!({"email": "jane@example.com"}));
    let (status, body) = invite().await;
    assert_eq!((status, field_error(&body)), (403, ("authorization_error", "max_organization_members")));
    let (_, body) = bench.post(&format!("{path}/plan"), &session, json!({"plan": "pro"})).await;
    assert_eq!(body["organization"]["status"], "ACTIVE");
    assert_eq!(invite().await.0, 200);
    assert_eq!(bench.post(&format!("{path}/plan"), &session, json!({"plan": "gold"})).await.0, 400);
}

#[tokio::test]
async fn names_have_rules_and_are_unique() {
    let bench = Bench::new();
    let long = "a".repeat(40);
    for name in ["", "Acme", "a_b", "-a", "a-", "a--b", "a b", "é", &long, "acme"] {
        let (status, body) = bench.post("/v1/organizations", &bench.outsider, json!({"name": name})).await;
        assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "name")), "{name:?}");
    }
    assert_eq!(bench.post("/v1/organizations", &bench.organization_token, json!({"name": "x"})).await.0, 403);
}

#[tokio::test]
async fn a_user_belongs_to_five_organizations_at_most() {
    let bench = Bench::new();
    for number in 0..5 {
        let name = json!({"name": format!("o{number}")});
        assert_eq!(bench.post("/v1/organizations", &bench.outsider, name).await.0, 200);
    }
    let (status, body) = bench.post("/v1/organizations", &bench.outsider, json!({"name": "o5"})).await;
    assert_eq!((status, &body["code"]), (403, &json!("authorization_error")));
}

#[tokio::test]
async fn an_organization_opens_to_its_members_and_its_token() {
    let bench = Bench::new();
    let path = bench.organization_path("");
    assert_eq!(bench.get(&path, &bench.owner).await.0, 200);
    assert_eq!(bench.get(&path, &bench.organization_token).await.1["organization"]["name"], "acme");
    assert_eq!(bench.get(&path, &bench.outsider).await.0, 403);
    assert_eq!(bench.get(&format!("/v1/organizations/{NOBODY}"), &bench.owner).await.0, 404);
}

#[tokio::test]
async fn renaming_keeps_the_rules() {
    let bench = Bench::new();
    let path = bench.organization_path("/name");
    let (status, body) = bench.put(&path, &bench.owner, json!({"name": "acme-two"})).await;
    assert_eq!((status, &body["organization"]["name"]), (200, &json!("acme-two")));
    assert_eq!(bench.put(&path, &bench.owner, json!({"name": "acme-two"})).await.0, 200);
    let (status, body) = bench.put(&path, &bench.owner, json!({"name": "A"})).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "name")));
    assert_eq!(bench.put(&path, &bench.outsider, json!({"name": "mine"})).await.0, 403);
}

#[tokio::test]
async fn a_patch_leaves_the_rest_and_a_put_does_not() {
    let bench = Bench::new();
    let path = bench.organization_path("");
    let change = async |query: &str, body| {
        bench.call(Method::PATCH, &format!("{path}{query}"), &bench.owner, Some(body)).await
    };
    let (status, _) = change("", json!({"city": "Paris", "company": true, "id": "x", "plan": "hobby"})).await;
    assert_eq!(status, 200);
    let (_, body) = change("", json!({"billing_name": "Acme SAS"})).await;
    let organization = &body["organization"];
    assert_eq!((&organization["city"], &organization["company"]), (&json!("Paris"), &json!(true)));
    assert_eq!(
        (text(&organization["id"]), &organization["plan"]),
        (bench.organization.clone(), &json!("scale"))
    );

    let (_, body) = change("?update_mask=city,country", json!({"country": "FR", "address1": "x"})).await;
    let organization = &body["organization"];
    assert_eq!((&organization["city"], &organization["country"]), (&json!(""), &json!("FR")));
    assert_eq!((&organization["address1"], &organization["billing_name"]), (&json!(""), &json!("Acme SAS")));

    let (_, body) = bench.put(&path, &bench.owner, json!({"name": "acme", "city": "Lyon"})).await;
    assert_eq!(body["organization"]["billing_name"], "");
    assert_eq!(bench.put(&path, &bench.owner, json!({"city": "Lyon"})).await.0, 400);
    let (status, body) = change("?update_mask=plan", json!({"plan": "pro"})).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "update_mask")));
    assert_eq!(change("", json!({"company": "yes"})).await.0, 400);
}

#[tokio::test]
async fn the_default_project_can_be_set() {
    let bench = Bench::new();
    let body = json!({"default_project_id": NOBODY});
    let (status, body) = bench.put(&bench.organization_path("/default_project"), &bench.owner, body).await;
    assert_eq!((status, &body["organization"]["default_project_id"]), (200, &json!(NOBODY)));
}

#[tokio::test]
async fn statistics_are_strings() {
    let bench = Bench::new();
    bench.invite("jane@example.com").await;
    bench.add_member("mo@example.com").await;
    let (status, body) = bench.get(&bench.organization_path("/summary"), &bench.organization_token).await;
    let members = json!({"total": "2", "invitations_by_status": {"ACCEPTED": "1", "PENDING": "1"}});
    assert_eq!((status, &body["summary"]["members"]), (200, &members));
    assert_eq!(body["summary"]["apps"], json!({"total": "1", "by_status": {"HEALTHY": "1"}}));
    let (status, body) = bench.get(&bench.organization_path("/quotas"), &bench.owner).await;
    assert_eq!((status, &body["quotas"]["max_organization_members"]), (200, &json!("1000")));
    assert_eq!(bench.get(&bench.organization_path("/quotas"), &bench.outsider).await.0, 403);
}

#[tokio::test]
async fn a_full_organization_takes_no_one_in() {
    let bench = Bench::new();
    bench.post(&bench.organization_path("/plan"), &bench.owner, json!({"plan": "pro"})).await;
    for number in 1..9 {
        bench.add_member(&format!("m{number}@x.example")).await;
    }
    bench.invite("late@x.example").await;
    bench.add_member("m9@x.example").await;
    let (status, body) = bench.post(INVITATIONS, &bench.owner, json!({"email": "more@x.example"})).await;
    assert_eq!((status, &body["code"]), (403, &json!("authorization_error")));
    assert!(bench.koyeb.accept("late@x.example", &bench.organization).is_err());
}

#[tokio::test]
async fn an_app_tells_the_organization_of_a_token() {
    let bench = Bench::new();
    let (status, body) = bench.get("/v1/apps?limit=1", &bench.organization_token).await;
    assert_eq!((status, &body["count"], &body["limit"]), (200, &json!(1), &json!(1)));
    assert_eq!(text(&body["apps"][0]["organization_id"]), bench.organization);
    assert_eq!(bench.get("/v1/apps?limit=1", &bench.outsider).await.0, 400);
}
