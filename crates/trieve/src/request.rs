//! What calls take beside ids: bodies and queries, in the vendor's names.

#![expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]

use orgport_core::{Error, ErrorKind, Timestamp};
use serde::Serialize;
use serde_json::Value;

/// Scopes to send: `METHOD /api/path`, with path parameters in braces.
///
/// There is always at least one: the vendor stores an empty list as it is, and it locks its holder
/// out of everything, with no call that takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Takes scopes as the vendor writes them, for example `GET /api/invitations/{organization_id}`.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if there is none, or a blank one: the vendor takes each for a pattern that may
    /// match anywhere, so that a blank one would give every right.
    pub fn new(scopes: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, Error> {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        let refused = |what: &str| Err(Error::new(ErrorKind::InvalidInput, what));
        if scopes.is_empty() {
            return refused(
                "an empty list of scopes would lock its holder out of everything; leave the scopes out instead",
            );
        }
        if scopes.iter().any(|scope| scope.trim().is_empty()) {
            return refused("a blank scope would give its holder every right");
        }
        Ok(Self(scopes))
    }
}

/// The body of [`create_invitation`](crate::TrieveClient::create_invitation).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InvitationData {
    /// The address, at most 100 characters.
    pub email: String,
    /// 2 owner, 1 admin, 0 user; at most the caller's own.
    pub user_role: i64,
    /// Where the mailed link leads: the API's own address with `/api`, from where the person is
    /// taken to log in.
    pub app_url: String,
    /// Where the browser ends up. It is pasted into the link without any encoding.
    pub redirect_uri: String,
    /// What the membership is limited, or raised, to.
    pub scopes: Option<Scopes>,
}

impl InvitationData {
    /// An invitation without scopes.
    pub fn new(
        email: impl Into<String>,
        user_role: i64,
        app_url: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            email: email.into(),
            user_role,
            app_url: app_url.into(),
            redirect_uri: redirect_uri.into(),
            scopes: None,
        }
    }

    /// With these scopes, or none.
    #[must_use]
    pub fn scopes(mut self, scopes: Option<Scopes>) -> Self {
        self.scopes = scopes;
        self
    }
}

/// The body of [`update_organization`](crate::TrieveClient::update_organization). What is `None`
/// is not sent, which does not mean that it stays: see there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OrganizationChanges {
    /// The new name.
    pub name: Option<String>,
    /// The new branding, which replaces the old one whole.
    pub partner_configuration: Option<Value>,
}

/// The body of [`update_user`](crate::TrieveClient::update_user).
///
/// The vendor takes a body without `user_id` for a change of the caller, so this one cannot be
/// built without it.
#[derive(Debug, Clone, PartialEq)]
pub struct UserUpdate {
    pub(crate) user_id: String,
    pub(crate) role: Option<i64>,
    pub(crate) scopes: Option<Scopes>,
}

impl UserUpdate {
    /// Changes nothing of this account's membership yet.
    pub fn of(user_id: impl Into<String>) -> Self {
        Self { user_id: user_id.into(), role: None, scopes: None }
    }

    /// With this role: 2 owner, 1 admin, 0 user.
    #[must_use]
    pub fn role(mut self, role: i64) -> Self {
        self.role = Some(role);
        self
    }

    /// With these scopes, which no call can take away again.
    #[must_use]
    pub fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = Some(scopes);
        self
    }
}

/// The body of [`create_api_key`](crate::TrieveClient::create_api_key).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NewApiKey {
    /// Its name.
    pub name: String,
    /// 2 owner, 1 admin, 0 user. The vendor does not limit it by the caller's role.
    pub role: i64,
    /// The datasets it is limited to; all if `None`.
    pub dataset_ids: Option<Vec<String>>,
    /// What it is limited, or raised, to.
    pub scopes: Option<Scopes>,
    /// When it ends; never if `None`. The vendor silently drops an end that it cannot read.
    pub expires_at: Option<Timestamp>,
    /// Search parameters that are forced upon requests with this key.
    pub default_params: Option<Value>,
}

impl NewApiKey {
    /// A key for everything that its role allows, without end.
    pub fn new(name: impl Into<String>, role: i64) -> Self {
        Self {
            name: name.into(),
            role,
            dataset_ids: None,
            scopes: None,
            expires_at: None,
            default_params: None,
        }
    }
}

/// Which page of API keys [`list_api_keys`](crate::TrieveClient::list_api_keys) reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiKeysQuery {
    /// The last id of the page before.
    pub cursor: Option<String>,
    /// How many keys; 10 by default.
    pub limit: Option<u32>,
}

/// The time that [`usage`](crate::TrieveClient::usage) counts; all of it by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UsageQuery {
    /// Only this time.
    pub date_range: Option<DateRange>,
    /// Counts as the vendor's first version of usage did.
    pub v1_usage: Option<bool>,
}

/// A stretch of time, each end written as a date and time without a zone, in UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DateRange {
    /// After this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gt: Option<String>,
    /// From this moment on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gte: Option<String>,
    /// Before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lt: Option<String>,
    /// Up to this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lte: Option<String>,
}
