use orgport::trieve::TrieveClient;
use orgport::trieve::request::{
    ApiKeysQuery, DateRange, InvitationData, NewApiKey, OrganizationChanges, Scopes, UsageQuery, UserUpdate,
};
use orgport::{Error, Timestamp};

use super::{Arguments, unknown};
use crate::Failure;

/// The calls of both clients: `Api.snake_case` in Python, `camelCase` in TypeScript. The latter is
/// given an organization when it is made, the `chosen` one.
pub(super) async fn call(
    client: &TrieveClient,
    call: &str,
    chosen: Option<&str>,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let organization = it.opt("tr_organization").or_else(|| it.opt("organizationId"));
    let organization = organization.or_else(|| chosen.map(str::to_owned)).unwrap_or_default();
    let in_path = it.opt("organization_id").unwrap_or_else(|| organization.clone());
    Ok(match call {
        "InvitationApi.post_invitation" => {
            let new = it.inner("invitation_data")?;
            let data = InvitationData::new(
                new.text("email")?,
                new.number("user_role")?,
                new.text("app_url")?,
                new.text("redirect_uri")?,
            );
            client.create_invitation(&organization, &data).await
        }
        "InvitationApi.get_invitations" => client.list_invitations(&in_path).await.map(drop),
        "InvitationApi.delete_invitation" => {
            client.delete_invitation(&organization, &it.text("invitation_id")?).await
        }
        "OrganizationApi.get_organization_users" => client.list_users(&in_path).await.map(drop),
        "UserApi.update_user" => {
            update(client, &organization, &it.inner("update_user_org_role_req_payload")?).await?
        }
        "updateUserRole" => update(client, &organization, &it.inner("data")?).await?,
        "AuthApi.get_me" => client.me().await.map(drop),
        "OrganizationApi.get_organization" | "getOrganizationById" => {
            client.get_organization(&organization).await.map(drop)
        }
        "OrganizationApi.create_organization" => {
            let name = it.inner("create_organization_req_payload")?.text("name")?;
            client.create_organization(&name).await.map(drop)
        }
        "OrganizationApi.update_organization" => {
            let name = it.inner("update_organization_req_payload")?.opt("name");
            let changes = OrganizationChanges { name, ..OrganizationChanges::default() };
            client.update_organization(&organization, &changes).await.map(drop)
        }
        "OrganizationApi.delete_organization" => client.delete_organization(&organization).await,
        "OrganizationApi.get_organization_usage" => {
            client.usage(&organization, &UsageQuery::default()).await.map(drop)
        }
        "getOrganizationUsage" => client.usage(&organization, &usage()).await.map(drop),
        "OrganizationApi.create_organization_api_key" => {
            let key = key(&it.inner("create_api_key_req_payload")?)?;
            client.create_api_key(&organization, &key).await.map(drop)
        }
        "createOrganizationApiKey" => {
            client.create_api_key(&organization, &key(&it.inner("data")?)?).await.map(drop)
        }
        "OrganizationApi.get_organization_api_keys" => {
            client.list_api_keys(&organization, &ApiKeysQuery::default()).await.map(drop)
        }
        "OrganizationApi.delete_organization_api_key" => {
            client.delete_api_key(&organization, &it.text("api_key_id")?).await
        }
        "deleteOrganizationApiKey" => client.delete_api_key(&organization, &it.text("apiKeyId")?).await,
        _ => return unknown(call),
    })
}

async fn update(
    client: &TrieveClient,
    organization: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let update = UserUpdate::of(it.text("user_id")?).role(it.number("role")?);
    Ok(client.update_user(organization, &update).await)
}

fn key(it: &Arguments<'_>) -> Result<NewApiKey, Failure> {
    let mut key = NewApiKey::new(it.text("name")?, it.number("role")?);
    key.scopes = it.list("scopes").map(Scopes::new).transpose()?;
    key.expires_at = it.opt("expires_at").map(|text| text.parse::<Timestamp>()).transpose()?;
    Ok(key)
}

/// What the TypeScript client asks for by itself, the dates apart: they are of the last thirty days.
fn usage() -> UsageQuery {
    let date_range = DateRange {
        gte: Some("1970-01-01 00:00:00".to_owned()),
        lte: Some("2100-01-01 00:00:00".to_owned()),
        ..DateRange::default()
    };
    UsageQuery { date_range: Some(date_range), v1_usage: Some(false) }
}
