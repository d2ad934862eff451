//! The demo and the sandbox.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use crate::support::{Desk, VENDORS, ended, signal};

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_holds_on_every_vendor() {
    let desk = Desk::empty();
    let run = desk.run(&["demo"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let table = run.stdout.split("STEP").nth(1).expect("it ends with a table");
    insta::assert_snapshot!(format!("STEP{table}"));
    assert!(run.stdout.contains("Not here: "), "what cannot be done is said");

    let summary = desk.json(&["demo"]).await;
    assert_eq!(summary["ok"], true);
    let providers = summary["providers"].as_object().expect("an object");
    assert_eq!(providers.len(), 7, "{summary}");
    for (kind, chapter) in providers {
        assert_eq!(chapter["steps"]["survive a lost answer"], "held", "{kind}");
        for (person, mails) in [("bea", 1), ("cem", 2), ("dua", 1), ("ela", 1)] {
            assert_eq!(chapter["mails"][person], mails, "{kind}: {person}");
        }
    }
}

/// A redirection would have emptied a real configuration before anything could be asked.
#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_writes_its_configuration_over_its_own_alone() {
    let desk = Desk::with_config("[providers.prod]\nkind = \"memory\"\n");
    let refused = desk.run(&["sandbox", "--write", "orgport.toml"]).await;
    assert!(refused.code == Some(2) && refused.stderr.contains("not overwritten"), "{refused:?}");
    assert_eq!(desk.json(&["providers"]).await[0]["name"], "prod");
    for _ in 0..2 {
        let mut child = desk.spawn(&["sandbox", "--write", "sandbox.toml"]);
        let stderr = child.stderr.take().expect("piped");
        let told = BufReader::new(stderr).lines().next_line().await.expect("it can be read");
        assert!(told.is_some_and(|line| line.contains("sandbox.toml reaches the sandbox")));
        desk.json(&["--config", "sandbox.toml", "org", "list"]).await;
        child.kill().await.expect("it runs");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_prints_a_configuration_that_reaches_it() {
    let desk = Desk::empty();
    let mut command = desk.command(&["sandbox", "--provider", "trieve"]);
    let mut child = command.stdin(Stdio::null()).spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
    let mut told = String::new();
    stderr.read_line(&mut told).await.expect("it says where it is");
    assert!(told.contains("--write"), "{told}");

    // The configuration stands whole on standard output before that is said.
    let mut stdout = child.stdout.take().expect("piped");
    let mut configuration = vec![0; 64 << 10];
    let length = stdout.read(&mut configuration).await.expect("it was printed");
    desk.write("sandbox.toml", &configuration[..length]);
    for vendor in VENDORS {
        let members = desk.json(&["--config", "sandbox.toml", "--provider", vendor, "member", "list"]).await;
        assert!(members.as_array().is_some_and(|all| !all.is_empty()), "{vendor}: {members}");
    }
    let providers = desk.json(&["--config", "sandbox.toml", "providers"]).await;
    let default = providers.as_array().expect("a list").iter().find(|row| row["default"] == true);
    assert_eq!(default.map(|row| &row["name"]), Some(&"trieve".into()));

    signal(&child, "INT");
    child.stdout = Some(stdout);
    assert_eq!(ended(child).await.code, Some(0), "Ctrl-C is how it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let run = Desk::empty().run(&["sandbox", "--port", &port]).await;
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("the sandbox does not start"), "{run:?}");
}
