//! The person behind a token.

use serde_json::json;

use super::{Bench, column, field_error, text};
use crate::vendor::Vendor;

#[tokio::test]
async fn a_profile_is_for_users() {
    let bench = Bench::new();
    let (status, body) = bench.get("/v1/account/profile", &bench.owner).await;
    assert_eq!((status, &body["user"]["email"]), (200, &json!("ada@acme.example")));
    assert_eq!(body["user"].as_object().map(serde_json::Map::len), Some(15));
    assert_eq!(bench.get("/v1/account/profile", &bench.organization_token).await.0, 403);
}

#[tokio::test]
async fn the_current_organization_follows_from_the_token() {
    let bench = Bench::new();
    let (status, body) = bench.get("/v1/account/organization", &bench.owner).await;
    assert_eq!((status, text(&body["organization"]["id"])), (200, bench.organization.clone()));
    assert_eq!(body["organization"].as_object().map(serde_json::Map::len), Some(32));
    assert_eq!(bench.get("/v1/account/organization", &bench.organization_token).await.0, 403);
    let (status, body) = bench.get("/v1/account/organization", &bench.outsider).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "organization_id")));
}

#[tokio::test]
async fn my_organizations_tell_only_whether_there_is_more() {
    let bench = Bench::new();
    for name in ["beta", "gamma"] {
        assert_eq!(bench.post("/v1/organizations", &bench.owner, json!({"name": name})).await.0, 200);
    }
    let list = async |query: &str| {
        let (status, body) = bench.get(&format!("/v1/account/organizations?{query}"), &bench.owner).await;
        assert_eq!(status, 200, "{body}");
        (column(&body["organizations"], "name"), body)
    };
    let (names, body) = list("limit=2").await;
    assert_eq!((names, &body["has_next"]), (vec!["acme".to_owned(), "beta".to_owned()], &json!(true)));
    assert!(body.get("count").is_none());
    let (names, body) = list("limit=2&offset=1&order=desc").await;
    assert_eq!((names, &body["has_next"]), (vec!["beta".to_owned(), "acme".to_owned()], &json!(false)));
    assert_eq!(list("statuses=ACTIVE&statuses=LOCKED").await.0, ["acme"]);
    assert_eq!(list("search=AMM").await.0, ["gamma"]);
    let (status, body) = bench.get("/v1/account/organizations?order=up", &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "order")));
    assert_eq!(bench.get("/v1/account/organizations", &bench.organization_token).await.0, 403);
}

#[test]
fn identities_begin_with_the_administrator() {
    let bench = Bench::new();
    let identities = bench.koyeb.identities();
    let emails: Vec<_> = identities.iter().map(|identity| identity.email.as_str()).collect();
    assert_eq!(emails, ["ada@acme.example", "", "grace@elsewhere.example"]);
    assert_eq!(bench.owner.len(), 64);
    assert_eq!(identities[1].organization, identities[0].organization);
    assert_eq!(identities[1].settings["credential"], "organization");
    assert_eq!(identities[2].organization, None);
    assert_eq!(bench.koyeb.add_user("Grace@Elsewhere.example"), identities[2]);
}
