//! The simulated `NuExtract`.

use orgport_sandbox::{Identity, MailKind, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Fixture, Reply, send};

const LIST: &str = "/api/organizations";

fn identities(fixture: &Fixture) -> Vec<Identity> {
    fixture.sandbox.identities().into_iter().filter(|identity| identity.vendor == "nuextract").collect()
}

async fn with_authorization(fixture: &Fixture, value: &str) -> Reply {
    let url = fixture.sandbox.base_url("nuextract") + LIST;
    send(fixture.client.get(url).header("authorization", value)).await.expect("an answer")
}

#[tokio::test]
async fn only_access_tokens_open_it() {
    let fixture = Fixture::start().await;
    let key = identities(&fixture).into_iter().find(|identity| identity.credential["type"] == "api_key");
    let key = key.expect("an identity with an API key").credential["key"].clone();
    let key = key.as_str().expect("text");
    let bare =
        send(fixture.client.get(fixture.sandbox.base_url("nuextract") + LIST)).await.expect("an answer");
    assert_eq!((bare.status, &bare.json()["code"]), (401, &json!("Unauthorized")));
    for (value, status) in [
        (format!("Bearer {}", fixture.token()), 200),
        (format!("bearer {}", fixture.token()), 200),
        (format!("Bearer {key}"), 403),
        ("Bearer bogus".to_owned(), 401),
        (format!("Basic {}", fixture.token()), 401),
        (fixture.token().to_owned(), 401),
    ] {
        assert_eq!(with_authorization(&fixture, &value).await.status, status, "{value}");
    }
    let refused = with_authorization(&fixture, &format!("Bearer {key}")).await.json();
    assert_eq!(refused["code"], "Forbidden");
}

#[tokio::test]
async fn organizations_are_created_renamed_and_deleted() {
    let fixture = Fixture::start().await;
    let created = fixture.post(LIST, json!({ "name": "Second", "extra": 1 })).await;
    assert_eq!((created.status, &created.json()["name"]), (200, &json!("Second")));
    let path = format!("{LIST}/{}", created.json()["id"].as_str().expect("an id"));

    let renamed = fixture.request(Method::PUT, &path, Some(&json!({ "name": "" })));
    assert_eq!(send(renamed).await.expect("an answer").json()["name"], "");
    let names: Vec<_> = fixture
        .get(LIST)
        .await
        .json()
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["name"].clone())
        .collect();
    assert_eq!(names, ["Example Organization", ""]);

    let deleted = fixture.delete(&path).await;
    assert_eq!((deleted.status, &*deleted.text), (200, ""));
    assert_eq!((deleted.header("content-length"), deleted.header("content-type")), (Some("0"), None));
    assert_eq!(fixture.delete(&path).await.status, 404);
}

#[tokio::test]
async fn bodies_that_do_not_decode_are_text() {
    let fixture = Fixture::start().await;
    let bad = |body: &'static str| {
        let request = fixture.request(Method::POST, LIST, None).header("content-type", "application/json");
        async move { send(request.body(body)).await.expect("an answer") }
    };
    let replies =
        [bad("{}").await, bad("{}").await, bad(r#"{"name":1}"#).await, bad("{").await, bad("[]").await];
    for reply in &replies {
        assert_eq!((reply.status, reply.header("content-type")), (400, Some("text/plain; charset=utf-8")));
        assert!(reply.text.starts_with("Invalid value for: body"), "{}", reply.text);
    }
    assert_eq!(replies[0].text, "Invalid value for: body (Missing required field at 'name')");
    assert_eq!(replies[1].text, "Invalid value for: body");
    let path = format!("{LIST}/unknown/members");
    assert_eq!(fixture.post(&path, json!({})).await.status, 400, "decoding comes first");
    assert_eq!(fixture.post(&path, json!({ "email": "zoe@example.com" })).await.status, 404);
}

#[tokio::test]
async fn an_invitation_is_followed() {
    let fixture = Fixture::start().await;
    let invited = fixture.invite("Zoe@example.com").await;
    assert_eq!((invited.status, &*invited.text), (200, ""));
    assert_eq!((invited.header("content-length"), invited.header("content-type")), (Some("0"), None));
    assert_eq!(fixture.invited().await, ["Zoe@example.com"]);

    fixture.sandbox.accept("nuextract", "zoe@example.com", fixture.organization()).expect("accepted");
    assert_eq!(fixture.invited().await, [""; 0]);
    let members = fixture.get(&fixture.members_path()).await.json();
    let zoe = members.as_array().expect("a list").iter().find(|it| it["email"] == "zoe@example.com");
    let path =
        format!("{}/{}", fixture.members_path(), zoe.expect("a member")["id"].as_str().expect("an id"));
    assert_eq!(fixture.delete(&path).await.status, 200);
    assert_eq!(fixture.delete(&path).await.status, 404);
}

#[tokio::test]
async fn inviting_the_invited_or_a_member_does_nothing() {
    let fixture = Fixture::start().await;
    for email in ["zoe@example.com", "ZOE@example.com", &fixture.identity.email] {
        assert_eq!(fixture.invite(email).await.status, 200);
    }
    assert_eq!(fixture.invited().await, ["zoe@example.com"]);
    assert_eq!(fixture.sandbox.mail().len(), 1);
}

#[tokio::test]
async fn existing_accounts_wait_or_join_as_chosen() {
    let waiting = Fixture::start().await;
    waiting.sandbox.add_user("nuextract", "zoe@example.com").expect("made");
    waiting.invite("zoe@example.com").await;
    assert_eq!(waiting.invited().await, ["zoe@example.com"]);

    let joining = Fixture::with(Sandbox::builder().nuextract_adds_accounts(true)).await;
    joining.sandbox.add_user("nuextract", "zoe@example.com").expect("made");
    joining.invite("zoe@example.com").await;
    joining.invite("stranger@example.com").await;
    assert_eq!(joining.invited().await, ["stranger@example.com"]);
    assert!(joining.get(&joining.members_path()).await.text.contains("zoe@example.com"));
    let kinds: Vec<_> = joining.sandbox.mail().iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::Added, MailKind::Invite]);
}

#[tokio::test]
async fn revoking_makes_room_for_a_new_invitation() {
    let fixture = Fixture::start().await;
    let list = format!("{}/invitations", fixture.members_path());
    fixture.invite("zoe@example.com").await;
    let first = fixture.get(&list).await.json()[0]["id"].clone();
    let path = format!("{list}/{}", first.as_str().expect("an id"));
    assert_eq!(fixture.delete(&path).await.status, 200);
    assert_eq!(fixture.delete(&path).await.status, 404);
    fixture.invite("zoe@example.com").await;
    assert_ne!(fixture.get(&list).await.json()[0]["id"], first);
    assert_eq!(fixture.sandbox.mail().len(), 2);
}

#[tokio::test]
async fn roles_are_on_some_rows_only() {
    let fixture = Fixture::start().await;
    for email in ["a@example.com", "b@example.com"] {
        fixture.invite(email).await;
    }
    let list = fixture.get(&format!("{}/invitations", fixture.members_path())).await.json();
    let has_roles: Vec<_> =
        list.as_array().expect("a list").iter().map(|it| it.get("roles").is_some()).collect();
    assert!(has_roles.contains(&true) && has_roles.contains(&false), "{list}");
}

#[tokio::test]
async fn other_peoples_organizations_do_not_exist_and_members_cannot_rename() {
    let fixture = Fixture::start().await;
    let stranger = fixture.sandbox.add_user("nuextract", "zoe@example.com").expect("made");
    let bob = identities(&fixture).into_iter().find(|it| it.email.starts_with("bob")).expect("a member");
    let path = format!("{LIST}/{}", fixture.organization());
    for (identity, status) in [(stranger, 404), (bob, 403)] {
        let url = fixture.sandbox.base_url("nuextract") + &path;
        let token = identity.credential["access_token"].as_str().expect("a token");
        let request = fixture.client.put(url).bearer_auth(token).body(r#"{"name":"Mine"}"#);
        assert_eq!(send(request).await.expect("an answer").status, status);
    }
}

#[tokio::test]
async fn me_and_the_open_endpoints_answer() {
    let fixture = Fixture::start().await;
    let me = fixture.get("/api/auth/me").await.json();
    let organization = json!({ "id": fixture.organization(), "name": "Example Organization" });
    let expected =
        json!({ "email": fixture.identity.email, "isAdmin": false, "organizations": [organization] });
    assert_eq!(me, expected);
    let open =
        async |path: &str| send(fixture.client.get(fixture.sandbox.base_url("nuextract") + path)).await;
    assert_eq!(open("/api/ping").await.expect("an answer").status, 200);
    assert!(open("/api/version").await.expect("an answer").json()["buildVersion"].is_string());
    assert!(matches!(open("/api/health").await.expect("an answer").json()["services"], Value::Array(_)));
    assert_eq!(fixture.get("/api/unknown").await.status, 404);
    assert_eq!(fixture.delete(LIST).await.status, 405);
}
