//! What the vendor's database holds, what a fresh one starts with, and how people sign up.

use serde_json::json;
use uuid::Uuid;

use super::NAME;
use super::model::{
    ADMIN, ApiKey, Invitation, Membership, Moment, OWNER, Organization, Scopes, SlimUser, USER, User,
    known_role, new_id,
};
use crate::vendor::Identity;
use crate::world::World;

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
    /// One organization with an owner and an administrator, and keys of every kind.
    pub(super) fn seeded(world: &World) -> Self {
        let organization = new_id(&world.ids);
        let now = Moment::stored(world.clock.now());
        let mut state = Self::default();
        state.organizations.push(Organization::new(organization, "acme".to_owned(), now, now));
        state.issue_organization_key(organization, OWNER, world);
        for (email, name, role) in
            [("owner@acme.example", "Olive Owner", OWNER), ("admin@acme.example", "Adam Admin", ADMIN)]
        {
            let user = state.sign_up(email, Some(name), world);
            state.join(user, organization, role, None, world);
            state.issue_user_key(user, email, Some(organization), world);
        }
        state.issue_organization_key(organization, USER, world);
        state
    }

    fn issue_organization_key(&mut self, organization: Uuid, role: i32, world: &World) {
        let key = ApiKey { role, organization_id: organization, ..new_key(world) };
        self.identities.push(identity("", &key.secret, Some(organization)));
        self.keys.push(key);
    }

    /// The vendor makes no user keys any more, but those that exist work on.
    fn issue_user_key(
        &mut self,
        user: Uuid,
        email: &str,
        organization: Option<Uuid>,
        world: &World,
    ) -> Identity {
        let key = ApiKey { role: ADMIN, user_id: Some(user), ..new_key(world) };
        let identity = identity(email, &key.secret, organization);
        self.identities.push(identity.clone());
        self.keys.push(key);
        identity
    }

    /// The account of `email` with a key that works, made where there is none.
    pub(super) fn add_account(&mut self, email: &str, world: &World) -> Identity {
        let user = match self.user_by_email(email) {
            Some(user) => user.id,
            None => self.sign_up(email, None, world),
        };
        let live = |identity: &&Identity| {
            identity.email == email
                && self.keys.iter().any(|key| identity.credential["key"] == key.secret.as_str())
        };
        match self.identities.iter().find(live) {
            Some(identity) => identity.clone(),
            None => self.issue_user_key(user, email, None, world),
        }
    }

    fn sign_up(&mut self, email: &str, name: Option<&str>, world: &World) -> Uuid {
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
        for invitation in &mut self.invitations {
            invitation.used |= invitation.id == link.id;
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

    pub(super) fn organization_mut(&mut self, id: Uuid) -> Option<&mut Organization> {
        self.organizations.iter_mut().find(|organization| organization.id == id && organization.deleted == 0)
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

    pub(super) fn membership_mut(&mut self, user: Uuid, organization: Uuid) -> Option<&mut Membership> {
        let wanted = |it: &&mut Membership| it.user_id == user && it.organization_id == organization;
        self.memberships.iter_mut().find(wanted)
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

/// A key that opens nothing yet.
pub(super) fn new_key(world: &World) -> ApiKey {
    let now = Moment::stored(world.clock.now());
    ApiKey {
        id: new_id(&world.ids),
        organization_id: Uuid::nil(),
        name: "sandbox".to_owned(),
        role: USER,
        dataset_ids: None,
        organization_ids: None,
        created_at: now,
        updated_at: now,
        user_id: None,
        secret: format!("tr-{}", world.ids.alphanumeric(32)),
        scopes: None,
        expires_at: None,
    }
}

fn identity(email: &str, secret: &str, organization: Option<Uuid>) -> Identity {
    let credential = if email.is_empty() { "organization" } else { "user" };
    let settings = [
        ("credential", credential),
        ("app_url", "https://api.trieve.ai/api"),
        ("redirect_uri", "https://dashboard.trieve.ai/"),
    ];
    Identity {
        vendor: NAME.to_owned(),
        email: email.to_owned(),
        credential: json!({"type": "api_key", "key": secret}),
        organization: organization.map(|id| id.to_string()),
        settings: settings.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect(),
    }
}
