//! Organizations, and whose they are.

use reqwest::Method;
use serde_json::json;

use super::{LIST, identities};
use crate::support::{Fixture, send};

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
