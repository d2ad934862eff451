//! What must be true behind each step, whatever went wrong during it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use orgport_core::{
    Email, Error, ErrorKind, Invitation, InvitationFilter, InvitationId, InviteOutcome, Member, MemberId,
    OrganizationId, Provider, Role, stream,
};

use crate::arena::Fired;
use crate::plan::Kind;

/// What is really there, and who was mailed how often.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) invitations: Vec<Invitation>,
    pub(crate) members: Vec<Member>,
    pub(crate) mails: BTreeMap<String, usize>,
}

impl Truth {
    pub(crate) async fn read(
        witness: &dyn Provider,
        organization: &OrganizationId,
        mails: Vec<Email>,
    ) -> Result<Self, String> {
        let broken = |error: Error| format!("the undisturbed witness fails: {error}");
        let mut truth = Self::default();
        let filter = InvitationFilter::all();
        let mut rows = stream::invitations(witness, organization, &filter);
        while let Some(row) = rows.next().await {
            truth.invitations.push(row.map_err(broken)?);
        }
        let mut rows = stream::members(witness, organization);
        while let Some(row) = rows.next().await {
            truth.members.push(with_address(row.map_err(broken)?));
        }
        for email in mails {
            *truth.mails.entry(email.key().to_owned()).or_default() += 1;
        }
        Ok(truth)
    }

    pub(crate) fn live(&self, email: &Email) -> Option<&Invitation> {
        self.invitations.iter().find(|row| row.is_pending() && row.email.as_ref() == Some(email))
    }

    pub(crate) fn member(&self, email: &Email) -> Option<&Member> {
        self.members.iter().find(|row| row.email.as_ref() == Some(email))
    }

    fn has_invitation(&self, id: &InvitationId) -> bool {
        self.invitations.iter().any(|row| row.id == *id)
    }

    fn role_of(&self, id: &MemberId) -> Option<&Role> {
        self.members.iter().find(|row| row.id == *id)?.role.as_ref()
    }

    pub(crate) fn mails_to(&self, email: &Email) -> usize {
        self.mails.get(email.key()).copied().unwrap_or_default()
    }
}

/// What the program under test said of a step.
#[derive(Debug)]
pub(crate) enum Reported {
    /// Of each address in the order of the list.
    Invited(Vec<(Email, Result<InviteOutcome, Error>)>),
    /// By two providers at one moment.
    InvitedAtOnce(Email, Box<[Result<InviteOutcome, Error>; 2]>),
    Resent {
        id: InvitationId,
        email: Email,
        result: Result<Box<Invitation>, Error>,
    },
    Revoked {
        id: InvitationId,
        result: Result<(), Error>,
    },
    Removed {
        id: MemberId,
        result: Result<(), Error>,
    },
    RoleSet {
        id: MemberId,
        role: Role,
        result: Result<(), Error>,
    },
    /// There was nothing to do it to.
    Nothing,
}

impl Reported {
    /// Whom this step may send one mail each.
    pub(crate) fn may_mail(&self) -> BTreeSet<String> {
        match self {
            Self::Invited(outcomes) => outcomes.iter().map(|(email, _)| email.key().to_owned()).collect(),
            Self::InvitedAtOnce(email, _) | Self::Resent { email, .. } => {
                BTreeSet::from([email.key().to_owned()])
            }
            _ => BTreeSet::new(),
        }
    }

    /// Holds a step against what was there before and behind it, when everything has come to rest.
    pub(crate) fn check(&self, before: &Truth, after: &Truth, fired: &Fired) -> Result<(), String> {
        let may_mail = self.may_mail();
        for (key, now) in &after.mails {
            let sent = now - before.mails.get(key).copied().unwrap_or_default();
            if sent > usize::from(may_mail.contains(key)) {
                return Err(format!("{sent} mails went to {key}"));
            }
        }
        let case = Case { before, after, fired };
        match self {
            Self::Invited(outcomes) => {
                let mut firsts = BTreeSet::new();
                outcomes.iter().try_for_each(|(email, outcome)| {
                    let is_first = firsts.insert(email.key());
                    let said =
                        outcome.as_ref().map_or_else(ToString::to_string, |yes| yes.as_str().to_owned());
                    let verdict =
                        if is_first { case.invited(email, outcome) } else { case.repeated(email, outcome) };
                    verdict.map_err(|why| format!("inviting {email} was said to be `{said}`: {why}"))
                })
            }
            Self::InvitedAtOnce(email, outcomes) => case
                .invited_at_once(email, outcomes)
                .map_err(|why| format!("inviting {email} at once was said to be {outcomes:?}: {why}")),
            Self::Resent { id, email, result } => case
                .resent(id, email, result)
                .map_err(|why| format!("resending to {email} was said to be {}: {why}", told(result))),
            Self::Revoked { id, result } => {
                let (was, is) = (before.has_invitation(id), after.has_invitation(id));
                case.gone(was, is, result)
                    .map_err(|why| format!("revoking was said to be {}: {why}", told(result)))
            }
            Self::Removed { id, result } => {
                let is_in = |truth: &Truth| truth.members.iter().any(|row| row.id == *id);
                case.gone(is_in(before), is_in(after), result)
                    .map_err(|why| format!("removing was said to be {}: {why}", told(result)))
            }
            Self::RoleSet { id, role, result } => {
                let (was, is) = (before.role_of(id), after.role_of(id));
                let holds = match result {
                    Ok(()) => is == Some(role),
                    Err(error) if is_open(error) => is == was || is == Some(role),
                    Err(_) => is == was,
                };
                let why =
                    || format!("setting {role} was said to be {}, from {was:?} to {is:?}", told(result));
                if holds { Ok(()) } else { Err(why()) }
            }
            Self::Nothing => Ok(()),
        }
    }
}

fn told<T>(result: &Result<T, Error>) -> String {
    match result {
        Ok(_) => "`done`".to_owned(),
        Err(error) => format!("`{error}`"),
    }
}

/// Whether an error leaves open what happened.
fn is_open(error: &Error) -> bool {
    error.kind() == ErrorKind::Incomplete || error.may_be_done()
}

fn not(is: bool) -> &'static str {
    if is { "" } else { "not " }
}

struct Case<'a> {
    before: &'a Truth,
    after: &'a Truth,
    fired: &'a Fired,
}

impl Case<'_> {
    fn has_fired(&self, kind: Kind) -> bool {
        self.fired.get(&kind).is_some_and(|times| *times > 0)
    }

    /// Of something that was to go away.
    fn gone(&self, was: bool, is: bool, result: &Result<(), Error>) -> Result<(), String> {
        // Who is told in a vendor's words that there is nothing there can only believe it.
        let is_misled = self.has_fired(Kind::Refusal) || self.has_fired(Kind::Outage);
        let holds = match result {
            Ok(()) => !is,
            Err(error) if error.kind() == ErrorKind::NotFound => !is || is_misled,
            Err(error) if is_open(error) => was || !is,
            Err(_) => is == was,
        };
        if holds { Ok(()) } else { Err(format!("it was {}there and is {}there", not(was), not(is))) }
    }

    fn sent(&self, email: &Email) -> usize {
        self.after.mails_to(email) - self.before.mails_to(email)
    }

    fn invited(&self, email: &Email, outcome: &Result<InviteOutcome, Error>) -> Result<(), String> {
        let sent = self.sent(email);
        let was_in = self.before.live(email).is_some() || self.before.member(email).is_some();
        // A row without an address is of nobody, for a vendor that would mail again.
        if was_in && sent > 0 && !self.has_fired(Kind::OddValue) {
            return Err("a mail went to somebody who is in or waits already".to_owned());
        }
        let live = self.after.live(email);
        match outcome {
            Ok(InviteOutcome::Invited(row, _)) => {
                if live.is_none_or(|live| live.id != row.id) {
                    return Err(format!("{} is not what is there: {live:?}", row.id));
                }
                self.mailed_once(sent)
            }
            Ok(InviteOutcome::AlreadyInvited(row, ..)) => {
                // A refusal that says so is believed.
                let is_said = self.has_fired(Kind::RefusalBehindRow);
                let is = |there: Option<&Invitation>| there.is_some_and(|live| live.id == row.id);
                let was =
                    is_said && is(live) || self.before.live(email).is_some_and(|live| live.id == row.id);
                if was { Ok(()) } else { Err("it was not there before".to_owned()) }
            }
            Ok(InviteOutcome::Joined(..)) => {
                let has_joined = self.before.member(email).is_none() && self.after.member(email).is_some();
                if has_joined { Ok(()) } else { Err("the person did not join now".to_owned()) }
            }
            Ok(InviteOutcome::AlreadyMember(..)) => {
                if self.before.member(email).is_some() {
                    Ok(())
                } else {
                    Err("nobody was a member".to_owned())
                }
            }
            Ok(other) => Err(format!("nobody knows {other:?}")),
            Err(error) => match error.kind() {
                ErrorKind::Ambiguous => Ok(()),
                ErrorKind::Incomplete if live.is_some() => Ok(()),
                ErrorKind::Incomplete => Err("there is no invitation".to_owned()),
                _ if error.may_be_done() => Ok(()),
                _ if sent > 0 => Err("a mail went out".to_owned()),
                _ if live.is_some() && !was_in => Err("there is an invitation".to_owned()),
                _ => Ok(()),
            },
        }
    }

    /// Only one of them can have done it; the other one waited, and saw it.
    fn invited_at_once(
        &self,
        email: &Email,
        outcomes: &[Result<InviteOutcome, Error>; 2],
    ) -> Result<(), String> {
        let made = |outcome: &&Result<InviteOutcome, Error>| {
            matches!(outcome, Ok(InviteOutcome::Invited(..) | InviteOutcome::Joined(..)))
        };
        if outcomes.iter().filter(made).count() > 1 {
            return Err("both say that they did it".to_owned());
        }
        let is_in = self.after.live(email).is_some() || self.after.member(email).is_some();
        let is_open = outcomes.iter().any(|outcome| outcome.as_ref().is_err_and(is_open));
        match outcomes.iter().any(Result::is_ok) {
            true if !is_in => Err("nobody is there".to_owned()),
            false if !is_open && self.sent(email) > 0 => Err("a mail went out".to_owned()),
            _ => Ok(()),
        }
    }

    /// A mail that the vendor loses without a word is missed by nobody; so is one whose failing
    /// answer did not come through.
    fn mailed_once(&self, sent: usize) -> Result<(), String> {
        let is_hidden = self.has_fired(Kind::FailAfterRows)
            && self.fired.values().filter(|times| **times > 0).count() > 1;
        match sent {
            1 => Ok(()),
            0 if self.has_fired(Kind::MailFails) || is_hidden => Ok(()),
            _ => Err(format!("{sent} mails went out")),
        }
    }

    fn repeated(&self, email: &Email, outcome: &Result<InviteOutcome, Error>) -> Result<(), String> {
        match outcome {
            Ok(InviteOutcome::AlreadyInvited(..)) if self.after.live(email).is_some() => Ok(()),
            Ok(InviteOutcome::AlreadyMember(..)) if self.after.member(email).is_some() => Ok(()),
            Ok(_) => Err("it stands in the list again".to_owned()),
            Err(_) => self.invited(email, outcome),
        }
    }

    fn resent(
        &self,
        id: &InvitationId,
        email: &Email,
        result: &Result<Box<Invitation>, Error>,
    ) -> Result<(), String> {
        let is_there = self.after.has_invitation(id);
        match result {
            Ok(new) => {
                if self.after.live(email).is_none_or(|live| live.id != new.id) {
                    return Err(format!("{} is not what is there", new.id));
                }
                // A vendor that answers "done" and does nothing is believed.
                if self.has_fired(Kind::NothingCreated) { Ok(()) } else { self.mailed_once(self.sent(email)) }
            }
            Err(error) if matches!(error.kind(), ErrorKind::Ambiguous | ErrorKind::Incomplete) => Ok(()),
            // No row tells what a vendor's own resend mailed behind a refusal; the invitation stays.
            Err(error) if self.has_fired(Kind::RefusalBehindRow) && (is_there || is_open(error)) => Ok(()),
            Err(_) if self.sent(email) > 0 => Err("a mail went out".to_owned()),
            Err(_) if !is_there && self.before.has_invitation(id) => Err("the invitation is lost".to_owned()),
            Err(_) => Ok(()),
        }
    }
}

/// A member whose address the vendor hides, with the one that the sandbox has named the account after.
fn with_address(mut member: Member) -> Member {
    if let (None, Some(account)) = (&member.email, &member.account) {
        member.email = Some(Email::verbatim(format!("{account}@chaos.example")));
    }
    member
}
