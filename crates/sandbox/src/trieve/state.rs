//! What the vendor's database holds, row by row as the vendor answers it, and how people sign up.

use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::moment::Moment;
use crate::ids::Ids;
use crate::vendor::Identity;
use crate::world::World;

pub(super) const USER: i32 = 0;
pub(super) const ADMIN: i32 = 1;
pub(super) const OWNER: i32 = 2;

/// A role as the server understands it: whatever it does not know is an ordinary user.
pub(super) fn known_role(role: i32) -> i32 {
    if matches!(role, ADMIN | OWNER) { role } else { USER }
}

pub(super) fn new_id(ids: &Ids) -> Uuid {
    ids.uuid().parse().expect("the sandbox makes well-formed UUIDs")
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) registerable: Option<bool>,
    pub(super) deleted: i32,
    pub(super) partner_configuration: Value,
}

impl Organization {
    pub(super) fn new(id: Uuid, name: String, created_at: Moment, updated_at: Moment) -> Self {
        let partner_configuration = Value::Object(Map::new());
        Self { id, name, created_at, updated_at, registerable: Some(true), deleted: 0, partner_configuration }
    }

    /// As reads show it: the nine known members of the partner configuration and no others.
    pub(super) fn completed(&self) -> Self {
        Self { partner_configuration: self.completed_configuration(), ..self.clone() }
    }

    pub(super) fn completed_configuration(&self) -> Value {
        let stored = |key: &str| self.partner_configuration.get(key).filter(|value| value.is_string());
        let members = PARTNER_DEFAULTS.iter().map(|(key, default)| {
            ((*key).to_owned(), stored(key).cloned().unwrap_or_else(|| json!(default)))
        });
        Value::Object(members.collect())
    }
}

const PARTNER_DEFAULTS: [(&str, &str); 9] = [
    ("CALENDAR_LINK", "https://cal.com/nick.k"),
    ("COMPANY_NAME", "Trieve"),
    ("COMPANY_URL", "https://trieve.ai"),
    ("DEMO_DOMAIN", "demos.trieve.ai"),
    ("EMAIL", "humans@trieve.ai"),
    ("FAVICON_URL", "https://cdn.trieve.ai/favicon.ico"),
    ("LINKEDIN_LINK", "https://www.linkedin.com/company/trieveai"),
    ("PHONE", "+16282224090"),
    ("SLACK_LINK", "https://join.slack.com/t/trieve/shared_invite/sandbox"),
];

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: Uuid,
    pub(super) name: Option<String>,
    pub(super) email: String,
    pub(super) created_at: Moment,
}

/// A user as the vendor answers it, with the memberships that the call is about.
#[derive(Debug, Serialize)]
pub(super) struct SlimUser {
    pub(super) id: Uuid,
    pub(super) name: Option<String>,
    pub(super) email: String,
    pub(super) created_at: Moment,
    pub(super) user_orgs: Vec<Membership>,
    pub(super) orgs: Vec<Organization>,
}

/// `null` leaves the decision to the role; a list decides alone, and an empty one locks out.
pub(super) type Scopes = Option<Vec<String>>;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Membership {
    pub(super) id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) role: i32,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) scopes: Scopes,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Invitation {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) organization_id: Uuid,
    pub(super) used: bool,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    /// As it was sent; it becomes a known role on acceptance.
    pub(super) role: i32,
    pub(super) scopes: Scopes,
}

/// An API key of an organization, or an older one of a user: then the organization is all zeros.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ApiKey {
    pub(super) id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) name: String,
    pub(super) role: i32,
    pub(super) dataset_ids: Option<Vec<Uuid>>,
    pub(super) organization_ids: Option<Vec<Uuid>>,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    #[serde(skip)]
    pub(super) user_id: Option<Uuid>,
    #[serde(skip)]
    pub(super) secret: String,
    #[serde(skip)]
    pub(super) scopes: Scopes,
    #[serde(skip)]
    pub(super) expires_at: Option<Moment>,
}

/// How many users the plan without a subscription allows.
pub(super) const FREE_PLAN_USERS: usize = 5;

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) organizations: Vec<Organization>,
    pub(super) users: Vec<User>,
    pub(super) memberships: Vec<Membership>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) keys: Vec<ApiKey>,
    pub(super) identities: Vec<Identity>,
}

impl State {
    pub(super) fn sign_up(&mut self, email: &str, name: Option<&str>, world: &World) -> Uuid {
        let id = new_id(&world.ids);
        let created_at = Moment::stored(world.clock.now());
        self.users.push(User { id, name: name.map(str::to_owned), email: email.to_owned(), created_at });
        id
    }

    /// What the log-in callback does with the link of an invitation to `organization`.
    pub(super) fn accept(&mut self, email: &str, organization: Uuid, world: &World) -> Result<(), String> {
        let user = self.user_by_email(email).map(|user| user.id);
        if user.is_some_and(|user| self.membership(user, organization).is_some()) {
            return Ok(());
        }
        let mine = |invitation: &&Invitation| {
            invitation.organization_id == organization
                && invitation.email.to_lowercase() == email.to_lowercase()
        };
        let links = || self.invitations.iter().filter(mine);
        let link = links().find(|link| !link.used).or_else(|| links().next());
        let link = link.ok_or("Could not find invitation for user")?.clone();
        if link.used {
            return Err("Invitation has already been used".to_owned());
        }
        if self.organization(organization).is_none() {
            return Err("Not Found: Organization not found".to_owned());
        }
        let user = match user {
            Some(user) => user,
            None if self.members(organization).count() >= FREE_PLAN_USERS => {
                let limit = "User limit reached for organization, must upgrade plan to add more users";
                return Err(limit.to_owned());
            }
            None => self.sign_up(email, None, world),
        };
        self.join(user, organization, link.role, link.scopes, world);
        for row in rewrite(&mut self.invitations, |row| row.id == link.id) {
            row.used = true;
        }
        Ok(())
    }

    pub(super) fn join(&mut self, user: Uuid, organization: Uuid, role: i32, scopes: Scopes, world: &World) {
        let now = Moment::stored(world.clock.now());
        self.memberships.push(Membership {
            id: new_id(&world.ids),
            user_id: user,
            organization_id: organization,
            role: known_role(role),
            created_at: now,
            updated_at: now,
            scopes,
        });
    }

    /// An organization that is not deleted.
    pub(super) fn organization(&self, id: Uuid) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.id == id && organization.deleted == 0)
    }

    /// The organization as it is to be changed.
    pub(super) fn rewrite_organization(&mut self, id: Uuid) -> Option<&mut Organization> {
        rewrite(&mut self.organizations, |organization| organization.id == id && organization.deleted == 0)
            .first_mut()
    }

    pub(super) fn user(&self, id: Uuid) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.email == email)
    }

    pub(super) fn membership(&self, user: Uuid, organization: Uuid) -> Option<&Membership> {
        self.members(organization).find(|membership| membership.user_id == user)
    }

    /// The memberships of one person as they are to be changed; two where they were made at once.
    pub(super) fn rewrite_memberships(&mut self, user: Uuid, organization: Uuid) -> &mut [Membership] {
        rewrite(&mut self.memberships, |it| it.user_id == user && it.organization_id == organization)
    }

    pub(super) fn memberships_of(&self, user: Uuid) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(move |membership| membership.user_id == user)
    }

    pub(super) fn members(&self, organization: Uuid) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(move |membership| membership.organization_id == organization)
    }

    /// `user` with those of `memberships` whose organization is not deleted.
    pub(super) fn slim_user<'a>(
        &self,
        user: &User,
        memberships: impl Iterator<Item = &'a Membership>,
    ) -> SlimUser {
        let (user_orgs, orgs) = memberships
            .filter_map(|it| Some((it.clone(), self.organization(it.organization_id)?.completed())))
            .unzip();
        let User { id, name, email, created_at } = user.clone();
        SlimUser { id, name, email, created_at, user_orgs, orgs }
    }
}

/// The rows to be changed, moved behind all others, where the database writes them anew.
fn rewrite<T>(rows: &mut [T], is_wanted: impl Fn(&T) -> bool) -> &mut [T] {
    rows.sort_by_key(&is_wanted);
    let start = rows.partition_point(|row| !is_wanted(row));
    &mut rows[start..]
}
