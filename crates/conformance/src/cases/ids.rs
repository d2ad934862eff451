//! Ids that name nothing, and ids that are meant to reach something else.

use std::sync::Arc;

use orgport_core::{Error, ErrorKind, InvitationFilter, InvitationId, MemberId, Operation, OrganizationId};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::world::{World, ensure, fails, needs};

const REFUSALS: [ErrorKind; 3] = [ErrorKind::NotFound, ErrorKind::InvalidInput, ErrorKind::PermissionDenied];

pub(super) async fn unknown_ids_are_refused_with_provider_and_operation(world: &World<'_>) -> Outcome {
    // The arguments of an attempt name no member and no invitation that is there.
    let by_item = [
        Operation::SetMemberRole,
        Operation::RemoveMember,
        Operation::GetInvitation,
        Operation::ResendInvitation,
        Operation::RevokeInvitation,
        Operation::RespondToInvitation,
    ];
    for operation in by_item {
        is_refused(world, operation, world.attempt(operation).await)?;
    }
    let elsewhere = World {
        subject: world.subject,
        provider: Arc::clone(&world.provider),
        organization: OrganizationId::new("6650a1b2c3d4e5f607182932")?,
    };
    let by_organization = [
        Operation::GetOrganization,
        Operation::UpdateOrganization,
        Operation::DeleteOrganization,
        Operation::ListMembers,
        Operation::ListInvitations,
        Operation::Invite,
    ];
    for operation in by_organization {
        is_refused(world, operation, elsewhere.attempt(operation).await)?;
    }
    Ok(Verdict::Passed)
}

fn is_refused(world: &World<'_>, operation: Operation, result: Result<(), Error>) -> Result<(), Failure> {
    if !world.works(operation) {
        return Ok(());
    }
    let error = fails(result, &REFUSALS, &format!("{operation} of what is not there"))?;
    world.is_named(&error, operation)
}

pub(super) async fn hostile_ids_touch_nothing(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let ada = world.somebody("ada");
    world.invited(&ada).await?;
    let before = shown(world).await?;
    let mut hostile: Vec<_> =
        ["../admin", "..", ".", "a/b", "a?b#c", "%2e%2e", "a\0b", "a\r\nb", "ünïcode ☃"]
            .map(str::to_owned)
            .into();
    hostile.push("x".repeat(4096));
    // Unless it is one path segment, this one is the organization itself again, and so on.
    hostile.push(format!("x/../{}", world.organization));
    hostile.extend(before.iter().map(|id| format!("x/../{id}")));
    for id in &hostile {
        touches_nothing(world, id).await?;
    }
    ensure!(shown(world).await? == before, "a hostile id changed who is invited or a member");
    world.mailed(&ada, 1).await?;
    Ok(Verdict::Passed)
}

/// The ids of everything there.
async fn shown(world: &World<'_>) -> Result<Vec<String>, Failure> {
    let invitations = world.invitations(&InvitationFilter::all()).await?;
    let members = world.members().await?;
    let invitations = invitations.iter().map(|invitation| invitation.id.to_string());
    Ok(invitations.chain(members.iter().map(|member| member.id.to_string())).collect())
}

async fn touches_nothing(world: &World<'_>, id: &str) -> Result<(), Failure> {
    let (provider, there) = (&world.provider, &world.organization);
    let (organization, member, invitation) =
        (OrganizationId::new(id)?, MemberId::new(id)?, InvitationId::new(id)?);
    let all = InvitationFilter::all();
    let calls = [
        (Operation::GetOrganization, provider.get_organization(&organization).await.map(drop)),
        (Operation::DeleteOrganization, provider.delete_organization(&organization).await),
        (Operation::ListMembers, provider.list_members(&organization, None).await.map(drop)),
        (Operation::ListInvitations, provider.list_invitations(&organization, &all, None).await.map(drop)),
        (Operation::RemoveMember, provider.remove_member(there, &member).await),
        (Operation::GetInvitation, provider.get_invitation(there, &invitation).await.map(drop)),
        (Operation::RevokeInvitation, provider.revoke_invitation(there, &invitation).await),
        (Operation::ResendInvitation, provider.resend_invitation(there, &invitation).await.map(drop)),
    ];
    for (operation, result) in calls {
        if world.works(operation) {
            let short: String = id.chars().take(24).collect();
            fails(result, &REFUSALS, &format!("{operation} of the id {short:?}"))?;
        }
    }
    Ok(())
}
