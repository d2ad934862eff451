//! Organizations: what the calls send, and what the operations make of them.

use orgport_core::{ErrorKind, OrganizationUpdate, Organizations};
use orgport_github::GitHubProvider;
use orgport_github::request::OrganizationFields;
use orgport_tests::wire::{Canned, Wire};

use super::{
    ORG, PART, exchange, followed_by, id, json, lines, ok, page, provider, refusal, run, snapshot, told,
};

#[tokio::test]
async fn organizations() {
    exchange("list_organizations", "organizations/page", async |github| {
        github.list_organizations(PART).await
    })
    .await;
    exchange("get_organization", "organizations/one", async |github| github.get_organization(ORG).await)
        .await;
    exchange("update_organization", "organizations/one", async |github| {
        let fields = OrganizationFields {
            name: Some("Acme Engines".into()),
            blog: Some(String::new()),
            default_repository_permission: Some("none".into()),
            ..OrganizationFields::default()
        };
        github.update_organization(ORG, &fields).await
    })
    .await;
    let wire = Wire::answering([Canned::json(202, "{}")]).await;
    super::client(&wire).delete_organization(ORG).await.expect("accepted");
    snapshot("delete_organization", &wire.request().to_string());
}

#[tokio::test]
async fn organizations_in_neutral_words() {
    for (name, answer) in [
        ("neutral_get_organization", "organizations/one"),
        ("neutral_get_organization_without_name", "organizations/without_name"),
        ("neutral_get_organization_without_login", "organizations/without_login"),
    ] {
        run(name, [ok(answer)], async |github| {
            github.get_organization(&id(ORG)).await.map(|found| json(&found))
        })
        .await;
    }
    run("neutral_update_organization", [ok("organizations/one")], async |github| {
        let update =
            OrganizationUpdate::new().with_name("Acme Engines").with_description("Engines that count");
        github.update_organization(&id(ORG), update).await.map(|updated| json(&updated))
    })
    .await;
}

#[tokio::test]
async fn lists_follow_the_vendors_links() {
    let first = followed_by(ok("organizations/page"), "/user/orgs?per_page=100&page=2");
    run("neutral_organizations", [first, ok("organizations/empty")], async |github| {
        let first = github.list_organizations(None).await?;
        let second = github.list_organizations(first.next.as_ref()).await?;
        Ok(format!("{}\n{}", page(first), page(second)))
    })
    .await;
}

#[tokio::test]
async fn a_link_to_another_origin_is_not_followed() {
    let elsewhere = followed_by(ok("organizations/page"), "https://elsewhere.example/user/orgs?page=2");
    let wire = Wire::answering([elsewhere]).await;
    let error = provider(&wire).list_organizations(None).await.expect_err("the credential stays");
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
}

#[tokio::test]
async fn a_list_that_single_sign_on_has_cut_says_so() {
    let cut =
        ok("organizations/page").header("x-github-sso", "partial-results; organizations=21955855,20582480");
    run("neutral_organizations_partial", [cut], async |github| {
        github.list_organizations(None).await.map(page)
    })
    .await;
}

#[tokio::test]
async fn another_organization_under_a_known_login_is_refused() {
    run(
        "neutral_renamed_and_taken",
        [ok("organizations/page"), ok("organizations/one"), ok("organizations/other_number")],
        async |github| {
            github.list_organizations(None).await?;
            github.get_organization(&id(ORG)).await?;
            github.get_organization(&id(ORG)).await.map(|found| json(&found))
        },
    )
    .await;
}

#[tokio::test]
async fn deleting_waits_until_the_organization_is_gone() {
    let delete = async |github: GitHubProvider| {
        github.delete_organization(&id(ORG)).await.map(|()| "deleted".to_owned())
    };
    let begun = || [Canned::json(202, "{}"), ok("organizations/one")];
    let then = |last: Canned| begun().into_iter().chain([last]).collect::<Vec<_>>();
    run("delete", then(refusal("404_not_found")), delete).await;
    run("delete_and_lose_the_right_to_look", then(refusal("401_credentials")), delete).await;
    run("delete_refused", [refusal("403_owner")], delete).await;
    run("delete_of_nothing", [refusal("404_not_found")], delete).await;
    let wire = Wire::answering(begun()).await;
    let error = provider(&wire).delete_organization(&id(ORG)).await.expect_err("it never ends");
    snapshot("deletion_never_ends", &told(&error));
    assert_eq!(lines(&wire).len(), 1 + 31, "every two seconds for a minute");
}
