//! Roles and removal.

use super::{Rig, strings};
use serde_json::{Value, json};

#[tokio::test]
async fn roles_change_for_others_and_not_for_oneself() {
    let rig = Rig::new();
    let (viewer, admin) = (rig.user_id(&rig.viewer).await, rig.user_id(&rig.admin).await);
    let modify = async |body: Value| rig.org_call("PATCH", "/member", Some(body)).await;

    let org = modify(json!({ "userId": viewer, "role": "collaborate" })).await.ok();
    assert_eq!(strings(&org["members"], "role"), ["admin", "edit", "collaborate"]);
    let roles = json!([{ "resourceId": "5".repeat(24), "role": "view" }]);
    let org = modify(json!({ "userId": viewer, "applicationRoles": roles })).await.ok();
    assert_eq!(
        (&org["members"][2]["role"], &org["members"][2]["applicationRoles"]),
        (&json!("collaborate"), &roles)
    );
    let own = json!({ "userId": admin, "role": "view" });
    modify(own).await.invalid("member.role cannot be changed by the member");
    modify(json!({ "userId": admin, "role": "admin" })).await.ok();
    modify(json!({ "userId": "0".repeat(24), "role": "view" })).await.refused(
        404,
        "NotFound",
        "User was not found",
    );
    let body = Some(json!({ "userId": viewer, "role": "admin" }));
    assert_eq!(rig.call("PATCH", &format!("/orgs/{}/member", rig.org), &rig.viewer, body).await.status, 403);
}

#[tokio::test]
async fn members_go_and_the_last_administrator_stays() {
    let rig = Rig::new();
    let (viewer, admin) = (rig.user_id(&rig.viewer).await, rig.user_id(&rig.admin).await);
    let path = |user: &str| format!("/orgs/{}/member?userId={user}", rig.org);
    assert_eq!(rig.call("DELETE", &path(&admin), &rig.viewer, None).await.status, 403);
    let answer = rig.call("DELETE", &path(&admin), &rig.admin, None).await;
    answer.invalid("userId is the last administrator of the organization");
    let answer = rig.call("DELETE", &path(&"0".repeat(24)), &rig.admin, None).await;
    answer.refused(404, "NotFound", "User was not found");

    let org = rig.call("DELETE", &path(&viewer), &rig.viewer, None).await.ok();
    assert_eq!(strings(&org["members"], "role"), ["admin", "edit"]);
    assert_eq!(rig.get(&format!("/orgs/{}", rig.org), &rig.viewer).await.status, 404);
    assert_eq!(rig.call("DELETE", &path(&viewer), &rig.viewer, None).await.status, 404);

    let editor = org["members"][1]["userId"].as_str().expect("an id").to_owned();
    rig.org_call("PATCH", "/member", Some(json!({ "userId": editor, "role": "admin" }))).await.ok();
    let org = rig.call("DELETE", &path(&admin), &rig.admin, None).await.ok();
    assert_eq!(strings(&org["members"], "userId"), [editor]);
}
