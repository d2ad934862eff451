//! What was read of one organization at one time.

use std::fmt;
use std::sync::Arc;

use futures_util::future::join;
use futures_util::stream::{self, BoxStream, StreamExt};
use orgport_core::{
    Clock, Error, Invitation, InvitationFilter, Member, Organization, OrganizationChoice, OrganizationId,
    Provider, Timestamp,
};
use serde::Serialize;

/// How many places are read at once; within a provider its own `http.max_concurrency` holds too.
const PLACES_AT_ONCE: usize = 32;

/// Names a place: one organization at one configured provider.
///
/// Displayed as it is written: `prod` for a provider's configured organization, `prod/ORG` for any
/// other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct PlaceId {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The organization.
    pub organization: OrganizationId,
    /// The provider's kind, such as `memory`.
    pub kind: String,
    /// Whether the organization is the one that is configured for the provider.
    pub is_default: bool,
}

impl PlaceId {
    /// The place of this organization at this provider.
    pub fn of(provider: &dyn Provider, organization: OrganizationId) -> Self {
        Self {
            provider: provider.name().to_owned(),
            kind: provider.kind().to_owned(),
            is_default: provider.default_organization() == Some(&organization),
            organization,
        }
    }
}

impl fmt::Display for PlaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.provider)?;
        if self.is_default { Ok(()) } else { write!(f, "/{}", self.organization) }
    }
}

/// One organization at one provider, to be read or changed.
#[derive(Clone)]
pub struct Place {
    id: PlaceId,
    provider: Arc<dyn Provider>,
    known: Option<Organization>,
}

impl Place {
    /// The organization of this id.
    pub fn new(provider: Arc<dyn Provider>, organization: OrganizationId) -> Self {
        Self { id: PlaceId::of(&*provider, organization), provider, known: None }
    }

    /// An organization as it was just listed or found, which is not read once more.
    pub fn found(provider: Arc<dyn Provider>, organization: Organization) -> Self {
        let id = PlaceId::of(&*provider, organization.id.clone());
        Self { id, provider, known: Some(organization) }
    }

    /// Its name.
    pub fn id(&self) -> &PlaceId {
        &self.id
    }

    /// The organization's id.
    pub fn organization(&self) -> &OrganizationId {
        &self.id.organization
    }

    /// The provider.
    pub fn provider(&self) -> &Arc<dyn Provider> {
        &self.provider
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.id).finish()
    }
}

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
    /// When reading began.
    pub began_at: Timestamp,
    /// When reading ended.
    pub ended_at: Timestamp,
}

impl Snapshot {
    /// What was read of `place` at one moment.
    pub fn new(
        place: PlaceId,
        organization: Result<Organization, Error>,
        members: Listing<Member>,
        invitations: Listing<Invitation>,
        at: Timestamp,
    ) -> Self {
        Self { place, organization, members, invitations, began_at: at, ended_at: at }
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
/// and the pages of its invitations and members. Invitations are read before members, because that
/// is the only way people move: whoever accepts meanwhile is seen twice rather than never.
pub async fn observe(places: &[Place], clock: &dyn Clock) -> Vec<Snapshot> {
    stream::iter(places).map(|place| observe_one(place, clock)).buffered(PLACES_AT_ONCE).collect().await
}

async fn observe_one(place: &Place, clock: &dyn Clock) -> Snapshot {
    let provider = &*place.provider;
    let began_at = clock.now();
    let people = async {
        let all = InvitationFilter::all();
        let invitations =
            Listing::read(orgport_core::stream::invitations(provider, place.organization(), &all)).await;
        let members = Listing::read(orgport_core::stream::members(provider, place.organization())).await;
        (members, invitations)
    };
    let (organization, (members, invitations)) = join(organization(place), people).await;
    let place = place.id.clone();
    Snapshot { place, organization, members, invitations, began_at, ended_at: clock.now() }
}

async fn organization(place: &Place) -> Result<Organization, Error> {
    if let Some(known) = &place.known {
        return Ok(known.clone());
    }
    let id = place.organization();
    if place.provider.capability().organization_choice == OrganizationChoice::Name {
        return Ok(Organization::new(id.clone(), id.as_str()));
    }
    place.provider.get_organization(id).await
}
