//! From Guildhall's words to the neutral ones.

use orgport_core::http::{Doc, Failure, Refusal, Wait};
use orgport_core::{
    AccountName, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus, Member,
    Organization, OrganizationId, Role, UserId,
};
use serde::Deserialize;

/// Guildhall's words for roles.
pub(crate) const ROLES: [(&str, Role); 2] = [("keeper", Role::Owner), ("guest", Role::Member)];

/// Guildhall's word for a role that it can give.
pub(crate) fn word(role: &Role) -> Option<&'static str> {
    ROLES.iter().find(|(_, known)| known == role).map(|(word, _)| *word)
}

fn role(word: &str) -> Role {
    let known = ROLES.iter().find(|(known, _)| *known == word);
    known.map_or_else(|| Role::Other(word.to_owned()), |(_, role)| role.clone())
}

#[derive(Deserialize)]
pub(crate) struct HallRow {
    id: String,
    title: String,
}

pub(crate) fn organization(doc: Doc<HallRow>) -> Result<Organization, Error> {
    doc.into_model(|HallRow { id, title }| Ok(Organization::new(OrganizationId::new(id)?, title)))
}

#[derive(Deserialize)]
pub(crate) struct AccountRow {
    account: String,
    nick: String,
}

/// A row of the list of those with this role, which the row itself does not say.
pub(crate) fn member(doc: Doc<AccountRow>, word: &str) -> Result<Member, Error> {
    doc.into_model(|AccountRow { account, nick }| {
        let mut member = Member::of_user(account)?;
        member.account = Some(AccountName::new(nick)?);
        member.role = Some(role(word));
        member.native_role = Some(word.to_owned());
        Ok(member)
    })
}

pub(crate) fn identity(doc: Doc<AccountRow>) -> Result<Identity, Error> {
    doc.into_model(|AccountRow { account, nick }| {
        let mut identity = Identity::person();
        identity.user_id = Some(UserId::new(account)?);
        identity.name = Some(nick);
        Ok(identity)
    })
}

/// An invite as it is sent.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct InviteRow {
    id: u64,
    hall: String,
    to: String,
    role: String,
    state: String,
}

/// The hall is the row's own: whose it is that is no other's is checked for every adapter.
pub fn invitation(doc: Doc<InviteRow>) -> Result<Invitation, Error> {
    doc.into_model(|InviteRow { id, hall, to, role: word, state }| {
        let status = match &*state {
            "open" => InvitationStatus::Pending,
            "lapsed" => InvitationStatus::Expired,
            _ => InvitationStatus::Unknown(state),
        };
        let mut invitation = Invitation::new(InvitationId::new(id.to_string())?, status);
        invitation.organization_id = Some(OrganizationId::new(hall)?);
        invitation.account = Some(AccountName::new(to)?);
        invitation.role = Some(role(&word));
        invitation.native_role = Some(word);
        Ok(invitation)
    })
}

/// What a refusal means. Guildhall's own have a code; what has none is of something in between.
pub fn explain(failure: &Failure<'_>) -> Refusal {
    #[derive(Deserialize)]
    struct Problem {
        problem: String,
        text: String,
    }
    let Ok(Problem { problem, text }) = serde_json::from_str(failure.body) else {
        return Refusal::from_status(failure.status);
    };
    let refusal = Refusal::new(failure.status).code(&*problem).message(text);
    match &*problem {
        // A limit, in spite of the status: until when is a moment in a header.
        "slow-down" => refusal.limit(failure.header("x-limit-reset").and_then(Wait::parse)),
        // The invite is there, and its mail may not be.
        "not-mailed" => refusal.kind(ErrorKind::Incomplete),
        "lapsed" => refusal.kind(ErrorKind::Expired),
        _ => refusal,
    }
}
