use orgport::Error;
use orgport::nuextract::NuExtractClient;

use super::{Arguments, unknown};
use crate::Failure;

pub(super) async fn call(
    client: &NuExtractClient,
    call: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let organization = it.opt("organization_id").unwrap_or_default();
    Ok(match call.rsplit('.').next().unwrap_or_default() {
        "get_api_organizations" => client.list_organizations().await.map(drop),
        "post_api_organizations" => {
            let name = it.inner("create_organization_request")?.text("name")?;
            client.create_organization(&name).await.map(drop)
        }
        "put_api_organizations_organizationid" => {
            let name = it.inner("update_organization_request")?.text("name")?;
            client.update_organization(&organization, &name).await.map(drop)
        }
        "delete_api_organizations_organizationid" => client.delete_organization(&organization).await,
        "get_api_organizations_organizationid_members" => client.list_members(&organization).await.map(drop),
        "post_api_organizations_organizationid_members" => {
            let email = it.inner("invite_member_request")?.text("email")?;
            client.invite_member(&organization, &email).await
        }
        "delete_api_organizations_organizationid_members_userid" => {
            client.delete_member(&organization, &it.text("user_id")?).await
        }
        "get_api_organizations_organizationid_members_invitations" => {
            client.list_invitations(&organization).await.map(drop)
        }
        "delete_api_organizations_organizationid_members_invitations_invitationid" => {
            client.delete_invitation(&organization, &it.text("invitation_id")?).await
        }
        _ => return unknown(call),
    })
}
