//! Values that are hard to send: one segment, one value, one string, or refused.

use std::fmt::Write;

use orgport_core::{Error, ErrorKind, Secret};
use orgport_nuextract::NuExtractClient;
use orgport_nuextract::request::CreateApiKeyRequest;
use orgport_tests::wire::{Canned, SPLITTING, Wire};
use serde_json::{Value, json};

use super::client;

fn values() -> Vec<String> {
    let others = ["a+b@x.io", "a&b=c;d", "\0", "line\r\nbreak", "naïve 名前 🦀"];
    let values = ["", " "].into_iter().chain(SPLITTING).chain(others);
    values.map(str::to_owned).chain(["x".repeat(4096)]).collect()
}

/// What a call with each value sends, or why it sends nothing.
async fn lines(call: impl AsyncFn(&NuExtractClient, &str) -> Result<(), Error>) -> String {
    let mut text = String::new();
    for value in values() {
        let wire = Wire::answering([Canned::json(200, "{}")]).await;
        let outcome = call(&client(&wire), &value).await;
        let line = match wire.received().as_slice() {
            [] => outcome.expect_err("nothing was sent").to_string(),
            [request] => request.line.replace(&"x".repeat(4096), "<4096 x>"),
            more => panic!("one request, not {more:#?}"),
        };
        writeln!(text, "{line}").expect("text grows");
    }
    text
}

#[tokio::test]
async fn ids_stay_one_segment_of_the_path() {
    let mut text = String::new();
    text += &lines(async |c, id| c.update_organization(id, "n").await.map(drop)).await;
    text += &lines(async |c, id| c.delete_organization(id).await).await;
    text += &lines(async |c, id| c.invite_member(id, "a@b.example").await).await;
    text += &lines(async |c, id| c.delete_member(id, "user").await).await;
    text += &lines(async |c, id| c.delete_member("org", id).await).await;
    text += &lines(async |c, id| c.delete_invitation(id, "invitation").await).await;
    text += &lines(async |c, id| c.delete_invitation("org", id).await).await;
    text += &lines(async |c, id| c.delete_api_key(id).await).await;
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn ids_of_lists_and_updates_stay_one_segment_too() {
    let list = Canned::json(200, "[]");
    for value in values() {
        let wire = Wire::answering([list.clone()]).await;
        let client = client(&wire);
        let members = client.list_members(&value).await.map(drop);
        let invitations = client.list_invitations(&value).await.map(drop);
        let key = client.update_api_key(&value, "n").await.map(drop);
        let received = wire.received();
        if matches!(value.as_str(), "" | "." | "..") {
            for refused in [members, invitations, key] {
                assert_eq!(refused.expect_err("it names nothing").kind(), ErrorKind::InvalidInput);
            }
            assert!(received.is_empty(), "{received:#?}");
            continue;
        }
        let depths: Vec<_> = received.iter().map(|request| request.line.matches('/').count()).collect();
        assert_eq!(depths, [4, 5, 4], "{received:#?}");
        assert!(received.iter().all(|request| !request.line.contains(['?', '#'])), "{received:#?}");
    }
}

#[tokio::test]
async fn query_values_stay_one_value() {
    insta::assert_snapshot!(lines(async |c, uri| c.auth_url(uri).await.map(drop)).await);
}

#[tokio::test]
async fn bodies_carry_every_text_as_it_is() {
    for value in values() {
        let wire = Wire::answering([Canned::json(200, "{}")]).await;
        let client = client(&wire);
        let token = Secret::from(value.as_str());
        // What the answers become is of no interest here.
        let _ = client.create_organization(&value).await;
        let _ = client.update_organization("org", &value).await;
        let _ = client.invite_member("org", &value).await;
        let _ = client
            .create_api_key(&CreateApiKeyRequest { name: value.clone(), maybe_orga: Some(value.clone()) })
            .await;
        let _ = client.update_api_key("key", &value).await;
        let _ = client.logout(&token).await;
        let bodies: Vec<Value> = wire
            .received()
            .iter()
            .map(|request| serde_json::from_str(&request.body).expect("a JSON body"))
            .collect();
        let name = json!({ "name": value });
        let expected = [
            name.clone(),
            name.clone(),
            json!({ "email": value }),
            json!({ "name": value, "maybeOrga": value }),
            name,
            json!(token.expose()),
        ];
        assert_eq!(bodies, expected);
    }
}
