//! What is to be done for those who should be in.

use orgport_core::invite::role_to_grant;
use orgport_core::{Error, ErrorKind, Invitation, Member, Operation, Role, UnnamedRole};

use super::{Decider, finding, roles, seen};
use crate::plan::change::had;
use crate::plan::{Change, Presence, RoleChange, SeenMember};
use crate::roster::{ANY_ROLE, Wanted, list_of};

impl Decider<'_> {
    pub(super) fn wanted(&mut self, name: &str, wanted: &Wanted, presence: &Presence<'_>) {
        if presence.is_exempt {
            return;
        }
        match presence.members[..] {
            [] if self.is_whole => self.absent(name, wanted, presence),
            [] => {}
            [member] => self.present(name, wanted, member, presence),
            _ => {
                let what =
                    format!("is a member {} times; which membership is meant?", presence.members.len());
                let hand = "remove the others, or name them in exempt by their user ids";
                self.unknown(name, what, Some(hand.to_owned()));
            }
        }
    }

    /// Somebody who is in: the role, and invitations that would give another one.
    fn present(&mut self, name: &str, wanted: &Wanted, member: &Member, presence: &Presence<'_>) {
        let Some(role) = &wanted.role else { return };
        if member.role.as_ref() != Some(role) {
            self.set_role(name, wanted, member, role);
        }
        let differs = |row: &&Invitation| row.role.as_ref().is_some_and(|other| other != role);
        let others: Vec<_> = presence.live.iter().copied().filter(differs).collect();
        if self.is_whole && !others.is_empty() {
            self.revoke(Some(name), wanted.to_string(), &others);
        }
    }

    fn set_role(&mut self, name: &str, wanted: &Wanted, member: &Member, role: &Role) {
        let capability = &self.site.capability;
        let what = || format!("has {} and should have {role}", had(member.role.as_ref()));
        if let Err(error) = capability.support(Operation::SetMemberRole).require() {
            return self.cannot(name, &what(), &error);
        }
        if let Err(error) = role_to_grant(role, &capability.roles_at_set_role, "a member") {
            let hand = other_lists(&capability.roles_at_set_role);
            return self.cannot_but(name, &what(), &error, hand);
        }
        let change = RoleChange { member: SeenMember::of(member), role: role.clone() };
        if is_more(role, member.role.as_ref()) {
            self.act(Change::Raise(change), Some(name), wanted.to_string());
        } else if self.is_whole {
            self.act(Change::Lower(change), Some(name), wanted.to_string());
        }
    }

    /// Somebody who is not in: an invitation, unless one waits that gives what it should.
    fn absent(&mut self, name: &str, wanted: &Wanted, presence: &Presence<'_>) {
        if let Some(unclear) = presence.unclear.first() {
            let what =
                format!("has an invitation that is shown as {}, which may wait or not", unclear.status);
            return self.unknown(name, what, Some(format!("revoke it {}", self.by_hand())));
        }
        let fits = |row: &&Invitation| wanted.role.is_none() || row.role == wanted.role;
        let (fitting, others): (Vec<&Invitation>, Vec<_>) = presence.live.iter().copied().partition(fits);
        if others.iter().any(|row| row.role.is_none()) {
            let what = "has an invitation whose role is not shown";
            return self.unknown(name, what, None);
        }
        if !fitting.is_empty() {
            if !others.is_empty() {
                self.revoke(Some(name), wanted.to_string(), &others);
            }
            return;
        }
        self.invite(name, wanted, presence);
    }

    fn invite(&mut self, name: &str, wanted: &Wanted, presence: &Presence<'_>) {
        let person = self.roster.person(name);
        let taken = self.site.capability.invitees;
        let invitee = person.and_then(|person| person.invitee_at(&self.site.name, taken));
        let Some(invitee) = invitee else {
            let hand = "give them an email in the roster".to_owned();
            self.plan.cannot.push(finding(name, "is not in, and has no address to invite", Some(hand)));
            return;
        };
        let place = &self.site.name;
        let is_known_here =
            person.is_some_and(|person| person.id_at(place).is_some() || person.account_at(place).is_some());
        if self.nameless > 0 && !is_known_here {
            let what = format!("was not found, and may be one of {} who show no address", self.nameless);
            let hand = format!(
                "say who they are by people.NAME.account.{place} or people.NAME.id.{place}, or exempt them by their \
                 user ids"
            );
            return self.unknown(name, what, Some(hand));
        }
        let role = wanted.role.clone();
        let what = || match presence.live[..] {
            [] => "is not in".to_owned(),
            _ => format!("is invited as {}", roles(&presence.live)),
        };
        if !taken.takes(&invitee) {
            let error =
                Error::new(ErrorKind::Unsupported, "this vendor invites accounts, and the roster names none");
            return self.cannot(name, &what(), &error);
        }
        if let Err(error) = self.check_calls(!presence.live.is_empty()) {
            return self.cannot(name, &what(), &error);
        }
        if let Err(error) = self.check_role(role.as_ref()) {
            let hand = other_lists(&self.site.capability.roles_at_invite);
            return self.cannot_but(name, &what(), &error, hand);
        }
        let old = seen(presence.live.iter().chain(&presence.expired));
        let change = if old.is_empty() {
            Change::Invite { invitee, role }
        } else {
            Change::Replace { invitee, role, old }
        };
        self.act(change, Some(name), wanted.to_string());
    }

    fn check_calls(&self, replaces: bool) -> Result<(), Error> {
        let capability = &self.site.capability;
        capability.support(Operation::Invite).require()?;
        if replaces { capability.support(Operation::RevokeInvitation).require() } else { Ok(()) }
    }

    /// Refuses the roles that inviting itself would refuse.
    fn check_role(&self, role: Option<&Role>) -> Result<(), Error> {
        let capability = &self.site.capability;
        match (role.or(self.site.default_role.as_ref()), &capability.unnamed_role) {
            (Some(role), _) => role_to_grant(role, &capability.roles_at_invite, "an invitation").map(drop),
            (None, UnnamedRole::Required) => {
                Err(Error::new(ErrorKind::InvalidInput, "an invitation needs a role here"))
            }
            (None, _) => Ok(()),
        }
    }
}

/// The lists that people can be in where the one that they are in gives a role that the vendor does not.
fn other_lists(grantable: &[Role]) -> String {
    let lists: Vec<_> = grantable.iter().map(|role| list_of(Some(role))).collect();
    let lists = if lists.is_empty() { ANY_ROLE.to_owned() } else { lists.join(" or ") };
    format!("put them into the list {lists}")
}

/// Whether a role surely gives more than another: both are known, and it stands before the other in
/// the order in which the roles are listed.
fn is_more(role: &Role, than: Option<&Role>) -> bool {
    let place = |role: &Role| Role::KNOWN.iter().position(|known| known == role);
    match (place(role), than.and_then(place)) {
        (Some(role), Some(than)) => role < than,
        _ => false,
    }
}
