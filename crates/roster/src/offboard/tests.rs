//! What is done and what stays, from places made by hand.

use orgport_core::{
    AccountName, Capability, Email, Error, ErrorKind, Identity, Invitation, InvitationId, InvitationStatus,
    Member, MemberId, Operations, Organization, OrganizationId, Role, Support, Timestamp, UserId,
};
use serde_json::json;

use super::{LeftReason, Options, Plan, Seen, plan};
use crate::place::{Missed, PlaceId};
use crate::snapshot::{Listing, Snapshot};
use crate::subject::Subject;

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn able() -> Capability {
    let mut capability = Capability::nothing("not here");
    capability.operations = Operations::all(&Support::Native);
    capability.roles_at_set_role = vec![Role::Owner, Role::Member];
    capability
}

/// A vendor that can neither revoke nor remove.
fn unable() -> Capability {
    let mut capability = able();
    capability.operations.revoke_invitation = Support::unsupported("it has no call that revokes");
    capability.operations.remove_member = Support::unsupported("it has no call that removes");
    capability
}

fn member(id: &str, email: &str, role: Role) -> Member {
    let mut member = Member::new(MemberId::new(id).expect("an id"));
    member.user_id = Some(UserId::new(format!("user-{id}")).expect("an id"));
    member.email = Some(email).filter(|email| !email.is_empty()).map(Email::verbatim);
    member.role = Some(role);
    member
}

fn invitation(email: &str, status: InvitationStatus) -> Invitation {
    let id = InvitationId::new(format!("join-{email}-{status}")).expect("an id");
    let mut invitation = Invitation::new(id, status);
    invitation.email = Some(Email::verbatim(email));
    invitation.role = Some(Role::Member);
    invitation.expires_at = Some(time("2026-06-08T12:00:00Z"));
    invitation
}

fn seen(capability: Capability, members: Vec<Member>, invitations: Vec<Invitation>) -> Seen {
    let id = PlaceId::new("prod", "memory", OrganizationId::new("o1").expect("an id")).configured();
    let organization = Organization::new(id.organization.clone(), "Acme");
    let (members, invitations) = (Listing::whole(members), Listing::whole(invitations));
    let at = time("2026-06-01T12:00:00Z");
    Seen::new(Snapshot::new(id, Ok(organization), members, invitations, at), capability)
}

/// Ada and Eve own the place, and these people are there besides.
fn with_owners(capability: Capability, more: Vec<Member>, invitations: Vec<Invitation>) -> Seen {
    let owners = vec![member("m1", "ada@x.io", Role::Owner), member("m2", "eve@x.io", Role::Owner)];
    seen(capability, owners.into_iter().chain(more).collect(), invitations)
}

fn people(names: &[&str]) -> Vec<Subject> {
    names.iter().map(|name| Subject::parse(name).expect("a person")).collect()
}

fn decide(seen: Seen, names: &[&str]) -> Plan {
    plan(vec![seen], Vec::new(), &people(names), &Options::default())
}

fn steps(plan: &Plan) -> Vec<String> {
    plan.steps().map(|(place, step)| format!("{place}: {}", step.act)).collect()
}

fn left(plan: &Plan) -> Vec<(LeftReason, &str)> {
    plan.left().map(|(_, left)| (left.reason, &*left.what)).collect()
}

fn identity(email: &str) -> Identity {
    let mut identity = Identity::person();
    identity.email = Some(Email::verbatim(email));
    identity
}

#[test]
fn whatever_lets_a_person_in_is_taken_invitations_first_and_nothing_else() {
    use InvitationStatus::{Accepted, Declined, Expired, Pending, Unknown};
    let invitations = vec![
        invitation("bob@x.io", Accepted),
        invitation("BOB@x.io", Pending),
        invitation("bob@x.io", Expired),
        invitation("bob@x.io", Declined),
        invitation("bob@x.io", Unknown("odd".to_owned())),
        invitation("carl@x.io", Pending),
    ];
    let place = with_owners(able(), vec![member("m3", "bob@X.io", Role::Member)], invitations);
    let plan = decide(place, &["bob@x.io"]);
    assert_eq!(
        steps(&plan),
        [
            "prod: revoke the pending invitation of BOB@x.io as member",
            "prod: revoke the expired invitation of bob@x.io as member",
            "prod: revoke the unknown:odd invitation of bob@x.io as member",
            "prod: remove member bob@X.io (m3) as member",
        ]
    );
    assert_eq!(left(&plan), []);
    assert_eq!(plan.places[0].before.invitations.len(), 5, "the evidence has all of the person's");
}

#[test]
fn somebody_is_taken_out_by_account_however_it_is_written() {
    let mut hidden = member("m3", "", Role::Member);
    hidden.account = Some(AccountName::new("OctoCat").expect("a name"));
    let mut invited = invitation("", InvitationStatus::Pending);
    (invited.email, invited.account) = (None, hidden.account.clone());
    let other = invitation("octocat@x.io", InvitationStatus::Pending);
    let place = with_owners(able(), vec![hidden], vec![invited, other]);
    let plan = decide(place, &["@octocat"]);
    let expected = [
        "prod: revoke the pending invitation of @OctoCat as member",
        "prod: remove member @OctoCat (m3) as member",
    ];
    assert_eq!(steps(&plan), expected);
    let seen = serde_json::to_value(&plan.places[0].before).expect("evidence");
    assert_eq!(
        (&seen["members"][0]["account"], &seen["invitations"][0]["account"]),
        (&json!("OctoCat"), &json!("OctoCat"))
    );
}

#[test]
fn what_the_vendor_cannot_do_is_a_to_do_and_nobody_is_a_false_alarm() {
    use InvitationStatus::{Expired, Pending};
    let invitations = vec![invitation("bob@x.io", Pending), invitation("bob@x.io", Expired)];
    let place = with_owners(unable(), vec![member("m3", "bob@x.io", Role::Member)], invitations);
    let plan = decide(place.clone(), &["bob@x.io"]);
    assert_eq!(steps(&plan), [""; 0]);
    assert_eq!(
        left(&plan),
        [
            (LeftReason::Unsupported, "pending invitation of bob@x.io as member"),
            (LeftReason::Unsupported, "member bob@x.io (m3) as member"),
        ]
    );
    let (_, to_do) = plan.left().next().expect("the invitation");
    assert_eq!(to_do.because, "it has no call that revokes");
    assert_eq!(to_do.until, Some(time("2026-06-08T12:00:00Z")), "it lives until then");
    assert!(to_do.by_hand.as_ref().is_some_and(|by_hand| by_hand.contains("memory")), "{to_do:?}");

    let plan = decide(place, &["never@x.io"]);
    let place = &plan.places[0];
    assert!(place.steps.is_empty() && place.left.is_empty() && place.unknown.is_empty(), "{place:?}");
    let expired = with_owners(unable(), vec![], vec![invitation("bob@x.io", Expired)]);
    assert_eq!(left(&decide(expired, &["bob@x.io"])), [], "it lets nobody in, and nobody can delete it");
}

#[test]
fn whom_a_credential_stands_for_is_spared_everywhere_or_goes_last() {
    let mut at_prod = with_owners(able(), vec![member("m3", "bob@x.io", Role::Owner)], vec![]);
    at_prod.identity = Some(Ok(identity("ADA@x.io")));
    let mut at_lab = with_owners(able(), vec![], vec![invitation("bob@x.io", InvitationStatus::Pending)]);
    "lab".clone_into(&mut at_lab.snapshot.place.provider);
    let both = [at_prod.clone(), at_lab.clone()];
    let plan_for = |names: &[&str], include_self| {
        let options = Options { include_self, ..Options::default() };
        plan(both.to_vec(), Vec::new(), &people(names), &options)
    };
    let spared = plan_for(&["ada@x.io", "bob@x.io"], false);
    assert_eq!(
        left(&spared),
        [
            (LeftReason::Yourself, "member ada@x.io (m1) as owner"),
            (LeftReason::Yourself, "member ada@x.io (m1) as owner"),
        ],
        "also where another credential could"
    );
    assert_eq!(spared.steps().count(), 2, "others are not spared: {:?}", steps(&spared));
    let last = plan_for(&["ada@x.io", "bob@x.io"], true);
    assert_eq!(
        steps(&last)[..2],
        ["prod: remove member bob@x.io (m3) as owner", "prod: remove member ada@x.io (m1) as owner"]
    );

    // By the account, where another address or none is shown.
    let mut by_account = at_prod;
    let mut own = Identity::person();
    own.user_id = Some(UserId::new("user-m1").expect("an id"));
    by_account.identity = Some(Ok(own.clone()));
    assert_eq!(left(&decide(by_account.clone(), &["ada@x.io"]))[0].0, LeftReason::Yourself);
    own.is_person = false;
    by_account.identity = Some(Ok(own));
    assert_eq!(left(&decide(by_account, &["ada@x.io"])), [], "an organization's credential is nobody's");
}

#[test]
fn an_identity_that_cannot_be_read_stops_and_one_that_is_not_told_is_noted() {
    let mut place = with_owners(able(), vec![member("m3", "bob@x.io", Role::Member)], vec![]);
    place.identity = Some(Err(Error::new(ErrorKind::Unavailable, "down")));
    let plan = decide(place.clone(), &["bob@x.io"]);
    assert_eq!(left(&plan)[0].0, LeftReason::IdentityUnknown);
    assert_eq!(steps(&plan), [""; 0]);
    place.identity = Some(Err(Error::new(ErrorKind::Unsupported, "the vendor does not tell")));
    let plan = decide(place, &["bob@x.io"]);
    assert_eq!(plan.steps().count(), 1);
    assert!(plan.places[0].notes[0].contains("does not tell whom"), "{:?}", plan.places[0].notes);
}

#[test]
fn the_last_owners_and_the_last_members_stay_with_the_next_step() {
    let plan = decide(with_owners(able(), vec![], vec![]), &["ada@x.io", "eve@x.io"]);
    assert_eq!(left(&plan).iter().map(|(reason, _)| *reason).collect::<Vec<_>>(), [LeftReason::LastOwner; 2]);
    let (_, owner) = plan.left().next().expect("an owner");
    assert_eq!(owner.by_hand.as_deref(), Some("give another member the role owner first"));
    assert_eq!(decide(with_owners(able(), vec![], vec![]), &["ada@x.io"]).steps().count(), 1);

    let alone = || seen(able(), vec![member("m1", "bob@x.io", Role::Other("odd".to_owned()))], vec![]);
    assert_eq!(left(&decide(alone(), &["bob@x.io"]))[0].0, LeftReason::LastOwner, "nobody would be left");

    let mut partly = with_owners(able(), vec![], vec![]);
    partly.snapshot.members.errors.push(Error::new(ErrorKind::Protocol, "row 3 has no id"));
    assert_eq!(decide(partly.clone(), &["ada@x.io"]).steps().count(), 1, "another owner is seen");
    partly.snapshot.members.rows.pop();
    assert_eq!(left(&decide(partly, &["ada@x.io"]))[0].0, LeftReason::LastOwner, "no other is seen");
}

#[test]
fn an_address_of_several_members_asks_and_their_ids_answer() {
    let twins = vec![member("m3", "bob@x.io", Role::Member), member("m4", "Bob@x.io", Role::Member)];
    let place = with_owners(able(), twins, vec![invitation("bob@x.io", InvitationStatus::Pending)]);
    let asked = decide(place.clone(), &["bob@x.io"]);
    assert_eq!(
        left(&asked).iter().map(|(reason, _)| *reason).collect::<Vec<_>>(),
        [LeftReason::SeveralMembers; 2]
    );
    let (_, twin) = asked.left().next().expect("a member");
    assert_eq!(twin.because, "2 members have the address: m3, m4");
    assert_eq!(asked.steps().count(), 1, "the invitation is theirs in any case");
    assert_eq!(decide(place.clone(), &["m3"]).steps().count(), 1);
    let both = people(&["bob@x.io"])[0].clone().with_id("m3").with_id("user-m4");
    assert_eq!(plan(vec![place.clone()], Vec::new(), &[both], &Options::default()).steps().count(), 3);
    let several = Options { several: true, ..Options::default() };
    assert_eq!(asked.decided_with(&several).steps().count(), 3, "nothing is read once more");
    assert_eq!(plan(vec![place.clone()], Vec::new(), &people(&["bob@x.io"]), &several).steps().count(), 3);
    let twice = people(&["bob@x.io", "m3"]);
    assert_eq!(
        plan(vec![place], Vec::new(), &twice, &several).steps().count(),
        3,
        "once, however often named"
    );
}

#[test]
fn what_was_not_read_is_unknown_whatever_was_seen() {
    let mut place = with_owners(able(), vec![member("m3", "bob@x.io", Role::Member)], vec![]);
    place.snapshot.invitations.errors.push(Error::new(ErrorKind::PermissionDenied, "not for members"));
    for (name, count) in [("bob@x.io", 1), ("never@x.io", 0)] {
        let plan = decide(place.clone(), &[name]);
        assert_eq!(plan.steps().count(), count, "what is seen is taken");
        assert_eq!(plan.places[0].unknown[0].kind, ErrorKind::PermissionDenied);
        assert!(!plan.places[0].before.whole);
    }
    let missed = Missed::provider("down", Error::new(ErrorKind::Connection, "refused"));
    let none = plan(Vec::new(), vec![missed], &people(&["bob@x.io"]), &Options::default());
    assert_eq!(none.missed.len(), 1);
}

#[test]
fn members_without_an_address_are_no_alarm_and_are_found_by_their_ids() {
    let place = with_owners(able(), vec![member("m3", "", Role::Member)], vec![]);
    let plan = decide(place.clone(), &["bob@x.io"]);
    assert!(plan.places[0].unknown.is_empty());
    assert!(
        plan.places[0].notes[0].starts_with("1 of the members show no address"),
        "{:?}",
        plan.places[0].notes
    );
    for id in ["m3", "user-m3"] {
        let plan = decide(place.clone(), &[id]);
        assert_eq!(steps(&plan), ["prod: remove member m3 as member"]);
        assert!(plan.places[0].notes.is_empty(), "nobody else is hidden");
    }
}

#[test]
fn no_invitations_id_is_in_what_is_shown() {
    let mut place = with_owners(able(), vec![], vec![invitation("bob@x.io", InvitationStatus::Pending)]);
    let id = place.snapshot.invitations.rows[0].id.clone();
    place.snapshot.invitations.errors.push(Error::new(ErrorKind::NotFound, format!("no invitation {id}")));
    let plan = decide(place, &["bob@x.io"]);
    let json = serde_json::to_string(&plan).expect("it is JSON");
    assert!(json.contains("no invitation …") && !json.contains(id.as_str()), "{json}");
}
