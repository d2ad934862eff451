//! The columns of each kind of result.

use orgport::{Error, Invitation, InviteOutcome, Member, Organization, Plan, Via};
use serde::Serialize;

use super::record::Record;
use crate::failure::ErrorView;

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

impl Record for Organization {
    const COLUMNS: &'static [&'static str] = &["id", "name", "description", "created_at", "updated_at"];
    const SHOWN: &'static [usize] = &[0, 1, 2, 3];

    fn values(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            self.name.clone(),
            text(self.description.as_ref()),
            text(self.created_at.as_ref()),
            text(self.updated_at.as_ref()),
        ]
    }
}

impl Record for Member {
    const COLUMNS: &'static [&'static str] =
        &["id", "user_id", "email", "name", "role", "native_role", "joined_at"];
    const SHOWN: &'static [usize] = &[0, 2, 3, 4, 6];

    fn values(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            text(self.user_id.as_ref()),
            text(self.email.as_ref()),
            text(self.name.as_ref()),
            text(self.role.as_ref()),
            text(self.native_role.as_ref()),
            text(self.joined_at.as_ref()),
        ]
    }
}

impl Record for Invitation {
    const COLUMNS: &'static [&'static str] =
        &["id", "organization_id", "email", "role", "native_role", "status", "created_at", "expires_at"];
    const SHOWN: &'static [usize] = &[0, 2, 3, 5, 6, 7];

    fn values(&self) -> Vec<String> {
        vec![
            self.id.to_string(),
            text(self.organization_id.as_ref()),
            text(self.email.as_ref()),
            text(self.role.as_ref()),
            text(self.native_role.as_ref()),
            self.status.to_string(),
            text(self.created_at.as_ref()),
            text(self.expires_at.as_ref()),
        ]
    }
}

/// What a command without a result says to programs.
#[derive(Serialize)]
pub(crate) struct Done {
    pub(crate) ok: bool,
}

impl Record for Done {
    const COLUMNS: &'static [&'static str] = &["ok"];
    const SHOWN: &'static [usize] = &[0];

    fn values(&self) -> Vec<String> {
        vec![self.ok.to_string()]
    }
}

/// How inviting one person ended, or would end.
#[derive(Serialize)]
pub(crate) struct InviteRow<'a> {
    email: &'a str,
    outcome: &'static str,
    via: Option<Via>,
    invitation: Option<&'a Invitation>,
    member: Option<&'a Member>,
    error: Option<ErrorView<'a>>,
}

impl<'a> InviteRow<'a> {
    pub(crate) fn of_outcome(email: &'a str, outcome: &'a Result<InviteOutcome, Error>) -> Self {
        match outcome {
            Ok(outcome) => Self {
                email,
                outcome: outcome.as_str(),
                via: Some(outcome.via()),
                invitation: outcome.invitation(),
                member: outcome.member(),
                error: None,
            },
            Err(error) => Self { error: Some(error.into()), ..Self::plain(email, "failed") },
        }
    }

    pub(crate) fn of_plan(email: &'a str, plan: &'a Plan) -> Self {
        let found = |outcome| Self { via: Some(Via::Look), ..Self::plain(email, outcome) };
        match plan {
            Plan::AlreadyInvited(there) => Self { invitation: Some(there), ..found("already_invited") },
            Plan::AlreadyMember(there) => Self { member: Some(there), ..found("already_member") },
            Plan::Refused(error) => Self { error: Some(error.into()), ..Self::plain(email, "failed") },
            _ => Self::plain(email, "would_invite"),
        }
    }

    fn plain(email: &'a str, outcome: &'static str) -> Self {
        Self { email, outcome, via: None, invitation: None, member: None, error: None }
    }

    pub(crate) fn outcome(&self) -> &'static str {
        self.outcome
    }
}

impl Record for InviteRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["email", "outcome", "via", "role", "invitation_id", "member_id", "error_kind", "error"];
    const SHOWN: &'static [usize] = &[0, 1, 3, 4, 5];

    fn values(&self) -> Vec<String> {
        let role = match (self.invitation, self.member) {
            (Some(invitation), _) => invitation.role.as_ref(),
            (None, Some(member)) => member.role.as_ref(),
            (None, None) => None,
        };
        let via = self.via.map(|via| match via {
            Via::Reply => "reply",
            _ => "look",
        });
        vec![
            self.email.to_owned(),
            self.outcome.to_owned(),
            text(via.as_ref()),
            text(role),
            text(self.invitation.map(|invitation| &invitation.id)),
            text(self.member.map(|member| &member.id)),
            text(self.error.as_ref().map(|error| &error.kind)),
            text(self.error.as_ref().map(|error| &error.message)),
        ]
    }
}
