//! Doing what is to be done, and looking at what is left.

use futures_util::future::{FutureExt, Shared, select};
use futures_util::stream::{self, StreamExt};
use orgport_core::http::recorded;
use orgport_core::{Error, ErrorKind, InvitationId, Reach};

use super::{
    Act, Ended, Fault, Left, LeftReason, Options, Outcome, PlaceOutcome, PlacePlan, Plan, Seen, Step,
    StepOutcome, decide,
};
use crate::place::{PLACES_AT_ONCE, Place};
use crate::snapshot::observe_one;
use crate::subject::Subject;

/// Carries a plan out, the places side by side, and reads each place again where something was done.
///
/// What a list still shows is looked at once more after [`Options::settle`]. When `stop` resolves,
/// nothing more is sent: what is under way is finished, and what was not tried, or not looked at
/// again, is told as such. `places` are those that the plan was [prepared](super::prepare) for.
pub async fn carry_out(
    places: &[Place],
    plan: Plan,
    options: &Options,
    stop: impl Future<Output = ()> + Send,
) -> Outcome {
    let began_at = plan.places.iter().map(|place| place.before.began_at).min();
    let began_at = began_at.unwrap_or_else(|| options.clock.now());
    let Plan { people, places: plans, missed, selves, .. } = plan;
    let run = Run { people: &people, selves: &selves, options, stop: stop.shared() };
    let both = plans.into_iter().filter_map(|plan| {
        let place = places.iter().find(|place| *place.id() == plan.place)?;
        Some((place, plan))
    });
    let outcomes: Vec<_> = stream::iter(both)
        .map(|(place, plan)| run.place(place, plan))
        .buffered(PLACES_AT_ONCE)
        .collect()
        .await;
    let stopped = outcomes.iter().any(|(_, stopped)| *stopped);
    let places = outcomes.into_iter().map(|(outcome, _)| outcome).collect();
    let ended_at = options.clock.now();
    Outcome { people, began_at, ended_at, stopped, places, missed }
}

struct Run<'a, F: Future<Output = ()>> {
    people: &'a [Subject],
    selves: &'a decide::Selves,
    options: &'a Options,
    stop: Shared<F>,
}

impl<F: Future<Output = ()> + Send> Run<'_, F> {
    fn is_stopped(&self) -> bool {
        self.stop.clone().now_or_never().is_some()
    }

    /// Does what is to be done at one place; also says whether it was stopped on the way.
    async fn place(&self, place: &Place, plan: PlacePlan) -> (PlaceOutcome, bool) {
        let PlacePlan { place: id, organization, before, steps, left, unknown, notes, identity } = plan;
        let mut done = Vec::new();
        for step in steps {
            done.push(self.step(place, step).await);
        }
        let outcome = PlaceOutcome {
            place: id,
            organization,
            after: before.clone(),
            before,
            steps: done,
            left,
            unknown,
            notes,
        };
        if outcome.steps.iter().all(|step| step.ended == Ended::NotTried) {
            let stopped = !outcome.steps.is_empty();
            return (not_tried(outcome), stopped);
        }
        self.verify(place, outcome, identity).await
    }

    async fn step(&self, place: &Place, step: Step) -> StepOutcome {
        if self.is_stopped() {
            return StepOutcome { step, ended: Ended::NotTried, error: None, at: None, requests: Vec::new() };
        }
        let (provider, organization) = (place.provider(), place.organization());
        let (result, requests) = recorded(async {
            match &step.act {
                Act::RevokeInvitation { id, .. } => provider.revoke_invitation(organization, id).await,
                Act::RemoveMember { member } => provider.remove_member(organization, &member.id).await,
            }
        })
        .await;
        let at = Some(self.options.clock.now());
        let error = result.as_ref().err().map(|error| Fault::of(error, id_of(&step)));
        StepOutcome { ended: ended(&result), step, error, at, requests }
    }

    /// Reads the place again, once more after a while if something that was done does not show yet.
    async fn verify(
        &self,
        place: &Place,
        outcome: PlaceOutcome,
        identity: Option<Result<orgport_core::Identity, Error>>,
    ) -> (PlaceOutcome, bool) {
        let mut waited = false;
        loop {
            if self.is_stopped() {
                return (unverified(outcome), true);
            }
            let snapshot = observe_one(place, &*self.options.clock).await;
            let capability = place.provider().capability().clone();
            let seen = Seen { snapshot, capability, identity: identity.clone() };
            let again = decide::place(&seen, self.people, self.selves, self.options);
            let may_lag =
                |step: &Step| outcome.steps.iter().any(|done| done.step.act == step.act && done.may_show());
            if waited || !again.steps.iter().any(may_lag) {
                return (judged(outcome, again), false);
            }
            waited = true;
            let settle = self.options.settle.unwrap_or_else(|| place.provider().settle());
            select(self.options.clock.sleep(settle), self.stop.clone()).await;
        }
    }
}

impl StepOutcome {
    /// Whether what was taken can still be listed for a while.
    fn may_show(&self) -> bool {
        !matches!(self.ended, Ended::Failed | Ended::NotTried)
    }
}

fn id_of(step: &Step) -> Option<&InvitationId> {
    match &step.act {
        Act::RevokeInvitation { id, .. } => Some(id),
        Act::RemoveMember { .. } => None,
    }
}

fn ended(result: &Result<(), Error>) -> Ended {
    let unclear = |error: &Error| {
        error.reach() == Reach::Unanswered
            || matches!(error.kind(), ErrorKind::Ambiguous | ErrorKind::Incomplete)
    };
    match result {
        Ok(()) => Ended::Done,
        Err(error) if error.kind() == ErrorKind::NotFound => Ended::AlreadyGone,
        Err(error) if unclear(error) => Ended::Unclear,
        Err(_) => Ended::Failed,
    }
}

/// What was read behind it all decides what is left.
fn judged(outcome: PlaceOutcome, again: PlacePlan) -> PlaceOutcome {
    let mut left = again.left;
    left.extend(again.steps.iter().map(|step| still_there(step, &outcome.steps)));
    PlaceOutcome { after: again.before, left, unknown: again.unknown, notes: again.notes, ..outcome }
}

fn still_there(step: &Step, done: &[StepOutcome]) -> Left {
    let tried = done.iter().find(|one| one.step.act == step.act);
    let (reason, because) = match tried {
        None => (LeftReason::NotTried, "it came in while this ran".to_owned()),
        Some(StepOutcome { ended: Ended::NotTried, .. }) => {
            (LeftReason::NotTried, "stopped before".to_owned())
        }
        Some(StepOutcome { error: Some(error), ended: Ended::Failed | Ended::Unclear, .. }) => {
            (LeftReason::Failed, error.message.clone())
        }
        Some(_) => (LeftReason::StillListed, "the vendor took it and still lists it".to_owned()),
    };
    Left::of(step, reason, because)
}

impl Left {
    fn of(step: &Step, reason: LeftReason, because: String) -> Self {
        let (what, until) = match &step.act {
            Act::RevokeInvitation { invitation, .. } => {
                (decide::invitation_in_words(invitation), invitation.expires_at)
            }
            Act::RemoveMember { member } => (decide::member_in_words(member), None),
        };
        let by_hand = Some("run it again".to_owned());
        Self { person: step.person.clone(), what, reason, because, by_hand, until }
    }
}

/// Nothing was sent, so that what was seen before still holds.
fn not_tried(mut outcome: PlaceOutcome) -> PlaceOutcome {
    let left = outcome.steps.iter();
    let left: Vec<_> =
        left.map(|one| Left::of(&one.step, LeftReason::NotTried, "stopped before".to_owned())).collect();
    outcome.left.extend(left);
    outcome
}

/// Something was sent and nobody looked behind it.
fn unverified(mut outcome: PlaceOutcome) -> PlaceOutcome {
    let why = Error::new(ErrorKind::Cancelled, "stopped before the place was read again: run it again");
    outcome.unknown.push(Fault::of(&why, None));
    outcome
}
