//! Identities, new accounts and a reset.

use super::*;
use crate::vendor::Identity;

fn names(identities: &[Identity]) -> Vec<&str> {
    identities.iter().map(|identity| identity.email.as_str()).collect()
}

#[tokio::test]
async fn the_identities_work_and_survive_a_reset() {
    let bench = Bench::new();
    let identities = bench.trieve.identities();
    assert_eq!(names(&identities), ["", "owner@acme.example", "admin@acme.example", ""]);
    assert_eq!(
        serde_json::to_value(&identities[0]).expect("JSON"),
        json!({
            "vendor": "trieve",
            "email": "",
            "credential": {"type": "api_key", "key": bench.key},
            "organization": bench.organization,
            "settings": {
                "credential": "organization",
                "app_url": "https://api.trieve.ai/api",
                "redirect_uri": "https://dashboard.trieve.ai/",
            },
        })
    );
    assert!(bench.key.starts_with("tr-") && bench.key.len() == 35, "{}", bench.key);
    for (key, role) in [(&bench.owner, 2), (&bench.admin, 1)] {
        let me = bench.ask("GET", "/api/auth/me").key(key).send().await.ok();
        assert_eq!(me["user_orgs"][0]["role"], role);
    }

    let members = bench.members().await;
    bench.invite("ada@x.org").await.is_empty(204);
    bench.trieve.add_user("bob@x.org");
    bench.invite("bob@x.org").await.is_empty(204);
    bench.trieve.reset();
    assert_eq!(bench.members().await, members);
    assert_eq!(bench.trieve.identities(), identities);
    assert_eq!(bench.invitations().await.len(), 0);
}

#[tokio::test]
async fn a_new_account_has_a_key_that_opens_nothing_before_it_is_in_an_organization() {
    let bench = Bench::new();
    let bob = bench.trieve.add_user("bob@x.org");
    assert_eq!((bob.organization.as_deref(), bob.settings["credential"].as_str()), (None, Some("user")));
    let key = text(&bob.credential["key"]);
    let me = async || bench.ask("GET", "/api/auth/me").key(&key).send().await;
    me().await.is(401, "Unauthorized");
    bench.invite("bob@x.org").await.is_empty(204);
    assert_eq!(me().await.ok()["email"], "bob@x.org");
    assert_eq!(bench.trieve.add_user("bob@x.org"), bob);
    assert_eq!(bench.trieve.identities().last(), Some(&bob));

    let keys = bench.ask("GET", "/api/user/api_key").key(&key).send().await.ok();
    let path = format!("/api/user/api_key/{}", text(&keys[0]["id"]));
    bench.ask("DELETE", &path).key(&key).send().await.is_empty(204);
    assert_ne!(bench.trieve.add_user("bob@x.org").credential, bob.credential, "a deleted key is replaced");
}
