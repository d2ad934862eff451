//! Members: listing, roles and scopes, removal, and who the caller is.

use super::*;

fn put<'a>(bench: &'a Bench, key: &str, body: &Value) -> Ask<'a> {
    bench.ask("PUT", "/api/user").key(key).here().json(body)
}

async fn role(bench: &Bench, email: &str) -> Value {
    bench.member(email).await.expect("a member")["user_orgs"][0]["role"].clone()
}

#[tokio::test]
async fn a_listed_member_has_exactly_the_one_membership() {
    let bench = Bench::new();
    bench.other_organization().await;
    let members = bench.members().await;
    assert_eq!(members.len(), 2);
    let owner = bench.member("owner@acme.example").await.expect("the owner");
    let membership = &owner["user_orgs"][0];
    assert_eq!(owner["user_orgs"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        *membership,
        json!({
            "id": membership["id"],
            "user_id": owner["id"],
            "organization_id": bench.organization,
            "role": 2,
            "created_at": "2025-09-12T09:30:00.104532",
            "updated_at": "2025-09-12T09:30:00.104532",
            "scopes": null,
        })
    );
    assert_eq!(owner["orgs"][0]["id"], bench.organization.as_str());
    assert_eq!(bench.get("/api/organization/users/00000000-0000-4000-8000-000000000000").await, json!([]));
}

#[tokio::test]
async fn who_am_i_needs_a_person() {
    let bench = Bench::new();
    let me = bench.ask("GET", "/api/auth/me").key(&bench.owner).send().await.ok();
    assert_eq!((&me["email"], &me["name"]), (&json!("owner@acme.example"), &json!("Olive Owner")));
    bench.ask("GET", "/api/auth/me").send().await.is(401, "Unauthorized");
    let made_up = bench.ask("GET", "/api/auth/me").key(&bench.key).send().await;
    made_up.is(400, "Error loading user by itself for get_user_by_id_query");
}

#[tokio::test]
async fn a_change_of_role_is_judged_in_order() {
    let bench = Bench::new();
    let admin = bench.user_id("admin@acme.example").await;
    bench.trieve.add_user("bob@x.org");
    let bob = bench.trieve.state().user_by_email("bob@x.org").expect("an account").id;
    let nobody = "00000000-0000-4000-8000-000000000000";

    let refused = put(&bench, &bench.reader, &json!({"user_id": nobody, "role": 2})).send().await;
    refused.is(400, "You must have an admin or owner role to update other users");
    let unknown = put(&bench, &bench.admin, &json!({"user_id": nobody, "role": 2})).send().await;
    unknown.is(400, "Error loading user by itself for get_user_by_id_query");
    let outside = put(&bench, &bench.admin, &json!({"user_id": bob, "role": 2})).send().await;
    outside.is(
        400,
        "The user who you would like to update the role of must be added to the specified org first before their \
         role can be updated",
    );
    let higher = put(&bench, &bench.admin, &json!({"user_id": admin, "role": 2})).send().await;
    higher.is(400, "Can not grant a user a higher role than that of the requesting user's");
    let malformed = put(&bench, &bench.admin, &json!({"user_id": "x"})).send().await;
    assert!(text(&malformed.json()["message"]).contains("UUID parsing failed: invalid"), "{malformed:?}");
}

#[tokio::test]
async fn an_admin_demotes_the_last_owner_and_odd_roles_become_0() {
    let bench = Bench::new();
    let owner = bench.user_id("owner@acme.example").await;
    put(&bench, &bench.admin, &json!({"user_id": owner, "role": 1})).send().await.is_empty(204);
    assert_eq!(role(&bench, "owner@acme.example").await, 1);
    for unknown in [-3, 7] {
        put(&bench, &bench.admin, &json!({"user_id": owner, "role": unknown})).send().await.is_empty(204);
        assert_eq!(role(&bench, "owner@acme.example").await, 0, "{unknown}");
    }
    put(&bench, &bench.key, &json!({"user_id": owner, "role": 2})).send().await.is_empty(204);
    assert_eq!(role(&bench, "owner@acme.example").await, 2);
}

#[tokio::test]
async fn a_change_leaves_the_time_alone_and_moves_the_row_to_the_end() {
    let bench = Bench::new();
    bench.world.clock.advance(std::time::Duration::from_mins(1));
    let owner = bench.user_id("owner@acme.example").await;
    let before = bench.member("owner@acme.example").await.expect("a member");
    put(&bench, &bench.key, &json!({"user_id": owner, "role": 1, "scopes": ["x"]}))
        .send()
        .await
        .is_empty(204);
    let emails: Vec<_> = bench.members().await.iter().map(|member| text(&member["email"])).collect();
    assert_eq!(emails, ["admin@acme.example", "owner@acme.example"]);
    let after = bench.member("owner@acme.example").await.expect("a member");
    assert_eq!(after["user_orgs"][0]["updated_at"], before["user_orgs"][0]["updated_at"]);
}

#[tokio::test]
async fn without_a_user_the_caller_is_changed_if_it_is_one() {
    let bench = Bench::new();
    put(&bench, &bench.key, &json!({"role": 0})).send().await.is_empty(204);
    put(&bench, &bench.owner, &json!({})).send().await.is_empty(204);
    assert_eq!(role(&bench, "owner@acme.example").await, 2);
    put(&bench, &bench.admin, &json!({"role": 0, "scopes": null})).send().await.is_empty(204);
    assert_eq!(role(&bench, "admin@acme.example").await, 0);
}

#[tokio::test]
async fn empty_scopes_lock_a_member_out_and_null_does_not_let_it_in_again() {
    let bench = Bench::new();
    let owner = bench.user_id("owner@acme.example").await;
    put(&bench, &bench.key, &json!({"user_id": owner, "scopes": []})).send().await.is_empty(204);
    put(&bench, &bench.key, &json!({"user_id": owner, "scopes": null, "role": 2})).send().await.is_empty(204);
    put(&bench, &bench.owner, &json!({})).send().await.is(403, "Forbidden");
    let scopes = json!(["PUT /api/user"]);
    put(&bench, &bench.key, &json!({"user_id": owner, "scopes": scopes})).send().await.is_empty(204);
    put(&bench, &bench.owner, &json!({})).send().await.is_empty(204);
    assert_eq!(bench.member("owner@acme.example").await.expect("a member")["user_orgs"][0]["scopes"], scopes);
}

#[tokio::test]
async fn removing_follows_the_header_and_the_stored_roles() {
    let bench = Bench::new();
    let owner = bench.user_id("owner@acme.example").await;
    let admin = bench.user_id("admin@acme.example").await;
    let elsewhere = bench.other_organization().await;
    let delete = |key: &str, organization: &str, user: &str| {
        bench.ask("DELETE", &format!("/api/organization/{organization}/user/{user}")).key(key).here()
    };
    delete(&bench.admin, &elsewhere, &owner).send().await.is(403, "Forbidden");
    let unknown = delete(&bench.key, &bench.organization, &elsewhere).send().await;
    unknown.is(400, "Error loading user role");
    assert_eq!(delete(&bench.key, "x", "y").send().await.status, 400);
    delete(&bench.owner, &elsewhere, &owner).send().await.is_empty(204);
    assert!(bench.member("owner@acme.example").await.is_none(), "the path's organization is ignored");
    delete(&bench.admin, "not-an-id", &admin).send().await.is_empty(204);
    delete(&bench.admin, "not-an-id", &admin).send().await.is(401, "Unauthorized");
    delete(&bench.key, "not-an-id", &admin).send().await.is(400, "Error loading user role");
    let me = bench.ask("GET", "/api/auth/me").key(&bench.owner).send().await.ok();
    assert_eq!(me["orgs"][0]["id"], elsewhere.as_str());
}
