//! The accounts that exist from the start, and the identities that stand for them.

use serde_json::{Map, Value, json};

use super::NAME;
use super::state::Data;
use super::state::{App, Credential, Grant};
use crate::vendor::Identity;
use crate::world::World;

/// One organization with an owner and an app, and a user outside it.
pub(super) fn seed(world: &World) -> Data {
    let mut data = Data::default();
    let owner = data.user_with("ada@acme.example", world);
    // Five organizations are the vendor's default, and tests make more.
    data.users[0].flags.push("MAX_ORGANIZATIONS_1000");
    let organization = data.found("acme", "scale", &owner, world);
    data.organizations[0].app =
        Some(App { id: world.ids.uuid(), name: "web".to_owned(), created_at: world.clock.now() });
    let grant = Grant { organization_id: Some(organization), ..Grant::default() };
    data.add_seeded("admin", Grant { user_id: Some(owner), ..grant.clone() }, world);
    data.add_seeded("automation", grant, world);
    data.identity_for("grace@elsewhere.example", world);
    data
}

impl Data {
    fn add_seeded(&mut self, name: &str, grant: Grant, world: &World) -> Credential {
        self.add_credential(name.to_owned(), String::new(), grant, world)
    }

    pub(super) fn identities(&self) -> Vec<Identity> {
        self.credentials.iter().map(|credential| self.identity(credential)).collect()
    }

    /// The identity of the user with this address, who gets an account or a token where there is
    /// none. A new token is in no organization.
    pub(super) fn identity_for(&mut self, email: &str, world: &World) -> Identity {
        let id = self.user_with(email, world);
        let own = self.credentials.iter().find(|row| self.grants[&row.token].user_id.as_ref() == Some(&id));
        let credential = match own.cloned() {
            Some(credential) => credential,
            None => self.add_seeded("personal", Grant { user_id: Some(id), ..Grant::default() }, world),
        };
        self.identity(&credential)
    }

    fn identity(&self, credential: &Credential) -> Identity {
        let grant = &self.grants[&credential.token];
        let user = grant.user_id.as_deref().and_then(|id| self.user(id));
        Identity {
            vendor: NAME.to_owned(),
            email: user.map(|user| user.email.clone()).unwrap_or_default(),
            credential: json!({"type": "api_key", "key": credential.token}),
            organization: grant.organization_id.clone(),
            settings: if user.is_some() { Map::new() } else { organization_credential() },
        }
    }
}

fn organization_credential() -> Map<String, Value> {
    Map::from_iter([("credential".to_owned(), "organization".into())])
}
