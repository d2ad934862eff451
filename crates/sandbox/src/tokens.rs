//! OAuth 2 tokens that the authorization server issues and the vendors' simulators check.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;

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

/// Every access token in force, by its text.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Grant>>);

impl Tokens {
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
        self.0.lock().expect("tokens lock").insert(token.to_owned(), grant);
    }

    /// The id of the user whom `token` stands for at `vendor`.
    pub(crate) fn user(&self, token: &str, vendor: &str, now: Timestamp) -> Result<String, TokenProblem> {
        let grants = self.0.lock().expect("tokens lock");
        let grant = grants.get(token).filter(|grant| grant.vendor == vendor).ok_or(TokenProblem::Unknown)?;
        if grant.expires_at <= now { Err(TokenProblem::Expired) } else { Ok(grant.user_id.clone()) }
    }

    pub(crate) fn clear(&self) {
        self.0.lock().expect("tokens lock").clear();
    }
}
