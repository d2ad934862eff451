//! Everything that Koyeb keeps, and the rules that hold between the rows.

use std::collections::HashMap;

use super::error::ApiError;
use super::model::{Answer, Credential, Grant, Invitation, Member, Organization, Profile, User};
use crate::world::World;

/// Everything, in order of creation.
#[derive(Default)]
pub(super) struct Data {
    pub(super) users: Vec<User>,
    pub(super) organizations: Vec<Organization>,
    pub(super) members: Vec<Member>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) credentials: Vec<Credential>,
    pub(super) grants: HashMap<String, Grant>,
    /// Deactivations that wait for the click in a mail: confirmation id to organization id.
    pub(super) confirmations: HashMap<String, String>,
}

impl Data {
    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.email == email)
    }

    pub(super) fn organization(&self, id: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == id)
    }

    pub(super) fn organization_mut(&mut self, id: &str) -> Result<&mut Organization, ApiError> {
        let organization = self.organizations.iter_mut().find(|organization| organization.id == id);
        organization.ok_or_else(|| ApiError::not_found("Organization"))
    }

    pub(super) fn member(&self, user_id: &str, organization_id: &str) -> Option<&Member> {
        self.members_of(organization_id).find(|member| member.user_id == user_id)
    }

    pub(super) fn members_of(&self, organization_id: &str) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.organization_id == organization_id)
    }

    pub(super) fn invitation_mut(&mut self, id: &str) -> Result<&mut Invitation, ApiError> {
        let invitation = self.invitations.iter_mut().find(|invitation| invitation.id == id);
        invitation.ok_or_else(|| ApiError::not_found("Organization invitation"))
    }

    /// The id of the user with this address, who signs up if there is none.
    pub(super) fn user_with(&mut self, email: &str, world: &World) -> String {
        let email = email.to_lowercase();
        if let Some(user) = self.user_by_email(&email) {
            return user.id.clone();
        }
        let id = world.ids.uuid();
        let name = email.split('@').next().unwrap_or_default().to_owned();
        let created_at = world.clock.now();
        self.users.push(User { id: id.clone(), email, name, flags: vec!["ACTIVE"], created_at });
        id
    }

    /// A new organization with its first member.
    pub(super) fn found(&mut self, name: &str, plan: &'static str, owner: &str, world: &World) -> String {
        let id = world.ids.uuid();
        self.organizations.push(Organization {
            id: id.clone(),
            external_id: external_id("org", world),
            profile: Profile { name: name.to_owned(), ..Profile::default() },
            plan,
            plan_updated_at: world.clock.now(),
            default_project_id: world.ids.uuid(),
            deactivated_at: None,
            app: None,
        });
        self.join(owner, &id, world);
        id
    }

    fn join(&mut self, user_id: &str, organization_id: &str, world: &World) {
        self.members.push(Member {
            id: world.ids.uuid(),
            external_id: external_id("om", world),
            organization_id: organization_id.to_owned(),
            user_id: user_id.to_owned(),
            joined_at: world.clock.now(),
        });
    }

    /// Refuses when the plan has no room for one more member.
    pub(super) fn must_have_room(&self, organization_id: &str) -> Result<(), ApiError> {
        let organization = self.organization(organization_id);
        let organization = organization.ok_or_else(|| ApiError::not_found("Organization"))?;
        if self.members_of(organization_id).count() < organization.max_members() {
            return Ok(());
        }
        Err(ApiError::quota("max_organization_members", "The plan allows no more members"))
    }

    /// Makes the user a member by a pending invitation.
    pub(super) fn accept(&mut self, id: &str, user_id: &str, world: &World) -> Result<(), ApiError> {
        let invitation = self.invitation_mut(id)?;
        invitation.must_be_pending(world.clock.now())?;
        let organization_id = invitation.organization_id.clone();
        let joins = self.member(user_id, &organization_id).is_none();
        if joins {
            self.must_have_room(&organization_id)?;
            self.join(user_id, &organization_id, world);
        }
        self.invitation_mut(id)?.answer = Answer::Accepted;
        Ok(())
    }

    /// Puts a token in force and gives its text back.
    pub(super) fn issue(&mut self, grant: Grant, world: &World) -> String {
        let token = world.ids.alphanumeric(64);
        self.grants.insert(token.clone(), grant);
        token
    }

    /// An API token without an end.
    pub(super) fn add_credential(
        &mut self,
        name: String,
        description: String,
        grant: Grant,
        world: &World,
    ) -> Credential {
        let now = world.clock.now();
        let id = world.ids.uuid();
        let token = self.issue(grant, world);
        let credential = Credential { id, name, description, token, created_at: now, updated_at: now };
        self.credentials.push(credential.clone());
        credential
    }

    /// Removes an organization with all that hangs on it, the tokens in it included.
    pub(super) fn erase(&mut self, organization_id: &str) {
        self.organizations.retain(|organization| organization.id != organization_id);
        self.members.retain(|member| member.organization_id != organization_id);
        self.invitations.retain(|invitation| invitation.organization_id != organization_id);
        self.confirmations.retain(|_, waiting| waiting != organization_id);
        for grant in self.grants.values_mut() {
            grant.rejected |= grant.organization_id.as_deref() == Some(organization_id);
        }
        self.credentials.retain(|credential| !self.grants[&credential.token].rejected);
    }
}

/// An id in the form of `WorkOS`, which keeps Koyeb's accounts.
fn external_id(kind: &str, world: &World) -> String {
    format!("{kind}_01{}", world.ids.alphanumeric(24).to_uppercase())
}
