//! What the calls take beside ids: bodies, which hold documented keys only, since Losant refuses any
//! other, and queries.

#![expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]

use orgport_core::Secret;
use orgport_core::http::Request;
use serde::{Serialize, Serializer};

use crate::model::ResourceRole;

/// An organization to be made. <https://docs.losant.com/rest-api/orgs/#post>
#[derive(Debug, Clone, Default, Serialize)]
pub struct OrgPost {
    /// 1 to 255 characters.
    pub name: String,
    /// All else.
    #[serde(flatten)]
    pub fields: OrgFields,
}

/// Changes to an organization; what is `None` stays. <https://docs.losant.com/rest-api/org/#patch>
#[derive(Debug, Clone, Default, Serialize)]
pub struct OrgPatch {
    /// 1 to 255 characters.
    pub name: Option<String>,
    /// All else.
    #[serde(flatten)]
    pub fields: OrgFields,
}

/// What can be set of an organization beside its name.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgFields {
    /// At most 32767 characters.
    pub description: Option<String>,
    /// What is paid for.
    pub plan_id: Option<String>,
    /// Where bills go.
    pub billing_email: Option<String>,
    /// The payment service's token for a card.
    #[serde(serialize_with = "expose")]
    pub card_token: Option<Secret>,
    /// Its colour in the web application.
    pub icon_color: Option<String>,
    /// `notRequired`, `adminRequired` or `required`: who needs a second factor.
    pub mfa_mode: Option<String>,
}

/// Roles that hold in one application or on one dashboard only.
// Shown to people as it is sent, too: what is not set does not stand in it.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRoles {
    /// In applications; at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_roles: Option<Vec<ResourceRole>>,
    /// On dashboards; at most 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboard_roles: Option<Vec<ResourceRole>>,
}

/// A person to invite. <https://docs.losant.com/rest-api/org/#invite-member>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgInvitePost {
    /// Where the mail goes.
    pub email: String,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: String,
    /// Roles in single applications and on single dashboards.
    #[serde(flatten)]
    pub resources: ResourceRoles,
    /// Not explained by the vendor; presumably only the invited address can accept.
    pub disallow_transfer: Option<bool>,
}

impl OrgInvitePost {
    /// An invitation with nothing but what is required.
    pub fn new(email: impl Into<String>, role: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            role: role.into(),
            resources: ResourceRoles::default(),
            disallow_transfer: None,
        }
    }
}

/// Other roles for a member; what is `None` stays.
/// <https://docs.losant.com/rest-api/org/#modify-member>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgMemberPatch {
    /// The member's account.
    pub user_id: String,
    /// `admin`, `edit`, `collaborate`, `view` or `none`.
    pub role: Option<String>,
    /// Roles in single applications and on single dashboards, in place of those there are.
    #[serde(flatten)]
    pub resources: ResourceRoles,
}

impl OrgMemberPatch {
    /// Another role in the organization.
    pub fn role(user_id: impl Into<String>, role: impl Into<String>) -> Self {
        Self { user_id: user_id.into(), role: Some(role.into()), resources: ResourceRoles::default() }
    }
}

/// Applications and dashboards that are to belong to somebody else.
/// <https://docs.losant.com/rest-api/org/#transfer-resources>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceTransfer {
    /// Who gets them.
    pub destination_id: String,
    /// `user` or `organization`.
    pub destination_type: String,
    /// At most 1000.
    pub application_ids: Option<Vec<String>>,
    /// At most 1000.
    pub dashboard_ids: Option<Vec<String>>,
    /// Not explained by the vendor; presumably all or nothing.
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
pub struct UserCredentials {
    /// The account's address.
    pub email: String,
    /// 8 to 2048 characters.
    #[serde(serialize_with = "expose_one")]
    pub password: Secret,
    /// The code of a second factor, where the account has one. It works once.
    #[serde(serialize_with = "expose")]
    pub two_factor_code: Option<Secret>,
    /// What the token is to be allowed; `all.User` by default.
    pub requested_scopes: Option<Vec<String>>,
    /// How long the token is to live; the unit and what 0 means are not documented.
    #[serde(rename = "tokenTTL")]
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

/// Which rel-style parts the resources of a response bring along; sent with every call.
///
/// By default links and embedded resources, as the vendor's own clients ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags {
    /// `_actions`: what the credential may do with the resource.
    pub actions: bool,
    /// `_links`: related resources.
    pub links: bool,
    /// `_embedded`: nested resources.
    pub embedded: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Self { actions: false, links: true, embedded: true }
    }
}

/// Which counters a `summary` is to hold; all by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Names of counters to leave out, for example `payloadCount`.
    pub exclude: Vec<String>,
    /// Names of counters to bring along.
    pub include: Vec<String>,
}

impl Summary {
    pub(crate) fn of(&self, request: Request) -> Request {
        let list = |names: &[String]| (!names.is_empty()).then(|| names.join(","));
        request
            .query_opt("summaryExclude", list(&self.exclude))
            .query_opt("summaryInclude", list(&self.include))
    }
}

/// Which organizations to list, and in which order. What is `None` is left to the vendor: sorted
/// by name, 100 on a page, from page 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrgsQuery {
    /// `name`, `id`, `creationDate` or `lastUpdated`.
    pub sort_field: Option<String>,
    /// `asc` or `desc`.
    pub sort_direction: Option<String>,
    /// The number of the page, from 0.
    pub page: Option<u64>,
    /// How many on a page.
    pub per_page: Option<u64>,
    /// What to filter by: `name`.
    pub filter_field: Option<String>,
    /// What to find, with `*` for anything.
    pub filter: Option<String>,
    /// The counters to show.
    pub summary: Summary,
}

impl OrgsQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { sort_field, sort_direction, page, per_page, filter_field, filter, summary } = self;
        let request = request
            .query_opt("sortField", sort_field.as_ref())
            .query_opt("sortDirection", sort_direction.as_ref())
            .query_opt("page", *page)
            .query_opt("perPage", *per_page)
            .query_opt("filterField", filter_field.as_ref())
            .query_opt("filter", filter.as_ref());
        summary.of(request)
    }
}

/// What to show of the own account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeQuery {
    /// With the things looked at last.
    pub include_recent: Option<bool>,
    /// The counters to show.
    pub summary: Summary,
}

impl MeQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        self.summary.of(request.query_opt("includeRecent", self.include_recent))
    }
}

fn expose_one<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

#[expect(clippy::ref_option, reason = "serde passes the field")]
fn expose<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}
