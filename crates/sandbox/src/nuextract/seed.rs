//! What a fresh `NuExtract` holds, and the credentials of its accounts.

use serde_json::json;

use super::NAME;
use super::state::{Organization, State, User};
use crate::vendor::Identity;
use crate::world::World;

impl State {
    /// Ada's organization, in which Bob is a member, and an API key of Ada's.
    pub(super) fn seeded(world: &World) -> Self {
        let ada = User::sign_up(world, "ada@nuextract.example", "Ada Example");
        let bob = User::sign_up(world, "bob@nuextract.example", "Bob Example");
        let mut organization =
            Organization::new(world.ids.uuid(), "Example Organization".to_owned(), &ada.id);
        organization.admit(&bob.id);
        Self { users: vec![ada, bob], api_key: world.ids.alphanumeric(40), organizations: vec![organization] }
    }

    pub(super) fn identities(&self) -> Vec<Identity> {
        let mut identities: Vec<_> = self.users.iter().map(|user| self.identity(user)).collect();
        let mut by_key = identities[0].clone();
        by_key.credential = json!({ "type": "api_key", "key": self.api_key });
        identities.push(by_key);
        identities
    }

    pub(super) fn identity(&self, user: &User) -> Identity {
        Identity {
            vendor: NAME.to_owned(),
            email: user.email.clone(),
            credential: json!({
                "type": "oauth2",
                "client_id": "user",
                "access_token": user.access_token,
                "refresh_token": user.refresh_token,
            }),
            organization: self.of(&user.id).next().map(|organization| organization.id.clone()),
            settings: serde_json::Map::default(),
        }
    }
}
