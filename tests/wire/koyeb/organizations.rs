//! Organizations: what the calls send, and what the operations make of them.

use orgport_core::{NewOrganization, OrganizationUpdate, Organizations};
use orgport_koyeb::KoyebProvider;
use orgport_koyeb::model::Organization;
use orgport_tests::wire::{Canned, Wire};

use super::{ORG, exchange, id, json, lines, ok, provider, refusal, run, snapshot, told};

#[tokio::test]
async fn organizations() {
    let fields = || Organization {
        id: "not sent".into(),
        billing_name: Some("Engines".into()),
        city: Some(String::new()),
        ..Organization::default()
    };
    exchange("create_organization", "organizations/created", async |koyeb| {
        koyeb.create_organization("difference-engines").await
    })
    .await;
    exchange("get_organization", "organizations/one", async |koyeb| koyeb.get_organization(ORG).await).await;
    exchange("update_organization", "organizations/one", async |koyeb| {
        koyeb.update_organization(ORG, &fields(), None).await
    })
    .await;
    exchange("replace_organization", "organizations/one", async |koyeb| {
        koyeb.replace_organization(ORG, &fields(), Some("billing_name,city")).await
    })
    .await;
    exchange("rename_organization", "organizations/renamed", async |koyeb| {
        koyeb.rename_organization(ORG, "engines-two").await
    })
    .await;
    exchange("set_default_project", "organizations/one", async |koyeb| {
        koyeb.set_default_project(ORG, "project-1").await
    })
    .await;
    exchange("quotas", "organizations/quotas", async |koyeb| koyeb.quotas(ORG).await).await;
    exchange("summary", "organizations/summary", async |koyeb| koyeb.summary(ORG).await).await;
}

#[tokio::test]
async fn the_end_of_an_organization() {
    exchange("deactivate_organization", "organizations/deactivating", async |koyeb| {
        koyeb.deactivate_organization(ORG, false).await
    })
    .await;
    exchange("confirm_organization_action", "organizations/confirmed", async |koyeb| {
        koyeb.confirm_organization_action("from-the-mail").await
    })
    .await;
    exchange("reactivate_organization", "organizations/one", async |koyeb| {
        koyeb.reactivate_organization(ORG).await
    })
    .await;
    exchange("delete_organization", "organizations/deleting", async |koyeb| {
        koyeb.delete_organization(ORG).await
    })
    .await;
}

#[tokio::test]
async fn organizations_in_neutral_words() {
    run("neutral_get_organization", [ok("organizations/one")], async |koyeb| {
        koyeb.get_organization(&id(ORG)).await.map(|found| json(&found))
    })
    .await;
    run("neutral_organization_without_id", [ok("organizations/without_id")], async |koyeb| {
        koyeb.get_organization(&id(ORG)).await.map(|found| json(&found))
    })
    .await;
    run("neutral_create_organization", [ok("organizations/created")], async |koyeb| {
        koyeb.create_organization(NewOrganization::new("difference-engines")).await.map(|made| json(&made))
    })
    .await;
    run("neutral_update_organization", [ok("organizations/renamed")], async |koyeb| {
        let update = OrganizationUpdate::new().with_name("engines-two");
        koyeb.update_organization(&id(ORG), update).await.map(|updated| json(&updated))
    })
    .await;
}

#[tokio::test]
async fn deleting_an_organization() {
    let delete =
        async |koyeb: KoyebProvider| koyeb.delete_organization(&id(ORG)).await.map(|()| "deleted".to_owned());
    let [one, going, gone] =
        ["one", "deactivating", "deactivated"].map(|name| ok(&format!("organizations/{name}")));
    let deleting = ok("organizations/deleting");
    let begun = [one.clone(), going.clone(), going.clone(), gone.clone()];
    let then = |last: Canned| begun.clone().into_iter().chain([last]).collect::<Vec<_>>();
    run("delete", then(deleting.clone()), delete).await;
    run("delete_goes_on", [going.clone(), gone.clone(), deleting.clone()], delete).await;
    run("delete_of_a_deactivated_one", [gone, deleting.clone()], delete).await;
    run("delete_under_way", [deleting], delete).await;
    run("delete_refused", then(refusal("400_precondition")), delete).await;
    run("delete_ends_the_token", then(refusal("401_token")), delete).await;
    run("delete_finds_nothing", then(refusal("404_resource")), delete).await;
    run("delete_of_nothing", [refusal("404_resource")], delete).await;
    run("deactivation_refused", [one.clone(), refusal("403_denied")], delete).await;
    run("deactivation_ends_the_token", [one.clone(), going.clone(), refusal("401_rejected")], delete).await;
    let wire = Wire::answering([one, going]).await;
    let error = provider(&wire).delete_organization(&id(ORG)).await.expect_err("it never ends");
    snapshot("deactivation_never_ends", &told(&error));
    assert_eq!(lines(&wire).len(), 2 + 61, "every two seconds for two minutes");
}
