//! Requests to a vendor as they are.

use orgport_sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{Desk, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_the_vendors_own_and_so_are_the_headers() {
    let sandbox = sandbox().await;
    for (vendor, path, header) in [
        ("losant", "/orgs?perPage=1", ("accept-version", "^1.31.0")),
        ("jaqpot", "/v1/user/organizations", ("accept-language", "en")),
        ("koyeb", "/v1/account/profile", ("accept", "application/json")),
        ("nuextract", "/api/organizations", ("accept", "application/json")),
    ] {
        sandbox.clear_requests();
        let run = Desk::at(&sandbox, vendor).run(&["api", "get", path]).await;
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
        run.json();
        let requests = sandbox.requests();
        let [request] = &requests.iter().filter(|one| one.vendor == vendor).collect::<Vec<_>>()[..] else {
            panic!("{requests:?}")
        };
        assert_eq!(request.header(header.0), Some(header.1));
        let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        assert_eq!((request.method.as_str(), format!("{}{query}", request.path).as_str()), ("GET", path));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trieve_is_told_the_organization() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "trieve");
    let organization = sandbox.identity("trieve").expect("there").organization.expect("an organization");
    let path = format!("/api/organization/users/{organization}");
    for arguments in [&["api", "GET", &path][..], &["api", "GET", &path, "--org", &organization]] {
        sandbox.clear_requests();
        assert_eq!(desk.run(arguments).await.code, Some(0));
        assert_eq!(sandbox.requests()[0].header("tr-organization"), Some(organization.as_str()));
    }
    let elsewhere = Desk::at(&sandbox, "losant").run(&["api", "GET", "/orgs", "--org", "Acme"]).await;
    assert_eq!(elsewhere.code, Some(2), "{elsewhere:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_sent_as_it_is() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let body = "{ \"name\": \"Acme\",  \"description\": \"é\" }";
    desk.write("body.json", body);
    for (given, input) in [(body, ""), ("@body.json", ""), ("-", body)] {
        sandbox.clear_requests();
        let run = desk.run_with_input(&["api", "POST", "/orgs", "--body", given], input).await;
        assert_eq!((run.code, &run.json()["name"]), (Some(0), &json!("Acme")), "{run:?}");
        let sent = &sandbox.requests()[0];
        assert_eq!((sent.body.as_str(), sent.header("content-type")), (body, Some("application/json")));
    }
    sandbox.clear_requests();
    for wrong in ["{", "@missing.json", "-"] {
        let run = desk.run(&["api", "POST", "/orgs", "--body", wrong]).await;
        assert_eq!(run.code, Some(2), "{run:?}");
    }
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_encoded_once_and_leads_nowhere_else() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "jaqpot");
    for path in ["/v1/organizations/no such/invitations", "/v1/organizations/no%20such/invitations"] {
        sandbox.clear_requests();
        let run = desk.run(&["--format", "json", "api", "GET", path]).await;
        assert_eq!((run.code, &run.error()["status"]), (Some(3), &json!(404)), "{run:?}");
        let sent = sandbox.requests().into_iter().find(|one| one.vendor == "jaqpot").expect("sent");
        assert_eq!(sent.path, "/v1/organizations/no%20such/invitations");
        assert!(!run.stderr.contains("no such"), "an id stays out of errors: {run:?}");
    }
    sandbox.clear_requests();
    for path in ["/v1/organizations/%2e%2e/user", "/v1//user", "/v1/user/", "http://evil.example/", "v1"] {
        let run = desk.run(&["api", "DELETE", path]).await;
        assert_eq!(run.code, Some(2), "{path}: {run:?}");
    }
    assert!(sandbox.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_transports_rules_hold() {
    let sandbox = sandbox().await;
    let read_only = Desk::at(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__READ_ONLY", "true");
    let run = read_only.run(&["--format", "json", "api", "PATCH", "/me", "--body", "{}"]).await;
    assert_eq!((run.code, &run.error()["kind"]), (Some(7), &json!("read_only")), "{run:?}");
    assert!(sandbox.requests().is_empty());

    let desk = Desk::at(&sandbox, "losant");
    let to = format!("{}/elsewhere", sandbox.auth_url());
    sandbox.fault(Fault::new("losant", FaultKind::Redirect { to }).always()).expect("set");
    let run = desk.run(&["--format", "json", "api", "GET", "/me"]).await;
    assert_eq!((run.code, &run.error()["kind"]), (Some(1), &json!("protocol")), "{run:?}");
    assert!(sandbox.requests().iter().all(|request| request.vendor == "losant"));
    sandbox.clear_faults();

    sandbox.clear_requests();
    let unsure = FaultKind::ResetAfter;
    sandbox.fault(Fault::new("losant", unsure).method("DELETE").always()).expect("set");
    let gone = ["--format", "json", "api", "DELETE", "/orgs/000000000000000000000000"];
    let run = desk.run(&gone).await;
    assert_eq!((run.code, &run.error()["kind"]), (Some(9), &json!("ambiguous")), "{run:?}");
    assert_eq!(sandbox.requests().len(), 1, "nothing is known of it, so it is sent once");

    let memory = Desk::with_config("[providers.a]\nkind = \"memory\"\n").run(&["api", "GET", "/"]).await;
    assert_eq!(memory.code, Some(7), "{memory:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_is_told_where_it_is_asked_for() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let run = desk.run(&["-v", "api", "GET", "/me"]).await;
    assert!(run.stderr.contains("status=200"), "{run:?}");
    run.json();
}
