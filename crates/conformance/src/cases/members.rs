//! Members.

use std::collections::HashSet;

use orgport_core::{ErrorKind, Role};

use super::Outcome;
use super::roles::all_roles;
use crate::report::Verdict;
use crate::world::{NOBODY_ACCEPTS, World, ensure, error_of, fails, has_native, needs, seen};

pub(super) async fn members_have_ids_and_native_json(world: &World<'_>) -> Outcome {
    needs!(world, ListMembers);
    let members = world.members().await?;
    ensure!(!members.is_empty(), "somebody must belong to an organization that is managed");
    let ids: HashSet<_> = members.iter().map(|member| &member.id).collect();
    ensure!(ids.len() == members.len(), "a member is listed twice");
    for member in &members {
        has_native(member.native.as_ref(), "a member")?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_member_id_removes_that_member_alone(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListMembers, RemoveMember);
    let (ada, bob) = (world.somebody("ada"), world.somebody("bob"));
    let gone = seen!(world.joined(&ada).await?, NOBODY_ACCEPTS);
    let stays = seen!(world.joined(&bob).await?, NOBODY_ACCEPTS);
    let before = world.members().await?.len();
    world.provider.remove_member(&world.organization, &gone.id).await?;
    let members = world.members().await?;
    ensure!(members.len() + 1 == before, "{before} members became {}", members.len());
    ensure!(members.iter().all(|member| member.id != gone.id), "{ada} was removed and is still there");
    let is_there = members.iter().any(|member| member.id == stays.id);
    ensure!(is_there, "{ada} was removed and {bob} is gone");
    let again = world.provider.remove_member(&world.organization, &gone.id).await;
    fails(again, &[ErrorKind::NotFound], "removing a member again")?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_role_is_set_exactly_or_refused_before_sending(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListMembers, SetMemberRole);
    let ada = world.somebody("ada");
    let member = seen!(world.joined(&ada).await?, NOBODY_ACCEPTS);
    for role in all_roles() {
        let before = world.subject.requests().await;
        let result = world.provider.set_member_role(&world.organization, &member.id, &role).await;
        if world.capability().roles_at_set_role.contains(&role) {
            result?;
            let shown = world.member(&member.id).await?.and_then(|member| member.role);
            ensure!(shown.as_ref() == Some(&role), "{role} was set and {shown:?} is shown");
        } else {
            fails(result, &[ErrorKind::Unsupported], &format!("setting the role {role}"))?;
            world.sent_nothing(before, &format!("refusing the role {role}")).await?;
        }
    }
    Ok(Verdict::Passed)
}

pub(super) async fn the_last_owner_is_not_removed(world: &World<'_>) -> Outcome {
    needs!(world, ListMembers, RemoveMember);
    let owners = world.members().await?.into_iter().filter(|member| member.role == Some(Role::Owner));
    let owners: Vec<_> = owners.collect();
    let [owner] = owners.as_slice() else {
        return Ok(Verdict::NotSeen("no single owner is shown"));
    };
    error_of(world.provider.remove_member(&world.organization, &owner.id).await, "removing the last owner")?;
    let is_there = world.members().await?.iter().any(|member| member.id == owner.id);
    ensure!(is_there, "removing the last owner was refused and done");
    Ok(Verdict::Passed)
}
