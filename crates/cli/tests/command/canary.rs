//! No secret is ever printed.

use orgport_sandbox::{Fault, FaultKind, Sandbox};
use serde_json::Value;

use crate::support::{Desk, Run, VENDORS, sandbox};

/// The forms in which a secret could slip through.
fn forms(secret: &str) -> Vec<String> {
    let quoted = format!("{secret:?}");
    let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    vec![secret.to_owned(), quoted.trim_matches('"').to_owned(), hex]
}

fn assert_silent(run: &Run, secrets: &[String], what: &[&str]) {
    for secret in secrets {
        for form in forms(secret) {
            assert!(!run.stdout.contains(&form), "{what:?} prints {form} on standard output");
            assert!(!run.stderr.contains(&form), "{what:?} prints {form} on standard error");
        }
    }
}

/// All secrets of a vendor's administrator.
fn secrets(sandbox: &Sandbox, vendor: &str) -> Vec<String> {
    let credential = sandbox.identity(vendor).expect("there").credential;
    let secret = |(key, value): (&String, &Value)| {
        let public = ["type", "client_id", "token_url", "authorize_url", "email"].contains(&key.as_str());
        value.as_str().filter(|_| !public).map(str::to_owned)
    };
    credential.as_object().expect("a table").iter().filter_map(secret).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_show_nowhere() {
    let sandbox = sandbox().await;
    for vendor in VENDORS {
        let secrets = secrets(&sandbox, vendor);
        assert!(!secrets.is_empty(), "{vendor}");
        let desk = Desk::at(&sandbox, vendor);
        for arguments in [
            &["-vvv", "org", "list"][..],
            &["-vvv", "member", "list", "--format", "json"],
            &["-vvv", "providers"],
            &["-vvv", "config", "check"],
            &["-vvv", "capabilities", "--provider", vendor],
            &["-vvv", "invitation", "get", "nobody@example.com"],
            &["-vvv", "api", "GET", "/nowhere"],
            &["-vvv", "doctor"],
            &["-vvv", "doctor", "--format", "json"],
        ] {
            assert_silent(&desk.run(arguments).await, &secrets, arguments);
        }
        sandbox.fault(Fault::new(vendor, FaultKind::ResetBefore).always()).expect("set");
        let arguments = ["-vvv", "org", "list", "--format", "json"];
        let desk =
            desk.set(&format!("ORGPORT__PROVIDERS__{}__HTTP__READ_ATTEMPTS", vendor.to_uppercase()), "1");
        assert_silent(&desk.run(&arguments).await, &secrets, &arguments);
        sandbox.clear_faults();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_credential_shows_nowhere() {
    let sandbox = sandbox().await;
    let canary = "canary-\u{e9}\"7f3a9c".to_owned();
    for canary in ["canary-7f3a9c51".to_owned(), canary] {
        let desk = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__AUTH__TOKEN", &canary);
        for arguments in [&["-vvv", "member", "list"][..], &["-vvv", "--format", "json", "member", "list"]] {
            let run = desk.run(arguments).await;
            assert_ne!(run.code, Some(0), "{run:?}");
            assert_silent(&run, std::slice::from_ref(&canary), arguments);
        }
        let wrong = format!(
            "[providers.a]\nkind = \"losant\"\nauth = {{ type = \"bearer\", token = {canary:?}, toke = 1 }}\n"
        );
        let run = Desk::with_config(&wrong).run(&["org", "list"]).await;
        assert_eq!(run.code, Some(2));
        assert_silent(&run, std::slice::from_ref(&canary), &["a wrong configuration"]);
    }
}

/// The mailed token is a secret too.
#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_token_shows_nowhere() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let token = "canary-51c9a3f7".to_owned();
    let arguments = ["-vvv", "invitation", "accept", "--token", &token, "--email", "bea@example.com"];
    let run = desk.run(&arguments).await;
    assert_ne!(run.code, Some(0), "{run:?}");
    assert_silent(&run, std::slice::from_ref(&token), &arguments);
}
