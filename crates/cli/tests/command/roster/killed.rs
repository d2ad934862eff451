//! Runs that are killed (kill -9) behind every line of their journal.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use orgport_sandbox::{Fault, FaultKind};

use crate::roster::{Team, actions};
use crate::support::ended;

/// Vendors whose lists tell at once what was done, so that a run needs no patience.
const PLACES: [&str; 3] = ["losant", "trieve", "koyeb"];

/// Where Bea is asked in.
const BEA: &str = "bea@example.org";

async fn team() -> Team {
    let team = Team::new().await;
    team.edit(&[
        ("[people.eleni]", "[people.bea]\nemail = \"bea@example.org\"\n\n[people.eleni]"),
        ("editor = [\"editor\"]\nviewer = [\"viewer\"]", "editor = [\"viewer\"]\nviewer = [\"bea\"]"),
        ("admin = [\"admin-2\"]", "admin = [\"bea\"]\nmember = [\"admin-2\"]"),
        ("owner = [\"ada-2\"]", "owner = [\"ada-2\", \"bea\"]"),
    ]);
    team.edit_all("unmanaged = \"report\"", "unmanaged = \"remove\"");
    for vendor in PLACES {
        team.sandbox.fault(Fault::new(vendor, FaultKind::Latency { ms: 20 }).always()).expect("set");
    }
    team
}

fn lines(team: &Team) -> usize {
    let text = fs::read_to_string(team.file("team.toml.journal.jsonl")).unwrap_or_default();
    text.matches('\n').count()
}

/// Runs until the journal has so many lines; says how many it had in the end, if it was killed before
/// its end.
async fn killed_at(team: &Team, least: usize) -> Option<usize> {
    let mut child = team.desk.spawn(&["--format", "json", "roster", "apply", "team.toml", "--yes"]);
    while lines(team) < least {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            assert_eq!(status.code(), Some(0), "{:?}", ended(child).await);
            return None;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    child.kill().await.expect("killed");
    let text = fs::read_to_string(team.file("team.toml.journal.jsonl")).expect("it is there");
    (!text.contains("\"finished\"")).then(|| text.matches('\n').count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_behind_any_line_of_its_journal_is_ended_by_the_next_one() {
    let mut swept = BTreeSet::new();
    for least in 1.. {
        let team = team().await;
        let Some(lines) = killed_at(&team, least).await else { break };
        swept.insert(lines);
        let journal = team.read("team.toml.journal.jsonl");
        let (begun, ended) = (journal.matches("\"intends\"").count(), journal.matches("\"ended\"").count());
        team.sandbox.clear_faults();
        let rest = team.apply().await;
        assert_eq!(rest.code, Some(0), "{lines}: {rest:?}");
        let notes = rest.notes();
        let told = |text: &str| notes.iter().filter(|note| note.contains(text)).count();
        assert_eq!(told("did not come to its end"), 1, "{lines}: {notes:?}");
        assert_eq!(told("In doubt since"), begun - ended, "{lines}: {notes:?}\n{journal}");
        assert_eq!(actions(&team.plan().await), [""; 0], "{lines}");
        assert_eq!(PLACES.map(|vendor| team.mails(vendor, BEA)), [1; 3], "{lines}");
    }
    assert!(swept.len() >= 8, "it was killed behind {swept:?}");
}
