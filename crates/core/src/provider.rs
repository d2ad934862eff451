//! The neutral side of the seam: the traits that callers see. Core implements them, by a
//! [`Guard`](crate::Guard) around each adapter.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::capability::Capability;
use crate::error::Error;
use crate::http::{Request, Transport};
use crate::id::{InvitationId, MemberId, OrganizationId};
use crate::identity::Identity;
use crate::invitation::{
    Answer, Answered, Invitation, InvitationFilter, InvitationRef, InviteOutcome, NewInvitation,
};
use crate::invite::{InviteStream, Plan};
use crate::member::Member;
use crate::organization::{NewOrganization, Organization, OrganizationUpdate};
use crate::page::{Cursor, Page};
use crate::role::Role;
use crate::secret::Secret;

/// Organizations: list, get, create, update, delete.
///
/// Every method is an [`Operation`](crate::Operation); what [`Capability`] calls unsupported fails with `Unsupported`
/// before anything is sent. All methods fail with `Unauthenticated`,
/// `PermissionDenied`, `RateLimited`, `Unavailable`, `Timeout`, `Connection` or `Protocol` besides
/// the kinds they name.
#[async_trait]
pub trait Organizations: Send + Sync {
    /// One page of the organizations that the credential can see, from the beginning without a
    /// cursor.
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error>;

    /// One organization.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is none of this id, or the credential may not know of it.
    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error>;

    /// Makes an organization; the credential's person belongs to it.
    ///
    /// A dropped future may have made it: list the organizations before making it again.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a field that the vendor does not have, `InvalidInput` for a name that it does
    /// not take, `AlreadyExists` where names are unique, `Ambiguous` if the response was lost: list
    /// the organizations before making it again.
    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error>;

    /// Changes an organization and returns it as it is now. Its id may be another one: where an
    /// organization is known by its name, a new name is a new id.
    ///
    /// A dropped future leaves it as it was or as asked for; read it, by either name.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Unsupported` for a field that the vendor does not have; `InvalidInput` for an update
    /// that changes nothing or a name that the vendor does not take; `AlreadyExists` where names
    /// are unique.
    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error>;

    /// Deletes an organization with everything in it. There is no way back.
    ///
    /// A dropped future leaves it there or gone, or begun where the vendor takes several steps; call
    /// again.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` if something at the vendor stands against it; `Incomplete` if it was
    /// begun and not finished; `Ambiguous` if the response was lost and nothing tells what happened.
    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error>;
}

/// Members: list, change a role, remove.
///
/// The errors that all methods share are those of [`Organizations`].
#[async_trait]
pub trait Members: Send + Sync {
    /// One page of the people in an organization, from the beginning without a cursor.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such organization.
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error>;

    /// Gives a member another role.
    ///
    /// A dropped future leaves the old role or the new one; call again.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such member; `Unsupported` for a role that this vendor does not have:
    /// it is never rounded; `Conflict` if the member's present rights cannot be told as a role,
    /// or the organization would lose its last owner.
    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error>;

    /// Ends a membership. The person's account stays.
    ///
    /// A dropped future leaves the membership or has ended it; call again, and `NotFound` is done.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such member; `Conflict` if the organization would lose its last
    /// owner, where this is known.
    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error>;
}

/// Invitations: list, get, invite, resend, revoke, answer.
///
/// The errors that all methods share are those of [`Organizations`].
#[async_trait]
pub trait Invitations: Send + Sync {
    /// One page of the invitations to an organization that pass the filter, from the beginning
    /// without a cursor.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such organization; `Unsupported` for a filter that asks only for
    /// statuses which this vendor never shows.
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error>;

    /// One invitation.
    ///
    /// # Errors
    ///
    /// `NotFound`: accepted, declined or revoked, where the vendor shows only waiting ones.
    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error>;

    /// Invites a person, once: at most one mail, and none for a person who is a member or has a
    /// waiting invitation that the vendor shows.
    ///
    /// Processes that share a [store](crate::CoordinationStore) count as one. Others that invite the same
    /// person at the same moment send one mail where [`Capability::duplicates`] says `Refused`.
    ///
    /// Dropping the future stops after the request in flight; the invitation may then exist, and
    /// the next call finds it.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a malformed address or a missing role; `Unsupported` for a role that
    /// this vendor cannot give; `Ambiguous` if nothing tells whether the invitation exists: call
    /// again later, it looks before it sends; `Incomplete` if the invitation exists and is known
    /// to have had no mail: resend it.
    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error>;

    /// Invites many people in the fewest requests, each with the promise of
    /// [`invite`](Invitations::invite). Outcomes come as they settle, each with its index in the
    /// list. Waits as long as the vendor's limits need; at most `http.max_concurrency` requests are
    /// in flight.
    ///
    /// Where only another look settles, one is made whenever the next request has to wait for a
    /// limit, and beside the requests after 200 people or a quarter of the rows last read, whichever
    /// is more. If the vendor's list of invitations would outgrow `http.max_body`, nothing is sent.
    ///
    /// A repeated address has the outcome of the first one, without a request. After
    /// `Unauthenticated`, `PermissionDenied` or `Config` the rest are `Cancelled`. Dropping the
    /// stream stops after the requests in flight; its [handle](InviteStream::handle) tells how far
    /// it is, and stops it so that what has left is still settled.
    #[must_use = "nobody is invited until the stream is read"]
    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a>;

    /// Says for each person what inviting would do, by the same look. Only reads.
    ///
    /// Who stands in the list again, and would be invited once, is [`Repeated`](Plan::Repeated) there.
    ///
    /// # Errors
    ///
    /// Those of listing invitations and members.
    async fn plan_invites(
        &self,
        organization: &OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> Result<Vec<Plan>, Error>;

    /// Sends the mail of a waiting or expired invitation once more and returns the invitation,
    /// which has a new id where resending is composed.
    ///
    /// A dropped future may have sent the mail, and where resending is composed it may leave nothing
    /// but a revoked invitation: call [`invite`](Invitations::invite), which looks first. Resending
    /// once more could mail once more.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` if it is answered already; `Incomplete` if the old one is gone and
    /// no new one could be made: `left_behind` has what is needed to invite again.
    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error>;

    /// The link that was mailed with a waiting invitation, for somebody whom the mail did not reach. It is a
    /// secret: whoever has it may be able to join in the invited person's place.
    ///
    /// Costs one read of the invitation; the vendor itself is not asked for the link.
    ///
    /// # Errors
    ///
    /// `Unsupported` where [`Capability::invitation_link`] says so; `NotFound`; `Conflict` for one that waits no
    /// longer; `Config` for a setting that the link is made of and that is missing.
    async fn invitation_link(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Secret, Error>;

    /// Takes a waiting invitation back.
    ///
    /// A dropped future leaves the invitation or has taken it back; call again, and `NotFound` is
    /// done.
    ///
    /// # Errors
    ///
    /// `NotFound`: accepted, declined or revoked already, or never there.
    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error>;

    /// Answers an invitation. The provider must be configured with the invited person's own
    /// credential, except where the mailed token is passed.
    ///
    /// A dropped future may have answered; call again, and `Conflict` or `NotFound` is done.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` if it is answered already; `Expired`; `PermissionDenied` if it is
    /// somebody else's or the address is not verified.
    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error>;

    /// One page of the invitations addressed to the credential's own person.
    ///
    /// # Errors
    ///
    /// `Unsupported` where [`Capability::operations`] says so.
    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error>;
}

/// One configured account at one vendor, with everything that can be asked of it: what programs take
/// as `&dyn Provider`.
#[async_trait]
pub trait Provider: Organizations + Members + Invitations {
    /// The vendor, as the configuration's `kind` spells it.
    fn kind(&self) -> &'static str;

    /// The name this provider has in the configuration; its kind where it has none.
    fn name(&self) -> &str;

    /// What it can do with its kind of credential.
    fn capability(&self) -> &Capability;

    /// The configured organization.
    fn default_organization(&self) -> Option<&OrganizationId>;

    /// The configured role of invitations that name none.
    fn default_role(&self) -> Option<&Role>;

    /// How long after a request the vendor's lists may still lag behind it: `settle` of the configuration.
    fn settle(&self) -> Duration;

    /// The same account for a job of many calls: it waits for the vendor's limits as long as they
    /// need, where a single call gives up after `http.max_wait`. It shares everything else.
    fn patient(&self) -> Arc<dyn Provider + '_>;

    /// What sends the requests, for a login and for calls that neither the traits nor the vendor's
    /// client have; `None` where no vendor is asked by core's HTTP layer.
    fn transport(&self) -> Option<&Transport>;

    /// Adds to a request of the program's own what this vendor reads the organization from beside
    /// the path, such as a header.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for what cannot be an id of this vendor.
    fn for_organization(&self, request: Request, organization: &OrganizationId) -> Result<Request, Error>;

    /// Whom the credential stands for.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the vendor does not tell.
    async fn get_identity(&self) -> Result<Identity, Error>;
}
