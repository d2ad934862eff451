//! What is to be done at one place.

use orgport_core::invite::role_to_grant;
use orgport_core::{Email, Error, ErrorKind, Invitation, Member, Operation, Role, UnnamedRole};

use super::change::{RoleChange, SeenMember, had};
use super::people::{ByAddress, Everybody, Presence};
use super::{Action, Blocked, Change, Cost, Finding, PlacePlan, SeenInvitation, Site};
use crate::rails::{Ground, Standing};
use crate::roster::{Access, Roster, Unmanaged, Wanted};

pub(super) fn place(
    roster: &Roster,
    access: &Access,
    site: &Site,
    addresses: &ByAddress<'_>,
    standing: Standing,
) -> PlacePlan {
    let everybody = Everybody::of(roster, access, &site.name, &site.snapshot, addresses);
    let snapshot = &site.snapshot;
    let plan = PlacePlan {
        name: site.name.clone(),
        place: snapshot.place.clone(),
        organization: snapshot.name().to_owned(),
        members: snapshot.members.rows.len(),
        actions: Vec::new(),
        cannot: Vec::new(),
        blocked: Vec::new(),
        unmanaged: Vec::new(),
        unknown: Vec::new(),
        cost: Cost::default(),
    };
    let mut decider =
        Decider { roster, access, site, nameless: everybody.nameless, is_whole: snapshot.is_whole(), plan };
    let nobody = Presence::default();
    for (name, wanted) in &access.wanted {
        decider.wanted(name, wanted, everybody.known.get(name.as_str()).unwrap_or(&nobody));
    }
    let strangers = everybody.strangers.values().map(|presence| (None, presence));
    let others = everybody.known.iter().filter(|(name, _)| !access.wanted.contains_key(**name));
    for (name, presence) in others.map(|(name, presence)| (Some(*name), presence)).chain(strangers) {
        decider.unmanaged(name, presence);
    }
    if !decider.is_whole {
        decider.not_whole(&everybody);
    }
    decider.end(standing)
}

struct Decider<'a> {
    roster: &'a Roster,
    access: &'a Access,
    site: &'a Site,
    nameless: usize,
    /// Whether absence proves anything, so that more than roles may be changed.
    is_whole: bool,
    plan: PlacePlan,
}

impl Decider<'_> {
    fn wanted(&mut self, name: &str, wanted: &Wanted, presence: &Presence<'_>) {
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
        let able = capability.support(Operation::SetMemberRole).require();
        let able =
            able.and_then(|()| role_to_grant(role, &capability.roles_at_set_role, "a member").map(drop));
        if let Err(error) = able {
            let what = format!("has {} and should have {role}", had(member.role.as_ref()));
            return self.cannot(name, &what, &error);
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
        let Some(email) = person.and_then(|person| person.email_at(&self.site.name)).cloned() else {
            let hand = "give them an email in the roster".to_owned();
            self.plan.cannot.push(finding(name, "is not in, and has no address to invite", Some(hand)));
            return;
        };
        let is_known_here = person.is_some_and(|person| person.id_at(&self.site.name).is_some());
        if self.nameless > 0 && !is_known_here {
            let what = format!("was not found, and may be one of {} who show no address", self.nameless);
            let place = &self.site.name;
            let hand =
                format!("say who they are by people.NAME.id.{place}, or exempt them by their user ids");
            return self.unknown(name, what, Some(hand));
        }
        let role = wanted.role.clone();
        let able = self.check_invite(role.as_ref(), !presence.live.is_empty());
        if let Err(error) = able {
            let what = match presence.live[..] {
                [] => "is not in".to_owned(),
                _ => format!("is invited as {}", roles(&presence.live)),
            };
            return self.cannot(name, &what, &error);
        }
        let old = seen(presence.live.iter().chain(&presence.expired));
        let change = if old.is_empty() {
            Change::Invite { email, role }
        } else {
            Change::Replace { email, role, old }
        };
        self.act(change, Some(name), wanted.to_string());
    }

    /// What inviting itself would refuse, and revoking what is to be replaced.
    fn check_invite(&self, role: Option<&Role>, replaces: bool) -> Result<(), Error> {
        let capability = &self.site.capability;
        capability.support(Operation::Invite).require()?;
        if replaces {
            capability.support(Operation::RevokeInvitation).require()?;
        }
        match (role.or(self.site.default_role.as_ref()), &capability.unnamed_role) {
            (Some(role), _) => role_to_grant(role, &capability.roles_at_invite, "an invitation").map(drop),
            (None, UnnamedRole::Required) => {
                let message = "an invitation needs a role here: put the person into the list of one";
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
            (None, _) => Ok(()),
        }
    }

    /// Somebody who is there and should not be.
    fn unmanaged(&mut self, name: Option<&str>, presence: &Presence<'_>) {
        if presence.is_exempt || self.access.unmanaged == Unmanaged::Keep {
            return;
        }
        let removes = self.access.unmanaged == Unmanaged::Remove;
        let reason = format!("{}: unmanaged = \"{}\"", self.access.line, self.access.unmanaged.as_str());
        for member in &presence.members {
            if !(removes && self.is_whole) {
                self.report(
                    name,
                    SeenMember::of(member).subject(),
                    &format!("is a member ({})", had(member.role.as_ref())),
                );
                continue;
            }
            let seen = SeenMember::of(member);
            match self.site.capability.support(Operation::RemoveMember).require() {
                Ok(()) => self.act(Change::Remove { member: seen }, name, reason.clone()),
                Err(error) => {
                    let who = name.unwrap_or(seen.subject()).to_owned();
                    self.cannot(&who, &format!("is a member ({})", had(member.role.as_ref())), &error);
                }
            }
        }
        if !presence.live.is_empty() {
            if removes && self.is_whole {
                self.revoke(name, reason, &presence.live);
            } else {
                let address =
                    presence.live.first().and_then(|row| row.email.as_ref()).map_or("", Email::as_str);
                self.report(name, address, &format!("is invited as {}", roles(&presence.live)));
            }
        }
        for row in &presence.unclear {
            let address = row.email.as_ref().map_or("", Email::as_str);
            let what = format!("has an invitation that is shown as {}, which may wait or not", row.status);
            self.unknown(name.unwrap_or(address), what, Some(format!("revoke it {}", self.by_hand())));
        }
    }

    fn revoke(&mut self, name: Option<&str>, reason: String, rows: &[&Invitation]) {
        let old = seen(rows.iter());
        match self.site.capability.support(Operation::RevokeInvitation).require() {
            Ok(()) => self.act(Change::Revoke { old }, name, reason),
            Err(error) => {
                let who = name
                    .or_else(|| old.first().map(|seen| seen.email.as_str()))
                    .unwrap_or_default()
                    .to_owned();
                let until = rows.iter().filter_map(|row| row.expires_at).max();
                let until = until.map_or_else(String::new, |until| format!(", until {until}"));
                self.cannot(&who, &format!("is invited as {}{until}", roles(rows)), &error);
            }
        }
    }

    fn not_whole(&mut self, everybody: &Everybody<'_>) {
        let snapshot = &self.site.snapshot;
        let errors: Vec<_> = snapshot.members.errors.iter().chain(&snapshot.invitations.errors).collect();
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        let is_seen = |name: &&String| {
            everybody.known.get(name.as_str()).is_some_and(|presence| !presence.members.is_empty())
        };
        let (wanted, seen) = (self.access.wanted.len(), self.access.wanted.keys().filter(is_seen).count());
        let what = format!(
            "was not read whole, so that nobody is invited, lowered or removed there; {seen} of {wanted} people were \
             seen to be in; {first}"
        );
        let place = self.site.name.to_string();
        self.unknown(&place, what, None);
    }

    fn by_hand(&self) -> String {
        format!("in {}'s own pages", self.site.snapshot.place.kind)
    }

    fn act(&mut self, change: Change, person: Option<&str>, reason: String) {
        let person = person.map(str::to_owned);
        self.plan.actions.push(Action { change, person, reason, cost: Cost::default() });
    }

    fn cannot(&mut self, who: &str, what: &str, error: &Error) {
        let by_hand = Some(self.by_hand());
        self.plan.cannot.push(finding(who, &format!("{what}: {}", error.message()), by_hand));
    }

    fn unknown(&mut self, who: &str, what: impl Into<String>, by_hand: Option<String>) {
        self.plan.unknown.push(finding(who, &what.into(), by_hand));
    }

    fn report(&mut self, name: Option<&str>, address: &str, what: &str) {
        self.plan.unmanaged.push(finding(name.unwrap_or(address), what, None));
    }

    /// In order, and with what the rails refuse put aside.
    fn end(self, standing: Standing) -> PlacePlan {
        let Self { roster, site, mut plan, .. } = self;
        let top = &site.snapshot.top_role;
        plan.actions.sort_by_cached_key(|action| {
            let change = &action.change;
            let who = action.person.clone().unwrap_or_else(|| change.subject().to_lowercase());
            // Owners come first among those who come.
            let id = change.member().map(|seen| seen.id.clone());
            (change.rank(), change.gives() != Some(top), who, change.subject().to_owned(), id)
        });
        let (snapshot, caller) = (&site.snapshot, site.caller.as_ref());
        let ground = Ground { rails: roster.rails(), snapshot, caller, standing };
        let changes: Vec<_> =
            plan.actions.iter().map(|action| (&action.change, action.person.as_deref())).collect();
        let mut refusals = ground.judge(&changes).into_iter();
        for action in std::mem::take(&mut plan.actions) {
            match refusals.next().flatten() {
                Some(refusal) => plan.blocked.push(Blocked { action, refusal }),
                None => plan.actions.push(action),
            }
        }
        for findings in [&mut plan.cannot, &mut plan.unmanaged, &mut plan.unknown] {
            findings.sort();
            findings.dedup();
        }
        plan
    }
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

/// The invitations as they were seen, in an order that does not depend on the vendor's.
fn seen<'a>(rows: impl Iterator<Item = &'a &'a Invitation>) -> Vec<SeenInvitation> {
    let mut seen: Vec<_> =
        rows.filter_map(|row| Some(SeenInvitation::of(row.email.as_ref()?, row))).collect();
    seen.sort_by_cached_key(|one| {
        (
            one.email.to_string(),
            one.status.to_string(),
            had(one.role.as_ref()),
            one.created_at,
            one.expires_at,
        )
    });
    seen
}

fn roles(rows: &[&Invitation]) -> String {
    let mut roles: Vec<_> = rows.iter().map(|row| had(row.role.as_ref())).collect();
    roles.sort();
    roles.dedup();
    roles.join(", ")
}

fn finding(who: &str, what: &str, by_hand: Option<String>) -> Finding {
    Finding { who: who.to_owned(), what: what.to_owned(), by_hand }
}
