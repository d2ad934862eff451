//! A command with kinds of its own, built from the library: the crate's example `company`.

use std::process::Command as Build;
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::Desk;

/// The command, built once.
fn company() -> &'static str {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut build = Build::new(env!("CARGO"));
        build.args(["build", "--quiet", "--offline", "--example", "company", "--message-format=json"]);
        let done = build.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let messages = String::from_utf8(done.stdout).expect("text");
        let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let mut programs = messages.filter_map(|message| message["executable"].as_str().map(str::to_owned));
        programs.next_back().expect("an executable")
    })
}

/// A desk with the configuration that the command itself writes.
async fn desk() -> Desk {
    let desk = Desk::empty();
    let written = desk.run_of(company(), &["config", "init", "--kind", "house"]).await;
    assert_eq!(written.code, Some(0), "{written:?}");
    desk
}

#[tokio::test]
async fn a_companys_command_knows_its_own_kind_everywhere() {
    let desk = desk().await;
    for (arguments, shows) in [
        (&["config", "check"][..], "1 provider ready to use (house)"),
        (&["providers", "--format", "csv"], "house,house,"),
        (
            &["capabilities", "--format", "csv"],
            "operation,memory,nuextract,jaqpot,koyeb,trieve,losant,github,house",
        ),
        (&["capabilities", "--provider", "house"], "list_organizations"),
        (&["doctor"], "house"),
        (&["org", "list", "--format", "csv"], "Acme"),
        (&["member", "list", "--format", "csv"], "ada@acme.example"),
        (&["access", "--format", "csv"], "ada@acme.example"),
        (&["invitation", "create", "bob@acme.example", "--yes"], "invited"),
        (&["completions", "bash"], "house"),
    ] {
        let run = desk.run_of(company(), arguments).await;
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        assert!(run.stdout.contains(shows) || run.stderr.contains(shows), "{arguments:?}: {run:?}");
    }
}

#[tokio::test]
async fn a_kind_of_the_program_is_checked_by_line_and_unknown_to_others() {
    let desk = desk().await;
    let login = desk.run_of(company(), &["login"]).await;
    assert_eq!(login.code, Some(7), "{login:?}");
    let others = desk.run(&["member", "list"]).await;
    assert_eq!(others.code, Some(2), "{others:?}");
    assert!(others.stderr.contains("kind \"house\" does not exist"), "{others:?}");

    desk.write(
        "orgport.toml",
        "[providers.ours]\nkind = \"house\"\nname = \"Acme\"\nownr = \"ada@acme.example\"\n",
    );
    let wrong = desk.run_of(company(), &["member", "list"]).await;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stderr.contains("orgport.toml, line 4: providers.ours.ownr"), "{wrong:?}");
    assert!(wrong.stderr.contains("did you mean \"owner\"?"), "{wrong:?}");
}
