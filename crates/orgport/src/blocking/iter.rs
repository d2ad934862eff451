//! Lists as iterators, which fetch pages as they are read; see [`stream`] for what
//! they promise.

use std::collections::BTreeSet;
use std::fmt;

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use orgport_core::{
    Error, Invitation, InvitationFilter, InviteOutcome, InviteStream, Member, Organization, OrganizationId,
    stream,
};

use super::Provider;
use super::runtime::Runtime;

/// The organizations that the credential can see.
pub fn organizations(provider: &Provider) -> Items<'_, Organization> {
    Items::new(provider, stream::organizations(provider.get_ref()))
}

/// The people in an organization.
pub fn members<'a>(provider: &'a Provider, organization: &'a OrganizationId) -> Items<'a, Member> {
    Items::new(provider, stream::members(provider.get_ref(), organization))
}

/// The invitations to an organization that pass the filter.
pub fn invitations<'a>(
    provider: &'a Provider,
    organization: &'a OrganizationId,
    filter: &'a InvitationFilter,
) -> Items<'a, Invitation> {
    Items::new(provider, stream::invitations(provider.get_ref(), organization, filter))
}

/// The invitations addressed to the credential's own person.
pub fn my_invitations(provider: &Provider) -> Items<'_, Invitation> {
    Items::new(provider, stream::my_invitations(provider.get_ref()))
}

/// The items of a list. An item that cannot be decoded is an error in its place; inside a runtime
/// there is one error and the list ends.
#[must_use = "nothing is fetched until it is read"]
pub struct Items<'a, T> {
    runtime: &'a Runtime,
    items: Option<BoxStream<'a, Result<T, Error>>>,
}

impl<'a, T> Items<'a, T> {
    fn new(provider: &'a Provider, items: BoxStream<'a, Result<T, Error>>) -> Self {
        Self { runtime: &provider.runtime, items: Some(items) }
    }
}

impl<T> Iterator for Items<'_, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.runtime.block_on(self.items.as_mut()?.next()).unwrap_or_else(|error| {
            self.items = None;
            Some(Err(error))
        });
        if next.is_none() {
            self.items = None;
        }
        next
    }
}

impl<T> std::iter::FusedIterator for Items<'_, T> {}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

/// How inviting many people ends: for each the index in the list that was passed, and the outcome,
/// in the order in which they settle. Inside a runtime, all that are left fail.
#[must_use = "nobody is invited until it is read"]
pub struct Outcomes<'a> {
    runtime: &'a Runtime,
    stream: InviteStream<'a>,
    /// Who has no outcome yet.
    open: BTreeSet<usize>,
}

impl<'a> Outcomes<'a> {
    pub(super) fn new(runtime: &'a Runtime, stream: InviteStream<'a>, count: usize) -> Self {
        Self { runtime, stream, open: (0..count).collect() }
    }
}

impl Iterator for Outcomes<'_> {
    type Item = (usize, Result<InviteOutcome, Error>);

    fn next(&mut self) -> Option<Self::Item> {
        let first_open = *self.open.first()?;
        let next =
            self.runtime.block_on(self.stream.next()).unwrap_or_else(|error| Some((first_open, Err(error))));
        if let Some((index, _)) = &next {
            self.open.remove(index);
        }
        next
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.open.len()))
    }
}

impl fmt::Debug for Outcomes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes").field("open", &self.open).finish_non_exhaustive()
    }
}
