//! People whom a command is about.

use std::collections::HashSet;
use std::fmt;

use orgport::{Email, Error, Invitation, InvitationId, Member, MemberId, Role};

/// What is done with one person.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Resend(InvitationId),
    Revoke(InvitationId),
    Remove(MemberId),
    SetRole(MemberId, Role),
}

/// Somebody whom a command is about, as far as the person is known.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    /// As people know the person.
    pub(crate) person: String,
    pub(crate) member: Option<Member>,
    pub(crate) invitation: Option<Invitation>,
    /// The role that the person is to have.
    pub(crate) role: Option<Role>,
    /// Whether it is whom the credential stands for.
    pub(crate) is_oneself: bool,
}

/// Somebody with what is to be done, or why nothing can be.
pub(crate) type Candidate = (Subject, Result<Act, Error>);

/// Without those who are meant a second time.
pub(super) fn once_each(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut seen = HashSet::new();
    let key = |(subject, act): &Candidate| match act {
        Ok(Act::Resend(id) | Act::Revoke(id)) => id.to_string(),
        Ok(Act::Remove(id) | Act::SetRole(id, _)) => id.to_string(),
        Err(_) => format!("\u{0}{}", subject.person),
    };
    candidates.into_iter().filter(|one| seen.insert(key(one))).collect()
}

impl Subject {
    /// The address, where it is known.
    pub(crate) fn email(&self) -> Option<&Email> {
        let invited = self.invitation.as_ref().and_then(|row| row.email.as_ref());
        self.member.as_ref().and_then(|row| row.email.as_ref()).or(invited)
    }

    pub(super) fn present_role(&self) -> Option<&Role> {
        let invited = self.invitation.as_ref().and_then(|row| row.role.as_ref());
        self.member.as_ref().and_then(|row| row.role.as_ref()).or(invited)
    }
}

/// `ada@x.io (Ada Lovelace, admin)`, `bob@x.io (pending, viewer)`
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_oneself {
            f.write_str("you, ")?;
        }
        f.write_str(&self.person)?;
        let name = self.member.as_ref().and_then(|row| row.name.clone());
        let status = self.invitation.as_ref().map(|row| row.status.to_string());
        let role = self.present_role().map(Role::to_string);
        let known: Vec<_> = [name, status, role].into_iter().flatten().collect();
        if known.is_empty() { Ok(()) } else { write!(f, " ({})", known.join(", ")) }
    }
}
