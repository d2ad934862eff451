use std::fs;
use std::sync::Arc;

use orgport_core::{Clock, ErrorKind, Role};
use orgport_roster::{Journal, Roster};

use crate::support::World;

const ACCESS: &str =
    "[[access]]\nplace = \"memory\"\nowner = [\"olive\"]\nmember = [\"ada\"]\nunmanaged = \"remove\"\n";

fn journal_file(world: &World) -> std::path::PathBuf {
    world.file().with_extension("toml.journal.jsonl")
}

#[tokio::test]
async fn a_run_is_written_down_without_ids_that_open_anything() {
    let world = World::new();
    world.invite(&world.a, "zoe", Role::Viewer).await;
    let roster = world.roster(ACCESS);
    world.run(&roster).await;
    let text = fs::read_to_string(journal_file(&world)).expect("it is there");
    insta::assert_snapshot!(
        text.replace(roster.digest(), "[digest]").replace(env!("CARGO_PKG_VERSION"), "[version]")
    );
    assert!(!text.contains("invitation-"), "ids of invitations let people in at some vendors");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(journal_file(&world)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it names people");
    }
}

#[tokio::test]
async fn one_run_at_a_time_holds_the_roster() {
    let world = World::new();
    let roster = world.roster(ACCESS);
    let first = world.journal(&roster);
    let second = Journal::open(&roster, None, Arc::clone(&world.clock) as Arc<dyn Clock>);
    let error = second.expect_err("it is held");
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.message().contains("another run of this roster is going on"), "{error}");
    #[cfg(unix)]
    {
        let link = world.file().with_file_name("link.toml");
        std::os::unix::fs::symlink(world.file(), &link).expect("made");
        let linked = Roster::load(link).expect("it is right");
        let error =
            Journal::open(&linked, None, Arc::clone(&world.clock) as Arc<dyn Clock>).expect_err("one");
        assert_eq!(error.kind(), ErrorKind::Conflict, "a link leads to the same roster");
    }
    drop(first);
    world.journal(&roster);
}

#[tokio::test]
async fn a_line_that_a_kill_tore_is_cut_off_and_one_that_is_damaged_is_refused() {
    let world = World::new();
    let roster = world.roster(ACCESS);
    world.run(&roster).await;
    let whole = fs::read_to_string(journal_file(&world)).expect("it is there");
    fs::write(journal_file(&world), format!("{whole}{{\"event\":\"began\",\"at\":\"20")).expect("written");
    assert!(world.journal(&roster).unfinished().is_none());
    assert_eq!(fs::read_to_string(journal_file(&world)).expect("it is there"), whole);

    fs::write(journal_file(&world), whole.replacen("began", "begann", 1)).expect("written");
    let damaged = Journal::open(&roster, None, Arc::clone(&world.clock) as Arc<dyn Clock>);
    let error = damaged.expect_err("it is damaged");
    assert!(error.message().contains("line 1, is not a line of a journal"), "{error}");
}

#[tokio::test]
async fn a_journal_that_cannot_be_made_stops_everything_before_it_begins() {
    let world = World::new();
    let roster = world.roster(ACCESS);
    let no_folder = world.file();
    let error = Journal::open(&roster, Some(&no_folder), Arc::clone(&world.clock) as Arc<dyn Clock>)
        .expect_err("a file is no folder");
    assert_eq!(error.kind(), ErrorKind::Config);
    let folder = world.file().with_file_name("state");
    Journal::open(&roster, Some(&folder), Arc::clone(&world.clock) as Arc<dyn Clock>).expect("made");
    assert!(folder.join("team.toml.lock").exists() && folder.join("team.toml.journal.jsonl").exists());
}
