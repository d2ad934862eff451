//! Inviting: what the outcomes say, and at most one mail.

use futures_util::future::join;
use orgport_core::invite::Plan;
use orgport_core::{
    Answer, Email, ErrorKind, ExistingAccount, InvitationFilter, InviteOutcome, Invitee, Invitees,
    MemberEmails,
};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::subject::Job;
use crate::world::{
    NO_PERSON, NOBODY_ACCEPTS, World, ensure, expires, has_native, needs, needs_answer, seen,
};

pub(super) async fn a_stranger_is_invited_with_one_mail(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let ada = world.somebody("ada");
    let outcome = world.invite(&ada).await?;
    let InviteOutcome::Invited(invitation, ..) = &outcome else {
        return Err(Failure::new(format!("inviting a stranger says {}", outcome.as_str())));
    };
    let promised = world.capability().invited_via;
    ensure!(
        outcome.via() == promised,
        "it was settled by a {}, not a {}",
        outcome.via().as_str(),
        promised.as_str()
    );
    ensure!(
        invitation.is_for(&ada),
        "{ada} was invited and the invitation is for {:?}",
        invitation.invitee()
    );
    ensure!(invitation.is_pending(), "a new invitation is {}", invitation.status);
    has_native(invitation.native.as_ref(), "a new invitation")?;
    world.mailed(&ada, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn inviting_again_says_already_invited(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let ada = world.somebody("ada");
    let first = world.invited(&ada).await?;
    let again = world.invite(&ada).await?;
    let InviteOutcome::AlreadyInvited(there, ..) = &again else {
        return Err(Failure::new(format!("inviting again says {}", again.as_str())));
    };
    ensure!(there.id == first.id, "the invitation {} is answered as {}", first.id, there.id);
    world.mailed(&ada, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn inviting_a_member_again_says_already_member(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListMembers);
    let ada = world.somebody("ada");
    let member = seen!(world.joined(&ada).await?, NOBODY_ACCEPTS);
    let mails = world.subject.mails(&ada).await;
    let again = world.invite(&ada).await?;
    ensure!(again.as_str() == "already_member", "inviting a member says {}", again.as_str());
    let answered = again.member().map(|member| &member.id);
    // Whose address is hidden is told by the vendor's refusal, without the member.
    let is_hidden = world.capability().member_emails == MemberEmails::Hidden && answered.is_none();
    ensure!(
        is_hidden || answered == Some(&member.id),
        "the member {} is answered as {answered:?}",
        member.id
    );
    ensure!(mails == world.subject.mails(&ada).await, "inviting a member sends a mail");
    Ok(Verdict::Passed)
}

pub(super) async fn an_existing_account_ends_as_the_capability_says(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let ada = world.somebody("ada");
    seen!(world.subject.person(&ada).await, NO_PERSON);
    let outcome = world.invite(&ada).await?.as_str();
    let is_promised = match world.capability().existing_account {
        ExistingAccount::Invited => outcome == "invited",
        ExistingAccount::Joined => outcome == "joined",
        _ => matches!(outcome, "invited" | "joined"),
    };
    let promise = world.capability().existing_account;
    ensure!(is_promised, "inviting an existing account says {outcome}; the capability says {promise:?}");
    let mails = world.subject.mails(&ada).await.unwrap_or(1);
    ensure!(mails <= 1, "inviting an existing account sent {mails} mails");
    let again = world.invite(&ada).await?.as_str();
    let expected = if outcome == "joined" { "already_member" } else { "already_invited" };
    ensure!(again == expected, "inviting again says {again} instead of {expected}");
    Ok(Verdict::Passed)
}

pub(super) async fn a_person_who_declined_is_invited_anew(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RespondToInvitation);
    needs_answer!(world, Decline);
    let ada = world.somebody("ada");
    let first = world.invited(&ada).await?;
    seen!(world.answer(&ada, &first, Answer::Decline).await?, NO_PERSON);
    is_invited_anew(world, &ada).await
}

pub(super) async fn a_person_whose_invitation_expired_is_invited_anew(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let ada = world.somebody("ada");
    world.invited(&ada).await?;
    expires!(world, &ada);
    is_invited_anew(world, &ada).await
}

pub(super) async fn a_person_whose_invitation_was_revoked_is_invited_anew(world: &World<'_>) -> Outcome {
    needs!(world, Invite, RevokeInvitation);
    let ada = world.somebody("ada");
    let first = world.invited(&ada).await?;
    world.provider.revoke_invitation(&world.organization, &first.id).await?;
    is_invited_anew(world, &ada).await
}

pub(super) async fn a_member_who_was_removed_is_invited_anew(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListMembers, RemoveMember);
    let ada = world.somebody("ada");
    let member = seen!(world.joined(&ada).await?, NOBODY_ACCEPTS);
    world.provider.remove_member(&world.organization, &member.id).await?;
    is_invited_anew(world, &ada).await
}

/// Invites somebody who was invited before and is neither waiting nor in.
async fn is_invited_anew(world: &World<'_>, person: &Invitee) -> Outcome {
    let mails = world.subject.mails(person).await;
    let outcome = world.invite(person).await?;
    // Whoever answered has an account, which some vendors add at once.
    let is_anew = matches!(outcome.as_str(), "invited" | "joined");
    ensure!(is_anew, "inviting somebody anew says {}", outcome.as_str());
    if outcome.as_str() == "invited" {
        let now = world.subject.mails(person).await;
        ensure!(
            mails.map(|mails| mails + 1) == now,
            "mails before and after inviting anew: {mails:?}, {now:?}"
        );
    }
    Ok(Verdict::Passed)
}

pub(super) async fn two_calls_at_once_mail_once(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let ada = world.somebody("ada");
    let (first, second) = join(world.invite(&ada), world.invite(&ada)).await;
    let mut words = [first?.as_str(), second?.as_str()];
    words.sort_unstable();
    ensure!(words == ["already_invited", "invited"], "two calls at once say {words:?}");
    world.mailed(&ada, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_list_has_one_outcome_for_each_entry(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let there = world.somebody("there");
    world.invited(&there).await?;
    let list = [
        (world.somebody("ada"), "invited"),
        (Email::verbatim("not an address").into(), "refused"),
        (there.clone(), "already_invited"),
        (world.somebody("ADA"), "already_invited"),
        (world.somebody("bob"), "invited"),
        (world.somebody("bob"), "already_invited"),
    ];
    let invitations = list.iter().map(|(person, _)| world.invitation(person.clone())).collect();
    let outcomes = world.invite_many(invitations).await?;
    // Who takes accounts alone takes no address, malformed or not.
    let takes_addresses = world.capability().invitees != Invitees::Accounts;
    let refusal = if takes_addresses { ErrorKind::InvalidInput } else { ErrorKind::Unsupported };
    for ((person, expected), outcome) in list.iter().zip(outcomes) {
        let says = match outcome {
            Ok(outcome) => outcome.as_str(),
            Err(error) if error.kind() == refusal => "refused",
            Err(error) => return Err(error.into()),
        };
        ensure!(says == *expected, "in the list, {person} is {says} instead of {expected}");
    }
    for person in [there, world.somebody("ada"), world.somebody("bob")] {
        world.mailed(&person, 1).await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_empty_list_sends_nothing(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let before = world.subject.requests().await;
    world.invite_many(Vec::new()).await?;
    world.sent_nothing(before, "inviting nobody").await?;
    Ok(Verdict::Passed)
}

pub(super) async fn inviting_takes_no_more_requests_than_stated(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    seen!(world.subject.requests().await, "this world does not count requests");
    // Reading first takes what a provider learns only once out of the count.
    let waiting = world.invitations(&InvitationFilter::all()).await?.len();
    let members = world.members().await?.len();
    let crowd = world.subject.crowd();
    for (count, waiting) in [(1, waiting), (crowd, waiting + 1)] {
        let people = (0..count).map(|n| world.invitation(world.somebody(&format!("guest{n}-of-{count}"))));
        let before = world.subject.requests().await;
        for outcome in world.invite_many(people.collect()).await? {
            let says = outcome?.as_str();
            ensure!(says == "invited", "a stranger in a list is {says}");
        }
        let taken = world.subject.requests().await.zip(before).map_or(0, |(now, before)| now - before);
        let most = world.subject.most_requests(&Job::new(count, waiting, members));
        ensure!(taken <= most, "inviting {count} took {taken} requests; {most} are stated");
    }
    Ok(Verdict::Passed)
}

pub(super) async fn a_plan_reads_only_and_foretells_the_outcomes(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let (ada, there) = (world.somebody("ada"), world.somebody("there"));
    world.invited(&there).await?;
    let list = [ada.clone(), there.clone(), Email::verbatim("not an address").into()];
    let invitations: Vec<_> = list.iter().map(|person| world.invitation(person.clone())).collect();
    let plans = world.provider.plan_invites(&world.organization, invitations.clone()).await?;
    let words: Vec<_> = plans
        .iter()
        .map(|plan| match plan {
            Plan::WouldInvite(_) => "invited",
            Plan::AlreadyInvited(..) => "already_invited",
            Plan::AlreadyMember(..) => "already_member",
            _ => "refused",
        })
        .collect();
    ensure!(words == ["invited", "already_invited", "refused"], "the plan is {words:?}");
    world.mailed(&ada, 0).await?;
    ensure!(world.invitations_of(&ada).await?.is_empty(), "a plan made an invitation");
    let outcomes = world.invite_many(invitations).await?;
    let outcomes = outcomes.iter().map(|outcome| outcome.as_ref().map_or("refused", InviteOutcome::as_str));
    let outcomes: Vec<_> = outcomes.collect();
    ensure!(words == outcomes, "the plan was {words:?}, and the outcomes are {outcomes:?}");
    Ok(Verdict::Passed)
}
