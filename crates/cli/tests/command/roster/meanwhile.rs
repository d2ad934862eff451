//! Others who are at work at the same time.

use std::time::Duration;

use orgport_sandbox::{Fault, FaultKind};

use crate::roster::{Team, actions, outcomes};
use crate::support::ended;

const BEA: (&str, &str) = ("[people.eleni]", "[people.bea]\nemail = \"bea@example.org\"\n\n[people.eleni]");

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_are_one_run_and_a_refusal() {
    let team = Team::new().await;
    team.edit(&[BEA, ("viewer = [\"viewer\"]", "viewer = [\"viewer\", \"bea\"]")]);
    let slow = Fault::new("losant", FaultKind::Latency { ms: 2_000 }).method("POST").always();
    let slow = team.sandbox.fault(slow).expect("set");
    let first = team.desk.spawn(&["--format", "json", "roster", "apply", "team.toml", "--yes"]);
    while team.sandbox.fired(slow) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
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
