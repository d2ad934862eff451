//! Writes access pages for a browser to be tried on: `pages DIRECTORY URL`. Whatever the hostile one
//! could be made to load would come from the URL, where the test listens.

use std::path::Path;
use std::{env, fs};

use orgport::roster::access::Report;
use orgport::roster::{Listing, Missed, PlaceId, Snapshot, html};
use orgport::{
    Email, Error, ErrorKind, Invitation, InvitationId, InvitationStatus, Member, MemberId, Organization,
    OrganizationId, Role, Timestamp, UserId,
};

const VERSION: &str = "9.9.9-test";

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [directory, url] = &arguments[..] else { panic!("usage: pages DIRECTORY URL") };
    let write = |name: &str, report: &Report| {
        fs::write(Path::new(directory).join(name), html::page(report, VERSION)).expect("it can be written");
    };
    write("few.html", &few());
    write("many.html", &many());
    write("hostile.html", &hostile(url));
    write("empty.html", &Report::of(&[], &[]));
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn snapshot(place: PlaceId, name: &str, members: Vec<Member>, invitations: Vec<Invitation>) -> Snapshot {
    let organization = Organization::new(place.organization.clone(), name);
    let (members, invitations) = (Listing::whole(members), Listing::whole(invitations));
    Snapshot::new(place, Ok(organization), members, invitations, time("2026-06-01T12:00:00Z"))
}

fn place(provider: &str, kind: &str, organization: &str) -> PlaceId {
    PlaceId::new(provider, kind, OrganizationId::new(organization).expect("an id"))
}

fn member(id: &str, email: &str, name: &str, role: Role) -> Member {
    let mut member = Member::new(MemberId::new(id).expect("an id"));
    member.user_id = Some(UserId::new(id).expect("an id"));
    member.email = Some(email).filter(|email| !email.is_empty()).map(Email::verbatim);
    member.name = Some(name.to_owned());
    member.role = Some(role);
    member.joined_at = Some(time("2025-03-04T05:06:07Z"));
    member
}

fn invitation(email: &str, status: InvitationStatus, expires: &str) -> Invitation {
    let mut invitation = Invitation::new(InvitationId::new("door-opening-code").expect("an id"), status);
    invitation.email = Some(Email::verbatim(email));
    invitation.role = Some(Role::Member);
    invitation.created_at = Some(time("2026-05-20T00:00:00Z"));
    invitation.expires_at = Some(time(expires));
    invitation
}

/// Three people at three places, one of which could not be reached.
fn few() -> Report {
    let prod = snapshot(
        place("prod", "koyeb", "o1").configured(),
        "Acme",
        vec![
            member("u1", "ada@acme.example", "Ada Lovelace", Role::Owner),
            member("u2", "bob@acme.example", "Bob", Role::Viewer),
        ],
        vec![invitation("eve@acme.example", InvitationStatus::Expired, "2026-05-30T00:00:00Z")],
    );
    let lab = snapshot(
        place("lab", "losant", "o2"),
        "Lab",
        vec![
            member("v2", "bob@acme.example", "Bob", Role::Owner),
            member("v1", "ADA@acme.example", "Ada Lovelace", Role::Admin),
        ],
        vec![invitation("ada@acme.example", InvitationStatus::Pending, "2027-01-01T00:00:00Z")],
    );
    let down = Error::new(ErrorKind::Connection, "no connection could be made").from_provider("shop");
    let mut shop = Missed::provider("shop", down);
    "trieve".clone_into(&mut shop.kind);
    Report::of(&[prod, lab], &[shop])
}

/// Three thousand people at ten places.
fn many() -> Report {
    let kinds = ["nuextract", "jaqpot", "koyeb", "trieve", "losant"];
    let roles = [Role::Owner, Role::Admin, Role::Editor, Role::Member, Role::Viewer];
    let at = |column: usize| {
        let here = (0..3_000).filter(move |person| person % 10 == column || person % 7 == column);
        let of = |person: usize| {
            let (id, email) = (format!("u{column}-{person}"), format!("person{person:04}@acme.example"));
            let role = roles[(person + column) % roles.len()].clone();
            member(&id, &email, &format!("Person {person:04}"), role)
        };
        let (members, invited): (Vec<_>, Vec<_>) =
            here.map(of).partition(|one| one.id.as_str().len() % 3 > 0);
        let invited = invited.iter().map(|one| {
            let email = one.email.as_ref().expect("each has one").as_str();
            invitation(email, InvitationStatus::Pending, "2026-06-02T00:00:00Z")
        });
        let kind = kinds[column / 2];
        let id = place(&format!("{kind}-eu"), kind, &format!("organization-{column}"));
        snapshot(id, &format!("Organization {column}"), members, invited.collect())
    };
    Report::of(&(0..10).map(at).collect::<Vec<_>>(), &[])
}

/// Names that would do something if they were obeyed.
fn hostile(url: &str) -> Report {
    let names = [
        format!("<img src={url}/img onerror=\"alert(1)\">"),
        format!("</td></tr></table><script src={url}/script></script><script>alert(2)</script>"),
        format!("\" onmouseover=\"alert(3)\" style=\"background:url({url}/css)"),
        format!("<style>@import url({url}/import);</style><link rel=stylesheet href={url}/link>"),
        "<a href=\"javascript:alert(4)\">me</a>&lt;b&gt;&amp;".to_owned(),
        "\u{202e}gnp.exe\u{2066}\0\u{1b}[31m".to_owned(),
        format!("<meta http-equiv=refresh content=\"0;url={url}/refresh\"><base href={url}/>"),
        "{{constructor.constructor('alert(5)')()}}".to_owned(),
    ];
    let members = names.iter().enumerate().map(|(index, name)| {
        let role = Role::Other(format!("{name} role"));
        let mut member = member(&format!("{name} {index}"), &format!("{name}@x.example"), name, role);
        member.native_role = Some(name.clone());
        member
    });
    let mut id = place(&names[2], &names[1], &format!("{} id", names[0]));
    id.kind.clone_from(&names[4]);
    let mut hostile = snapshot(id, &names[1], members.collect(), vec![]);
    let words = InvitationStatus::Unknown(names[0].clone());
    hostile.invitations.rows.push(invitation(
        "\"><script>alert(6)</script>@x.example",
        words,
        "2027-01-01T00:00:00Z",
    ));
    hostile.members.errors.push(Error::new(ErrorKind::Protocol, names[1].clone()));
    Report::of(
        &[hostile],
        &[Missed::provider(&names[0], Error::new(ErrorKind::Connection, names[3].clone()))],
    )
}
