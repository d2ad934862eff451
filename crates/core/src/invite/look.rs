//! A look: who is invited and who is a member, right now.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};

use super::stranger::{Sorts, Stranger};
use crate::adapter::Adapter;
use crate::capability::{Capability, ExistingAccount, MemberEmails};
use crate::error::{Error, ErrorKind, Reach};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter, InvitationStatus};
use crate::invitee::Invitee;
use crate::mark::Marked;
use crate::member::Member;
use crate::page::{Cursor, Page};
use crate::pager::Pager;

/// Both lists change now and then while they are read; twice in a row is a list that cannot be
/// trusted.
const TRIES: usize = 2;

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
    /// Asks for the wanted people alone where the adapter can. Else reads the invitations first and then
    /// the members, because people move only that way; the members are left out when everybody wanted
    /// is invited already, and where none of them could be told among them.
    ///
    /// # Errors
    ///
    /// That of a list which could not be read at all.
    pub(super) async fn take(
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        wanted: &[&Invitee],
    ) -> Result<Self, Error> {
        let mut look = Self::default();
        let sorts = wanted.iter().copied().collect();
        if let Some(found) = adapter.look_for(organization, wanted).await? {
            look.rows = found.invitations.len() + found.members.len();
            for row in found.invitations {
                match row.belonging(organization) {
                    Ok(row) => look.add_invitations(vec![row], sorts),
                    Err(error) => look.strangers.push(Stranger::unreadable(error)),
                }
            }
            look.add_members(found.members, sorts);
            return Ok(look);
        }
        for _ in 0..TRIES {
            look = Self::take_once(adapter, organization, filter, wanted).await?;
            if look.incomplete.is_none() {
                break;
            }
        }
        Ok(look)
    }

    async fn take_once(
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        wanted: &[&Invitee],
    ) -> Result<Self, Error> {
        let mut look = Self::default();
        let sorts = wanted.iter().copied().collect();
        let fetch = |cursor: Option<Cursor>| {
            async move {
                let page = adapter.list_invitations(organization, filter, cursor.as_ref()).await?;
                Ok(page.belonging(organization))
            }
            .boxed()
        };
        let Pass { rows, is_whole, .. } = look.read(adapter, fetch).await?;
        if is_whole {
            let bytes = rows.iter().filter_map(|row| row.native.as_ref()).map(|row| row.text().len() + 1);
            look.whole = Some(Size { rows: rows.len(), bytes: bytes.sum() });
        }
        look.add_invitations(rows, sorts);
        let waits = |person: &&Invitee| look.invitations.of(person).any(Invitation::is_pending);
        let open = wanted.iter().copied().filter(|person| !waits(person));
        if shows_any(adapter.capability(), open) {
            let fetch = |cursor: Option<Cursor>| {
                async move { adapter.list_members(organization, cursor.as_ref()).await }.boxed()
            };
            let members = look.read(adapter, fetch).await?.rows;
            look.add_members(members, sorts);
        }
        Ok(look)
    }

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

    /// Reads a list. Pages by offset overlap by one row, so that a list that slides while it is read
    /// shows it; other lists of several pages are read twice, and must be the same.
    async fn read<'a, T: Marked>(
        &mut self,
        adapter: &dyn Adapter,
        fetch: impl Fn(Option<Cursor>) -> BoxFuture<'a, Result<Page<T>, Error>>,
    ) -> Result<Pass<T>, Error> {
        let first = self.read_once(adapter, &fetch).await?;
        if first.pages > 1 && !first.overlapped && self.incomplete.is_none() {
            let again = self.read_once(adapter, &fetch).await?;
            if again.marks() != first.marks() {
                self.incomplete = Some(changing());
            }
        }
        self.rows += first.rows.len();
        Ok(first)
    }

    async fn read_once<'a, T: Marked>(
        &mut self,
        adapter: &dyn Adapter,
        fetch: &impl Fn(Option<Cursor>) -> BoxFuture<'a, Result<Page<T>, Error>>,
    ) -> Result<Pass<T>, Error> {
        let mut pager = Pager::default();
        let mut pass = Pass { rows: Vec::new(), pages: 0, overlapped: true, is_whole: true };
        let (mut cursor, mut edge, mut last) = (None, None, None);
        loop {
            let page = fetch(cursor).await?;
            pass.pages += 1;
            pass.is_whole &= page.next.is_none() && page.total.is_none() && pass.pages == 1;
            // Whoever is on a page is there, also where the pages lead nowhere.
            let next = pager.turn(&page).unwrap_or_else(|error| {
                self.incomplete = Some(error);
                None
            });
            let shown = page.items.len() as u64;
            let (first_edge, last_edge) = page.edges();
            let is_overlap = edge.is_some();
            if is_overlap && edge != first_edge {
                self.incomplete = Some(changing());
            }
            for (place, item) in page.items.into_iter().enumerate() {
                match item {
                    Ok(row) => {
                        let mark = row.mark();
                        let is_known = is_overlap && place == 0 && last.as_ref() == Some(&mark);
                        if !is_known && pager.is_new(&mark) {
                            pass.rows.push(row);
                        }
                        last = Some(mark);
                    }
                    Err(error) => self.strangers.push(Stranger::unreadable(error)),
                }
            }
            if page.total.is_some_and(|total| total < shown) {
                self.incomplete = Some(Error::new(
                    ErrorKind::Protocol,
                    "the vendor's list shows more rows than it says there are",
                ));
            }
            let Some(next) = next else { break };
            let back = last_edge.and_then(|mark| Some((adapter.one_row_back(&next)?, mark)));
            pass.overlapped &= back.is_some();
            (cursor, edge) = match back {
                Some((back, mark)) => (Some(back), Some(mark)),
                None => (Some(next), None),
            };
        }
        if pager.has_changed() {
            self.incomplete = Some(changing());
        }
        Ok(pass)
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

/// One reading of a list.
struct Pass<T> {
    rows: Vec<T>,
    pages: usize,
    /// Whether the vendor returns the list in one response, however long it is.
    is_whole: bool,
    /// Whether every page behind the first began with the last row of the one before.
    overlapped: bool,
}

impl<T: Marked> Pass<T> {
    /// What is the same of a list that has not changed, in whatever order.
    fn marks(&self) -> HashSet<String> {
        self.rows.iter().map(Marked::mark).collect()
    }
}

/// Whether the members' list tells anything of one of these people: by account, by address, or, where an
/// account joins at once, by a new row that may be the person's.
fn shows_any<'a>(capability: &Capability, mut people: impl Iterator<Item = &'a Invitee>) -> bool {
    let shows_addresses = capability.member_emails == MemberEmails::Shown
        || capability.existing_account != ExistingAccount::Invited;
    people.any(|person| shows_addresses || person.account().is_some())
}

fn changing() -> Error {
    Error::new(ErrorKind::Conflict, "the vendor's list kept changing while it was read")
}

/// The newest of several invitations, by the dates that the vendor gives, else the last in the list.
pub(super) fn newest<'a>(rows: impl Iterator<Item = &'a Invitation>) -> Option<&'a Invitation> {
    rows.max_by_key(|row| (row.created_at, row.expires_at))
}
