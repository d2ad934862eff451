//! The conformance suite over Jaqpot, on both of its server lines.

use std::collections::HashSet;

use orgport_conformance::{Subject, run_all};
use orgport_core::{ErrorKind, OrganizationId};
use orgport_jaqpot::AUTH_TYPES;
use orgport_tests::world::{Account, NO_ORGANIZATION_IN_ROWS, World, connect};

#[tokio::test]
async fn jaqpot_passes_the_suite_on_its_newer_servers() {
    let report = run_all(|| async { Ok(World::start(Account::Jaqpot).await) }).await;
    report.assert_seen_but(&[NO_ORGANIZATION_IN_ROWS]);
}

#[tokio::test]
async fn jaqpot_passes_the_suite_on_its_older_servers() {
    let report = run_all(|| async { Ok(World::start(Account::JaqpotOlder).await) }).await;
    report.assert_seen_but(&[NO_ORGANIZATION_IN_ROWS]);
}

#[tokio::test]
async fn the_two_lines_are_two() {
    for (account, has_words) in [(Account::JaqpotOlder, true), (Account::Jaqpot, false)] {
        let world = World::start(account).await;
        let nowhere = OrganizationId::new("nowhere").expect("not empty");
        let error = world.provider().get_organization(&nowhere).await.expect_err("there is none");
        assert_eq!(
            (error.kind(), error.vendor_message().is_some_and(|words| words != "Not Found")),
            (ErrorKind::NotFound, has_words),
            "{error}"
        );
    }
}

#[tokio::test]
async fn every_kind_of_credential_is_accepted() {
    let world = World::start(Account::Jaqpot).await;
    let mut kinds = HashSet::new();
    for identity in world.identities() {
        let provider = connect(world.config_of(&identity), &identity).expect("a valid configuration");
        kinds.insert(identity.credential["type"].as_str().unwrap_or_default().to_owned());
        provider.list_organizations(None).await.expect("the credential is good");
    }
    assert_eq!(kinds, AUTH_TYPES.iter().map(ToString::to_string).collect());
}
