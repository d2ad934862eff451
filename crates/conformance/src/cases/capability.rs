//! The capability against itself and against behaviour.

use orgport_core::http::{Request, Safety};
use orgport_core::{
    Answer, ErrorKind, Expiry, InvitationStatus, NewOrganization, Operation, OrganizationField,
    OrganizationUpdate, Role, Support,
};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::world::{NO_CONFIGURATION, World, ensure, error_of, fails, needs, seen};

pub(super) async fn the_capability_is_consistent(world: &World<'_>) -> Outcome {
    let capability = world.capability();
    for operation in Operation::ALL {
        explains(capability.support(*operation), operation.as_str())?;
    }
    for (answer, what) in [(Answer::Accept, "accepting"), (Answer::Decline, "declining")] {
        explains(capability.answering(answer), what)?;
    }
    explains(&capability.invitation_link, "invitation_link")?;
    let answers = capability.accepting.works() || capability.declining.works();
    ensure!(
        answers == world.works(Operation::RespondToInvitation),
        "invitations are answered, and neither accepted nor declined, or the other way round"
    );
    ensure!(
        !world.provider.kind().is_empty() && !world.provider.name().is_empty(),
        "it has no kind or no name"
    );
    ensure!(capability.batch_size > 0, "a batch holds nobody");
    ensure!(capability.page_size != Some(0), "a page holds nothing");
    let granted = capability.roles_at_invite.iter().chain(&capability.roles_at_set_role);
    for role in granted {
        ensure!(!matches!(role, Role::Other(_)), "{role} is for reading and cannot be promised");
    }
    let sets_roles = world.works(Operation::SetMemberRole);
    ensure!(
        sets_roles != capability.roles_at_set_role.is_empty(),
        "set_member_role works: {sets_roles}, and its roles are {:?}",
        capability.roles_at_set_role
    );
    if let Some(role) = world.provider.default_role() {
        ensure!(capability.roles_at_invite.contains(role), "the default role {role} cannot be given");
    }
    let shows_waiting = capability.visible_statuses.contains(&InvitationStatus::Pending);
    ensure!(
        shows_waiting || !world.works(Operation::ListInvitations),
        "invitations are listed and waiting ones never shown"
    );
    let runs_out = capability.visible_statuses.contains(&InvitationStatus::Expired);
    ensure!(
        !runs_out || capability.expiry != Expiry::Never,
        "invitations never run out, and are shown as run out"
    );
    let names = capability.create_fields.contains(&OrganizationField::Name);
    ensure!(names || !world.works(Operation::CreateOrganization), "organizations are made without a name");
    Ok(Verdict::Passed)
}

fn explains(support: &Support, what: &str) -> Result<(), Failure> {
    let is_explained = match support {
        Support::Composed { how, can_leave_behind } => {
            !how.is_empty() && can_leave_behind.as_ref().is_none_or(|what| !what.is_empty())
        }
        Support::Unsupported { because } => !because.is_empty(),
        _ => true,
    };
    ensure!(is_explained, "{what} is {} and not explained", support.as_str());
    Ok(())
}

pub(super) async fn what_is_unsupported_says_why_and_sends_nothing(world: &World<'_>) -> Outcome {
    for operation in Operation::ALL.iter().copied() {
        if !world.works(operation) {
            world.refuses(operation).await?;
        }
    }
    Ok(Verdict::Passed)
}

pub(super) async fn read_only_refuses_every_write(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let reader = seen!(world.subject.configured(&|config| config.read_only = true), NO_CONFIGURATION)?;
    let ada = world.somebody("ada");
    let invitation = world.invited(&ada).await?;
    let (organization, id) = (&world.organization, &invitation.id);
    let refused = |operation: Operation, result: Result<(), orgport_core::Error>| {
        if !world.works(operation) {
            return Ok(());
        }
        fails(result, &[ErrorKind::ReadOnly], &format!("{operation} of a read-only provider")).map(drop)
    };

    let page = reader.list_invitations(organization, &orgport_core::InvitationFilter::all(), None).await?;
    ensure!(
        page.items.len() == 1,
        "a read-only provider lists {} invitations instead of one",
        page.items.len()
    );
    let bob = world.somebody("bob");
    let invited = reader.invite(organization, world.invitation(bob.clone())).await;
    refused(Operation::Invite, invited.map(drop))?;
    refused(Operation::ResendInvitation, reader.resend_invitation(organization, id).await.map(drop))?;
    refused(Operation::RevokeInvitation, reader.revoke_invitation(organization, id).await)?;
    let update = OrganizationUpdate::new().with_name("conformance-renamed");
    refused(Operation::UpdateOrganization, reader.update_organization(organization, update).await.map(drop))?;
    let new = NewOrganization::new("conformance-second");
    refused(Operation::CreateOrganization, reader.create_organization(new).await.map(drop))?;
    refused(Operation::DeleteOrganization, reader.delete_organization(organization).await)?;
    for member in world.members().await? {
        // Whoever is left out may be the last owner, which is another refusal.
        if member.role != Some(Role::Owner) {
            refused(Operation::RemoveMember, reader.remove_member(organization, &member.id).await)?;
        } else if world.works(Operation::RemoveMember) {
            error_of(
                reader.remove_member(organization, &member.id).await,
                "removing with a read-only provider",
            )?;
        }
    }

    if let Some(transport) = reader.transport() {
        let before = world.subject.requests().await;
        let sent = transport.send(Request::post("/", Safety::OneShot)).await;
        fails(sent, &[ErrorKind::ReadOnly], "a request of the program's own by a read-only provider")?;
        world.sent_nothing(before, "refusing a request of the program's own").await?;
    }
    world.mailed(&ada, 1).await?;
    world.mailed(&bob, 0).await?;
    let left = world.invitations_of(&ada).await?;
    ensure!(left.len() == 1 && left[0].id == *id, "the invitation changed under a read-only provider");
    Ok(Verdict::Passed)
}
