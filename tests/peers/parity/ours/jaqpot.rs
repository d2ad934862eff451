use orgport::Error;
use orgport::jaqpot::JaqpotClient;
use orgport::jaqpot::model::Visibility;
use orgport::jaqpot::request::{CreateOrganization, PartialUpdateOrganization, UpdateInvitation};

use super::{Arguments, unknown};
use crate::Failure;

pub(super) async fn call(
    client: &JaqpotClient,
    call: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    Ok(match call {
        "OrganizationApi.get_all_organizations_by_user" => client.list_own_organizations().await.map(drop),
        "OrganizationApi.get_all_organizations_for_user" => client.list_organizations().await.map(drop),
        "OrganizationApi.get_organization_by_name" => {
            client.get_organization(&it.text("name")?).await.map(drop)
        }
        "OrganizationApi.create_organization" => {
            client.create_organization(&new(&it.inner("organization")?)?).await
        }
        "OrganizationApi.partial_update_organization" => {
            let update = update(&it.inner("partial_update_organization_request")?)?;
            client.update_organization(it.number("id")?, &update).await.map(drop)
        }
        "OrganizationInvitationApi.create_invitations" => {
            let emails = it.inner("create_invitations_request")?.list("emails").unwrap_or_default();
            client.create_invitations(&it.text("org_name")?, &emails).await
        }
        "OrganizationInvitationApi.get_all_invitations" => {
            client.list_invitations(&it.text("org_name")?).await.map(drop)
        }
        "OrganizationInvitationApi.get_invitation" => {
            client.get_invitation(&it.text("name")?, &it.text("uuid")?).await.map(drop)
        }
        "OrganizationInvitationApi.update_invitation" => {
            let answer = answer(&it.inner("organization_invitation")?)?;
            client.update_invitation(&it.text("name")?, &it.text("uuid")?, &answer).await.map(drop)
        }
        "OrganizationInvitationApi.resend_invitation" => {
            client.resend_invitation(it.number("org_id")?, &it.text("id")?).await
        }
        _ => return unknown(call),
    })
}

fn visibility(it: &Arguments<'_>) -> Result<Visibility, Failure> {
    Ok(it.read("visibility")?.ok_or("an organization has a visibility")?)
}

fn new(it: &Arguments<'_>) -> Result<CreateOrganization, Failure> {
    let mut new = CreateOrganization::new(it.text("name")?, visibility(it)?, it.text("contactEmail")?);
    new.description = it.opt("description");
    new.contact_phone = it.opt("contactPhone");
    new.website = it.opt("website");
    new.address = it.opt("address");
    Ok(new)
}

fn update(it: &Arguments<'_>) -> Result<PartialUpdateOrganization, Failure> {
    Ok(PartialUpdateOrganization {
        name: it.text("name")?,
        contact_email: it.text("contactEmail")?,
        visibility: visibility(it)?,
        description: it.opt("description"),
    })
}

fn answer(it: &Arguments<'_>) -> Result<UpdateInvitation, Failure> {
    Ok(UpdateInvitation {
        id: it.opt("id"),
        user_id: it.opt("userId"),
        user_email: it.text("userEmail")?,
        status: it.read("status")?.ok_or("an answer has a status")?,
        expiration_date: it.text("expirationDate")?,
    })
}
