//! Every finding, from snapshots made by hand.

use orgport_core::{
    AccountName, Email, Error, ErrorKind, Invitation, InvitationId, InvitationStatus, Member, MemberId,
    Organization, OrganizationId, Role, Timestamp, UserId,
};

use super::{FindingKind, Report};
use crate::place::{Missed, PlaceId};
use crate::roster::Roster;
use crate::snapshot::{Listing, Snapshot};
use crate::subject::Subject;

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn place(provider: &str, organization: &str) -> PlaceId {
    let id = PlaceId::new(provider, "memory", OrganizationId::new(organization).expect("an id"));
    if organization == "o1" { id.configured() } else { id }
}

/// A member: id, address (none if empty), role.
fn member(id: &str, email: &str, role: Role) -> Member {
    let mut member = Member::new(MemberId::new(id).expect("an id"));
    member.user_id = Some(UserId::new(id).expect("an id"));
    member.email = Some(email).filter(|email| !email.is_empty()).map(Email::verbatim);
    member.role = Some(role);
    member
}

fn invitation(email: &str, status: InvitationStatus, expires: &str) -> Invitation {
    let mut invitation = Invitation::new(InvitationId::new("join-code").expect("an id"), status);
    invitation.email = Some(Email::verbatim(email));
    invitation.role = Some(Role::Member);
    invitation.expires_at = Some(time(expires));
    invitation
}

fn snapshot(place: PlaceId, members: Vec<Member>, invitations: Vec<Invitation>) -> Snapshot {
    let organization = Organization::new(place.organization.clone(), "Acme");
    let (members, invitations) = (Listing::whole(members), Listing::whole(invitations));
    Snapshot::new(place, Ok(organization), members, invitations, time("2026-06-01T12:00:00Z"))
}

/// Two owners, so that nothing stands out about owners.
fn two_owners() -> Vec<Member> {
    vec![member("u1", "ada@x.io", Role::Owner), member("u2", "bob@x.io", Role::Owner)]
}

fn kinds(report: &Report) -> Vec<FindingKind> {
    report.findings.iter().map(|finding| finding.kind).collect()
}

fn shown(report: &Report) -> Vec<String> {
    let show = |row: &super::Row| format!("{} {} {}", row.person, row.place, row.state);
    report.rows.iter().map(show).collect()
}

/// The one finding of a place with two owners and these people besides.
fn only_finding(members: Vec<Member>, invitations: Vec<Invitation>) -> (FindingKind, String) {
    let members = two_owners().into_iter().chain(members).collect();
    let report = Report::of(&[snapshot(place("prod", "o1"), members, invitations)], &[]);
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    let marked: Vec<_> = report.rows.iter().filter(|row| row.findings.contains(&finding.kind)).collect();
    assert!(!marked.is_empty(), "the row is marked");
    (finding.kind, finding.sentence.clone())
}

#[test]
fn people_stand_by_address_key_then_by_id_then_what_could_not_be_read() {
    let at_prod = snapshot(
        place("prod", "o1"),
        vec![member("u9", "", Role::Owner), member("u2", "Zoe@x.io", Role::Owner)],
        vec![invitation("ada@x.io", InvitationStatus::Pending, "2027-01-01T00:00:00Z")],
    );
    let mut at_lab = snapshot(place("lab", "o7"), vec![member("u1", "zoe@X.io", Role::Owner)], vec![]);
    at_lab.members.rows[0].name = Some("Zoe Z".to_owned());
    at_lab.invitations.errors.push(Error::new(ErrorKind::PermissionDenied, "not for members"));
    let missed = Missed::provider("down", Error::new(ErrorKind::Connection, "refused"));
    let report = Report::of(&[at_prod, at_lab], &[missed]);
    assert_eq!(
        shown(&report),
        [
            "ada@x.io prod pending",
            "Zoe Z prod member",
            "Zoe Z lab/o7 member",
            "u9 prod member",
            " lab/o7 unreachable",
            " down unreachable",
        ]
    );
    assert!(!report.is_whole());
    let json = serde_json::to_value(&report.rows).expect("it is JSON");
    assert_eq!(json[4]["error"]["kind"], "permission_denied");
    assert_eq!(json[0]["expires"], "2027-01-01T00:00:00Z");
    assert!(!json.to_string().contains("join-code"), "an invitation's id can open the door");
}

#[test]
fn accounts_name_those_whose_addresses_are_hidden_and_a_roster_says_whose_they_are() {
    let account = |name: &str| Some(AccountName::new(name).expect("a name"));
    let mut members = vec![member("u1", "", Role::Owner), member("u2", "", Role::Owner)];
    (members[0].account, members[1].account) = (account("OctoCat"), account("ada-l"));
    let mut invited = invitation("", InvitationStatus::Pending, "2027-01-01T00:00:00Z");
    (invited.email, invited.account) = (None, account("hubot"));
    let at_prod = snapshot(place("prod", "o1"), members, vec![invited]);
    let rows = ["@OctoCat prod member", "@hubot prod pending"];
    let report = Report::of(std::slice::from_ref(&at_prod), &[]);
    assert_eq!(shown(&report.only(&[Subject::parse("@octocat").expect("an account")])), rows[..1]);
    let people = "[people.ada]\nemail = \"ada@x.io\"\naccount.prod = \"Ada-L\"\n[people.bot]\naccount.prod = \"hubot\"\n";
    let roster = Roster::parse(people).expect("it is right");
    let with_names = shown(&Report::against(&roster, &[at_prod], &[]));
    assert!(with_names.contains(&"ada prod member".to_owned()), "{with_names:?}");
    assert!(with_names.contains(&"bot prod pending".to_owned()), "{with_names:?}");
    assert!(with_names.contains(&rows[0].to_owned()), "{with_names:?}");
}

#[test]
fn a_member_has_one_row_and_so_has_somebody_invited_twice() {
    let invitations = vec![
        invitation("ada@x.io", InvitationStatus::Accepted, "2026-02-01T00:00:00Z"),
        invitation("eve@x.io", InvitationStatus::Expired, "2026-02-01T00:00:00Z"),
        invitation("eve@x.io", InvitationStatus::Pending, "2027-02-01T00:00:00Z"),
        invitation("eve@x.io", InvitationStatus::Declined, "2028-02-01T00:00:00Z"),
    ];
    let report = Report::of(&[snapshot(place("prod", "o1"), two_owners(), invitations)], &[]);
    assert_eq!(shown(&report), ["ada@x.io prod member", "bob@x.io prod member", "eve@x.io prod pending"]);
    assert_eq!(kinds(&report), []);
}

#[test]
fn every_thing_about_one_person_that_stands_out_is_told() {
    use InvitationStatus::{Expired, Pending};
    let mut odd = member("u3", "carl@x.io", Role::Other("7 scoped".to_owned()));
    odd.name = Some("Carl".to_owned());
    let (kind, sentence) = only_finding(vec![odd], vec![]);
    assert_eq!(kind, FindingKind::RoleUnknown);
    assert_eq!(
        sentence,
        r#"the role of Carl <carl@x.io> at Acme (prod) is "7 scoped", which has no neutral word"#
    );
    let (kind, sentence) = only_finding(vec![member("u3", "", Role::Member)], vec![]);
    assert_eq!(kind, FindingKind::NoAddress);
    assert!(sentence.starts_with("u3 at Acme (prod) shows no address"), "{sentence}");
    let (kind, sentence) = only_finding(vec![member("u3", "ADA@x.io", Role::Member)], vec![]);
    assert_eq!(kind, FindingKind::SamePersonTwice);
    assert_eq!(sentence, "ada@x.io is 2 accounts at prod: u1, u3");
    let expired = invitation("eve@x.io", Expired, "2026-05-31T00:00:00Z");
    let (kind, sentence) = only_finding(vec![], vec![expired]);
    assert_eq!(kind, FindingKind::ExpiredInvitation);
    assert_eq!(sentence, "the invitation of eve@x.io to Acme (prod) expired on 2026-05-31T00:00:00Z");
    let soon = invitation("eve@x.io", Pending, "2026-06-03T12:00:00Z");
    assert_eq!(only_finding(vec![], vec![soon]).0, FindingKind::ExpiresSoon);
    let again = invitation("ada@x.io", Pending, "2026-06-01T13:00:00Z");
    let (kind, sentence) = only_finding(vec![], vec![again]);
    assert_eq!(kind, FindingKind::MemberAndInvited);
    assert_eq!(sentence, "ada@x.io is a member of Acme (prod), and an invitation as member waits as well");
    let twice = vec![invitation("eve@x.io", Pending, "2027-01-01T00:00:00Z"); 2];
    let (kind, sentence) = only_finding(vec![], twice);
    assert_eq!(kind, FindingKind::SeveralInvitations);
    assert_eq!(sentence, "eve@x.io has 2 invitations to Acme (prod) that wait");
}

#[test]
fn an_invitation_that_ends_later_than_in_48_hours_does_not_stand_out() {
    let later = invitation("eve@x.io", InvitationStatus::Pending, "2026-06-03T12:00:01Z");
    let report = Report::of(&[snapshot(place("prod", "o1"), two_owners(), vec![later])], &[]);
    assert_eq!(kinds(&report), []);
}

#[test]
fn owners_are_counted_only_where_all_members_were_read() {
    let one = || vec![member("u1", "ada@x.io", Role::Owner), member("u2", "bob@x.io", Role::Member)];
    let none = || vec![member("u2", "bob@x.io", Role::Member)];
    let of = |snapshot: Snapshot| {
        let report = Report::of(&[snapshot], &[]);
        report.findings.iter().map(|one| (one.kind, one.person.clone())).collect::<Vec<_>>()
    };
    let sole = (FindingKind::SoleOwner, Some("ada@x.io".to_owned()));
    assert_eq!(of(snapshot(place("prod", "o1"), one(), vec![])), [sole]);
    assert_eq!(of(snapshot(place("prod", "o1"), none(), vec![])), [(FindingKind::NoOwnerSeen, None)]);
    for people in [one(), none()] {
        let mut partly = snapshot(place("prod", "o1"), people, vec![]);
        partly.members.errors.push(Error::new(ErrorKind::Protocol, "row 2 has no id"));
        assert_eq!(of(partly), [(FindingKind::UnreadableRow, None)]);
    }
    let mut without_owners =
        snapshot(place("prod", "o1"), vec![member("u1", "ada@x.io", Role::Admin)], vec![]);
    without_owners.top_role = Role::Admin;
    assert_eq!(of(without_owners), [(FindingKind::SoleOwner, Some("ada@x.io".to_owned()))]);
    let mut without_roles = snapshot(place("prod", "o1"), one(), vec![]);
    without_roles.members.rows.iter_mut().for_each(|member| member.role = None);
    assert_eq!(of(without_roles), []);
}

#[test]
fn one_account_in_two_organizations_of_a_provider_is_one_person() {
    let places = [place("prod", "o1"), place("prod", "o2")];
    let report = Report::of(&places.map(|place| snapshot(place, two_owners(), vec![])), &[]);
    assert_eq!(kinds(&report), []);
}

#[test]
fn the_people_asked_for_are_shown_with_what_could_not_be_read() {
    let eve = invitation("eve@x.io", InvitationStatus::Expired, "2026-05-31T00:00:00Z");
    let mut prod = snapshot(place("prod", "o1"), two_owners(), vec![eve]);
    prod.members.errors.push(Error::new(ErrorKind::Protocol, "row 2 has no id"));
    let asked = ["EVE@x.io", "u2", "nobody@x.io"].map(|text| Subject::parse(text).expect("a person"));
    let report = Report::of(&[prod], &[]);
    assert_eq!(report.absent(&asked), [&asked[2]]);
    let report = report.only(&asked);
    assert_eq!(shown(&report), ["bob@x.io prod member", "eve@x.io prod expired", " prod unreadable"]);
    assert_eq!(kinds(&report), [FindingKind::UnreadableRow, FindingKind::ExpiredInvitation]);
}

#[test]
fn a_roster_names_people_and_what_differs_from_it() {
    let roster = Roster::parse(
        r#"
        [people.ada]
        email = "ada@x.io"
        also = ["ada@old.io"]
        id.prod = "u9"
        [people.bob]
        email = "bob@x.io"
        [people.carl]
        email = "carl@x.io"
        [[access]]
        place = "prod"
        owner = ["ada"]
        member = ["bob", "carl"]
        exempt = ["bot@x.io"]
        "#,
    )
    .expect("a roster");
    let members = vec![
        member("u1", "ada@old.io", Role::Owner),
        member("u9", "", Role::Owner),
        member("u2", "bob@x.io", Role::Owner),
        member("u3", "eve@x.io", Role::Member),
        member("u4", "bot@x.io", Role::Member),
    ];
    let prod = snapshot(place("prod", "o1"), members, vec![]);
    let report = Report::against(&roster, std::slice::from_ref(&prod), &[]);
    let people: Vec<_> = report.rows.iter().map(|row| row.person.as_str()).collect();
    assert_eq!(people, ["ada", "ada", "bob", "bot@x.io", "eve@x.io"]);
    let mut sentences = report.findings.iter().map(|one| (one.kind, one.sentence.as_str()));
    let mut next = || sentences.next().expect("a finding");
    assert_eq!(next(), (FindingKind::SamePersonTwice, "ada <ada@old.io> is 2 accounts at prod: u1, u9"));
    assert_eq!(
        next(),
        (FindingKind::NotInRoster, "eve@x.io is member at Acme (prod) and not in the roster there")
    );
    assert_eq!(
        next(),
        (FindingKind::Missing, "carl is not at Acme (prod), and should be: roster line 13: carl → member")
    );
    assert_eq!(
        next(),
        (FindingKind::RoleDiffers, "bob is owner at Acme (prod): roster line 13: bob → member")
    );
    let mut partly = prod;
    partly.members.errors.push(Error::new(ErrorKind::Protocol, "row 2 has no id"));
    assert!(!kinds(&Report::against(&roster, &[partly], &[])).contains(&FindingKind::Missing));
}
