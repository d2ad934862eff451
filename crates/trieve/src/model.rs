//! What the vendor returns, in the vendor's names.
//!
//! Each resource keeps its JSON beside it in a [`Doc`], so these types name only what a client
//! acts on, and tolerate everything but a missing id.

use orgport_core::Secret;
use orgport_core::http::{Doc, Rows};
use serde::Deserialize;
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
    /// the response to an update shows what is stored.
    pub partner_configuration: Option<Value>,
}

/// The response to [`get_organization`](crate::TrieveClient::get_organization).
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
    /// When it ends. A `flat` one without an end keeps its organization from being deleted; a
    /// `usage_based` one does not.
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
    /// When the person came in, too: changes of role or scopes leave it alone.
    pub updated_at: Option<String>,
    /// What the membership is limited, or raised, to.
    pub scopes: StoredScopes,
}

/// The response to [`me`](crate::TrieveClient::me).
#[derive(Debug)]
#[non_exhaustive]
pub struct Me {
    /// The person behind the key, with all memberships.
    pub user: Doc<User>,
    /// The organizations of these memberships, each an error in its place if it cannot be read.
    pub organizations: Rows<Organization>,
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
    pub api_keys: Rows<ApiKey>,
    /// Where the next page begins; the vendor returns `None` only behind an empty page.
    pub cursor: Option<String>,
}

/// A key that was just made, the only time it is shown.
#[derive(Debug, Deserialize)]
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
