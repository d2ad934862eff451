//! The columns of each kind of result.

use orgport::{Identity, Invitation, InviteRecord, Member, Organization, Role, Via};
use serde::Serialize;

use super::record::{Column, Record};
use crate::text::present;

impl Record for Organization {
    const COLUMNS: &'static [Column] = &[
        Column::id("id"),
        Column::text("name"),
        Column::text("description"),
        Column::time("created_at"),
        Column::time("updated_at").unlisted(),
    ];
}

impl Record for Member {
    const COLUMNS: &'static [Column] = &[
        Column::id("id"),
        Column::id("user_id").unlisted(),
        Column::address("email"),
        Column::account("account"),
        Column::text("name"),
        Column::word("role"),
        Column::word("native_role").unlisted(),
        Column::time("joined_at"),
        Column::word("two_factor").unlisted(),
        Column::word("sso").unlisted(),
    ];
}

impl Record for Invitation {
    const COLUMNS: &'static [Column] = &[
        Column::invitation_id("id"),
        Column::id("organization_id").unlisted(),
        Column::text("organization_name").unlisted(),
        Column::address("email"),
        Column::account("account"),
        Column::word("role"),
        Column::word("native_role").unlisted(),
        Column::word("status"),
        Column::time("created_at"),
        Column::time("expires_at"),
        Column::text("invited_by").unlisted(),
    ];
}

impl Record for Identity {
    const COLUMNS: &'static [Column] = &[
        Column::word("is_person"),
        Column::id("user_id"),
        Column::address("email"),
        Column::text("name"),
        Column::id("organization_id"),
    ];
}

/// What a command without a result says to programs.
#[derive(Serialize)]
pub(crate) struct Done {
    pub(crate) ok: bool,
}

impl Record for Done {
    const COLUMNS: &'static [Column] = &[Column::word("ok")];
}

impl Record for InviteRecord<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::address("email"),
        Column::account("account"),
        Column::word("outcome"),
        Column::word("via").unlisted(),
        Column::word("role"),
        Column::word("asked_role"),
        Column::word("role_differs").unlisted(),
        Column::invitation_id("invitation_id"),
        Column::id("member_id").unlisted(),
        Column::word("error_kind").unlisted(),
        Column::prose("error").unlisted(),
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.email.unwrap_or_default().to_owned(),
            self.account.map_or_else(String::new, |name| format!("@{name}")),
            self.outcome.to_owned(),
            self.via.map_or("", Via::as_str).to_owned(),
            present(present_role(self)),
            present(self.asked_role),
            self.role_differs.to_string(),
            present(self.invitation.map(|invitation| &invitation.id)),
            present(self.member.map(|member| &member.id)),
            self.error.map_or("", |error| error.kind().as_str()).to_owned(),
            present(self.error),
        ]
    }
}

/// The role of the invitation or of the member.
pub(crate) fn present_role<'a>(record: &InviteRecord<'a>) -> Option<&'a Role> {
    match record.invitation {
        Some(invitation) => invitation.role.as_ref(),
        None => record.member.and_then(|member| member.role.as_ref()),
    }
}
