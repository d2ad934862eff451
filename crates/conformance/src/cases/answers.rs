//! The invited person's side.

use futures_util::StreamExt;
use orgport_core::{
    Answer, Email, ErrorKind, Invitation, InvitationId, InvitationRef, InvitationStatus, Invitee, Member,
    Operation, Secret, stream,
};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::world::{NO_PERSON, World, ensure, expires, fails, needs, needs_answer, seen};

/// Somebody whose invitation waits for an answer.
struct Waiting {
    ada: Invitee,
    invited: Invitation,
    /// The members before the answer.
    before: Vec<Member>,
    invitation: InvitationRef,
}

async fn waiting(world: &World<'_>) -> Result<Waiting, Failure> {
    let ada = world.somebody("ada");
    let invited = world.invited(&ada).await?;
    let before = world.members().await?;
    let invitation = InvitationRef::new(world.organization.clone(), invited.id.clone());
    Ok(Waiting { ada, invited, before, invitation })
}

pub(super) async fn accepting_makes_a_member(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation, ListMembers);
    needs_answer!(world, Accept);
    let Waiting { ada, invited, before, invitation } = waiting(world).await?;
    let person = seen!(world.subject.person(&ada).await, NO_PERSON);
    let answered = person.respond_to_invitation(&invitation, Answer::Accept).await?;
    ensure!(answered.status == InvitationStatus::Accepted, "accepting is confirmed as {}", answered.status);
    let members = world.newcomers(&before).await?;
    let roles: Vec<_> = members.iter().map(|member| &member.role).collect();
    ensure!(roles == [&invited.role], "invited as {:?}, {ada} is a member as {roles:?}", invited.role);
    Ok(Verdict::Passed)
}

pub(super) async fn declining_makes_no_member(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation, ListMembers);
    needs_answer!(world, Decline);
    let Waiting { ada, before, invitation, .. } = waiting(world).await?;
    let person = seen!(world.subject.person(&ada).await, NO_PERSON);
    let answered = person.respond_to_invitation(&invitation, Answer::Decline).await?;
    ensure!(answered.status == InvitationStatus::Declined, "declining is confirmed as {}", answered.status);
    ensure!(world.newcomers(&before).await?.is_empty(), "{ada} declined and is a member");
    Ok(Verdict::Passed)
}

pub(super) async fn answering_twice_is_refused(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation, ListMembers);
    needs_answer!(world, Accept);
    let Waiting { ada, before, invitation, .. } = waiting(world).await?;
    let person = seen!(world.subject.person(&ada).await, NO_PERSON);
    person.respond_to_invitation(&invitation, Answer::Accept).await?;
    let other = if world.capability().declining.works() { Answer::Decline } else { Answer::Accept };
    let again = person.respond_to_invitation(&invitation, other).await;
    // A vendor that shows only waiting ones cannot tell it from one that never was.
    let is_shown = world.capability().visible_statuses.contains(&InvitationStatus::Accepted);
    let kinds: &[_] =
        if is_shown { &[ErrorKind::Conflict] } else { &[ErrorKind::Conflict, ErrorKind::NotFound] };
    fails(again, kinds, "answering again")?;
    ensure!(world.newcomers(&before).await?.len() == 1, "the second answer undid the first");
    Ok(Verdict::Passed)
}

pub(super) async fn nobody_answers_for_somebody_else(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation, ListMembers);
    needs_answer!(world, Accept);
    let Waiting { ada, invited, before, invitation } = waiting(world).await?;
    let somebody = seen!(world.subject.person(&world.somebody("eve")).await, NO_PERSON);
    let result = somebody.respond_to_invitation(&invitation, Answer::Accept).await;
    let kinds = [ErrorKind::PermissionDenied, ErrorKind::NotFound];
    fails(result, &kinds, "answering somebody else's invitation")?;
    ensure!(world.newcomers(&before).await?.is_empty(), "the refused answer made a member");
    if world.works(Operation::ListInvitations) {
        let left = world.invitations_of(&ada).await?;
        ensure!(left.iter().any(|left| left.id == invited.id && left.is_pending()), "the invitation is gone");
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_expired_invitation_cannot_be_answered(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation);
    needs_answer!(world, Accept);
    let ada = world.somebody("ada");
    let invited = world.invited(&ada).await?;
    expires!(world, &ada);
    let person = seen!(world.subject.person(&ada).await, NO_PERSON);
    let invitation = InvitationRef::new(world.organization.clone(), invited.id);
    let result = person.respond_to_invitation(&invitation, Answer::Accept).await;
    let can = world.capability();
    // Whoever is shown waiting invitations alone cannot tell it from one that never was.
    let is_shown = can.visible_statuses.contains(&InvitationStatus::Expired) && !can.answers_by_organization;
    let kinds: &[_] =
        if is_shown { &[ErrorKind::Expired] } else { &[ErrorKind::Expired, ErrorKind::NotFound] };
    fails(result, kinds, "answering an expired invitation")?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_mailed_token_answers_as_promised(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation);
    let ada = world.somebody("ada");
    if !world.capability().answers_by_token {
        let before = world.subject.requests().await;
        let address = Email::verbatim("ada@conformance.example");
        let invitation = InvitationRef::by_token(address, Secret::from("a-token"));
        let result = world.provider.respond_to_invitation(&invitation, Answer::Accept).await;
        fails(result, &[ErrorKind::Unsupported], "answering by token, which is not promised,")?;
        world.sent_nothing(before, "refusing a token").await?;
        return Ok(Verdict::Refused("answers_by_token"));
    }
    world.invited(&ada).await?;
    let token = seen!(world.subject.token_of(&ada).await, "this world does not read mails");
    let address = seen!(ada.email().cloned(), "no mail goes to an account");
    let forged = InvitationRef::by_token(address.clone(), Secret::from("not-the-token"));
    let result = world.provider.respond_to_invitation(&forged, Answer::Accept).await;
    let kinds = [
        ErrorKind::NotFound,
        ErrorKind::PermissionDenied,
        ErrorKind::InvalidInput,
        ErrorKind::Unauthenticated,
        ErrorKind::Expired,
    ];
    fails(result, &kinds, "answering by a forged token")?;
    let invitation = InvitationRef::by_token(address, token);
    let answered = world.provider.respond_to_invitation(&invitation, Answer::Accept).await?;
    ensure!(answered.status == InvitationStatus::Accepted, "accepting is confirmed as {}", answered.status);
    Ok(Verdict::Passed)
}

pub(super) async fn own_invitations_are_shown_to_the_invited_alone(world: &World<'_>) -> Outcome {
    needs!(world, Invite, MyInvitations);
    let ada = world.somebody("ada");
    let invited = world.invited(&ada).await?;
    world.invited(&world.somebody("bob")).await?;
    let person = seen!(world.subject.person(&ada).await, NO_PERSON);
    let by_organization = world.capability().answers_by_organization;
    let id = if by_organization { InvitationId::new(world.organization.as_str())? } else { invited.id };
    for (provider, expected) in [(&person, vec![id]), (&world.provider, Vec::new())] {
        let mine: Vec<_> = stream::my_invitations(&**provider).collect().await;
        let mine = mine.into_iter().map(|item| item.map(|invitation| invitation.id));
        let mine = mine.collect::<Result<Vec<_>, _>>()?;
        ensure!(mine == expected, "one's own invitations are {mine:?} instead of {expected:?}");
    }
    Ok(Verdict::Passed)
}
