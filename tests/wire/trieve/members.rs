//! Members: what the calls send, and what the operations make of them.

use orgport_core::{MemberId, Members, OrganizationUpdate, Organizations, Role};
use orgport_trieve::request::UserUpdate;
use orgport_trieve::{TrieveClient, TrieveProvider};

use super::{ADA, KEY, ORG, exchanges, organization, scopes, told};

endpoints! {
    list_users: |client| client.list_users(ORG);
    update_user: |client| client.update_user(ORG, &UserUpdate::of(ADA).role(1).scopes(scopes()));
    remove_user: |client| client.remove_user(ORG, ADA);
}

#[tokio::test]
async fn a_change_behind_which_the_vendor_failed_is_looked_up() {
    let rename = async |provider: TrieveProvider| {
        let update = OrganizationUpdate::new().with_name("Elsewhere");
        provider.update_organization(&organization(), update).await.map(|organization| organization.name)
    };
    let (before, after) = ("get_organization/200-free.json", "get_organization/200-usage-based.json");
    for failed in ["update_organization/500-cache.json", "update_organization/400-behind.json"] {
        let text = told(&[before, failed, after], rename).await;
        assert!(!text.contains("ambiguous"), "{text}");
        let text = told(&[before, failed, before], rename).await;
        assert!(text.contains("ends with\nambiguous"), "{text}");
    }
    let set = |role: Role| {
        async move |provider: TrieveProvider| {
            let bob = MemberId::new("7a3d9e60-5c1b-4c8e-8f6a-2b1d0c9e8f22").expect("not empty");
            provider.set_member_role(&organization(), &bob, &role).await
        }
    };
    let answers = ["list_users/200.json", "update_user/500-cache.json", "list_users/200.json"];
    assert!(told(&answers, set(Role::Member)).await.ends_with("ends with\n()"));
    let text = told(&answers, set(Role::Owner)).await;
    assert!(text.contains("ends with\nambiguous"), "{text}");
    let remove = async |provider: TrieveProvider| {
        let bob = MemberId::new("7a3d9e60-5c1b-4c8e-8f6a-2b1d0c9e8f22").expect("not empty");
        provider.remove_member(&organization(), &bob).await
    };
    let answers = ["list_users/200.json", "remove_user/500-cache.json", "list_users/200.json"];
    let text = told(&answers, remove).await;
    assert!(text.contains("ends with\nambiguous"), "{text}");
    let answers = ["list_users/200.json", "remove_user/500-cache.json", "list_users/200-one.json"];
    assert!(told(&answers, remove).await.ends_with("ends with\n()"));
}

#[tokio::test]
async fn the_last_member_is_not_removed() {
    let remove = async |provider: TrieveProvider| {
        provider.remove_member(&organization(), &MemberId::new(ADA).expect("not empty")).await
    };
    for listed in ["list_users/200-one.json", "list_users/200-one-scoped.json"] {
        let text = told(&[listed], remove).await;
        assert!(text.contains("ends with\nconflict, NotSent"), "{text}");
    }
}

#[tokio::test]
async fn changing_a_member_looks_at_the_members_first() {
    let set = |member: &'static str, role: Role| {
        async move |provider: TrieveProvider| {
            let member = MemberId::new(member).expect("not empty");
            provider.set_member_role(&organization(), &member, &role).await
        }
    };
    let bob = "7A3D9E60-5C1B-4C8E-8F6A-2B1D0C9E8F22";
    let answers = ["list_users/200.json", "update_user/204.txt"];
    insta::assert_snapshot!("set_member_role", told(&answers, set(bob, Role::Admin)).await);
    let looked = ["list_users/200.json"];
    let scoped = told(&looked, set("3bcf1de9-afc6-4b8e-a2f7-809faebdcdaa", Role::Owner)).await;
    assert!(scoped.contains("ends with\nconflict, NotSent") && scoped.contains("has scopes"), "{scoped}");
    let last = told(&looked, set(ADA, Role::Admin)).await;
    assert!(last.contains("ends with\nconflict, NotSent") && last.contains("last owner"), "{last}");
    let unknown = told(&looked, set(KEY, Role::Admin)).await;
    assert!(unknown.contains("ends with\nnot found, Answered"), "{unknown}");
    // A row without the member's id is somebody else's.
    let others = told(&["list_users/200-odd-rows.json"], set(KEY, Role::Admin)).await;
    assert!(others.contains("ends with\nnot found"), "{others}");
    let unreadable =
        told(&["list_users/200-odd-rows.json"], set("6EF24A1C-D2F9-4EB1-952A-B3C2D1E0F0DD", Role::Admin))
            .await;
    assert!(unreadable.contains("ends with\nprotocol"), "{unreadable}");
    let remove = async |provider: TrieveProvider| {
        provider.remove_member(&organization(), &MemberId::new(ADA).expect("not empty")).await
    };
    let last = told(&looked, remove).await;
    assert!(last.contains("ends with\nconflict, NotSent"), "{last}");
}
