//! The conformance suite over Losant, against the sandbox.

use std::collections::BTreeSet;

use orgport_conformance::run_all;
use orgport_core::{Organizations, Provider};
use orgport_losant::{AUTH_TYPES, LosantProvider, LosantSettings, MeQuery};
use orgport_tests::world::{Account, NO_ORGANIZATION_IN_ROWS, NO_OWNER, NO_RENEWAL, NO_WORD_OF_MAILS, World};

#[tokio::test]
async fn every_kind_of_credential_opens_its_account() {
    let world = World::start(Account::Losant).await;
    let mut kinds = BTreeSet::new();
    for identity in world.identities() {
        let provider = LosantProvider::new(world.config_of(&identity), LosantSettings::default());
        let provider = provider.expect("a valid configuration");
        match provider.default_organization() {
            Some(organization) => provider.get_organization(organization).await.map(drop),
            None => provider.client().me(&MeQuery::default()).await.map(drop),
        }
        .expect("it is let in");
        kinds.insert(identity.credential["type"].as_str().expect("it has a type").to_owned());
    }
    assert!(kinds.iter().map(String::as_str).eq(AUTH_TYPES.iter().copied()), "{kinds:?}");
}

#[tokio::test]
async fn losant_passes_everything() {
    let report = run_all(|| async { Ok(World::start(Account::Losant).await) }).await;
    report.assert_seen_but(&[NO_OWNER, NO_ORGANIZATION_IN_ROWS, NO_WORD_OF_MAILS, NO_RENEWAL]);
}
