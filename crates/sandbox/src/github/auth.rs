//! Who is calling, and what the token lets that one do.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use jiff::Timestamp;

use super::GitHub;
use super::error::ApiError;
use super::state::{Data, Member, Organization};
use crate::world::World;

/// What a token stands for.
#[derive(Clone, Debug)]
pub(super) enum Grant {
    /// A person, by these scopes.
    Classic { user: u64, scopes: &'static str },
    /// A person in one organization, whose members it may read, and change if `writes`.
    FineGrained { user: u64, organization: u64, writes: bool },
    /// An app in one organization, until then.
    Installation { organization: u64, bot: u64, ends: Timestamp },
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) grant: Grant,
}

/// How long an installation's token lives.
pub(super) const INSTALLATION_LIFE: Duration = Duration::from_hours(1);

impl Token {
    pub(super) fn classic(user: u64, world: &World) -> Self {
        let text = format!("ghp_{}", world.ids.alphanumeric(36));
        Self { text, grant: Grant::Classic { user, scopes: "admin:org, user" } }
    }

    /// Whose limits its calls count against.
    pub(super) fn subject(&self) -> u64 {
        match self.grant {
            Grant::Classic { user, .. } | Grant::FineGrained { user, .. } => user,
            Grant::Installation { bot, .. } => bot,
        }
    }
}

/// The token of a request, found valid.
#[derive(Clone)]
pub(super) struct Caller(pub(super) Token);

impl FromRequestParts<Arc<GitHub>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, github: &Arc<GitHub>) -> Result<Self, ApiError> {
        let text = bearer(&parts.headers).ok_or_else(ApiError::unauthenticated)?;
        let token = github.data().token(text, github.now()).cloned();
        token.map(Self).ok_or_else(ApiError::bad_credentials)
    }
}

/// The token in a header, by either of the two words.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (word, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    ["bearer", "token"].iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(token)
}

impl Caller {
    /// The person behind the token. An app's has none.
    pub(super) fn user(&self) -> Result<u64, ApiError> {
        match self.0.grant {
            Grant::Classic { user, .. } | Grant::FineGrained { user, .. } => Ok(user),
            Grant::Installation { .. } => Err(ApiError::permission("integration", "")),
        }
    }

    /// Who is told as having invited.
    pub(super) fn inviter(&self) -> u64 {
        self.0.subject()
    }

    /// The person's role in the organization; an app's token is as good as an owner's there.
    fn role<'a>(&self, organization: &'a Organization) -> Option<&'a str> {
        match &self.0.grant {
            Grant::Classic { user, .. } => organization.member(*user).map(|member| member.role),
            Grant::FineGrained { user, organization: own, .. } if *own == organization.id => {
                organization.member(*user).map(|member: &Member| member.role)
            }
            Grant::Installation { organization: own, .. } if *own == organization.id => Some("admin"),
            _ => None,
        }
    }

    pub(super) fn is_member(&self, organization: &Organization) -> bool {
        self.role(organization).is_some()
    }

    pub(super) fn is_owner(&self, organization: &Organization) -> bool {
        self.role(organization) == Some("admin")
    }

    /// Refuses whoever is no member: the organization is public, and who is in it is not.
    pub(super) fn must_be_member(&self, organization: &Organization) -> Result<(), ApiError> {
        if self.is_member(organization) {
            return Ok(());
        }
        Err(ApiError::forbidden("You must be a member of this organization to see memberships."))
    }

    /// Refuses whoever does not own the organization; to a stranger its people are not there.
    pub(super) fn must_own(&self, organization: &Organization) -> Result<(), ApiError> {
        match self.role(organization) {
            Some("admin") => Ok(()),
            Some(_) => {
                Err(ApiError::forbidden("You must be an admin to create an invitation to an organization."))
            }
            None => Err(ApiError::not_found()),
        }
    }

    /// The same for a change, for which the token needs the right, too.
    pub(super) fn must_change(&self, organization: &Organization) -> Result<(), ApiError> {
        match &self.0.grant {
            Grant::Classic { scopes, .. } if !scopes.contains("admin:org") => {
                Err(ApiError::scope(scopes, "admin:org"))
            }
            Grant::FineGrained { writes: false, .. } => {
                Err(ApiError::permission("personal access token", "members=write"))
            }
            _ => self.must_own(organization),
        }
    }
}

impl Data {
    pub(super) fn token(&self, text: &str, now: Timestamp) -> Option<&Token> {
        self.tokens.iter().find(|token| {
            let lives = !matches!(&token.grant, Grant::Installation { ends, .. } if *ends <= now);
            token.text == text && lives
        })
    }
}
