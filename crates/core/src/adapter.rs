//! The vendor's side of the seam: what an adapter's author writes.

use async_trait::async_trait;
use serde::de::DeserializeOwned;

use crate::capability::{Capability, Invitees};
use crate::config::ProviderConfig;
use crate::email::Email;
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Transport};
use crate::id::{InvitationId, MemberId, OrganizationId};
use crate::identity::Identity;
use crate::invitation::{Answer, Answered, Invitation, InvitationFilter, InvitationRef};
use crate::invitee::Invitee;
use crate::member::Member;
use crate::native::Native;
use crate::operation::Operation;
use crate::organization::{NewOrganization, Organization, OrganizationUpdate};
use crate::page::{Cursor, Page};
use crate::role::Role;
use crate::secret::Secret;

/// One person to invite, checked, with the role that the vendor is to be asked for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Draft {
    /// Who it is, of the sort that [`Capability::invitees`] takes.
    pub invitee: Invitee,
    /// The role; `None` where the vendor takes none and chooses itself.
    pub role: Option<Role>,
    /// The vendor's JSON of the invitation that this one replaces, whose native role and extras
    /// are to be carried over; `None` outside a composed resend.
    pub replaces: Option<Native>,
    /// What [`extras`](InvitationsAdapter::extras) has read beside it.
    pub extras: Option<Native>,
}

impl Draft {
    pub(crate) fn new(invitee: Invitee, role: Option<Role>) -> Self {
        Self { invitee, role, replaces: None, extras: None }
    }

    /// Where the mail goes, for vendors that invite addresses alone.
    ///
    /// # Errors
    ///
    /// `Unsupported` for an account, which such a vendor's adapter is never asked to invite.
    pub fn email(&self) -> Result<&Email, Error> {
        self.invitee.email().ok_or_else(|| Invitees::Addresses.refusal(&self.invitee))
    }
}

/// What the vendor's response to an accepted create tells.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "an engine that does not know a reply cannot settle it")]
pub enum Reply {
    /// Invitations, the new ones among them.
    Listed(Vec<Invitation>),
    /// The invitation that the one person of the batch had before: nothing was made.
    AlreadyThere(Box<Invitation>),
    /// Nothing that tells what was made: a look must.
    Accepted,
}

/// What a vendor shows of the people that a look is for.
#[derive(Debug, Clone, Default)]
#[expect(clippy::exhaustive_structs, reason = "a look that does not know a part of it cannot count it")]
pub struct Found {
    /// Their invitations, in the statuses of [`look_filter`](InvitationsAdapter::look_filter).
    pub invitations: Vec<Invitation>,
    /// Their memberships.
    pub members: Vec<Member>,
}

/// One vendor, as one credential sees it: the operations that the vendor has, and nothing that all
/// vendors share. There is a trait for each noun, whose methods have default bodies for what the
/// vendor does not have.
///
/// A [`Guard`](crate::Guard) around it is the provider that callers see. The guard asks only for
/// what the [`capability`](Adapter::capability) promises; checks roles, filters, fields and
/// cursors before it calls; refuses writes of a read-only provider; adds provider and operation
/// to every error, those among the items of a page included; and says that a change may be done which
/// has left and ended in `Protocol`. An adapter repeats none of this. The
/// methods are those of the neutral traits ([`Organizations`](crate::Organizations) and so on),
/// whose documentation says what each must mean.
///
/// Clones are the same account: they share connections, limits and what was learned.
#[async_trait]
pub trait Adapter: OrganizationsAdapter + MembersAdapter + InvitationsAdapter + 'static {
    /// The vendor, as the configuration's `kind` spells it.
    fn kind(&self) -> &'static str;

    /// What it can do with its kind of credential. Nothing in it changes while the adapter lives.
    fn capability(&self) -> &Capability;

    /// What sends its requests; `None` for one that does not speak by core's HTTP layer.
    fn transport(&self) -> Option<&Transport> {
        None
    }

    /// What names the account among all of this vendor: calls of providers that agree in it wait for
    /// each other. The vendor's address by default; `None` where it is this adapter's alone.
    fn account(&self) -> Option<String> {
        self.transport().map(|transport| format!("{} {}", self.kind(), transport.base_url().as_str()))
    }

    /// The same account over another transport, such as one that only reads or waits longer.
    #[must_use]
    fn with_transport(&self, transport: Transport) -> Self
    where
        Self: Sized + Clone,
    {
        let _ = transport;
        self.clone()
    }

    /// The place one row before `next`, for vendors that page by offset: a look lets pages overlap by
    /// a row, so that it sees when a list slides while it is read. `None` where pages cannot overlap;
    /// such lists are read twice.
    fn one_row_back(&self, next: &Cursor) -> Option<Cursor> {
        let _ = next;
        None
    }

    /// The organization that is meant where neither a call nor the configuration names one, if the
    /// account has such a one.
    fn own_organization(&self) -> Option<OrganizationId> {
        None
    }

    /// Adds to a request of the program's own what this vendor reads the organization from beside
    /// the path.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for what cannot be an id of this vendor.
    fn for_organization(&self, request: Request, organization: &OrganizationId) -> Result<Request, Error> {
        let _ = organization;
        Ok(request)
    }

    /// See [`Provider::get_identity`](crate::Provider::get_identity).
    async fn get_identity(&self) -> Result<Identity, Error> {
        Err(not_implemented(Operation::GetIdentity))
    }
}

/// The vendor's side of [`Organizations`](crate::Organizations).
#[async_trait]
pub trait OrganizationsAdapter: Send + Sync {
    /// See [`Organizations::list_organizations`](crate::Organizations::list_organizations).
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        let _ = cursor;
        Err(not_implemented(Operation::ListOrganizations))
    }

    /// See [`Organizations::get_organization`](crate::Organizations::get_organization).
    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let _ = organization;
        Err(not_implemented(Operation::GetOrganization))
    }

    /// See [`Organizations::create_organization`](crate::Organizations::create_organization). The
    /// fields are among [`Capability::create_fields`].
    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        let _ = new;
        Err(not_implemented(Operation::CreateOrganization))
    }

    /// See [`Organizations::update_organization`](crate::Organizations::update_organization). It
    /// changes something, and the fields are among [`Capability::update_fields`].
    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let _ = (organization, update);
        Err(not_implemented(Operation::UpdateOrganization))
    }

    /// See [`Organizations::delete_organization`](crate::Organizations::delete_organization).
    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        let _ = organization;
        Err(not_implemented(Operation::DeleteOrganization))
    }
}

/// The vendor's side of [`Members`](crate::Members).
#[async_trait]
pub trait MembersAdapter: Send + Sync {
    /// See [`Members::list_members`](crate::Members::list_members).
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let _ = (organization, cursor);
        Err(not_implemented(Operation::ListMembers))
    }

    /// See [`Members::set_member_role`](crate::Members::set_member_role). The role is one of
    /// [`Capability::roles_at_set_role`].
    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let _ = (organization, member, role);
        Err(not_implemented(Operation::SetMemberRole))
    }

    /// See [`Members::remove_member`](crate::Members::remove_member).
    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let _ = (organization, member);
        Err(not_implemented(Operation::RemoveMember))
    }
}

/// Which page of which list of invitations is asked for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ListInvitations<'a> {
    /// Whose invitations.
    pub organization: &'a OrganizationId,
    /// What would do, for vendors that can be asked for it.
    pub filter: &'a InvitationFilter,
    /// Where the page begins, by what the adapter returned with the page before; `None` for the first.
    pub cursor: Option<&'a Cursor>,
}

impl<'a> ListInvitations<'a> {
    /// The first page of what passes the filter.
    pub fn new(organization: &'a OrganizationId, filter: &'a InvitationFilter) -> Self {
        Self { organization, filter, cursor: None }
    }

    /// The first page of all.
    pub fn all(organization: &'a OrganizationId) -> Self {
        const ALL: &InvitationFilter = &InvitationFilter::all();
        Self::new(organization, ALL)
    }

    /// The page that begins there.
    #[must_use]
    pub fn at(self, cursor: Option<&'a Cursor>) -> Self {
        Self { cursor, ..self }
    }
}

/// The vendor's side of [`Invitations`](crate::Invitations), and what the engine that invites needs
/// to know beside it.
#[async_trait]
pub trait InvitationsAdapter: Send + Sync {
    /// See [`Invitations::list_invitations`](crate::Invitations::list_invitations). The filter says
    /// what would do; rows that do not pass it are left out by the guard.
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let _ = list;
        Err(not_implemented(Operation::ListInvitations))
    }

    /// See [`Invitations::get_invitation`](crate::Invitations::get_invitation).
    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let _ = (organization, invitation);
        Err(not_implemented(Operation::GetInvitation))
    }

    /// Sends one create request for at most [`batch_size`](Capability::batch_size) people.
    ///
    /// # Errors
    ///
    /// The vendor's refusal or the transport's failure, with its [`Reach`](crate::Reach).
    async fn send_invitations(&self, organization: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let _ = (organization, batch);
        Err(not_implemented(Operation::Invite))
    }

    /// See [`Invitations::resend_invitation`](crate::Invitations::resend_invitation). Asked for only
    /// where the capability calls it native: where it is composed, the guard revokes and invites
    /// anew.
    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let _ = (organization, invitation);
        Err(not_implemented(Operation::ResendInvitation))
    }

    /// The link that was mailed with an invitation, which was just read and waits for an answer. Asked for
    /// only where the capability promises it.
    ///
    /// # Errors
    ///
    /// `Config` for a setting that the link is made of and that is missing.
    fn invitation_link(
        &self,
        organization: &OrganizationId,
        invitation: &Invitation,
    ) -> Result<Secret, Error> {
        let _ = (organization, invitation);
        Err(Error::new(ErrorKind::Unsupported, "the adapter promises links and does not implement them"))
    }

    /// See [`Invitations::revoke_invitation`](crate::Invitations::revoke_invitation).
    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        let _ = (organization, invitation);
        Err(not_implemented(Operation::RevokeInvitation))
    }

    /// See [`Invitations::respond_to_invitation`](crate::Invitations::respond_to_invitation).
    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let _ = (invitation, answer);
        Err(not_implemented(Operation::RespondToInvitation))
    }

    /// See [`Invitations::my_invitations`](crate::Invitations::my_invitations).
    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let _ = cursor;
        Err(not_implemented(Operation::MyInvitations))
    }

    /// The rows that a look before and after inviting reads. All by default; an adapter whose vendor
    /// filters asks for the waiting ones only, where dead rows do not matter.
    fn look_filter(&self) -> InvitationFilter {
        InvitationFilter::all()
    }

    /// Looks for these people alone, for vendors that can be asked so: cheaper than reading both lists
    /// where an organization is large. `None`, the default, has the lists read.
    ///
    /// Whoever is not in it counts as absent, and is sent a mail: it must be all that the lists would
    /// show of these people.
    ///
    /// # Errors
    ///
    /// Why it could not be found out.
    async fn look_for(
        &self,
        organization: &OrganizationId,
        people: &[&Invitee],
    ) -> Result<Option<Found>, Error> {
        let _ = (organization, people);
        Ok(None)
    }

    /// Whether this refusal of a create for one person says that the person is a member already and
    /// nothing was made: for vendors whose members do not show their addresses, so that no look can
    /// tell.
    fn is_member_already(&self, refusal: &Error) -> bool {
        let _ = refusal;
        false
    }

    /// Whether an accepted create is at once in the vendor's lists, so that its absence is a
    /// broken promise of the vendor instead of a delay.
    fn lists_at_once(&self) -> bool {
        false
    }

    /// Whether this failure means that the row may be there while its mail was not sent.
    fn is_mail_in_doubt(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Incomplete
    }

    /// Reads what a replacement must carry over and the old invitation's JSON does not show, before
    /// the old one is revoked: teams that the vendor keeps beside it, for example. It comes back in
    /// [`Draft::extras`].
    ///
    /// # Errors
    ///
    /// Why it could not be read; nothing is revoked then.
    async fn extras(&self, organization: &OrganizationId, old: &Invitation) -> Result<Option<Native>, Error> {
        let _ = (organization, old);
        Ok(None)
    }

    /// Says whether an invitation can be made anew with all that it had, before the old one is
    /// revoked for it.
    ///
    /// # Errors
    ///
    /// What stands against it.
    fn check_replacement(&self, draft: &Draft) -> Result<(), Error> {
        let _ = draft;
        Ok(())
    }

    /// What a replacement takes over beside the role, in words for people: without the id of the
    /// invitation and whose it is. It is kept until the replacement is there.
    fn carried_over(&self, draft: &Draft) -> Option<String> {
        let _ = draft;
        None
    }

    /// Removes an invitation that waits no longer, if it is what made the vendor refuse a new one.
    /// Says whether it did.
    ///
    /// # Errors
    ///
    /// That of the removal.
    async fn clear_dead(
        &self,
        organization: &OrganizationId,
        dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        let _ = (organization, dead, refusal);
        Ok(false)
    }
}

/// An adapter that a configuration describes.
pub trait Configured: Adapter + Clone + Sized {
    /// The vendor's own keys in a provider's table, as the fields of a struct that serde reads. A
    /// [`Secret`](crate::Secret) among them may stand in a variable or a file; a field of a name that
    /// all providers have, such as `auth`, takes the place of theirs.
    type Settings: DeserializeOwned;

    /// The `kind` in a configuration; what [`Adapter::kind`] returns.
    const KIND: &'static str;

    /// The values of `auth.type` that it takes; none by default, for what needs no credential.
    const AUTH_TYPES: &'static [&'static str] = &[];

    /// The settings without which an operation is refused; none by default.
    const NEEDED_SETTINGS: &'static [(&'static str, Operation)] = &[];

    /// A provider's table to begin with, `[providers.KIND]`, whose comments say where the credential
    /// comes from; none by default.
    const EXAMPLE: Option<&'static str> = None;

    /// What it can do with the credential that can do most.
    fn best_capability() -> Capability;

    /// Makes it; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for a credential that is missing or of a type that the vendor does not take, and for
    /// settings that cannot be used.
    fn new(config: &ProviderConfig, settings: Self::Settings) -> Result<Self, Error>;
}

/// An adapter with a typed client underneath, for what the traits do not cover.
pub trait Typed: Adapter {
    /// The client.
    type Client;

    /// Hands it out.
    fn client(&self) -> &Self::Client;
}

/// The conformance suite finds an adapter that promises what it does not implement.
fn not_implemented(operation: Operation) -> Error {
    let what = format!("the adapter promises {operation} and does not implement it");
    Error::new(ErrorKind::Unsupported, what)
}
