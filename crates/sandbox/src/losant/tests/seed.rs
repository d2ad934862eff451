//! Identities, new accounts and a reset.

use super::Rig;
use crate::vendor::Vendor;
use serde_json::json;

#[tokio::test]
async fn a_reset_brings_the_same_identities_back() {
    let rig = Rig::new();
    let before = rig.losant.identities();
    rig.invite("a@x.io", "view").await.ok();
    rig.sign_up("someone@x.io");
    rig.org_call("DELETE", "", None).await.ok();
    rig.losant.reset();
    assert_eq!(rig.losant.identities(), before);
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), json!([]));
}

#[tokio::test]
async fn a_new_user_has_a_token_a_password_and_no_organization() {
    let rig = Rig::new();
    let identity = rig.losant.add_user("New@x.io");
    assert_eq!((identity.email.as_str(), identity.organization.as_ref()), ("New@x.io", None));
    assert_eq!(rig.losant.add_user("new@X.io"), identity);
    assert_eq!(rig.losant.add_user("admin@losant.example"), rig.losant.identities()[0]);
    let token = identity.credential["token"].as_str().expect("a token");
    assert_eq!(rig.get("/orgs", token).await.ok()["totalCount"], 0);
    let login = json!({ "email": "new@x.io", "password": "sandbox-password" });
    rig.call("POST", "/auth/user", "", Some(login)).await.ok();
}
