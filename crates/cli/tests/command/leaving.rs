//! One's own membership, and links by which others join.

use serde_json::Value;

use crate::support::{Desk, role, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn the_mailed_link_is_told_where_it_can_be_known() {
    let sandbox = sandbox().await;
    for vendor in ["jaqpot", "koyeb", "trieve"] {
        let desk = Desk::at(&sandbox, vendor);
        let create = [&["invitation", "create", "bea@acme.example"], role(vendor)].concat();
        let invited = desk.json(&create).await[0]["invitation"].clone();
        let link = desk.run(&["--format", "json", "-vvv", "invitation", "link", "bea@acme.example"]).await;
        assert_eq!(link.code, Some(0), "{vendor}: {link:?}");
        let told = link.json()["link"].as_str().expect("a link").to_owned();
        let (id, organization) = (text(&invited["id"]), text(&invited["organization_id"]));
        let expected = match vendor {
            "jaqpot" => {
                format!("https://app.jaqpot.org/dashboard/organizations/{organization}/invitations/{id}")
            }
            "koyeb" => format!("/account/organization_invitations/{id}"),
            _ => format!("/api/auth?inv_code={id}&organization_id={organization}&redirect_uri="),
        };
        assert!(told.contains(&expected), "{vendor}: {told}");
        assert!(!link.stderr.contains(&told), "it is in no log: {}", link.stderr);
        if vendor == "trieve" {
            assert!(!link.stderr.contains(id), "nor is what it is made of: {}", link.stderr);
        }
        let by_id = desk.json(&["invitation", "link", id]).await;
        assert_eq!(by_id["link"], told.as_str(), "{vendor}");
        let unknown = desk.run(&["invitation", "link", "nobody@acme.example"]).await;
        assert_eq!(unknown.code, Some(3), "{vendor}: {unknown:?}");
    }
    for vendor in ["losant", "nuextract"] {
        sandbox.clear_requests();
        let run = Desk::at(&sandbox, vendor).run(&["invitation", "link", "bea@acme.example"]).await;
        assert_eq!((run.code, sandbox.requests().len()), (Some(7), 0), "{vendor}: {run:?}");
        assert!(run.stderr.contains("the API"), "with the reason: {run:?}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_waits_no_longer_has_no_link() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "koyeb");
    let create = ["invitation", "create", "bea@acme.example", "--role", "owner"];
    let invitation = desk.json(&create).await[0]["invitation"].clone();
    sandbox.accept("koyeb", "bea@acme.example", text(&invitation["organization_id"])).expect("accepted");
    let run = desk.run(&["invitation", "link", text(&invitation["id"])]).await;
    assert_eq!(run.code, Some(5), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_owner_cannot_leave_and_is_told_the_next_step() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let last = desk.run(&["member", "leave", "--yes"]).await;
    assert_eq!(last.code, Some(5), "{last:?}");
    assert!(
        last.stderr.contains("you are the last admin of Sandbox Organization at losant")
            && last.stderr.contains("make somebody else admin first"),
        "{last:?}"
    );
    assert!(sandbox.requests().iter().all(|one| one.method == "GET"));

    assert_eq!(desk.run(&["member", "set-role", "editor@losant.example", "admin"]).await.code, Some(0));
    let unasked = desk.run(&["member", "leave"]).await;
    assert!(unasked.code == Some(2) && unasked.stderr.contains("--yes"), "{unasked:?}");
    let left = desk.run(&["member", "leave", "--yes"]).await;
    assert_eq!(left.code, Some(0), "{left:?}");
    assert_eq!(left.stdout, "You, admin@losant.example, have left Sandbox Organization at losant.\n");
    assert_ne!(desk.run(&["member", "list"]).await.code, Some(0), "nothing is to be seen there any more");
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn leaving_is_asked_by_name_and_organization() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    assert_eq!(desk.run(&["member", "set-role", "editor@losant.example", "admin"]).await.code, Some(0));
    let run = desk.run_at_terminal(&["member", "leave"], "n\n").await;
    let asked =
        "You, admin@losant.example (admin), leave Sandbox Organization at losant? Your access ends with it.";
    assert!(run.code == Some(1) && run.stdout.contains(asked), "{run:?}");
    assert!(sandbox.requests().iter().all(|one| one.method != "DELETE"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_tells_whose_credential_it_is_nobody_leaves_by_it() {
    let sandbox = sandbox().await;
    for (vendor, code) in [("jaqpot", 7), ("trieve", 5)] {
        let run = Desk::at(&sandbox, vendor).run(&["member", "leave", "--yes"]).await;
        assert_eq!(run.code, Some(code), "{vendor}: {run:?}");
    }
    assert!(sandbox.requests().iter().all(|one| one.method == "GET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn second_factor_and_single_sign_on_are_columns_on_demand() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let columns = ["--format", "csv", "member", "list", "--columns", "email,two_factor,sso"];
    let shown = desk.run(&columns).await.stdout;
    assert!(shown.starts_with("email,two_factor,sso\nadmin@losant.example,false,false\n"), "{shown}");
    assert!(shown.contains("editor@losant.example,true,false"), "{shown}");
    assert!(!desk.run(&["member", "list"]).await.stdout.contains("FACTOR"));
}
