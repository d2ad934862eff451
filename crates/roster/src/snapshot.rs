//! What was read of one organization at one time.

use std::collections::BTreeSet;

use futures_util::future::join;
use futures_util::stream::{self, BoxStream, StreamExt};
use orgport_core::{
    Clock, Error, ErrorKind, Invitation, InvitationFilter, Member, Organization, OrganizationChoice, Role,
    Timestamp,
};

use crate::place::{PLACES_AT_ONCE, Place, PlaceId};
use crate::roster::PlaceName;

/// A list, with what could not be read of it.
///
/// A list that was not read whole proves that somebody is there and never that somebody is not.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Listing<T> {
    /// The rows that could be read, in the vendor's order.
    pub rows: Vec<T>,
    /// Why rows may be missing: each row that could not be decoded, and what ended the list early.
    pub errors: Vec<Error>,
}

impl<T> Listing<T> {
    /// A list with these rows, and these errors in the way of others.
    pub fn new(rows: Vec<T>, errors: Vec<Error>) -> Self {
        Self { rows, errors }
    }

    /// A list that was read to its end.
    pub fn whole(rows: Vec<T>) -> Self {
        Self::new(rows, Vec::new())
    }

    /// Whether absence from it proves anything.
    pub fn is_whole(&self) -> bool {
        self.errors.is_empty()
    }

    /// Why nothing of it could be read.
    pub fn failure(&self) -> Option<&Error> {
        self.errors.first().filter(|_| self.rows.is_empty())
    }

    async fn read(mut items: BoxStream<'_, Result<T, Error>>) -> Self {
        let mut list = Self::whole(Vec::new());
        while let Some(item) = items.next().await {
            match item {
                Ok(row) => list.rows.push(row),
                Err(error) => list.errors.push(error),
            }
        }
        list
    }
}

/// How often a list of several pages is read before it is given up.
const PASSES: usize = 4;

impl<T> Listing<T> {
    /// Reads a list that fits on a page, and so was there as it was read; or a longer one until two passes
    /// agree. Where a row goes and another comes while pages are read, one between them may be overlooked
    /// that was there all the time.
    async fn settle<'a>(
        list: impl Fn() -> BoxStream<'a, Result<T, Error>>,
        page_size: Option<usize>,
        id: impl Fn(&T) -> &str,
    ) -> Self {
        let ids =
            |list: &Self| -> BTreeSet<String> { list.rows.iter().map(|row| id(row).to_owned()).collect() };
        let mut seen = Self::read(list()).await;
        let is_short = page_size.is_none_or(|size| seen.rows.len() + seen.errors.len() <= size);
        if is_short || !seen.is_whole() {
            return seen;
        }
        for _ in 1..PASSES {
            let next = Self::read(list()).await;
            if !next.is_whole() || ids(&next) == ids(&seen) {
                return next;
            }
            seen = next;
        }
        let what =
            "the list changed each time it was read, so that somebody may be missing: run it again later";
        seen.errors.push(Error::new(ErrorKind::Unavailable, what));
        seen
    }
}

/// What was read of one place.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Snapshot {
    /// The place.
    pub place: PlaceId,
    /// The organization, or why it could not be read; its people can be known all the same.
    pub organization: Result<Organization, Error>,
    /// The members.
    pub members: Listing<Member>,
    /// The invitations of every status that the vendor shows.
    pub invitations: Listing<Invitation>,
    /// The role that has all rights there: `Owner`, or `Admin` where the vendor has no owners.
    pub top_role: Role,
    /// When reading began.
    pub began_at: Timestamp,
    /// When reading ended.
    pub ended_at: Timestamp,
}

impl Snapshot {
    /// What was read of `place` at one moment, where `Owner` has all rights.
    pub fn new(
        place: PlaceId,
        organization: Result<Organization, Error>,
        members: Listing<Member>,
        invitations: Listing<Invitation>,
        at: Timestamp,
    ) -> Self {
        Self { place, organization, members, invitations, top_role: Role::Owner, began_at: at, ended_at: at }
    }

    /// The members who have all rights there.
    pub fn owners(&self) -> impl Iterator<Item = &Member> {
        self.members.rows.iter().filter(|member| member.role.as_ref() == Some(&self.top_role))
    }

    /// What the organization is called: its name, else its id.
    pub fn name(&self) -> &str {
        self.organization.as_ref().map_or(self.place.organization.as_str(), |found| &found.name)
    }

    /// What the place is called in a sentence: the organization's name, and the place as it is written.
    pub(crate) fn title(&self) -> String {
        format!("{} ({})", self.name(), self.place)
    }

    /// Every way in which a roster can write the place.
    pub fn place_names(&self) -> impl Iterator<Item = PlaceName> {
        let PlaceId { provider, organization, is_default, .. } = &self.place;
        let named =
            [organization.as_str(), self.name()].map(|organization| format!("{provider}/{organization}"));
        let default = is_default.then(|| provider.clone());
        default.into_iter().chain(named).filter_map(|name| PlaceName::parse(&name).ok())
    }

    /// Whether absence from both lists proves anything.
    pub fn is_whole(&self) -> bool {
        self.members.is_whole() && self.invitations.is_whole()
    }

    /// Why nobody of the place could be read, if neither list could.
    pub fn failure(&self) -> Option<&Error> {
        self.invitations.failure().and(self.members.failure())
    }
}

/// Reads the places side by side and returns their snapshots in the same order. What fails at one
/// place is told in its snapshot and leaves the others alone.
///
/// Each place costs one read of the organization, unless it is known already or its id is its name,
/// and the pages of its invitations and members; lists of several pages are read until two passes agree.
/// Invitations are read before members, because that
/// is the only way people move: whoever accepts meanwhile is seen twice rather than never.
pub async fn observe(places: &[Place], clock: &dyn Clock) -> Vec<Snapshot> {
    stream::iter(places).map(|place| observe_one(place, clock)).buffered(PLACES_AT_ONCE).collect().await
}

pub(crate) async fn observe_one(place: &Place, clock: &dyn Clock) -> Snapshot {
    let provider = &**place.provider();
    let began_at = clock.now();
    let people = async {
        let (organization, all) = (place.organization(), InvitationFilter::all());
        let page_size = provider.capability().page_size;
        let invitations = || orgport_core::stream::invitations(provider, organization, &all);
        let invitations = Listing::settle(invitations, page_size, |row| row.id.as_str()).await;
        let members = || orgport_core::stream::members(provider, organization);
        let members = Listing::settle(members, page_size, |row| row.id.as_str()).await;
        (members, invitations)
    };
    let (organization, (members, invitations)) = join(organization(place), people).await;
    Snapshot {
        place: place.id().clone(),
        organization,
        members,
        invitations,
        top_role: provider.capability().top_role(),
        began_at,
        ended_at: clock.now(),
    }
}

async fn organization(place: &Place) -> Result<Organization, Error> {
    if let Some(known) = place.known() {
        return Ok(known.clone());
    }
    let id = place.organization();
    if place.provider().capability().organization_choice == OrganizationChoice::Name {
        return Ok(Organization::new(id.clone(), id.as_str()));
    }
    place.provider().get_organization(id).await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Reads a list of two rows a page that shows these rows in turn, and says how often it was read.
    async fn settle(passes: &[&[&'static str]]) -> (Listing<&'static str>, usize) {
        let read = Cell::new(0);
        let list = || {
            let rows = passes[read.get().min(passes.len() - 1)];
            read.set(read.get() + 1);
            stream::iter(rows.iter().map(|row| Ok(*row))).boxed()
        };
        (Listing::settle(list, Some(2), |row| row).await, read.get())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_list_of_several_pages_is_believed_when_two_passes_agree() {
        let (short, times) = settle(&[&["a", "b"]]).await;
        assert_eq!((short.rows.len(), times), (2, 1), "a page is read once");
        let (same, times) = settle(&[&["a", "b", "c"]]).await;
        assert!(same.is_whole() && times == 2);
        // b was there all the time, and overlooked when a went.
        let (slid, times) = settle(&[&["a", "c", "d"], &["b", "c", "d"], &["d", "c", "b"]]).await;
        assert!(slid.is_whole() && slid.rows.contains(&"b") && times == 3, "{slid:?}");
        let turns: [&[&str]; 4] = [&["a", "b", "c"], &["b", "c", "d"], &["c", "d", "e"], &["d", "e", "f"]];
        let (restless, times) = settle(&turns).await;
        assert_eq!(times, PASSES);
        assert!(!restless.is_whole(), "absence from it proves nothing");
    }
}
