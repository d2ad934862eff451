//! One change for many people: who is meant, price, limits, and an outcome for each.

use std::collections::BTreeSet;
use std::time::Duration;

use orgport_sandbox::{Fault, FaultKind, Sandbox};
use serde_json::Value;

use crate::support::{Desk, VENDORS, ended, role, sandbox, signal};

fn people(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p{number}@acme.example")).collect()
}

async fn invite(desk: &Desk, vendor: &str, people: &[String]) {
    let people: Vec<_> = people.iter().map(String::as_str).collect();
    let arguments = [&["invitation", "create"], role(vendor), &people[..]].concat();
    let run = desk.run(&arguments).await;
    assert_eq!(run.code, Some(0), "{vendor}: {run:?}");
}

fn words<'a>(outcomes: &'a Value, member: &str) -> Vec<&'a str> {
    let word = |row: &'a Value| row[member].as_str().unwrap_or_default();
    outcomes.as_array().expect("an array").iter().map(word).collect()
}

/// Requests that change something.
fn changes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|one| one.method != "GET").count()
}

fn listed(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|one| one.method == "GET").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_resent_and_revoked_on_every_vendor_with_an_outcome_each() {
    let sandbox = sandbox().await;
    for vendor in VENDORS {
        let desk = Desk::at(&sandbox, vendor);
        invite(&desk, vendor, &people(3)).await;
        let resend = ["--format", "json", "invitation", "resend"];
        let named = ["p2@acme.example", "unknown@acme.example", "p0@acme.example", "P2@acme.example"];
        let run = desk.run(&[&resend[..], &named].concat()).await;
        let outcomes = run.json();
        assert_eq!(run.code, Some(10), "{vendor}: one is unknown: {run:?}");
        assert_eq!(words(&outcomes, "outcome"), ["resent", "failed", "resent"], "{vendor}: {outcomes}");
        assert_eq!(words(&outcomes, "person"), &named[..3], "in their order, each once");
        assert_eq!(outcomes[1]["error"]["kind"], "not_found", "{vendor}");
        assert_eq!(outcomes[0]["invitation"]["status"], "pending", "{vendor}");
        assert!(outcomes[0]["provider"] == vendor && outcomes[0]["organization"].is_string(), "{vendor}");

        desk.write("people.csv", "email\np0@acme.example\np1@acme.example\n");
        let revoke = ["--format", "json", "invitation", "revoke", "--from", "people.csv", "--yes"];
        let run = desk.run(&revoke).await;
        if vendor == "jaqpot" {
            assert_eq!(run.code, Some(7), "it has no such call: {run:?}");
            continue;
        }
        assert_eq!(run.code, Some(0), "{vendor}: {run:?}");
        assert_eq!(words(&run.json(), "outcome"), ["revoked", "revoked"], "{vendor}");
        let left = desk.json(&["invitation", "list", "--status", "pending"]).await;
        assert_eq!(words(&left, "email"), ["p2@acme.example"], "{vendor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing_but_reads_and_says_the_price() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "jaqpot");
    invite(&desk, "jaqpot", &people(12)).await;
    sandbox.clear_requests();
    let run = desk
        .run(&["--format", "json", "invitation", "resend", "--email", "@acme.example", "--dry-run"])
        .await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(words(&run.json(), "outcome"), ["would_resend"; 12]);
    let price = "12 people: at least 12 requests, 12 mails, 3m waiting; nothing was sent but reads";
    assert!(run.notes().iter().any(|note| note == price), "{:?}", run.notes());
    assert_eq!((changes(&sandbox), listed(&sandbox)), (0, 1), "one list for all of them");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_price_is_what_is_sent_at_least() {
    let sandbox = sandbox().await;
    for vendor in VENDORS {
        let desk = Desk::at(&sandbox, vendor);
        invite(&desk, vendor, &people(2)).await;
        let resend = ["--format", "json", "invitation", "resend", "p0@acme.example", "p1@acme.example"];
        let planned = desk.run(&[&resend[..], &["--dry-run"]].concat()).await;
        let note = planned.notes().join(" ");
        let number = |before: &str| -> usize {
            let words: Vec<_> = note.split_whitespace().collect();
            let at = words.iter().position(|word| word.starts_with(before)).expect("it is told");
            words[at - 1].parse().expect("a number")
        };
        sandbox.clear_requests();
        assert_eq!(desk.run(&resend).await.code, Some(0), "{vendor}");
        let sent = sandbox.requests().len();
        // Beside it: the list by which they are found, and what a vendor's own call needs to know.
        assert!((number("request")..=number("request") + 7).contains(&sent), "{vendor}: {sent}, {note}");
        assert_eq!(number("mail"), 2, "{vendor}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn many_resends_wait_for_the_limiter_and_end_well_when_interrupted() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "jaqpot");
    invite(&desk, "jaqpot", &people(12)).await;
    sandbox.clear_requests();
    let child = desk.spawn(&["--format", "json", "invitation", "resend", "--status", "pending"]);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while changes(&sandbox) < 9 {
        assert!(tokio::time::Instant::now() < deadline, "nine pass at once");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(changes(&sandbox), 9, "the tenth waits");
    signal(&child, "INT");
    let run = ended(child).await;
    assert_eq!(run.code, Some(130), "{run:?}");
    let outcomes = run.json();
    let count = |word: &str| words(&outcomes, "outcome").into_iter().filter(|one| *one == word).count();
    assert_eq!((count("resent"), count("failed")), (9, 3), "{outcomes}");
    let kinds = outcomes.as_array().expect("an array").iter().filter_map(|row| row["error"]["kind"].as_str());
    assert_eq!(kinds.collect::<Vec<_>>(), ["cancelled"; 3]);
    assert!(run.error()["message"].as_str().is_some_and(|text| text.contains("9 resent")), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_say_who_is_meant() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    invite(&desk, "losant", &people(2)).await;
    let other = ["invitation", "create", "eve@other.example", "--role", "editor"];
    assert_eq!(desk.run(&other).await.code, Some(0));
    let planned = async |filters: &[&str]| {
        let revoke = ["--format", "json", "invitation", "revoke", "--dry-run"];
        let run = desk.run(&[&revoke[..], filters].concat()).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        // Invitations that were sent at once stand in any order.
        words(&run.json(), "person").into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let expected = |people: &[String]| people.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(planned(&["--role", "editor"]).await, expected(&["eve@other.example".to_owned()]));
    assert_eq!(planned(&["--email", "@acme.example"]).await, expected(&people(2)));
    assert_eq!(planned(&["--status", "expired"]).await, expected(&[]));
    // The sandbox's day is long past.
    assert_eq!(planned(&["--older-than", "1d", "--role", "viewer"]).await, expected(&people(2)));
    assert_eq!(planned(&["--older-than", "5000w"]).await, expected(&[]));
    assert_eq!(planned(&["--expires-within", "1h", "--role", "viewer"]).await, expected(&people(2)));
    let narrowed = ["p0@acme.example", "eve@other.example", "--role", "viewer"];
    assert_eq!(planned(&narrowed).await, expected(&people(1)), "names are narrowed");
    desk.write("nobody.csv", "email,role\n");
    desk.write("empty.csv", "");
    for (arguments, code) in [
        (&["invitation", "revoke", "--yes"][..], 2),
        (&["invitation", "revoke", "--role", "king", "--yes"], 2),
        (&["invitation", "revoke", "--older-than", "7", "--yes"], 2),
        (&["invitation", "revoke", "p0@acme.example", "p1@acme.example"], 2),
        (&["member", "remove", "--from", "missing.csv", "--yes"], 2),
        // A list of nobody is not everybody who passes a filter.
        (&["member", "remove", "--from", "nobody.csv", "--role", "viewer", "--yes"], 2),
        (&["member", "set-role", "editor", "--from", "nobody.csv", "--role", "viewer", "--yes"], 2),
        (&["invitation", "revoke", "--from", "nobody.csv", "--status", "pending", "--yes"], 2),
        (&["invitation", "resend", "--from", "empty.csv", "--status", "pending"], 2),
        (&["member", "remove", "--yes"], 2),
        (&["member", "set-role", "viewer"], 2),
        (&["member", "set-role", "a@x.example", "b@x.example", "king", "--yes"], 2),
    ] {
        sandbox.clear_requests();
        let run = desk.run(arguments).await;
        assert_eq!((run.code, changes(&sandbox)), (Some(code), 0), "{arguments:?}: {run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_changed_and_removed_many_at_once() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let set = ["member", "set-role", "editor@losant.example", "viewer@losant.example", "nobody@x.example"];
    let run = desk.run(&[&["--format", "json"], &set[..], &["collaborator", "--yes"]].concat()).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let outcomes = run.json();
    assert_eq!(words(&outcomes, "outcome"), ["role_set", "role_set", "failed"], "{outcomes}");
    assert_eq!(outcomes[0]["role"], "collaborator");
    let members = desk.json(&["member", "list", "--role", "collaborator"]).await;
    assert_eq!(members.as_array().map(Vec::len), Some(2), "{members}");

    desk.write("roles.csv", "email,role\neditor@losant.example,editor\nviewer@losant.example,\n");
    let run = desk.run(&["member", "set-role", "viewer", "--from", "roles.csv", "--yes"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let members = desk.json(&["member", "list", "--name", "vera"]).await;
    assert_eq!(words(&members, "role"), ["viewer"], "the file's role goes first: {members}");

    let all = ["--format", "json", "member", "remove", "--email", "@losant.example", "--yes"];
    let run = desk.run(&all).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(words(&run.json(), "outcome"), ["removed", "removed"]);
    assert!(
        run.notes().iter().any(|note| note.contains("admin@losant.example") && note.contains("left out"))
    );
    assert_eq!(words(&desk.json(&["member", "list"]).await, "email"), ["admin@losant.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_read_is_never_read_as_absence() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__HTTP__READ_ATTEMPTS", "1");
    let down = FaultKind::Html { status: 503, commit: false };
    sandbox.fault(Fault::new("losant", down).method("GET").always()).expect("set");
    for arguments in [
        &["member", "remove", "editor@losant.example", "viewer@losant.example", "--yes"][..],
        &["member", "remove", "--email", "@losant.example", "--yes"],
        &["invitation", "revoke", "--status", "pending", "--yes"],
    ] {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, Some(8), "{arguments:?}: {run:?}");
    }
    assert_eq!(changes(&sandbox), 0);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn many_are_asked_about_once_by_name_and_with_their_number() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let remove = ["member", "remove", "viewer@losant.example", "admin@losant.example", "nobody@x.example"];
    let run = desk.run_at_terminal(&remove, "n\n").await;
    assert_eq!(run.code, Some(1), "{run:?}");
    for told in [
        "viewer@losant.example (Vera Viewer, viewer)",
        "you, admin@losant.example",
        "not nobody@x.example: there is no member",
        "Remove these 2 people from Sandbox Organization at losant? [y/N]",
    ] {
        assert!(run.stdout.contains(told), "{told}: {run:?}");
    }
    assert_eq!(run.stdout.matches("[y/N]").count(), 1);
    assert_eq!(changes(&sandbox), 0);
    let two = ["member", "remove", "viewer@losant.example", "editor@losant.example"];
    let run = desk.run_at_terminal(&two, "y\n").await;
    assert!(run.code == Some(0) && run.stdout.contains("2 removed"), "{run:?}");
}
