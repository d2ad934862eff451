//! Engines that are broken on purpose, to show that the judge sees it.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::invite::{DEFAULT_SETTLE, InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Capability, Clock, Cursor, Describe, Error, Invitation, InvitationFilter, InvitationId, Invitations,
    InviteOutcome, InviteStream, Member, MemberId, Members, NewInvitation, OrganizationId, Organizations,
    Page, Reach, Role,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A create without an answer is sent once more, as HTTP libraries do that retry.
    SendsAgainAtOnce,
    /// Absence is believed at once, although the vendor may still be at work.
    DoesNotWait,
}

/// A provider that sends again at once; all else is the sound one's.
pub(crate) struct Hasty {
    sound: Arc<dyn InvitePort>,
    engine: InviteEngine,
}

impl Hasty {
    pub(crate) fn new(sound: Arc<dyn InvitePort>, clock: Arc<dyn Clock>) -> Self {
        Self { sound, engine: InviteEngine::new(clock, DEFAULT_SETTLE) }
    }
}

#[async_trait]
impl InvitePort for Hasty {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        match self.sound.send_invitations(organization, batch, patience).await {
            Err(error) if error.reach() == Reach::Unanswered => {
                self.sound.send_invitations(organization, batch, patience).await
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
}

impl Describe for Hasty {
    fn kind(&self) -> &'static str {
        self.sound.kind()
    }

    fn name(&self) -> &str {
        self.sound.name()
    }

    fn capability(&self) -> &Capability {
        self.sound.capability()
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.sound.default_organization()
    }

    fn default_role(&self) -> Option<&Role> {
        self.sound.default_role()
    }
}

impl Organizations for Hasty {}

#[async_trait]
impl Members for Hasty {
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
impl Invitations for Hasty {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.sound.list_invitations(organization, filter, cursor).await
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.engine.invite(self, organization, invitation).await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        self.engine.invite_many(self, organization, invitations)
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
