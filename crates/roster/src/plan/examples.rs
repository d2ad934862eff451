//! Places and vendors that tests plan for.

use orgport_core::{
    AccountName, Capability, Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus,
    Member, MemberId, Operations, Organization, OrganizationId, Role, Support, Timestamp, UnnamedRole,
    UserId,
};

use super::Site;
use crate::place::PlaceId;
use crate::roster::PlaceName;
use crate::snapshot::{Listing, Snapshot};

/// The moment at which everything was read.
pub(crate) fn now() -> Timestamp {
    Timestamp::parse("2026-01-01T00:00:00Z").expect("a time")
}

/// A vendor that can do everything with every role.
pub(crate) fn able() -> Capability {
    let mut capability = Capability::nothing("not here");
    capability.operations = Operations::all(&Support::Native);
    capability.roles_at_invite = Role::KNOWN.to_vec();
    capability.roles_at_set_role = Role::KNOWN.to_vec();
    capability.unnamed_role = UnnamedRole::Is(Role::Member);
    capability
}

/// Whom a credential stands for.
pub(crate) fn person(email: &str) -> Identity {
    let mut person = Identity::person();
    person.email = Some(Email::verbatim(email));
    person
}

pub(crate) fn name(text: &str) -> PlaceName {
    PlaceName::parse(text).expect("a place")
}

/// An empty place, whose name in the roster is that of the provider.
pub(crate) fn site(provider: &str) -> Site {
    let organization = OrganizationId::new("acme").expect("not empty");
    let place = PlaceId {
        provider: provider.to_owned(),
        organization: organization.clone(),
        kind: "memory".to_owned(),
        is_default: true,
    };
    let none = || Listing::whole(Vec::new());
    let snapshot = Snapshot::new(
        place,
        Ok(Organization::new(organization, "Acme")),
        none(),
        Listing::whole(Vec::new()),
        now(),
    );
    Site::new(name(provider), snapshot, able())
}

/// The address `ada@x.io` or the account `@ada`; else neither.
fn shown(person: &str) -> (Option<Email>, Option<AccountName>) {
    match person.strip_prefix('@') {
        Some(name) => (None, Some(AccountName::new(name).expect("a name"))),
        None => (person.contains('@').then(|| Email::verbatim(person)), None),
    }
}

impl Site {
    pub(crate) fn member(mut self, email: &str, role: Option<Role>) -> Self {
        let mut member = Member::new(MemberId::new(format!("m-{email}")).expect("not empty"));
        member.user_id = Some(UserId::new(format!("u-{email}")).expect("not empty"));
        (member.email, member.account) = shown(email);
        member.role = role;
        self.snapshot.members.rows.push(member);
        self
    }

    pub(crate) fn invited(mut self, email: &str, role: Option<Role>, status: InvitationStatus) -> Self {
        let id = format!("i-{}", self.snapshot.invitations.rows.len());
        let mut invitation = Invitation::new(InvitationId::new(id).expect("not empty"), status);
        (invitation.email, invitation.account) = shown(email);
        invitation.role = role;
        self.snapshot.invitations.rows.push(invitation);
        self
    }

    pub(crate) fn unread(mut self) -> Self {
        self.snapshot.members.errors.push(Error::new(ErrorKind::Protocol, "a row has no id"));
        self
    }
}
