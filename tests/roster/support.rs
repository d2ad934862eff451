//! A roster of one vendor's place, planned and carried out.

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::{FutureExt, pending};
use orgport_core::{Clock, Provider};
use orgport_roster::{Carried, Journal, Located, Outcome, Plan, Roster, Site, apply, plan};
use orgport_tests::world::World;

/// Where rosters are written, for as long as the test runs.
pub(crate) struct Team {
    folder: tempfile::TempDir,
}

impl Team {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("team.toml")
    }

    pub(crate) fn roster(&self, text: &str) -> Roster {
        std::fs::write(self.file(), text).expect("written");
        Roster::load(self.file()).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
    }
}

/// So many new people in this list, who may all be mailed.
pub(crate) fn crowd(text: &str, list: &str, people: usize) -> String {
    let mut all = String::new();
    for number in 0..people {
        writeln!(all, "[people.p{number}]\nemail = \"p{number}@crowd.example\"").expect("text");
    }
    let names: Vec<_> = (0..people).map(|number| format!("\"p{number}\"")).collect();
    let (before, after) = text.split_once("unmanaged").expect("a place");
    let (head, found) = match before.split_once(&format!("{list} = [")) {
        Some((head, rest)) => (format!("{head}{list} = [{}, ", names.join(", ")), rest.to_owned()),
        None => (before.to_owned(), format!("{list} = [{}]\n", names.join(", "))),
    };
    format!("{all}{head}{found}unmanaged{after}\n[rails]\nmax_mails = {people}\n")
}

pub(crate) async fn locate(world: &World, roster: &Roster) -> Vec<Located> {
    let provider = Arc::clone(&world.provider) as Arc<dyn Provider>;
    let (located, missed) = Located::find(&roster.places(), |_| Ok(Arc::clone(&provider))).await;
    assert!(missed.is_empty(), "{missed:?}");
    located
}

/// What is there now, as a place of the provider's name.
pub(crate) async fn sites(world: &World) -> Vec<Site> {
    let name = world.provider.name();
    let roster = Roster::parse(&format!("[[access]]\nplace = {name:?}\n")).expect("it is right");
    observe(world, &roster).await
}

pub(crate) async fn observe(world: &World, roster: &Roster) -> Vec<Site> {
    Located::observe(&locate(world, roster).await, &*world.clock).await
}

pub(crate) async fn planned(world: &World, roster: &Roster) -> Plan {
    plan(roster, &observe(world, roster).await, &Carried::default())
}

pub(crate) async fn carry_out(world: &World, roster: &Roster, plan: &Plan) -> Vec<Outcome> {
    let clock = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let journal = Journal::open(roster, None, clock).expect("it can be opened");
    let located = locate(world, roster).await;
    world.sandbox.clear_requests();
    let outcomes = apply(roster, plan, &located, &journal, &*world.clock, pending().boxed());
    outcomes.map(|outcome| outcome.expect("the journal can be written")).collect().await
}
