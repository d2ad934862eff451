//! What is to be done, from what was read.

use std::collections::BTreeSet;

use orgport_core::{
    Capability, ErrorKind, Identity, Invitation, InvitationStatus, Member, Operation, Role, Timestamp,
};

use super::{Act, Fault, Left, LeftReason, Options, PlacePlan, Plan, Seen, Sighting, Step};
use crate::place::Missed;
use crate::plan::{Change, SeenInvitation, SeenMember};
use crate::rails::{Ground, Standing};
use crate::roster::{MaxRemovals, Rails};
use crate::subject::Subject;

/// Says what is to be done so that these people are at none of these places. Asks nobody.
///
/// Invitations that wait, have expired or may wait are revoked before memberships are removed, so
/// that nobody comes back in by one. What the vendor has no call for is [`left`](PlacePlan::left);
/// an expired invitation that cannot be revoked is not, since it lets nobody in. Left is also
///
/// - everything of a person whom a credential stands for, unless [`Options::include_self`],
/// - a membership without which nobody with all rights, or nobody at all, would be there,
/// - memberships of which several have one address, unless [`Options::several`] or they are all
///   named by id.
///
/// What is seen at a place that was not read whole is taken all the same; what is not seen there is
/// [`unknown`](PlacePlan::unknown).
pub fn plan(seen: Vec<Seen>, missed: Vec<Missed>, people: &[Subject], options: &Options) -> Plan {
    let selves = selves(&seen, people);
    let places = seen.iter().map(|seen| place(seen, people, &selves, options)).collect();
    Plan { people: people.to_vec(), places, missed, seen, selves }
}

/// The people for whom a credential stands, each with the provider's name.
pub(super) type Selves = BTreeSet<(String, String)>;

fn selves(seen: &[Seen], people: &[Subject]) -> Selves {
    let mut selves = BTreeSet::new();
    for seen in seen {
        let Some(Ok(identity)) = &seen.identity else { continue };
        let is_self = |person: &&Subject| {
            let members = seen.snapshot.members.rows.iter();
            is_own(identity, person)
                || members.filter(|row| person.is_member(row)).any(|row| is_own_row(identity, row))
        };
        let provider = &seen.snapshot.place.provider;
        selves.extend(
            here(seen, people).iter().filter(is_self).map(|person| (person.name.clone(), provider.clone())),
        );
    }
    selves
}

/// The people as they are known at a place.
fn here(seen: &Seen, people: &[Subject]) -> Vec<Subject> {
    people.iter().map(|person| person.at(&seen.snapshot.place.provider)).collect()
}

fn is_own(identity: &Identity, person: &Subject) -> bool {
    identity.is_person
        && (identity.email.as_ref().is_some_and(|email| person.has(email))
            || identity.user_id.as_ref().is_some_and(|id| person.ids.iter().any(|own| own == id.as_str())))
}

fn is_own_row(identity: &Identity, member: &Member) -> bool {
    identity.is_person && identity.user_id.is_some() && identity.user_id == member.user_id
}

/// What is to be done at one place.
pub(super) fn place(seen: &Seen, people: &[Subject], selves: &Selves, options: &Options) -> PlacePlan {
    let snapshot = &seen.snapshot;
    let people = &here(seen, people);
    let mut deciding = Deciding { seen, options, selves, steps: Vec::new(), left: Vec::new() };
    for person in people {
        deciding.invitations(person);
    }
    for person in people {
        deciding.members(person);
    }
    deciding.keep_owners();
    deciding.oneself_last();
    let Deciding { steps, left, .. } = deciding;
    let ids = || snapshot.invitations.rows.iter().map(|row| &row.id);
    let errors = snapshot.members.errors.iter().chain(&snapshot.invitations.errors);
    let before = Sighting::of(snapshot, people);
    PlacePlan {
        place: snapshot.place.clone(),
        organization: snapshot.name().to_owned(),
        notes: notes(seen, &before, !steps.is_empty()),
        before,
        steps,
        left,
        unknown: errors.map(|error| Fault::of(error, ids())).collect(),
        identity: seen.identity.clone(),
    }
}

fn notes(seen: &Seen, before: &Sighting, acts: bool) -> Vec<String> {
    let hidden = before.without_address;
    let hidden = (hidden > 0).then(|| {
        format!("{hidden} of the members show no address: name people who could be among them by their accounts or ids")
    });
    let unknown = matches!(&seen.identity, Some(Err(error)) if error.kind() == ErrorKind::Unsupported);
    let unknown = (acts && unknown).then(|| {
        "the vendor does not tell whom the credential stands for: it could be one of these".to_owned()
    });
    hidden.into_iter().chain(unknown).collect()
}

struct Deciding<'a> {
    seen: &'a Seen,
    options: &'a Options,
    selves: &'a Selves,
    steps: Vec<Step>,
    left: Vec<Left>,
}

impl Deciding<'_> {
    fn invitations(&mut self, person: &Subject) {
        let rows = self.seen.snapshot.invitations.rows.iter();
        for row in rows.filter(|row| person.is_invited_by(row) && may_let_in(row)) {
            let Some(seen) = SeenInvitation::of(row) else { continue };
            let what = invitation_in_words(&seen);
            let act = Act::RevokeInvitation { invitation: seen, id: row.id.clone() };
            let has_expired = row.status == InvitationStatus::Expired;
            self.take(person, act, what, Operation::RevokeInvitation, row.expires_at, has_expired);
        }
    }

    fn members(&mut self, person: &Subject) {
        let rows: Vec<_> =
            self.seen.snapshot.members.rows.iter().filter(|row| person.is_member(row)).collect();
        let named = rows.iter().all(|row| person.is_named(row));
        let unsure = rows.len() > 1 && !named && !self.options.several;
        for row in &rows {
            let member = SeenMember::of(row);
            let what = member_in_words(&member);
            if unsure && self.guard(person).is_none() {
                let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
                let because = format!("{} members have the address: {}", rows.len(), ids.join(", "));
                let by_hand = "name those who are meant by these ids".to_owned();
                self.leave(person, what, LeftReason::SeveralMembers, because, Some(by_hand), None);
            } else {
                self.take(person, Act::RemoveMember { member }, what, Operation::RemoveMember, None, false);
            }
        }
    }

    /// Takes something, or says why it stays.
    fn take(
        &mut self,
        person: &Subject,
        act: Act,
        what: String,
        operation: Operation,
        until: Option<Timestamp>,
        harmless: bool,
    ) {
        let support = self.seen.capability.support(operation).require();
        if let Err(error) = support {
            if !harmless {
                let by_hand = self.seen.snapshot.place.by_hand();
                let because = error.message().to_owned();
                self.leave(person, what, LeftReason::Unsupported, because, Some(by_hand), until);
            }
        } else if let Some((reason, because, by_hand)) = self.guard(person) {
            self.leave(person, what, reason, because, Some(by_hand), until);
        } else if !self.steps.iter().any(|step| step.act == act) {
            self.steps.push(Step { person: person.name.clone(), act });
        }
    }

    /// Why nothing is taken from this person.
    fn guard(&self, person: &Subject) -> Option<(LeftReason, String, String)> {
        if self.options.include_self {
            return None;
        }
        let providers: Vec<_> =
            self.selves.iter().filter(|(name, _)| *name == person.name).map(|(_, at)| at.as_str()).collect();
        if !providers.is_empty() {
            let because = format!("this is you: the credential of {} stands for them", providers.join(", "));
            return Some((
                LeftReason::Yourself,
                because,
                "let somebody else do it, or ask for it knowingly (--include-self)".to_owned(),
            ));
        }
        match &self.seen.identity {
            Some(Err(error)) if error.kind() != ErrorKind::Unsupported => {
                let because = format!("it could not be read whom the credential stands for: {error}");
                Some((LeftReason::IdentityUnknown, because, "try again".to_owned()))
            }
            _ => None,
        }
    }

    fn leave(
        &mut self,
        person: &Subject,
        what: String,
        reason: LeftReason,
        because: String,
        by_hand: Option<String>,
        until: Option<Timestamp>,
    ) {
        self.left.push(Left { person: person.name.clone(), what, reason, because, by_hand, until });
    }

    /// Puts back what would leave nobody with all rights, or nobody at all.
    fn keep_owners(&mut self) {
        let Seen { snapshot, capability, .. } = self.seen;
        let rails = Rails { max_removals: MaxRemovals::Count(usize::MAX), ..Rails::default() };
        let members = snapshot.members.rows.len();
        let standing = Standing { done: 0, members, expects_raises: true };
        let ground = Ground { rails: &rails, snapshot, caller: None, standing };
        let changes: Vec<_> = self.steps.iter().map(|step| as_change(&step.act)).collect();
        let judged = ground.judge(&changes.iter().map(|change| (change, None)).collect::<Vec<_>>());
        let steps = std::mem::take(&mut self.steps);
        for (step, refusal) in steps.into_iter().zip(judged) {
            match (refusal, &step.act) {
                (Some(refusal), Act::RemoveMember { member }) => self.left.push(Left {
                    person: step.person,
                    what: member_in_words(member),
                    reason: LeftReason::LastOwner,
                    because: refusal.why,
                    by_hand: Some(successor(capability, &snapshot.top_role)),
                    until: None,
                }),
                _ => self.steps.push(step),
            }
        }
    }

    /// Behind their own removal people may not be allowed to do the rest.
    fn oneself_last(&mut self) {
        let Some(Ok(identity)) = &self.seen.identity else { return };
        let rows = &self.seen.snapshot.members.rows;
        self.steps.sort_by_key(|step| match &step.act {
            Act::RemoveMember { member } => {
                let row = rows.iter().find(|row| row.id == member.id);
                row.is_some_and(|row| is_own_row(identity, row))
                    || (identity.is_person && member.email.is_some() && member.email == identity.email)
            }
            Act::RevokeInvitation { .. } => false,
        });
    }
}

/// Whether somebody could come in by it, now or when it is sent once more.
fn may_let_in(invitation: &Invitation) -> bool {
    use InvitationStatus::{Expired, Pending, Unknown};
    matches!(invitation.status, Pending | Expired | Unknown(_))
}

fn as_change(act: &Act) -> Change {
    match act {
        Act::RevokeInvitation { invitation, .. } => Change::Revoke { old: vec![invitation.clone()] },
        Act::RemoveMember { member } => Change::Remove { member: member.clone() },
    }
}

/// How somebody else gets all rights first.
fn successor(capability: &Capability, role: &Role) -> String {
    if capability.support(Operation::SetMemberRole).works() && capability.roles_at_set_role.contains(role) {
        format!("give another member the role {role} first")
    } else if capability.support(Operation::Invite).works() && capability.roles_at_invite.contains(role) {
        format!("invite another {role} first, and wait until the invitation is accepted")
    } else {
        format!("make somebody else {role} first, in the vendor's own pages or by its support")
    }
}

/// `pending invitation of bob@x.example as member`
pub(super) fn invitation_in_words(invitation: &SeenInvitation) -> String {
    let SeenInvitation { invitee, role, status, .. } = invitation;
    format!("{status} invitation of {invitee}{}", as_role(role.as_ref()))
}

/// `member bob@x.example (u1) as viewer`
pub(super) fn member_in_words(member: &SeenMember) -> String {
    let (subject, id, role) = (member.subject(), &member.id, as_role(member.role.as_ref()));
    if subject == id.as_str() {
        format!("member {id}{role}")
    } else {
        format!("member {subject} ({id}){role}")
    }
}

fn as_role(role: Option<&Role>) -> String {
    role.map(|role| format!(" as {role}")).unwrap_or_default()
}
