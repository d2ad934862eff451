//! Login by password, and a new token for an old one.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::reply::{Failure, Reply};
use super::serve::Call;
use super::state::{Data, Token, new_token, same_email};
use crate::world::World;

/// The code that accounts with a second factor always accept.
pub(crate) const TWO_FACTOR_CODE: &str = "123456";

const LOGIN_LIVES: Duration = Duration::from_hours(24);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    email: String,
    password: String,
    two_factor_code: Option<String>,
    #[serde(default)]
    requested_scopes: Vec<String>,
    #[serde(rename = "tokenTTL")]
    token_ttl: Option<u64>,
}

pub(super) fn log_in(data: &mut Data, world: &World, call: &Call) -> Result<Reply, Failure> {
    let given: Credentials = call.body("credentials")?;
    let user = data.users.iter().find(|user| {
        same_email(&user.email, &given.email)
            && user.password == given.password
            && (!user.two_factor || given.two_factor_code.as_deref() == Some(TWO_FACTOR_CODE))
    });
    // One text for all causes, so that it tells nobody which part was right.
    let user = user.ok_or_else(|| Failure::unauthorized("Invalid credentials"))?;
    let mut scopes = given.requested_scopes;
    if scopes.is_empty() {
        scopes.push("all.User".to_owned());
    }
    let expires_at = match given.token_ttl.map_or(LOGIN_LIVES, Duration::from_secs) {
        Duration::ZERO => None,
        lives => Some(later(call.now, lives)),
    };
    let token = Token { user_id: user.id.clone(), scopes, expires_at };
    Ok(issue(data, world, token))
}

pub(super) fn refresh(data: &mut Data, world: &World, call: &Call) -> Result<Reply, Failure> {
    let mut token = call.caller()?.clone();
    token.expires_at = token.expires_at.map(|_| later(call.now, LOGIN_LIVES));
    Ok(issue(data, world, token))
}

fn issue(data: &mut Data, world: &World, token: Token) -> Reply {
    let text = new_token(world);
    let reply = Reply::ok(&json!({ "userId": token.user_id, "token": text }));
    data.tokens.insert(text, token);
    reply
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}
