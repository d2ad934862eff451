//! Which servers are spoken to: those whose certificate is right, and nobody else hears a word.

use orgport::{AnyProvider, Config, Error, ErrorKind, Invitations, Members, NewInvitation, OrganizationId};
use orgport_tests::peer::{Authority, Certified, Peer};

const KEY: &str = "tr-canary-5f1d9c";
const VALID: i32 = 2099;

fn organization() -> OrganizationId {
    OrganizationId::new("8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70").expect("not empty")
}

/// A provider of the server at this address, configured as a user would do it.
fn provider(base_url: &str, http: &[(&str, &str)]) -> AnyProvider {
    let http: Vec<_> = http.iter().map(|(key, value)| format!("{key} = '''{value}'''")).collect();
    let http = http.join(
        "
",
    );
    let config = Config::from_toml(&format!(
        "[providers.search]
        kind = 'trieve'
        organization = '{}'
        redirect_uri = 'https://dashboard.trieve.ai'
        base_url = '{base_url}'
        auth = {{ type = 'api_key', key = '{KEY}' }}
        [providers.search.http]
        read_attempts = 1
        {http}",
        organization()
    ));
    config.expect("a good configuration").provider(None).expect("a good provider")
}

async fn ask(provider: &AnyProvider) -> Result<usize, Error> {
    provider.list_members(&organization(), None).await.map(|page| page.items.len())
}

fn localhost(server: &Peer) -> String {
    format!("https://localhost:{}", server.port())
}

/// Asks a server with this certificate, with these settings.
async fn ask_https(certified: &Certified, http: &[(&str, &str)]) -> (Result<usize, Error>, Vec<String>) {
    let server = Peer::https(certified, None).await;
    let answer = ask(&provider(&localhost(&server), http)).await;
    (answer, server.heard.all())
}

/// The error that names what is wrong with a certificate, and the setting to change.
fn assert_refused(outcome: (Result<usize, Error>, Vec<String>), words: &[&str]) {
    let (answer, heard) = outcome;
    let error = answer.expect_err("the server is not the right one");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
    assert!(!format!("{error:?}").contains(KEY), "{error:?}");
    assert_eq!(heard, [""; 0], "a server that was not accepted hears nothing");
}

#[tokio::test]
async fn the_right_certificate_is_accepted_with_its_root_only() {
    let (root, stranger) = (Authority::new("ours"), Authority::new("a stranger's"));
    let certified = root.certify("localhost", VALID);

    let (answer, heard) = ask_https(&certified, &[("root_certificates", &root.pem())]).await;
    assert_eq!(answer.expect("accepted"), 0);
    assert!(heard[0].contains(KEY), "the credential reaches the right server: {heard:?}");

    let words = ["certificate", "http.root_certificates"];
    assert_refused(ask_https(&certified, &[]).await, &words);
    assert_refused(ask_https(&certified, &[("root_certificates", &stranger.pem())]).await, &words);
}

#[tokio::test]
async fn several_roots_can_be_trusted_at_once() {
    let (one, other) = (Authority::new("one"), Authority::new("other"));
    let both = one.pem() + &other.pem();
    for root in [one, other] {
        let certified = root.certify("localhost", VALID);
        let (answer, _) = ask_https(&certified, &[("root_certificates", &both)]).await;
        assert_eq!(answer.expect("accepted"), 0);
    }
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let root = Authority::new("ours");
    let outcome = ask_https(&root.certify("localhost", 2021), &[("root_certificates", &root.pem())]).await;
    assert_refused(outcome, &["certificate", "expired"]);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let root = Authority::new("ours");
    let outcome =
        ask_https(&root.certify("api.example.com", VALID), &[("root_certificates", &root.pem())]).await;
    assert_refused(outcome, &["certificate", "another host", "base_url"]);
}

#[tokio::test]
async fn a_write_to_a_server_that_is_not_accepted_is_known_not_to_have_happened() {
    let server = Peer::https(&Authority::new("a stranger's").certify("localhost", VALID), None).await;
    let provider = provider(&localhost(&server), &[]);
    let ada = NewInvitation::to(orgport::Email::parse("ada@x.example").expect("an address"));
    let ada = ada.with_role(orgport::Role::Member);
    let error = provider.invite(&organization(), ada).await.expect_err("refused");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Connection, orgport::Reach::NotSent), "{error}");
    assert_eq!(server.heard.all(), [""; 0]);
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_gets_the_configured_one() {
    let root = Authority::new("ours");
    let server = Peer::https(&root.certify("localhost", VALID), Some(&root)).await;
    let roots = root.pem();
    let ask_as = async |identity: Option<&Certified>| {
        let identity = identity.map(Certified::pem);
        let mut http = vec![("root_certificates", roots.as_str())];
        http.extend(identity.as_deref().map(|pem| ("client_identity", pem)));
        ask(&provider(&localhost(&server), &http)).await
    };

    assert_eq!(ask_as(Some(&root.certify("client", VALID))).await.expect("accepted"), 0);
    assert_eq!(server.heard.all().len(), 1);
    for identity in [None, Some(&Authority::new("a stranger's").certify("client", VALID))] {
        let error = ask_as(identity).await.expect_err("refused");
        let text = error.to_string();
        assert!(text.contains("certificate") && text.contains("http.client_identity"), "{text}");
        assert_eq!(server.heard.all().len(), 1, "the request is not read");
    }
}

#[test]
fn certificates_that_are_none_are_refused_by_name() {
    let root = Authority::new("ours").pem();
    for (key, value) in [
        ("root_certificates", "canary"),
        ("root_certificates", "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----"),
        ("client_identity", "canary"),
        ("client_identity", &root),
    ] {
        let config = Config::from_toml(&format!(
            "[providers.search]
            kind = 'trieve'
            organization = '{}'
            redirect_uri = 'https://dashboard.trieve.ai'
            auth = {{ type = 'api_key', key = '{KEY}' }}
            http = {{ {key} = '''{value}''' }}",
            organization()
        ));
        let error = config.expect("checked when it is used").provider(None).expect_err(key);
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(&format!("http.{key}")), "{error}");
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_sees_the_host_and_nothing_of_the_request() {
    let (root, proxy) = (Authority::new("ours"), Peer::proxy().await);
    let server = Peer::https(&root.certify("localhost", VALID), None).await;
    let url = format!("http://someone:pass-canary@127.0.0.1:{}", proxy.port());
    let provider = provider(&localhost(&server), &[("root_certificates", &root.pem()), ("proxy", &url)]);
    assert_eq!(ask(&provider).await.expect("through the proxy"), 0);

    let [tunnel] = &proxy.heard.all()[..] else { panic!("one tunnel") };
    assert!(tunnel.starts_with(&format!("CONNECT localhost:{} ", server.port())), "{tunnel}");
    assert!(tunnel.to_lowercase().contains("proxy-authorization: basic"), "{tunnel}");
    assert!(!tunnel.contains(KEY), "{tunnel}");
    let [request] = &server.heard.all()[..] else { panic!("one request") };
    assert!(request.contains(KEY) && !request.to_lowercase().contains("proxy-"), "{request}");
}

#[tokio::test]
async fn a_certificate_is_checked_behind_a_proxy_too() {
    let proxy = Peer::proxy().await;
    let url = format!("http://127.0.0.1:{}", proxy.port());
    let certified = Authority::new("a stranger's").certify("localhost", VALID);
    assert_refused(ask_https(&certified, &[("proxy", &url)]).await, &["http.root_certificates"]);
    assert_eq!(proxy.heard.all().len(), 1);
}

#[tokio::test]
async fn hosts_can_be_left_out_and_a_proxy_switched_off() {
    let (proxy, server) = (Peer::proxy().await, Peer::http().await);
    let url = format!("http://127.0.0.1:{}", proxy.port());
    let base_url = format!("http://localhost:{}", server.port());
    for http in
        [&[("proxy", url.as_str()), ("no_proxy", "localhost,example.com")][..], &[("proxy", "none")], &[]]
    {
        assert_eq!(ask(&provider(&base_url, http)).await.expect("directly"), 0);
    }
    assert_eq!((server.heard.all().len(), proxy.heard.all().len()), (3, 0));
    ask(&provider(&base_url, &[("proxy", &url), ("no_proxy", "example.com")])).await.expect("by the proxy");
    assert_eq!((server.heard.all().len(), proxy.heard.all().len()), (3, 1));
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_named_without_its_password() {
    let gone = Peer::http().await.port();
    let url = format!("http://someone:pass-canary@127.0.0.1:{gone}");
    let server = Peer::http().await;
    let provider = provider(&format!("http://localhost:{}", server.port()), &[("proxy", &url)]);
    let error = ask(&provider).await.expect_err("no proxy there");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("proxy"), "{error}");
    assert!(!format!("{error:?}").contains("pass-canary"), "{error:?}");
    assert_eq!(server.heard.all(), [""; 0]);
}
