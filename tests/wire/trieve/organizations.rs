//! Organizations: what the calls send, and what the operations make of them.

use orgport_core::{NewOrganization, OrganizationUpdate, Organizations};
use orgport_trieve::{TrieveClient, TrieveProvider};

use super::{ORG, exchanges, organization, organization_changes, told, usage_query};

endpoints! {
    get_organization: |client| client.get_organization(ORG);
    create_organization: |client| client.create_organization("northwind");
    update_organization: |client| client.update_organization(ORG, &organization_changes());
    delete_organization: |client| client.delete_organization(ORG);
    usage: |client| client.usage(ORG, &usage_query());
}

#[tokio::test]
async fn updating_an_organization_sends_its_partner_configuration_along() {
    let answers = ["get_organization/200-free.json", "update_organization/200.json"];
    let update = OrganizationUpdate::new().with_name("R&D");
    insta::assert_snapshot!(
        told(&answers, async |provider| provider.update_organization(&organization(), update.clone()).await)
            .await
    );
}

#[tokio::test]
async fn creating_an_organization_reads_the_person_first() {
    let create = async |provider: TrieveProvider| {
        provider.create_organization(NewOrganization::new("northwind")).await
    };
    insta::assert_snapshot!("create", told(&["me/200.json", "create_organization/200.json"], create).await);
    insta::assert_snapshot!("create_refused", told(&["me/400-organization-key.json"], create).await);
}

#[tokio::test]
async fn a_creation_that_ends_unclearly_says_so() {
    let create = async |provider: TrieveProvider| {
        provider.create_organization(NewOrganization::new("northwind")).await
    };
    for body in ["200-empty.txt", "200-no-id.json"] {
        let lost = told(&["me/200.json", &format!("create_organization/{body}")], create).await;
        assert!(lost.contains("ambiguous, Unanswered, retryable: false"), "{lost}");
    }
    let orphan = told(&["me/200.json", "create_organization/500-orphan.json"], create).await;
    assert!(orphan.contains("incomplete, Answered, retryable: false"), "{orphan}");
}

#[tokio::test]
async fn a_rename_whose_response_cannot_be_used_is_read_back() {
    let rename = async |provider: TrieveProvider| {
        let update = OrganizationUpdate::new().with_name("Elsewhere");
        provider.update_organization(&organization(), update).await.map(|organization| organization.name)
    };
    let (before, after) = ("get_organization/200-free.json", "get_organization/200-usage-based.json");
    let text = told(&[before, "create_organization/200-no-id.json", after], rename).await;
    assert!(!text.contains("protocol"), "{text}");
    let text = told(&[before, "create_organization/200-no-id.json", before], rename).await;
    assert!(
        text.contains("ends with\nprotocol, Unanswered") && text.contains("may have been done"),
        "{text}"
    );
}

#[tokio::test]
async fn a_deletion_behind_which_the_cache_failed_is_looked_up() {
    let delete = async |provider: TrieveProvider| provider.delete_organization(&organization()).await;
    let gone = ["delete_organization/500-deleted.json", "get_organization/404.json"];
    assert!(told(&gone, delete).await.ends_with("ends with\n()"));
    let there = ["delete_organization/500-deleted.json", "get_organization/200-free.json"];
    let text = told(&there, delete).await;
    assert!(text.contains("ends with\nambiguous, Unanswered"), "{text}");
    // The cache fails before the deletion: nothing is deleted, unless an attempt before had done it.
    let there = ["delete_organization/500-cache.json", "get_organization/200-free.json"];
    let text = told(&there, delete).await;
    assert!(text.contains("ends with\nunavailable, Answered, retryable: true"), "{text}");
    let gone = ["delete_organization/500-cache.json", "get_organization/404.json"];
    assert!(told(&gone, delete).await.ends_with("ends with\n()"));
}
