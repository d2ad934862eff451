//! The columns of each kind of result.

use orgport::{Invitation, InviteRecord, Member, Organization, Via};
use serde::Serialize;

use super::record::Record;

impl Record for Organization {
    const COLUMNS: &'static [&'static str] = &["id", "name", "description", "created_at", "updated_at"];
    const SHOWN: &'static [usize] = &[0, 1, 2, 3];
}

impl Record for Member {
    const COLUMNS: &'static [&'static str] =
        &["id", "user_id", "email", "name", "role", "native_role", "joined_at"];
    const SHOWN: &'static [usize] = &[0, 2, 3, 4, 6];
}

impl Record for Invitation {
    const COLUMNS: &'static [&'static str] =
        &["id", "organization_id", "email", "role", "native_role", "status", "created_at", "expires_at"];
    const SHOWN: &'static [usize] = &[0, 2, 3, 5, 6, 7];
}

/// What a command without a result says to programs.
#[derive(Serialize)]
pub(crate) struct Done {
    pub(crate) ok: bool,
}

impl Record for Done {
    const COLUMNS: &'static [&'static str] = &["ok"];
    const SHOWN: &'static [usize] = &[0];
}

impl Record for InviteRecord<'_> {
    const COLUMNS: &'static [&'static str] =
        &["email", "outcome", "via", "role", "invitation_id", "member_id", "error_kind", "error"];
    const SHOWN: &'static [usize] = &[0, 1, 3, 4, 5];

    fn values(&self) -> Vec<String> {
        let role = match (self.invitation, self.member) {
            (Some(invitation), _) => invitation.role.as_ref(),
            (None, member) => member.and_then(|member| member.role.as_ref()),
        };
        vec![
            self.email.unwrap_or_default().to_owned(),
            self.outcome.to_owned(),
            self.via.map_or("", Via::as_str).to_owned(),
            text(role),
            text(self.invitation.map(|invitation| &invitation.id)),
            text(self.member.map(|member| &member.id)),
            self.error.map_or("", |error| error.kind().as_str()).to_owned(),
            text(self.error),
        ]
    }
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
