//! The simulator's data, behind one lock.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::auth_server::ROLES;
use crate::vendor::Identity;
use crate::world::World;

use super::auth::Caller;
use super::error::Refusal;
use super::json::stored;
use super::limits::Limits;
use super::lists::{List, Lists};

const INVITATION_LIFE: Duration = Duration::from_hours(7 * 24);

/// An account of the login server. `email` is in lower case, as that server keeps it.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) email: String,
    pub(super) verified: bool,
    pub(super) roles: &'static [&'static str],
}

impl User {
    /// A verified account without a role.
    pub(super) fn new(world: &World, username: &str, email: &str) -> Self {
        Self {
            id: world.ids.uuid(),
            username: username.to_owned(),
            first_name: None,
            last_name: None,
            email: email.to_lowercase(),
            verified: true,
            roles: &[],
        }
    }

    /// What the login server says about the account.
    pub(super) fn claims(&self) -> Map<String, Value> {
        let claims = [
            ("sub", json!(self.id)),
            ("email", json!(self.email)),
            ("email_verified", json!(self.verified)),
            ("preferred_username", json!(self.username)),
            ("given_name", json!(self.first_name)),
            ("family_name", json!(self.last_name)),
            (ROLES, json!({ "roles": self.roles })),
        ];
        let known = claims.into_iter().filter(|(_, value)| !value.is_null());
        known.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// A bearer token that the sandbox hands out for this account, told apart by its purpose.
    pub(super) fn token(&self, purpose: &str, world: &World) -> String {
        let mut claims = self.claims();
        claims.insert("jti".to_owned(), purpose.into());
        world.tokens.jwt(&claims)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Visibility {
    Public,
    Private,
}

#[derive(Debug, Clone)]
pub(super) struct Organization {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) description: Option<String>,
    pub(super) contact_email: String,
    pub(super) contact_phone: Option<String>,
    pub(super) website: Option<String>,
    pub(super) address: Option<String>,
    pub(super) creator_id: String,
    /// User ids, one per accepted invitation: a person can be in here more than once, and the
    /// creator is not unless invited.
    pub(super) members: Vec<String>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Organization {
    /// Membership never grants this.
    pub(super) fn administered_by(&self, caller: &Caller) -> bool {
        self.creator_id == caller.id || caller.is_realm_admin()
    }

    pub(super) fn visible_to(&self, caller: &Caller) -> bool {
        self.visibility == Visibility::Public
            || self.administered_by(caller)
            || self.members.contains(&caller.id)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Pending,
    Rejected,
    Accepted,
}

#[derive(Debug)]
pub(super) struct Invitation {
    pub(super) id: String,
    pub(super) organization_id: i64,
    /// As it was posted: neither trimmed nor put in lower case.
    pub(super) user_email: String,
    pub(super) status: Status,
    pub(super) expires_at: Timestamp,
}

impl Invitation {
    pub(super) fn new(world: &World, organization_id: i64, email: &str) -> Self {
        Self {
            id: world.ids.uuid(),
            organization_id,
            user_email: email.to_owned(),
            status: Status::Pending,
            expires_at: invitation_expiry(world.clock.now()),
        }
    }

    /// The vendor's words for an invitation that has its final answer.
    pub(super) fn check_unanswered(&self) -> Result<(), String> {
        let status = match self.status {
            Status::Pending => return Ok(()),
            Status::Accepted => "ACCEPTED",
            Status::Rejected => "REJECTED",
        };
        Err(format!("This invitation has already status {status}"))
    }
}

pub(super) fn invitation_expiry(now: Timestamp) -> Timestamp {
    stored(now.saturating_add(INVITATION_LIFE).expect("a duration always adds"))
}

#[derive(Debug)]
pub(super) struct ApiKey {
    pub(super) key: String,
    pub(super) secret: String,
    pub(super) user_id: String,
    pub(super) note: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) enabled: bool,
}

impl ApiKey {
    pub(super) fn new(key: String, secret: String, user_id: &str, months: i64, now: Timestamp) -> Self {
        let end = now.to_zoned(TimeZone::UTC).saturating_add(Span::new().months(months)).timestamp();
        Self {
            key,
            secret,
            user_id: user_id.to_owned(),
            note: None,
            created_at: stored(now),
            expires_at: stored(end),
            enabled: true,
        }
    }

    /// A key works to the end of its last day.
    pub(super) fn expired(&self, now: Timestamp) -> bool {
        let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        day(self.expires_at) < day(now)
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) users: Vec<User>,
    /// The credentials that the sandbox hands out.
    pub(super) identities: Vec<Identity>,
    pub(super) organizations: Vec<Organization>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) api_keys: Vec<ApiKey>,
    pub(super) limits: Limits,
    pub(super) lists: Lists,
}

impl State {
    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        let email = email.to_lowercase();
        self.users.iter().find(|user| user.email == email)
    }

    pub(super) fn organization_by_name(&self, name: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.name == name)
    }

    /// The organization called `name`, for one who may administer it.
    pub(super) fn administered_by_name(&self, caller: &Caller, name: &str) -> Result<&Organization, Refusal> {
        let organization = self.organization_by_name(name).ok_or_else(|| {
            // Realm admins pass the vendor's access check unseen and fail in the operation itself.
            let with = if caller.is_realm_admin() { "" } else { "with name " };
            Refusal::not_found(format!("Organization {with}{name} not found"))
        })?;
        if organization.administered_by(caller) { Ok(organization) } else { Err(Refusal::Forbidden) }
    }

    /// Where the organization with `id` stands, for one who may administer it.
    pub(super) fn administered_by_id(&self, caller: &Caller, id: i64) -> Result<usize, Refusal> {
        let position = self
            .organizations
            .iter()
            .position(|organization| organization.id == id)
            .ok_or_else(|| Refusal::not_found(format!("Organization with id {id} not found")))?;
        if self.organizations[position].administered_by(caller) {
            Ok(position)
        } else {
            Err(Refusal::Forbidden)
        }
    }

    pub(super) fn creator(&self, organization: &Organization, named: &str) -> Result<&User, Refusal> {
        self.user(&organization.creator_id).ok_or_else(|| {
            Refusal::not_found(format!("Organization creator for organization {named} not found."))
        })
    }

    /// The position of an invitation of an organization.
    pub(super) fn invitation(&self, organization_id: i64, id: &str) -> Result<usize, Refusal> {
        self.invitations
            .iter()
            .position(|row| row.organization_id == organization_id && row.id == id)
            .ok_or_else(|| Refusal::not_found(format!("Invitation with id {id} not found")))
    }

    pub(super) fn public_organizations(&mut self, now: Timestamp) -> Vec<Organization> {
        let public = |row: &&Organization| row.visibility == Visibility::Public;
        let rows = self.organizations.iter().filter(public).cloned().collect();
        self.lists.read(List::Public, rows, now)
    }

    /// What a user created or joined. The vendor's query joins the member rows, so an organization
    /// comes once for each of them that the condition lets through.
    pub(super) fn own_organizations(&mut self, user_id: &str, now: Timestamp) -> Vec<Organization> {
        let joined_rows = |row: &Organization| {
            if row.creator_id == user_id {
                row.members.len().max(1)
            } else {
                row.members.iter().filter(|member| *member == user_id).count()
            }
        };
        let rows =
            self.organizations.iter().flat_map(|row| std::iter::repeat_n(row.clone(), joined_rows(row)));
        let rows = rows.collect();
        self.lists.read(List::Own(user_id.to_owned()), rows, now)
    }
}
