//! The rows that Koyeb keeps, what follows from a row alone, and the rules that hold between them.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::invitations::Invitation;
use crate::world::World;

pub(super) const ORGANIZATION_STATUSES: &[&str] =
    &["WARNING", "LOCKED", "ACTIVE", "DEACTIVATING", "DEACTIVATED", "DELETING", "DELETED"];
pub(super) const NO_PLAN: &str = "no_plan";
pub(super) const PLANS: &[&str] = &[
    "hobby",
    "starter",
    "startup",
    "business",
    "enterprise",
    "internal",
    "hobby23",
    NO_PLAN,
    "pro",
    "scale",
    "partner_csp",
    "partner_csp_unit",
];

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) flags: Vec<&'static str>,
    pub(super) created_at: Timestamp,
}

/// The fields of an organization that its members write.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) address1: String,
    pub(super) address2: String,
    pub(super) city: String,
    pub(super) postal_code: String,
    pub(super) state: String,
    pub(super) country: String,
    pub(super) company: bool,
    pub(super) vat_number: String,
    pub(super) billing_name: String,
    pub(super) billing_email: String,
    pub(super) email_domain_allowlist: Vec<String>,
}

#[derive(Clone)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
}

#[derive(Clone)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) external_id: String,
    pub(super) profile: Profile,
    pub(super) plan: &'static str,
    pub(super) plan_updated_at: Timestamp,
    pub(super) default_project_id: String,
    /// When the deactivation that was asked for is through.
    pub(super) deactivated_at: Option<Timestamp>,
    pub(super) app: Option<App>,
}

impl Organization {
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.deactivated_at {
            Some(at) if at <= now => "DEACTIVATED",
            Some(_) => "DEACTIVATING",
            None if self.plan == NO_PLAN => "WARNING",
            None => "ACTIVE",
        }
    }

    /// Refuses while a deactivation runs and after it.
    pub(super) fn must_run(&self) -> Result<(), ApiError> {
        match self.deactivated_at {
            None => Ok(()),
            Some(_) => Err(ApiError::failed_precondition("status", "The organization is being deactivated")),
        }
    }

    /// How many members the plan allows. The small plans are for one person.
    pub(super) fn max_members(&self) -> usize {
        match self.plan {
            NO_PLAN | "hobby" | "hobby23" | "starter" => 1,
            "pro" | "startup" => 10,
            _ => 1000,
        }
    }
}

#[derive(Clone)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) external_id: String,
    pub(super) organization_id: String,
    pub(super) user_id: String,
    pub(super) joined_at: Timestamp,
}

/// What a bearer token stands for.
#[derive(Clone, Default)]
pub(super) struct Grant {
    /// `None` for an organization's token.
    pub(super) user_id: Option<String>,
    pub(super) organization_id: Option<String>,
    pub(super) expires_at: Option<Timestamp>,
    /// The organization that the token was in is gone.
    pub(super) rejected: bool,
}

impl Grant {
    pub(super) fn kind(&self) -> &'static str {
        if self.user_id.is_some() { "USER" } else { "ORGANIZATION" }
    }
}

/// An API token as its owner manages it. Whom it stands for is in its grant.
#[derive(Clone)]
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) token: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

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

    pub(super) fn join(&mut self, user_id: &str, organization_id: &str, world: &World) {
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
