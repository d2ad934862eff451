use std::time::Duration;

use orgport::Error;
use orgport::koyeb::KoyebClient;
use orgport::koyeb::model::Organization;
use orgport::koyeb::request::{
    CredentialFields, CredentialQuery, InvitationQuery, MemberQuery, MyInvitationQuery, OrganizationQuery,
    Part,
};

use super::{Arguments, unknown};
use crate::Failure;

pub(super) async fn call(
    client: &KoyebClient,
    call: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let id = it.opt("id").or_else(|| it.opt("organization_id")).unwrap_or_default();
    let (api, method) = call.split_once('.').unwrap_or_default();
    match api {
        "OrganizationApi" => organization(client, method, &id, it).await,
        "CredentialsApi" => credentials(client, method, &id, it).await,
        "ProfileApi" => Ok(match method {
            "get_current_user" => client.profile(it.opt("seon_fp").as_deref()).await.map(drop),
            "get_current_organization" => client.current_organization().await.map(drop),
            "list_user_organizations" => client.list_organizations(&my_organizations(it)).await.map(drop),
            "list_user_organization_invitations" => {
                let query = MyInvitationQuery { part: part(it), statuses: words(it, "statuses") };
                client.list_my_invitations(&query).await.map(drop)
            }
            "get_user_organization_invitation" => client.get_my_invitation(&id).await.map(drop),
            "accept_organization_invitation" => client.accept_invitation(&id).await.map(drop),
            "decline_organization_invitation" => client.decline_invitation(&id).await.map(drop),
            _ => return unknown(call),
        }),
        _ => Ok(match method {
            "create_organization_invitation" => {
                client.create_invitation(&it.inner("body")?.text("email")?).await.map(drop)
            }
            "list_organization_invitations" => {
                let (part, statuses) = (part(it), words(it, "statuses"));
                let query = InvitationQuery { part, statuses, user_id: it.opt("user_id") };
                client.list_invitations(&query).await.map(drop)
            }
            "get_organization_invitation" => client.get_invitation(&id).await.map(drop),
            "resend_organization_invitation" => client.resend_invitation(&id).await.map(drop),
            "delete_organization_invitation" => client.delete_invitation(&id).await,
            "list_organization_members" => client.list_members(&members(it)).await.map(drop),
            "remove_organization_member" => client.remove_member(&id).await.map(drop),
            "confirm_organization_action" => client.confirm_organization_action(&id).await,
            "get_quotas" => client.quotas(&id).await.map(drop),
            "get_organization_summary" => client.summary(&id).await.map(drop),
            _ => return unknown(call),
        }),
    }
}

/// What the client made of a call, unless the call itself is at fault.
type Outcome = Result<Result<(), Error>, Failure>;

async fn organization(client: &KoyebClient, method: &str, id: &str, it: &Arguments<'_>) -> Outcome {
    let mask = it.opt("update_mask");
    Ok(match method {
        "create_organization" => client.create_organization(&it.inner("body")?.text("name")?).await.map(drop),
        "get_organization" => client.get_organization(id).await.map(drop),
        "update_organization2" => {
            client.update_organization(id, &fields(it)?, mask.as_deref()).await.map(drop)
        }
        "update_organization" => {
            client.replace_organization(id, &fields(it)?, mask.as_deref()).await.map(drop)
        }
        "update_organization_name" => {
            client.rename_organization(id, &it.inner("body")?.text("name")?).await.map(drop)
        }
        "update_organization_default_project" => {
            let project = it.inner("body")?.text("default_project_id")?;
            client.set_default_project(id, &project).await.map(drop)
        }
        "deactivate_organization" => {
            let skip = it.inner("body")?.parsed("skip_confirmation").unwrap_or_default();
            client.deactivate_organization(id, skip).await.map(drop)
        }
        "reactivate_organization" => client.reactivate_organization(id).await.map(drop),
        "delete_organization" => client.delete_organization(id).await.map(drop),
        "create_access_token" => {
            let validity = it.inner("body")?.opt("validity");
            let seconds = validity.map(|text| text.trim_end_matches('s').parse()).transpose()?;
            client.create_access_token(id, seconds.map(Duration::from_secs)).await.map(drop)
        }
        "switch_organization" => client.switch_organization(id, it.opt("seon_fp").as_deref()).await.map(drop),
        "unscope_organization_token" => client.unscope_token(it.opt("seon_fp").as_deref()).await.map(drop),
        _ => return unknown(method),
    })
}

async fn credentials(client: &KoyebClient, method: &str, id: &str, it: &Arguments<'_>) -> Outcome {
    let mask = it.opt("update_mask");
    Ok(match method {
        "list_credentials" => {
            let query = CredentialQuery {
                part: part(it),
                r#type: it.read("type")?,
                name: it.opt("name"),
                organization_id: it.opt("organization_id"),
                user_id: it.opt("user_id"),
            };
            client.list_credentials(&query).await.map(drop)
        }
        "create_credential" => client.create_credential(&credential(it)?).await.map(drop),
        "get_credential" => client.get_credential(id).await.map(drop),
        "update_credential2" => {
            client.update_credential(id, &credential(it)?, mask.as_deref()).await.map(drop)
        }
        "update_credential" => {
            client.replace_credential(id, &credential(it)?, mask.as_deref()).await.map(drop)
        }
        "delete_credential" => client.delete_credential(id).await,
        _ => return unknown(method),
    })
}

fn part(it: &Arguments<'_>) -> Part {
    Part { limit: it.parsed("limit"), offset: it.parsed("offset") }
}

fn words<T: From<String>>(it: &Arguments<'_>, name: &str) -> Vec<T> {
    it.list(name).unwrap_or_default().into_iter().map(T::from).collect()
}

fn my_organizations(it: &Arguments<'_>) -> OrganizationQuery {
    OrganizationQuery {
        part: part(it),
        order: it.opt("order").map(Into::into),
        search: it.opt("search"),
        statuses: words(it, "statuses"),
    }
}

fn members(it: &Arguments<'_>) -> MemberQuery {
    MemberQuery {
        part: part(it),
        organization_id: it.opt("organization_id"),
        user_id: it.opt("user_id"),
        organization_statuses: words(it, "organization_statuses"),
    }
}

/// What the caller has set, without the defaults that the official model adds.
fn fields(it: &Arguments<'_>) -> Result<Organization, Failure> {
    let it = it.inner("organization")?;
    Ok(Organization {
        billing_name: it.opt("billing_name"),
        billing_email: it.opt("billing_email"),
        city: it.opt("city"),
        company: it.parsed("company"),
        ..Organization::default()
    })
}

fn credential(it: &Arguments<'_>) -> Result<CredentialFields, Failure> {
    let it = it.inner("credential")?;
    Ok(CredentialFields {
        name: it.opt("name"),
        description: it.opt("description"),
        r#type: it.read("type")?,
        organization_id: it.opt("organization_id"),
    })
}
