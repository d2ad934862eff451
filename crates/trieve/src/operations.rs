//! What each operation does, behind the traits: which calls, in which order, and what stands against
//! them.

use orgport_core::invite::{resend_composed, role_to_grant};
use orgport_core::{
    Email, Error, ErrorKind, Invitation, InvitationFilter, InvitationId, InvitationStatus, LeftBehind,
    Member, MemberId, Native, NewOrganization, Organization, OrganizationId, OrganizationUpdate, Role,
};

use crate::capability::{NO_PERSON, ROLES, VISIBLE};
use crate::client::{invitation_uuid, organization_uuid, user_uuid};
use crate::config::Credential;
use crate::convert;
use crate::provider::{Links, TrieveProvider};
use crate::query::{InvitationData, OrganizationChanges, UserUpdate};

/// The vendor's column for addresses ends here.
const LONGEST_EMAIL: usize = 100;

/// # Organizations
impl TrieveProvider {
    pub(crate) async fn organizations(&self) -> Result<Vec<Result<Organization, Error>>, Error> {
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

    pub(crate) async fn organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        convert::organization(self.client.get_organization(organization.as_str()).await?.organization)
    }

    pub(crate) async fn create(&self, new: NewOrganization) -> Result<Organization, Error> {
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
        convert::organization(self.client.create_organization(&name).await.map_err(telling_what_is_left)?)
    }

    pub(crate) async fn update(
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

    pub(crate) async fn delete(&self, organization: &OrganizationId) -> Result<(), Error> {
        match self.client.delete_organization(organization.as_str()).await {
            Err(error) if error.kind() == ErrorKind::Ambiguous => {
                match self.client.get_organization(organization.as_str()).await {
                    Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(()),
                    _ => Err(error),
                }
            }
            done => done.map_err(telling_what_is_left),
        }
    }
}

/// # Members
impl TrieveProvider {
    pub(crate) async fn members(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<Result<Member, Error>>, Error> {
        let id = organization_uuid(organization.as_str())?.to_string();
        let docs = self.client.list_users(&id).await?;
        Ok(docs.into_iter().map(|doc| doc.and_then(|doc| convert::member(doc, &id))).collect())
    }

    pub(crate) async fn set_role(
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

    pub(crate) async fn remove(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        let members = self.members(organization).await?;
        let present = find_member(&members, member)?;
        keep_an_owner(&members, present)?;
        self.client.remove_user(organization.as_str(), present.id.as_str()).await
    }
}

/// # Invitations
impl TrieveProvider {
    pub(crate) async fn invitations(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<Result<Invitation, Error>>, Error> {
        let docs = self.client.list_invitations(organization.as_str()).await?;
        Ok(docs.into_iter().map(|doc| doc.and_then(convert::invitation)).collect())
    }

    pub(crate) async fn filtered(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
    ) -> Result<Vec<Result<Invitation, Error>>, Error> {
        filter.check(VISIBLE)?;
        let mut invitations = self.invitations(organization).await?;
        filter.apply(&mut invitations);
        Ok(invitations)
    }

    pub(crate) async fn invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let id = invitation_uuid(invitation.as_str())?.to_string();
        let what = "there is no such invitation in this organization: revoked, resent under a new id, or never there";
        find(self.invitations(organization).await?, |row| row.id.as_str() == id, what)
    }

    /// The vendor deletes any organization's invitation, and used ones too.
    pub(crate) async fn revoke(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        let present = self.invitation(organization, invitation).await?;
        if present.status == InvitationStatus::Accepted {
            let what = "the invitation is accepted and can no longer be revoked: remove the member instead";
            return Err(Error::new(ErrorKind::NotFound, what));
        }
        self.client.delete_invitation(organization.as_str(), present.id.as_str()).await
    }

    pub(crate) async fn resend(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let old = self.invitation(organization, invitation).await?;
        if let Some(email) = &old.email {
            // Nothing is deleted that could not be made again.
            self.invitation_data(email, old.role.as_ref(), old.native.as_ref())?;
        }
        resend_composed(self, organization, invitation).await
    }

    /// What invites this person. The invitation that it replaces, if any, has the last word on role
    /// and scopes.
    pub(crate) fn invitation_data(
        &self,
        email: &Email,
        role: Option<&Role>,
        replaces: Option<&Native>,
    ) -> Result<InvitationData, Error> {
        let email = email.as_str();
        if email.chars().count() > LONGEST_EMAIL {
            let message = format!("Trieve takes addresses of at most {LONGEST_EMAIL} characters");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let (carried, scopes) = replaces.map(convert::carried_over).transpose()?.unwrap_or_default();
        let role = carried.or_else(|| role.and_then(convert::role_number)).ok_or_else(|| {
            Error::new(ErrorKind::InvalidInput, "Trieve needs a role to invite with, and none is known")
        })?;
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

/// An operation that the vendor left half done says so in words alone.
fn telling_what_is_left(error: Error) -> Error {
    if error.kind() != ErrorKind::Incomplete {
        return error;
    }
    let left_behind = LeftBehind::new(error.message());
    error.with_left_behind(left_behind)
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
        members.iter().map(|row| row.as_ref().map_err(Error::clone)),
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
