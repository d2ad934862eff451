//! Tokens, scopes and logins, and who the caller is.

use super::Rig;
use crate::losant::endpoints::ENDPOINTS;
use crate::vendor::Vendor;
use serde_json::{Value, json};

#[tokio::test]
async fn actions_are_those_that_the_token_may_do() {
    let rig = Rig::new();
    let all = rig.org_call("GET", "", None).await.ok()["_actions"].clone();
    assert_eq!(
        all["inviteMember"],
        json!({ "href": format!("/orgs/{}/invites", rig.org), "method": "POST" })
    );
    assert_eq!(all.as_object().map(serde_json::Map::len), Some(9));
    let read = rig.get(&format!("/orgs/{}", rig.org), &rig.reader).await.ok();
    let names: Vec<&String> = read["_actions"].as_object().expect("actions").keys().collect();
    assert_eq!(names, ["get", "pendingInvites"]);

    let list = rig.get("/orgs?_links=false", &rig.admin).await.ok();
    assert_eq!(list["_type"], "orgs");
    assert_eq!(list["_actions"]["post"], json!({ "href": "/orgs", "method": "POST" }));
    assert_eq!(list["items"][0]["_type"], "org");
    assert!(list["items"][0].get("_links").is_none());
}

#[tokio::test]
async fn validation_comes_first_then_the_token_then_the_scope() {
    let rig = Rig::new();
    let path = format!("/orgs/{}/invites", rig.org);
    let invite = json!({ "email": "a@x.io", "role": "view" });
    let bad = json!({ "email": "a@x.io" });
    rig.call("POST", &path, "wrong", Some(bad)).await.invalid("invite.role is required");
    let answer = rig.call("POST", &path, "wrong", Some(invite.clone())).await;
    answer.refused(401, "Unauthorized", "Invalid access token");
    for token in ["", &rig.reader, &rig.viewer] {
        let answer = rig.call("POST", &path, token, Some(invite.clone())).await;
        answer.refused(403, "Forbidden", "Access is forbidden");
    }
    let answer = rig.call("POST", &path, &rig.outsider, Some(invite)).await;
    answer.refused(404, "NotFound", "Organization was not found");
}

#[test]
fn scopes_open_what_the_vendor_documents() {
    let names = |scope: &str| -> Vec<String> {
        let scopes = [scope.to_owned()];
        let closed = ENDPOINTS.iter().filter(|endpoint| !endpoint.admits(&[]));
        let open = closed.filter(|endpoint| endpoint.admits(&scopes));
        open.map(|endpoint| format!("{}.{}", endpoint.resource, endpoint.name)).collect()
    };
    assert_eq!(names("all.User").len(), 16);
    assert_eq!(names("all.Organization").len(), 9);
    assert_eq!(names("org.*"), names("only.Organization"));
    assert_eq!(
        names("all.Organization.bounded"),
        ["org.get", "org.patch", "org.delete", "org.pendingInvites"]
    );
    assert_eq!(names("only.Organization.read"), ["org.get", "org.pendingInvites"]);
    assert_eq!(
        names("all.User.read"),
        ["orgs.get", "org.get", "org.pendingInvites", "me.get", "me.invites", "me.invite"]
    );
    assert_eq!(names("only.User.bounded"), ["orgs.get", "orgs.post", "me.get", "me.invites", "me.invite"]);
    assert_eq!(names("org.inviteMember"), ["org.inviteMember"]);
    assert_eq!(names("orgs.*"), ["orgs.get", "orgs.post"]);
    assert!(names("all.User.cli").is_empty() && names("org").is_empty() && names("").is_empty());
}

#[tokio::test]
async fn logins_need_the_password_and_where_set_the_code() {
    let rig = Rig::new();
    let identities = rig.losant.identities();
    let (admin, editor) = (&identities[1].credential, &identities[2].credential);
    let log_in = async |body: Value| rig.call("POST", "/auth/user", "", Some(body)).await;

    let answer = log_in(json!({ "email": admin["email"], "password": admin["password"] })).await;
    let token = answer.text("/token");
    assert_eq!(answer.text("/userId"), rig.user_id(&token).await);
    log_in(json!({ "email": admin["email"], "password": "wrong password" })).await.refused(
        401,
        "Unauthorized",
        "Invalid credentials",
    );
    log_in(json!({ "email": admin["email"], "password": "short" }))
        .await
        .invalid("credentials.password has less length than allowed");

    let mut body = json!({ "email": editor["email"], "password": editor["password"] });
    assert_eq!(log_in(body.clone()).await.status, 401);
    body["twoFactorCode"] = "000000".into();
    assert_eq!(log_in(body.clone()).await.status, 401);
    body["twoFactorCode"] = editor["two_factor_code"].clone();
    body["requestedScopes"] = json!(["orgs.get"]);
    let token = log_in(body).await.text("/token");
    rig.get("/orgs", &token).await.ok();
    assert_eq!(rig.get("/me", &token).await.status, 403);
}

#[tokio::test]
async fn login_tokens_expire_and_can_be_refreshed() {
    let rig = Rig::new();
    let admin = rig.losant.identities()[1].credential.clone();
    let body = |ttl: Value| {
        let mut body = json!({ "email": admin["email"], "password": admin["password"] });
        if !ttl.is_null() {
            body["tokenTTL"] = ttl;
        }
        Some(body)
    };
    let usual = rig.call("POST", "/auth/user", "", body(Value::Null)).await.text("/token");
    let forever = rig.call("POST", "/auth/user", "", body(json!(0))).await.text("/token");
    rig.call("POST", "/auth/user", "", body(json!(-1)))
        .await
        .invalid("credentials.tokenTTL is less than minimum");
    rig.advance_days(1);
    rig.get("/me", &usual).await.refused(401, "Unauthorized", "Access token has expired");
    rig.get("/me", &forever).await.ok();

    let short = rig.call("POST", "/auth/user", "", body(json!(3600))).await.text("/token");
    let fresh = rig.get("/me/refreshToken", &short).await.text("/token");
    rig.losant.world.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(rig.get("/me", &short).await.status, 401);
    rig.get("/me", &fresh).await.ok();
}

#[tokio::test]
async fn me_tells_who_the_caller_is() {
    let rig = Rig::new();
    let me = rig.get("/me", &rig.admin).await.ok();
    assert_eq!((&me["id"], &me["_type"]), (&me["userId"], &json!("me")));
    assert_eq!((&me["fullName"], &me["summary"]["orgCount"]), (&json!("Alex Admin"), &json!(1)));
    assert_eq!(me["_actions"]["refreshToken"], json!({ "href": "/me/refreshToken", "method": "GET" }));
    assert_eq!(rig.get("/me", &rig.reader).await.status, 403);
}
