//! Invitations on the side of the invited person: logged in, by the mailed token, in a browser.

use serde_json::{Value, json};

use super::{Answer, Rig, strings};
use crate::vendor::Vendor;

/// Invites `email` and answers the invitation's id.
async fn invite(rig: &Rig, email: &str, role: &str) -> String {
    let list = rig.invite(email, role).await.ok();
    list.as_array().and_then(|list| list.last()?["id"].as_str()).expect("an id").to_owned()
}

async fn respond(rig: &Rig, token: &str, id: &str, action: &str) -> Answer {
    rig.call("POST", &format!("/me/invites/{id}"), token, Some(json!({ "action": action }))).await
}

async fn members(rig: &Rig) -> Vec<String> {
    strings(&rig.org_call("GET", "", None).await.ok()["members"], "email")
}

#[tokio::test]
async fn an_invitation_is_seen_by_its_address_and_accepted() {
    let rig = Rig::new();
    let token = rig.sign_up("a@x.io");
    assert_eq!(rig.get("/me/invites", &token).await.ok(), json!([]));
    let id = invite(&rig, "A@x.io", "edit").await;
    let list = rig.get("/me/invites", &token).await.ok();
    assert_eq!(
        list,
        json!([{
            "id": id, "orgName": "Sandbox Organization", "role": "edit", "requiresMFA": false,
            "inviteDate": "2026-08-17T09:00:00.123Z", "ttl": 604_800_000, "expired": false,
            "invitedBy": { "fullName": "Alex Admin", "email": "admin@losant.example" },
        }])
    );
    let mut one = rig.get(&format!("/me/invites/{id}?_actions=false&_links=false"), &token).await.ok();
    assert_eq!(one["_type"].take(), "orgInviteUser");
    one.as_object_mut().expect("an object").remove("_type");
    assert_eq!(one, list[0]);
    let answer = rig.get(&format!("/me/invites/{id}"), &rig.outsider).await;
    answer.refused(404, "NotFound", "Invite was not found");
    assert_eq!(respond(&rig, &rig.outsider, &id, "accept").await.status, 404);

    let answer = respond(&rig, &token, &id, "accept").await.ok();
    assert_eq!(answer, json!({ "result": "accepted", "orgId": rig.org }));
    assert_eq!(members(&rig).await.last().map(String::as_str), Some("a@x.io"));
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), json!([]));
    assert_eq!(respond(&rig, &token, &id, "accept").await.status, 404);
    assert_eq!(rig.get("/orgs", &token).await.ok()["totalCount"], 1);
}

#[tokio::test]
async fn reject_removes_and_dismiss_only_hides() {
    let rig = Rig::new();
    let token = rig.sign_up("a@x.io");
    let id = invite(&rig, "a@x.io", "view").await;
    respond(&rig, &token, &id, "decline").await.invalid("response.action must be an enum value");
    assert_eq!(respond(&rig, &token, &id, "reject").await.ok()["result"], "rejected");
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), json!([]));

    let id = invite(&rig, "a@x.io", "view").await;
    assert_eq!(respond(&rig, &token, &id, "dismiss").await.ok()["result"], "dismissed");
    assert_eq!(rig.get("/me/invites", &token).await.ok(), json!([]));
    assert_eq!(respond(&rig, &token, &id, "accept").await.status, 404);
    assert_eq!(strings(&rig.org_call("GET", "/invites", None).await.ok(), "id"), [id]);
    let body = json!({ "email": "a@x.io", "token": rig.mailed_token(), "accept": true });
    rig.call("POST", "/invites", "", Some(body)).await.ok();
}

#[tokio::test]
async fn an_expired_invitation_is_shown_and_cannot_be_answered() {
    let rig = Rig::new();
    let token = rig.sign_up("a@x.io");
    let id = invite(&rig, "a@x.io", "view").await;
    rig.advance_days(7);
    assert_eq!(rig.get("/me/invites", &token).await.ok()[0]["expired"], true);
    assert_eq!(rig.get(&format!("/me/invites/{id}"), &token).await.ok()["expired"], true);
    for action in ["accept", "reject"] {
        respond(&rig, &token, &id, action).await.refused(410, "Gone", "Invite has expired");
    }
    let mailed = rig.mailed_token();
    let path = format!("/invites?token={mailed}&email=a%40x.io");
    rig.get(&path, "").await.refused(410, "Gone", "Invite has expired");
    let body = json!({ "email": "a@x.io", "token": mailed, "accept": false });
    rig.call("POST", "/invites", "", Some(body)).await.refused(410, "Gone", "Invite has expired");
    assert!(rig.losant.accept("a@x.io", &rig.org).is_err());
}

#[tokio::test]
async fn the_mailed_token_opens_the_invitation_for_its_address() {
    let rig = Rig::new();
    invite(&rig, "Some+one@x.io", "collaborate").await;
    let mailed = rig.mailed_token();
    let path = format!("/invites?token={mailed}&email=some%2Bone%40x.io&_links=false");
    assert_eq!(
        rig.get(&path, "").await.ok(),
        json!({
            "orgName": "Sandbox Organization", "email": "Some+one@x.io", "role": "collaborate",
            "inviteDate": "2026-08-17T09:00:00.123Z", "ttl": 604_800_000, "disallowTransfer": false,
            "_type": "orgInviteInfo", "_actions": {},
        })
    );
    let path = format!("/invites?token={mailed}&email=other%40x.io");
    rig.get(&path, "").await.refused(404, "NotFound", "Invite was not found");
    rig.get("/invites?email=a", "").await.invalid("token is required");
    rig.get(&path, "wrong").await.refused(401, "Unauthorized", "Invalid access token");

    let answer = async |accept: Value| {
        let body = json!({ "email": "some+one@x.io", "token": mailed, "accept": accept });
        rig.call("POST", "/invites", "", Some(body)).await
    };
    answer(json!("yes")).await.invalid("invite.accept is the wrong type");
    answer(json!(true)).await.refused(404, "NotFound", "User was not found");
    rig.sign_up("some+one@x.io");
    assert_eq!(answer(json!(true)).await.ok(), json!({ "accepted": true, "orgId": rig.org }));
    assert_eq!(members(&rig).await.len(), 4);
    answer(json!(false)).await.refused(404, "NotFound", "Invite was not found");
}

#[tokio::test]
async fn an_emailed_invitation_is_rejected_without_an_account() {
    let rig = Rig::new();
    invite(&rig, "a@x.io", "view").await;
    let body = json!({ "email": "a@x.io", "token": rig.mailed_token(), "accept": false });
    let answer = rig.call("POST", "/invites", "", Some(body)).await;
    assert_eq!(answer.ok(), json!({ "accepted": false, "orgId": rig.org }));
    assert_eq!(rig.org_call("GET", "/invites", None).await.ok(), json!([]));
}

#[tokio::test]
async fn a_second_factor_is_asked_of_those_whom_the_organization_names() {
    let rig = Rig::new();
    rig.org_call("PATCH", "", Some(json!({ "mfaMode": "adminRequired" }))).await.ok();
    let token = rig.sign_up("a@x.io");
    let id = invite(&rig, "a@x.io", "admin").await;
    assert_eq!(rig.get("/me/invites", &token).await.ok()[0]["requiresMFA"], true);
    respond(&rig, &token, &id, "accept").await.invalid("organization requires two factor authentication");
    respond(&rig, &token, &id, "reject").await.ok();
    let id = invite(&rig, "a@x.io", "edit").await;
    respond(&rig, &token, &id, "accept").await.ok();
}

#[tokio::test]
async fn a_browser_signs_up_and_accepts() {
    let rig = Rig::new();
    assert!(rig.losant.accept("a@x.io", &rig.org).is_err());
    assert!(rig.losant.accept("a@x.io", "elsewhere").is_err());
    invite(&rig, "a@x.io", "edit").await;
    rig.losant.accept("A@X.io", &rig.org).expect("an invitation");
    let token = rig.sign_up("a@x.io");
    assert_eq!(rig.get("/orgs", &token).await.ok()["items"][0]["members"][3]["role"], "edit");
    assert!(rig.losant.accept("a@x.io", &rig.org).is_err());
}

#[tokio::test]
async fn a_deleted_organization_takes_its_invitations_along() {
    let rig = Rig::new();
    let token = rig.sign_up("a@x.io");
    invite(&rig, "a@x.io", "view").await;
    rig.org_call("DELETE", "", None).await.ok();
    assert_eq!(rig.get("/me/invites", &token).await.ok(), json!([]));
    let path = format!("/invites?token={}&email=a%40x.io", rig.mailed_token());
    assert_eq!(rig.get(&path, "").await.status, 404);
}
