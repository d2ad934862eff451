//! A look: who is invited and who is a member, right now.

use std::collections::HashSet;

use futures_util::future::{BoxFuture, FutureExt};

use crate::adapter::Adapter;
use crate::email::Email;
use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter, InvitationStatus};
use crate::member::Member;
use crate::page::{Cursor, Page};
use crate::pager::Pager;

/// Both lists change now and then while they are read; twice in a row is a list that cannot be
/// trusted.
const TRIES: usize = 2;

/// What one look saw. Presence in it counts even if it is not complete; absence only if it is.
#[derive(Debug, Default)]
pub(super) struct Look {
    invitations: Vec<Invitation>,
    members: Vec<Member>,
    /// Why something may be missing.
    pub(super) incomplete: Option<Error>,
}

/// What a look says about one person.
#[derive(Debug, Clone)]
pub(super) enum Presence {
    Invited(Invitation),
    Member(Member),
}

impl Look {
    /// Reads the invitations first and then the members, because people move only that way; the
    /// members are left out when everybody wanted is invited already.
    ///
    /// # Errors
    ///
    /// That of a list which could not be read at all.
    pub(super) async fn take(
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        wanted: &HashSet<&str>,
    ) -> Result<Self, Error> {
        let mut look = Self::default();
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
        wanted: &HashSet<&str>,
    ) -> Result<Self, Error> {
        let mut look = Self::default();
        let fetch = |cursor: Option<Cursor>| {
            async move { adapter.list_invitations(organization, filter, cursor.as_ref()).await }.boxed()
        };
        look.invitations = look.read(fetch, |row| row.id.as_str()).await?;
        let waiting =
            look.invitations.iter().filter(|row| row.is_pending()).filter_map(|row| row.email.as_ref());
        let waiting: HashSet<_> = waiting.map(Email::key).collect();
        if !wanted.is_subset(&waiting) {
            let fetch = |cursor: Option<Cursor>| {
                async move { adapter.list_members(organization, cursor.as_ref()).await }.boxed()
            };
            look.members = look.read(fetch, |row| row.id.as_str()).await?;
        }
        Ok(look)
    }

    async fn read<'a, T>(
        &mut self,
        fetch: impl Fn(Option<Cursor>) -> BoxFuture<'a, Result<Page<T>, Error>>,
        id: fn(&T) -> &str,
    ) -> Result<Vec<T>, Error> {
        let mut pager = Pager::default();
        let mut rows = Vec::new();
        let mut cursor = None;
        loop {
            let page = fetch(cursor).await?;
            // Whoever is on a page is there, also where the pages lead nowhere.
            let next = pager.turn(&page).unwrap_or_else(|error| {
                self.incomplete = Some(error);
                None
            });
            for item in page.items {
                match item {
                    Ok(row) => {
                        if pager.is_new(id(&row)) {
                            rows.push(row);
                        }
                    }
                    Err(error) => self.incomplete = Some(error),
                }
            }
            match next {
                Some(_) => cursor = next,
                None => break,
            }
        }
        if pager.has_changed() {
            self.incomplete =
                Some(Error::new(ErrorKind::Conflict, "the vendor's list kept changing while it was read"));
        }
        Ok(rows)
    }

    /// The person's live invitation, else the membership.
    pub(super) fn find(&self, email: &Email) -> Option<Presence> {
        let invitation = newest(self.invitations.iter().filter(|row| row.is_pending() && row.is_for(email)));
        invitation.cloned().map(Presence::Invited).or_else(|| {
            let member = self.members.iter().find(|member| member.email.as_ref() == Some(email));
            member.cloned().map(Presence::Member)
        })
    }

    /// An invitation of the person of which nobody can tell whether it waits: its status is a word
    /// that is not known.
    pub(super) fn find_unclear(&self, email: &Email) -> Option<&Invitation> {
        let is_unclear = |row: &&Invitation| matches!(row.status, InvitationStatus::Unknown(_));
        newest(self.invitations.iter().filter(|row| row.is_for(email)).filter(is_unclear))
    }

    /// An invitation of the person that was not there before and does not wait: unclear, or
    /// answered within moments. Whatever it is, its mail may have gone out.
    pub(super) fn find_made(&self, email: &Email, before: &HashSet<String>) -> Option<&Invitation> {
        let is_made = |row: &&Invitation| !row.is_pending() && !before.contains(row.id.as_str());
        newest(self.invitations.iter().filter(|row| row.is_for(email)).filter(is_made))
    }

    /// An invitation of the person that waits no longer.
    pub(super) fn find_dead(&self, email: &Email) -> Option<&Invitation> {
        newest(self.invitations.iter().filter(|row| !row.is_pending() && row.is_for(email)))
    }

    /// The ids of all invitations seen.
    pub(super) fn invitation_ids(&self) -> HashSet<String> {
        self.invitations.iter().map(|row| row.id.to_string()).collect()
    }
}

/// The newest of several invitations, by the dates that the vendor gives, else the last in the list.
pub(super) fn newest<'a>(rows: impl Iterator<Item = &'a Invitation>) -> Option<&'a Invitation> {
    rows.max_by_key(|row| (row.created_at, row.expires_at))
}
