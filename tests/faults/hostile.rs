//! What somebody may pass in, or send back, to reach what is not theirs.

use std::collections::BTreeMap;

use orgport_core::config::AuthConfig;
use orgport_core::{ErrorKind, InvitationId, MemberId, Operation, OrganizationId, OrganizationUpdate};
use orgport_sandbox::{Authority, Fault, FaultKind};
use orgport_tests::world::{Account, World};
use serde_json::{Value, json};

use crate::support::{ADA, Doing, email, word, world};

pub(crate) async fn redirects(account: Account) {
    let world = world(account).await;
    let elsewhere = format!("{}/somewhere", world.sandbox.auth_url());
    world.fault(world.on_read(FaultKind::Redirect { to: elsewhere.clone() }));
    let error = world.provider.list_members(&world.organization, None).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    world.fault(world.on_create(FaultKind::Redirect { to: elsewhere }));
    let outcome = world.invite(ADA).await;
    assert_eq!(word(&outcome), "protocol", "{outcome:?}");
    assert_eq!(world.mails_to(&email(ADA)), 0);
    let strayed = world.sandbox.requests().into_iter().filter(|request| request.authority == Authority::Auth);
    assert_eq!(strayed.count(), 0, "nothing goes where the redirect points");
}

pub(crate) async fn addresses(account: Account) {
    let world = world(account).await;
    for url in [
        "http://api.example.com",
        "https://user:word@api.example.com",
        "file:///etc/passwd",
        "ftp://x",
        "",
        "api",
    ] {
        let error = world.try_configured(|config| config.base_url = Some(url.to_owned())).err();
        let error = error.unwrap_or_else(|| panic!("{url:?} is accepted"));
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(!error.to_string().contains("word@"), "{error}");
    }
}

pub(crate) async fn ids(account: Account) {
    let world = world(account).await;
    assert_eq!(word(&world.invite(ADA).await), "invited");
    let (rows, members) =
        (world.invitations().await.len(), world.provider.list_members(&world.organization, None).await);
    let members = members.expect("a list").items.len();
    assert!(OrganizationId::new("").is_err() && InvitationId::new("").is_err() && MemberId::new("").is_err());
    let long = "x".repeat(4096);
    for id in [".", "..", "../admin", "a/b", "a?b#c", "%2e%2e", "\0", "ünï", "a b", "\r\nx: y", &long] {
        world.sandbox.clear_requests();
        let (organization, invitation) =
            (OrganizationId::new(id).expect("not empty"), InvitationId::new(id).expect("not empty"));
        let member = MemberId::new(id).expect("not empty");
        let errors = [
            world.provider.list_members(&organization, None).await.err(),
            world.provider.revoke_invitation(&world.organization, &invitation).await.err(),
            world.provider.resend_invitation(&world.organization, &invitation).await.err(),
            world.provider.remove_member(&world.organization, &member).await.err(),
            world.provider.get_organization(&organization).await.err(),
        ];
        for error in errors {
            let error = error.unwrap_or_else(|| panic!("{id:?} is found"));
            assert!(error.to_string().len() < 8192, "{} bytes for {id:?}", error.to_string().len());
        }
        for request in world.sandbox.requests() {
            let is_clean = request.path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
            assert!(is_clean, "{id:?} became {}", request.path);
        }
    }
    assert_eq!(world.invitations().await.len(), rows, "nothing was deleted");
    let now = world.provider.list_members(&world.organization, None).await.expect("a list");
    assert_eq!(now.items.len(), members, "nobody was removed");
}

/// Every change is confirmed by its status, and denied by the words under it.
fn denial(world: &World, body: &Value, commit: bool) {
    for method in ["DELETE", "PATCH", "PUT"] {
        let kind =
            FaultKind::Status { status: 200, headers: BTreeMap::new(), body: Some(body.clone()), commit };
        world.fault(Fault::new(world.account.vendor(), kind).method(method).always());
    }
}

pub(crate) async fn denials(account: Account) {
    for (commit, body) in [false, true].into_iter().flat_map(|commit| {
        [json!({ "success": false }), json!({ "error": "no" }), json!("<p>no</p>")].map(|body| (commit, body))
    }) {
        let world = world(account).await;
        assert_eq!(word(&world.invite(ADA).await), "invited");
        let invitation = world.invitations().await.remove(0).id;
        let members = world.provider.list_members(&world.organization, None).await.expect("a list");
        let owner = members.items.into_iter().flatten().next().expect("somebody").id;
        let provider = &world.provider;
        let changes = [
            (Operation::RevokeInvitation, provider.revoke_invitation(&world.organization, &invitation)),
            (Operation::RemoveMember, provider.remove_member(&world.organization, &owner)),
            (Operation::DeleteOrganization, provider.delete_organization(&world.organization)),
        ];
        for (operation, change) in changes {
            world.sandbox.clear_faults();
            world.sandbox.clear_requests();
            denial(&world, &body, commit);
            let done = change.await;
            if !world.sandbox.requests().iter().any(|request| request.method == "DELETE") {
                // It is not offered, or refused for who would be left.
                assert!(done.is_err(), "{operation}: nothing was sent");
                continue;
            }
            match done {
                // The change was looked for, and found.
                Ok(()) => assert!(commit, "{operation}: {body} is taken for a success"),
                Err(error) => {
                    assert!(error.may_be_done() || error.kind() == ErrorKind::Incomplete, "{error}");
                }
            }
        }
    }
}

pub(crate) async fn organizations_without_an_id(account: Account) {
    let world = world(account).await;
    let update = match world.provider.capability().update_fields.as_slice() {
        [] => return,
        _ => OrganizationUpdate::new().with_name("elsewhere"),
    };
    let bodies =
        [json!({ "id": "", "name": "elsewhere" }), json!({ "organization": { "id": "" } }), json!([])];
    // Jaqpot and GitHub know organizations by names, which change.
    let strange = (!matches!(account.vendor(), "jaqpot" | "github")).then(|| {
        let other = json!({ "id": "00000000-0000-4000-8000-000000000000", "name": "elsewhere" });
        [json!({ "organization": other }), other]
    });
    for body in bodies.into_iter().chain(strange.into_iter().flatten()) {
        denial(&world, &body, false);
        let error = world.provider.update_organization(&world.organization, update.clone()).await;
        let error = error.expect_err("nobody knows what was changed");
        assert!(error.may_be_done() && !error.is_retryable(), "{error}");
        world.sandbox.clear_faults();
    }
}

/// The same credential with another secret.
fn with_secret(auth: &AuthConfig, secret: &str) -> AuthConfig {
    match auth {
        AuthConfig::Bearer { .. } => AuthConfig::bearer(secret),
        AuthConfig::ApiKey { .. } => AuthConfig::api_key(secret),
        AuthConfig::OAuth2 { client_id, token_url, .. } => AuthConfig::OAuth2 {
            client_id: client_id.clone(),
            client_secret: None,
            access_token: Some(secret.into()),
            refresh_token: None,
            token_url: token_url.clone(),
            authorize_url: None,
            redirect_uri: None,
        },
        AuthConfig::KeyPair { key, .. } => AuthConfig::key_pair(key.clone(), secret),
        other => panic!("no account here has {other:?}"),
    }
}

pub(crate) async fn credentials(account: Account) {
    let world = world(account).await;
    for secret in ["bad\r\nx-evil: 1", "bad\0token", "bädtoken"] {
        let configured = world.try_configured(|config| {
            config.auth = config.auth.as_ref().map(|auth| with_secret(auth, secret));
        });
        let error = match configured {
            Ok(provider) => {
                provider.list_members(&world.organization, None).await.expect_err("no header carries it")
            }
            Err(error) => error,
        };
        assert!(matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Config), "{error}");
        let text = format!("{error} {error:?}");
        assert!(!text.contains("evil") && !text.contains("bädtoken") && !text.contains("token\""), "{text}");
        assert!(world.sandbox.requests().is_empty(), "nothing is sent");
    }
    let empty = world.try_configured(|config| {
        config.auth = config.auth.as_ref().map(|auth| with_secret(auth, "\n"));
    });
    assert_eq!(empty.err().expect("an empty secret is a mistake").kind(), ErrorKind::Config);
    let trimmed = world.configured(|config| {
        let good = orgport_tests::world::secret_of(config.auth.as_ref().expect("a credential"));
        config.auth = config.auth.as_ref().map(|auth| with_secret(auth, &format!("{}\n", good.expose())));
    });
    trimmed.list_members(&world.organization, None).await.expect("a trailing newline is a habit of files");
}
