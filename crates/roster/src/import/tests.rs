use std::fs;

use orgport_core::{Email, InvitationStatus, Role, UserId};

use super::*;
use crate::plan::examples::{name, site};
use crate::plan::{Carried, plan};
use crate::roster::PlaceName;

const PENDING: InvitationStatus = InvitationStatus::Pending;

/// Two places with what rosters seldom have.
fn sites() -> Vec<Site> {
    let mut prod = site("prod")
        .member("Ada.Lovelace+x@acme.example", Some(Role::Owner))
        .member("bob@acme.example", Some(Role::Viewer))
        .member("bob@other.example", Some(Role::Other("odd".to_owned())))
        .member("cem@acme.example", Some(Role::Viewer))
        .invited("CEM@acme.example", Some(Role::Owner), PENDING)
        .invited("dua@acme.example", Some(Role::Member), PENDING)
        .invited("dua@acme.example", Some(Role::Admin), PENDING)
        .invited("eve@acme.example", None, PENDING)
        .invited("gone@acme.example", Some(Role::Member), InvitationStatus::Expired)
        .invited("no address", Some(Role::Member), PENDING)
        .member("u-7", Some(Role::Member))
        .member("nobody", Some(Role::Member))
        .member("\u{627}\u{628}@acme.example", None);
    prod.snapshot.members.rows[4].user_id = Some(UserId::new("u-7").expect("not empty"));
    prod.snapshot.members.rows[4].name = Some("The \"Robot\"".to_owned());
    prod.snapshot.members.rows[5].user_id = None;
    let mut lab = site("lab").member("bob@acme.example", Some(Role::Admin));
    lab = (0..8).fold(lab, |lab, number| lab.member(&format!("p{number}@acme.example"), Some(Role::Member)));
    lab.name = PlaceName::parse("lab/Ac\"me").expect("a place");
    vec![prod, lab]
}

#[test]
fn what_is_there_becomes_a_roster_that_plans_to_nothing() {
    let text = import(&sites());
    insta::assert_snapshot!(text);
    let roster = Roster::parse(&text).expect("it is right");
    let planned = plan(&roster, &sites(), &Carried::default());
    assert!(planned.is_empty() && !planned.is_blocked(), "{planned}");
    assert!(
        planned.places.iter().all(|place| place.unmanaged.iter().all(|one| one.who == "no address")),
        "{planned}"
    );
    assert_eq!(import(&[]), "");
}

#[test]
fn accounts_are_written_at_their_providers_and_make_one_person_of_several_rows() {
    let mut code = site("code/acme")
        .member("@octocat", Some(Role::Owner))
        .member("@First.Last", Some(Role::Member))
        .invited("@hubot", Some(Role::Member), PENDING);
    code.snapshot.members.rows[1].email = Some(Email::verbatim("first@acme.example"));
    let more = site("code/labs").member("@OCTOCAT", Some(Role::Member)).member("@hubot", Some(Role::Owner));
    let mail = site("mail").member("first@acme.example", Some(Role::Member));
    let sites = [code, more, mail];
    let text = import(&sites);
    let people = text.split("\n[[access]]").next().unwrap_or_default();
    let expected = [
        "[people.first]\nemail = \"first@acme.example\"\naccount.code = \"First.Last\"\n",
        "[people.hubot]\naccount.code = \"hubot\"\n",
        "[people.octocat]\naccount.code = \"octocat\"\n",
    ];
    assert_eq!(people, expected.join("\n"));
    let roster = Roster::parse(&text).expect("it is right");
    let planned = plan(&roster, &sites, &Carried::default());
    assert!(planned.is_empty() && !planned.is_blocked(), "{planned}");
}

#[test]
fn an_exempt_account_is_not_imported() {
    let text =
        "[people.ada]\nemail = \"ada@x.io\"\n[[access]]\nplace = \"code\"\nexempt = [\"@First.Last\"]\n";
    let roster = Roster::parse(text).expect("it is right");
    let mut names = Names::of(Some(&roster), &[]);
    let (place, code) = (name("code"), site("code").member("@first.last", None).member("@octocat", None));
    names.enter(&place);
    assert!(names.member(&code.snapshot.members.rows[0]).is_none(), "exempt");
    assert_eq!(names.member(&code.snapshot.members.rows[1]).as_deref(), Some("octocat"));
}

const TEAM: &str = r#"# Who we are.
include = ["lab.toml"]

[people.ada]   # our first
email = "ada@acme.example"
also = ["ada.lovelace+x@acme.example"]

[people]
bob.email = "bob@acme.example"

[groups]
all = ["ada", "bob"]

[[access]] # the product
place = "prod"
owner = ["ada"]
viewer = [
    "bob", # for a while
]
exempt = ["cem@acme.example"]

[rails]
max_mails = 3 # careful
"#;

const LAB: &str = r#"[[access]]
place = "lab/Ac\"me"
member = ["bob"]  # no admin, whatever the vendor says
"#;

#[test]
fn a_roster_gets_what_is_new_and_keeps_the_rest_as_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let (team, lab) = (folder.path().join("team.toml"), folder.path().join("lab.toml"));
    fs::write(&team, TEAM).expect("written");
    fs::write(&lab, LAB).expect("written");
    let load = || Roster::load(&team).unwrap_or_else(|faults| panic!("{faults}"));
    let mut all = sites();
    all.push(site("new").member("p1@acme.example", Some(Role::Editor)));
    let changed = merge(&load(), &all).expect("it can be read");
    assert_eq!(changed.iter().map(|(path, _)| path).collect::<Vec<_>>(), [&team, &lab]);
    for (path, text) in &changed {
        fs::write(path, text).expect("written");
    }
    insta::assert_snapshot!("team", changed[0].1);
    insta::assert_snapshot!("lab", changed[1].1);
    let roster = load();
    let planned = plan(&roster, &all, &Carried::default());
    let left: Vec<_> =
        planned.actions().map(|(place, action)| format!("{}: {}", place.name, action.change)).collect();
    assert_eq!(left, ["lab/Ac\"me: lower bob@acme.example from admin to member"], "as it was written before");
    assert!(merge(&roster, &all).expect("it can be read").is_empty(), "nothing is new by now");
    assert_eq!(roster.rails().max_mails, 3);
    assert!(roster.access_at(&name("new")).is_some());
}

#[test]
fn a_roster_that_is_gone_by_now_is_told() {
    let roster = Roster::parse("").expect("it is right");
    let error = merge(&roster, &[]).expect_err("a text is no file");
    assert!(error.message().starts_with("the roster cannot be read"), "{error}");
}

#[test]
fn tables_that_are_written_in_line_are_added_to_in_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("team.toml");
    fs::write(&file, "people = { ada = { email = \"ada@x.example\" } }\naccess = [{ place = \"prod\", owner = [\"ada\"] }]\n")
        .expect("written");
    let roster = Roster::load(&file).expect("it is right");
    let there =
        [site("prod").member("bob@x.example", Some(Role::Owner)), site("lab").member("u@x.example", None)];
    let changed = merge(&roster, &there).expect("it can be read");
    fs::write(&file, &changed[0].1).expect("written");
    insta::assert_snapshot!(changed[0].1);
    let roster = Roster::load(&file).unwrap_or_else(|faults| panic!("{faults}"));
    let planned = plan(&roster, &there, &Carried::default());
    let left: Vec<_> = planned.actions().map(|(_, action)| action.change.to_string()).collect();
    assert_eq!(left, ["invite ada@x.example as owner"], "who is not there is none that is new");
}
