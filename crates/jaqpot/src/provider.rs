//! The neutral traits on top of the typed client.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::http::Doc;
use orgport_core::invite::{InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Answer, Answered, Capability, Clock, Context, Cursor, Describe, Error, ErrorKind, Invitation,
    InvitationFilter, InvitationId, InvitationRef, Invitations, InviteOutcome, InviteStream, LeftBehind,
    Member, Members, NewInvitation, NewOrganization, Operation, Organization, OrganizationId,
    OrganizationUpdate, Organizations, Page, Reach, Role,
};

use crate::capability::{CAPABILITY, VISIBLE_STATUSES};
use crate::client::{JaqpotClient, check_uuid};
use crate::config::{JaqpotSettings, KIND};
use crate::convert;
use crate::model::{
    CreateOrganization, Dated, OrganizationInvitation, OrganizationInvitationStatus, OrganizationWithPeople,
    PartialUpdateOrganization, UpdateInvitation,
};
use crate::numbers::Numbers;

/// Jaqpot behind the neutral traits. An [`OrganizationId`] is the organization's **name**.
///
/// Clones share connections, limits, tokens and the locks that keep one person from being invited
/// twice.
#[derive(Debug, Clone)]
pub struct JaqpotProvider {
    client: JaqpotClient,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    name: String,
    organization: Option<OrganizationId>,
    default_role: Option<Role>,
    settings: JaqpotSettings,
    engine: InviteEngine,
    clock: Arc<dyn Clock>,
    settle: Duration,
    numbers: Numbers,
}

impl JaqpotProvider {
    pub(crate) fn over(client: JaqpotClient, config: ProviderConfig, settings: JaqpotSettings) -> Self {
        let engine = config.invite_engine();
        let ProviderConfig { name, organization, default_role, clock, settle, .. } = config;
        let numbers = Numbers::default();
        let shared = Shared { name, organization, default_role, settings, engine, clock, settle, numbers };
        Self { client, shared: Arc::new(shared) }
    }

    /// The typed client.
    pub fn client(&self) -> &JaqpotClient {
        &self.client
    }

    /// A clone that refuses everything but reads.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { client: self.client.read_only(), shared: Arc::clone(&self.shared) }
    }

    /// Reads an organization and makes sure that its name still means what it meant.
    async fn read(&self, organization: &OrganizationId) -> Result<OrganizationWithPeople, Error> {
        let found =
            self.forgetting(organization, self.client.get_organization_by_name(organization.as_str()).await)?;
        self.shared.numbers.note(organization, found.organization.id)?;
        Ok(found)
    }

    /// Passes a result on, and forgets the number of an organization that is not found.
    fn forgetting<T>(&self, organization: &OrganizationId, result: Result<T, Error>) -> Result<T, Error> {
        if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            self.shared.numbers.forget(organization);
        }
        result
    }

    async fn number_of(&self, organization: &OrganizationId) -> Result<i64, Error> {
        match self.shared.numbers.get(organization) {
            Some(number) => Ok(number),
            None => Ok(self.read(organization).await?.organization.id),
        }
    }

    async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
        check_name(&new.name)?;
        let JaqpotSettings { contact_email, visibility } = &self.shared.settings;
        let contact_email = contact_email.as_ref().ok_or_else(|| missing_setting("contact_email"))?;
        let visibility = visibility.clone().ok_or_else(|| missing_setting("visibility"))?;
        let NewOrganization { name, description, .. } = new;
        let id = OrganizationId::new(&name)?;
        let organization =
            CreateOrganization { description, ..CreateOrganization::new(&name, visibility, contact_email) };
        self.client.create_organization(&organization).await?;
        // The name was free, so whatever it meant before is gone.
        self.shared.numbers.forget(&id);
        let read_back = self.read(&id).await.and_then(|found| convert::organization(found.organization));
        read_back.map_err(|error| {
            incomplete(
                &error,
                format!("the organization {name} is made, and reading it back failed: read it again"),
            )
        })
    }

    async fn update(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let OrganizationUpdate { name, description, .. } = update;
        if name.is_none() && description.is_none() {
            return Err(Error::new(ErrorKind::InvalidInput, "the update changes nothing"));
        }
        if let Some(name) = &name {
            check_name(name)?;
        }
        let found = self.read(organization).await?.organization.value;
        let required = |key| {
            let message =
                format!("the vendor does not show the organization's {key}, which an update must repeat");
            Error::new(ErrorKind::Protocol, message)
        };
        let update = PartialUpdateOrganization {
            name: name.unwrap_or(found.name),
            contact_email: found.contact_email.ok_or_else(|| required("contactEmail"))?,
            visibility: found.visibility.ok_or_else(|| required("visibility"))?,
            description,
        };
        let updated = self.client.partial_update_organization(found.id, &update).await;
        let updated = convert::organization(self.forgetting(organization, updated)?.organization)?;
        if updated.id != *organization {
            self.shared.numbers.forget(organization);
            self.shared.numbers.forget(&updated.id);
            self.shared.numbers.note(&updated.id, found.id)?;
        }
        Ok(updated)
    }

    /// Reads an invitation; one that is not found is told from an organization that is not.
    async fn find(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        check_uuid(invitation.as_str())?;
        match self.client.get_invitation(organization.as_str(), invitation.as_str()).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(self.which_is_missing(organization, error).await)
            }
            other => other,
        }
    }

    /// Newer servers answer the same to a missing organization and a missing invitation.
    async fn which_is_missing(&self, organization: &OrganizationId, not_found: Error) -> Error {
        match self.read(organization).await.map_err(|error| (error.kind(), error)) {
            Err((ErrorKind::NotFound, error)) => {
                error.with_message(format!("there is no organization of the name {organization}"))
            }
            Err((ErrorKind::Conflict, error)) => error,
            // A private organization that does not show itself is there.
            Ok(_) | Err((ErrorKind::PermissionDenied, _)) => {
                not_found.with_message(format!("the organization {organization} has no such invitation"))
            }
            Err(_) => not_found.with_message("there is no such organization, or no such invitation in it"),
        }
    }

    async fn resend(
        &self,
        organization: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        let before = self.find(organization, id).await?.value;
        check_unanswered(&before)?;
        let number = self.number_of(organization).await?;
        match self.client.resend_invitation(number, id.as_str()).await {
            Ok(()) => self.find(organization, id).await.map_err(|error| {
                incomplete(
                    &error,
                    "the mail was sent again, and reading the invitation back failed: read it again",
                )
            }),
            Err(lost) if lost.reach() == Reach::Unanswered => {
                let moved = |now: &OrganizationInvitation| now.expiration_date != before.expiration_date;
                self.reconcile(organization, id, lost, moved).await
            }
            Err(error) => self.forgetting(organization, Err(error)),
        }
    }

    async fn respond(&self, invitation: &InvitationRef, answer: Answer) -> Result<Answered, Error> {
        let (organization, id) = self.addressed(invitation)?;
        let before = self.find(organization, id).await?.value;
        check_unanswered(&before)?;
        let update = UpdateInvitation {
            id: None,
            user_id: None,
            user_email: before.user_email.clone(),
            status: convert::answer(answer),
            expiration_date: before.expiration_date.clone(),
        };
        let reply = match self.client.update_invitation(organization.as_str(), id.as_str(), &update).await {
            Err(lost) if lost.reach() == Reach::Unanswered => {
                let answered = |now: &OrganizationInvitation| now.status != before.status;
                self.reconcile(organization, id, lost, answered).await?
            }
            reply => reply?,
        };
        let invitation = convert::invitation(reply, organization)?;
        let mut answered = Answered::checked(answer, invitation.status.clone())?;
        answered.organization_id = Some(organization.clone());
        answered.invitation = Some(invitation);
        Ok(answered)
    }

    fn addressed<'a>(
        &'a self,
        invitation: &'a InvitationRef,
    ) -> Result<(&'a OrganizationId, &'a InvitationId), Error> {
        let InvitationRef::Id { organization, id } = invitation else {
            let message = "Jaqpot's mails hold no token: answer by the invitation's id";
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        match organization.as_ref().or(self.shared.organization.as_ref()) {
            Some(organization) => Ok((organization, id)),
            None => Err(Error::new(
                ErrorKind::InvalidInput,
                "Jaqpot finds an invitation by its organization's name: pass it, or configure an organization",
            )),
        }
    }

    /// Finds out whether a write happened whose answer was lost: it shows at once, or it has not
    /// happened when it does not show after the settle time either.
    async fn reconcile(
        &self,
        organization: &OrganizationId,
        id: &InvitationId,
        lost: Error,
        is_done: impl Fn(&OrganizationInvitation) -> bool + Send,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        for wait in [Duration::ZERO, self.shared.settle] {
            self.shared.clock.sleep(wait).await;
            match self.find(organization, id).await {
                Ok(now) if is_done(&now.value) => return Ok(now),
                Ok(_) => {}
                Err(failed) => {
                    let message = "the answer was lost, and looking at the invitation failed too: look before doing \
                                   it again";
                    return Err(lost
                        .echo()
                        .with_kind(ErrorKind::Ambiguous)
                        .with_message(message)
                        .with_source(failed));
                }
            }
        }
        let message = "the answer was lost, and the invitation shows that nothing was done: try again";
        Err(lost.with_kind(ErrorKind::Unavailable).with_message(message).with_reach(Reach::NotSent))
    }
}

fn missing_setting(key: &str) -> Error {
    let message = format!("Jaqpot makes no organization without it: configure {key} for this provider");
    Error::new(ErrorKind::InvalidInput, message)
}

/// Updating would take other names, and then nothing could read the organization anonymously.
fn check_name(name: &str) -> Result<(), Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (3..=200).contains(&name.len()) && name.bytes().all(is_allowed) {
        return Ok(());
    }
    let message =
        format!("{name:?} cannot be an organization's name: 3 to 200 ASCII letters, digits, _ and -");
    Err(Error::new(ErrorKind::InvalidInput, message))
}

fn check_unanswered(invitation: &OrganizationInvitation) -> Result<(), Error> {
    use OrganizationInvitationStatus::{Accepted, Rejected};
    let word = match invitation.status {
        Accepted => "accepted",
        Rejected => "declined",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Conflict, format!("the invitation is {word} already")))
}

/// The vendor answers whole lists, so there is no second page to go on with.
fn check_first_page(cursor: Option<&Cursor>) -> Result<(), Error> {
    match cursor {
        None => Ok(()),
        Some(_) => Err(Error::new(ErrorKind::InvalidInput, "the cursor is not one of this provider's")),
    }
}

fn incomplete(error: &Error, what: impl Into<String>) -> Error {
    let what = what.into();
    error.echo().with_kind(ErrorKind::Incomplete).with_left_behind(LeftBehind::new(&what)).with_message(what)
}

impl Describe for JaqpotProvider {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn name(&self) -> &str {
        &self.shared.name
    }

    fn capability(&self) -> &Capability {
        &CAPABILITY
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.shared.organization.as_ref()
    }

    fn default_role(&self) -> Option<&Role> {
        self.shared.default_role.as_ref()
    }
}

#[async_trait]
impl Organizations for JaqpotProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        async {
            check_first_page(cursor)?;
            let docs = self.client.get_all_organizations_by_user().await?;
            Ok(Page::whole(convert::organizations(docs)))
        }
        .await
        .during(self.name(), Operation::ListOrganizations)
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        let found = self.read(organization).await;
        found
            .and_then(|found| convert::organization(found.organization))
            .during(self.name(), Operation::GetOrganization)
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
}

#[async_trait]
impl Members for JaqpotProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        async {
            check_first_page(cursor)?;
            Ok(Page::whole(convert::members(self.read(organization).await?)))
        }
        .await
        .during(self.name(), Operation::ListMembers)
    }
}

#[async_trait]
impl Invitations for JaqpotProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        async {
            filter.check(VISIBLE_STATUSES)?;
            check_first_page(cursor)?;
            let told = self.client.get_all_invitations(organization.as_str()).await?;
            let mut items = convert::invitations(told, organization);
            filter.apply(&mut items);
            Ok(Page::whole(items))
        }
        .await
        .during(self.name(), Operation::ListInvitations)
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let found = self.find(organization, invitation).await;
        found
            .and_then(|told| convert::invitation(told, organization))
            .during(self.name(), Operation::GetInvitation)
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.engine().invite(self, organization, invitation).await.during(self.name(), Operation::Invite)
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
        let resent = self.resend(organization, invitation).await;
        resent
            .and_then(|told| convert::invitation(told, organization))
            .during(self.name(), Operation::ResendInvitation)
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.respond(invitation, answer).await.during(self.name(), Operation::RespondToInvitation)
    }
}

#[async_trait]
impl InvitePort for JaqpotProvider {
    fn engine(&self) -> &InviteEngine {
        &self.shared.engine
    }

    async fn send_invitations(
        &self,
        organization: &OrganizationId,
        batch: &[Invitee],
        patience: Patience,
    ) -> Result<Reply, Error> {
        let emails: Vec<_> = batch.iter().map(|invitee| invitee.email.as_str()).collect();
        let client = match patience {
            Patience::Bounded => self.client.clone(),
            Patience::Unbounded => self.client.patient(),
        };
        client.create_invitations(organization.as_str(), &emails).await?;
        Ok(Reply::Accepted)
    }

    /// Rows are stored before the answer, and the list is read from the database.
    fn lists_at_once(&self) -> bool {
        true
    }
}
