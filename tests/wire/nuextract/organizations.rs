//! Organizations: what the calls send, and what the operations make of them.

use orgport_core::{NewOrganization, OrganizationId, OrganizationUpdate, Organizations};
use orgport_nuextract::NuExtractProvider;
use orgport_tests::wire::{Canned, whole};

use super::{MILL, mill, neutral, ok, rows, typed};

#[tokio::test]
async fn list_organizations() {
    let text = typed(ok("list_organizations", "two.json"), async |c| c.list_organizations().await).await;
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn create_organization() {
    let answer = ok("create_organization", "created.json");
    insta::assert_snapshot!(typed(answer, async |c| c.create_organization("Ink & Quill").await).await);
}

#[tokio::test]
async fn update_organization() {
    let answer = ok("update_organization", "renamed.json");
    insta::assert_snapshot!(typed(answer, async |c| c.update_organization(MILL, "Rag Mill").await).await);
}

#[tokio::test]
async fn update_organization_with_an_empty_response() {
    let answer = Canned::empty(200);
    insta::assert_snapshot!(typed(answer, async |c| c.update_organization(MILL, "Rag Mill").await).await);
}

#[tokio::test]
async fn delete_organization() {
    insta::assert_snapshot!(typed(Canned::empty(200), async |c| c.delete_organization(MILL).await).await);
}

#[tokio::test]
async fn are_listed() {
    let list = async |p: &NuExtractProvider| Ok(rows(p.list_organizations(None).await?, whole));
    insta::assert_snapshot!(neutral([ok("list_organizations", "two.json")], list).await);
    assert!(neutral([ok("list_organizations", "none.json")], list).await.ends_with("=> []"));
}

#[tokio::test]
async fn that_cannot_be_read_are_errors_in_their_places() {
    let list = async |p: &NuExtractProvider| Ok(rows(p.list_organizations(None).await?, whole));
    insta::assert_snapshot!(neutral([ok("list_organizations", "odd_rows.json")], list).await);
}

#[tokio::test]
async fn are_picked_out_of_the_list_by_id() {
    let get = async |p: &NuExtractProvider| Ok(whole(p.get_organization(&mill()).await?));
    insta::assert_snapshot!(neutral([ok("list_organizations", "two.json")], get).await);
}

#[tokio::test]
async fn that_are_not_in_the_list_are_not_found() {
    let get = async |p: &NuExtractProvider| Ok(whole(p.get_organization(&mill()).await?));
    insta::assert_snapshot!(neutral([ok("list_organizations", "none.json")], get).await);
}

#[tokio::test]
async fn that_may_be_an_unreadable_row_are_not_called_missing() {
    for id in ["e2a9f7c4-81d3-4c0b-b1f6-52a7d4c3e802", "unknown"] {
        let id = OrganizationId::new(id).expect("not empty");
        let get = async |p: &NuExtractProvider| Ok(whole(p.get_organization(&id).await?));
        insta::assert_snapshot!(neutral([ok("list_organizations", "odd_rows.json")], get).await);
    }
}

#[tokio::test]
async fn are_made_by_name() {
    let new = NewOrganization::new("Ink & Quill");
    let create = async |p: &NuExtractProvider| Ok(whole(p.create_organization(new).await?));
    insta::assert_snapshot!(neutral([ok("create_organization", "created.json")], create).await);
}

#[tokio::test]
async fn are_renamed_even_where_the_response_is_empty() {
    let update = async |p: &NuExtractProvider| {
        let update = OrganizationUpdate::new().with_name("Rag Mill");
        Ok(whole(p.update_organization(&mill(), update).await?))
    };
    insta::assert_snapshot!(neutral([ok("update_organization", "renamed.json")], update).await);
    insta::assert_snapshot!(neutral([Canned::empty(200)], update).await);
}

#[tokio::test]
async fn have_no_description_and_an_update_must_change_something() {
    let described = NewOrganization::new("Ink").with_description("quills too");
    let create = async |p: &NuExtractProvider| Ok(whole(p.create_organization(described).await?));
    insta::assert_snapshot!(neutral([Canned::empty(200)], create).await);
    let update = async |p: &NuExtractProvider| {
        Ok(whole(p.update_organization(&mill(), OrganizationUpdate::new().with_description("d")).await?))
    };
    insta::assert_snapshot!(neutral([Canned::empty(200)], update).await);
    let nothing = async |p: &NuExtractProvider| {
        Ok(whole(p.update_organization(&mill(), OrganizationUpdate::new()).await?))
    };
    insta::assert_snapshot!(neutral([Canned::empty(200)], nothing).await);
}

#[tokio::test]
async fn whose_update_came_back_in_part_are_updated_again() {
    let update = async |p: &NuExtractProvider| {
        let update = OrganizationUpdate::new().with_name("Rag Mill");
        Ok(whole(p.update_organization(&mill(), update).await?.name))
    };
    let half = Canned::json(200, r#"{"id": "7d1c"#);
    let text = neutral([half, ok("update_organization", "renamed.json")], update).await;
    assert_eq!(text.matches("PUT ").count(), 2, "{text}");
    assert!(text.ends_with("=> \"Rag Mill\""), "{text}");
}
