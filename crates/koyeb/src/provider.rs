//! The neutral traits on top of [`KoyebClient`].

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::StreamExt;
use orgport_core::http::Doc;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Answer, Answered, Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter,
    InvitationId, InvitationRef, InvitationStatus, Invitations, InviteOutcome, InviteStream, Member,
    MemberId, Members, NewInvitation, NewOrganization, Operation, Organization, OrganizationId,
    OrganizationUpdate, Organizations, Page, Reach, Role, stream,
};

use crate::KoyebClient;
use crate::capability::VISIBLE_STATUSES;
use crate::config::{CredentialKind, KIND};
use crate::convert;
use crate::delete::delete_organization;
use crate::model::{OrganizationInvitation, OrganizationStatus};
use crate::query::{InvitationQuery, MemberQuery, MyInvitationQuery, OrganizationQuery};
use crate::scope::{Access, Scopes};

/// The organizations that a list shows: all but those that are going or gone. What Koyeb shows
/// unasked is not documented.
const LISTED: [OrganizationStatus; 5] = [
    OrganizationStatus::Active,
    OrganizationStatus::Warning,
    OrganizationStatus::Locked,
    OrganizationStatus::Deactivating,
    OrganizationStatus::Deactivated,
];

/// One configured Koyeb token behind the neutral traits. Clones share what they have learned.
#[derive(Debug, Clone)]
pub struct KoyebProvider {
    pub(crate) client: KoyebClient,
    pub(crate) shared: Arc<Shared>,
}

/// What the clones of a provider have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) name: String,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) default_role: Option<Role>,
    pub(crate) credential: CredentialKind,
    pub(crate) capability: Capability,
    pub(crate) scopes: Scopes,
    pub(crate) engine: InviteEngine,
}

impl KoyebProvider {
    /// The vendor's own calls, with the configured token.
    pub fn client(&self) -> &KoyebClient {
        &self.client
    }

    /// A clone that refuses everything but reads, by the traits and by the client.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), shared: Arc::clone(&self.shared) }
    }
}

impl Describe for KoyebProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        &self.shared.name
    }

    fn capability(&self) -> &Capability {
        &self.shared.capability
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.shared.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.shared.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for KoyebProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let listed = match self.shared.credential {
            CredentialKind::User => self.my_organizations(cursor).await,
            CredentialKind::Organization => self.own_organization().await,
        };
        listed.during(self.name(), Operation::ListOrganizations)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let found = self.client.get_organization(organization.as_str()).await;
        found.and_then(convert::organization).during(self.name(), Operation::GetOrganization)
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.create(new).await.during(self.name(), Operation::CreateOrganization)
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.update(organization, update).await.during(self.name(), Operation::UpdateOrganization)
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        let deleted = delete_organization(&self.client, organization).await;
        deleted.during(self.name(), Operation::DeleteOrganization)
    }
}

#[async_trait]
impl Members for KoyebProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.members(organization, cursor).await.during(self.name(), Operation::ListMembers)
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.remove(organization, member).await.during(self.name(), Operation::RemoveMember)
    }
}

#[async_trait]
impl Invitations for KoyebProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        let listed = self.invitations(organization, filter, cursor).await;
        listed.during(self.name(), Operation::ListInvitations)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.invitation(organization, invitation).await.during(self.name(), Operation::GetInvitation)
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.engine().invite(self, organization, invitation).await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        self.engine().invite_many(self, organization, invitations)
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.resend(organization, invitation).await.during(self.name(), Operation::ResendInvitation)
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.revoke(organization, invitation).await.during(self.name(), Operation::RevokeInvitation)
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.respond(invitation, answer).await.during(self.name(), Operation::RespondToInvitation)
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.invitations_to_me(cursor).await.map_err(|error| error.from_provider(self.name()))
    }
}

#[async_trait]
impl InvitePort for KoyebProvider {
    fn engine(&self) -> &InviteEngine {
        &self.shared.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let [invitee] = batch else {
            return Err(Error::new(ErrorKind::InvalidInput, "Koyeb invites one person at a time"));
        };
        let client = self.scoped(organization, Access::Write).await?;
        let client = match patience {
            Patience::Bounded => client,
            Patience::Unbounded => client.patient(),
        };
        // The role is Owner, which the vendor gives unasked.
        let made = client.create_invitation(invitee.email.as_str()).await?;
        Ok(Reply::Listed(vec![self.made_in(organization, made).await?]))
    }

    /// Koyeb filters, and what waits no longer stands against nothing.
    fn look_filter(&self) -> InvitationFilter {
        InvitationFilter::pending()
    }
}

/// Organizations.
impl KoyebProvider {
    async fn my_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let part = convert::part(cursor)?;
        let query = OrganizationQuery { part, statuses: LISTED.to_vec(), ..OrganizationQuery::default() };
        let listing = self.client.list_organizations(&query).await?;
        convert::page(part, listing, |row| convert::organization(row).map(Some))
    }

    async fn own_organization(&self) -> Result<Page<Organization>, Error> {
        let home = self.shared.scopes.home(&self.client).await?;
        let Some(organization) = home.as_ref().or(self.shared.organization.as_ref()) else {
            let message =
                "Koyeb does not say which organization the token acts in: configure it as organization";
            return Err(Error::new(ErrorKind::InvalidInput, message));
        };
        let found = self.client.get_organization(organization.as_str()).await?;
        Ok(Page::whole(vec![convert::organization(found)]))
    }

    async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.capability().support(Operation::CreateOrganization).require()?;
        let NewOrganization { name, description, .. } = new;
        refuse_description(description.as_ref())?;
        self.client.create_organization(named(&name)?).await.and_then(convert::organization)
    }

    async fn update(&self, id: &OrganizationId, update: OrganizationUpdate) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        refuse_description(description.as_ref())?;
        let Some(name) = name else {
            return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing: give a new name"));
        };
        self.client.rename_organization(id.as_str(), named(&name)?).await.and_then(convert::organization)
    }
}

fn named(name: &str) -> Result<&str, Error> {
    match name.trim() {
        "" => Err(Error::new(ErrorKind::InvalidInput, "the organization's name is empty")),
        name => Ok(name),
    }
}

fn refuse_description(description: Option<&String>) -> Result<(), Error> {
    match description {
        Some(_) => Err(Error::new(ErrorKind::Unsupported, "Koyeb's organizations have no description")),
        None => Ok(()),
    }
}

/// Members.
impl KoyebProvider {
    async fn members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let part = convert::part(cursor)?;
        let client = self.scoped(organization, Access::Read).await?;
        let organization_id = Some(organization.to_string());
        let listing =
            client.list_members(&MemberQuery { part, organization_id, ..MemberQuery::default() }).await?;
        convert::page(part, listing, |row| {
            belongs(organization, convert::organization_of_member(&row))?;
            convert::member(row)
        })
    }

    async fn remove(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let client = self.scoped(organization, Access::Write).await?;
        // With a user's token Koyeb would remove somebody from any organization of the user's.
        if self.shared.credential == CredentialKind::User {
            self.find_member(organization, member).await?;
        }
        client.remove_member(member.as_str()).await.map(drop)
    }

    async fn find_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let mut unreadable = None;
        let mut rows = stream::members(self, organization);
        while let Some(row) = rows.next().await {
            match row {
                Ok(row) if row.id == *member => return Ok(()),
                Ok(_) => {}
                Err(error) => unreadable = Some(error),
            }
        }
        Err(unreadable.unwrap_or_else(|| {
            let message =
                "no member of this organization has this id, which is the membership's, not the user's";
            Error::new(ErrorKind::NotFound, message).with_reach(Reach::Answered)
        }))
    }
}

/// Invitations.
impl KoyebProvider {
    async fn invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        filter.check(VISIBLE_STATUSES)?;
        let part = convert::part(cursor)?;
        let client = self.scoped(organization, Access::Read).await?;
        let query = InvitationQuery { part, statuses: convert::statuses(filter), user_id: None };
        let mut page = convert::page(part, client.list_invitations(&query).await?, |row| {
            belongs(organization, convert::organization_of_invitation(&row))?;
            invitation_to(organization, row).map(Some)
        })?;
        filter.apply(&mut page.items);
        if filter.email.is_some() {
            // Koyeb counts those to other addresses too.
            page.total = None;
        }
        Ok(page)
    }

    async fn invitation(
        &self,
        organization: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Invitation, Error> {
        let client = self.scoped(organization, Access::Read).await?;
        let found = client.get_invitation(id.as_str()).await?;
        belongs(organization, convert::organization_of_invitation(&found))?;
        invitation_to(organization, found)
    }

    async fn resend(&self, organization: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let client = self.scoped(organization, Access::Write).await?;
        let resent = client.resend_invitation(id.as_str()).await?;
        self.made_in(organization, resent).await
    }

    async fn revoke(&self, organization: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        self.scoped(organization, Access::Write).await?.delete_invitation(id.as_str()).await
    }

    async fn respond(&self, invitation: &InvitationRef, answer: Answer) -> Result<Answered, Error> {
        self.capability().support(Operation::RespondToInvitation).require()?;
        let InvitationRef::Id { organization, id } = invitation else {
            let message = "Koyeb's mails hold no token: answer by the invitation's id, with the invited \
                           person's own credential";
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        let sent = match answer {
            Answer::Accept => self.client.accept_invitation(id.as_str()).await,
            Answer::Decline => self.client.decline_invitation(id.as_str()).await,
        };
        let confirmed = match sent.and_then(convert::invitation) {
            Ok(confirmed) => confirmed,
            Err(error) => self.look_at_answer(id, answer, error).await?,
        };
        if let (Some(wanted), Some(found)) = (organization, &confirmed.organization_id) {
            belongs(wanted, Some(found.clone()))?;
        }
        let mut answered = Answered::checked(answer, confirmed.status.clone())?;
        answered.organization_id.clone_from(&confirmed.organization_id);
        answered.invitation = Some(confirmed);
        Ok(answered)
    }

    /// Settles by one read what an answer that failed has done: the invitation shows it.
    async fn look_at_answer(
        &self,
        id: &InvitationId,
        answer: Answer,
        failure: Error,
    ) -> Result<Invitation, Error> {
        let is_lost = failure.reach() == Reach::Unanswered;
        if !is_lost && failure.kind() != ErrorKind::Conflict {
            return Err(failure);
        }
        let Ok(found) = self.client.get_my_invitation(id.as_str()).await.and_then(convert::invitation) else {
            return Err(failure);
        };
        match &found.status {
            status if is_lost && *status == answer.status() => Ok(found),
            InvitationStatus::Expired => Err(failure.with_kind(ErrorKind::Expired)),
            InvitationStatus::Pending => Err(failure),
            status => {
                let message = format!("the invitation is {status} already");
                Err(failure.with_kind(ErrorKind::Conflict).with_message(message).with_reach(Reach::Answered))
            }
        }
    }

    async fn invitations_to_me(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.capability().my_invitations.require()?;
        let part = convert::part(cursor)?;
        let query = MyInvitationQuery { part, ..MyInvitationQuery::default() };
        let listing = self.client.list_my_invitations(&query).await?;
        convert::page(part, listing, |row| convert::invitation(row).map(Some))
    }
}

/// Organizations are implied by the token, so what comes back is checked.
impl KoyebProvider {
    async fn scoped(&self, organization: &OrganizationId, access: Access) -> Result<KoyebClient, Error> {
        self.shared.scopes.client(&self.client, organization, access).await
    }

    /// The invitation in an answer to a write, which must be one to `organization`.
    async fn made_in(
        &self,
        organization: &OrganizationId,
        made: Doc<OrganizationInvitation>,
    ) -> Result<Invitation, Error> {
        let found = convert::organization_of_invitation(&made);
        if let Some(found) = found.filter(|found| found != organization) {
            // The token has moved; the next call finds out where to.
            self.shared.scopes.forget().await;
            let message = format!(
                "the token acts in organization {found} by now, and the mail to join {found} went out instead \
                 of {organization}: revoke invitation {} there",
                made.id
            );
            // The vendor has answered: sending again would only mail again.
            return Err(Error::new(ErrorKind::Protocol, message).with_reach(Reach::Answered));
        }
        invitation_to(organization, made)
    }
}

/// An invitation that is known to be one to `organization`, even if it does not say so.
fn invitation_to(
    organization: &OrganizationId,
    row: Doc<OrganizationInvitation>,
) -> Result<Invitation, Error> {
    let mut invitation = convert::invitation(row)?;
    invitation.organization_id.get_or_insert_with(|| organization.clone());
    Ok(invitation)
}

/// Refuses what is known to be in another organization.
fn belongs(wanted: &OrganizationId, found: Option<OrganizationId>) -> Result<(), Error> {
    match found {
        Some(found) if found != *wanted => Err(convert::protocol(format!(
            "organization {wanted} was asked for, and the answer is about organization {found}"
        ))),
        _ => Ok(()),
    }
}
