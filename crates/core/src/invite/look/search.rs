//! How a look reads: what is asked of the vendor's lists, and when they can be trusted.

use std::collections::HashSet;

use futures_util::future::{BoxFuture, FutureExt};

use super::{Look, Size};
use crate::adapter::{Adapter, Found, ListInvitations};
use crate::capability::{Capability, ExistingAccount, MemberEmails};
use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter};
use crate::invite::stranger::Stranger;
use crate::invitee::Invitee;
use crate::mark::Marked;
use crate::page::{Cursor, Page};
use crate::pager::Pager;

/// Both lists change now and then while they are read; twice in a row is a list that cannot be
/// trusted.
const TRIES: usize = 2;

/// Whom to look for, and where.
#[derive(Clone, Copy)]
pub(in crate::invite) struct Search<'a> {
    pub(in crate::invite) adapter: &'a dyn Adapter,
    pub(in crate::invite) organization: &'a OrganizationId,
    pub(in crate::invite) filter: &'a InvitationFilter,
    pub(in crate::invite) wanted: &'a [&'a Invitee],
}

impl Search<'_> {
    /// Asks for the wanted people alone where the adapter can. Else reads the invitations first and then
    /// the members, because people move only that way; the members are left out when everybody wanted
    /// is invited already, and where none of them could be told among them.
    ///
    /// # Errors
    ///
    /// That of a list which could not be read at all.
    pub(in crate::invite) async fn look(self) -> Result<Look, Error> {
        if let Some(found) = self.adapter.look_for(self.organization, self.wanted).await? {
            return Ok(self.found(found));
        }
        let mut look = Look::default();
        for _ in 0..TRIES {
            look = self.read_lists().await?;
            if look.incomplete.is_none() {
                break;
            }
        }
        Ok(look)
    }

    fn found(self, found: Found) -> Look {
        let sorts = self.wanted.iter().copied().collect();
        let rows = found.invitations.len() + found.members.len();
        let mut look = Look { rows, ..Look::default() };
        for row in found.invitations {
            match row.belonging(self.organization) {
                Ok(row) => look.add_invitations(vec![row], sorts),
                Err(error) => look.strangers.push(Stranger::unreadable(error)),
            }
        }
        look.add_members(found.members, sorts);
        look
    }

    async fn read_lists(self) -> Result<Look, Error> {
        let Self { adapter, organization, filter, wanted } = self;
        let mut look = Look::default();
        let sorts = wanted.iter().copied().collect();
        let fetch = |cursor: Option<Cursor>| {
            async move {
                let list = ListInvitations::new(organization, filter).at(cursor.as_ref());
                let page = adapter.list_invitations(list).await?;
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
}

impl Look {
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
