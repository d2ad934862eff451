//! Members: what the calls send, and what the operations make of them.

use orgport_core::{MemberId, Members, Role};
use orgport_nuextract::{NuExtractClient, NuExtractProvider};
use orgport_tests::wire::{Canned, whole};
use serde_json::Value;

use super::{MILL, mill, neutral, ok, rows, typed};

#[tokio::test]
async fn list_members() {
    let answer = ok("list_members", "three.json");
    insta::assert_snapshot!(typed(answer, async |c| c.list_members(MILL).await).await);
}

#[tokio::test]
async fn delete_member() {
    let call = async |c: &NuExtractClient| c.delete_member(MILL, "user-1").await;
    insta::assert_snapshot!(typed(Canned::empty(200), call).await);
}

#[tokio::test]
async fn have_the_vendors_own_roles() {
    let list = async |p: &NuExtractProvider| Ok(rows(p.list_members(&mill(), None).await?, whole));
    insta::assert_snapshot!(neutral([ok("list_members", "three.json")], list).await);
    insta::assert_snapshot!(neutral([ok("list_members", "odd_rows.json")], list).await);
}

#[tokio::test]
async fn cannot_be_given_a_role() {
    let member = MemberId::new("user-1").expect("not empty");
    let set = async |p: &NuExtractProvider| {
        p.set_member_role(&mill(), &member, &Role::Admin).await?;
        Ok(Value::Null)
    };
    insta::assert_snapshot!(neutral([Canned::empty(200)], set).await);
}
