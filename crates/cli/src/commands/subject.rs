//! Who a member is, and where, for questions before something happens to the membership.

use futures_util::{StreamExt, stream};
use orgport::find::Listed;
use orgport::{
    AnyProvider, Error, ErrorKind, Invitee, Member, MemberId, OrganizationId, Organizations, Provider, Role,
};

use crate::shortened::whole;

/// A member as people know them.
pub(super) struct Subject {
    pub(super) member: Member,
    standing: Standing,
}

/// How the person at the terminal stands to it.
#[derive(Debug, PartialEq)]
enum Standing {
    Other,
    /// It is oneself.
    Own,
    /// It is oneself, and nobody else has the same role.
    OwnAlone,
}

impl Subject {
    /// Looks up who a member is, in one list. An id is believed where the credential cannot see it.
    ///
    /// # Errors
    ///
    /// Those of finding the member.
    pub(super) async fn find(
        provider: &AnyProvider,
        organization: &OrganizationId,
        named: &str,
    ) -> Result<Self, Error> {
        let all = match Listed::members(provider, organization).await {
            Err(error)
                if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported)
                    && Invitee::parse(named).is_err() =>
            {
                return Ok(Self { member: Member::new(MemberId::new(named)?), standing: Standing::Other });
            }
            all => all?,
        };
        let rows = stream::iter(all.rows().iter().map(Ok)).boxed();
        let member = all.member(&whole(named, rows, |row| row.id.as_str()).await?)?.clone();
        let standing = standing(provider, &all, &member).await;
        Ok(Self { member, standing })
    }

    /// It is the person whom the credential stands for.
    pub(super) fn is_oneself(&self) -> bool {
        self.standing != Standing::Other
    }

    /// `Remove you, ada@x.io, from Acme at prod?`
    pub(super) fn removal(&self, place: &str) -> String {
        format!("Remove {} from {place}?{}", self.who(), self.warning("your access ends"))
    }

    /// `Give you, ada@x.io, the role viewer in Acme at prod, where it is admin now?`
    pub(super) fn change(&self, role: &Role, place: &str) -> String {
        let now = self.member.role.as_ref().map(|now| format!(", where it is {now} now")).unwrap_or_default();
        let warning = self.warning("you may not be able to take it back");
        format!("Give {} the role {role} in {place}{now}?{warning}", self.who())
    }

    /// `ada@x.io (Ada Lovelace)`, `you, ada@x.io,`
    fn who(&self) -> String {
        let known = self.member.known_as();
        match &self.member.name {
            _ if self.is_oneself() => format!("you, {known},"),
            Some(name) => format!("{known} ({name})"),
            None => known,
        }
    }

    fn warning(&self, what: &str) -> String {
        match (&self.standing, role(&self.member)) {
            (Standing::Other, _) => String::new(),
            (Standing::OwnAlone, Some(role)) => {
                format!(" Nobody else there has the role {role}, and {what} with it.")
            }
            _ => format!(" It is yourself: {what} with it."),
        }
    }
}

/// The neutral role, or the vendor's word.
fn role(member: &Member) -> Option<String> {
    let Member { role, native_role, .. } = member;
    match role {
        Some(role) if !matches!(role, Role::Other(_)) => Some(role.to_string()),
        _ => native_role.clone(),
    }
}

async fn standing(provider: &AnyProvider, all: &Listed<Member>, member: &Member) -> Standing {
    // Where nobody tells whose credential it is, nothing can be said about it.
    let is_own = provider.get_identity().await.is_ok_and(|own| own.is_member(member));
    if !is_own {
        return Standing::Other;
    }
    let is_other = |other: &Member| other.id != member.id && role(other) == role(member);
    let is_alone = all.unreadable().is_empty() && !all.rows().iter().any(is_other);
    if is_alone { Standing::OwnAlone } else { Standing::Own }
}

/// `Acme at prod`, with the organization's id where that is all that can be seen.
pub(super) async fn place(provider: &AnyProvider, organization: &OrganizationId) -> String {
    let name = provider.get_organization(organization).await;
    let name = name.map_or_else(|_| organization.to_string(), |found| found.name);
    format!("{name} at {}", provider.name())
}

#[cfg(test)]
mod tests {
    use orgport::Email;

    use super::*;

    fn subject(standing: Standing) -> Subject {
        let mut member = Member::new(MemberId::new("7").expect("an id"));
        member.email = Some(Email::verbatim("ada@x.io"));
        member.name = Some("Ada".to_owned());
        member.role = Some(Role::Other("boss".to_owned()));
        member.native_role = Some("boss".to_owned());
        Subject { member, standing }
    }

    #[test]
    fn questions_say_who_and_where() {
        assert_eq!(
            subject(Standing::Other).removal("Acme at prod"),
            "Remove ada@x.io (Ada) from Acme at prod?"
        );
        assert_eq!(
            subject(Standing::Own).removal("Acme at prod"),
            "Remove you, ada@x.io, from Acme at prod? It is yourself: your access ends with it."
        );
        assert_eq!(
            subject(Standing::OwnAlone).removal("Acme at prod"),
            "Remove you, ada@x.io, from Acme at prod? Nobody else there has the role boss, and your access ends with it."
        );
        let change = subject(Standing::Own).change(&Role::Viewer, "Acme at prod");
        assert!(
            change.starts_with(
                "Give you, ada@x.io, the role viewer in Acme at prod, where it is other:boss now?"
            ),
            "{change}"
        );
    }
}
