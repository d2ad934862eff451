//! Roles of invitations: exactly what was asked for, or a refusal.

use orgport_core::{ErrorKind, InviteOutcome, NewInvitation, Role, UnnamedRole};

use super::Outcome;
use crate::report::Verdict;
use crate::world::{NO_CONFIGURATION, NOBODY_ACCEPTS, World, ensure, fails, needs, seen};

/// Every role that can be asked for, and one that never can.
pub(super) fn all_roles() -> Vec<Role> {
    Role::KNOWN.iter().cloned().chain([Role::Other("boss".to_owned())]).collect()
}

/// The role that an outcome shows.
fn role_of(outcome: &InviteOutcome) -> Option<&Role> {
    let of_invitation = outcome.invitation().and_then(|invitation| invitation.role.as_ref());
    of_invitation.or_else(|| outcome.member().and_then(|member| member.role.as_ref()))
}

pub(super) async fn a_role_is_invited_exactly_or_refused_before_sending(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    for (index, role) in all_roles().into_iter().enumerate() {
        let person = world.somebody(&format!("person{index}"));
        let before = world.subject.requests().await;
        let invitation = NewInvitation::to(person.clone()).with_role(role.clone());
        let result = world.provider.invite(&world.organization, invitation).await;
        if world.capability().roles_at_invite.contains(&role) {
            let outcome = result?;
            let shown = role_of(&outcome);
            ensure!(shown == Some(&role), "{role} was asked for and {shown:?} is shown");
        } else {
            fails(result, &[ErrorKind::Unsupported], &format!("inviting as {role}"))?;
            world.sent_nothing(before, &format!("refusing the role {role}")).await?;
            world.mailed(&person, 0).await?;
        }
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_invitation_without_a_role_gets_what_the_capability_says(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let before = world.subject.requests().await;
    let result = world.provider.invite(&world.organization, NewInvitation::to(world.somebody("ada"))).await;
    let expected = match (world.provider.default_role(), &world.capability().unnamed_role) {
        (Some(role), _) | (None, UnnamedRole::Is(role)) => Some(role),
        (None, UnnamedRole::Required) => {
            fails(result, &[ErrorKind::InvalidInput], "inviting without a role")?;
            world.sent_nothing(before, "refusing an invitation without a role").await?;
            return Ok(Verdict::Passed);
        }
        (None, _) => None,
    };
    let outcome = result?;
    let shown = role_of(&outcome);
    ensure!(expected.is_none() || shown == expected, "{expected:?} is promised and {shown:?} is shown");
    Ok(Verdict::Passed)
}

pub(super) async fn an_existing_invitation_keeps_its_role(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let [first, .., last] = &world.capability().roles_at_invite[..] else {
        return Ok(Verdict::Refused("roles_at_invite"));
    };
    let invite = |role: &Role| {
        let invitation = NewInvitation::to(world.somebody("ada")).with_role(role.clone());
        async move { world.provider.invite(&world.organization, invitation).await }
    };
    invite(last).await?;
    let again = invite(first).await?;
    ensure!(again.as_str() == "already_invited", "inviting again as {first} says {}", again.as_str());
    let shown = role_of(&again);
    ensure!(shown == Some(last), "inviting again as {first} made {last} into {shown:?}");
    Ok(Verdict::Passed)
}

pub(super) async fn a_person_of_any_role_is_known_again(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    if world.capability().roles_at_invite.is_empty() {
        return Ok(Verdict::Refused("roles_at_invite"));
    }
    for role in &world.capability().roles_at_invite {
        let person = world.somebody(&format!("some-{role}"));
        let invitation = NewInvitation::to(person.clone()).with_role(role.clone());
        let invite = async || world.provider.invite(&world.organization, invitation.clone()).await;
        let made = invite().await?;
        let again = invite().await?;
        ensure!(again.as_str() == "already_invited", "inviting {role} again says {}", again.as_str());
        world.mailed(&person, 1).await?;
        let Some(made) = made.invitation() else { continue };
        seen!(world.accepts(&person, made).await?.then_some(()), NOBODY_ACCEPTS);
        let again = invite().await?;
        ensure!(again.as_str() == "already_member", "inviting the member {role} says {}", again.as_str());
        world.mailed(&person, 1).await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_default_role_is_given_where_none_is_named(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    for (index, role) in all_roles().into_iter().enumerate() {
        let configured = world.subject.configured(&|config| config.default_role = Some(role.clone()));
        let configured = seen!(configured, NO_CONFIGURATION);
        if !world.capability().roles_at_invite.contains(&role) {
            fails(configured, &[ErrorKind::Config], &format!("the default role {role}"))?;
            continue;
        }
        let provider = configured?;
        ensure!(provider.default_role() == Some(&role), "{role} became {:?}", provider.default_role());
        let new = NewInvitation::to(world.somebody(&format!("person{index}")));
        let outcome = provider.invite(&world.organization, new).await?;
        let shown = role_of(&outcome);
        ensure!(shown == Some(&role), "{role} is the default and {shown:?} is shown");
    }
    Ok(Verdict::Passed)
}
