use orgport::Error;
use orgport::github::GitHubClient;
use orgport::github::request::{
    InvitationQuery, Invitee, MemberQuery, MembershipQuery, NewInvitation, OrganizationFields, Part,
};

use super::{Arguments, inexpressible, unknown};
use crate::Failure;

/// The calls of all clients: GitHub's names in JavaScript, those of the client's own objects elsewhere.
pub(super) async fn call(
    client: &GitHubClient,
    call: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let org = &it.opt("org").unwrap_or_default();
    Ok(match call {
        "orgs.listForAuthenticatedUser" | "AuthenticatedUser.get_orgs" | "current.list_orgs" => {
            client.list_organizations(part(it)).await.map(drop)
        }
        "orgs.get" | "Github.get_organization" => client.get_organization(org).await.map(drop),
        "orgs.update" | "Organization.edit" => client.update_organization(org, &fields(it)).await.map(drop),
        "orgs.delete" => client.delete_organization(org).await,
        "users.getAuthenticated" | "current.user" => client.get_user().await.map(drop),
        "Github.get_user" if it.opt("username").is_none() => client.get_user().await.map(drop),
        "users.getByUsername" | "Github.get_user" | "users.profile" => {
            client.get_user_by_login(&it.text("username")?).await.map(drop)
        }
        "users.getById" | "Github.get_user_by_id" => {
            client.get_user_by_id(number(it, "account_id")?).await.map(drop)
        }
        "apps.getInstallation" => client.get_installation(number(it, "installation_id")?).await.map(drop),
        "apps.createInstallationAccessToken" => {
            client.create_installation_token(number(it, "installation_id")?).await.map(drop)
        }
        _ if call.to_lowercase().contains("invit") => return invitation(client, call, org, it).await,
        _ => return member(client, call, org, it).await,
    })
}

async fn member(
    client: &GitHubClient,
    call: &str,
    org: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let person = &it.opt("username").unwrap_or_default();
    Ok(match call {
        "orgs.listMembers" | "Organization.get_members" | "orgs.list_members" => {
            let role = it.opt("role").map(Into::into);
            let query = MemberQuery { part: part(it), role, filter: it.opt("filter") };
            client.list_members(org, &query).await.map(drop)
        }
        "orgs.checkMembershipForUser" | "Organization.has_in_members" | "orgs.check_membership" => {
            client.check_member(org, person).await
        }
        "orgs.getMembershipForUser" | "NamedUser.get_organization_membership" | "orgs.get_membership" => {
            client.get_membership(org, person).await.map(drop)
        }
        "orgs.setMembershipForUser" | "Organization.add_to_members" | "orgs.add_or_update_membership" => {
            client.set_membership(org, person, &it.text("role")?.into()).await.map(drop)
        }
        "orgs.removeMember" | "Organization.remove_from_members" | "orgs.remove_member" => {
            client.remove_member(org, person).await
        }
        "orgs.removeMembershipForUser" | "Organization.remove_from_membership" | "orgs.remove_membership" => {
            client.remove_membership(org, person).await
        }
        "orgs.listMembershipsForAuthenticatedUser"
        | "AuthenticatedUser.get_organization_memberships"
        | "current.list_org_memberships_for_authenticated_user" => {
            let query = MembershipQuery { part: part(it), state: it.opt("state").map(Into::into) };
            client.list_my_memberships(&query).await.map(drop)
        }
        "orgs.getMembershipForAuthenticatedUser"
        | "AuthenticatedUser.get_organization_membership"
        | "current.get_org_membership" => client.get_my_membership(org).await.map(drop),
        "orgs.updateMembershipForAuthenticatedUser" | "current.update_org_membership" => {
            client.accept_invitation(org).await.map(drop)
        }
        _ => return unknown(call),
    })
}

async fn invitation(
    client: &GitHubClient,
    call: &str,
    org: &str,
    it: &Arguments<'_>,
) -> Result<Result<(), Error>, Failure> {
    let id = || number(it, "invitation_id");
    Ok(match call {
        "orgs.listPendingInvitations" | "Organization.invitations" | "orgs.invitations.list" => {
            let role = it.opt("role").map(Into::into);
            let source = it.opt("invitation_source").map(Into::into);
            client.list_invitations(org, &InvitationQuery { part: part(it), role, source }).await.map(drop)
        }
        "orgs.listFailedInvitations" | "orgs.invitations.list_failed" => {
            client.list_failed_invitations(org, part(it)).await.map(drop)
        }
        "orgs.createInvitation" | "Organization.invite_user" | "orgs.invitations.create" => {
            let invitee = match it.opt("email") {
                Some(email) => Invitee::Email(email),
                None => Invitee::InviteeId(number(it, "invitee_id")?),
            };
            let role = it.opt("role").map(Into::into);
            let new = NewInvitation { invitee, role, team_ids: it.read("team_ids")? };
            client.create_invitation(org, &new).await.map(drop)
        }
        "orgs.cancelInvitation"
        | "Organization.cancel_invitation"
        | "OrganizationInvitation.cancel"
        | "orgs.invitations.cancel" => client.delete_invitation(org, id()?).await,
        "orgs.listInvitationTeams" | "orgs.invitations.list_teams" => {
            client.list_invitation_teams(org, id()?, part(it)).await.map(drop)
        }
        _ => return unknown(call),
    })
}

fn part(it: &Arguments<'_>) -> Part {
    Part { per_page: it.parsed("per_page"), page: it.parsed("page") }
}

fn number(it: &Arguments<'_>, name: &str) -> Result<u64, Error> {
    it.parsed(name).ok_or_else(|| inexpressible(format!("{name} is no number")))
}

fn fields(it: &Arguments<'_>) -> OrganizationFields {
    OrganizationFields {
        name: it.opt("name"),
        description: it.opt("description"),
        email: it.opt("email"),
        billing_email: it.opt("billing_email"),
        company: it.opt("company"),
        location: it.opt("location"),
        blog: it.opt("blog"),
        default_repository_permission: it.opt("default_repository_permission"),
    }
}
