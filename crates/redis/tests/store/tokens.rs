//! Tokens on the server.

use std::time::Duration;

use orgport_core::auth::{StoredToken, Token};
use orgport_core::{ErrorKind, Secret, Timestamp};

use crate::server::{Server, store_with};

fn key(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

#[tokio::test]
async fn tokens_are_kept_encrypted_and_only_under_a_key() {
    let server = Server::start().await;
    assert!(server.store().tokens().is_none(), "there is nothing to encrypt them with");
    let options = || server.options().token_key(key("a key for the tokens"));
    let tokens = store_with(&options()).tokens().expect("kept");
    assert!(tokens.load("login").await.expect("reached").is_none());
    let expires_at = Timestamp::parse("2026-05-13T10:00:30Z").expect("a time");
    let token =
        Token::new("the access token").refresh(Some(key("the refresh token"))).expires_at(Some(expires_at));
    let stored = StoredToken::new(token, Some(key("the configured one")));
    tokens.make_room("login").await.expect("there is room");
    tokens.save("login", &stored).await.expect("kept");

    let another = store_with(&options()).tokens().expect("kept");
    assert_eq!(another.load("login").await.expect("read"), Some(stored));
    assert!(another.load("another login").await.expect("reached").is_none());
    let dump = server.dump().await;
    assert!(dump.contains(":token:") && !dump.contains(":room"), "{dump}");
    for secret in ["the access token", "the refresh token", "the configured one", "login"] {
        assert!(!dump.contains(secret), "{secret}: {dump}");
    }
    let other = server.options().token_key(key("another key for them"));
    let error = store_with(&other).tokens().expect("kept").load("login").await.expect_err("not ours");
    assert!(error.kind() == ErrorKind::Config && error.to_string().contains("log in again"), "{error}");
}

#[tokio::test]
async fn one_renewal_at_a_time() {
    let server = Server::start().await;
    // Of mails that the server may have forgotten nobody here waits to hear.
    let options = server.options().quiet(Duration::from_hours(1)).token_key(key("a key for the tokens"));
    let [one, two] = [(); 2].map(|()| store_with(&options).tokens().expect("kept"));
    let lock = one.lock("login").await.expect("locked");
    let second = two.lock("login");
    let mut second = std::pin::pin!(second);
    assert!(
        tokio::time::timeout(Duration::from_millis(300), &mut second).await.is_err(),
        "somebody renews it"
    );
    drop(lock);
    tokio::time::timeout(Duration::from_secs(5), second).await.expect("it is free").expect("locked");
}

#[tokio::test]
async fn a_full_server_takes_the_token_for_which_there_was_room_and_uses_up_no_other() {
    let server = Server::start().await;
    let tokens = store_with(&server.options().token_key(key("a key for the tokens"))).tokens().expect("kept");
    let stored = StoredToken::new(Token::new("the next one"), None);
    tokens.make_room("login").await.expect("there is room");
    server.ask(&["CONFIG", "SET", "maxmemory", "1"]).await.expect("set");
    tokens.save("login", &stored).await.expect("it takes the place of its room");
    assert_eq!(tokens.load("login").await.expect("read"), Some(stored));
    let error = tokens.make_room("login").await.expect_err("it is full");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    let told = error.to_string();
    assert!(told.contains("no memory left") && told.contains("was not used up"), "{told}");
    assert!(!told.contains("nothing was sent"), "{told}");
}
