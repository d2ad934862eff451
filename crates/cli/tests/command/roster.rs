//! Rosters of all vendors.

mod changes;
mod killed;
mod meanwhile;
mod refused;

use std::fs;
use std::path::PathBuf;

use orgport_sandbox::Sandbox;
use serde_json::Value;

use crate::support::{Desk, Run, sandbox};

/// A desk with a roster of everybody who is at the sandbox, in `team.toml`.
pub(crate) struct Team {
    pub(crate) sandbox: Sandbox,
    pub(crate) desk: Desk,
}

impl Team {
    pub(crate) async fn new() -> Self {
        let sandbox = sandbox().await;
        let desk = Desk::at(&sandbox, "losant");
        let run = desk.run(&["roster", "import"]).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        desk.write("team.toml", &run.stdout);
        sandbox.clear_requests();
        Self { sandbox, desk }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.desk.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).expect("it is there")
    }

    /// Replaces lines of the roster, each of which must be there.
    pub(crate) fn edit(&self, changes: &[(&str, &str)]) {
        let mut text = self.read("team.toml");
        for (from, to) in changes {
            assert!(text.contains(from), "{from:?} is not in\n{text}");
            text = text.replacen(from, to, 1);
        }
        self.desk.write("team.toml", text);
    }

    /// The same at every place.
    pub(crate) fn edit_all(&self, from: &str, to: &str) {
        self.desk.write("team.toml", self.read("team.toml").replace(from, to));
    }

    pub(crate) async fn plan(&self) -> Value {
        self.desk.json(&["roster", "plan", "team.toml"]).await
    }

    pub(crate) async fn apply(&self) -> Run {
        self.desk.run(&["--format", "json", "roster", "apply", "team.toml", "--yes"]).await
    }

    /// How many requests were sent that change something, but for tokens.
    pub(crate) fn changes(&self) -> usize {
        let requests = self.sandbox.requests();
        requests.iter().filter(|one| one.method != "GET" && !one.path.contains("token")).count()
    }

    /// How many mails somebody had from a vendor.
    pub(crate) fn mails(&self, vendor: &str, to: &str) -> usize {
        self.sandbox.mail().iter().filter(|mail| mail.vendor == vendor && mail.email == to).count()
    }
}

/// What is planned, as `place action`.
pub(crate) fn actions(plan: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let of = |place: &Value| {
        let name = place["name"].as_str().expect("a name").to_owned();
        let word = |action: &Value| action["action"].as_str().expect("a word").to_owned();
        list(&place["actions"]).iter().map(|action| format!("{name} {}", word(action))).collect::<Vec<_>>()
    };
    list(&plan["places"]).iter().flat_map(of).collect()
}

/// What became of it, as `place action outcome`.
pub(crate) fn outcomes(run: &Run) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("a word").to_owned();
    let row = |row: &Value| {
        format!("{} {} {}", text(&row["place"]), text(&row["action"]["action"]), text(&row["outcome"]))
    };
    let mut rows: Vec<_> = run.json().as_array().expect("a list").iter().map(row).collect();
    rows.sort();
    rows
}
