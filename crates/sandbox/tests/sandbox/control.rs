//! The control endpoints, the request log and the configuration.

use std::time::{Duration, SystemTime};

use orgport_sandbox::{Authority, FaultKind, MailKind, ReplyTime, Sandbox};
use reqwest::Method;
use serde_json::json;

use crate::support::{Fixture, START, send};

#[tokio::test]
async fn control_answers_on_both_ports_and_is_not_logged() {
    let fixture = Fixture::start().await;
    let api = fixture.sandbox.base_url("nuextract").replace("/nuextract", "/_sandbox/identities");
    let by_api = send(fixture.client.get(api)).await.expect("an answer").json();
    let by_auth = fixture.control(Method::GET, "/identities", None).await.json();
    assert_eq!(by_api, by_auth);
    assert_eq!(by_api, json!(fixture.sandbox.identities()));
    assert_eq!(fixture.sandbox.requests(), []);
}

#[tokio::test]
async fn every_vendor_starts_with_an_administrator_and_printed_configuration() {
    let sandbox = Sandbox::start().await.expect("the sandbox starts");
    let configuration: toml::Table = sandbox.configuration_toml().parse().expect("TOML");
    let providers = configuration["providers"].as_table().expect("providers");
    for identity in sandbox.identities() {
        let provider = providers[&identity.vendor].as_table().expect("a provider");
        assert_eq!(provider["kind"].as_str(), Some(&*identity.vendor));
        assert_eq!(provider["base_url"].as_str(), Some(&*sandbox.base_url(&identity.vendor)));
        let administrator = sandbox.identity(&identity.vendor).expect("an administrator");
        assert_eq!(provider["organization"].as_str(), administrator.organization.as_deref());
        let auth = serde_json::to_value(&provider["auth"]).expect("JSON");
        assert_eq!(auth, administrator.credential);
    }
    assert_eq!(
        providers["nuextract"]["auth"]["token_url"].as_str().expect("a URL"),
        format!("{}/realms/extract-platform/protocol/openid-connect/token", sandbox.auth_url())
    );
}

#[tokio::test]
async fn users_are_made_and_accept() {
    let fixture = Fixture::start().await;
    let person = json!({ "vendor": "nuextract", "email": "zoe@example.com" });
    let made = fixture.control(Method::POST, "/users", Some(person.clone())).await;
    assert_eq!((made.status, &made.json()["email"]), (200, &person["email"]));
    assert_eq!(made.json(), fixture.control(Method::POST, "/users", Some(person.clone())).await.json());

    let acceptance =
        json!({ "vendor": "nuextract", "email": "zoe@example.com", "organization": fixture.organization() });
    let early = fixture.control(Method::POST, "/accept", Some(acceptance.clone())).await;
    assert_eq!(early.status, 400);
    assert!(early.json()["error"].as_str().expect("a reason").contains("no invitation"));
    fixture.invite("zoe@example.com").await;
    assert_eq!(fixture.control(Method::POST, "/accept", Some(acceptance)).await.status, 200);
    let mail = fixture.control(Method::GET, "/mail", None).await.json();
    let sent = json!([{
        "vendor": "nuextract",
        "organization": fixture.organization(),
        "email": "zoe@example.com",
        "kind": "invite",
        "at": "2023-11-14T22:13:20Z",
    }]);
    assert_eq!(mail, sent);
    assert_eq!(fixture.sandbox.mail()[0].kind, MailKind::Invite);
}

#[tokio::test]
async fn unknown_vendors_and_malformed_bodies_are_refused() {
    let fixture = Fixture::start().await;
    let unknown = json!({ "vendor": "acme", "email": "zoe@example.com" });
    assert_eq!(fixture.control(Method::POST, "/users", Some(unknown)).await.status, 404);
    let typo = json!({ "vendor": "nuextract", "fault": { "type": "reset_after" }, "skipp": 1 });
    let refused = fixture.control(Method::POST, "/faults", Some(typo)).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("skipp"), "{}", refused.text);
    let clock = fixture.control(Method::POST, "/clock", Some(json!({ "advance_seconds": -1 }))).await;
    assert_eq!(clock.status, 400);
}

#[tokio::test]
async fn faults_are_set_listed_and_cleared_over_http() {
    let fixture = Fixture::start().await;
    let fault = json!({
        "vendor": "nuextract", "method": "GET", "route": "/api/organizations",
        "fault": { "type": "status", "status": 503, "body": { "code": "down", "message": "later" } },
        "times": null,
    });
    let set = fixture.control(Method::POST, "/faults", Some(fault)).await;
    assert_eq!(set.json(), json!({ "id": 1 }));
    assert_eq!(fixture.get("/api/organizations").await.status, 503);
    assert_eq!(fixture.get("/api/organizations").await.status, 503);
    let listed = fixture.control(Method::GET, "/faults", None).await.json();
    assert_eq!((&listed[0]["fired"], &listed[0]["fault"]["type"]), (&json!(2), &json!("status")));
    fixture.control(Method::DELETE, "/faults", None).await;
    assert_eq!(fixture.get("/api/organizations").await.status, 200);
}

#[tokio::test]
async fn a_fault_without_times_fires_once() {
    let fixture = Fixture::start().await;
    let fault = json!({ "vendor": "nuextract", "fault": { "type": "html", "status": 502 } });
    fixture.control(Method::POST, "/faults", Some(fault)).await;
    assert_eq!(fixture.get("/api/organizations").await.status, 502);
    assert_eq!(fixture.get("/api/organizations").await.status, 200);
}

#[tokio::test]
async fn requests_are_logged_as_they_came() {
    let fixture = Fixture::start().await;
    fixture.delete("/api/organizations/a%2Fb%20c?x=%41&y").await;
    let elsewhere = format!("{}/elsewhere?leak=1", fixture.sandbox.auth_url());
    send(fixture.client.post(elsewhere).body("plain")).await.expect("an answer");
    send(fixture.client.get(fixture.sandbox.base_url("acme"))).await.expect("an answer");
    fixture.get("/no/such/path").await;

    let logged = fixture.sandbox.requests();
    let (api, auth, nobody) = (&logged[0], &logged[1], &logged[2]);
    assert_eq!((&*api.vendor, api.authority, &*api.method), ("nuextract", Authority::Api, "DELETE"));
    assert_eq!((&*api.path, api.query.as_deref()), ("/api/organizations/a%2Fb%20c", Some("x=%41&y")));
    assert_eq!(api.header("Authorization"), Some(&*format!("Bearer {}", fixture.token())));
    assert_eq!((api.status, api.at()), (Some(404), SystemTime::UNIX_EPOCH + START));
    assert_eq!((&*auth.vendor, auth.authority, &*auth.path), ("auth", Authority::Auth, "/elsewhere"));
    assert_eq!((&*auth.body, &auth.json, auth.status), ("plain", &None, Some(404)));
    assert_eq!((&*nobody.vendor, &*nobody.path, nobody.status), ("", "/acme", Some(404)));

    let lost = &logged[3];
    assert_eq!((&*lost.vendor, &*lost.path, lost.status), ("nuextract", "/no/such/path", Some(404)));

    let over_http = fixture.control(Method::GET, "/requests", None).await.json();
    assert_eq!(over_http, json!(logged));
    fixture.control(Method::DELETE, "/requests", None).await;
    assert_eq!(fixture.sandbox.requests(), []);
}

#[tokio::test]
async fn the_clock_moves_and_dates_replies() {
    let fixture = Fixture::start().await;
    let moved = fixture.control(Method::POST, "/clock", Some(json!({ "advance_seconds": 90.5 }))).await;
    assert_eq!(moved.json(), json!({ "now": "2023-11-14T22:14:50.5Z" }));
    assert_eq!(fixture.sandbox.now(), SystemTime::UNIX_EPOCH + START + Duration::from_millis(90_500));
    let reply = fixture.get("/api/ping").await;
    assert_eq!(reply.header("date"), Some("Tue, 14 Nov 2023 22:14:50 GMT"));
}

#[tokio::test]
async fn a_reset_is_a_fresh_start_with_the_same_identities() {
    let fixture = Fixture::start().await;
    let before = fixture.sandbox.identities();
    fixture.invite("zoe@example.com").await;
    fixture.sandbox.add_user("nuextract", "extra@example.com").expect("made");
    fixture.fault(FaultKind::ActAfter { ms: 5000, reply: ReplyTime::Before, status: 502 });
    fixture.invite("late@example.com").await;
    fixture.fault(FaultKind::ResetAfter);
    fixture.sandbox.accept_connections(false).await.expect("closed");

    assert_eq!(fixture.control(Method::POST, "/reset", None).await.status, 200);
    assert_eq!(fixture.sandbox.identities(), before);
    assert_eq!((fixture.sandbox.mail(), fixture.sandbox.requests()), (vec![], vec![]));
    assert_eq!(fixture.sandbox.faults(), []);
    fixture.sandbox.advance(Duration::from_secs(5)).await;
    assert_eq!(fixture.invited().await, [""; 0]);
}
