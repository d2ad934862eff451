//! The JSON contract, whole and in order; tables and CSV of the same results.

use serde_json::{Value, json};

use crate::support::{Desk, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn results_are_the_objects_of_the_contract_in_their_order() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let mut shown = Vec::new();
    for line in [
        "org create Acme --description Tools",
        "org update --org Acme --name Globex",
        "org get",
        "org get Globex",
        "org get --native",
        "org list",
        "member list",
        "member get viewer@losant.example",
        "member set-role viewer@losant.example editor",
        "member remove viewer@losant.example --yes",
        "invitation create bea@example.com cem@example.com bea@example.com --role viewer",
        "invitation list --status pending,expired --email bea@example.com",
        "invitation list --email cem@example.com",
        "invitation get bea@example.com",
        "invitation create bea@example.com --role viewer --native",
        "invitation resend bea@example.com",
        "invitation revoke bea@example.com",
        "invitation list --email bea@example.com",
        "org delete Globex --yes",
        "config check",
        "providers",
    ] {
        let arguments: Vec<_> = "--format json".split(' ').chain(line.split(' ')).collect();
        shown.push(format!("$ orgport {line}\n{}\n", desk.run(&arguments).await.shown()));
    }
    insta::assert_snapshot!(shown.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_and_csv_show_the_same() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let mut shown = Vec::new();
    for line in [
        "org get",
        "member list",
        "member list --format csv",
        "invitation create bea@example.com cem@example.com --role viewer",
        "invitation create bea@example.com dua@example.com --role viewer --format csv",
        "invitation list --email dua@example.com",
        "invitation list --email nobody@example.com",
        "invitation list --email nobody@example.com --format csv",
        "invitation revoke bea@example.com",
        "invitation revoke cem@example.com --format csv",
        "providers",
        "config check",
    ] {
        let arguments: Vec<_> = line.split(' ').collect();
        shown.push(format!("$ orgport {line}\n{}\n", desk.run(&arguments).await.shown()));
    }
    insta::assert_snapshot!(shown.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_finds_and_answers_the_invitation() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    desk.json(&["invitation", "create", "bea@example.com", "cem@example.com", "--role", "viewer"]).await;
    for (person, answer, status) in [("bea", "accept", "accepted"), ("cem", "decline", "declined")] {
        let email = format!("{person}@example.com");
        let token = sandbox.add_user("losant", &email).expect("an account").credential["token"].clone();
        let token = token.as_str().expect("a token");
        let desk = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__AUTH__TOKEN", token);
        let mine = desk.json(&["invitation", "mine"]).await;
        assert_eq!(mine.as_array().map(Vec::len), Some(1), "{mine}");
        assert_eq!(mine[0]["status"], "pending");
        let answered = desk.json(&["invitation", answer, &email]).await;
        assert_eq!(answered["ok"], true);
        assert_eq!(answered["status"], status);
        assert_eq!(desk.json(&["invitation", "mine"]).await, json!([]));
    }
    let members = desk.json(&["member", "list"]).await;
    let emails: Vec<_> = members.as_array().expect("a list").iter().map(|one| &one["email"]).collect();
    assert!(emails.contains(&&json!("bea@example.com")) && !emails.contains(&&json!("cem@example.com")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_token_answers_without_a_credential_of_the_persons_own() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    sandbox.add_user("losant", "bea@example.com").expect("an account");
    desk.json(&["invitation", "create", "bea@example.com", "--role", "viewer"]).await;
    let mail = sandbox.mail().pop().expect("a mail");
    let link = mail.link.expect("a link");
    let token = link.rsplit(['=', '/']).next().expect("a token").to_owned();
    let desk = desk.set("INVITATION", &token);
    let accept = ["invitation", "accept", "--token", "env:INVITATION", "--email", "bea@example.com"];
    assert_eq!(desk.json(&accept).await["status"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn capabilities_need_no_configuration() {
    let desk = Desk::empty();
    let all = desk.json(&["capabilities"]).await;
    let kinds: Vec<_> = all.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(kinds, ["github", "jaqpot", "koyeb", "losant", "memory", "nuextract", "trieve"]);
    for (kind, operations) in all.as_object().expect("an object") {
        let operations = operations.as_object().expect("an object");
        assert_eq!(operations.len(), 16, "{kind}");
        for (operation, support) in operations {
            let support = support.as_str().expect("a word");
            assert!(["native", "composed", "unsupported"].contains(&support), "{kind} {operation}");
        }
    }
    assert_eq!(all["trieve"]["create_organization"], "native", "at its best: with a person's key");
    let raw = desk.run(&["capabilities", "--format", "json"]).await.stdout;
    let order = ["list_organizations", "get_organization", "list_members", "invite", "respond_to_invitation"];
    let places: Vec<_> = order.iter().map(|name| raw.find(name).expect("there")).collect();
    assert!(places.is_sorted(), "in the order of the table: {raw}");
    insta::assert_snapshot!(desk.run(&["capabilities"]).await.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_providers_capabilities_come_with_facts_and_reasons() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "trieve");
    let trieve = desk.json(&["capabilities", "--provider", "trieve"]).await;
    assert_eq!(trieve["trieve"]["create_organization"], "unsupported", "with an organization's key");
    let facts = &trieve["trieve"]["facts"];
    assert_eq!(facts["roles_at_invite"], json!(["owner", "admin", "member"]));
    assert!(facts["explanations"]["create_organization"].as_str().is_some_and(|text| text.contains("key")));
    assert!(sandbox.requests().is_empty(), "nothing is asked");
    let table = desk.run(&["capabilities", "--provider", "trieve"]).await.stdout;
    assert!(table.contains("ROLES AT INVITE") && table.contains("owner, admin, member"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_objects_on_standard_error() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "koyeb");
    let mut shown = Vec::new();
    for line in [
        "member set-role ada@acme.example admin",
        "member get nobody@example.com",
        "invitation get 00000000-0000-4000-8000-000000000000",
        "org get --provider kojeb",
        "invitation create not-an-address",
        "invitation list --status waiting",
    ] {
        let arguments: Vec<_> = "--format json".split(' ').chain(line.split(' ')).collect();
        let run = desk.run(&arguments).await;
        let keys: Vec<_> = run.error().as_object().expect("an object").keys().cloned().collect();
        let expected =
            ["code", "kind", "left_behind", "message", "operation", "provider", "retryable", "status"];
        assert_eq!(keys, expected);
        shown.push(format!("$ orgport {line}\n{}\n", run.shown()));
        let people = desk.run(&line.split(' ').collect::<Vec<_>>()).await;
        assert!(people.stderr.starts_with("error: "), "{people:?}");
        assert_eq!(people.code, run.code);
    }
    insta::assert_snapshot!(shown.concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_cannot_be_read_does_not_hide_the_others() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "trieve");
    let made = desk.json(&["invitation", "create", "bea@example.com", "--role", "member", "--native"]).await;
    let row = made[0]["invitation"]["native"].clone();
    let body = json!([{ "strange": true }, row]);
    let fault = json!({
        "vendor": "trieve", "method": "GET", "times": null,
        "fault": { "type": "status", "status": 200, "body": body },
    });
    sandbox.fault(serde_json::from_value(fault).expect("a fault")).expect("set");
    let run = desk.run(&["--format", "json", "invitation", "list"]).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    assert_eq!(run.json().as_array().map(Vec::len), Some(1));
    assert_eq!(run.json()[0]["email"], "bea@example.com");
    assert_eq!(run.error()["kind"], Value::from("protocol"));
}
