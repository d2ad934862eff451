//! Every exit code of the table.

use orgport_sandbox::{Fault, FaultKind};

use crate::support::{Desk, Run, sandbox};

const MEMORY: &str = "[providers.a]\nkind = \"memory\"\norganization = \"home\"\n";

fn assert_code(run: &Run, code: i32, kind: &str) {
    assert_eq!(run.code, Some(code), "{run:?}");
    assert!(run.stdout.is_empty() || run.stdout.contains("outcome"), "nothing is no empty list: {run:?}");
    assert_eq!(run.error()["kind"], kind, "{run:?}");
}

/// One attempt per request and no time to settle: what fails is told at once.
fn impatient(desk: Desk, vendor: &str) -> Desk {
    let table = format!("ORGPORT__PROVIDERS__{}", vendor.to_uppercase());
    desk.set(&format!("{table}__HTTP__READ_ATTEMPTS"), "1")
        .set(&format!("{table}__HTTP__WRITE_ATTEMPTS"), "1")
        .set(&format!("{table}__SETTLE"), "0s")
}

fn status(status: u16) -> FaultKind {
    FaultKind::Html { status, commit: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn done_is_0() {
    assert_eq!(Desk::with_config(MEMORY).run(&["org", "get"]).await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_and_configuration_are_2() {
    let desk = Desk::with_config(MEMORY);
    assert_code(&desk.run(&["--format", "json", "org", "grow"]).await, 2, "invalid_input");
    for (arguments, named) in
        [(&["member", "get"][..], "MEMBER>"), (&["completions", "nosh"], "possible values: bash")]
    {
        let run = desk.run(&[&["--format=json"], arguments].concat()).await;
        assert_code(&run, 2, "invalid_input");
        assert!(run.error()["message"].as_str().is_some_and(|text| text.contains(named)), "{run:?}");
    }
    let nowhere = Desk::with_config("[providers.a]\nkind = \"memory\"\n");
    let run = nowhere.run(&["--format", "json", "member", "list"]).await;
    assert_code(&run, 2, "config");
    assert!(
        run.error()["message"]
            .as_str()
            .is_some_and(|text| text.contains("pass --org") || text.contains("Pass --org"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn not_found_is_3() {
    let desk = Desk::with_config(MEMORY);
    for (arguments, operation) in [
        (&["member", "get", "bea@x.io"][..], "list_members"),
        (&["member", "set-role", "bea@x.io", "viewer"], "set_member_role"),
        (&["member", "remove", "bea@x.io", "--yes"], "remove_member"),
        (&["invitation", "resend", "bea@x.io"], "resend_invitation"),
        (&["invitation", "get", "bea@x.io"], "get_invitation"),
        (&["invitation", "create", "bea@x.io", "--org", "nowhere"], "invite"),
        (&["org", "get", "nowhere"], "get_organization"),
        (&["org", "delete", "nowhere", "--yes"], "delete_organization"),
        (&["member", "list", "--org", "nowhere"], "list_members"),
    ] {
        let run = desk.run(&[&["--format", "json"], arguments].concat()).await;
        assert_code(&run, 3, "not_found");
        assert_eq!(run.error()["operation"], operation);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_credential_is_4() {
    let sandbox = sandbox().await;
    let wrong = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__AUTH__TOKEN", "wrong");
    assert_code(&wrong.run(&["--format", "json", "member", "list"]).await, 4, "unauthenticated");
    let outsider = sandbox.identities().into_iter().rfind(|one| one.vendor == "losant").expect("there");
    let token = outsider.credential["token"].as_str().expect("a token").to_owned();
    let reader = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__AUTH__TOKEN", &token);
    let invite = ["--format", "json", "invitation", "create", "bea@example.com", "--role", "viewer"];
    assert_code(&reader.run(&invite).await, 4, "permission_denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_5() {
    let desk = Desk::with_config(MEMORY);
    let last_owner = ["--format", "json", "member", "remove", "owner@memory.example", "--yes"];
    assert_code(&desk.run(&last_owner).await, 5, "conflict");
    let sandbox = sandbox().await;
    let taken = ["--format", "json", "org", "create", "tox-lab"];
    assert_code(&Desk::at(&sandbox, "jaqpot").run(&taken).await, 5, "already_exists");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_6() {
    let sandbox = sandbox().await;
    let headers = [("retry-after".to_owned(), "3600".to_owned())].into();
    let limit = FaultKind::Status { status: 429, headers, body: None, commit: false };
    sandbox.fault(Fault::new("losant", limit).always()).expect("set");
    let run = Desk::at(&sandbox, "losant").run(&["--format", "json", "member", "list"]).await;
    assert_code(&run, 6, "rate_limited");
    assert_eq!(run.error()["retryable"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_7() {
    let sandbox = sandbox().await;
    let set_role = ["--format", "json", "member", "set-role", "some-member", "admin"];
    assert_code(&Desk::at(&sandbox, "koyeb").run(&set_role).await, 7, "unsupported");
    assert!(sandbox.requests().is_empty(), "refused before anything is sent");
    let by_name = ["--org", "Some Name"];
    for (vendor, arguments, word) in [
        ("koyeb", &["member", "set-role", "ada@x.io", "admin"][..], "one role"),
        ("jaqpot", &["invitation", "revoke", "ada@x.io"], "Jaqpot"),
        ("jaqpot", &["org", "delete", "Some Name"], "Jaqpot"),
        ("jaqpot", &["member", "remove", "ada@x.io"], "Jaqpot"),
        ("nuextract", &["invitation", "accept", "ada@x.io"], "no call"),
        ("losant", &["member", "set-role", "ada@x.io", "owner"], "only admin"),
        ("losant", &["invitation", "create", "ada@x.io", "--role", "owner"], "only admin"),
        ("losant", &["invitation", "create", "ada@x.io", "--role", "owner", "--dry-run"], "only admin"),
    ] {
        let run =
            Desk::at(&sandbox, vendor).run(&[&["--format", "json"], arguments, &by_name].concat()).await;
        assert_code(&run, 7, "unsupported");
        let error = run.error();
        assert!(error["message"].as_str().is_some_and(|text| text.contains(word)), "{error}");
        assert!(error["operation"].is_string() && error["provider"] == vendor, "{error}");
        assert!(sandbox.requests().is_empty(), "{arguments:?} looks nothing up");
    }
    let desk = Desk::with_config(&format!("{MEMORY}read_only = true\n"));
    assert_code(&desk.run(&["--format", "json", "org", "create", "Acme"]).await, 7, "read_only");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ailing_vendor_is_8() {
    let sandbox = sandbox().await;
    let desk = impatient(Desk::at(&sandbox, "losant"), "losant");
    sandbox.fault(Fault::new("losant", status(503))).expect("set");
    assert_code(&desk.run(&["--format", "json", "member", "list"]).await, 8, "unavailable");
    sandbox.accept_connections(false).await.expect("closed");
    assert_code(&desk.run(&["--format", "json", "member", "list"]).await, 8, "connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_nobody_knows_is_9() {
    let sandbox = sandbox().await;
    let desk = impatient(Desk::at(&sandbox, "losant"), "losant");
    sandbox.fault(Fault::new("losant", FaultKind::ResetAfter).method("POST")).expect("set");
    // The two lists of the look before are answered, those of the look behind are not.
    sandbox.fault(Fault::new("losant", status(503)).method("GET").skip(2).always()).expect("set");
    let one =
        desk.run(&["--format", "json", "invitation", "create", "bea@example.com", "--role", "viewer"]).await;
    assert_code(&one, 9, "ambiguous");
    assert_eq!(one.json()[0]["outcome"], "failed");
    assert_eq!(one.json()[0]["error"]["kind"], "ambiguous");
    assert_eq!(sandbox.mail().len(), 1, "and nothing was sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_may_be_done_is_9_though_its_kind_says_how_it_failed() {
    let sandbox = sandbox().await;
    let desk = impatient(Desk::at(&sandbox, "losant"), "losant");
    let member = "viewer@losant.example";
    let set_role = ["--format", "json", "member", "set-role", member, "editor", "--yes"];
    for (fault, kind) in [
        (FaultKind::ResetAfter, "connection"),
        (FaultKind::Html { status: 503, commit: true }, "unavailable"),
        (FaultKind::Html { status: 200, commit: true }, "protocol"),
    ] {
        sandbox.fault(Fault::new("losant", fault).method("PATCH")).expect("set");
        let run = desk.run(&set_role).await;
        assert_code(&run, 9, kind);
        assert!(run.stderr.contains("doing it again is harmless"), "{run:?}");
    }
    // What failed before it, or was refused, has changed nothing.
    let refusal = FaultKind::Status { status: 409, headers: [].into(), body: None, commit: false };
    sandbox.fault(Fault::new("losant", refusal).method("PATCH")).expect("set");
    assert_code(&desk.run(&set_role).await, 5, "conflict");
    sandbox.fault(Fault::new("losant", status(503)).method("GET").always()).expect("set");
    assert_code(&desk.run(&set_role).await, 8, "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn some_of_several_is_10() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "koyeb");
    desk.write("people.csv", "bea@example.com,owner\ncem@example.com,viewer\n");
    let run = desk.run(&["--format", "json", "invitation", "create", "--from", "people.csv"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let rows = run.json();
    assert_eq!((&rows[0]["outcome"], &rows[1]["outcome"]), (&"invited".into(), &"failed".into()));
    assert_eq!(rows[1]["error"]["kind"], "unsupported");
    assert_eq!(run.notes(), ["1 invited, 1 failed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_none_is_1() {
    let sandbox = sandbox().await;
    sandbox.fault(Fault::new("losant", status(200)).always()).expect("set");
    let desk = impatient(Desk::at(&sandbox, "losant"), "losant");
    assert_code(&desk.run(&["--format", "json", "member", "list"]).await, 1, "protocol");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_in_the_text() {
    let sandbox = sandbox().await;
    let id = "00000000-0000-4000-8000-000000000000";
    for (vendor, arguments, named) in [
        ("losant", &["org", "get", "Acme"][..], "Acme"),
        ("losant", &["member", "remove", "nobody", "--yes"], "nobody"),
        ("losant", &["member", "set-role", "nobody", "viewer", "--yes"], "nobody"),
        ("nuextract", &["member", "remove", id, "--yes"], id),
        ("koyeb", &["invitation", "get", id], id),
        ("koyeb", &["invitation", "resend", id], id),
        ("nuextract", &["invitation", "revoke", id], id),
        ("koyeb", &["invitation", "accept", id], id),
        ("koyeb", &["invitation", "revoke", "ada@x.io"], "ada@x.io"),
    ] {
        let run = Desk::at(&sandbox, vendor).run(arguments).await;
        assert!(matches!(run.code, Some(2 | 3)), "{run:?}");
        assert!(run.stderr.contains(named), "{arguments:?}: {run:?}");
    }
    let secret = Desk::at(&sandbox, "trieve").run(&["invitation", "revoke", id]).await;
    assert!(secret.code == Some(3) && !secret.stderr.contains(id), "{secret:?}");
}
