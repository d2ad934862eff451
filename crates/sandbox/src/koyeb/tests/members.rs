//! Listing, removing and leaving.

use serde_json::json;

use super::{Bench, INVITATIONS, NOBODY, column, field_error, text};
use crate::vendor::Vendor;

const MEMBERS: &str = "/v1/organization_members";

#[tokio::test]
async fn a_member_has_all_its_fields() {
    let bench = Bench::new();
    let (status, body) = bench.get(MEMBERS, &bench.organization_token).await;
    assert_eq!((status, &body["count"]), (200, &json!(1)));
    let member = body["members"][0].as_object().expect("a row");
    let names: Vec<_> = member.keys().map(String::as_str).collect();
    let expected = [
        "external_id",
        "id",
        "joined_at",
        "organization",
        "organization_id",
        "role",
        "status",
        "user",
        "user_id",
    ];
    assert_eq!(names, expected);
    assert_eq!(member["joined_at"], "2026-08-17T09:15:00.123456Z");
    assert_eq!((&member["role"], &member["status"]), (&json!("OWNER"), &json!("ACTIVE")));
    assert_eq!(member["user_id"], member["user"]["id"]);
}

#[tokio::test]
async fn filters_choose_organization_user_and_status() {
    let bench = Bench::new();
    let jane = bench.add_member("jane@example.com").await;
    let jane_id = bench.user_id(&jane).await;
    let emails = async |query: String, token: &str| {
        let (status, body) = bench.get(&format!("{MEMBERS}?{query}"), token).await;
        assert_eq!(status, 200, "{body}");
        body["members"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| text(&row["user"]["email"]))
            .collect::<Vec<_>>()
    };
    let organization = format!("organization_id={}", bench.organization);
    assert_eq!(emails(organization.clone(), &jane).await, ["ada@acme.example", "jane@example.com"]);
    assert_eq!(emails(format!("{organization}&user_id={jane_id}"), &bench.owner).await, ["jane@example.com"]);
    assert_eq!(emails(format!("user_id={jane_id}"), &bench.organization_token).await, ["jane@example.com"]);
    assert_eq!(emails("organization_statuses=LOCKED".to_owned(), &bench.owner).await, [""; 0]);
    assert_eq!(bench.get(&format!("{MEMBERS}?{organization}"), &bench.outsider).await.0, 403);
    assert_eq!(bench.get(&format!("{MEMBERS}?organization_id={NOBODY}"), &bench.owner).await.0, 404);
}

#[tokio::test]
async fn ones_own_id_lists_memberships_everywhere() {
    let bench = Bench::new();
    bench.post("/v1/organizations", &bench.owner, json!({"name": "second"})).await;
    let id = bench.user_id(&bench.owner).await;
    let (_, body) = bench.get(&format!("{MEMBERS}?user_id={id}"), &bench.owner).await;
    assert_eq!(body["count"], 2);
    assert_eq!(body["members"][1]["organization"]["name"], "second");
    let grace = bench.user_id(&bench.outsider).await;
    let (status, body) = bench.get(&format!("{MEMBERS}?user_id={grace}"), &bench.outsider).await;
    assert_eq!((status, &body["count"]), (200, &json!(0)));
}

#[tokio::test]
async fn removing_goes_by_the_membership() {
    let bench = Bench::new();
    let jane = bench.add_member("jane@example.com").await;
    let (_, list) = bench.get(MEMBERS, &bench.owner).await;
    let (id, user_id) = (&column(&list["members"], "id")[1], &column(&list["members"], "user_id")[1]);
    let path = format!("{MEMBERS}/{id}");
    assert_eq!(bench.delete(&format!("{MEMBERS}/{user_id}"), &bench.owner).await.0, 404);
    let (status, body) = bench.delete(&path, &bench.owner).await;
    assert_eq!((status, &body["member"]["status"]), (200, &json!("DELETED")));
    assert_eq!(body["member"]["user"]["email"], "jane@example.com");
    assert_eq!(bench.delete(&path, &bench.owner).await.0, 404);
    assert_eq!(bench.get(&bench.organization_path(""), &jane).await.0, 403);
    bench.invite("jane@example.com").await;
}

#[tokio::test]
async fn leaving_works_from_anywhere_and_not_for_the_last() {
    let bench = Bench::new();
    let jane = bench.add_member("jane@example.com").await;
    let (_, list) = bench.get(MEMBERS, &bench.owner).await;
    let ids = column(&list["members"], "id");
    assert_eq!(bench.delete(&format!("{MEMBERS}/{}", ids[0]), &jane).await.0, 400);
    assert_eq!(bench.delete(&format!("{MEMBERS}/{}", ids[1]), &jane).await.0, 200);
    let (status, body) = bench.delete(&format!("{MEMBERS}/{}", ids[0]), &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "id")));
}

#[tokio::test]
async fn a_removed_members_token_no_longer_opens_the_organization() {
    let bench = Bench::new();
    let jane = bench.add_member("jane@example.com").await;
    let path = bench.organization_path("/access_token");
    let session = text(&bench.post(&path, &jane, json!({})).await.1["token"]);
    assert_eq!(bench.get(INVITATIONS, &session).await.0, 200);
    let (_, list) = bench.get(MEMBERS, &session).await;
    bench.delete(&format!("{MEMBERS}/{}", column(&list["members"], "id")[1]), &bench.owner).await;
    assert_eq!(bench.get("/v1/account/organization", &session).await.0, 403);
    assert_eq!(bench.get("/v1/account/profile", &session).await.0, 200);
    assert!(bench.koyeb.accept("jane@example.com", &bench.organization).is_err());
}
