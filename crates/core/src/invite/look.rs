//! A look: who is invited and who is a member, right now.

mod search;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

pub(super) use self::search::Search;
use super::stranger::{Sorts, Stranger};
use crate::error::{Error, ErrorKind, Reach};
use crate::invitation::{Invitation, InvitationStatus};
use crate::invitee::Invitee;
use crate::member::Member;

/// What one look saw, by person. Presence in it counts even if it is not complete; absence
/// only if it is.
#[derive(Debug, Default)]
pub(super) struct Look {
    invitations: Rows<Invitation>,
    members: Rows<Member>,
    /// Rows that could not be decoded, or do not show what somebody who was looked for is known by.
    strangers: Vec<Stranger>,
    /// Why something may be missing.
    pub(super) incomplete: Option<Error>,
    /// When it began, by the engine's clock.
    pub(super) begun: Duration,
    /// How many rows it read.
    pub(super) rows: usize,
    /// The size of the invitations, where the vendor returns them whole.
    whole: Option<Size>,
}

/// Rows, by all whom they may be for.
#[derive(Debug)]
struct Rows<T> {
    rows: Vec<T>,
    by_person: HashMap<Invitee, Vec<usize>>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_person: HashMap::new() }
    }
}

impl<T> Rows<T> {
    fn add(&mut self, row: T, people: Vec<Invitee>) {
        for person in people {
            self.by_person.entry(person).or_default().push(self.rows.len());
        }
        self.rows.push(row);
    }

    fn of(&self, person: &Invitee) -> impl Iterator<Item = &T> {
        self.by_person.get(person).into_iter().flatten().map(|place| &self.rows[*place])
    }
}

/// The size of a list in one response.
#[derive(Debug, Clone, Copy)]
struct Size {
    rows: usize,
    bytes: usize,
}

/// What a look says about one person.
#[derive(Debug, Clone)]
pub(super) enum Presence {
    Invited(Invitation),
    Member(Member),
}

/// What was there before anything was sent.
#[derive(Debug, Default)]
pub(super) struct Baseline {
    invitations: HashSet<String>,
    strangers: HashSet<String>,
}

impl Baseline {
    /// Whether this invitation was there.
    pub(super) fn has(&self, row: &Invitation) -> bool {
        self.invitations.contains(row.id.as_str()) || self.had(row.id.as_str())
    }

    /// Whether a row that nobody could be matched with had this id.
    pub(super) fn had(&self, id: &str) -> bool {
        let quoted = format!("\"{id}\"");
        self.strangers.iter().any(|mark| mark == id || mark.contains(&quoted))
    }
}

impl Look {
    fn add_invitations(&mut self, rows: Vec<Invitation>, wanted: Sorts) {
        for row in rows {
            let people: Vec<_> = row.invitees().collect();
            self.strangers.extend(Stranger::unnamed(row.id.as_str(), people.iter().collect(), wanted));
            self.invitations.add(row, people);
        }
    }

    fn add_members(&mut self, rows: Vec<Member>, wanted: Sorts) {
        for row in rows {
            let people: Vec<_> = row.invitees().collect();
            self.strangers.extend(Stranger::unnamed(row.id.as_str(), people.iter().collect(), wanted));
            self.members.add(row, people);
        }
    }

    /// The person's live invitation, else the membership.
    pub(super) fn find(&self, person: &Invitee) -> Option<Presence> {
        let invitation = newest(self.invitations.of(person).filter(|row| row.is_pending()));
        invitation
            .cloned()
            .map(Presence::Invited)
            .or_else(|| self.members.of(person).next().cloned().map(Presence::Member))
    }

    /// What stands against inviting a person whom the look does not show: a list that was not read
    /// whole, an invitation of which nobody can tell whether it waits, a row that may be the person's.
    pub(super) fn obstacle(&self, person: &Invitee) -> Option<Error> {
        if let Some(why) = &self.incomplete {
            let message = "nothing was sent: the vendor's lists could not be read whole, so that a second mail \
                           could not be ruled out; try again later";
            return Some(Error::new(ErrorKind::Ambiguous, message).with_source(why.clone()));
        }
        let is_unclear = |row: &&Invitation| matches!(row.status, InvitationStatus::Unknown(_));
        if let Some(unclear) = newest(self.invitations.of(person).filter(is_unclear)) {
            let message = format!(
                "nothing was sent: the vendor shows an invitation as {}, which may be waiting or not; revoke it \
                 to invite anew",
                unclear.status
            );
            return Some(Error::new(ErrorKind::Ambiguous, message));
        }
        self.strangers.iter().find(|stranger| stranger.may_be(person)).and_then(Stranger::in_the_way)
    }

    /// What stands against so many more invitations: the vendor's list of them would be longer than a
    /// response may be, and nobody could look any more.
    pub(super) fn overflow(&self, more: usize, max_body: usize) -> Option<Error> {
        let Size { rows, bytes } = self.whole.filter(|size| size.rows > 0)?;
        let expected = bytes.saturating_add(bytes / rows * more);
        (expected > max_body).then(|| {
            let message = format!(
                "nothing was sent: with {more} invitations more the vendor's list of them would have about \
                 {expected} bytes, more than the {max_body} of http.max_body, and could not be read any more; \
                 raise that, or invite fewer people"
            );
            Error::new(ErrorKind::Config, message).with_reach(Reach::NotSent)
        })
    }

    /// An invitation of the person that was not there before and does not wait: unclear, or
    /// answered within moments. Whatever it is, its mail may have gone out.
    pub(super) fn find_made(&self, person: &Invitee, before: &Baseline) -> Option<&Invitation> {
        newest(self.invitations.of(person).filter(|row| !row.is_pending() && !before.has(row)))
    }

    /// An invitation of the person that waits no longer.
    pub(super) fn find_dead(&self, person: &Invitee) -> Option<&Invitation> {
        newest(self.invitations.of(person).filter(|row| !row.is_pending()))
    }

    /// Whether there is a row that was not there before and does not show whether it is this person's, who
    /// was sent to.
    pub(super) fn has_new_stranger(&self, before: &Baseline, person: &Invitee) -> bool {
        let is_new = |stranger: &&Stranger| !before.strangers.contains(stranger.mark());
        self.strangers.iter().filter(is_new).any(|stranger| stranger.may_be_new(person))
    }

    /// What is there.
    pub(super) fn baseline(&self) -> Baseline {
        Baseline {
            invitations: self.invitations.rows.iter().map(|row| row.id.to_string()).collect(),
            strangers: self.strangers.iter().map(|stranger| stranger.mark().to_owned()).collect(),
        }
    }
}

/// The newest of several invitations, by the dates that the vendor gives, else the last in the list.
pub(super) fn newest<'a>(rows: impl Iterator<Item = &'a Invitation>) -> Option<&'a Invitation> {
    rows.max_by_key(|row| (row.created_at, row.expires_at))
}
