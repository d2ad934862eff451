//! What a fresh simulator holds, and the credentials that open it.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::vendor::Identity;
use crate::world::World;

use super::NAME;
use super::json::stored;
use super::state::{ApiKey, Organization, State, User, Visibility};

/// The organization of the administrator, private, with one member.
pub(super) const ORGANIZATION: &str = "tox-lab";
/// A public organization of somebody else, which shows in everyone's list.
const PUBLIC_ORGANIZATION: &str = "open-data";

/// The purpose of the token that stands for its user alone.
const OWN: &str = "own";

/// Longer than any test moves the clock.
const LONG_TOKEN_LIFE: Duration = Duration::from_hours(100 * 365 * 24);

/// The data of a fresh start, with the tokens of its accounts in force.
pub(super) fn plant(world: &World) -> State {
    let now = world.clock.now();
    let person = |first: &str, last: &str| User {
        first_name: Some(first.to_owned()),
        last_name: Some(last.to_owned()),
        ..User::new(world, &first.to_lowercase(), &format!("{first}@jaqpot.example"))
    };
    let administrator = person("Eleni", "Markou");
    let member = person("Nikos", "Pappas");
    let outsider = person("Olga", "Ferrari");
    let realm_admin = User { roles: &["admin"], ..person("Iris", "Lang") };
    let unverified = User { verified: false, ..person("Uma", "Verde") };

    let (key, secret) = (format!("jq_{}", world.ids.alphanumeric(24)), world.ids.alphanumeric(50));
    let identities = vec![
        identity(
            &administrator,
            json!({"type": "key_pair", "key": key, "secret": secret}),
            Some(ORGANIZATION),
        ),
        identity(&administrator, oauth2(world, &administrator), Some(ORGANIZATION)),
        bearer_identity(world, &member, Some(ORGANIZATION)),
        bearer_identity(world, &outsider, None),
        bearer_identity(world, &realm_admin, Some(PUBLIC_ORGANIZATION)),
        bearer_identity(world, &unverified, None),
    ];
    let members = vec![member.id.clone()];
    let organizations = vec![
        organization(41, ORGANIZATION, Visibility::Private, &administrator, members, now),
        organization(42, PUBLIC_ORGANIZATION, Visibility::Public, &realm_admin, Vec::new(), now),
    ];
    let api_keys = vec![ApiKey::new(key, secret, &administrator.id, 6, now)];
    let users = vec![administrator, member, outsider, realm_admin, unverified];
    for user in &users {
        grant_long(world, user);
    }
    State { users, identities, organizations, api_keys, ..State::default() }
}

/// A short-lived token with the means to renew it.
fn oauth2(world: &World, user: &User) -> Value {
    let access_token = user.token("short-lived", world);
    let lives = world.options.access_token_life;
    world.tokens.grant(&access_token, NAME, &user.id, world.clock.now(), lives);
    json!({
        "type": "oauth2",
        "client_id": "jaqpot-client",
        "access_token": access_token,
        "refresh_token": world.tokens.refreshable(NAME, &user.id),
    })
}

fn organization(
    id: i64,
    name: &str,
    visibility: Visibility,
    creator: &User,
    members: Vec<String>,
    now: Timestamp,
) -> Organization {
    Organization {
        id,
        name: name.to_owned(),
        visibility,
        description: Some(format!("What {name} models")),
        contact_email: creator.email.clone(),
        contact_phone: None,
        website: None,
        address: None,
        creator_id: creator.id.clone(),
        members,
        created_at: stored(now),
        updated_at: stored(now),
    }
}

/// Puts the user's own bearer token in force.
pub(super) fn grant_long(world: &World, user: &User) {
    world.tokens.grant(&user.token(OWN, world), NAME, &user.id, world.clock.now(), LONG_TOKEN_LIFE);
}

pub(super) fn bearer_identity(world: &World, user: &User, organization: Option<&str>) -> Identity {
    identity(user, json!({"type": "bearer", "token": user.token(OWN, world)}), organization)
}

fn identity(user: &User, credential: Value, organization: Option<&str>) -> Identity {
    let contact = Value::from(user.email.clone());
    let settings = [("contact_email", contact), ("visibility", Value::from("PRIVATE"))];
    Identity {
        vendor: NAME.to_owned(),
        email: user.email.clone(),
        credential,
        organization: organization.map(str::to_owned),
        settings: settings.map(|(name, value)| (name.to_owned(), value)).into_iter().collect::<Map<_, _>>(),
    }
}
