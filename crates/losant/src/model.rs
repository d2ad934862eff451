//! Losant's own JSON, in Losant's names.
//!
//! Only ids of organizations and invitations are required: the vendor declares no field of an
//! answer as required, so everything else may be missing. Words of closed lists (roles, states)
//! and dates are kept as text. What a type does not know is in the
//! [`Doc`](orgport_core::http::Doc) around it. Bodies hold documented keys only, since Losant
//! refuses any other.

use std::collections::BTreeMap;

use orgport_core::{Error, Secret, Timestamp, http::Doc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The rel-style parts of a resource, as the [`Flags`](crate::Flags) of the call asked for them.
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
    pub members: Option<Vec<OrgMember>>,
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
    /// Links, actions and embedded resources.
    #[serde(flatten)]
    pub rel: Rel,
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
    pub items: Vec<Result<Doc<Org>, Error>>,
    /// What the vendor says about the page.
    pub page: OrgsPage,
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
    /// Links, actions and embedded resources.
    #[serde(flatten)]
    pub rel: Rel,
}

/// A list of invitations as it was at one moment.
#[derive(Debug)]
#[non_exhaustive]
pub struct Invites<T> {
    /// The invitations, each an error in its place if it cannot be read.
    pub items: Vec<Result<Doc<T>, Error>>,
    /// The vendor's clock when it answered, which says what has expired.
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
    /// Links, actions and embedded resources.
    #[serde(flatten)]
    pub rel: Rel,
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
    /// Links, actions and embedded resources.
    #[serde(flatten)]
    pub rel: Rel,
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
    /// Links, actions and embedded resources.
    #[serde(flatten)]
    pub rel: Rel,
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
    /// Links, actions and embedded resources.
    #[serde(flatten)]
    pub rel: Rel,
}

/// What a login or a renewal answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserToken {
    /// The account.
    pub user_id: Option<String>,
    /// What later requests carry.
    #[serde(deserialize_with = "secret")]
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

/// An organization to be made. <https://docs.losant.com/rest-api/orgs/#post>
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct OrgPost {
    /// 1 to 255 characters.
    pub name: String,
    /// At most 32767 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<String>,
    /// Where bills go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_email: Option<String>,
    /// The payment service's token for a card.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose")]
    pub card_token: Option<Secret>,
    /// Its colour in the web application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_color: Option<String>,
    /// `notRequired`, `adminRequired` or `required`: who needs a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_mode: Option<String>,
}

/// Changes to an organization; what is `None` stays. <https://docs.losant.com/rest-api/org/#patch>
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct OrgPatch {
    /// 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 32767 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<String>,
    /// Where bills go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_email: Option<String>,
    /// The payment service's token for a card.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose")]
    pub card_token: Option<Secret>,
    /// Its colour in the web application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_color: Option<String>,
    /// `notRequired`, `adminRequired` or `required`: who needs a second factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_mode: Option<String>,
}

/// A person to invite. <https://docs.losant.com/rest-api/org/#invite-member>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct OrgInvitePost {
    /// Where the mail goes.
    pub email: String,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: String,
    /// Roles in single applications, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_roles: Option<Vec<ResourceRole>>,
    /// Roles on single dashboards, at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboard_roles: Option<Vec<ResourceRole>>,
    /// Not explained by the vendor; presumably only the invited address can accept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disallow_transfer: Option<bool>,
}

impl OrgInvitePost {
    /// An invitation with nothing but what is required.
    pub fn new(email: impl Into<String>, role: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            role: role.into(),
            application_roles: None,
            dashboard_roles: None,
            disallow_transfer: None,
        }
    }
}

/// Other roles for a member; what is `None` stays.
/// <https://docs.losant.com/rest-api/org/#modify-member>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct OrgMemberPatch {
    /// The member's account.
    pub user_id: String,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Roles in single applications, at most 100, in place of those there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_roles: Option<Vec<ResourceRole>>,
    /// Roles on single dashboards, at most 100, in place of those there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboard_roles: Option<Vec<ResourceRole>>,
}

impl OrgMemberPatch {
    /// Another role in the organization.
    pub fn role(user_id: impl Into<String>, role: impl Into<String>) -> Self {
        Self {
            user_id: user_id.into(),
            role: Some(role.into()),
            application_roles: None,
            dashboard_roles: None,
        }
    }
}

/// Applications and dashboards that are to belong to somebody else.
/// <https://docs.losant.com/rest-api/org/#transfer-resources>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct ResourceTransfer {
    /// Who gets them.
    pub destination_id: String,
    /// `user` or `organization`.
    pub destination_type: String,
    /// At most 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_ids: Option<Vec<String>>,
    /// At most 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboard_ids: Option<Vec<String>>,
    /// Not explained by the vendor; presumably all or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict: Option<bool>,
}

/// What an invited account can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum InviteAction {
    /// Yes.
    Accept,
    /// No.
    Reject,
    /// Not documented; presumably it only hides the invitation.
    Dismiss,
}

/// An answer by the mailed token. <https://docs.losant.com/rest-api/org-invites/#post>
#[derive(Debug, Clone, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct OrgInviteAction {
    /// Where the mail went.
    pub email: String,
    /// The token in it.
    #[serde(serialize_with = "expose_one")]
    pub token: Secret,
    /// Yes or no.
    pub accept: bool,
}

/// A login. <https://docs.losant.com/rest-api/auth/#authenticate-user>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_structs, reason = "the vendor refuses any other key")]
pub struct UserCredentials {
    /// The account's address.
    pub email: String,
    /// 8 to 2048 characters.
    #[serde(serialize_with = "expose_one")]
    pub password: Secret,
    /// The code of a second factor, where the account has one. It works once.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose")]
    pub two_factor_code: Option<Secret>,
    /// What the token is to be allowed; `all.User` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_scopes: Option<Vec<String>>,
    /// How long the token is to live; the unit and what 0 means are not documented.
    #[serde(rename = "tokenTTL", skip_serializing_if = "Option::is_none")]
    pub token_ttl: Option<u64>,
}

impl UserCredentials {
    /// A login without a second factor.
    pub fn new(email: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            email: email.into(),
            password: password.into(),
            two_factor_code: None,
            requested_scopes: None,
            token_ttl: None,
        }
    }
}

/// Reads what nothing depends on: in another form than documented it counts as missing, instead of
/// hiding the resource that it decorates.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::from)
}

fn expose_one<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[expect(clippy::ref_option, reason = "serde passes the field")]
fn expose<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}
