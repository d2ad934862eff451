//! Logging in, with a browser that is played and an authorization server that is real.

use std::time::Duration;

use orgport_sandbox::{Identity, Sandbox};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;
use url::Url;

use crate::support::{Desk, Run, ended, sandbox};

/// A provider without any token, with these lines more in its `auth` table.
fn without_token(identity: &Identity, more: &str) -> Desk {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    Desk::with_config(&format!(
        "[providers.lab]\nkind = {:?}\nbase_url = {:?}\n[providers.lab.auth]\ntype = \"oauth2\"\ntoken_url = {:?}\n\
         authorize_url = {:?}\n{more}",
        identity.vendor,
        text(&identity.settings["base_url"]),
        text(&identity.credential["token_url"]),
        text(&identity.credential["authorize_url"]),
    ))
}

/// An account that the authorization server gives tokens to.
fn account(sandbox: &Sandbox, vendor: &str) -> Identity {
    let is_it = |one: &Identity| one.vendor == vendor && one.credential["type"] == "oauth2";
    sandbox.identities().into_iter().find(is_it).expect("an account with tokens")
}

/// Reads from a login's standard error until it has said where to log in.
async fn address(child: &mut Child) -> Url {
    let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
    let mut said = String::new();
    let address = loop {
        let read = tokio::time::timeout(Duration::from_secs(30), stderr.read_line(&mut said)).await;
        assert_ne!(read.expect("it says something").expect("text"), 0, "it ended without an address");
        let told =
            said.split_once("Open this address").and_then(|(_, told)| Some(&told[told.find("http")?..]));
        // In a line of its own, or in an object's text.
        if let Some((address, _)) = told.and_then(|told| told.split_once(['\n', '\\'])) {
            break address.parse().expect("an address");
        }
    };
    child.stderr = Some(stderr.into_inner());
    address
}

/// A browser's request: the status, where it is sent on to, and the page.
async fn get(url: &Url) -> (u16, Option<Url>, String) {
    let host = format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"));
    let mut stream = TcpStream::connect(&host).await.expect("connected");
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("answered");
    let (head, body) = text.split_once("\r\n\r\n").expect("an HTTP answer");
    let status = head[9..12].parse().expect("a status");
    let location =
        head.lines().find_map(|line| line.strip_prefix("location: ")).map(|to| to.parse().expect("a URL"));
    (status, location, body.to_owned())
}

/// What the server's login page does when this person logs in.
async fn log_in(page: &Url, email: &str) -> (u16, Option<Url>, String) {
    let mut page = page.clone();
    page.query_pairs_mut().append_pair("login_hint", email);
    get(&page).await
}

async fn type_in(child: &mut Child, line: &str) {
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(format!("{line}\n").as_bytes()).await.expect("it reads");
}

/// The secrets in a desk's token file.
fn kept(desk: &Desk) -> Vec<String> {
    let text = std::fs::read_to_string(desk.path().join(".local/state/orgport/tokens.json")).expect("kept");
    let entries: Value = serde_json::from_str(&text).expect("JSON");
    let entry = entries.as_object().expect("a table").values().next().expect("an entry").clone();
    ["access", "refresh"].iter().filter_map(|key| entry[key].as_str().map(str::to_owned)).collect()
}

fn silent(run: &Run, secrets: &[String]) {
    for secret in secrets {
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{run:?}");
    }
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

async fn works(desk: &Desk) {
    let organizations = desk.json(&["org", "list"]).await;
    assert!(organizations.as_array().is_some_and(|all| !all.is_empty()), "{organizations}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_code_is_a_token_that_is_kept_and_renewed() {
    let sandbox = sandbox().await;
    for vendor in ["nuextract", "jaqpot"] {
        let identity = account(&sandbox, vendor);
        let desk = without_token(&identity, "");
        let before = desk.run(&["--format", "json", "org", "list"]).await;
        assert_eq!(
            (before.code, &before.error()["kind"]),
            (Some(4), &"unauthenticated".into()),
            "{before:?}"
        );
        assert!(before.stderr.contains("orgport login"), "{before:?}");

        let mut child = desk.spawn(&["-vvv", "login", "--format", "json"]);
        let page = address(&mut child).await;
        let (status, _, code) = log_in(&page, &identity.email).await;
        assert_eq!(status, 200);
        type_in(&mut child, &code).await;
        let run = ended(child).await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), "{\"ok\":true}\n"), "{run:?}");
        silent(&run, &kept(&desk));
        silent(&run, std::slice::from_ref(&code));

        works(&desk).await;
        let first = kept(&desk);
        sandbox.advance(Duration::from_secs(301)).await;
        works(&desk).await;
        assert!(kept(&desk).iter().all(|secret| !first.contains(secret)), "both tokens are new");

        let mut child = desk.spawn(&["login"]);
        address(&mut child).await;
        type_in(&mut child, &code).await;
        let again = ended(child).await;
        assert_eq!(again.code, Some(4), "{again:?}");
        assert!(again.stderr.contains("it works once"), "{again:?}");
        silent(&again, &[code]);
        works(&desk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_the_browser_ended_at_can_be_pasted() {
    let sandbox = sandbox().await;
    let identity = account(&sandbox, "jaqpot");
    let desk = without_token(&identity, "redirect_uri = \"https://tool.example/back\"\n");
    let mut child = desk.spawn(&["login"]);
    let page = address(&mut child).await;
    let (_, location, _) = log_in(&page, &identity.email).await;
    let location = location.expect("sent back");
    assert!(location.as_str().starts_with("https://tool.example/back?"), "{location}");
    type_in(&mut child, location.as_str()).await;
    assert_eq!(ended(child).await.code, Some(0));
    works(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_comes_back_to_the_configured_port() {
    let sandbox = sandbox().await;
    let identity = account(&sandbox, "nuextract");
    let here: Url = format!("http://127.0.0.1:{}/back", free_port().await).parse().expect("a URL");
    let desk = without_token(&identity, &format!("redirect_uri = \"{here}\"\n"));
    let mut child = desk.spawn(&["login"]);
    let page = address(&mut child).await;
    let (status, location, _) = log_in(&page, &identity.email).await;
    assert_eq!(status, 302);
    assert_eq!(get(&here.join("/favicon.ico").expect("a URL")).await.0, 404);
    let (status, _, words) = get(&location.expect("sent back")).await;
    assert_eq!(status, 200, "{words}");
    let run = ended(child).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("Logged in; the token of lab is kept in "), "{run:?}");
    works(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_from_another_login_is_turned_away() {
    let sandbox = sandbox().await;
    let identity = account(&sandbox, "nuextract");
    let here = format!("http://127.0.0.1:{}/", free_port().await);
    let desk = without_token(&identity, &format!("redirect_uri = \"{here}\"\n"));
    let mut child = desk.spawn(&["login"]);
    let page = address(&mut child).await;
    let state = page.query_pairs().find(|(key, _)| key == "state").expect("a state").1.into_owned();
    for strange in ["code=c&state=other", "code=c", "error=access_denied", &format!("state={state}")] {
        let (status, ..) = get(&format!("{here}?{strange}").parse().expect("a URL")).await;
        assert_eq!(status, 400, "{strange}");
    }
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"), "no code is tried");
    let (_, location, _) = log_in(&page, &identity.email).await;
    assert_eq!(get(&location.expect("sent back")).await.0, 200);
    let run = ended(child).await;
    assert_eq!(run.code, Some(0), "the login goes on: {run:?}");
    works(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_server_ends_the_login() {
    let sandbox = sandbox().await;
    let here = format!("http://127.0.0.1:{}/", free_port().await);
    let desk = without_token(&account(&sandbox, "nuextract"), &format!("redirect_uri = \"{here}\"\n"));
    let mut child = desk.spawn(&["login"]);
    let page = address(&mut child).await;
    let state = page.query_pairs().find(|(key, _)| key == "state").expect("a state").1.into_owned();
    let refusal = format!("{here}?error=access_denied&state={state}").parse().expect("a URL");
    assert_eq!(get(&refusal).await.0, 400);
    let run = ended(child).await;
    assert_eq!(run.code, Some(4), "{run:?}");
    assert!(run.stderr.contains("access_denied"), "{run:?}");
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"), "no code is tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_told_before_anybody_logs_in() {
    let sandbox = sandbox().await;
    let identity = account(&sandbox, "nuextract");
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let here = format!("http://{}/", taken.local_addr().expect("an address"));
    let run = without_token(&identity, &format!("redirect_uri = \"{here}\"\n")).run(&["login"]).await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("auth.redirect_uri") && !run.stderr.contains("Open this"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_page_of_another_server_than_the_tokens_is_not_guessed() {
    let sandbox = sandbox().await;
    let token_url = account(&sandbox, "nuextract").credential["token_url"].clone();
    let desk = Desk::with_config(&format!(
        "[providers.lab]\nkind = \"nuextract\"\nauth = {{ type = \"oauth2\", token_url = {token_url} }}\n"
    ));
    let run = desk.run(&["login"]).await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("auth.authorize_url"), "{run:?}");
}

/// A Losant account that has a password.
fn with_password(sandbox: &Sandbox, second_factor: bool) -> Identity {
    let mut identities = sandbox.identities().into_iter();
    let is_it = |identity: &Identity| {
        let credential = &identity.credential;
        credential["password"].is_string() && credential["two_factor_code"].is_string() == second_factor
    };
    identities.find(is_it).expect("an account with a password")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_and_a_second_factor_get_a_token() {
    let sandbox = sandbox().await;
    let account = with_password(&sandbox, true);
    let text = |key: &str| account.credential[key].as_str().expect("text").to_owned();
    let config = |auth: &str| {
        format!(
            "[providers.lab]\nkind = \"losant\"\nbase_url = {:?}\n[providers.lab.auth]\ntype = \"login\"\n\
             email = {:?}\n{auth}",
            sandbox.base_url("losant"),
            account.email,
        )
    };
    let desk = Desk::with_config(&config("password = \"env:LAB\"\ntwo_factor_code = \"file:code\"\n"))
        .set("LAB", &text("password"));
    desk.write("code", text("two_factor_code"));
    let run = desk.run(&["-vvv", "login"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    silent(&run, &[text("password"), text("two_factor_code")]);
    silent(&run, &kept(&desk));

    // From now on neither is needed.
    desk.write("orgport.toml", config(""));
    works(&desk).await;
    let alone = desk.run(&["login"]).await;
    assert_eq!(alone.code, Some(2), "{alone:?}");
    assert!(alone.stderr.contains("nobody is here to type the password"), "{alone:?}");
    std::fs::remove_file(desk.path().join(".local/state/orgport/tokens.json")).expect("removed");
    let lost = desk.run(&["org", "list"]).await;
    assert_eq!(lost.code, Some(4), "{lost:?}");
    assert!(lost.stderr.contains("run `orgport login`"), "{lost:?}");

    let wrong =
        Desk::with_config(&config("password = \"canary-of-9-bytes\"\ntwo_factor_code = \"000000\"\n"));
    let run = wrong.run(&["-vvv", "login"]).await;
    assert_eq!(run.code, Some(4), "{run:?}");
    silent(&run, &["canary-of-9-bytes".to_owned(), "000000".to_owned()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_login_it_is_said_what_there_is() {
    let sandbox = sandbox().await;
    for (vendor, word) in [
        ("koyeb", "as api_key or bearer"),
        ("trieve", "as api_key"),
        ("losant", "set type = \"login\" in [providers.losant.auth]"),
    ] {
        let run = Desk::at(&sandbox, vendor).run(&["login"]).await;
        assert_eq!(run.code, Some(7), "{run:?}");
        assert!(run.stderr.contains(word), "{run:?}");
    }
    let run =
        Desk::with_config("[providers.a]\nkind = \"memory\"\n").run(&["login", "--format", "json"]).await;
    assert_eq!((run.code, &run.error()["kind"]), (Some(7), &"unsupported".into()), "{run:?}");
    assert!(sandbox.requests().is_empty());
}
