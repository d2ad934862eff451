//! A provider that goes around the guard, with one mistake of those that the guard makes impossible.

use std::ops::Deref;

use orgport_core::{
    Cursor, Error, Invitation, InvitationFilter, Invitations, InviteOutcome, Member, MemberId, Members,
    NewInvitation, Organization, OrganizationId, Organizations, Page, Provider, delegate_provider,
};

use crate::mistake::Mistake;
use crate::mistaken::Mistaken;

type Sound = orgport_core::Guard<Mistaken>;

pub(crate) struct Careless(Flawed);

delegate_provider!([] Careless, |this| this.0);

/// Methods of its own go before those of the sound provider, which it derefs to.
struct Flawed {
    inner: Sound,
    mistake: Mistake,
}

impl Deref for Flawed {
    type Target = Sound;

    fn deref(&self) -> &Sound {
        &self.inner
    }
}

impl Careless {
    pub(crate) fn new(inner: Sound, mistake: Mistake) -> Self {
        Self(Flawed { inner, mistake })
    }
}

/// An error as the vendor's client has it, which nobody has said where it happened.
fn bare(error: &Error) -> Error {
    Error::new(error.kind(), error.message()).with_reach(error.reach())
}

impl Flawed {
    /// The cursor, or the start of the list in the place of one that is another's.
    fn any<'a>(&self, cursor: Option<&'a Cursor>) -> Option<&'a Cursor> {
        let is_taken = self.mistake == Mistake::CursorsOfOthersTaken;
        cursor.filter(|cursor| !is_taken || cursor.as_str().starts_with(self.inner.name()))
    }

    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.inner.list_organizations(self.any(cursor)).await
    }

    async fn list_members(
        &self,
        hall: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.inner.list_members(hall, self.any(cursor)).await
    }

    async fn list_invitations(
        &self,
        hall: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.inner.list_invitations(hall, filter, self.any(cursor)).await
    }

    async fn remove_member(&self, hall: &OrganizationId, account: &MemberId) -> Result<(), Error> {
        let removed = self.inner.remove_member(hall, account).await;
        if self.mistake == Mistake::ContextLost { removed.map_err(|error| bare(&error)) } else { removed }
    }

    async fn invite(&self, hall: &OrganizationId, mut new: NewInvitation) -> Result<InviteOutcome, Error> {
        if self.mistake == Mistake::RolesUnchecked {
            // What the vendor does not know, it takes for its default.
            new.role = new.role.filter(|role| self.inner.capability().roles_at_invite.contains(role));
        }
        self.inner.invite(hall, new).await
    }
}
