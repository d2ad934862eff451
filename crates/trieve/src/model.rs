//! The vendor's wire types, in the vendor's names.
//!
//! What is read keeps its JSON beside it in a [`Doc`], so these types name only what a client
//! acts on, and tolerate everything but a missing id.

use orgport_core::http::Doc;
use orgport_core::{Error, ErrorKind, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The scopes stored with a membership or an invitation. `None`: the role decides alone. An empty
/// list locks its holder out of everything.
pub type StoredScopes = Option<Vec<Option<String>>>;

/// An invitation, used or not.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Invitation {
    /// Its UUID, which is also the secret `inv_code` of the mailed link: keep it out of logs.
    pub id: String,
    /// The address as it was sent, trimmed; its case is kept.
    pub email: Option<String>,
    /// The organization it leads to.
    pub organization_id: Option<String>,
    /// Whether it was accepted. Used ones stay listed.
    pub used: Option<bool>,
    /// When it was made, in UTC without saying so. It never expires.
    pub created_at: Option<String>,
    /// The same; accepting does not touch it.
    pub updated_at: Option<String>,
    /// 2 owner, 1 admin, 0 user; any other number is stored as it was sent and granted as 0.
    pub role: Option<i64>,
    /// The scopes that the membership will have.
    pub scopes: StoredScopes,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// Its UUID.
    pub id: String,
    /// Its name, which is not unique.
    pub name: String,
    /// When it was made, in UTC without saying so.
    pub created_at: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
    /// Whether people can sign up to it.
    pub registerable: Option<bool>,
    /// 0, as deleted organizations are not shown.
    pub deleted: Option<i64>,
    /// The branding. Reads show nine known members, completed with defaults, and hide all others;
    /// the answer to an update shows what is stored.
    pub partner_configuration: Option<Value>,
}

/// The answer to [`get_organization`](crate::TrieveClient::get_organization).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OrganizationWithPlan {
    /// The organization.
    pub organization: Doc<Organization>,
    /// What it may use; a built-in free plan where it has no subscription.
    pub plan: Option<Doc<Plan>>,
    /// What it pays for.
    pub subscription: Option<Doc<Subscription>>,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// `flat` or `usage_based`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its UUID.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// How many people the organization may have. Checked when an invited person signs up, not
    /// when the person is invited.
    pub user_count: Option<i64>,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Subscription {
    /// `flat` or `usage_based`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its UUID.
    pub id: Option<String>,
    /// When it ends. One without an end keeps its organization from being deleted.
    pub current_period_end: Option<String>,
}

/// A person: a member in a list, or the credential's own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The account's UUID.
    pub id: String,
    /// The person's name.
    pub name: Option<String>,
    /// The account's address.
    pub email: Option<String>,
    /// When the account was made.
    pub created_at: Option<String>,
    /// The memberships: in a list of members only the one in that organization.
    pub user_orgs: Option<Vec<UserOrganization>>,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct UserOrganization {
    /// The UUID of the membership, which no call takes.
    pub id: Option<String>,
    /// The account.
    pub user_id: Option<String>,
    /// The organization.
    pub organization_id: Option<String>,
    /// 2 owner, 1 admin, 0 user.
    pub role: Option<i64>,
    /// When the person came in.
    pub created_at: Option<String>,
    /// When the role or the scopes last changed.
    pub updated_at: Option<String>,
    /// What the membership is limited, or raised, to.
    pub scopes: StoredScopes,
}

/// The answer to [`me`](crate::TrieveClient::me).
#[derive(Debug)]
#[non_exhaustive]
pub struct Me {
    /// The person behind the key, with all memberships.
    pub user: Doc<User>,
    /// The organizations of these memberships, each an error in its place if it cannot be read.
    pub organizations: Vec<Result<Doc<Organization>, Error>>,
}

/// An API key as lists show it: without the key itself, its scopes and its end.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ApiKey {
    /// Its UUID.
    pub id: String,
    /// The organization it belongs to; all zeros for a user's key.
    pub organization_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// 2 owner, 1 admin, 0 user.
    pub role: Option<i64>,
    /// The organizations that a user's key is limited to.
    pub organization_ids: Option<Vec<String>>,
    /// The datasets it is limited to.
    pub dataset_ids: Option<Vec<String>>,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
}

/// One page of an organization's API keys, ordered by id.
#[derive(Debug)]
#[non_exhaustive]
pub struct ApiKeys {
    /// The keys.
    pub api_keys: Vec<Result<Doc<ApiKey>, Error>>,
    /// Where the next page begins; the vendor answers `None` only behind an empty page.
    pub cursor: Option<String>,
}

/// A key that was just made, the only time it is shown.
#[derive(Debug)]
#[non_exhaustive]
pub struct CreatedApiKey {
    /// The key.
    pub api_key: Secret,
}

/// What an organization has used so far.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the vendor documents these counters by their names only")]
pub struct OrganizationUsage {
    pub user_count: Option<i64>,
    pub dataset_count: Option<i64>,
    pub chunk_count: Option<i64>,
    pub message_count: Option<i64>,
    pub current_months_message_count: Option<i64>,
    pub search_count: Option<i64>,
    pub file_storage: Option<i64>,
    pub bytes_ingested: Option<i64>,
    pub tokens_ingested: Option<i64>,
    pub search_tokens: Option<i64>,
    pub message_tokens: Option<i64>,
    pub ocr_pages_ingested: Option<i64>,
    pub website_pages_scraped: Option<i64>,
    pub events_ingested: Option<i64>,
}

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
    /// `InvalidInput` if there is none.
    pub fn new(scopes: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, Error> {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        if scopes.is_empty() {
            let what = "an empty list of scopes would lock its holder out of everything; leave the scopes out instead";
            return Err(Error::new(ErrorKind::InvalidInput, what));
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
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The new branding, which replaces the old one whole.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset_ids: Option<Vec<String>>,
    /// What it is limited, or raised, to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// When it ends; never if `None`. The vendor silently drops an end that it cannot read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Search parameters that are forced upon requests with this key.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_range: Option<DateRange>,
    /// Counts as the vendor's first version of usage did.
    #[serde(skip_serializing_if = "Option::is_none")]
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
