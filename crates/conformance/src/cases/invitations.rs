//! Invitations through their life.

use std::collections::HashSet;

use orgport_core::{
    Answer, Email, ErrorKind, Invitation, InvitationFilter, InvitationStatus, Invitee, Operation,
};

use super::Outcome;
use crate::report::Verdict;
use crate::world::{
    NO_PERSON, NOBODY_ACCEPTS, World, ensure, expires, fails, has_native, needs, needs_answer, seen,
};

pub(super) async fn invitations_have_ids_and_native_json(world: &World<'_>) -> Outcome {
    needs!(world, ListInvitations);
    let rows = world.invitations(&InvitationFilter::all()).await?;
    let ids: HashSet<_> = rows.iter().map(|row| row.id.as_str()).collect();
    ensure!(ids.len() == rows.len(), "an invitation is listed twice");
    for Invitation { status, native, .. } in &rows {
        has_native(native.as_ref(), "an invitation")?;
        let visible = &world.capability().visible_statuses;
        let is_known = visible.contains(status) || matches!(status, InvitationStatus::Unknown(_));
        ensure!(is_known, "an invitation is {status}, and shown are {visible:?}");
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_waiting_invitation_is_listed_with_its_native_json(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let ada = world.somebody("ada");
    let invited = world.invited(&ada).await?;
    let listed = world.invitations_of(&ada).await?;
    ensure!(listed.len() == 1, "one invitation was made and {} are listed", listed.len());
    is_same(&listed[0], &invited)?;
    has_native(listed[0].native.as_ref(), "a listed invitation")?;
    let there = listed[0].organization_id.as_ref();
    ensure!(there.is_none_or(|id| *id == world.organization), "the invitation leads to {there:?}");
    Ok(Verdict::Passed)
}

fn is_same(shown: &Invitation, expected: &Invitation) -> Result<(), crate::Failure> {
    ensure!(
        shown.id == expected.id
            && shown.email == expected.email
            && shown.status == expected.status
            && shown.role == expected.role,
        "an invitation is shown as {shown:?} instead of {expected:?}"
    );
    Ok(())
}

pub(super) async fn an_invitation_is_got_as_it_is_listed(world: &World<'_>) -> Outcome {
    needs!(world, Invite, GetInvitation);
    let invited = world.invited(&world.somebody("ada")).await?;
    world.invited(&world.somebody("bob")).await?;
    let got = world.provider.get_invitation(&world.organization, &invited.id).await?;
    is_same(&got, &invited)?;
    has_native(got.native.as_ref(), "an invitation")?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_filter_by_address_answers_that_person_alone(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    if !world.takes_addresses() {
        return Ok(Verdict::Refused("invitees"));
    }
    let invited = world.invited(&world.somebody("ada")).await?;
    world.invited(&world.somebody("ada+lab")).await?;
    let filter = InvitationFilter::all().with_email(Email::verbatim("ADA@conformance.example"));
    let found = world.invitations(&filter).await?;
    ensure!(found.len() == 1 && found[0].id == invited.id, "the filter answers {found:?}");
    let nobody = world
        .invitations(&InvitationFilter::pending().with_email(Email::verbatim("nobody@conformance.example")))
        .await?;
    ensure!(nobody.is_empty(), "the filter for a stranger answers {nobody:?}");
    Ok(Verdict::Passed)
}

pub(super) async fn a_filter_by_status_answers_that_status_alone(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let invited = world.invited(&world.somebody("ada")).await?;
    for status in &world.capability().visible_statuses {
        let found = world.invitations(&InvitationFilter::all().with_status(status.clone())).await?;
        let ids: Vec<_> = found.iter().map(|invitation| &invitation.id).collect();
        let expected = if *status == InvitationStatus::Pending { vec![&invited.id] } else { Vec::new() };
        ensure!(ids == expected, "of one waiting invitation, the filter {status} answers {ids:?}");
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_filter_of_statuses_never_shown_is_refused(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let visible = &world.capability().visible_statuses;
    let unheard_of = InvitationStatus::Unknown("never-a-status".to_owned());
    let never = InvitationStatus::KNOWN.iter().filter(|status| !visible.contains(status)).cloned();
    let never = never.fold(InvitationFilter::all().with_status(unheard_of), InvitationFilter::with_status);
    let before = world.subject.requests().await;
    let result = world.provider.list_invitations(&world.organization, &never, None).await;
    let error = fails(result, &[ErrorKind::Unsupported], "a filter of statuses never shown")?;
    world.is_named(&error, Operation::ListInvitations)?;
    world.sent_nothing(before, "refusing a filter").await?;

    let invited = world.invited(&world.somebody("ada")).await?;
    let mixed = world.invitations(&never.with_status(InvitationStatus::Pending)).await?;
    ensure!(mixed.len() == 1 && mixed[0].id == invited.id, "a mixed filter answers {mixed:?}");
    Ok(Verdict::Passed)
}

pub(super) async fn an_accepted_invitation_no_longer_waits(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListMembers, ListInvitations);
    let ada = world.somebody("ada");
    seen!(world.joined(&ada).await?, NOBODY_ACCEPTS);
    is_shown_as(world, &ada, &InvitationStatus::Accepted).await
}

pub(super) async fn a_declined_invitation_no_longer_waits(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, RespondToInvitation);
    needs_answer!(world, Decline);
    let ada = world.somebody("ada");
    let invited = world.invited(&ada).await?;
    seen!(world.answer(&ada, &invited, Answer::Decline).await?, NO_PERSON);
    is_shown_as(world, &ada, &InvitationStatus::Declined).await
}

pub(super) async fn an_expired_invitation_no_longer_waits(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let ada = world.somebody("ada");
    world.invited(&ada).await?;
    expires!(world, &ada);
    is_shown_as(world, &ada, &InvitationStatus::Expired).await
}

/// Checks that the person's one invitation is shown in this status, or not at all where the
/// vendor never shows it.
async fn is_shown_as(world: &World<'_>, person: &Invitee, status: &InvitationStatus) -> Outcome {
    let shown = world.invitations_of(person).await?;
    let shown: Vec<_> = shown.iter().map(|invitation| &invitation.status).collect();
    let is_visible = world.capability().visible_statuses.contains(status);
    let expected = if is_visible { vec![status] } else { Vec::new() };
    ensure!(shown == expected, "the person's invitations are {shown:?} instead of {expected:?}");
    Ok(Verdict::Passed)
}

pub(super) async fn a_revoked_invitation_is_gone(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, RevokeInvitation);
    let (ada, bob) = (world.somebody("ada"), world.somebody("bob"));
    let revoked = world.invited(&ada).await?;
    let kept = world.invited(&bob).await?;
    world.provider.revoke_invitation(&world.organization, &revoked.id).await?;
    let left = world.invitations(&InvitationFilter::all()).await?;
    ensure!(left.len() == 1 && left[0].id == kept.id, "after revoking one of two, there are {left:?}");
    let again = world.provider.revoke_invitation(&world.organization, &revoked.id).await;
    fails(again, &[ErrorKind::NotFound], "revoking again")?;
    if world.works(Operation::GetInvitation) {
        let got = world.provider.get_invitation(&world.organization, &revoked.id).await;
        fails(got, &[ErrorKind::NotFound], "getting a revoked invitation")?;
    }
    if world.works(Operation::ResendInvitation) {
        let resent = world.provider.resend_invitation(&world.organization, &revoked.id).await;
        fails(resent, &[ErrorKind::NotFound], "resending a revoked invitation")?;
        world.mailed(&ada, 1).await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn revoking_an_accepted_invitation_is_refused_and_leaves_the_member(
    world: &World<'_>,
) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers, RevokeInvitation);
    let ada = world.somebody("ada");
    let invited = world.invited(&ada).await?;
    let joined = seen!(world.accepted(&ada, &invited).await?, NOBODY_ACCEPTS);
    let before = world.invitations_of(&ada).await?;
    let revoked = world.provider.revoke_invitation(&world.organization, &invited.id).await;
    fails(revoked, &[ErrorKind::NotFound], "revoking an accepted invitation")?;
    let member = world.member(&joined.id).await?;
    ensure!(member.as_ref() == Some(&joined), "after it, {joined:?} is {member:?}");
    let after = world.invitations_of(&ada).await?;
    ensure!(after == before, "of the invitations {before:?}, there are {after:?} after it");
    Ok(Verdict::Passed)
}

pub(super) async fn resending_mails_once_more_and_keeps_the_id_as_promised(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ResendInvitation);
    let ada = world.somebody("ada");
    let old = world.invited(&ada).await?;
    let new = world.provider.resend_invitation(&world.organization, &old.id).await?;
    world.mailed(&ada, 2).await?;
    let keeps_id = world.capability().resend_keeps_id;
    ensure!((new.id == old.id) == keeps_id, "keeps its id: {keeps_id}; it was {} and is {}", old.id, new.id);
    ensure!(new.is_for(&ada) && new.is_pending() && new.role == old.role, "{old:?} was resent as {new:?}");
    let waiting = world.invitations_of(&ada).await?;
    ensure!(waiting.len() == 1 && waiting[0].id == new.id, "after resending, there are {waiting:?}");
    Ok(Verdict::Passed)
}
