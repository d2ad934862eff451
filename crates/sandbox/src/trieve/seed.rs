//! What a fresh Trieve holds, and the credentials that are made in it.

use serde_json::json;
use uuid::Uuid;

use super::NAME;
use super::moment::Moment;
use super::state::{ADMIN, ApiKey, OWNER, Organization, State, USER, new_id};
use crate::vendor::Identity;
use crate::world::World;

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
