//! One call's rounds: send to everybody who is open, settle whom the replies and looks settle,
//! and go on with those for whom sending again is proven to be safe.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::look::{Baseline, Look, Presence, Search, newest};
use super::progress::Figures;
use super::replaced::Replaced;
use super::{InviteEngine, Job, differing};
use crate::adapter::{Adapter, Draft, Reply};
use crate::capability::MemberEmails;
use crate::coordination::{Hold, Intent, Patience, lost, note_attempt};
use crate::error::{Error, ErrorKind, LeftBehind, Reach};
use crate::http::{Transport, stopped};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InviteOutcome, Via};
use crate::stop::Stop;

/// How many requests are in flight at most where no transport says so.
const WITHOUT_TRANSPORT: usize = 8;

/// How often one person is sent to in one call; each time after the first only behind a proof that
/// the one before it came to nothing.
const MAX_SENDS: u8 = 3;

type Emit<'a> = &'a (dyn Fn(usize, Result<InviteOutcome, Error>) + Send + Sync);

/// A person who is not settled yet.
pub(super) struct Open {
    pub(super) index: usize,
    draft: Draft,
    sends: u8,
    dead_row_cleared: bool,
}

/// How a batch ended that did not settle by its reply.
enum Ending {
    /// The vendor says it is done, and not what.
    Accepted,
    /// The vendor itself said no.
    Refused(Error),
    /// The row may be there while its mail was not sent.
    MailInDoubt(Error),
    /// Nobody knows: no finished answer came.
    Unanswered(Error),
}

/// A batch that a look has to settle.
pub(super) struct Unsettled {
    pub(super) people: Vec<Open>,
    ending: Ending,
    sent_at: Duration,
}

pub(super) struct Run<'a> {
    pub(super) engine: &'a InviteEngine,
    pub(super) adapter: &'a dyn Adapter,
    organization: &'a OrganizationId,
    hold: &'a Arc<Hold>,
    /// How long it may still wait for what others have sent.
    patience: Patience,
    emit: Emit<'a>,
    pub(super) figures: Arc<Figures>,
    pub(super) stop: Stop,
    /// How many requests may be in flight.
    pub(super) concurrency: usize,
    /// What was there before anything was sent.
    before: Baseline,
    /// How many rows that look read.
    pub(super) rows_before: usize,
    /// The first error after which going on makes no sense.
    fatal: OnceLock<String>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        engine: &'a InviteEngine,
        adapter: &'a dyn Adapter,
        organization: &'a OrganizationId,
        (hold, patience): (&'a Arc<Hold>, Patience),
        emit: Emit<'a>,
        Job { figures, stop }: Job,
    ) -> Self {
        let settings = adapter.transport().map(Transport::settings);
        Self {
            engine,
            adapter,
            organization,
            hold,
            patience,
            emit,
            figures,
            stop: stop.child(),
            concurrency: settings.map_or(WITHOUT_TRANSPORT, |settings| settings.max_concurrency),
            before: Baseline::default(),
            rows_before: 0,
            fatal: OnceLock::new(),
        }
    }

    pub(super) async fn invite_all(mut self, wanted: Vec<(usize, Draft)>) {
        let people: Vec<_> = wanted
            .into_iter()
            .map(|(index, draft)| Open { index, draft, sends: 0, dead_row_cleared: false })
            .collect();
        let asked_at = self.engine.clock.elapsed();
        let intents = match self.hold.intents().await {
            Ok(intents) => intents,
            Err(error) => return self.end_all(&people, || error.clone()),
        };
        let open = self.without_those_present(people).await;
        let is_open = |person: &Open| intents.get(&person.index).is_some_and(|noted| !noted.left.is_zero());
        let (unclear, open): (Vec<_>, Vec<_>) = open.into_iter().partition(is_open);
        self.send_to_all(self.without_those_cut_off(open, &intents)).await;
        let unclear = self.wait_for_earlier(unclear, &intents, asked_at).await;
        if !unclear.is_empty() {
            let open = self.without_those_present(unclear).await;
            self.send_to_all(self.without_those_cut_off(open, &intents)).await;
        }
    }

    /// Tells of invitations that a resend has deleted and did not come to replace, where inviting would
    /// lose what they had.
    fn without_those_cut_off(&self, people: Vec<Open>, intents: &HashMap<usize, Intent>) -> Vec<Open> {
        let mut open = Vec::new();
        for person in people {
            let memo = intents.get(&person.index).and_then(|noted| noted.memo.as_deref());
            let lost = memo
                .filter(|_| person.draft.replaces.is_none())
                .and_then(Replaced::read)
                .and_then(|replaced| replaced.lost_by(&person.draft));
            match lost {
                None => open.push(person),
                Some(error) => {
                    self.hold.take_over(person.index);
                    (self.emit)(person.index, Err(error));
                }
            }
        }
        open
    }

    async fn send_to_all(&self, mut open: Vec<Open>) {
        while !open.is_empty() {
            let unsettled = self.send(open).await;
            open = self.settle(unsettled).await;
        }
    }

    /// Waits until what an earlier call has sent to these people, and did not settle, must show in
    /// the lists.
    async fn wait_for_earlier(
        &self,
        people: Vec<Open>,
        intents: &HashMap<usize, Intent>,
        asked_at: Duration,
    ) -> Vec<Open> {
        let left =
            people.iter().filter_map(|person| intents.get(&person.index)).map(|noted| noted.left).max();
        let wait = (asked_at + left.unwrap_or_default()).saturating_sub(self.engine.clock.elapsed());
        if self.patience.left().is_some_and(|patience| wait > patience) {
            self.end_all(&people, || unclear(wait));
            return Vec::new();
        }
        if !wait.is_zero() {
            tracing::debug!(people = people.len(), ?wait, "waiting for what was sent before and not settled");
            tokio::select! {
                () = self.stop.stopped() => {}
                () = self.engine.clock.sleep(wait) => {}
            }
        }
        people
    }

    /// The baseline: settles everybody who needs no invitation.
    async fn without_those_present(&mut self, people: Vec<Open>) -> Vec<Open> {
        if self.is_ended() {
            self.cancel(&people);
            return Vec::new();
        }
        let look = match self.look(people.iter()).await {
            Ok(look) => look,
            Err(error) => {
                self.end_all(&people, || error.clone().with_reach(Reach::NotSent));
                return Vec::new();
            }
        };
        self.before = look.baseline();
        self.rows_before = look.rows;
        let mut open = Vec::new();
        for person in people {
            match look.find(&person.draft.invitee) {
                Some(there) => (self.emit)(person.index, Ok(already(&person.draft, there))),
                None => match look.obstacle(&person.draft.invitee) {
                    None => open.push(person),
                    Some(obstacle) => (self.emit)(person.index, Err(obstacle)),
                },
            }
        }
        let max_body = self.adapter.transport().map(|transport| transport.settings().max_body);
        if let Some(error) = max_body.and_then(|max_body| look.overflow(open.len(), max_body)) {
            self.end_all(&open, || error.clone());
            return Vec::new();
        }
        open
    }

    /// Whether nothing new is to be sent.
    pub(super) fn is_ended(&self) -> bool {
        self.fatal.get().is_some() || self.stop.is_stopped()
    }

    /// Ends those who are not sent to any more.
    pub(super) fn cancel(&self, people: &[Open]) {
        self.end_all(people, || match self.fatal.get() {
            Some(why) => {
                let message = format!("not attempted, because an invitation before it failed: {why}");
                Error::new(ErrorKind::Cancelled, message)
            }
            None => stopped(),
        });
    }

    pub(super) async fn look(&self, people: impl Iterator<Item = &Open>) -> Result<Look, Error> {
        let begun = self.engine.clock.elapsed();
        let wanted: Vec<_> = people.map(|person| &person.draft.invitee).collect();
        let filter = self.adapter.look_filter();
        let mut look = Search {
            adapter: self.adapter,
            organization: self.organization,
            filter: &filter,
            wanted: &wanted,
        }
        .look()
        .await?;
        look.begun = begun;
        Ok(look)
    }

    pub(super) async fn send_batch(&self, mut people: Vec<Open>) -> Option<Unsettled> {
        if self.hold.is_lost() {
            self.end_all(&people, lost);
            return None;
        }
        for person in &mut people {
            person.sends += 1;
        }
        let result = self.send_noted(&people).await;
        let sent_at = self.engine.clock.elapsed();
        let error = match result {
            Ok(Reply::AlreadyThere(row)) => {
                for person in people {
                    let differs = differing(person.draft.role.as_ref(), row.role.as_ref());
                    let outcome = InviteOutcome::AlreadyInvited((*row).clone(), Via::Reply, differs);
                    (self.emit)(person.index, Ok(outcome));
                }
                return None;
            }
            Ok(Reply::Accepted) => return Some(Unsettled { people, ending: Ending::Accepted, sent_at }),
            Ok(Reply::Listed(rows)) => {
                let own = rows.into_iter().filter_map(|row| row.belonging(self.organization).ok());
                let people = self.settle_by_reply(people, &own.collect::<Vec<_>>());
                return (!people.is_empty()).then_some(Unsettled {
                    people,
                    ending: Ending::Accepted,
                    sent_at,
                });
            }
            Err(error) => error,
        };
        if self.is_hidden_member(&people, &error) {
            let outcome = InviteOutcome::AlreadyMember(None, Via::Reply, None);
            for person in people {
                (self.emit)(person.index, Ok(outcome.clone()));
            }
            return None;
        }
        if is_fatal(&error) {
            // A later batch may have failed the same way: the first one names the reason.
            let _ = self.fatal.set(error.to_string());
            // Those that wait for a limit are not sent either.
            self.stop.stop();
        }
        if error.kind() == ErrorKind::Cancelled && error.reach() == Reach::NotSent {
            self.cancel(&people);
            return None;
        }
        let needs_no_look = error.reach() == Reach::NotSent || error.kind() == ErrorKind::Unauthenticated;
        if needs_no_look {
            self.end_all(&people, || error.clone());
            return None;
        }
        let ending = if self.adapter.is_mail_in_doubt(&error) {
            Ending::MailInDoubt(error)
        } else if error.reach() == Reach::Answered {
            Ending::Refused(error)
        } else {
            Ending::Unanswered(error)
        };
        Some(Unsettled { people, ending, sent_at })
    }

    /// Whether the vendor refused because the one person that was sent to is a member whom no look
    /// shows.
    fn is_hidden_member(&self, people: &[Open], refusal: &Error) -> bool {
        people.len() == 1
            && self.adapter.capability().member_emails == MemberEmails::Hidden
            && refusal.reach() == Reach::Answered
            && self.adapter.is_member_already(refusal)
    }

    /// Sends, and has it noted before what is sent leaves: by the transport, before each attempt, and
    /// here for an adapter without one.
    async fn send_noted(&self, people: &[Open]) -> Result<Reply, Error> {
        let batch: Vec<_> = people.iter().map(|person| person.draft.clone()).collect();
        let indices = people.iter().map(|person| person.index).collect();
        let lasts = self.engine.lasts();
        let sending = async {
            if self.adapter.transport().is_none() {
                note_attempt().await?;
            }
            self.adapter.send_invitations(self.organization, &batch).await
        };
        self.hold.noting(indices, lasts, sending).await
    }

    fn settle_by_reply(&self, people: Vec<Open>, rows: &[Invitation]) -> Vec<Open> {
        let is_made = |row: &&Invitation| row.is_pending() && !self.before.has(row);
        let mut open = Vec::new();
        for person in people {
            match newest(rows.iter().filter(|row| row.is_for(&person.draft.invitee)).filter(is_made)) {
                Some(row) => (self.emit)(person.index, invited(&person, row.clone(), Via::Reply)),
                None => open.push(person),
            }
        }
        open
    }

    /// Settles by looks; answers those to whom sending again is proven to be safe.
    async fn settle(&self, mut unsettled: Vec<Unsettled>) -> Vec<Open> {
        if unsettled.is_empty() {
            return Vec::new();
        }
        let mut again = Vec::new();
        // Presence settles at once, so look at once.
        let look = self.look(unsettled.iter().flat_map(|batch| &batch.people)).await;
        if let Ok(look) = &look {
            unsettled = self.settle_present(unsettled, look);
        }
        let is_complete = look.as_ref().ok().filter(|look| look.incomplete.is_none());
        let is_proof = |batch: &Unsettled| match is_complete {
            Some(look) => self.is_absence_proof(batch, look.begun),
            None => self.is_absence_proof_at_once(batch),
        };
        let (proven, open): (Vec<_>, Vec<_>) = unsettled.into_iter().partition(is_proof);
        again.extend(self.settle_absent(proven, look).await);
        if open.is_empty() {
            return again;
        }
        let last_sent = open.iter().map(|batch| batch.sent_at).max().unwrap_or_default();
        self.engine.wait_until_settled(last_sent).await;
        let look = self.look(open.iter().flat_map(|batch| &batch.people)).await;
        let open = match &look {
            Ok(look) => self.settle_present(open, look),
            Err(_) => open,
        };
        again.extend(self.settle_absent(open, look).await);
        again
    }

    /// Whether who is not in a complete look that began then is absent for good.
    pub(super) fn is_absence_proof(&self, batch: &Unsettled, begun: Duration) -> bool {
        self.is_absence_proof_at_once(batch) || self.is_settled(batch.sent_at, begun)
    }

    /// Whether what was sent then can no longer change what a look from then on sees.
    fn is_settled(&self, sent_at: Duration, begun: Duration) -> bool {
        begun >= sent_at + self.engine.limits.settle
    }

    /// Whether the vendor's own answer was finished, so that nothing changes behind it.
    fn is_absence_proof_at_once(&self, batch: &Unsettled) -> bool {
        match &batch.ending {
            Ending::Accepted => self.adapter.lists_at_once(),
            Ending::Refused(_) => true,
            Ending::MailInDoubt(error) => error.reach() == Reach::Answered,
            Ending::Unanswered(_) => false,
        }
    }

    /// Settles everybody whom the look shows, and keeps the others with their batch.
    pub(super) fn settle_present(&self, unsettled: Vec<Unsettled>, look: &Look) -> Vec<Unsettled> {
        let mut kept = Vec::new();
        for Unsettled { people, ending, sent_at } in unsettled {
            let is_settled = self.is_settled(sent_at, look.begun);
            let found: Vec<_> = people.iter().map(|person| look.find(&person.draft.invitee)).collect();
            let is_partial = found.iter().any(Option::is_some) && found.iter().any(Option::is_none);
            if is_partial && matches!(ending, Ending::Unanswered(_)) && !is_settled {
                // The vendor may still be at work on this batch: whether its mails go out shows later.
                kept.push(Unsettled { people, ending, sent_at });
                continue;
            }
            // A server that failed in the middle has stored rows and not mailed them, as mails go out
            // behind the last row; and whoever refuses has done something else than was asked.
            let in_doubt = match &ending {
                Ending::Refused(error) if !says_exists(error) => Some(error),
                Ending::Unanswered(error) if is_partial => Some(error),
                Ending::MailInDoubt(error) => Some(error),
                _ => None,
            };
            let exists = matches!(&ending, Ending::Refused(error) if says_exists(error));
            let mut absent = Vec::new();
            for (person, found) in people.into_iter().zip(found) {
                match (found, in_doubt) {
                    (Some(Presence::Invited(row)), _) if exists || self.before.has(&row) => {
                        (self.emit)(person.index, Ok(already(&person.draft, Presence::Invited(row))));
                    }
                    (Some(Presence::Invited(row)), Some(error)) => {
                        (self.emit)(person.index, Err(without_mail(&person, &row, error)));
                    }
                    (Some(Presence::Invited(row)), None) => {
                        (self.emit)(person.index, invited(&person, row, Via::Look));
                    }
                    (Some(Presence::Member(member)), _) if self.before.had(member.id.as_str()) => {
                        (self.emit)(person.index, Ok(already(&person.draft, Presence::Member(member))));
                    }
                    (Some(Presence::Member(member)), _) => {
                        (self.emit)(person.index, Ok(InviteOutcome::Joined(member, Via::Look)));
                    }
                    (None, _) => absent.push(person),
                }
            }
            if !absent.is_empty() {
                kept.push(Unsettled { people: absent, ending, sent_at });
            }
        }
        kept
    }

    /// Settles those whom the look does not show; answers those to send to again.
    pub(super) async fn settle_absent(
        &self,
        unsettled: Vec<Unsettled>,
        look: Result<Look, Error>,
    ) -> Vec<Open> {
        let look = look.and_then(|mut look| match look.incomplete.take() {
            Some(error) => Err(error),
            None => Ok(look),
        });
        let mut again = Vec::new();
        for Unsettled { people, ending, .. } in unsettled {
            let people = match &look {
                Ok(look) if is_certain(&ending) => self.settle_strange(people, look),
                Ok(look) => self.settle_made(self.settle_strange(people, look), look),
                Err(_) => people,
            };
            match (&look, ending) {
                (Ok(look), Ending::Refused(error)) => {
                    again.extend(self.settle_refused(people, &error, look).await);
                }
                (Ok(_), Ending::Unanswered(error)) => again.extend(self.again_or(people, &error)),
                (Ok(_), Ending::MailInDoubt(error)) if error.reach() != Reach::Answered => {
                    again.extend(self.again_or(people, &error));
                }
                (Ok(_), Ending::Accepted) if self.adapter.lists_at_once() => {
                    let message = "the vendor accepted the invitation and made none; it was not sent again";
                    self.end_all(&people, || {
                        Error::new(ErrorKind::Protocol, message).with_reach(Reach::Answered)
                    });
                }
                (Ok(_), Ending::Accepted) => {
                    self.end_all(&people, || {
                        ambiguous("the vendor accepted the invitation and shows none", None)
                    });
                }
                (Ok(_), Ending::MailInDoubt(error)) => {
                    self.end_all(&people, || {
                        ambiguous(
                            "the vendor tells of an invitation without a mail and shows none",
                            Some(&error),
                        )
                    });
                }
                // The vendor said no, and that much is known without a look; not what it did.
                (Err(failed), Ending::Refused(error)) if !is_server_fault(&error) => {
                    self.end_all(&people, || unseen(&error, failed));
                }
                (
                    Err(failed),
                    Ending::Refused(error) | Ending::Unanswered(error) | Ending::MailInDoubt(error),
                ) => {
                    let message = format!(
                        "whether the invitation was made is not known ({error}), and looking failed too"
                    );
                    self.end_all(&people, || ambiguous(&message, Some(failed)));
                }
                (Err(failed), Ending::Accepted) => self.end_all(&people, || {
                    ambiguous("the vendor accepted the invitation, and looking for it failed", Some(failed))
                }),
            }
        }
        again
    }

    /// Settles those for whom something was made that is no waiting invitation, which is no absence.
    fn settle_made(&self, people: Vec<Open>, look: &Look) -> Vec<Open> {
        let mut absent = Vec::new();
        for person in people {
            match look.find_made(&person.draft.invitee, &self.before) {
                None => absent.push(person),
                Some(made) => {
                    let what = format!("an invitation was made that the vendor shows as {}", made.status);
                    (self.emit)(person.index, Err(ambiguous(&what, None)));
                }
            }
        }
        absent
    }

    /// A row that came up behind the send and does not show whose it is may be anybody's: then nobody is
    /// proven to be absent.
    fn settle_strange(&self, people: Vec<Open>, look: &Look) -> Vec<Open> {
        let is_in_doubt = |person: &Open| look.has_new_stranger(&self.before, &person.draft.invitee);
        let (in_doubt, absent): (Vec<_>, Vec<_>) = people.into_iter().partition(is_in_doubt);
        self.end_all(&in_doubt, || {
            let what =
                "the vendor shows a new row that cannot be read or has no address, which may be this person's";
            ambiguous(what, None).not_retryable()
        });
        absent
    }

    /// Whether this refusal may have come in the middle of a batch, behind rows that were made.
    fn is_cut_batch(&self, refusal: &Error) -> bool {
        is_server_fault(refusal) && self.adapter.capability().batch_size > 1
    }

    async fn settle_refused(&self, people: Vec<Open>, refusal: &Error, look: &Look) -> Vec<Open> {
        let is_server_fault = is_server_fault(refusal);
        let mut again = Vec::new();
        let mut people = people.into_iter();
        // Rows are made in order, so the first one missing is the one that stopped the batch; those
        // behind it were never looked at.
        if self.is_cut_batch(refusal)
            && let Some(first) = people.next()
        {
            (self.emit)(first.index, Err(refusal.clone()));
        }
        for mut person in people {
            if is_server_fault {
                again.extend(self.again_or(vec![person], refusal));
                continue;
            }
            let dead = look.find_dead(&person.draft.invitee).filter(|_| !person.dead_row_cleared);
            let cleared = match dead {
                Some(dead) => {
                    self.adapter.clear_dead(self.organization, dead, refusal).await.unwrap_or(false)
                }
                None => false,
            };
            if cleared && person.sends < MAX_SENDS {
                person.dead_row_cleared = true;
                again.push(person);
            } else {
                (self.emit)(person.index, Err(refusal.clone()));
            }
        }
        again
    }

    /// Those who may be sent to once more; the others end with the error.
    fn again_or(&self, people: Vec<Open>, error: &Error) -> Vec<Open> {
        let (again, ended): (Vec<_>, Vec<_>) =
            people.into_iter().partition(|person| person.sends < MAX_SENDS);
        self.end_all(&ended, || {
            // The looks have proven that nothing happened, whatever the request's own end was.
            let kind = match error.kind() {
                ErrorKind::Ambiguous | ErrorKind::Incomplete => ErrorKind::Unavailable,
                kind => kind,
            };
            let message =
                format!("not invited after {MAX_SENDS} tries; nothing was made and no mail went out");
            error.clone().with_kind(kind).with_message(message).with_reach(Reach::NotSent)
        });
        again
    }

    fn end_all(&self, people: &[Open], error: impl Fn() -> Error) {
        for person in people {
            (self.emit)(person.index, Err(error()));
        }
    }
}

/// The error of a call that cannot wait until an earlier one's send must show.
pub(super) fn unclear(wait: Duration) -> Error {
    let message = format!(
        "nothing was sent: an earlier call has sent an invitation and did not learn what became of it; inviting \
         again is safe in {} s, and looks first",
        wait.as_secs() + 1
    );
    Error::new(ErrorKind::Ambiguous, message).with_reach(Reach::NotSent).with_retry_after(Some(wait))
}

/// A refusal behind which nobody could look.
fn unseen(refusal: &Error, failed: &Error) -> Error {
    let message = "whether the vendor has made an invitation all the same could not be looked at: look at the \
                   invitations";
    let message =
        [refusal.message(), message].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
    refusal.clone().with_message(message.join("; ")).with_source(failed.clone()).perhaps_done()
}

/// Whether everybody else would fail the same way; a limit does where nobody knows when it ends.
fn is_fatal(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Unauthenticated | ErrorKind::PermissionDenied | ErrorKind::Config => true,
        ErrorKind::RateLimited => !error.is_retryable(),
        _ => false,
    }
}

fn is_server_fault(refusal: &Error) -> bool {
    refusal.status().is_some_and(|status| status >= 500)
}

fn ambiguous(what: &str, cause: Option<&Error>) -> Error {
    let message = format!(
        "{what}; it was not sent again: look at the invitations, or invite again later, which looks first"
    );
    let error = Error::new(ErrorKind::Ambiguous, message).with_reach(Reach::Unanswered);
    match cause {
        Some(cause) => error.with_source(cause.clone()),
        None => error,
    }
}

/// Whether the vendor refused because the person is there, in its own words where it has no code.
fn says_exists(refusal: &Error) -> bool {
    let words = [refusal.vendor_code(), refusal.vendor_message()].into_iter().flatten();
    let says = |words: &str| ["already", "exist", "duplicate"].iter().any(|word| words.contains(word));
    refusal.kind() == ErrorKind::AlreadyExists || words.map(str::to_lowercase).any(|words| says(&words))
}

/// Whether the vendor's refusal says for sure that nothing was made.
fn is_certain(ending: &Ending) -> bool {
    matches!(ending, Ending::Refused(error) if !is_server_fault(error))
}

/// The outcome for somebody who is there already.
fn already(draft: &Draft, there: Presence) -> InviteOutcome {
    let asked = draft.role.as_ref();
    match there {
        Presence::Invited(row) => {
            let differs = differing(asked, row.role.as_ref());
            InviteOutcome::AlreadyInvited(row, Via::Look, differs)
        }
        Presence::Member(member) => {
            let differs = differing(asked, member.role.as_ref());
            InviteOutcome::AlreadyMember(Some(member), Via::Look, differs)
        }
    }
}

/// The outcome of a new invitation, which must have the role that was asked for.
fn invited(person: &Open, row: Invitation, via: Via) -> Result<InviteOutcome, Error> {
    let Some(asked) = differing(person.draft.role.as_ref(), row.role.as_ref()) else {
        return Ok(InviteOutcome::Invited(row, via));
    };
    let present = row.role.as_ref().map_or_else(String::new, ToString::to_string);
    let what = format!(
        "the vendor made the invitation with the role {present} instead of {asked}, and its mail went out: revoke \
         it, or set the role once the person is a member"
    );
    let left_behind = LeftBehind::new(&what)
        .with_person(Some(person.draft.invitee.clone()), row.role.clone())
        .with_native(row.native.clone());
    Err(Error::new(ErrorKind::Incomplete, what).with_reach(Reach::Answered).with_left_behind(left_behind))
}

fn without_mail(person: &Open, row: &Invitation, cause: &Error) -> Error {
    let what = "the invitation exists, and its mail was not sent or may not have been; resend the invitation";
    let left_behind = LeftBehind::new(what)
        .with_person(Some(person.draft.invitee.clone()), row.role.clone())
        .with_native(row.native.clone());
    cause.clone().with_kind(ErrorKind::Incomplete).with_message(what).with_left_behind(left_behind)
}
