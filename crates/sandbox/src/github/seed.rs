//! The accounts that exist from the start, and the identities that stand for them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, json};

use super::NAME;
use super::app::{APP, INSTALLATION, KEY};
use super::auth::{Grant, Token};
use super::state::{Data, Organization, Team, User};
use crate::vendor::Identity;
use crate::world::World;

/// Old enough to send as many invitations as any.
const AGE: Duration = Duration::from_hours(2 * 365 * 24);

/// The teams of the old organization, whose numbers are counted apart.
const TEAMS: [Team; 2] =
    [Team { id: 12, name: "Platform", slug: "platform" }, Team { id: 26, name: "On Call", slug: "on-call" }];

/// An old organization with an owner, teams and an app, a young one of the same owner's, and a user outside.
pub(super) fn seed(world: &World) -> Data {
    let mut data = Data::default();
    let now = world.clock.now();
    let owner = data.user_with("ada@acme.example", world);
    data.users[0].name = Some("Ada".to_owned());
    let old = now.saturating_sub(AGE).expect("a duration always subtracts");
    let organization = data.found("acme", Some("Acme"), owner, old);
    data.organizations[0].teams = TEAMS.to_vec();
    data.found("acme-labs", None, owner, now);
    let bot = data.number();
    data.users.push(User {
        id: bot,
        login: "house-keys[bot]".to_owned(),
        email: String::new(),
        name: None,
        is_bot: true,
        created_at: now,
    });
    data.tokens.push(Token::classic(owner, world));
    let text = format!("github_pat_{}", world.ids.alphanumeric(82));
    let grant = Grant::FineGrained { user: owner, organization, writes: false };
    data.tokens.push(Token { text, grant });
    data.identity_for("grace@elsewhere.example", world);
    data
}

impl Data {
    fn found(&mut self, login: &str, name: Option<&str>, owner: u64, at: Timestamp) -> u64 {
        let id = self.number();
        let mut organization = Organization {
            id,
            login: login.to_owned(),
            name: name.map(str::to_owned),
            description: None,
            members: Vec::new(),
            teams: Vec::new(),
            former: Vec::new(),
            seats: None,
            created_at: at,
            updated_at: at,
            deleted_at: None,
            sent: Vec::new(),
        };
        organization.join(owner, "admin");
        self.organizations.push(organization);
        id
    }

    /// Persons by their tokens, and the app behind the first of them.
    pub(super) fn identities(&self) -> Vec<Identity> {
        let tokens = self.tokens.iter().filter_map(|token| self.identity(token));
        let mut identities: Vec<_> = tokens.collect();
        identities.insert(1, self.app());
        identities
    }

    fn app(&self) -> Identity {
        Identity {
            vendor: NAME.to_owned(),
            email: String::new(),
            credential: json!({ "type": "key_pair", "key": APP, "secret": KEY }),
            organization: self.organizations.first().map(|organization| organization.login.clone()),
            settings: Map::from_iter([("installation".to_owned(), INSTALLATION.into())]),
        }
    }

    /// The identity of the account with this address, which gets made, and a token, where there is none.
    pub(super) fn identity_for(&mut self, email: &str, world: &World) -> Identity {
        let id = self.user_with(email, world);
        let is_theirs = |token: &&Token| matches!(token.grant, Grant::Classic { user, .. } if user == id);
        if self.tokens.iter().find(is_theirs).is_none() {
            self.tokens.push(Token::classic(id, world));
        }
        let token = self.tokens.iter().find(is_theirs).expect("it has one now");
        self.identity(token).expect("it is a person's")
    }

    fn identity(&self, token: &Token) -> Option<Identity> {
        let user = match token.grant {
            Grant::Classic { user, .. } | Grant::FineGrained { user, .. } => self.user(user)?,
            Grant::Installation { .. } => return None,
        };
        let own = self.organizations.iter().find(|organization| organization.member(user.id).is_some());
        Some(Identity {
            vendor: NAME.to_owned(),
            email: user.email.clone(),
            credential: json!({ "type": "api_key", "key": token.text }),
            organization: own.map(|organization| organization.login.clone()),
            settings: Map::new(),
        })
    }
}
