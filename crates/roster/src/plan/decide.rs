//! What is to be done at one place.

mod wanted;

use orgport_core::{Error, Invitation, Operation};

use super::change::{SeenMember, had};
use super::people::{ByAddress, Everybody, Presence};
use super::render::to_second;
use super::{Action, Blocked, Change, Cost, Finding, PlacePlan, SeenInvitation, Site};
use crate::rails::{Ground, Standing};
use crate::roster::{Access, Roster, Unmanaged};

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
                    &SeenMember::of(member).subject(),
                    &format!("is a member ({})", had(member.role.as_ref())),
                );
                continue;
            }
            let seen = SeenMember::of(member);
            match self.site.capability.support(Operation::RemoveMember).require() {
                Ok(()) => self.act(Change::Remove { member: seen }, name, reason.clone()),
                Err(error) => {
                    let who = name.map_or_else(|| seen.subject(), str::to_owned);
                    self.cannot(&who, &format!("is a member ({})", had(member.role.as_ref())), &error);
                }
            }
        }
        if !presence.live.is_empty() {
            if removes && self.is_whole {
                self.revoke(name, reason, &presence.live);
            } else {
                let address = presence.live.first().map_or_else(String::new, |row| subject(row));
                self.report(name, &address, &format!("is invited as {}", roles(&presence.live)));
            }
        }
        for row in &presence.unclear {
            let address = subject(row);
            let what = format!("has an invitation that is shown as {}, which may wait or not", row.status);
            self.unknown(name.unwrap_or(&address), what, Some(format!("revoke it {}", self.by_hand())));
        }
    }

    fn revoke(&mut self, name: Option<&str>, reason: String, rows: &[&Invitation]) {
        let old = seen(rows.iter());
        match self.site.capability.support(Operation::RevokeInvitation).require() {
            Ok(()) => self.act(Change::Revoke { old }, name, reason),
            Err(error) => {
                let who = name.map(str::to_owned).or_else(|| rows.first().map(|row| subject(row)));
                let who = who.unwrap_or_default();
                let until = rows.iter().filter_map(|row| row.expires_at).max();
                let until = until.map_or_else(String::new, |until| format!(", until {}", to_second(until)));
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
        self.site.snapshot.place.by_hand()
    }

    fn act(&mut self, change: Change, person: Option<&str>, reason: String) {
        let person = person.map(str::to_owned);
        self.plan.actions.push(Action { change, person, reason, cost: Cost::default() });
    }

    /// What the vendor has no call for.
    fn cannot(&mut self, who: &str, what: &str, error: &Error) {
        let by_hand = self.by_hand();
        self.cannot_but(who, what, error, by_hand);
    }

    fn cannot_but(&mut self, who: &str, what: &str, error: &Error, by_hand: String) {
        self.plan.cannot.push(finding(who, &format!("{what}: {}", error.message()), Some(by_hand)));
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
            (change.rank(), change.gives() != Some(top), who, change.subject(), id)
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

/// The invitations as they were seen, in an order that does not depend on the vendor's.
fn seen<'a>(rows: impl Iterator<Item = &'a &'a Invitation>) -> Vec<SeenInvitation> {
    let mut seen: Vec<_> = rows.filter_map(|row| SeenInvitation::of(row)).collect();
    seen.sort_by_cached_key(|one| {
        (
            one.invitee.to_string(),
            one.status.to_string(),
            had(one.role.as_ref()),
            one.created_at,
            one.expires_at,
        )
    });
    seen
}

/// By what the invited person is known.
fn subject(invitation: &Invitation) -> String {
    invitation.invitee().map_or_else(String::new, |person| person.to_string())
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
