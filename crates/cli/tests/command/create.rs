//! Inviting many: from files, from a pipe, dry.

use serde_json::{Value, json};

use crate::support::{Desk, sandbox};

fn outcomes(rows: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().expect("text").to_owned();
    let rows = rows.as_array().expect("a list").iter();
    rows.map(|row| format!("{} {}", word(&row["email"]), word(&row["outcome"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_names_the_people_and_their_roles() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.write(
        "people.csv",
        "\u{feff}email,role\r\n# new\r\n\r\nbea@example.com,admin\r\ncem@example.com,\r\n",
    );
    let create = ["invitation", "create", "dua@example.com", "--role", "viewer", "--from", "people.csv"];
    let rows = desk.json(&create).await;
    let shown: Vec<_> = rows
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| format!("{} {} {}", row["email"], row["outcome"], row["invitation"]["role"]))
        .collect();
    assert_eq!(
        shown,
        [
            r#""dua@example.com" "invited" "viewer""#,
            r#""bea@example.com" "invited" "admin""#,
            r#""cem@example.com" "invited" "viewer""#,
        ]
    );
    let again = desk.json(&create).await;
    assert!(outcomes(&again).iter().all(|one| one.ends_with(" already_invited")), "{again}");
    assert_eq!(sandbox.mail().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_names_the_people() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let create = ["--format", "json", "invitation", "create", "--from", "-", "--role", "viewer"];
    let run = desk.run_with_input(&create, "bea@example.com\nBEA@example.com\ncem@example.com\n").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(
        outcomes(&run.json()),
        ["bea@example.com invited", "BEA@example.com already_invited", "cem@example.com invited",]
    );
    assert_eq!(run.notes(), ["2 invited, 1 already invited"]);
    assert_eq!(sandbox.mail().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_unless_every_line_is_right() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.write("people.csv", "bea@example.com,viewer\n\ncem at example.com\ndua@example.com,boss\n");
    let run = desk.run(&["--format", "json", "invitation", "create", "--from", "people.csv"]).await;
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    insta::assert_snapshot!(run.error()["message"].as_str().expect("text"));
    for (file, text) in [("empty.csv", "\n# nobody\n"), ("header.csv", "email,role\n")] {
        desk.write(file, text);
        let run = desk.run(&["invitation", "create", "--from", file]).await;
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("nobody to invite"), "{run:?}");
    }
    let missing = desk.run(&["invitation", "create", "--from", "missing.csv"]).await;
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("missing.csv cannot be read"), "{missing:?}");
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_one_failure_among_the_outcomes() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let create = ["--format", "json", "invitation", "create", "--role", "viewer"];
    for dry_run in [&["--dry-run"][..], &[]] {
        let people = ["bea at example.com", "bea@example.com", "", "cem@example.com"];
        let run = desk.run(&[&create[..], dry_run, &people].concat()).await;
        assert_eq!(run.code, Some(10), "{run:?}");
        let word = if dry_run.is_empty() { "invited" } else { "would_invite" };
        let expected = ["bea at example.com failed", &format!("bea@example.com {word}"), " failed"];
        let rows = run.json();
        assert_eq!(outcomes(&rows)[..3], expected);
        assert_eq!(rows[0]["error"]["kind"], "invalid_input");
        assert_eq!(rows[0]["error"]["operation"], "invite");
        assert_eq!(rows[0]["error"]["provider"], "losant");
    }
    assert_eq!(sandbox.mail().len(), 2);

    sandbox.clear_requests();
    let alone = desk.run(&[&create[..], &["--org", "Acme", "bea at example.com"]].concat()).await;
    assert_eq!(alone.code, Some(2), "{alone:?}");
    assert_eq!(outcomes(&alone.json()), ["bea at example.com failed"]);
    assert_eq!(alone.error()["kind"], "invalid_input");
    assert!(sandbox.requests().is_empty(), "there is nobody to look anything up for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configurations_own_words_are_roles() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant")
        .set("ORGPORT__PROVIDERS__LOSANT__ROLES__STAFF", "admin")
        .set("ORGPORT__PROVIDERS__LOSANT__ROLES__GUEST", "viewer");
    desk.write("people.csv", "email,role\nbea@example.com,Staff\ncem@example.com,\n");
    desk.write("people.txt", "dan@example.com, staff\nmember, Eve <eve@example.com>;\n");
    let create = ["invitation", "create", "--role", "guest", "--from", "people.csv", "fay@example.com"];
    let rows = desk.json(&create).await;
    let roles: Vec<_> =
        rows.as_array().expect("a list").iter().map(|row| &row["invitation"]["role"]).collect();
    assert_eq!(roles, ["viewer", "admin", "viewer"]);
    let run = desk.run(&["invitation", "create", "--from", "people.txt"]).await;
    assert_eq!(run.code, Some(2), "a word for a role is no part of a name: {run:?}");

    let run = desk.run(&["invitation", "create", "gil@example.com", "--role", "boss"]).await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("viewer, none, and here guest, staff"), "{run:?}");
    let run = desk.run(&["member", "set-role", "viewer@losant.example", "staff"]).await;
    assert_eq!(run.stdout, "viewer@losant.example has the role admin now.\n");
    assert_eq!(sandbox.mail().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_only_reads() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.json(&["invitation", "create", "bea@example.com", "--role", "viewer"]).await;
    sandbox.clear_requests();
    let people = ["bea@example.com", "viewer@losant.example", "cem@example.com", "CEM@example.com"];
    let rows =
        desk.json(&[&["invitation", "create", "--dry-run", "--role", "admin"], &people[..]].concat()).await;
    assert_eq!(
        outcomes(&rows),
        [
            "bea@example.com already_invited",
            "viewer@losant.example already_member",
            "cem@example.com would_invite",
            "CEM@example.com repeated",
        ]
    );
    assert_eq!(rows[0]["via"], "look");
    assert_eq!(
        rows[2],
        json!({
            "email": "cem@example.com", "account": null, "outcome": "would_invite", "via": null, "invitation": null,
            "member": null, "asked_role": "admin", "role_differs": false, "error": null,
        })
    );
    assert_eq!((&rows[1]["member"]["role"], &rows[1]["asked_role"]), (&json!("viewer"), &json!("admin")));
    assert_eq!(rows[1]["role_differs"], true);
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"));
    let refused = desk
        .run(&["--format", "json", "invitation", "create", "--dry-run", "cem@example.com", "--role", "owner"])
        .await;
    assert_eq!(refused.code, Some(7), "{refused:?}");
    assert_eq!(refused.json()[0]["outcome"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_why_somebody_was_not_invited() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "koyeb");
    desk.write("people.csv", "bea@example.com,owner\ncem@example.com,viewer\n");
    insta::assert_snapshot!(desk.run(&["invitation", "create", "--from", "people.csv"]).await.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_the_role_that_would_be_asked_for() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__DEFAULT_ROLE", "editor");
    desk.write("people.csv", "email,role\nada@example.org,admin\nbea@example.org,\n");
    let dry = ["invitation", "create", "--from", "people.csv", "--dry-run"];
    let rows = desk.json(&dry).await;
    assert_eq!((&rows[0]["asked_role"], &rows[1]["asked_role"]), (&json!("admin"), &json!("editor")));
    for format in ["table", "csv"] {
        let shown = desk.run(&[&dry[..], &["--format", format]].concat()).await.stdout;
        let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).expect("a line").to_owned();
        assert!(line("ada").contains("admin") && line("bea").contains("editor"), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_than_asked_for_is_told() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.json(&["invitation", "create", "cem@example.org", "--role", "viewer"]).await;
    desk.write(
        "people.csv",
        "email,role\nviewer@losant.example,admin\neditor@losant.example,editor\ncem@example.org,admin\n",
    );
    let create = ["invitation", "create", "--from", "people.csv"];
    for dry_run in [&["--dry-run"][..], &[]] {
        let run = desk.run(&[&create[..], dry_run].concat()).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        insta::assert_snapshot!("another_role", run.shown());
        let rows = desk.json(&[&create[..], dry_run].concat()).await;
        let differs: Vec<_> =
            rows.as_array().expect("a list").iter().map(|row| &row["role_differs"]).collect();
        assert_eq!(differs, [true, false, true]);
    }
    let csv = desk.run(&[&create[..], &["--format", "csv"]].concat()).await;
    assert!(csv.stdout.contains("viewer@losant.example,,already_member,look,viewer,admin,true,"), "{csv:?}");
    assert_eq!(sandbox.mail().len(), 1, "and nobody is mailed");
}
