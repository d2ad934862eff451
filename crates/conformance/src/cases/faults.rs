//! What must come of calls that go wrong, with the mails as witness.

use std::time::Duration;

use futures_util::future::try_join;
use orgport_core::{ErrorKind, InvitationFilter, InviteOutcome, Invitee, Operation};

use super::Outcome;
use crate::fault::{Fault, Faults};
use crate::report::{Failure, Verdict};
use crate::world::{World, ensure, error_of, fails, needs, seen};

const NO_FAULTS: &str = "in this world nothing goes wrong";
const NOT_THIS: &str = "this world cannot let that go wrong";
/// A wait that a single call takes.
const SHORT: Duration = Duration::from_secs(7);
/// A wait that only a list of people takes.
const LONG: Duration = Duration::from_hours(1);
/// How much earlier than the settle time something happens that must still be seen.
const JUST: Duration = Duration::from_secs(1);

/// Lets calls of an operation go wrong, or ends the case as not seen.
macro_rules! going_wrong {
    ($world:expr, $fault:expr, $operation:expr, $times:expr) => {{
        let faults = seen!($world.subject.faults(), NO_FAULTS);
        seen!(faults.plan($fault, $operation, $times).await.then_some(()), NOT_THIS);
        faults
    }};
}

/// Ends the faults, each of which must have come true.
async fn end(faults: &dyn Faults) -> Result<(), Failure> {
    let unmet = faults.clear().await;
    ensure!(unmet == 0, "{unmet} of the planned faults met no call");
    Ok(())
}

/// Checks that somebody is invited, once, and known to be.
async fn is_invited_once(world: &World<'_>, person: &Invitee) -> Result<(), Failure> {
    world.mailed(person, 1).await?;
    let waiting = world.invitations_of(person).await?.iter().filter(|row| row.is_pending()).count();
    ensure!(waiting == 1, "{waiting} invitations wait for {person}");
    let again = world.invite(person).await?;
    ensure!(again.as_str() == "already_invited", "inviting again says {}", again.as_str());
    world.mailed(person, 1).await
}

/// Invites somebody while calls of one operation go wrong, which nobody may notice.
async fn invites_through(world: &World<'_>, fault: Fault, operation: Operation) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let faults = going_wrong!(world, fault, operation, 1);
    let ada = world.somebody("ada");
    let outcome = world.invite(&ada).await;
    end(faults).await?;
    let says = outcome?.as_str();
    ensure!(says == "invited", "inviting a stranger says {says}");
    is_invited_once(world, &ada).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_reply_lost_before_the_act_is_sent_once_more(world: &World<'_>) -> Outcome {
    invites_through(world, Fault::LostBefore, Operation::Invite).await
}

pub(super) async fn a_reply_lost_after_the_act_is_found(world: &World<'_>) -> Outcome {
    invites_through(world, Fault::LostAfter, Operation::Invite).await
}

pub(super) async fn a_slow_act_is_waited_for(world: &World<'_>) -> Outcome {
    invites_through(world, Fault::Late(world.provider.settle() / 3), Operation::Invite).await
}

pub(super) async fn a_second_send_waits_for_the_settle_time(world: &World<'_>) -> Outcome {
    let just_before = world.provider.settle().saturating_sub(JUST);
    invites_through(world, Fault::Late(just_before), Operation::Invite).await
}

pub(super) async fn a_limit_while_looking_is_waited_for(world: &World<'_>) -> Outcome {
    invites_through(world, Fault::Limited(SHORT), Operation::ListInvitations).await
}

pub(super) async fn a_limit_while_sending_is_waited_for(world: &World<'_>) -> Outcome {
    invites_through(world, Fault::Limited(SHORT), Operation::Invite).await
}

pub(super) async fn a_long_limit_is_told_to_one_and_waited_for_by_many(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let ada = world.somebody("ada");
    let faults = going_wrong!(world, Fault::Limited(LONG), Operation::Invite, 1);
    let single = world.provider.invite(&world.organization, world.invitation(ada.clone())).await;
    end(faults).await?;
    let error = fails(single, &[ErrorKind::RateLimited], "inviting one person at a limit of an hour")?;
    let told = error.retry_after();
    ensure!(told.is_some_and(|wait| wait > LONG / 2 && wait <= LONG), "an hour is told as {told:?}");
    world.mailed(&ada, 0).await?;

    let faults = going_wrong!(world, Fault::Limited(LONG), Operation::Invite, 1);
    let outcomes = world.invite_many(vec![world.invitation(ada.clone())]).await?;
    end(faults).await?;
    for outcome in outcomes {
        let says = outcome?.as_str();
        ensure!(says == "invited", "a list that waits for an hour says {says}");
    }
    is_invited_once(world, &ada).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn nothing_is_sent_without_a_look(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let ada = world.somebody("ada");
    let faults = going_wrong!(world, Fault::LostBefore, Operation::ListInvitations, 100);
    let outcome = world.provider.invite(&world.organization, world.invitation(ada.clone())).await;
    end(faults).await?;
    error_of(outcome, "inviting where nobody can look")?;
    world.mailed(&ada, 0).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_reply_about_another_organization_is_not_believed(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let ada = world.somebody("ada");
    world.invited(&ada).await?;
    let faults = going_wrong!(world, Fault::Elsewhere, Operation::ListInvitations, 100);
    let page = world.provider.list_invitations(&world.organization, &InvitationFilter::all(), None).await;
    let again = world.provider.invite(&world.organization, world.invitation(ada.clone())).await;
    end(faults).await?;
    let shown = page.map_or(0, |page| page.iter().filter(|row| row.is_ok()).count());
    ensure!(shown == 0, "{shown} invitations to another organization are listed as this one's");
    error_of(again, "inviting somebody whose invitation is shown as another organization's")?;
    world.mailed(&ada, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_mail_in_doubt_is_incomplete(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    let ada = world.somebody("ada");
    let faults = going_wrong!(world, Fault::MailInDoubt, Operation::Invite, 1);
    let outcome = world.provider.invite(&world.organization, world.invitation(ada.clone())).await;
    end(faults).await?;
    let error = fails(outcome, &[ErrorKind::Incomplete], "an invitation whose mail is in doubt")?;
    let left = error.left_behind().ok_or_else(|| Failure::new("nobody is told of what is left behind"))?;
    let is_hers = left.email.as_ref() == ada.email() && left.account.as_ref() == ada.account();
    ensure!(is_hers, "what is left behind of {ada} is {left:?}");
    let mails = world.subject.mails(&ada).await;
    let again = world.invite(&ada).await?;
    ensure!(matches!(again, InviteOutcome::AlreadyInvited(..)), "inviting again says {}", again.as_str());
    ensure!(mails == world.subject.mails(&ada).await, "inviting again sends a mail");
    Ok(Verdict::Passed)
}

pub(super) async fn a_token_that_ends_is_renewed_in_mid_run(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    world.members().await?;
    for round in 0..3 {
        let can = world.subject.end_token().await;
        seen!(can.then_some(()), "this world's credential is not renewed");
        let everything = InvitationFilter::all();
        try_join(world.members(), world.invitations(&everything)).await?;
        world.subject.end_token().await;
        let person = world.somebody(&format!("person{round}"));
        for outcome in world.invite_many(vec![world.invitation(person.clone())]).await? {
            let says = outcome?.as_str();
            ensure!(says == "invited", "a stranger is {says} with a renewed token");
        }
        is_invited_once(world, &person).await?;
    }
    Ok(Verdict::Passed)
}
