//! Out everywhere, with proof.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use orgport_sandbox::{Fault, FaultKind};
use serde_json::Value;

use crate::everywhere::{ADDRESSED, Everywhere, GRACE, rows};
use crate::support::{Desk, ended, sandbox, signal};

fn evidence(desk: &Desk, name: &str) -> Value {
    let text = fs::read_to_string(desk.path().join(name)).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What stays of Grace anywhere. Old invitations that she accepted let nobody in.
async fn states(world: &Everywhere) -> Vec<String> {
    let table = world.desk.json(&["access", "--all-orgs"]).await;
    let hers = rows(&table, "address", GRACE).into_iter().filter(|row| row["state"] != "accepted");
    hers.map(|row| format!("{} {}", row["provider"], row["state"]).replace('"', "")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_puts_a_person_out_everywhere_and_proves_it() {
    let world = Everywhere::new().await;
    let arguments = ["--format", "json", "offboard", GRACE, "--all-orgs", "--yes", "--evidence", "gone.json"];
    let run = world.desk.run(&arguments).await;
    // The vendor that neither revokes nor removes leaves two things to do.
    assert_eq!(run.code, Some(10), "{run:?}");
    let told = run.json();
    assert_eq!(rows(&told, "outcome", "done").len(), 2 * 4, "{told}");
    let left = rows(&told, "outcome", "left");
    assert_eq!(left.len(), 2);
    for row in &left {
        assert_eq!((&row["provider"], &row["reason"]), (&"jaqpot".into(), &"unsupported".into()), "{row}");
        assert!(row["because"].is_string() && row["by_hand"].is_string(), "{row}");
    }
    assert!(left.iter().any(|row| row["until"].is_string()), "until when the invitation lives: {left:?}");
    assert_eq!(states(&world).await, ["jaqpot pending", "jaqpot member"]);

    let proof = evidence(&world.desk, "gone.json");
    assert_eq!((&proof["verdict"], &proof["stopped"]), (&"left".into(), &false.into()));
    assert_eq!(proof["places"].as_array().map(Vec::len), Some(12));
    let calls: Vec<_> =
        requests(&proof).iter().map(|one| one["call"].as_str().expect("a call").to_owned()).collect();
    let changes = world.changes();
    let told: Vec<_> = calls.iter().filter(|call| !call.starts_with("GET")).collect();
    assert_eq!(told.len(), changes.len(), "every change is in it, and nothing else: {calls:?}, {changes:?}");
    assert!(requests(&proof).iter().all(|one| one["status"].as_u64().is_some_and(|status| status < 300)));

    world.sandbox.clear_requests();
    let again = world.desk.run(&["offboard", GRACE, "--all-orgs", "--yes"]).await;
    assert_eq!(again.code, Some(10), "what is left is left: {again:?}");
    assert_eq!(world.changes(), [""; 0], "and nothing is done twice");
}

fn requests(proof: &Value) -> Vec<&Value> {
    let list = |value: &'_ Value| value.as_array().expect("a list").len();
    let places = proof["places"].as_array().expect("places");
    let steps = places.iter().flat_map(|place| place["steps"].as_array().expect("steps"));
    steps
        .inspect(|step| assert!(list(&step["requests"]) > 0))
        .flat_map(|step| step["requests"].as_array().expect("requests"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_was_never_there_is_no_false_alarm() {
    let world = Everywhere::new().await;
    let run = world
        .desk
        .run(&["offboard", "never@acme.example", "--all-orgs", "--yes", "--evidence", "e.json"])
        .await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("never@acme.example: at none of 12 places"), "{run:?}");
    assert_eq!(evidence(&world.desk, "e.json")["verdict"], "gone");
    assert_eq!(world.changes(), [""; 0]);
    for vendor in ADDRESSED.iter().filter(|vendor| **vendor != "koyeb") {
        assert_eq!(world.sent(vendor, "GET"), 1 + 2 * 2, "nothing is read twice");
    }
}

/// GitHub shows accounts of members, and no addresses.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_shows_no_address_is_put_out_by_account() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "github");
    assert_eq!(desk.run(&["invitation", "create", "@grace"]).await.code, Some(0));
    sandbox.accept("github", "grace@elsewhere.example", "acme").expect("accepted");
    let out = ["--format", "json", "offboard", "--place", "github", "--yes"];
    let by_address = desk.run(&[&out[..], &["grace@elsewhere.example"]].concat()).await;
    assert!(by_address.stderr.contains("2 of the members show no address"), "{by_address:?}");
    assert_eq!(by_address.json(), Value::Array(Vec::new()), "nobody is removed on a guess");
    let by_account = desk.run(&[&out[..], &["@grace", "--evidence", "e.json"]].concat()).await;
    assert_eq!(by_account.code, Some(0), "{by_account:?}");
    assert_eq!(rows(&by_account.json(), "outcome", "done").len(), 1, "{by_account:?}");
    assert_eq!(evidence(&desk, "e.json")["verdict"], "gone");
    let left = desk.json(&["member", "list"]).await;
    assert_eq!(rows(&left, "account", "grace").len(), 0, "{left}");
    assert_eq!(rows(&left, "account", "ada").len(), 1, "{left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_sends_nothing_but_reads_and_says_what_would_be_done() {
    let world = Everywhere::new().await;
    let run = world.desk.run(&["--format", "json", "offboard", GRACE, "--all-orgs", "--dry-run"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let told = run.json();
    assert_eq!(rows(&told, "outcome", "would_do").len(), 2 * 4);
    assert_eq!(rows(&told, "outcome", "left").len(), 2);
    assert_eq!(world.changes(), [""; 0]);
    assert_eq!(states(&world).await.len(), 10);
    let both = ["offboard", GRACE, "--dry-run", "--evidence", "e.json"];
    assert_eq!(world.desk.run(&both).await.code, Some(2), "a dry run proves nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_credential_stands_for_and_the_last_owner_are_spared() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let yes = ["--format", "json", "offboard", "admin@losant.example", "--place", "losant", "--yes"];
    let run = desk.run(&yes).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    assert_eq!(run.json()[0]["reason"], "yourself");
    let run = desk.run(&[&yes[..], &["--include-self"]].concat()).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    assert_eq!(run.json()[0]["reason"], "last_owner");
    assert!(run.json()[0]["by_hand"].as_str().is_some_and(|text| text.contains("admin first")), "{run:?}");
    assert!(sandbox.requests().iter().all(|one| one.method == "GET"), "nothing was sent");

    assert_eq!(desk.run(&["member", "set-role", "editor@losant.example", "admin"]).await.code, Some(0));
    let run = desk.run(&[&yes[..], &["--include-self"]].concat()).await;
    assert_eq!(run.json()[0]["outcome"], "done", "{run:?}");
    assert_eq!(run.code, Some(9), "behind it nothing can be read any more: {run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_without_a_place_for_the_evidence_or_leave() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.write("there.json", "mine");
    for (arguments, code) in [
        (&["offboard", "editor@losant.example", "--yes", "--evidence", "there.json"][..], 5),
        (&["offboard", "editor@losant.example", "--yes", "--evidence", "none/e.json"], 2),
        (&["offboard", "editor@losant.example"], 2),
        (&["offboard", "not an@address", "--yes"], 2),
        (&["offboard", "editor@losant.example", "--yes", "--place", "nowhere"], 2),
        (&["offboard"], 2),
    ] {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, Some(code), "{arguments:?}: {run:?}");
        assert!(sandbox.requests().is_empty(), "{arguments:?}");
    }
    assert_eq!(fs::read_to_string(desk.path().join("there.json")).expect("there"), "mine");
    let entries = fs::read_dir(desk.path()).expect("a folder").map(|entry| entry.expect("it can be read"));
    let left = entries.filter(|entry| entry.path().is_file()).count();
    assert_eq!(left, 2, "the configuration, and the file that was there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_down_proves_nothing_and_does_not_stop_the_others() {
    let world = Everywhere::new().await;
    let down = FaultKind::Html { status: 503, commit: false };
    world.sandbox.fault(Fault::new("trieve", down).always()).expect("set");
    let desk = world.desk.set("ORGPORT__PROVIDERS__TRIEVE__HTTP__READ_ATTEMPTS", "1");
    let places = ["--place", "losant", "--place", "trieve", "--evidence", "e.json"];
    let run = desk.run(&[&["--format", "json", "offboard", GRACE, "--yes"], &places[..]].concat()).await;
    assert_eq!(run.code, Some(9), "{run:?}");
    assert_eq!(rows(&run.json(), "provider", "losant")[0]["outcome"], "done");
    assert_eq!(rows(&run.json(), "provider", "trieve")[0]["outcome"], "unknown");
    assert_eq!(evidence(&desk, "e.json")["verdict"], "unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_vendor_refuses_is_left_with_its_words() {
    let world = Everywhere::new().await;
    let body = Some(serde_json::json!({"type": "Forbidden", "message": "ask the owner"}));
    let refusal = FaultKind::Status { status: 403, headers: BTreeMap::new(), body, commit: false };
    world.sandbox.fault(Fault::new("losant", refusal).method("DELETE").always()).expect("set");
    let run = world.desk.run(&["--format", "json", "offboard", GRACE, "--yes", "--place", "losant"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let told = run.json();
    assert_eq!(rows(&told, "outcome", "failed").len(), 1);
    let left = rows(&told, "outcome", "left");
    assert_eq!(left[0]["reason"], "failed");
    assert!(left[0]["because"].as_str().is_some_and(|text| text.contains("ask the owner")), "{left:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_after_what_is_under_way_and_keeps_the_proof() {
    let world = Everywhere::new().await;
    let slow = FaultKind::Latency { ms: 1_500 };
    let slow = world.sandbox.fault(Fault::new("losant", slow).method("DELETE").always()).expect("set");
    let places = ["--place", "losant", "--place", "losant/second-losant", "--evidence", "e.json"];
    let child = world.desk.spawn(&[&["--format", "json", "offboard", GRACE, "--yes"], &places[..]].concat());
    while world.sandbox.fired(slow) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    signal(&child, "INT");
    let run = ended(child).await;
    assert_eq!(run.code, Some(130), "{run:?}");
    assert!(run.json().is_array(), "what was done is told: {run:?}");
    let proof = evidence(&world.desk, "e.json");
    assert_eq!(proof["stopped"], true);
    assert_eq!(proof["verdict"], "unknown", "nobody looked behind it");
    world.sandbox.clear_faults();
    let again = world
        .desk
        .run(&["offboard", GRACE, "--yes", "--place", "losant", "--place", "losant/second-losant"])
        .await;
    assert_eq!(again.code, Some(0), "{again:?}");
}
