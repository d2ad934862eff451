//! Values that are hard to send: one segment, one value, one string, or refused.

use orgport_core::{ErrorKind, Members, OrganizationId};
use orgport_tests::wire::{Canned, Wire};
use orgport_trieve::Credential;
use orgport_trieve::request::{ApiKeysQuery, InvitationData, Scopes, UserUpdate};

use super::{
    ADA, INVITATION, KEY, ORG, api_keys_query, body, canned, client, invitation_data, new_api_key,
    organization_changes, provider, usage_query,
};

#[tokio::test]
async fn ids_that_are_not_uuids_never_leave() {
    let wire = Wire::answering([Canned::empty(204)]).await;
    let (client, provider) = (client(&wire), provider(&wire, Credential::User));
    let long = "a".repeat(4096);
    for id in
        ["", " ", ".", "..", "../admin", "a/b", "a?b#c", "%2e%2e", "a b", "ü", "nul\0", "a\r\nX: y", &long]
    {
        let results = [
            client.create_invitation(id, &invitation_data()).await,
            client.list_invitations(id).await.map(drop),
            client.delete_invitation(id, INVITATION).await,
            client.delete_invitation(ORG, id).await,
            client.get_organization(id).await.map(drop),
            client.update_organization(id, &organization_changes()).await.map(drop),
            client.delete_organization(id).await,
            client.usage(id, &usage_query()).await.map(drop),
            client.list_users(id).await.map(drop),
            client.update_user(id, &UserUpdate::of(ADA).role(1)).await,
            client.update_user(ORG, &UserUpdate::of(id).role(1)).await,
            client.remove_user(id, ADA).await,
            client.remove_user(ORG, id).await,
            client.create_api_key(id, &new_api_key()).await.map(drop),
            client.list_api_keys(id, &api_keys_query()).await.map(drop),
            client.delete_api_key(id, KEY).await,
            client.delete_api_key(ORG, id).await,
            client.list_user_api_keys(id).await.map(drop),
            client.delete_user_api_key(id, KEY).await,
            client.delete_user_api_key(ORG, id).await,
        ];
        for result in results {
            assert_eq!(result.expect_err(id).kind(), ErrorKind::InvalidInput, "{id:?}");
        }
        if let Ok(organization) = OrganizationId::new(id) {
            let error = provider.list_members(&organization, None).await.expect_err(id);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}");
        }
    }
    assert!(wire.received().is_empty());
}

#[tokio::test]
async fn every_spelling_of_a_uuid_is_sent_as_one() {
    for id in [
        "5E1F0C1A-90F4-4D6E-B1A7-3C2F7D1E8A01",
        "5e1f0c1a90f44d6eb1a73c2f7d1e8a01",
        "{5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01}",
        "urn:uuid:5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01",
    ] {
        let wire = Wire::answering([canned("trieve/list_invitations/200-empty.json")]).await;
        client(&wire).list_invitations(id).await.expect("a UUID");
        let request = wire.request();
        assert_eq!(request.line, format!("GET /api/invitations/{ORG}"));
        assert!(request.headers.contains(&("tr-organization".to_owned(), ORG.to_owned())));
    }
}

#[tokio::test]
async fn hostile_texts_arrive_as_they_are() {
    let long = "é".repeat(4096);
    for text in ["", " a b ", "a/b?c#d%2e+..", "\"quoted\\", "line\r\nbreak", "nul\0", "ünï 🦀", &long] {
        let wire = Wire::answering([canned("trieve/create_organization/200.json")]).await;
        client(&wire).create_organization(text).await.expect("answered");
        assert_eq!(body(&wire)["name"], text);

        let wire = Wire::answering([Canned::empty(204)]).await;
        let data = InvitationData::new(text, 0, text, text)
            .scopes(Some(Scopes::new([format!("x{text}")]).expect("one")));
        client(&wire).create_invitation(ORG, &data).await.expect("answered");
        for field in ["email", "app_url", "redirect_uri"] {
            assert_eq!(body(&wire)[field], text);
        }
        assert_eq!(body(&wire)["scopes"], serde_json::json!([format!("x{text}")]));
    }
    let wire = Wire::answering([canned("trieve/list_api_keys/200-last.json")]).await;
    let query = ApiKeysQuery { cursor: Some("a b/?#%+..ü&limit=9".into()), limit: None };
    client(&wire).list_api_keys(ORG, &query).await.expect("answered");
    let encoded = "a%20b%2F%3F%23%25%2B..%C3%BC%26limit%3D9";
    assert_eq!(wire.request().line, format!("GET /api/organization/api_key?cursor={encoded}"));
}

#[tokio::test]
async fn scopes_that_do_harm_cannot_be_built() {
    for scopes in [&[][..], &[""], &["GET /api/organization", " "]] {
        let error = Scopes::new(scopes.iter().copied()).expect_err("locks out, or in");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    // What is not set is not sent, and so is never `[]` or `null`.
    let wire = Wire::answering([Canned::empty(204)]).await;
    client(&wire).update_user(ORG, &UserUpdate::of(ADA)).await.expect("answered");
    assert_eq!(body(&wire), serde_json::json!({ "user_id": ADA }));
}
