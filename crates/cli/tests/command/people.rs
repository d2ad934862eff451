//! Lists of people, as spreadsheets, mail programs and this command write them.

use serde_json::Value;

use crate::support::{Desk, Run, sandbox};

fn invited(run: &Run) -> Vec<String> {
    assert_eq!(run.code, Some(0), "{run:?}");
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let rows = run.json();
    rows.as_array()
        .expect("a list")
        .iter()
        .map(|row| format!("{} {}", word(&row["email"]), word(&row["invitation"]["role"])))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn spreadsheets_lists_are_read() {
    let utf16 =
        |text: &str| [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let lists: [Vec<u8>; 6] = [
        b"ada@example.org,viewer\rbea@example.org,admin\r".to_vec(),
        b"email,role,\r\nada@example.org,viewer,\r\n,,\r\nbea@example.org,admin,\r\n,,\r\n".to_vec(),
        b"sep=;\r\nName;E-Mail;Role\r\nZo\xeb;ada@example.org;Viewer\r\nJ\xfcrg;bea@example.org;admin\r\n"
            .to_vec(),
        utf16("E-mail Address\tRole\nada@example.org\tviewer\nbea@example.org\tadmin\n"),
        b"ada@example.org, viewer\n\"Bea, the second\" <bea@example.org>; admin\n".to_vec(),
        b"Mail,Notes,Role\nada@example.org,\"two\nlines\",viewer\n\"bea@example.org\",,admin".to_vec(),
    ];
    for list in lists {
        let sandbox = sandbox().await;
        let desk = Desk::at(&sandbox, "losant");
        desk.write("people", &list);
        let run = desk.run(&["--format", "json", "invitation", "create", "--from", "people"]).await;
        assert_eq!(invited(&run), ["ada@example.org viewer", "bea@example.org admin"]);
        assert_eq!(sandbox.mail().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_list_of_recipients_is_read() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let create = ["--format", "json", "invitation", "create", "--from", "-", "--role", "viewer"];
    let pasted = "Lovelace, Ada <ada@example.org>; bea@example.org, 'cem@example.org' <cem@example.org>;\n";
    let run = desk.run_with_input(&create, pasted).await;
    let people = ["ada@example.org viewer", "bea@example.org viewer", "cem@example.org viewer"];
    assert_eq!(invited(&run), people);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_command_prints_as_csv_can_be_read_again() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let people = ["+ada@example.org", "-bea@example.org", "cem@example.org"];
    desk.json(&[&["invitation", "create", "--role", "viewer", "--"], &people[..]].concat()).await;
    for (list, count) in [(&["invitation", "list"][..], 3), (&["member", "list"], 3)] {
        let csv = desk.run(&[list, &["--format", "csv"]].concat()).await;
        assert!(csv.stdout.contains("'+ada@example.org") || list[0] == "member", "{csv:?}");
        desk.write("list.csv", &csv.stdout);
        let run = desk.run(&["--format", "json", "invitation", "create", "--from", "list.csv"]).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        let rows = run.json();
        assert_eq!(rows.as_array().map(Vec::len), Some(count), "{rows}");
        for row in rows.as_array().expect("a list") {
            assert!(row["outcome"].as_str().is_some_and(|outcome| outcome.starts_with("already_")), "{row}");
        }
    }
    assert_eq!(sandbox.mail().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_not_clear_invites_nobody() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    for (list, words) in [
        (
            "ada@example.org,admin\nbea@example.org\nADA@example.org,viewer\n",
            &["line 1", "line 3", "two roles"][..],
        ),
        ("Name,Address\nAda,ada@example.org\n", &["line 1", "no column of addresses"]),
        ("email,Rolle\nada@example.org,admin\n", &["\"Rolle\"", "call it role"]),
        (
            "email,Niveau\nada@example.org,viewer\nbea@example.org,\n",
            &["line 1", "\"Niveau\"", "call it role"],
        ),
        ("email,name\nada@example.org,\"Ada\nbea@example.org,Bea\n", &["line 2", "a quote is opened"]),
        ("ada@example.org\n\u{0}\n", &["line 2", "is not text"]),
        ("name,email\nAda,\nBea,bea@example.org\n", &["line 2", "nothing in the column \"email\""]),
    ] {
        desk.write("people", list);
        let run = desk.run(&["invitation", "create", "--from", "people", "--role", "member"]).await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{list:?}: {run:?}");
        for word in words {
            assert!(run.stderr.contains(word), "{list:?}: {run:?}");
        }
        assert!(run.stderr.contains("nobody was invited"), "{run:?}");
    }
    desk.write("people", "ada@example.org,viewer\n");
    let create = ["invitation", "create", "ada@example.org", "--role", "admin", "--from", "people"];
    let run = desk.run(&create).await;
    assert!(run.stderr.contains("admin by the command line, viewer by line 1"), "{run:?}");
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_say_nothing_here_are_named() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.write("people.csv", "Team,Email,\u{1b}[31mNotes\nblue,ada@example.org,\n");
    let create = ["invitation", "create", "--from", "people.csv", "--role", "viewer"];
    let run = desk.run(&create).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stderr.contains("people.csv: not read: Team, \u{fffd}[31mNotes"), "{run:?}");
}

/// Whatever is given as a list ends.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_never_ends_is_no_list() {
    let desk = Desk::with_config("[providers.a]\nkind = \"memory\"\norganization = \"home\"\n");
    for arguments in
        [&["invitation", "create", "--from", "/dev/zero"][..], &["api", "POST", "/x", "--body", "@/dev/zero"]]
    {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("/dev/zero does not end within 32 MiB"), "{run:?}");
    }
}
