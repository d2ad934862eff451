//! The translation: the neutral traits on top of the vendor client.

use async_trait::async_trait;
use orgport_core::invite::{
    InviteEngine, InvitePort, Invitee, Patience, Reply, resend_composed, role_to_grant,
};
use orgport_core::{
    Capability, Context, Cursor, Describe, Error, ErrorKind, Invitation, InvitationFilter, InvitationId,
    InvitationStatus, Invitations, InviteOutcome, InviteStream, LeftBehind, Member, MemberId, Members,
    NewInvitation, NewOrganization, Operation, Organization, OrganizationId, OrganizationUpdate,
    Organizations, Page, Role,
};

use crate::capability::{NO_PERSON, ROLES, VISIBLE};
use crate::client::{TrieveClient, invitation_uuid, organization_uuid, user_uuid};
use crate::config::{Credential, KIND};
use crate::convert;
use crate::error::already_invited;
use crate::query::{InvitationData, OrganizationChanges, UserUpdate};

/// The vendor's column for addresses ends here.
const LONGEST_EMAIL: usize = 100;

/// Trieve behind the neutral traits. Clones share connections and the locks of the invite engine.
#[derive(Debug, Clone)]
pub struct TrieveProvider {
    pub(crate) client: TrieveClient,
    pub(crate) credential: Credential,
    pub(crate) capability: &'static Capability,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) default_role: Option<Role>,
    pub(crate) links: Links,
    pub(crate) engine: InviteEngine,
}

/// What a mailed link is made of. The vendor does not store it with the invitation.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    pub(crate) app_url: String,
    pub(crate) redirect_uri: Option<String>,
}

impl TrieveProvider {
    /// The typed vendor client, for what the traits do not cover.
    pub fn client(&self) -> &TrieveClient {
        &self.client
    }

    /// A clone that refuses everything but reads, its [`client`](Self::client) included.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), ..self.clone() }
    }

    /// A whole list, with the place in each of its errors.
    fn page<T>(
        &self,
        list: Result<Vec<Result<T, Error>>, Error>,
        operation: Operation,
    ) -> Result<Page<T>, Error> {
        let items = list.during(self.name(), operation)?.into_iter();
        Ok(Page::whole(items.map(|item| item.during(self.name(), operation)).collect()))
    }
}

impl Describe for TrieveProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        self.client.transport().name()
    }

    fn capability(&self) -> &Capability {
        self.capability
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for TrieveProvider {
    async fn list_organizations(&self, _cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.page(self.organizations().await, Operation::ListOrganizations)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.organization(organization).await.during(self.name(), Operation::GetOrganization)
    }

    /// Reads the key's person first: an organization's key, whatever the configuration says of it,
    /// is refused before it leaves an organization without members behind.
    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.create(new).await.during(self.name(), Operation::CreateOrganization)
    }

    /// The vendor cleans the name as HTML; the answer has the name as stored. Members of the
    /// partner configuration beside the nine known ones are lost, since no read shows them.
    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.update(organization, update).await.during(self.name(), Operation::UpdateOrganization)
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        self.delete(organization).await.during(self.name(), Operation::DeleteOrganization)
    }
}

#[async_trait]
impl Members for TrieveProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.page(self.members(organization).await, Operation::ListMembers)
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect, and
    /// for a member with scopes. Another change at the same moment can slip in between.
    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.set_role(organization, member, role).await.during(self.name(), Operation::SetMemberRole)
    }

    /// Reads the members first, to refuse for the last owner, whom the vendor does not protect.
    /// Another change at the same moment can slip in between.
    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.remove(organization, member).await.during(self.name(), Operation::RemoveMember)
    }
}

#[async_trait]
impl Invitations for TrieveProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.page(self.filtered(organization, filter).await, Operation::ListInvitations)
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
        self.resend(organization, invitation).await.during(self.name(), Operation::ResendInvitation)
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.revoke(organization, invitation).await.during(self.name(), Operation::RevokeInvitation)
    }
}

#[async_trait]
impl InvitePort for TrieveProvider {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let client = match patience {
            Patience::Bounded => self.client.clone(),
            Patience::Unbounded => self.client.patient(),
        };
        for invitee in batch {
            client.create_invitation(organization.as_str(), &self.invitation_data(invitee)?).await?;
        }
        Ok(Reply::Accepted)
    }

    /// The vendor mails before it answers, so that one which gave up may have stored the row only.
    fn is_mail_in_doubt(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Incomplete || error.status() == Some(408)
    }

    /// A used invitation of exactly this address blocks a new one.
    async fn clear_dead(
        &self,
        organization: &OrganizationId,
        _dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        // There may be several used ones, in other letters; the vendor's words name the one.
        let blocks = |row: &Invitation| {
            let email = row.email.as_ref().map(|email| already_invited(email.as_str()));
            !row.is_pending() && email.is_some() && email.as_deref() == refusal.vendor_message()
        };
        let rows = self.invitations(organization).await?;
        let Some(row) = rows.into_iter().flatten().find(blocks) else { return Ok(false) };
        self.client.delete_invitation(organization.as_str(), row.id.as_str()).await?;
        Ok(true)
    }
}

/// # Organizations
impl TrieveProvider {
    async fn organizations(&self) -> Result<Vec<Result<Organization, Error>>, Error> {
        match (self.credential, &self.organization) {
            (Credential::User, _) => {
                let docs = self.client.me().await?.organizations;
                Ok(docs.into_iter().map(|doc| doc.and_then(convert::organization)).collect())
            }
            (Credential::Organization, Some(configured)) => {
                Ok(vec![Ok(self.organization(configured).await?)])
            }
            (Credential::Organization, None) => Err(Error::new(
                ErrorKind::Config,
                "an organization's API key cannot say which organization it belongs to: configure organization",
            )),
        }
    }

    async fn organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        convert::organization(self.client.get_organization(organization.as_str()).await?.organization)
    }

    async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        let NewOrganization { name, description, .. } = new;
        let no_person = || Error::new(ErrorKind::Unsupported, NO_PERSON);
        if self.credential == Credential::Organization {
            return Err(no_person());
        }
        no_description(description.as_deref())?;
        match self.client.me().await {
            Err(error) if error.kind() == ErrorKind::PermissionDenied && error.status() == Some(400) => {
                return Err(no_person().with_source(error));
            }
            me => drop(me?),
        }
        convert::organization(self.client.create_organization(&name).await?)
    }

    async fn update(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        no_description(description.as_deref())?;
        if name.is_none() {
            return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing: give a name"));
        }
        let id = organization.as_str();
        let partner_configuration =
            self.client.get_organization(id).await?.organization.value.partner_configuration;
        let changes = OrganizationChanges { name, partner_configuration };
        convert::organization(self.client.update_organization(id, &changes).await?)
    }

    async fn delete(&self, organization: &OrganizationId) -> Result<(), Error> {
        match self.client.delete_organization(organization.as_str()).await {
            Err(error) if error.kind() == ErrorKind::Ambiguous => {
                match self.client.get_organization(organization.as_str()).await {
                    Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                }
            }
            Err(error) if error.kind() == ErrorKind::Incomplete => {
                let what = error.message().to_owned();
                Err(error.with_left_behind(LeftBehind::new(what)))
            }
            done => done,
        }
    }
}

/// # Members
impl TrieveProvider {
    async fn members(&self, organization: &OrganizationId) -> Result<Vec<Result<Member, Error>>, Error> {
        let id = organization_uuid(organization.as_str())?.to_string();
        let docs = self.client.list_users(&id).await?;
        Ok(docs.into_iter().map(|doc| doc.and_then(|doc| convert::member(doc, &id))).collect())
    }

    async fn set_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let role = role_to_grant(role, ROLES, "a member")?;
        let number = convert::role_number(role).expect("every role in ROLES has a number");
        let members = self.members(organization).await?;
        let present = find_member(&members, member)?;
        if present.role.as_ref().is_some_and(convert::is_scoped) {
            let message = format!(
                "the member has scopes, which no call takes away, so that it would not simply be {role}: remove \
                 the member and invite again"
            );
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        if *role != Role::Owner {
            keep_an_owner(&members, present)?;
        }
        let update = UserUpdate::of(present.id.as_str()).role(number);
        self.client.update_user(organization.as_str(), &update).await
    }

    async fn remove(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let members = self.members(organization).await?;
        let present = find_member(&members, member)?;
        keep_an_owner(&members, present)?;
        self.client.remove_user(organization.as_str(), present.id.as_str()).await
    }
}

/// # Invitations
impl TrieveProvider {
    async fn invitations(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<Result<Invitation, Error>>, Error> {
        let docs = self.client.list_invitations(organization.as_str()).await?;
        Ok(docs.into_iter().map(|doc| doc.and_then(convert::invitation)).collect())
    }

    async fn filtered(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
    ) -> Result<Vec<Result<Invitation, Error>>, Error> {
        filter.check(VISIBLE)?;
        let mut invitations = self.invitations(organization).await?;
        filter.apply(&mut invitations);
        Ok(invitations)
    }

    async fn invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let id = invitation_uuid(invitation.as_str())?.to_string();
        let what = "there is no such invitation in this organization: revoked, resent under a new id, or never there";
        find(self.invitations(organization).await?, |row| row.id.as_str() == id, what)
    }

    /// The vendor deletes any organization's invitation, and used ones too.
    async fn revoke(&self, organization: &OrganizationId, invitation: &InvitationId) -> Result<(), Error> {
        let present = self.invitation(organization, invitation).await?;
        if present.status == InvitationStatus::Accepted {
            let what = "the invitation is accepted and can no longer be revoked: remove the member instead";
            return Err(Error::new(ErrorKind::NotFound, what));
        }
        self.client.delete_invitation(organization.as_str(), present.id.as_str()).await
    }

    async fn resend(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        // Nothing is deleted that could not be made again.
        self.links.redirect_uri()?;
        let old = self.invitation(organization, invitation).await?;
        old.native.as_ref().map(convert::carried_over).transpose()?;
        resend_composed(self, organization, invitation).await
    }

    fn invitation_data(&self, invitee: &Invitee) -> Result<InvitationData, Error> {
        let email = invitee.email.as_str();
        if email.chars().count() > LONGEST_EMAIL {
            let message = format!("Trieve takes addresses of at most {LONGEST_EMAIL} characters");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let replaced = invitee.replaces.as_ref().map(convert::carried_over).transpose()?;
        let (carried_role, scopes) = replaced.unwrap_or_default();
        let role = carried_role.or_else(|| invitee.role.as_ref().and_then(convert::role_number));
        let role =
            role.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "Trieve needs a role to invite with"))?;
        let Links { app_url, .. } = &self.links;
        Ok(InvitationData::new(email, role, app_url, self.links.redirect_uri()?).scopes(scopes))
    }
}

impl Links {
    fn redirect_uri(&self) -> Result<&str, Error> {
        self.redirect_uri.as_deref().ok_or_else(|| {
            let message = "inviting needs redirect_uri in the configuration: where the browser ends up after the \
                           mailed link";
            Error::new(ErrorKind::Config, message)
        })
    }
}

fn no_description(description: Option<&str>) -> Result<(), Error> {
    match description {
        Some(_) => Err(Error::new(ErrorKind::Unsupported, "Trieve's organizations have no description")),
        None => Ok(()),
    }
}

fn find_member<'a>(members: &'a [Result<Member, Error>], wanted: &MemberId) -> Result<&'a Member, Error> {
    let id = user_uuid(wanted.as_str())?.to_string();
    find(
        members.iter().map(|row| row.as_ref().map_err(Error::echo)),
        |row| row.id.as_str() == id,
        "there is no such member in this organization",
    )
}

/// The row that is wanted, `NotFound` where every row could be read, or else why one could not.
fn find<T>(
    rows: impl IntoIterator<Item = Result<T, Error>>,
    wanted: impl Fn(&T) -> bool,
    missing: &str,
) -> Result<T, Error> {
    let mut unreadable = None;
    for row in rows {
        match row {
            Ok(row) if wanted(&row) => return Ok(row),
            Ok(_) => {}
            Err(error) => unreadable = Some(error),
        }
    }
    Err(unreadable.unwrap_or_else(|| Error::new(ErrorKind::NotFound, missing)))
}

/// Refuses to take the role of the only owner. An owner with scopes may be unable to act as one.
fn keep_an_owner(members: &[Result<Member, Error>], leaving: &Member) -> Result<(), Error> {
    let is_owner = |member: &Member| member.role == Some(Role::Owner);
    let stays = |member: &Member| is_owner(member) && member.id != leaving.id;
    if is_owner(leaving) && !members.iter().flatten().any(stays) {
        let message = "the organization would lose its last owner: make somebody else an owner first";
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    Ok(())
}
