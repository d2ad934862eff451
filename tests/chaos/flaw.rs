//! Engines that are broken on purpose, to show that the judge sees it.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::{
    Adapter, Capability, Cursor, Draft, Error, Invitation, InvitationFilter, InvitationId,
    InvitationsAdapter, Member, MemberId, MembersAdapter, OrganizationId, OrganizationsAdapter, Page, Reach,
    Reply, Role,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A create without an answer is sent once more, as HTTP libraries do that retry.
    SendsAgainAtOnce,
    /// Absence is believed at once, although the vendor may still be at work.
    DoesNotWait,
}

/// An adapter that sends again at once; all else is the sound one's.
#[derive(Clone)]
pub(crate) struct Hasty {
    sound: Arc<dyn Adapter>,
}

impl Hasty {
    pub(crate) fn new(sound: Arc<dyn Adapter>) -> Self {
        Self { sound }
    }
}

impl Adapter for Hasty {
    fn kind(&self) -> &'static str {
        self.sound.kind()
    }

    fn capability(&self) -> &Capability {
        self.sound.capability()
    }
}

impl OrganizationsAdapter for Hasty {}

#[async_trait]
impl MembersAdapter for Hasty {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.sound.list_members(organization, cursor).await
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.sound.set_member_role(organization, member, role).await
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.sound.remove_member(organization, member).await
    }
}

#[async_trait]
impl InvitationsAdapter for Hasty {
    async fn send_invitations(&self, organization: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        match self.sound.send_invitations(organization, batch).await {
            Err(error) if error.reach() == Reach::Unanswered => {
                self.sound.send_invitations(organization, batch).await
            }
            result => result,
        }
    }

    fn look_filter(&self) -> InvitationFilter {
        self.sound.look_filter()
    }

    fn lists_at_once(&self) -> bool {
        self.sound.lists_at_once()
    }

    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.sound.list_invitations(organization, filter, cursor).await
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.sound.get_invitation(organization, invitation).await
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.sound.resend_invitation(organization, invitation).await
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.sound.revoke_invitation(organization, invitation).await
    }
}
