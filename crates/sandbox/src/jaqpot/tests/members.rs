//! Users, which are all that tells of members.

use super::*;

#[tokio::test]
async fn users_are_found_by_name_and_listed_for_admins() {
    let bench = Bench::new();
    let eleni = bench.get(ADMINISTRATOR, "/v1/users/eleni").await.assert_ok().json();
    assert_eq!((&eleni["email"], &eleni["canEdit"]), (&json!("eleni@jaqpot.example"), &json!(true)));
    bench.get(ADMINISTRATOR, "/v1/users/nobody").await.assert_empty(404);

    bench.get(ADMINISTRATOR, "/v1/admin/users").await.assert_empty(403);
    let page =
        bench.get(REALM_ADMIN, "/v1/admin/users?page=1&size=2&sort=username%7Casc").await.assert_ok().json();
    let names: Vec<_> =
        page["content"].as_array().expect("rows").iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["nikos", "olga"]);
    assert_eq!(
        (&page["totalElements"], &page["totalPages"], &page["last"]),
        (&json!(5), &json!(3), &json!(false))
    );
}
