//! Which scopes of a token open which endpoint, logins, and who the caller is.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::error::{Entity, Failure, Reply};
use super::organizations::wanted_summary;
use super::serve::Call;
use super::state::{Data, Token, User, date, new_token, same_email};
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

pub(super) fn caller<'a>(data: &'a Data, call: &Call) -> Result<&'a User, Failure> {
    data.user(&call.caller()?.user_id).ok_or_else(|| Failure::not_found("User"))
}

/// The caller's own account.
pub(super) fn me(data: &mut Data, _: &World, call: &Call) -> Result<Reply, Failure> {
    let user = caller(data, call)?;
    let orgs = data.orgs.iter().filter(|org| org.member(&user.id).is_some()).count();
    let body = json!({
        "id": user.id,
        "userId": user.id,
        "creationDate": date(user.created),
        "lastUpdated": date(user.created),
        "passwordLastUpdated": date(user.created),
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "fullName": user.full_name(),
        "emailVerified": true,
        "needsToVerifyEmail": false,
        "twoFactorAuthEnabled": user.two_factor,
        "ssoLinked": false,
        "summary": wanted_summary(call, [("appCount", 0), ("dashCount", 0), ("orgCount", orgs)]),
    });
    Ok(Reply::ok(&Entity::new(call, "me", "/me", body)))
}

/// The general scopes that open an endpoint, beside `<resource>.*` and `<resource>.<name>`.
pub(super) enum Access {
    /// No token is needed.
    Open,
    Organization(Reach),
    User(Reach),
}

/// How weak a variant of a general scope is enough.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    Read,
    Bounded,
    Full,
}

impl Access {
    pub(super) fn admits(&self, resource: &str, name: &str, scopes: &[String]) -> bool {
        let (families, reach): (&[&str], Reach) = match self {
            Self::Open => return true,
            Self::Organization(reach) => (&["all.Organization", "all.User", "only.Organization"], *reach),
            Self::User(reach) => (&["all.User", "only.User"], *reach),
        };
        scopes.iter().any(|scope| {
            let action = scope.strip_prefix(resource).and_then(|rest| rest.strip_prefix('.'));
            families.contains(&reach.general(scope))
                || action.is_some_and(|action| action == "*" || action == name)
        })
    }
}

impl Reach {
    /// The family of a general scope whose variant is strong enough; any other scope as it is.
    fn general(self, scope: &str) -> &str {
        let variants: &[&str] = match self {
            Self::Read => &[".read", ".bounded"],
            Self::Bounded => &[".bounded"],
            Self::Full => &[],
        };
        variants.iter().find_map(|variant| scope.strip_suffix(variant)).unwrap_or(scope)
    }
}
