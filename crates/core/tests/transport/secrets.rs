//! Secrets that are replaced while a provider lives, and those that a source has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::future::join_all;
use orgport_core::auth::{Auth, OAuth2};
use orgport_core::http::{BaseUrl, ClientOptions, HttpClient, Safety, Transport};
use orgport_core::{Error, ErrorKind, Reach, Secret, SecretCell, SecretSource};

use crate::support::{Network, Server, all_of, answer, json, read, settings, vendor, write};

/// Has the next of its secrets each time, then the last one again.
#[derive(Debug)]
struct Vault {
    secrets: &'static [&'static str],
    asked: AtomicUsize,
}

impl Vault {
    fn with(secrets: &'static [&'static str]) -> Arc<Self> {
        Arc::new(Self { secrets, asked: AtomicUsize::new(0) })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl SecretSource for Vault {
    async fn secret(&self, reference: &str, _refused: Option<&Secret>) -> Result<Secret, Error> {
        assert_eq!(reference, "kv/prod");
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        match self.secrets.get(asked).or(self.secrets.last()) {
            Some(secret) => Ok(Secret::new(secret)),
            None => Err(Error::new(ErrorKind::Unavailable, "the vault is sealed")),
        }
    }
}

/// A vendor that accepts this key only, and repeats every other one.
fn vendor_that_wants(key: &'static str) -> Server {
    let wanted = format!("x-key: {key}\r\n");
    Server::start(
        move |request| {
            if request.contains(&wanted) { json(200, "{}") } else { answer(401, "", request) }
        },
    )
}

fn transport(server: &Server, key: &SecretCell, source: Option<&Arc<Vault>>) -> Transport {
    transport_with(server, Auth::api_key("x-key", "", key.clone()), source)
}

fn transport_with(server: &Server, auth: Auth, source: Option<&Arc<Vault>>) -> Transport {
    let base_url = BaseUrl::parse(&server.url, false).expect("valid");
    let options = ClientOptions::new(base_url, auth).settings(settings()).client(HttpClient::new(Network));
    let options = match source {
        Some(source) => options.secret_source(Arc::<Vault>::clone(source)),
        None => options,
    };
    Transport::new(vendor(), options).expect("valid")
}

#[tokio::test]
async fn a_source_is_asked_when_a_secret_is_needed_and_when_it_is_refused() {
    let (server, vault) = (vendor_that_wants("second"), Vault::with(&["first", "second"]));
    let transport = transport(&server, &SecretCell::from_source("kv/prod"), Some(&vault));
    assert_eq!(vault.asked(), 0, "nothing was needed yet");
    for reply in join_all((0..10).map(|_| transport.send(write(Safety::OneShot)))).await {
        reply.expect("a refused call is sent again with the other secret");
    }
    assert_eq!(vault.asked(), 2);
    transport.send(read()).await.expect("it is kept");
    assert_eq!(vault.asked(), 2);
}

#[tokio::test]
async fn a_secret_that_is_refused_and_stays_is_not_sent_again() {
    for (key, source) in [
        (SecretCell::from("wrong"), None),
        (SecretCell::from_source("kv/prod"), Some(Vault::with(&["wrong"]))),
    ] {
        let server = vendor_that_wants("right");
        let transport = transport(&server, &key, source.as_ref());
        let error = transport.send(read()).await.expect_err("refused");
        assert_eq!((error.kind(), error.reach()), (ErrorKind::Unauthenticated, Reach::Answered));
        assert_eq!(server.count(), 1);
        assert!(source.is_none_or(|vault| vault.asked() == 2));
    }
}

#[tokio::test]
async fn both_secrets_of_a_renewal_stay_out_of_errors() {
    let (server, vault) = (vendor_that_wants("right"), Vault::with(&["wr0ng-one", "wr0ng-two"]));
    let transport = transport(&server, &SecretCell::from_source("kv/prod"), Some(&vault));
    let error = transport.send(read()).await.expect_err("refused twice");
    assert_eq!(server.count(), 2);
    assert!(server.requests()[1].contains("wr0ng-two"), "the new one was tried");
    assert!(!all_of(&error).contains("wr0ng"), "{error:?}");
}

#[tokio::test]
async fn a_source_that_fails_is_the_error_and_nothing_is_sent() {
    let (server, vault) = (vendor_that_wants("right"), Vault::with(&[]));
    let transport = transport(&server, &SecretCell::from_source("kv/prod"), Some(&vault));
    let error = transport.send(write(Safety::OneShot)).await.expect_err("no secret");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Unavailable, Reach::NotSent));
    assert!(error.message().contains("sealed"), "{error}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_living_transport_takes_the_secret_that_replaces_another() {
    let (server, key) = (vendor_that_wants("new"), SecretCell::from("old"));
    let transport = transport(&server, &key, None);
    transport.send(read()).await.expect_err("refused");
    key.replace("new");
    transport.clone().send(read()).await.expect("clones share it");
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_clients_secret_that_was_rotated_is_asked_for_again_and_the_renewal_repeated_once() {
    let server = Server::start(|_| json(200, "{}"));
    for (secrets, renewals) in [(&["first", "second"][..], 2), (&["wrong"][..], 1)] {
        let authority = Server::start(|request| {
            if request.ends_with("client_secret=second") {
                json(200, r#"{"access_token":"access","expires_in":300}"#)
            } else {
                json(401, r#"{"error":"invalid_client"}"#)
            }
        });
        let vault = Vault::with(secrets);
        let url = BaseUrl::parse(&authority.url, false).expect("valid");
        let auth = OAuth2::new(url, "client")
            .refresh_token(Some("refresh".into()))
            .client_secret(Some(SecretCell::from_source("kv/prod")));
        let outcome = transport_with(&server, Auth::oauth2(auth), Some(&vault)).send(read()).await;
        assert_eq!(outcome.is_ok(), secrets.len() == 2, "{outcome:?}");
        assert_eq!((authority.count(), vault.asked()), (renewals, 2));
        assert!(authority.requests().iter().all(|request| request.contains("refresh_token=refresh")));
    }
}
