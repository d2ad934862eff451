//! What GitHub's calls take.

#![expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]

use orgport_core::http::Request;
use serde::Serialize;

use crate::model::{InvitationRole, InvitationSource, MembershipRole, MembershipState};

/// The page of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// How many rows, 100 at most; 30 where it is not said.
    pub per_page: Option<u32>,
    /// Which page, from 1.
    pub page: Option<u32>,
}

impl Part {
    pub(crate) fn of(self, request: Request) -> Request {
        request.query_opt("per_page", self.per_page).query_opt("page", self.page)
    }
}

/// Which members are wanted. GitHub does not show a member's role in a list; it is what is asked for.
#[derive(Debug, Clone, Default)]
pub struct MemberQuery {
    /// The page.
    pub part: Part,
    /// Only those of this role.
    pub role: Option<MembershipRole>,
    /// `2fa_disabled` or `2fa_insecure`, for owners.
    pub filter: Option<String>,
}

impl MemberQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, role, filter } = self;
        part.of(request).query_opt("role", role.as_ref()).query_opt("filter", filter.as_deref())
    }
}

/// Which waiting invitations are wanted.
#[derive(Debug, Clone, Default)]
pub struct InvitationQuery {
    /// The page.
    pub part: Part,
    /// Only those of this role.
    pub role: Option<InvitationRole>,
    /// Only those that came to be so.
    pub source: Option<InvitationSource>,
}

impl InvitationQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { part, role, source } = self;
        part.of(request).query_opt("role", role.as_ref()).query_opt("invitation_source", source.as_ref())
    }
}

/// Which of the token's own memberships are wanted.
#[derive(Debug, Clone, Default)]
pub struct MembershipQuery {
    /// The page.
    pub part: Part,
    /// Only those that stand so; both if it is not said.
    pub state: Option<MembershipState>,
}

impl MembershipQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        self.part.of(request).query_opt("state", self.state.as_ref())
    }
}

/// Who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invitee {
    /// Whoever has this address.
    Email(String),
    /// The account of this number.
    InviteeId(u64),
}

/// An invitation to be made.
#[derive(Debug, Clone, Serialize)]
pub struct NewInvitation {
    /// Who is invited.
    #[serde(flatten)]
    pub invitee: Invitee,
    /// What the person will be allowed; a direct member where it is not said.
    pub role: Option<InvitationRole>,
    /// The numbers of the teams that the person will be in.
    pub team_ids: Option<Vec<u64>>,
}

impl NewInvitation {
    /// Without a role and teams.
    pub fn of(invitee: Invitee) -> Self {
        Self { invitee, role: None, team_ids: None }
    }
}

/// What is to be changed of an organization. Only what is set is sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OrganizationFields {
    /// Its name for people. The one in paths cannot be changed.
    pub name: Option<String>,
    /// Its description, of 160 characters at most.
    pub description: Option<String>,
    /// The address that it shows.
    pub email: Option<String>,
    /// Where the bills go.
    pub billing_email: Option<String>,
    /// Its company.
    pub company: Option<String>,
    /// Where it is.
    pub location: Option<String>,
    /// Its page.
    pub blog: Option<String>,
    /// What members may do with repositories: `read`, `write`, `admin`, `none`.
    pub default_repository_permission: Option<String>,
}
