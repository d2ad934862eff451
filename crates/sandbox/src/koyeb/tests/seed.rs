//! Identities and a reset.

use super::{Bench, INVITATIONS, key};
use crate::vendor::Vendor;
use serde_json::json;

#[test]
fn identities_begin_with_the_administrator() {
    let bench = Bench::new();
    let identities = bench.koyeb.identities();
    let emails: Vec<_> = identities.iter().map(|identity| identity.email.as_str()).collect();
    assert_eq!(emails, ["ada@acme.example", "", "grace@elsewhere.example"]);
    assert_eq!(bench.owner.len(), 64);
    assert_eq!(identities[1].organization, identities[0].organization);
    assert_eq!(identities[1].settings["credential"], "organization");
    assert_eq!(identities[2].organization, None);
    assert_eq!(bench.koyeb.add_user("Grace@Elsewhere.example"), identities[2]);
}

#[tokio::test]
async fn a_reset_leaves_nothing_but_the_seed() {
    let bench = Bench::new();
    bench.invite("jane@example.com").await;
    bench.koyeb.add_user("new@example.com");
    bench.koyeb.reset();
    let identities = bench.koyeb.identities();
    let emails: Vec<_> = identities.iter().map(|identity| identity.email.as_str()).collect();
    assert_eq!(emails, ["ada@acme.example", "", "grace@elsewhere.example"]);
    let (status, body) = bench.get(INVITATIONS, &key(&identities[0])).await;
    assert_eq!((status, &body["count"]), (200, &json!(0)));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let (one, other) = (Bench::new(), Bench::new());
    assert_eq!(one.koyeb.identities(), other.koyeb.identities());
    assert_eq!(one.invite("jane@example.com").await, other.invite("jane@example.com").await);
}
