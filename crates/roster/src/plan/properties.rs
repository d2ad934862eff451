//! What holds for every roster and everything that can be seen.

mod drafts;

use orgport_core::{
    Email, Error, ErrorKind, Invitation, InvitationId, InvitationStatus, Member, MemberId, Role, Support,
    UserId,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use self::drafts::{Draft, PEOPLE, PLACES, drafts};
use super::examples::{able, name, person, site};
use super::*;
use crate::roster::MaxRemovals;

/// Somebody's address: a person of the roster, by one of two, or a stranger.
fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (select(&["p", "q", "P"][..]), 0..PEOPLE).prop_map(|(which, person)| format!("{which}{person}@x.example")),
        2 => (0..4_usize).prop_map(|stranger| format!("s{stranger}@y.example")),
    ]
}

fn roles() -> impl Strategy<Value = Option<Role>> {
    let roles = [Role::Owner, Role::Admin, Role::Member, Role::Viewer, Role::Other("odd".to_owned())];
    prop_oneof![9 => select(roles.to_vec()).prop_map(Some), 1 => Just(None)]
}

fn statuses() -> impl Strategy<Value = InvitationStatus> {
    use InvitationStatus::{Accepted, Declined, Expired, Pending, Unknown};
    prop_oneof![6 => Just(Pending), 2 => Just(Expired), 1 => Just(Accepted), 1 => Just(Declined), 1 => Just(Unknown("odd".to_owned()))]
}

/// A vendor that cannot do some of it.
fn capabilities() -> impl Strategy<Value = Capability> {
    (any::<[bool; 4]>(), 1..4_usize, any::<bool>()).prop_map(|(lacks, batch_size, has_pages)| {
        let mut capability = able();
        let operations = &mut capability.operations;
        let all = [
            &mut operations.invite,
            &mut operations.set_member_role,
            &mut operations.revoke_invitation,
            &mut operations.remove_member,
        ];
        // Mostly it can.
        for (support, lacks) in all
            .into_iter()
            .zip(lacks.into_iter().map(|one| one && lacks.iter().filter(|one| **one).count() < 3))
        {
            if lacks {
                *support = Support::unsupported("there is no such call");
            }
        }
        capability.batch_size = batch_size;
        capability.page_size = has_pages.then_some(2);
        capability
    })
}

fn sites() -> impl Strategy<Value = Vec<Site>> {
    PLACES.map(one_site).prop_map(Vec::from)
}

fn one_site(place: &'static str) -> impl Strategy<Value = Site> {
    let members = vec((address(), roles(), 0..20_u8), 0..8);
    let invitations = vec((address(), roles(), statuses()), 0..8);
    let facts = (members, invitations, 0..6_u8, capabilities(), 0..=PEOPLE);
    facts.prop_map(move |(members, invitations, unread, capability, caller)| {
        let mut site = site(name(place).provider());
        site.name = name(place);
        site.capability = capability;
        let caller = (caller < PEOPLE).then(|| Email::verbatim(format!("p{caller}@x.example")));
        site.caller = caller.map(|email| person(email.as_str()));
        let members = members.into_iter().enumerate();
        let members =
            members.map(|(index, (email, role, nameless))| member(index, &email, role, nameless == 0));
        let invitations = invitations.into_iter().enumerate();
        let invitations =
            invitations.map(|(index, (email, role, status))| invitation(index, &email, role, status));
        site.snapshot.members.rows = members.collect();
        site.snapshot.invitations.rows = invitations.collect();
        if unread == 0 {
            site.snapshot.members.errors.push(Error::new(ErrorKind::Protocol, "a row has no id"));
        }
        site
    })
}

fn member(index: usize, email: &str, role: Option<Role>, is_nameless: bool) -> Member {
    let mut member = Member::new(MemberId::new(format!("m-{index}")).expect("not empty"));
    member.email = (!is_nameless).then(|| Email::verbatim(email));
    // The ids that rosters know people by.
    member.user_id = email
        .strip_prefix('p')
        .and_then(|rest| rest.split('@').next())
        .map(|number| UserId::new(format!("u-{number}")).expect("not empty"));
    member.role = role;
    member
}

fn invitation(index: usize, email: &str, role: Option<Role>, status: InvitationStatus) -> Invitation {
    let mut made = Invitation::new(InvitationId::new(format!("i-{index}")).expect("not empty"), status);
    made.email = Some(Email::verbatim(email));
    made.role = role;
    made
}

/// What is there once everything in a plan was done: who is invited has not accepted yet.
fn carried_out(site: &Site, plan: &PlacePlan) -> Site {
    let mut site = site.clone();
    let (members, invitations) = (&mut site.snapshot.members.rows, &mut site.snapshot.invitations.rows);
    for action in &plan.actions {
        for old in action.change.old() {
            if old.status == InvitationStatus::Pending {
                invitations.retain(|row| !old.is(row));
            }
        }
        match &action.change {
            Change::Invite { invitee, role } | Change::Replace { invitee, role, .. } => {
                let role = role.clone().or(Some(Role::Member));
                invitations.push(invitation(
                    invitations.len() + 100,
                    &invitee.to_string(),
                    role,
                    InvitationStatus::Pending,
                ));
            }
            Change::Raise(change) | Change::Lower(change) => {
                let row = members.iter_mut().find(|row| row.id == change.member.id).expect("seen");
                row.role = Some(change.role.clone());
            }
            Change::Remove { member } => members.retain(|row| row.id != member.id),
            Change::Revoke { .. } => {}
        }
    }
    site
}

fn planned(draft: &Draft, sites: &[Site]) -> (Roster, Plan) {
    let roster = draft.roster(false);
    let plan = plan(&roster, sites, &Carried::default());
    (roster, plan)
}

/// Whether a row is of this person of the roster.
fn is_of(roster: &Roster, person: &str, email: Option<&Email>) -> bool {
    email.is_some_and(|email| {
        roster.person(person).is_some_and(|person| person.addresses().any(|own| own == email))
    })
}

proptest! {
    #[test]
    fn a_plan_that_was_carried_out_leaves_nothing_to_do(draft in drafts(), sites in sites()) {
        // With rails that hold nothing back but the owners, what they held back stays the same.
        let draft = Draft { max_removals: "\"100%\"".to_owned(), max_mails: 1_000, ..draft };
        let (roster, first) = planned(&draft, &sites);
        let after: Vec<_> = sites.iter().zip(PLACES).map(|(site, place)| {
            let plan = first.places.iter().find(|plan| plan.name == name(place)).expect("planned");
            carried_out(site, plan)
        }).collect();
        let second = plan(&roster, &after, &Carried::default());
        // The rails may let somebody go who had to wait for another to come.
        let held: Vec<_> = first.places.iter().flat_map(|place| &place.blocked).map(|one| &one.action.change).collect();
        let left: Vec<_> = second.actions().filter(|(_, action)| !held.contains(&&action.change)).collect();
        prop_assert!(left.is_empty(), "{first}\n\n{second}");
    }

    #[test]
    fn an_imported_roster_plans_to_nothing(sites in sites()) {
        let text = crate::import(&sites);
        let roster = Roster::parse(&text).map_err(|faults| TestCaseError::fail(format!("{faults}\n{text}")))?;
        let plan = plan(&roster, &sites, &Carried::default());
        prop_assert!(plan.is_empty() && !plan.is_blocked(), "{text}\n{plan}");
    }

    #[test]
    fn the_order_of_lists_changes_nothing(draft in drafts(), sites in sites()) {
        let (_, plan) = planned(&draft, &sites);
        let mut turned = sites;
        turned.reverse();
        for site in &mut turned {
            site.snapshot.members.rows.reverse();
            site.snapshot.invitations.rows.reverse();
        }
        let mut other = super::plan(&draft.roster(true), &turned, &Carried::default());
        other.roster.clone_from(&plan.roster);
        prop_assert_eq!(plan, other);
    }

    #[test]
    fn nobody_is_lowered_removed_or_invited_at_a_place_that_was_not_read_whole(draft in drafts(), sites in sites()) {
        let (_, plan) = planned(&draft, &sites);
        for place in &plan.places {
            let site = sites.iter().find(|site| site.name == place.name).expect("it is there");
            if !site.snapshot.is_whole() {
                prop_assert!(place.actions.iter().all(|action| action.change.as_str() == "raise"), "{plan}");
                prop_assert!(!place.unknown.is_empty());
            }
        }
    }

    #[test]
    fn rails_hold(draft in drafts(), sites in sites(), mails in 0..4_usize, done in 0..4_usize) {
        let roster = draft.roster(false);
        let removals = PLACES.map(|place| (name(place), (done, 8))).into();
        let carried = Carried { mails, removals };
        let plan = plan(&roster, &sites, &carried);
        let rails = roster.rails();
        let new: usize = plan.actions().map(|(_, action)| action.change.mails()).sum();
        prop_assert!(new == 0 || mails + new <= rails.max_mails);
        for place in &plan.places {
            let site = sites.iter().find(|site| site.name == place.name).expect("it is there");
            let after = carried_out(site, place);
            let losses: Vec<_> =
                place.actions.iter().filter(|action| rails::is_loss(&action.change, &Role::Owner)).collect();
            prop_assert!(losses.is_empty() || done + losses.len() <= rails.max_removals.of(8));
            let owners = |site: &Site| site.snapshot.owners().count();
            let lowers_owner = losses.iter().any(|action| {
                action.change.member().is_some_and(|seen| seen.role == Some(Role::Owner))
            });
            prop_assert!(!lowers_owner || owners(&after) >= rails.min_owners, "{plan}");
            let removed = losses.iter().any(|action| matches!(action.change, Change::Remove { .. }));
            prop_assert!(!removed || !after.snapshot.members.rows.is_empty());
            for action in losses {
                prop_assert!(action.person.as_ref().is_none_or(|person| !rails.protect.contains(person)));
                let caller = site.caller.as_ref().and_then(|caller| caller.email.as_ref());
                let lost = action.change.member().and_then(|seen| seen.email.as_ref());
                prop_assert!(caller.is_none() || lost.is_none() || caller != lost);
            }
        }
    }

    #[test]
    fn nobody_is_mailed_who_is_in_or_has_an_invitation_that_need_not_be_replaced(draft in drafts(), sites in sites()) {
        let (roster, plan) = planned(&draft, &sites);
        for (place, action) in plan.actions() {
            let Some((email, role)) = action.change.invitee() else { continue };
            let site = sites.iter().find(|site| site.name == place.name).expect("it is there");
            let person = action.person.as_deref().expect("nobody else is invited");
            prop_assert!(site.snapshot.members.rows.iter().all(|row| !is_of(&roster, person, row.email.as_ref())), "{plan}");
            let live = site.snapshot.invitations.rows.iter().filter(|row| {
                row.is_pending() && is_of(&roster, person, row.email.as_ref())
            });
            for row in live {
                prop_assert!(row.role.is_some() && row.role.as_ref() != role, "{email} has it: {plan}");
                prop_assert!(action.change.old().iter().any(|old| old.is(row)));
            }
        }
        let mut mailed: Vec<_> = plan.actions().filter(|(_, action)| action.change.mails() > 0)
            .map(|(place, action)| (&place.name, &action.person)).collect();
        let all = mailed.len();
        mailed.dedup();
        prop_assert_eq!(all, mailed.len(), "once each");
    }

    #[test]
    fn owners_come_before_owners_go(draft in drafts(), sites in sites()) {
        let (_, plan) = planned(&draft, &sites);
        for place in &plan.places {
            let ranks: Vec<_> = place.actions.iter().map(|action| action.change.rank()).collect();
            prop_assert!(ranks.is_sorted());
            let goes = |action: &Action| {
                action.change.member().is_some_and(|seen| seen.role == Some(Role::Owner))
                    || action.change.old().iter().any(|old| old.role == Some(Role::Owner))
            };
            let comes = |action: &Action| action.change.gives() == Some(&Role::Owner);
            let first = place.actions.iter().position(|action| goes(action) && !comes(action));
            let last = place.actions.iter().rposition(comes);
            prop_assert!(first.is_none() || last.is_none() || last < first, "{plan}");
        }
    }

    #[test]
    fn a_plan_reads_back_and_its_price_adds_up(draft in drafts(), sites in sites()) {
        let (_, plan) = planned(&draft, &sites);
        let text = serde_json::to_string(&plan).expect("it can be written");
        prop_assert_eq!(&serde_json::from_str::<Plan>(&text).expect("it can be read"), &plan);
        let mails: usize = plan.actions().map(|(_, action)| action.change.mails()).sum();
        prop_assert_eq!(plan.cost.mails, mails);
        prop_assert_eq!(plan.places.iter().map(|place| place.cost.requests).sum::<usize>(), plan.cost.requests);
        prop_assert!(!plan.to_string().is_empty() && !plan.markdown().is_empty());
    }

    #[test]
    fn a_share_of_the_members_is_at_least_one(percent in 1..=100_u8, members in 0..10_000_usize) {
        let max = MaxRemovals::Percent(percent).of(members);
        prop_assert!(max >= 1 && (max == 1 || max * 100 <= members * usize::from(percent)));
    }
}
