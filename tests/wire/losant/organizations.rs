//! Organizations: what the calls send, and what the operations make of them.

use orgport_core::{
    Cursor, ErrorKind, InvitationFilter, InvitationStatus, Invitations, Members, NewOrganization,
    OrganizationUpdate, Organizations, Role,
};
use orgport_losant::{OrgFields, OrgPatch, OrgPost, OrgsQuery, Rel, Summary};
use orgport_tests::wire::{Wire, fixture};

use super::{BOB, ORG, answer, client, json, member_id, neutral, org, page, provider, shown};

#[tokio::test]
async fn neutral_organizations() {
    neutral!("list_organizations", [json("orgs-get/first.json")], |provider| async {
        provider.list_organizations(None).await.map(page)
    });
    neutral!("list_organizations_last", [json("orgs-get/last.json")], |provider| async {
        provider.list_organizations(Some(&Cursor::new("prod/list_organizations/#1"))).await.map(page)
    });
    neutral!("list_organizations_without_counts", [json("orgs-get/without-counts.json")], |provider| async {
        provider.list_organizations(None).await.map(page)
    });
    neutral!("get_organization", [json("org-get/full.json")], |provider| provider.get_organization(&org()));
    neutral!("get_organization_strange", [json("org-get/strange.json")], |provider| provider
        .get_organization(&org()));
    neutral!("create_organization", [answer(201, "orgs-post/made.json")], |provider| provider
        .create_organization(NewOrganization::new("Looms").with_description("Punched cards")));
    neutral!("create_organization_unreadable", [answer(201, "org-get/not-an-org.json")], |provider| provider
        .create_organization(NewOrganization::new("Looms")));
    neutral!("update_organization", [json("org-patch/changed.json")], |provider| provider
        .update_organization(&org(), OrganizationUpdate::new().with_name("Engines II").with_description("")));
    neutral!("delete_organization", [json("org-delete/done.json")], |provider| provider
        .delete_organization(&org()));
    neutral!("delete_organization_not_done", [json("org-delete/not-done.json")], |provider| provider
        .delete_organization(&org()));
}

#[tokio::test]
async fn a_page_of_organizations_that_hides_some_is_an_error() {
    for page in ["orgs-get/short-page.json", "orgs-get/empty-page.json"] {
        let wire = Wire::answering([json(page)]).await;
        let error = provider(&wire).list_organizations(None).await.expect_err(page);
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    }
    // Behind the last page.
    let wire = Wire::answering([json("orgs-get/empty-page.json")]).await;
    let cursor = Cursor::new("prod/list_organizations/#1");
    let page = provider(&wire).list_organizations(Some(&cursor)).await.expect("none is missing");
    assert_eq!((page.items.len(), page.next), (0, None));
}

#[tokio::test]
async fn the_vendors_own_json_is_kept_whole() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire);
    let sent: serde_json::Value = serde_json::from_str(&fixture("losant/org-get/full.json")).expect("JSON");
    let organization = provider.get_organization(&org()).await.expect("the fixture");
    assert_eq!(organization.native.expect("kept").read::<serde_json::Value>().expect("JSON"), sent);
    let members = provider.list_members(&org(), None).await.expect("the fixture").items;
    let bob = members[1].as_ref().expect("readable").native.clone().expect("kept");
    assert_eq!(bob.read::<serde_json::Value>().expect("JSON"), sent["members"][1]);
}

#[tokio::test]
async fn fields_that_losant_refuses_are_refused_before_sending() {
    let wire = Wire::answering([json("org-get/full.json")]).await;
    let provider = provider(&wire);
    for name in [String::new(), "é".repeat(256)] {
        let error =
            provider.create_organization(NewOrganization::new(name.clone())).await.expect_err("length");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        let update = OrganizationUpdate::new().with_name(name);
        assert_eq!(
            provider.update_organization(&org(), update).await.expect_err("length").kind(),
            ErrorKind::InvalidInput
        );
    }
    let long = NewOrganization::new("x").with_description("é".repeat(32_768));
    assert_eq!(provider.create_organization(long).await.expect_err("length").kind(), ErrorKind::InvalidInput);
    let nothing = provider.update_organization(&org(), OrganizationUpdate::new()).await.expect_err("empty");
    assert_eq!(nothing.kind(), ErrorKind::InvalidInput);
    let owner =
        provider.set_member_role(&org(), &member_id(BOB), &Role::Owner).await.expect_err("no such role");
    assert_eq!(owner.kind(), ErrorKind::Unsupported);
    let accepted = InvitationFilter::all().with_status(InvitationStatus::Accepted);
    let never = provider.list_invitations(&org(), &accepted, None).await.expect_err("never shown");
    assert_eq!(never.kind(), ErrorKind::Unsupported);
    let cursor = Cursor::new("x");
    let foreign = provider.list_organizations(Some(&cursor)).await.expect_err("not ours");
    assert_eq!(foreign.kind(), ErrorKind::InvalidInput);
    assert!(wire.received().is_empty());
    provider.create_organization(NewOrganization::new("é".repeat(255))).await.expect("long enough");
}

#[tokio::test]
async fn typed_calls_about_organizations() {
    let all =
        Summary { include: vec!["payloadCount".into(), "appCount".into()], exclude: vec!["a,b".into()] };
    typed!("orgs", json("orgs-get/first.json"), |client| client.orgs(&OrgsQuery {
        sort_field: Some("creationDate".into()),
        sort_direction: Some("desc".into()),
        page: Some(3),
        per_page: Some(2),
        filter_field: Some("name".into()),
        filter: Some("my*org".into()),
        summary: all.clone(),
    }));
    typed!("orgs_last", json("orgs-get/last.json"), |client| client.orgs(&OrgsQuery::default()));
    typed!("create_org", answer(201, "orgs-post/made.json"), |client| client.create_org(
        &OrgPost {
            name: "Looms".into(),
            fields: OrgFields {
                description: Some("Punched cards".into()),
                plan_id: Some("small".into()),
                billing_email: Some("bills@example.com".into()),
                card_token: Some("card-token".into()),
                icon_color: Some("#336699".into()),
                mfa_mode: Some("required".into()),
            },
        },
        &all,
    ));
    typed!("org", json("org-get/full.json"), |client| client.org(ORG, &all));
    typed!("org_bare", json("org-get/bare.json"), |client| client.org(ORG, &Summary::default()));
    typed!("org_strange", json("org-get/strange.json"), |client| client.org(ORG, &Summary::default()));
    typed!("org_none", json("org-get/not-an-org.json"), |client| client.org(ORG, &Summary::default()));
    typed!("patch_org", json("org-patch/changed.json"), |client| client.patch_org(
        ORG,
        &OrgPatch {
            name: None,
            fields: OrgFields {
                description: Some(String::new()),
                mfa_mode: Some("notRequired".into()),
                ..OrgFields::default()
            },
        },
        &Summary::default(),
    ));
    typed!("delete_org", json("org-delete/done.json"), |client| client.delete_org(ORG));
}

#[tokio::test]
async fn what_a_resource_brings_along_is_read_beside_it() {
    let wire = Wire::answering([json("org-get/full.json"), json("org-get/strange.json")]).await;
    let client = client(&wire);
    let org = client.org(ORG, &Summary::default()).await.expect("the fixture");
    let rel = Rel::of(&org);
    assert_eq!(rel.kind.as_deref(), Some("org"));
    assert_eq!(rel.links.keys().collect::<Vec<_>>(), ["orgs", "self"]);
    let delete = &rel.actions["delete"];
    assert_eq!((delete.method.as_deref(), delete.deprecated), (Some("DELETE"), true));
    let strange = client.org(ORG, &Summary::default()).await.expect("the fixture");
    assert!(Rel::of(&strange).links.is_empty() && Rel::of(&strange).actions.is_empty());
}
