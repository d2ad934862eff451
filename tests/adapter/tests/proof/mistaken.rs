//! The adapter with one mistake.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::auth::MemoryTokenStore;
use orgport_core::config::ProviderConfig;
use orgport_core::http::{Failure, Refusal, Request, Safety, Transport};
use orgport_core::{
    Adapter, Answer, Answered, Capability, Cursor, Draft, Error, ErrorKind, Identity, Invitation,
    InvitationFilter, InvitationId, InvitationRef, InvitationsAdapter, ListInvitations, Member, MemberId,
    MembersAdapter, Organization, OrganizationId, OrganizationUpdate, OrganizationsAdapter, Page, Reach,
    Reply, Role,
};
use orgport_guildhall::{Guildhall, create, explain, invitation};

use crate::mistake::Mistake;

#[derive(Clone)]
pub(crate) struct Mistaken {
    inner: Guildhall,
    mistake: Mistake,
    config: ProviderConfig,
}

/// A 403 is a lack of rights, whatever its header says.
fn explain_by_status(failure: &Failure<'_>) -> Refusal {
    explain(failure).kind(ErrorKind::from_status(failure.status))
}

impl Mistaken {
    pub(crate) fn new(config: &ProviderConfig, mistake: Mistake) -> Result<Self, Error> {
        let explain = if mistake == Mistake::LimitsReadAsPermissions { explain_by_status } else { explain };
        Ok(Self { inner: Guildhall::connect(config, explain)?, mistake, config: config.clone() })
    }

    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    async fn send(&self, hall: &OrganizationId, draft: &Draft, safety: Safety) -> Result<Reply, Error> {
        let transport = self.inner.transport().expect("it has one");
        let made = transport.send(create(hall, draft, safety)).await?;
        Ok(Reply::Listed(vec![invitation(made.doc()?)?]))
    }

    /// Settles a lost reply itself: looks once, and sends again at once what does not show.
    async fn send_impatiently(&self, hall: &OrganizationId, draft: &Draft) -> Result<Reply, Error> {
        let sent = self.send(hall, draft, Safety::Reconcilable).await;
        if !matches!(&sent, Err(error) if error.reach() == Reach::Unanswered) {
            return sent;
        }
        let page =
            self.inner.list_invitations(ListInvitations::new(hall, &InvitationFilter::pending())).await?;
        let rows: Vec<_> =
            page.items.into_iter().flatten().filter(|row| row.is_for(&draft.invitee)).collect();
        if rows.is_empty() {
            return self.send(hall, draft, Safety::Reconcilable).await;
        }
        Ok(Reply::Listed(rows))
    }
}

#[async_trait]
impl Adapter for Mistaken {
    fn kind(&self) -> &'static str {
        self.inner.kind()
    }

    fn capability(&self) -> &Capability {
        self.inner.capability()
    }

    fn transport(&self) -> Option<&Transport> {
        self.inner.transport()
    }

    fn with_transport(&self, transport: Transport) -> Self {
        let inner = match self.mistake {
            Mistake::ReadOnlyIgnored => self.inner.clone(),
            // As if it were the first of the process, with the refresh token of the configuration.
            Mistake::RotatingTokenSpentTwice => {
                let mut config = self.config.clone();
                config.token_store = Arc::new(MemoryTokenStore::new());
                Guildhall::connect(&config, explain).expect("it was good before")
            }
            _ => self.inner.with_transport(transport),
        };
        Self { inner, ..self.clone() }
    }

    async fn get_identity(&self) -> Result<Identity, Error> {
        self.inner.get_identity().await
    }
}

#[async_trait]
impl OrganizationsAdapter for Mistaken {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.inner.list_organizations(cursor).await
    }

    async fn get_organization(&self, hall: &OrganizationId) -> Result<Organization, Error> {
        self.inner.get_organization(hall).await
    }

    async fn update_organization(
        &self,
        hall: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.inner.update_organization(hall, update).await
    }
}

#[async_trait]
impl MembersAdapter for Mistaken {
    async fn list_members(
        &self,
        hall: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.inner.list_members(hall, cursor).await
    }

    async fn set_member_role(
        &self,
        hall: &OrganizationId,
        account: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.inner.set_member_role(hall, account, role).await
    }

    async fn remove_member(&self, hall: &OrganizationId, account: &MemberId) -> Result<(), Error> {
        self.inner.remove_member(hall, account).await
    }
}

#[async_trait]
impl InvitationsAdapter for Mistaken {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { organization: hall, cursor, .. } = list;
        if self.makes(Mistake::LookThatFilters) && cursor.is_none() {
            // Most people are guests.
            let guests = Request::get("/halls/{hall}/invites").segment(hall).query("role", "guest");
            let first = Cursor::new(guests.path_and_query()?);
            return self.inner.list_invitations(list.at(Some(&first))).await;
        }
        let mut page = self.inner.list_invitations(list).await?;
        if self.makes(Mistake::FirstPageOnly) {
            page.next = None;
        }
        if self.makes(Mistake::RepliesOfAnotherOrganizationBelieved) {
            for row in page.items.iter_mut().flatten() {
                row.organization_id = Some(hall.clone());
            }
        }
        Ok(page)
    }

    async fn get_invitation(&self, hall: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        self.inner.get_invitation(hall, id).await
    }

    async fn send_invitations(&self, hall: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        match self.mistake {
            Mistake::CreateMarkedRepeatable => self.send(hall, &batch[0], Safety::Idempotent).await,
            Mistake::PatienceIgnored => self.send_impatiently(hall, &batch[0]).await,
            Mistake::MailInDoubtToldAsSent => match self.inner.send_invitations(hall, batch).await {
                Err(error) if error.kind() == ErrorKind::Incomplete => Ok(Reply::Accepted),
                sent => sent,
            },
            _ => self.inner.send_invitations(hall, batch).await,
        }
    }

    fn is_member_already(&self, refusal: &Error) -> bool {
        self.inner.is_member_already(refusal)
    }

    async fn revoke_invitation(&self, hall: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        self.inner.revoke_invitation(hall, id).await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.inner.respond_to_invitation(invitation, answer).await
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.inner.my_invitations(cursor).await
    }
}
