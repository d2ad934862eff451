//! Others who are at work at the same time.

#![cfg(unix)]

use std::time::Duration;

use orgport_sandbox::{Fault, FaultKind};

use crate::interrupts::hang_up;
use crate::roster::{Team, actions, outcomes};
use crate::support::{ended, signal, until};

const BEA: (&str, &str) = ("[people.eleni]", "[people.bea]\nemail = \"bea@example.org\"\n\n[people.eleni]");

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_are_one_run_and_a_refusal() {
    let team = Team::new().await;
    team.edit(&[BEA, ("viewer = [\"viewer\"]", "viewer = [\"viewer\", \"bea\"]")]);
    let slow = Fault::new("losant", FaultKind::Latency { ms: 2_000 }).method("POST").always();
    let slow = team.sandbox.fault(slow).expect("set");
    let first = team.desk.spawn(&["--format", "json", "roster", "apply", "team.toml", "--yes"]);
    until(|| team.sandbox.fired(slow) > 0).await;
    let second = team.apply().await;
    assert_eq!(second.code, Some(5), "{second:?}");
    assert!(second.stderr.contains("another run of this roster is going on"), "{second:?}");
    let first = ended(first).await;
    assert_eq!((first.code, team.mails("losant", "bea@example.org")), (Some(0), 1), "{first:?}");
    let third = team.apply().await;
    assert_eq!((third.code, team.changes()), (Some(0), 1), "the lock ends with its run: {third:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_between_plan_and_apply_is_stale_or_already_so() {
    let team = Team::new().await;
    team.edit(&[
        BEA,
        (
            "editor = [\"editor\"]\nviewer = [\"viewer\"]",
            "editor = [\"viewer\"]\nviewer = [\"editor\", \"bea\"]",
        ),
        ("admin = [\"admin-2\"]", "admin = [\"bea\"]"),
    ]);
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
    let run = team.desk.run(&["--format", "json", "roster", "plan", "team.toml", "--out", "plan.json"]).await;
    assert_eq!(
        actions(&run.json()),
        ["losant invite", "losant raise", "losant lower", "trieve invite", "trieve remove"]
    );
    for meanwhile in [
        &["invitation", "create", "bea@example.org", "--role", "viewer"][..],
        &["member", "set-role", "viewer@losant.example", "collaborator"],
        &["member", "set-role", "editor@losant.example", "viewer"],
        &["--provider", "trieve", "invitation", "create", "bea@example.org", "--role", "member"],
        &["--provider", "trieve", "member", "remove", "admin@acme.example", "--yes"],
    ] {
        let run = team.desk.run(meanwhile).await;
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    team.sandbox.clear_requests();
    let run = team.desk.run(&["--format", "json", "roster", "apply", "plan.json", "--yes"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    assert_eq!(
        outcomes(&run),
        [
            "losant invite already",
            "losant lower already",
            "losant raise stale",
            "trieve invite stale",
            "trieve remove already",
        ]
    );
    assert_eq!(team.changes(), 0, "nobody is mailed, changed or removed by an old view");
}

/// Bea comes, one is raised, and one goes, at one vendor; she comes at another one, too.
fn four_changes(team: &Team) {
    team.edit(&[
        BEA,
        ("editor = [\"editor\"]\nviewer = [\"viewer\"]", "editor = [\"viewer\"]\nviewer = [\"bea\"]"),
        ("member = [\"nikos\"]", "member = [\"nikos\", \"bea\"]"),
    ]);
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_run_behind_what_is_under_way_and_the_next_one_goes_on() {
    for (name, code) in [("INT", 130), ("TERM", 143), hang_up()] {
        let team = Team::new().await;
        four_changes(&team);
        let slow = Fault::new("losant", FaultKind::Latency { ms: 1_000 }).method("PATCH").always();
        let slow = team.sandbox.fault(slow).expect("set");
        let child = team.desk.spawn(&["--format", "json", "roster", "apply", "team.toml", "--yes"]);
        until(|| team.sandbox.fired(slow) > 0).await;
        signal(&child, name);
        let run = ended(child).await;
        assert_eq!(run.code, Some(code), "{run:?}");
        assert_eq!(
            outcomes(&run),
            ["jaqpot invite done", "losant invite done", "losant raise done", "losant remove left"],
            "what was under way is finished and told: {run:?}"
        );
        let journal = team.read("team.toml.journal.jsonl");
        assert!(journal.ends_with("\"interrupted\":true}\n"), "{journal}");
        let again = team.apply().await;
        assert_eq!(
            (again.code, outcomes(&again)),
            (Some(0), vec!["losant remove done".to_owned()]),
            "{again:?}"
        );
        let notes = again.notes();
        assert!(notes.iter().any(|note| note.contains("did not come to its end")), "{notes:?}");
        assert!(!notes.iter().any(|note| note.contains("In doubt")), "{notes:?}");
        assert_eq!(["jaqpot", "losant"].map(|vendor| team.mails(vendor, "bea@example.org")), [1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once_and_the_next_run_says_what_is_in_doubt() {
    let team = Team::new().await;
    four_changes(&team);
    let slow = Fault::new("losant", FaultKind::Latency { ms: 30_000 }).method("PATCH").times(1);
    let slow = team.sandbox.fault(slow).expect("set");
    let child = team.desk.spawn(&["--format", "json", "roster", "apply", "team.toml", "--yes"]);
    until(|| team.sandbox.fired(slow) > 0).await;
    signal(&child, "TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    signal(&child, "TERM");
    let run = ended(child).await;
    assert_eq!(run.code, Some(143), "{run:?}");
    let again = team.apply().await;
    assert_eq!(again.code, Some(0), "{again:?}");
    let doubts: Vec<_> =
        again.notes().into_iter().filter(|note| note.starts_with("In doubt since")).collect();
    let [doubt] = &doubts[..] else { panic!("{again:?}") };
    assert!(
        doubt.ends_with("losant: raise viewer@losant.example from viewer to editor: it is done."),
        "{doubt}"
    );
    assert_eq!(actions(&team.plan().await), [""; 0]);
}

/// `orgport roster apply | head -1`
#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_report_nobody_reads_any_more_goes_on_to_its_end() {
    let team = Team::new().await;
    four_changes(&team);
    let mut child = team.desk.spawn(&["--format", "json", "roster", "apply", "team.toml", "--yes"]);
    drop(child.stdout.take());
    let run = ended(child).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(team.read("team.toml.journal.jsonl").ends_with("\"interrupted\":false}\n"));
    assert_eq!(actions(&team.plan().await), [""; 0]);
}
