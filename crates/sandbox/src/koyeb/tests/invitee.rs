//! The invited person's side.

use super::{Bench, INVITATIONS, column, field_error, key};
use crate::vendor::Vendor;
use serde_json::json;

const MINE: &str = "/v1/account/organization_invitations";
const WEEK: u64 = 7 * 24 * 3600;

#[tokio::test]
async fn accepting_makes_a_member_and_leaves_the_token_where_it_was() {
    let bench = Bench::new();
    let jane = key(&bench.koyeb.add_user("jane@example.com"));
    let id = bench.invite("jane@example.com").await;
    bench.post(&format!("{MINE}/{id}/accept"), &jane, json!({})).await;
    let (_, members) = bench.get("/v1/organization_members", &bench.owner).await;
    assert_eq!(members["count"], 2);
    assert_eq!(members["members"][1]["user"]["email"], "jane@example.com");
    assert_eq!(bench.get("/v1/organization_members", &jane).await.0, 400);
    for answer in ["accept", "decline"] {
        let (status, body) = bench.post(&format!("{MINE}/{id}/{answer}"), &jane, json!({})).await;
        assert_eq!((status, &body["code"]), (400, &json!("failed_precondition")));
    }
}

#[tokio::test]
async fn only_the_invitee_answers_and_only_in_time() {
    let bench = Bench::new();
    let jane = key(&bench.koyeb.add_user("jane@example.com"));
    let id = bench.invite("jane@example.com").await;
    assert_eq!(bench.get(&format!("{MINE}/{id}"), &jane).await.1["invitation"]["id"], id);
    let (_, mine) = bench.get(&format!("{MINE}?statuses=PENDING"), &jane).await;
    assert_eq!(column(&mine["invitations"], "id"), [id.as_str()]);
    assert_eq!(bench.get(MINE, &bench.outsider).await.1["count"], 0);
    assert_eq!(bench.get(&format!("{MINE}/{id}"), &bench.outsider).await.0, 404);
    assert_eq!(bench.post(&format!("{MINE}/{id}/accept"), &bench.owner, json!({})).await.0, 404);
    assert_eq!(bench.post(&format!("{MINE}/{id}/accept"), &bench.organization_token, json!({})).await.0, 403);
    assert_eq!(bench.get(MINE, &bench.organization_token).await.0, 403);
    bench.advance(WEEK);
    let (status, body) = bench.post(&format!("{MINE}/{id}/accept"), &jane, json!({})).await;
    assert_eq!((status, field_error(&body)), (400, ("failed_precondition", "status")));
    assert!(bench.koyeb.accept("jane@example.com", &bench.organization).is_err());
}

#[tokio::test]
async fn the_user_filter_takes_ones_own_id_and_crosses_organizations() {
    let bench = Bench::new();
    let id = bench.invite("grace@elsewhere.example").await;
    bench.invite("jane@example.com").await;
    let grace = bench.user_id(&bench.outsider).await;
    let (_, body) = bench.get(&format!("{INVITATIONS}?user_id={grace}"), &bench.outsider).await;
    assert_eq!(column(&body["invitations"], "id"), [id]);
    let (status, body) = bench.get(&format!("{INVITATIONS}?user_id={grace}"), &bench.owner).await;
    assert_eq!((status, field_error(&body)), (400, ("invalid_argument", "user_id")));
}

#[tokio::test]
async fn the_browser_signs_up_and_accepts() {
    let bench = Bench::new();
    assert!(bench.koyeb.accept("jane@example.com", &bench.organization).is_err());
    bench.invite("jane@example.com").await;
    bench.koyeb.accept("Jane@Example.com", &bench.organization).expect("an acceptance");
    assert!(bench.koyeb.accept("jane@example.com", &bench.organization).is_err());
    assert_eq!(bench.koyeb.add_user("jane@example.com").organization, None);
    assert_eq!(bench.get("/v1/organization_members", &bench.owner).await.1["count"], 2);
}
