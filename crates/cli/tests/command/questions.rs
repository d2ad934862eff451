//! What is asked before something happens that cannot be undone.
#![cfg(target_os = "linux")]

use serde_json::json;

use crate::support::{Desk, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn a_question_says_who_and_where() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let remove = ["member", "remove", "viewer@losant.example"];
    let asked = "Remove viewer@losant.example (Vera Viewer) from Sandbox Organization at losant? [y/N]";
    for typed in ["n\n", "\n", "yes please\n"] {
        let run = desk.run_at_terminal(&remove, typed).await;
        assert!(run.stdout.contains(asked) && run.stdout.contains("nothing was done"), "{run:?}");
        assert_eq!(run.code, Some(1), "{run:?}");
    }
    assert_eq!(desk.json(&["member", "list"]).await.as_array().map(Vec::len), Some(3));
    let run = desk.run_at_terminal(&remove, "y\n").await;
    assert!(run.code == Some(0) && run.stdout.contains("viewer@losant.example is removed."), "{run:?}");
    assert_eq!(desk.json(&["member", "list"]).await.as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_would_shut_oneself_out_is_told() {
    let sandbox = sandbox().await;
    let losant = Desk::at(&sandbox, "losant");
    let run = losant.run_at_terminal(&["member", "remove", "admin@losant.example"], "n\n").await;
    assert!(
        run.stdout.contains("Remove you, admin@losant.example, from Sandbox Organization at losant?")
            && run.stdout.contains("Nobody else there has the role admin, and your access ends with it."),
        "{run:?}"
    );
    let set_role = ["member", "set-role", "admin@losant.example", "viewer"];
    let run = losant.run_at_terminal(&set_role, "n\n").await;
    assert!(run.stdout.contains("Give you, admin@losant.example, the role viewer in "), "{run:?}");
    let unasked = losant.run(&set_role).await;
    assert_eq!(unasked.code, Some(2), "{unasked:?}");
    assert!(unasked.stderr.contains("--yes"), "{unasked:?}");
    assert_eq!(losant.json(&["member", "get", "admin@losant.example"]).await["role"], "admin");
    let others = losant.run(&["member", "set-role", "viewer@losant.example", "editor"]).await;
    assert_eq!(others.code, Some(0), "nobody is asked about others: {others:?}");

    let nuextract = Desk::at(&sandbox, "nuextract");
    let own = sandbox.identity("nuextract").expect("there").email;
    let run = nuextract.run_at_terminal(&["member", "remove", &own], "n\n").await;
    assert!(
        run.stdout.contains(&format!("Remove you, {own}, from "))
            && run.stdout.contains("Nobody else there has the role admin, and your access ends with it."),
        "{run:?}"
    );
    assert!(sandbox.requests().iter().all(|one| one.method != "DELETE"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_is_asked_about_by_its_name() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let id = desk.json(&["org", "create", "Acme"]).await["id"].as_str().expect("an id").to_owned();
    let run = desk.run_at_terminal(&["org", "delete", &id], "n\n").await;
    let asked = format!("Delete the organization Acme at losant ({id}) with everything in it? [y/N]");
    assert!(run.stdout.contains(&asked), "{run:?}");
    assert_eq!(desk.json(&["org", "get", &id]).await["name"], "Acme");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_credential_says_whose_it_is() {
    let sandbox = sandbox().await;
    for (vendor, is_person) in [("losant", true), ("koyeb", true), ("nuextract", true), ("trieve", false)] {
        let identity = Desk::at(&sandbox, vendor).json(&["whoami"]).await;
        assert_eq!(identity["is_person"], is_person, "{vendor}: {identity}");
        let email = sandbox.identity(vendor).expect("there").email;
        assert!(!is_person || identity["email"] == json!(email), "{vendor}: {identity}");
    }
    let jaqpot = Desk::at(&sandbox, "jaqpot").run(&["whoami"]).await;
    assert_eq!(jaqpot.code, Some(7), "{jaqpot:?}");
}
