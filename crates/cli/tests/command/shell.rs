//! How the command behaves in a shell: questions, pipes, colours, help.

use std::process::Stdio;

use crate::support::{Desk, ended, sandbox};

const MEMORY: &str =
    "[providers.a]\nkind = \"memory\"\norganization = \"home\"\norganizations = [\"Acme\"]\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_undone_wants_yes() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    for arguments in [&["org", "delete"][..], &["member", "remove", "viewer@losant.example"]] {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("--yes"), "{run:?}");
    }
    assert!(sandbox.requests().is_empty());
    let done = desk.run(&["member", "remove", "viewer@losant.example", "--yes"]).await;
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "viewer@losant.example is removed.\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_failure() {
    let desk = Desk::with_config(MEMORY);
    for arguments in [
        &["org", "list"][..],
        &["org", "list", "--format", "json"],
        &["org", "list", "--format", "csv"],
        &["org", "get"],
        &["capabilities"],
        &["capabilities", "--format", "csv"],
        &["completions", "bash"],
        &["--help"],
        &["demo"],
    ] {
        let mut child = desk.spawn(arguments);
        drop(child.stdout.take());
        let run = ended(child).await;
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        assert!(!run.stderr.contains("error"), "{arguments:?}: {run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inviting_goes_on_when_nobody_reads() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let mut child = desk.spawn(&["invitation", "create", "bea@x.io", "cem@x.io", "--role", "viewer"]);
    drop(child.stdout.take());
    let run = ended(child).await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), "2 invited\n"));
    assert_eq!(sandbox.mail().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_to_complain_to_is_no_panic() {
    let desk = Desk::empty();
    let mut child = desk.spawn(&["org", "list"]);
    drop(child.stderr.take());
    drop(child.stdout.take());
    assert_eq!(ended(child).await.code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn colour_follows_no_color_and_the_terminal() {
    let colour = '\u{1b}';
    let desk = Desk::with_config(MEMORY);
    assert!(!desk.run(&["org", "list"]).await.stdout.contains(colour), "a pipe has none");
    let forced = Desk::with_config(MEMORY).set("CLICOLOR_FORCE", "1");
    assert!(forced.run(&["org", "list"]).await.stdout.contains(colour));
    assert!(forced.run(&["org", "get", "nowhere"]).await.stderr.contains(colour));
    assert!(!forced.run(&["org", "list", "--format", "json"]).await.stdout.contains(colour));
    let none = forced.set("NO_COLOR", "1");
    let run = none.run(&["org", "list"]).await;
    assert!(!run.stdout.contains(colour), "{run:?}");
    assert!(!none.run(&["org", "get", "nowhere"]).await.stderr.contains(colour));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_cannot_command_the_terminal() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let mut body = desk.run(&["api", "GET", "/orgs"]).await.json();
    body["items"][0]["name"] = "Ac\u{1b}[31mme\nGlobex".into();
    let fault = serde_json::json!({
        "vendor": "losant", "method": "GET", "route": "/orgs", "times": null,
        "fault": { "type": "status", "status": 200, "body": body },
    });
    sandbox.fault(serde_json::from_value(fault).expect("a fault")).expect("set");
    let run = desk.run(&["org", "list"]).await;
    assert!(run.stdout.contains("Ac\u{fffd}[31mme Globex"), "{run:?}");
    assert_eq!(
        desk.json(&["org", "list"]).await[0]["name"],
        "Ac\u{1b}[31mme\nGlobex",
        "programs get it whole"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_and_help_are_there() {
    let desk = Desk::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = desk.run(&["completions", shell]).await;
        assert!(run.code == Some(0) && run.stdout.contains("invitation"), "{shell}: {run:?}");
    }
    insta::assert_snapshot!(desk.run(&["--help"]).await.shown());
    insta::assert_snapshot!(desk.run(&["invitation", "create", "--help"]).await.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_has_a_manual_page() {
    let desk = Desk::empty();
    assert_eq!(desk.run(&["man", "share/man1"]).await.code, Some(0));
    let page = |name: &str| std::fs::read_to_string(desk.path().join("share/man1").join(name));
    let first = page("orgport.1").expect("written");
    assert!(first.contains("Exit codes") && first.contains("orgport\\-roster(1)"), "{first}");
    assert!(page("orgport-invitation-create.1").expect("written").contains("dry\\-run"));
    desk.write("file", "");
    assert_eq!(desk.run(&["man", "file"]).await.code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn verbosity_tells_of_requests_on_standard_error_alone() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let quiet = desk.run(&["member", "list"]).await;
    assert_eq!(quiet.stderr, "");
    let told = desk.run(&["member", "list", "-vv"]).await;
    assert_eq!(told.stdout, quiet.stdout);
    assert!(told.stderr.contains("GET"), "{told:?}");
}

/// Without a terminal there is no progress bar, not even an empty line.
#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_sees_no_progress() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let mut command = desk.command(&["invitation", "create", "bea@x.io", "cem@x.io", "--role", "viewer"]);
    let run = ended(command.stdin(Stdio::null()).spawn().expect("it starts")).await;
    assert_eq!(run.stderr, "2 invited\n");
}
