//! Losant's own JSON, in Losant's names.
//!
//! Only ids of organizations and invitations are required: the vendor declares no field of a
//! response as required, so everything else may be missing. Words of closed lists (roles, states)
//! and dates are kept as text. What a type does not know is in the
//! [`Doc`](orgport_core::http::Doc) around it.

use std::collections::BTreeMap;

use orgport_core::http::{Doc, Rows};
use orgport_core::{Native, Secret, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The rel-style parts of a resource, as the [`Flags`](crate::Flags) of the call asked for them: read
/// from its JSON, beside what its type knows.
#[derive(Debug, Clone, Default, Deserialize)]
#[non_exhaustive]
pub struct Rel {
    /// The resource's type, for example `org`.
    #[serde(rename = "_type", default, deserialize_with = "lenient")]
    pub kind: Option<String>,
    /// Related resources by the name of the relation.
    #[serde(rename = "_links", default, deserialize_with = "lenient")]
    pub links: BTreeMap<String, Link>,
    /// What the credential may do with the resource, by name.
    #[serde(rename = "_actions", default, deserialize_with = "lenient")]
    pub actions: BTreeMap<String, Action>,
    /// Nested resources.
    #[serde(rename = "_embedded", default, deserialize_with = "lenient")]
    pub embedded: Map<String, Value>,
}

impl Rel {
    /// Those of a resource; none where there are none.
    pub fn of<T>(resource: &Doc<T>) -> Self {
        resource.native.read().unwrap_or_default()
    }
}

/// Where a related resource is. The client never follows one: it may point anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// A path below the API's origin.
    pub href: String,
}

/// A request that the credential may make.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Action {
    /// A path below the API's origin.
    pub href: String,
    /// The HTTP method.
    pub method: Option<String>,
    /// It is going to end.
    #[serde(default)]
    pub deprecated: bool,
}

/// An organization. <https://docs.losant.com/rest-api/org/#get>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Org {
    /// 24 hexadecimal digits.
    pub id: String,
    /// The same as `id`.
    pub org_id: Option<String>,
    /// When it was made.
    pub creation_date: Option<String>,
    /// When it was last changed.
    pub last_updated: Option<String>,
    /// 1 to 255 characters.
    pub name: Option<String>,
    /// At most 32767 characters.
    pub description: Option<String>,
    /// The people in it. This is the only place where Losant shows them.
    pub members: Option<Vec<Row<OrgMember>>>,
    /// How many there may be of what, by name.
    pub limits: Option<Map<String, Value>>,
    /// How many there are of what, by name; see [`Summary`](crate::Summary).
    pub summary: Option<Map<String, Value>>,
    /// What is paid for.
    pub plan_id: Option<String>,
    /// Where bills go.
    pub billing_email: Option<String>,
    /// `trialing`, `active`, `past_due`, `canceled` or `unpaid`.
    pub subscription_status: Option<String>,
    /// When the paid period began.
    pub current_period_start: Option<String>,
    /// When the paid period ends.
    pub current_period_end: Option<String>,
    /// On an enterprise plan.
    pub is_enterprise: Option<bool>,
    /// Nothing in it can be changed.
    pub is_read_only: Option<bool>,
    /// Its colour in the web application.
    pub icon_color: Option<String>,
    /// Only addresses of these domains can be members.
    pub whitelisted_email_domains: Option<Vec<String>>,
    /// Since when it is disabled, or `false`.
    pub disabled_at: Option<Value>,
    /// `notRequired`, `adminRequired` or `required`: who needs a second factor.
    pub mfa_mode: Option<String>,
    /// What its members are shown: `message` and `level`.
    pub banner: Option<Map<String, Value>>,
}

/// A row in a resource, which one that cannot be read does not make unreadable.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Row<T> {
    /// A row of the form that is known.
    Known(T),
    /// What stands in the place of one.
    Unknown(Native),
}

/// A person in an organization.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgMember {
    /// The person's account; there is no id of the membership.
    pub user_id: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Picture.
    pub avatar_url: Option<String>,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: Option<String>,
    /// Roles in single applications, which win over `role` there.
    pub application_roles: Option<Vec<ResourceRole>>,
    /// Roles on single dashboards, which win over `role` there.
    pub dashboard_roles: Option<Vec<ResourceRole>>,
    /// The account has a second factor.
    pub two_factor_auth_enabled: Option<bool>,
    /// The account logs in by single sign-on.
    pub sso_linked: Option<bool>,
}

/// A role in one application or on one dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct ResourceRole {
    /// The application or dashboard.
    pub resource_id: String,
    /// `collaborate`, `view` or `none`.
    pub role: String,
}

/// One page of organizations. <https://docs.losant.com/rest-api/orgs/#get>
#[derive(Debug)]
#[non_exhaustive]
pub struct Orgs {
    /// The organizations, each an error in its place if it cannot be read.
    pub items: Rows<Org>,
    /// What the vendor says about the page.
    pub page: Doc<OrgsPage>,
}

/// What a page of organizations says about itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgsPage {
    /// How many are on this page.
    pub count: Option<u64>,
    /// How many there are on all pages, filtered.
    pub total_count: Option<u64>,
    /// Which page this is, from 0.
    pub page: Option<u64>,
    /// How many fit on a page.
    pub per_page: Option<u64>,
    /// What it is sorted by.
    pub sort_field: Option<String>,
    /// `asc` or `desc`.
    pub sort_direction: Option<String>,
    /// The filter that was sent.
    pub filter: Option<String>,
    /// What was filtered by.
    pub filter_field: Option<String>,
}

/// A list of invitations as it was at one moment.
#[derive(Debug)]
#[non_exhaustive]
pub struct Invites<T> {
    /// The invitations, each an error in its place if it cannot be read.
    pub items: Rows<T>,
    /// The vendor's clock when it responded, which says what has expired.
    pub date: Timestamp,
}

/// An invitation as the organization sees it. It says neither the organization nor when it ends.
/// <https://docs.losant.com/rest-api/org/#pending-invites>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgInvite {
    /// 24 hexadecimal digits.
    pub id: String,
    /// Where the mail went.
    pub email: Option<String>,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: Option<String>,
    /// Roles in single applications.
    pub application_roles: Option<Vec<ResourceRole>>,
    /// Roles on single dashboards.
    pub dashboard_roles: Option<Vec<ResourceRole>>,
    /// When the mail went out.
    pub invite_date: Option<String>,
    /// How many milliseconds it lives; the unit is not documented, the vendor's examples show it.
    pub ttl: Option<f64>,
    /// It can no longer be answered.
    pub has_expired: Option<bool>,
    /// Not explained by the vendor; presumably only the invited address can accept.
    pub disallow_transfer: Option<bool>,
}

/// An invitation as the invited account sees it. It says neither the address nor the
/// organization's id. <https://docs.losant.com/rest-api/me/#invites>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgInviteUser {
    /// 24 hexadecimal digits. In the vendor's schema, and missing in its examples.
    pub id: Option<String>,
    /// The organization's name.
    pub org_name: Option<String>,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: Option<String>,
    /// The organization wants a second factor.
    #[serde(rename = "requiresMFA")]
    pub requires_mfa: Option<bool>,
    /// When the mail went out.
    pub invite_date: Option<String>,
    /// How many milliseconds it lives.
    pub ttl: Option<f64>,
    /// It can no longer be answered. The organization's side calls this `hasExpired`.
    pub expired: Option<bool>,
    /// Who invited.
    pub invited_by: Option<InvitedBy>,
}

/// Who invited.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvitedBy {
    /// Name.
    pub full_name: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// An invitation as the token in its mail shows it.
/// <https://docs.losant.com/rest-api/org-invites/#get>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgInviteInfo {
    /// The organization's name.
    pub org_name: Option<String>,
    /// Where the mail went.
    pub email: Option<String>,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: Option<String>,
    /// When the mail went out.
    pub invite_date: Option<String>,
    /// How many milliseconds it lives.
    pub ttl: Option<f64>,
    /// Not explained by the vendor; presumably only the invited address can accept.
    pub disallow_transfer: Option<bool>,
}

/// The confirmation of an account's answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgInviteResultUser {
    /// `accepted`, `rejected` or `dismissed`.
    pub result: Option<String>,
    /// The organization.
    pub org_id: Option<String>,
}

/// The confirmation of an answer by the mailed token.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrgInviteResult {
    /// Accepted, else rejected.
    pub accepted: Option<bool>,
    /// The organization.
    pub org_id: Option<String>,
}

/// The credential's own account. <https://docs.losant.com/rest-api/me/#get>
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Me {
    /// 24 hexadecimal digits.
    pub id: String,
    /// The same as `id`.
    pub user_id: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Both names.
    pub full_name: Option<String>,
    /// Company.
    pub company_name: Option<String>,
    /// Home page.
    pub url: Option<String>,
    /// The address is verified.
    pub email_verified: Option<bool>,
    /// The address must be verified before anything else works.
    pub needs_to_verify_email: Option<bool>,
    /// The account has a second factor.
    pub two_factor_auth_enabled: Option<bool>,
    /// The account logs in by single sign-on.
    pub sso_linked: Option<bool>,
    /// When it was made.
    pub creation_date: Option<String>,
    /// When it was last changed.
    pub last_updated: Option<String>,
    /// When the password was last changed.
    pub password_last_updated: Option<String>,
    /// How many there are of what, by name; see [`Summary`](crate::Summary).
    pub summary: Option<Map<String, Value>>,
}

/// What a login or a renewal returns.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserToken {
    /// The account.
    pub user_id: Option<String>,
    /// What later requests carry.
    pub token: Secret,
    /// The address must be verified before anything else works.
    pub needs_to_verify_email: Option<bool>,
    /// The organization that the account belongs to, where it is bound to one.
    pub org_id: Option<String>,
}

/// The confirmation of a call that has nothing else to show.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Success {
    /// It was done.
    pub success: bool,
}

/// Reads what nothing depends on: in another form than documented it counts as missing, instead of
/// hiding the resource that it decorates.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}
