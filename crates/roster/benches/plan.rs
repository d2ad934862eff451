//! How long it takes to plan for 5,000 people at five places, of whom every tenth is not as the roster
//! says: `cargo bench -p orgport-roster`.
//!
//! Fails if a plan takes longer than a second.

use std::fmt::Write;
use std::time::{Duration, Instant};

use orgport_core::{
    Capability, Email, Invitation, InvitationId, InvitationStatus, Member, MemberId, Operations,
    Organization, OrganizationId, Role, Support, Timestamp,
};
use orgport_roster::{Carried, Listing, PlaceId, PlaceName, Roster, Site, Snapshot, import, plan};

const PLACES: usize = 5;
const PEOPLE: usize = 5_000;
const ROUNDS: u32 = 10;
const MOST: Duration = Duration::from_secs(1);

fn main() {
    let text = text();
    let (read, roster) = timed(|| Roster::parse(&text).expect("it is right"));
    let sites: Vec<_> = (0..PLACES).map(site).collect();
    let (planned, plan) = timed(|| plan(&roster, &sites, &Carried::default()));
    let (shown, _) = timed(|| (plan.to_string(), plan.markdown(), serde_json::to_string(&plan)));
    let (imported, _) = timed(|| import(&sites));
    let changes = plan.actions().count();
    println!("{PEOPLE} people at {PLACES} places, {changes} changes");
    for (what, took) in
        [("roster read", read), ("planned", planned), ("shown in three ways", shown), ("imported", imported)]
    {
        println!("{what:>20} {:8.1} ms", took.as_secs_f64() * 1_000.0);
    }
    assert!(changes > PEOPLE * PLACES / 10, "there is something to plan");
    assert!(planned < MOST, "a plan took {planned:?}");
}

/// The mean time of one call, and what the last one returned.
fn timed<T>(work: impl Fn() -> T) -> (Duration, T) {
    let mut last = work();
    let began = Instant::now();
    for _ in 0..ROUNDS {
        last = work();
    }
    (began.elapsed() / ROUNDS, last)
}

fn email(person: usize) -> String {
    format!("person{person}@people.example")
}

/// Everybody is at every place.
fn text() -> String {
    let mut text = String::new();
    for person in 0..PEOPLE {
        let (email, also) = (email(person), format!("p{person}@old.example"));
        writeln!(text, "[people.p{person}]\nemail = {email:?}\nalso = [{also:?}]").expect("text");
    }
    let names: Vec<_> = (10..PEOPLE).map(|person| format!("\"p{person}\"")).collect();
    writeln!(text, "[groups]\nall = [{}]", names.join(", ")).expect("text");
    let owners: Vec<_> = (0..10).map(|person| format!("\"p{person}\"")).collect();
    for place in 0..PLACES {
        let owners = owners.join(", ");
        writeln!(
            text,
            "[[access]]\nplace = \"p{place}\"\nowner = [{owners}]\nmember = [\"@all\"]\nunmanaged = \"remove\""
        )
        .expect("text");
    }
    text + "[rails]\nmax_removals = \"100%\"\nmax_mails = 100000\n"
}

/// Of ten people one is not there, is invited, has another role, or is somebody else.
fn site(place: usize) -> Site {
    let organization = OrganizationId::new("acme").expect("not empty");
    let name = PlaceName::parse(&format!("p{place}")).expect("a place");
    let id = PlaceId::new(name.as_str(), "memory", organization.clone()).configured();
    let (mut members, mut invitations) = (Vec::new(), Vec::new());
    for person in 0..PEOPLE {
        let role = if person < 10 { Role::Owner } else { Role::Member };
        match person % 40 {
            10 => {}
            20 => invitations.push(invited(person, Role::Viewer)),
            30 => members.push(member(person, &email(person), Role::Viewer)),
            39 => members.push(member(person, &format!("stranger{person}@y.example"), role)),
            _ => members.push(member(person, &email(person), role)),
        }
    }
    let organization = Ok(Organization::new(organization, "Acme"));
    let at = Timestamp::parse("2026-01-01T00:00:00Z").expect("a time");
    let snapshot = Snapshot::new(id, organization, Listing::whole(members), Listing::whole(invitations), at);
    let mut capability = Capability::nothing("not here");
    capability.operations = Operations::all(&Support::Native);
    capability.roles_at_invite = Role::KNOWN.to_vec();
    capability.roles_at_set_role = Role::KNOWN.to_vec();
    Site::new(name, snapshot, capability)
}

fn member(person: usize, email: &str, role: Role) -> Member {
    let mut member = Member::new(MemberId::new(format!("m{person}")).expect("not empty"));
    member.email = Some(Email::verbatim(email));
    member.role = Some(role);
    member
}

fn invited(person: usize, role: Role) -> Invitation {
    let id = InvitationId::new(format!("i{person}")).expect("not empty");
    let mut invitation = Invitation::new(id, InvitationStatus::Pending);
    invitation.email = Some(Email::verbatim(email(person)));
    invitation.role = Some(role);
    invitation
}
