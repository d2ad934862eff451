//! The adapter in a command of its own.

use std::path::Path;

use tokio::process::Command;

/// Runs the command with the fake; its exit code, and what it printed.
async fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall-play"));
    command.args(["--config", "guild.toml"]).args(arguments).current_dir(home).env_clear();
    let done = command.env("HOME", home).output().await.expect("it runs");
    let printed = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(printed).expect("text"))
}

#[tokio::test]
async fn the_command_does_for_the_kind_what_it_does_for_others() {
    let home = tempfile::tempdir().expect("a directory");
    let table = "[providers.guild]\nkind = \"guildhall\"\norganization = \"h-1\"\n";
    std::fs::write(home.path().join("guild.toml"), table).expect("written");
    for (arguments, shows) in [
        (&["config", "check"][..], "1 provider ready to use (guild)"),
        (&["providers", "--format", "csv"], "guild,guildhall,"),
        (&["capabilities", "--provider", "guild"], "lists the keepers, then the guests"),
        (&["org", "list", "--format", "csv"], "h-1,Acme"),
        (&["whoami", "--format", "csv"], "keeper"),
        (&["member", "list", "--format", "csv"], "owner"),
        (&["invitation", "create", "@ada", "--role", "member", "--yes"], "invited"),
        (&["access", "--format", "csv"], "guild"),
        (&["doctor"], "guild"),
    ] {
        let (code, printed) = run(home.path(), arguments).await;
        assert_eq!(code, Some(0), "{arguments:?}: {printed}");
        assert!(printed.contains(shows), "{arguments:?}: {printed}");
    }
    for (person, expected) in
        [(&["ada@x.example"][..], "no e-mail addresses"), (&["@ada", "--role", "viewer"], "viewer")]
    {
        let arguments = [&["invitation", "create", "--yes"], person].concat();
        let (code, printed) = run(home.path(), &arguments).await;
        assert!(code != Some(0) && printed.contains(expected), "{arguments:?}: {printed}");
    }
}
