//! From something that does not work to the reason.

use std::time::{Duration, Instant};

use orgport_sandbox::{Authority, Fault, FaultKind};
use serde_json::Value;

use crate::support::{Desk, Run, VENDORS, sandbox};

/// The finding of one check.
fn finding(run: &Run, check: &str) -> Value {
    let all = run.json();
    let found = all.as_array().expect("a list").iter().find(|one| one["check"] == check);
    found.unwrap_or_else(|| panic!("no finding on {check}: {run:?}")).clone()
}

async fn examined(desk: &Desk, provider: &str) -> Run {
    desk.run(&["--format", "json", "doctor", "--provider", provider]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_provider_is_examined_by_reading() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let run = desk.run(&["--format", "json", "doctor"]).await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    let findings = run.json();
    for vendor in VENDORS {
        let of = |check: &str| {
            let mut all = findings.as_array().expect("a list").iter();
            all.find(|one| one["provider"] == vendor && one["check"] == check).cloned()
        };
        for check in
            ["configuration", "name", "connection", "access", "organization", "members", "invitations"]
        {
            assert_eq!(of(check).expect(check)["status"], "ok", "{vendor} {check}: {findings}");
        }
        assert_eq!(of("clock").expect("there")["status"], "warning", "the sandbox's clock stands still");
    }
    for request in sandbox.requests() {
        let renews = request.authority == Authority::Auth && request.path.ends_with("/token");
        assert!(request.method == "GET" || renews, "{request:?}");
    }
    assert!(sandbox.mail().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_lines_for_people() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "trieve").set("ORGPORT__PROVIDERS__TRIEVE__DEFAULT_ROLE", "member");
    let desk = desk.set("ORGPORT_STATE", "state");
    let shown = desk.run(&["doctor", "--provider", "trieve"]).await.shown();
    let clock = regex_lite::Regex::new(r"\d+ (h|min|s) (ahead of|behind)").expect("a pattern");
    insta::assert_snapshot!(clock.replace(&shown, "[skew] $2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_directory_in_disorder_is_no_vendors_doing() {
    let desk = Desk::with_config("[providers.a]\nkind = \"memory\"\norganization = \"home\"\n");
    let desk = desk.set("ORGPORT_STATE", "state");
    assert_eq!(desk.run(&["invitation", "create", "ada@example.org"]).await.code, Some(0));
    desk.write("state/version", b"\xff\xfe");
    let run = desk.run(&["doctor"]).await;
    assert!(run.code != Some(0) && run.stdout.contains("the state directory state"), "{run:?}");
    assert!(!run.stdout.contains("the vendor has a problem"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_in_step_is_fine() {
    let sandbox = orgport_sandbox::Sandbox::start().await.expect("it starts");
    let desk = Desk::at(&sandbox, "losant");
    assert_eq!(finding(&examined(&desk, "losant").await, "clock")["status"], "ok");
    sandbox.advance(Duration::from_secs(90)).await;
    let clock = finding(&examined(&desk, "losant").await, "clock");
    assert_eq!(clock["status"], "warning");
    assert!(clock["message"].as_str().is_some_and(|text| text.contains("behind the vendor's")), "{clock}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_check_and_its_exit_code() {
    let sandbox = sandbox().await;
    let at = |vendor: &str, setting: &str, value: &str| {
        Desk::at(&sandbox, vendor)
            .set(&format!("ORGPORT__PROVIDERS__{}__{setting}", vendor.to_uppercase()), value)
    };
    for (desk, vendor, check, code, error) in [
        (at("losant", "AUTH__TOKEN", "canary-12ab"), "losant", "access", 4, "unauthenticated"),
        (at("losant", "ORGANIZATION", "000000000000000000000000"), "losant", "organization", 3, "not_found"),
        (at("koyeb", "BASE_URL", "https://koyeb.invalid"), "koyeb", "name", 8, "connection"),
        (at("koyeb", "AUTH__KEY", "env:MISSING"), "koyeb", "configuration", 2, "config"),
        (at("koyeb", "BASE_URL", "http://koyeb.example"), "koyeb", "configuration", 2, "config"),
        (at("koyeb", "BASE", "http://koyeb.example"), "koyeb", "configuration", 2, "config"),
        (at("jaqpot", "BASE_URL", &sandbox.base_url("losant")), "jaqpot", "access", 2, "invalid_input"),
    ] {
        let run = examined(&desk, vendor).await;
        assert_eq!(run.code, Some(code), "{run:?}");
        let found = finding(&run, check);
        assert_eq!((&found["status"], &found["error"]), (&"failed".into(), &error.into()), "{run:?}");
        assert!(check == "configuration" || found["advice"].is_string(), "{found}");
        assert!(!run.stdout.contains("canary-12ab") && !run.stderr.contains("canary-12ab"), "{run:?}");
    }
    assert_eq!(examined(&Desk::at(&sandbox, "losant"), "nobody").await.code, Some(2));
    let nothing = Desk::empty().run(&["--format", "json", "doctor"]).await;
    assert_eq!((nothing.code, &nothing.json()[0]["provider"]), (Some(2), &Value::Null), "{nothing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_longer_than_ten_seconds() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    for (skip, check) in [(0, "connection"), (1, "access"), (3, "organization")] {
        let fault = Fault::new("losant", FaultKind::Hang { commit: false }).skip(skip).always();
        sandbox.fault(fault).expect("set");
        let started = Instant::now();
        let run = examined(&desk, "losant").await;
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        assert_eq!(run.code, Some(8), "{run:?}");
        assert_eq!(finding(&run, check)["error"], "timeout", "{run:?}");
        sandbox.clear_faults();
    }
    sandbox.accept_connections(false).await.expect("closed");
    let run = examined(&desk, "losant").await;
    assert_eq!((run.code, &finding(&run, "connection")["error"]), (Some(8), &"connection".into()), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_not_work_is_told_before_it_is_tried() {
    let sandbox = sandbox().await;
    let config = sandbox.configuration_toml();
    let lines = |unwanted: [&str; 3]| {
        let wanted = |line: &&str| !unwanted.iter().any(|key| line.starts_with(&format!("{key} =")));
        config.lines().filter(wanted).collect::<Vec<_>>().join("\n")
    };
    let desk = Desk::with_config(&lines(["redirect_uri", "contact_email", "visibility"]));
    for (vendor, words) in [
        ("trieve", &["redirect_uri is not set, so invite", "default_role is not set"][..]),
        ("jaqpot", &["contact_email is not set, so create_organization", "visibility is not set"]),
        ("losant", &["default_role is not set"]),
        ("nuextract", &[]),
    ] {
        let run = examined(&desk, vendor).await;
        assert_eq!(run.code, Some(0), "a warning is no failure: {run:?}");
        let all = run.json();
        let warnings: Vec<_> =
            all.as_array().expect("a list").iter().filter(|one| one["check"] == "settings").collect();
        assert_eq!(warnings.len(), words.len(), "{run:?}");
        for (warning, word) in warnings.iter().zip(words) {
            assert!(warning["message"].as_str().is_some_and(|text| text.contains(word)), "{warning}");
            assert!(warning["advice"].as_str().is_some_and(|text| text.contains(vendor)), "{warning}");
        }
    }
    let koyeb = finding(&examined(&desk, "koyeb").await, "capability");
    assert!(
        koyeb["message"].as_str().is_some_and(|text| text.starts_with("without set_member_role: ")),
        "{koyeb}"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_token_file_is_looked_at() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "nuextract")
        .set("ORGPORT__PROVIDERS__NUEXTRACT__AUTH__ACCESS_TOKEN", "stale")
        .set("ORGPORT_STATE", "state");
    let message = |run: &Run| finding(run, "token_store")["message"].as_str().expect("text").to_owned();
    assert!(message(&examined(&desk, "nuextract").await).contains("no token for this credential yet"));
    // The examination itself has renewed the token.
    assert!(
        message(&examined(&desk, "nuextract").await)
            .contains("a token is kept in the state directory state, which ends ")
    );
    let file = desk.path().join("state/tokens.json");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("changed");
    let run = examined(&desk, "nuextract").await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(message(&run).contains("chmod 600"), "{run:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_secret_that_others_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "koyeb").set("ORGPORT__PROVIDERS__KOYEB__AUTH__KEY", "file:key");
    let key = sandbox.configuration_toml();
    let (_, key) = key.split_once("[providers.koyeb]").expect("it is there");
    let (_, key) = key.split_once("\nkey = \"").expect("it has a key");
    desk.write("key", key.split_once('"').expect("it ends").0);
    let is_told =
        |run: &Run| run.json().as_array().expect("a list").iter().any(|one| one["check"] == "secret");
    assert!(!is_told(&examined(&desk, "koyeb").await));
    let file = desk.path().join("key");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("changed");
    let run = examined(&desk, "koyeb").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let secret = finding(&run, "secret");
    assert_eq!(
        (secret["status"].as_str(), secret["advice"].as_str()),
        (Some("warning"), Some("chmod 600 key"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_process_has_no_network() {
    let desk = Desk::with_config("[providers.a]\nkind = \"memory\"\n");
    let run = examined(&desk, "a").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(finding(&run, "organization")["status"], "warning");
    assert_eq!(finding(&run, "access")["status"], "ok");
}
