//! Lists of one place and of many, which know where they come from.

use orgport_sandbox::{Fault, FaultKind};

use crate::everywhere::{ADDRESSED, Everywhere, GRACE, rows};
use crate::support::{Desk, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_one_place_say_which_it_is() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let members = desk.json(&["member", "list"]).await;
    let organization = desk.json(&["org", "list"]).await[0]["id"].clone();
    for row in members.as_array().expect("an array") {
        assert_eq!((&row["provider"], &row["organization"]), (&"losant".into(), &organization), "{row}");
    }
    let csv = desk.run(&["--format", "csv", "member", "list"]).await.stdout;
    let (head, first) = (csv.lines().next().expect("a head"), csv.lines().nth(1).expect("a line"));
    assert!(head.ends_with(",provider,organization"), "{head}");
    assert!(first.ends_with(&format!(",losant,{}", organization.as_str().expect("an id"))), "{first}");
    let table = desk.run(&["member", "list"]).await.stdout;
    assert!(!table.contains("PROVIDER"), "of one place it is not told in each line: {table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_list_is_of_every_provider_and_every_organization() {
    let world = Everywhere::new().await;
    let all = world.desk.json(&["member", "list", "--all", "--all-orgs", "--email", GRACE]).await;
    for vendor in ADDRESSED {
        let here = rows(&all, "provider", vendor);
        assert_eq!(here.len(), 1, "she is a member of the second of each: {all}");
    }
    let all =
        world.desk.json(&["invitation", "list", "--all", "--status", "pending", "--email", GRACE]).await;
    assert_eq!(all.as_array().map(Vec::len), Some(5), "and asked at the first of each: {all}");
    let here = world.desk.json(&["--provider", "losant", "member", "list", "--all-orgs"]).await;
    assert!(rows(&here, "provider", "losant").len() > 3);
    assert_eq!(rows(&here, "provider", "koyeb").len(), 0);
    let named =
        world.desk.json(&["member", "list", "--place", "losant/second-losant", "--email", GRACE]).await;
    assert_eq!(named.as_array().map(Vec::len), Some(1), "{named}");
    let organizations = world.desk.json(&["org", "list", "--all", "--name", "SECOND"]).await;
    assert_eq!(organizations.as_array().map(Vec::len), Some(5), "{organizations}");
    assert_eq!(world.changes(), [""; 0]);

    let table = world.desk.run(&["member", "list", "--all", "--all-orgs"]).await.stdout;
    assert!(table.starts_with("PROVIDER"), "{table}");
    for (arguments, code) in [
        (&["member", "list", "--all", "--provider", "losant"][..], 2),
        (&["member", "list", "--all", "--place", "losant"], 2),
        (&["member", "list", "--place", "nowhere"], 2),
    ] {
        assert_eq!(world.desk.run(arguments).await.code, Some(code), "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_fails_is_told_and_leaves_the_others_alone() {
    let world = Everywhere::new().await;
    let down = FaultKind::Html { status: 503, commit: false };
    world.sandbox.fault(Fault::new("trieve", down).always()).expect("set");
    let desk = world.desk.set("ORGPORT__PROVIDERS__TRIEVE__HTTP__READ_ATTEMPTS", "1");
    let arguments =
        ["--format", "json", "invitation", "list", "--all", "--status", "pending", "--email", GRACE];
    let run = desk.run(&arguments).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    assert_eq!(run.json().as_array().map(Vec::len), Some(4));
    assert_eq!((run.error()["provider"].as_str(), run.objects().len()), (Some("trieve"), 1), "said once");
    let organizations = desk.run(&["--format", "json", "org", "list", "--all"]).await;
    assert_eq!(organizations.code, Some(10), "{organizations:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_and_who_is_asked_is_one_list() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    assert_eq!(desk.run(&["invitation", "create", GRACE, "--role", "viewer"]).await.code, Some(0));
    let everybody = desk.json(&["invitation", "list", "--with-members"]).await;
    assert_eq!(everybody.as_array().map(Vec::len), Some(4), "{everybody}");
    assert_eq!(rows(&everybody, "address", GRACE)[0]["state"], "pending");
    assert_eq!(rows(&everybody, "state", "member").len(), 3);
    let viewers = desk.json(&["invitation", "list", "--with-members", "--role", "viewer"]).await;
    assert_eq!(viewers.as_array().map(Vec::len), Some(2), "{viewers}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secret_ids_stay_hidden_in_lists_of_many_places() {
    let world = Everywhere::new().await;
    let list = ["--format", "csv", "invitation", "list", "--all", "--columns", "provider,id"];
    let shown = world.desk.run(&list).await.stdout;
    let of = |vendor: &str| shown.lines().filter(|line| line.starts_with(vendor)).collect::<Vec<_>>();
    assert!(of("trieve").iter().all(|line| *line == "trieve,"), "{shown}");
    assert!(!of("losant").is_empty() && of("losant").iter().all(|line| line.len() > "losant,".len()));
    let asked = world.desk.run(&[&list[..], &["--show-secret-ids"]].concat()).await.stdout;
    assert!(asked.lines().any(|line| line.starts_with("trieve,") && line.len() > 20), "{asked}");
}
