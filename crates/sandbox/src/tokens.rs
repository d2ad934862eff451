//! OAuth 2 tokens that the authorization server issues and the vendors' simulators check.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac_sha256::Hash as Sha256;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Why a token does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenProblem {
    Unknown,
    Expired,
}

#[derive(Debug, Clone)]
struct Grant {
    vendor: &'static str,
    user_id: String,
    expires_at: Timestamp,
}

#[derive(Debug, Clone)]
struct Refresh {
    vendor: &'static str,
    user_id: String,
    used: bool,
}

/// A code that the login page handed out, with what its exchange has to match.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) vendor: &'static str,
    pub(crate) user_id: String,
    pub(crate) redirect_uri: String,
    /// The PKCE challenge, where the client gave one.
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: Timestamp,
}

#[derive(Debug, Default)]
struct Issued {
    count: u64,
    access: HashMap<String, Grant>,
    refresh: HashMap<String, Refresh>,
    refresh_count: HashMap<(&'static str, String), u64>,
    codes: HashMap<String, Code>,
}

/// Every token in force, by its text.
#[derive(Debug)]
pub(crate) struct Tokens {
    seed: u64,
    issued: Mutex<Issued>,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, issued: Mutex::default() }
    }

    /// Puts an access token in force.
    pub(crate) fn grant(
        &self,
        token: &str,
        vendor: &'static str,
        user_id: &str,
        now: Timestamp,
        lives: Duration,
    ) {
        let expires_at = now.saturating_add(lives).expect("a duration always adds");
        let grant = Grant { vendor, user_id: user_id.to_owned(), expires_at };
        self.issued.lock().expect("tokens lock").access.insert(token.to_owned(), grant);
    }

    /// The id of the user whom the access token `token` stands for at `vendor`.
    pub(crate) fn user(&self, token: &str, vendor: &str, now: Timestamp) -> Result<String, TokenProblem> {
        let issued = self.issued.lock().expect("tokens lock");
        let grant =
            issued.access.get(token).filter(|grant| grant.vendor == vendor).ok_or(TokenProblem::Unknown)?;
        if grant.expires_at <= now { Err(TokenProblem::Expired) } else { Ok(grant.user_id.clone()) }
    }

    /// Makes a refresh token for a user. The first one of a user is the same after every reset.
    pub(crate) fn refreshable(&self, vendor: &'static str, user_id: &str) -> String {
        let mut issued = self.issued.lock().expect("tokens lock");
        let count = issued.refresh_count.entry((vendor, user_id.to_owned())).or_default();
        *count += 1;
        let token = self.text(&format!("refresh {vendor} {user_id} {count}"));
        let refresh = Refresh { vendor, user_id: user_id.to_owned(), used: false };
        issued.refresh.insert(token.clone(), refresh);
        token
    }

    /// Uses a refresh token up and gives its user; `None` if it is unknown, of another vendor, or
    /// was used before.
    pub(crate) fn use_refresh(&self, token: &str, vendor: &str) -> Option<String> {
        let mut issued = self.issued.lock().expect("tokens lock");
        let refresh = issued.refresh.get_mut(token).filter(|it| it.vendor == vendor && !it.used)?;
        refresh.used = true;
        Some(refresh.user_id.clone())
    }

    /// Whose access or refresh token this is or was.
    pub(crate) fn owner(&self, token: &str, vendor: &str) -> Option<String> {
        let issued = self.issued.lock().expect("tokens lock");
        let access = issued.access.get(token).map(|it| (it.vendor, &it.user_id));
        let known = access.or_else(|| issued.refresh.get(token).map(|it| (it.vendor, &it.user_id)));
        known.filter(|(of, _)| *of == vendor).map(|(_, user_id)| user_id.clone())
    }

    /// Makes an authorization code.
    pub(crate) fn code(&self, code: Code) -> String {
        let text = self.unique("code");
        self.issued.lock().expect("tokens lock").codes.insert(text.clone(), code);
        text
    }

    /// Uses an authorization code up, right or wrong.
    pub(crate) fn use_code(&self, text: &str) -> Option<Code> {
        self.issued.lock().expect("tokens lock").codes.remove(text)
    }

    /// A text that no other token has.
    pub(crate) fn unique(&self, purpose: &str) -> String {
        let mut issued = self.issued.lock().expect("tokens lock");
        issued.count += 1;
        self.text(&format!("{purpose} {}", issued.count))
    }

    /// An access token with these claims, in the form of a JWT. Nobody checks its signature: the
    /// simulators know their tokens by their text.
    pub(crate) fn jwt(&self, claims: &Map<String, Value>) -> String {
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
        let payload = BASE64_URL_SAFE_NO_PAD.encode(Value::Object(claims.clone()).to_string());
        let signature = self.text(&format!("signature {payload}"));
        format!("{header}.{payload}.{signature}")
    }

    fn text(&self, what: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::hash(format!("{} {what}", self.seed).as_bytes()))
    }

    pub(crate) fn clear(&self) {
        *self.issued.lock().expect("tokens lock") = Issued::default();
    }
}
