//! What the calls of [`KoyebClient`](crate::KoyebClient) take besides ids.

#![expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]

use orgport_core::http::Request;
use serde::Serialize;

use crate::model::{CredentialType, InvitationStatus, Order, OrganizationStatus};

/// Which part of a list is wanted. Koyeb's own default page size is not documented; it takes 1 to
/// 100.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part {
    /// How many rows.
    pub limit: Option<u32>,
    /// How many rows before them.
    pub offset: Option<u64>,
}

impl Part {
    fn of(self, request: Request) -> Request {
        request.query_opt("limit", self.limit).query_opt("offset", self.offset)
    }
}

/// Which invitations of the token's organization are wanted.
#[derive(Debug, Clone, Default)]
pub struct InvitationQuery {
    /// The page.
    pub part: Part,
    /// Only these statuses; all if empty.
    pub statuses: Vec<InvitationStatus>,
    /// Only those to this user, which must be the one asking.
    pub user_id: Option<String>,
}

impl InvitationQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, statuses, user_id } = self;
        part.of(request).query_each("statuses", statuses).query_opt("user_id", user_id.as_deref())
    }
}

/// Which invitations to the token's user are wanted.
#[derive(Debug, Clone, Default)]
pub struct MyInvitationQuery {
    /// The page.
    pub part: Part,
    /// Only these statuses; all if empty.
    pub statuses: Vec<InvitationStatus>,
}

impl MyInvitationQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, statuses } = self;
        part.of(request).query_each("statuses", statuses)
    }
}

/// Which memberships are wanted.
#[derive(Debug, Clone, Default)]
pub struct MemberQuery {
    /// The page.
    pub part: Part,
    /// Only those of this organization.
    pub organization_id: Option<String>,
    /// Only those of this user; with the asking user's own id, across all organizations.
    pub user_id: Option<String>,
    /// Only those of organizations that stand like this; all if empty.
    pub organization_statuses: Vec<OrganizationStatus>,
}

impl MemberQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, organization_id, user_id, organization_statuses } = self;
        part.of(request)
            .query_opt("organization_id", organization_id.as_deref())
            .query_opt("user_id", user_id.as_deref())
            .query_each("organization_statuses", organization_statuses)
    }
}

/// Which organizations of the token's user are wanted.
#[derive(Debug, Clone, Default)]
pub struct OrganizationQuery {
    /// The page.
    pub part: Part,
    /// The order.
    pub order: Option<Order>,
    /// Only those whose name or id resembles this.
    pub search: Option<String>,
    /// Only these statuses; what is shown without is not documented.
    pub statuses: Vec<OrganizationStatus>,
}

impl OrganizationQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, order, search, statuses } = self;
        part.of(request)
            .query_opt("order", order.as_ref())
            .query_opt("search", search.as_deref())
            .query_each("statuses", statuses)
    }
}

/// Which API tokens are wanted.
#[derive(Debug, Clone, Default)]
pub struct CredentialQuery {
    /// The page.
    pub part: Part,
    /// Only those that stand for this.
    pub r#type: Option<CredentialType>,
    /// Only those of this name.
    pub name: Option<String>,
    /// Only those of this organization.
    pub organization_id: Option<String>,
    /// Only those of this user.
    pub user_id: Option<String>,
}

impl CredentialQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, r#type, name, organization_id, user_id } = self;
        part.of(request)
            .query_opt("type", r#type.as_ref())
            .query_opt("name", name.as_deref())
            .query_opt("organization_id", organization_id.as_deref())
            .query_opt("user_id", user_id.as_deref())
    }
}

/// An API token to be made, or what is to be changed of one. Only what is set is sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CredentialFields {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whom it stands for.
    pub r#type: Option<CredentialType>,
    /// The organization it acts in.
    pub organization_id: Option<String>,
}
