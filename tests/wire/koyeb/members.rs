//! Members: what the calls send, and what the operations make of them.

use orgport_core::{MemberId, Members};
use orgport_koyeb::model::OrganizationStatus;
use orgport_koyeb::request::MemberQuery;

use super::{MEMBERSHIP, ORG, PART, exchange, home, id, ok, run};

#[tokio::test]
async fn members() {
    exchange("list_members", "organization_members/page", async |koyeb| {
        let query = MemberQuery {
            part: PART,
            organization_id: Some(ORG.into()),
            user_id: Some("me".into()),
            organization_statuses: vec![OrganizationStatus::Active, OrganizationStatus::Locked],
        };
        koyeb.list_members(&query).await
    })
    .await;
    exchange("remove_member", "organization_members/removed", async |koyeb| {
        koyeb.remove_member(MEMBERSHIP).await
    })
    .await;
}

#[tokio::test]
async fn removing_a_member_looks_for_it_in_the_organization_first() {
    let page = || [home(), ok("organization_members/page")];
    let member = || MemberId::new(MEMBERSHIP).expect("not empty");
    let answers = page().into_iter().chain([ok("organization_members/removed")]);
    run("neutral_remove", answers, async |koyeb| {
        koyeb.remove_member(&id(ORG), &member()).await.map(|()| "removed".into())
    })
    .await;
    run("neutral_remove_nobody", page(), async |koyeb| {
        let user = MemberId::new("c2b8e4f1-6d75-4a4f-9e7c-2a3f4e5d6c7b").expect("not empty");
        koyeb.remove_member(&id(ORG), &user).await.map(|()| "removed".into())
    })
    .await;
}
