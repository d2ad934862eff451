use orgport_core::{AccountName, Email, Role};

use super::*;

const GOOD: &str = r#"
[people.ada]
email = "ada@acme.example"
also = ["ada@old.example"]
at.lab = "ada+iot@acme.example"
at."lab/Acme" = "ada+acme@acme.example"
id.models = "0f3c"

[people.bob]
email = "bob@acme.example"

[people.robot]
id.models = "77"

[groups]
platform = ["ada", "bob"]
bobs = ["bob"]
all = ["@platform", "robot"]

[[access]]
place = "models/tox"
any_role = ["@all"]

[[access]]
place = "lab/Acme"
owner = ["ada"]
member = ["bob", "@bobs"]
unmanaged = "remove"
exempt = ["service@acme.example", "0f00"]

[[access]]
place = "lab"

"#;

fn place(text: &str) -> PlaceName {
    PlaceName::parse(text).expect("a place")
}

#[test]
fn lists_name_people_by_name_and_by_group() {
    let roster = Roster::parse(GOOD).expect("it is right");
    let shown = |text: &str| -> Vec<String> {
        let access = roster.access_at(&place(text)).expect("it is there");
        access.wanted.iter().map(|(name, wanted)| format!("{name} ({wanted})")).collect()
    };
    assert_eq!(
        shown("models/tox"),
        [
            "ada (roster line 22: @all → any role)",
            "bob (roster line 22: @all → any role)",
            "robot (roster line 22: @all → any role)",
        ]
    );
    assert_eq!(
        shown("lab/Acme"),
        ["ada (roster line 26: ada → owner)", "bob (roster line 27: @bobs → member)"]
    );
    assert_eq!(shown("lab"), Vec::<String>::new());
    let acme = roster.access_at(&place("lab/Acme")).expect("it is there");
    assert_eq!(acme.unmanaged, Unmanaged::Remove);
    assert!(acme.is_exempt(&Email::verbatim("Service@ACME.example")) && acme.is_exempt_id("0f00"));
    assert!(!acme.is_exempt(&Email::verbatim("ada@acme.example")));
    assert_eq!(roster.rails(), &Rails::default());
}

#[test]
fn what_is_said_of_one_place_goes_before_what_is_said_of_its_provider() {
    let roster = Roster::parse(GOOD).expect("it is right");
    let ada = roster.person("ada").expect("she is there");
    let email = |text: &str| ada.email_at(&place(text)).map(Email::as_str);
    assert_eq!(email("prod"), Some("ada@acme.example"));
    assert_eq!(email("lab"), Some("ada+iot@acme.example"));
    assert_eq!(email("lab/Acme"), Some("ada+acme@acme.example"));
    assert_eq!(email("lab/Other"), Some("ada+iot@acme.example"));
    assert_eq!(ada.id_at(&place("models/tox")).map(ToString::to_string).as_deref(), Some("0f3c"));
    assert_eq!(ada.id_at(&place("lab")), None);
}

#[test]
fn everything_that_is_wrong_is_named_with_its_line_and_what_was_meant() {
    let wrong = r#"
peple = {}
include = ["missing.toml", 7]

[people.ada]
emial = "ada@acme.example"

[people.bob]
email = "bob at acme.example"
at.lab = 3
at."lab/" = "b@acme.example"

[people.cem]
email = "cem@acme.example"
also = ["Dua@acme.example", ""]
id.lab = "1"
id.models = ""

[people.dua]
email = "dua@acme.example"
id.lab = "1"

[people."@eve"]
email = "eve@acme.example"

[people.fay]
id.lab = "2"

[groups]
one = ["ceem", "@two"]
two = ["@one", "@tow"]
three = "cem"

[[access]]
place = "prod"
owner = ["cem", "fay"]
members = ["dua"]
member = ["@one", "dua",
  "cme"]
unmanaged = "raport"
exempt = ["dua@acme.example", "no address @ all"]

[[access]]
owner = ["dua"]

[[access]]
place = "prod"

[[access]]
place = "twice"
viewer = ["dua"]
editor = ["dua", "dua"]
any_role = ["dua"]

[[access]]
place = "/x"
admin = "cem"

[rails]
max_removals = "lots"
max_mails = -1
min_owner = 2
protect = ["bbo"]
"#;
    let faults = Roster::parse(wrong).expect_err("it is wrong");
    insta::assert_snapshot!(faults);
}

#[test]
fn a_text_that_is_no_toml_is_one_fault() {
    let faults = Roster::parse("[people.ada\n").expect_err("it is no TOML");
    assert_eq!(faults.errors().len(), 1);
    assert!(faults.to_string().starts_with("the roster, line 1: "), "{faults}");
}

#[test]
fn included_files_add_people_groups_and_access() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("people.toml", "[people.ada]\nemail = \"ada@acme.example\"\n[groups]\nall = [\"ada\"]\n");
    let main = "include = [\"people.toml\"]\n[[access]]\nplace = \"prod\"\nmember = [\"@all\"]\n";
    write("team.toml", main);
    let roster = Roster::load(folder.path().join("team.toml")).expect("it is right");
    assert_eq!(roster.person("ada").expect("included").line.to_string(), "people.toml line 1");
    let digest = roster.digest().to_owned();

    write("people.toml", "[people.ada]\nemail = \"ada@old.example\"\n[groups]\nall = [\"ada\"]\n");
    let changed = Roster::load(folder.path().join("team.toml")).expect("it is right");
    assert_ne!(digest, changed.digest(), "an included file is a part of the roster");

    write("people.toml", "include = []\n[rails]\n[people.ada]\n[people.bob]\n[groups]\nall = [\"bbo\"]\n");
    write("team.toml", &format!("{main}[people.bob]\nemail = \"bob@acme.example\"\n"));
    let faults = Roster::load(folder.path().join("team.toml")).expect_err("it is wrong");
    let shown = faults.to_string().replace(&folder.path().display().to_string(), "FOLDER");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_place_of_a_provider_that_does_not_exist_is_refused() {
    let roster = Roster::parse(GOOD).expect("it is right");
    assert!(roster.check_providers(&["lab", "models"]).is_ok());
    let faults = roster.check_providers(&["lav", "prod"]).expect_err("they do not exist");
    insta::assert_snapshot!(faults);
}

#[test]
fn rails_are_numbers_and_shares() {
    let rails = |text: &str| Roster::parse(&format!("[rails]\n{text}")).map(|roster| roster.rails().clone());
    let read = rails("max_removals = \"25%\"\nmax_mails = 0\nmin_owners = 2\nprotect = []").expect("right");
    assert_eq!((read.max_removals, read.max_mails, read.min_owners), (MaxRemovals::Percent(25), 0, 2));
    assert!(rails("max_removals = \"101%\"").is_err() && rails("max_removals = -1").is_err());
    let of = |max: MaxRemovals| [0, 3, 4, 7, 8, 100].map(|members| max.of(members));
    assert_eq!(of(MaxRemovals::Percent(25)), [1, 1, 1, 1, 2, 25], "rounded down, at least 1");
    assert_eq!(of(MaxRemovals::Percent(0)), [0; 6]);
    assert_eq!(of(MaxRemovals::Count(2)), [2; 6]);
}

#[test]
fn the_role_of_every_list_is_its_name() {
    for role in Role::KNOWN {
        let text =
            format!("[people.ada]\nemail = \"ada@x.io\"\n[[access]]\nplace = \"prod\"\n{role} = [\"ada\"]\n");
        let roster = Roster::parse(&text).expect("it is right");
        let access = roster.access_at(&place("prod")).expect("it is there");
        assert_eq!(access.wanted["ada"].role.as_ref(), Some(role));
    }
}

#[test]
fn people_are_found_and_exempt_by_account() {
    let text =
        "[people]\nada.account.code = \"ada.l\"\n[[access]]\nplace = \"code\"\nexempt = [\"@First.Last\"]\n";
    let roster = Roster::parse(text).expect("it is right");
    assert_eq!(roster.find("@Ada.L").map(|(name, _)| name.to_owned()), Ok("ada".to_owned()));
    let account = |name: &str| AccountName::new(name).expect("a name");
    let code = roster.access_at(&place("code")).expect("it is there");
    assert!(code.is_exempt_account(&account("first.last")) && !code.is_exempt_account(&account("ada.l")));

    for (text, expected) in [
        ("exempt = [\"@a b\"]", "is not the name of an account"),
        ("exempt = [\"@ada.l\"]\nmember = [\"ada\"]", "names ada, who is exempt here"),
    ] {
        let text = format!("[people]\nada.account.code = \"ada.l\"\n[[access]]\nplace = \"code\"\n{text}\n");
        let faults = Roster::parse(&text).expect_err("it is wrong").to_string();
        assert!(faults.contains(expected), "{faults}");
    }
    let two = "[people]\nada.account.code = \"ada\"\nbob.account.code = \"ADA\"\n";
    let faults = Roster::parse(two).expect_err("it is one account").to_string();
    assert!(faults.contains("has ADA, which is ada's already"), "{faults}");
    let faults = Roster::parse(&two.replace("bob.account.code", "bob.account.lab")).expect("two providers");
    assert!(faults.check_providers(&["code"]).expect_err("no lab").to_string().contains("names lab"));
}
