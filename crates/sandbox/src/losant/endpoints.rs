//! Every call of the API: where it is, who may make it and what it takes.

use axum::http::Method;

use super::auth::Access::{self, Open, Organization, User};
use super::auth::Reach::{Bounded, Full, Read};
use super::schema::{ANY_TEXT, DIGITS, EMAIL, Field, ID, Schema, optional, required, text};
use super::serve::Act;
use super::{auth, invitations, invitee, members, organizations};

pub(super) struct Endpoint {
    /// The vendor's resource and action name, as scopes and `_actions` use them.
    pub(super) resource: &'static str,
    pub(super) name: &'static str,
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) params: &'static [Param],
    pub(super) act: Act,
}

pub(super) enum Place {
    Path,
    Query,
    Body,
}

pub(super) struct Param {
    pub(super) place: Place,
    pub(super) field: Field,
}

impl Endpoint {
    pub(super) fn admits(&self, scopes: &[String]) -> bool {
        self.access.admits(self.resource, self.name, scopes)
    }
}

const ORG_ID: Param = Param { place: Place::Path, field: required("orgId", ID) };
const INVITE_ID: Param = Param { place: Place::Path, field: required("inviteId", ID) };

const fn query(field: Field) -> Param {
    Param { place: Place::Query, field }
}

const fn body(name: &'static str, fields: &'static [Field]) -> Param {
    Param { place: Place::Body, field: required(name, Schema::Record(fields)) }
}

const SUMMARY_EXCLUDE: Param = query(optional("summaryExclude", ANY_TEXT));
const SUMMARY_INCLUDE: Param = query(optional("summaryInclude", ANY_TEXT));

const ROLE: Schema = Schema::Word(&["admin", "edit", "collaborate", "view", "none"]);
const RESOURCE_ROLES: Schema = Schema::List {
    items: &Schema::Record(&[
        required("resourceId", ID),
        required("role", Schema::Word(&["collaborate", "view", "none"])),
    ]),
    max: 100,
};
const RESOURCE_IDS: Schema = Schema::List { items: &ID, max: 1000 };

const ORG_POST: &[Field] = &org_fields(true);
const ORG_PATCH: &[Field] = &org_fields(false);

const fn org_fields(name_is_required: bool) -> [Field; 7] {
    [
        Field { name: "name", required: name_is_required, schema: text(1, 255) },
        optional("description", text(0, 32767)),
        optional("planId", text(0, 1024)),
        optional("billingEmail", EMAIL),
        optional("cardToken", text(0, 1024)),
        optional("iconColor", text(0, 64)),
        optional("mfaMode", Schema::Word(&["notRequired", "adminRequired", "required"])),
    ]
}

const INVITE_POST: &[Field] = &[
    required("email", EMAIL),
    required("role", ROLE),
    optional("applicationRoles", RESOURCE_ROLES),
    optional("dashboardRoles", RESOURCE_ROLES),
    optional("disallowTransfer", Schema::Boolean),
];
const MEMBER_PATCH: &[Field] = &[
    required("userId", ID),
    optional("role", ROLE),
    optional("applicationRoles", RESOURCE_ROLES),
    optional("dashboardRoles", RESOURCE_ROLES),
];
const TRANSFER: &[Field] = &[
    required("destinationId", ID),
    required("destinationType", Schema::Word(&["user", "organization"])),
    optional("applicationIds", RESOURCE_IDS),
    optional("dashboardIds", RESOURCE_IDS),
    optional("strict", Schema::Boolean),
];
const USER_CREDENTIALS: &[Field] = &[
    required("email", EMAIL),
    required("password", text(8, 2048)),
    optional("twoFactorCode", text(0, 2048)),
    optional("requestedScopes", Schema::List { items: &ANY_TEXT, max: usize::MAX }),
    optional("tokenTTL", Schema::Whole),
];
const EMAILED_ANSWER: &[Field] =
    &[required("email", EMAIL), required("token", text(1, usize::MAX)), required("accept", Schema::Boolean)];
const OWN_ANSWER: &[Field] = &[required("action", Schema::Word(&["accept", "dismiss", "reject"]))];

const ORGS_QUERY: &[Param] = &[
    query(optional("sortField", Schema::Word(&["name", "id", "creationDate", "lastUpdated"]))),
    query(optional("sortDirection", Schema::Word(&["asc", "desc"]))),
    query(optional("page", DIGITS)),
    query(optional("perPage", DIGITS)),
    query(optional("filterField", Schema::Word(&["name", ""]))),
    query(optional("filter", ANY_TEXT)),
    SUMMARY_EXCLUDE,
    SUMMARY_INCLUDE,
];

macro_rules! endpoint {
    ($resource:literal . $name:literal, $method:ident $path:literal, $access:expr, $params:expr => $act:path) => {
        Endpoint {
            resource: $resource,
            name: $name,
            method: Method::$method,
            path: $path,
            access: $access,
            params: $params,
            act: $act,
        }
    };
}

#[rustfmt::skip]
pub(super) static ENDPOINTS: &[Endpoint] = &[
    endpoint!("auth"."authenticateUser", POST "/auth/user", Open,
        &[body("credentials", USER_CREDENTIALS)] => auth::log_in),

    endpoint!("orgs"."get", GET "/orgs", User(Read), ORGS_QUERY => organizations::list),
    endpoint!("orgs"."post", POST "/orgs", User(Bounded),
        &[body("organization", ORG_POST), SUMMARY_EXCLUDE, SUMMARY_INCLUDE] => organizations::create),

    endpoint!("org"."get", GET "/orgs/{orgId}", Organization(Read),
        &[ORG_ID, SUMMARY_EXCLUDE, SUMMARY_INCLUDE] => organizations::get),
    endpoint!("org"."patch", PATCH "/orgs/{orgId}", Organization(Bounded),
        &[ORG_ID, body("organization", ORG_PATCH), SUMMARY_EXCLUDE, SUMMARY_INCLUDE] => organizations::patch),
    endpoint!("org"."delete", DELETE "/orgs/{orgId}", Organization(Bounded),
        &[ORG_ID] => organizations::delete),
    endpoint!("org"."transferResources", PATCH "/orgs/{orgId}/transferResources", Organization(Full),
        &[ORG_ID, body("transfer", TRANSFER)] => organizations::transfer_resources),

    endpoint!("org"."pendingInvites", GET "/orgs/{orgId}/invites", Organization(Read),
        &[ORG_ID] => invitations::list),
    endpoint!("org"."inviteMember", POST "/orgs/{orgId}/invites", Organization(Full),
        &[ORG_ID, body("invite", INVITE_POST)] => invitations::create),
    endpoint!("org"."revokeInvite", DELETE "/orgs/{orgId}/invites", Organization(Full),
        &[ORG_ID, query(required("inviteId", ID))] => invitations::revoke),

    endpoint!("org"."modifyMember", PATCH "/orgs/{orgId}/member", Organization(Full),
        &[ORG_ID, body("member", MEMBER_PATCH), SUMMARY_EXCLUDE, SUMMARY_INCLUDE] => members::modify),
    endpoint!("org"."removeMember", DELETE "/orgs/{orgId}/member", Organization(Full),
        &[ORG_ID, query(required("userId", ID)), SUMMARY_EXCLUDE, SUMMARY_INCLUDE] => members::remove),

    endpoint!("me"."get", GET "/me", User(Read), &[SUMMARY_EXCLUDE, SUMMARY_INCLUDE] => auth::me),
    endpoint!("me"."refreshToken", GET "/me/refreshToken", User(Full), &[] => auth::refresh),
    endpoint!("me"."invites", GET "/me/invites", User(Read), &[] => invitee::invites),
    endpoint!("me"."invite", GET "/me/invites/{inviteId}", User(Read), &[INVITE_ID] => invitee::invite),
    endpoint!("me"."respondToInvite", POST "/me/invites/{inviteId}", User(Full),
        &[INVITE_ID, body("response", OWN_ANSWER)] => invitee::respond),

    endpoint!("orgInvites"."get", GET "/invites", Open,
        &[query(required("token", ANY_TEXT)), query(required("email", ANY_TEXT))] => invitee::look),
    endpoint!("orgInvites"."post", POST "/invites", Open,
        &[body("invite", EMAILED_ANSWER)] => invitee::answer_mailed),
];
