//! Credentials that end and are renewed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use orgport_core::auth::{Auth, MemoryTokenStore, OAuth2, StoredToken, Token, TokenSource, TokenStore};
use orgport_core::http::{BaseUrl, ClientOptions, HttpClient, Request, Safety, Transport};
use orgport_core::{Clock, Error, ErrorKind, ManualClock, Reach, Secret};

use crate::support::{Network, Reply, Server, all_of, answer, clock, json, options, settings, vendor};

fn read() -> Request {
    Request::get("/orgs")
}

/// A vendor that accepts one token only.
fn vendor_that_wants(token: &str) -> Server {
    let wanted = format!("authorization: Bearer {token}\r\n");
    Server::start(
        move |request| {
            if request.contains(&wanted) { json(200, "{}") } else { answer(401, "", "") }
        },
    )
}

fn granted(number: usize) -> Reply {
    let body = format!(
        r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}","expires_in":300}}"#
    );
    Reply::Late(Duration::from_millis(20), Box::new(json(200, &body)))
}

fn authority() -> Server {
    let mut count = 0;
    Server::start(move |_| {
        count += 1;
        granted(count)
    })
}

fn oauth2(authority: &Server) -> OAuth2 {
    let url = BaseUrl::parse(&format!("{}/realms/x/token", authority.url), false).expect("valid");
    OAuth2::new(url, "client").refresh_token(Some("refresh-0".into()))
}

fn transport(server: &Server, clock: &Arc<ManualClock>, auth: Auth) -> Transport {
    let base_url = BaseUrl::parse(&server.url, false).expect("valid");
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    let options = ClientOptions::new(base_url, auth).clock(clock).settings(settings()).name("prod");
    let options = options.client(HttpClient::new(Network));
    Transport::new(vendor(), options).expect("valid")
}

#[tokio::test]
async fn many_calls_share_one_renewal_and_secrets_stay_at_their_origin() {
    let (server, authority) = (vendor_that_wants("access-1"), authority());
    let auth = oauth2(&authority).access_token(Some("worn-out".into())).client_secret(Some("hidden".into()));
    let transport = transport(&server, &clock(), Auth::oauth2(auth));
    let all = join_all((0..20).map(|_| transport.send(read()))).await;
    for reply in all {
        reply.expect("renewed");
    }
    let renewals = authority.requests();
    assert_eq!(renewals.len(), 1);
    assert!(renewals[0].starts_with("POST /realms/x/token HTTP/1.1"), "{renewals:?}");
    assert!(
        renewals[0].ends_with(
            "grant_type=refresh_token&refresh_token=refresh-0&client_id=client&client_secret=hidden"
        )
    );
    let seen = server.requests().concat();
    assert!(!seen.contains("refresh-") && !seen.contains("hidden") && !renewals[0].contains("worn-out"));
    assert!(!renewals[0].contains("accept-version"), "the vendor's headers are not the authority's business");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_fails_once_for_all() {
    let denied = json(400, r#"{"error":"invalid_grant","error_description":"refresh-0 is unknown"}"#);
    for (reply, kind) in [
        (denied, ErrorKind::Unauthenticated),
        (
            json(200, r#"{"error":"invalid_grant","error_description":"refresh-0 is unknown"}"#),
            ErrorKind::Unauthenticated,
        ),
        (json(500, "{}"), ErrorKind::Unavailable),
        (answer(500, "", "refresh-0"), ErrorKind::Unavailable),
        (json(200, r#"{"access_token":["refresh-0"]}"#), ErrorKind::Unavailable),
        (Reply::Close, ErrorKind::Unavailable),
        (Reply::Hang, ErrorKind::Unavailable),
    ] {
        for access in [None, Some("worn-out".into())] {
            let server = vendor_that_wants("access-1");
            let authority = Server::script([reply.clone()]);
            let auth = Auth::oauth2(oauth2(&authority).access_token(access));
            let transport = transport(&server, &clock(), auth);
            let invite = || Request::post("/invites", Safety::Reconcilable);
            let all = join_all((0..20).map(|_| transport.send(invite()))).await;
            assert_eq!(authority.count(), 1, "{reply:?}");
            for error in all {
                let error = error.expect_err("not renewed");
                assert_eq!((error.kind(), error.reach()), (kind, Reach::NotSent));
                assert!(!all_of(&error).contains("refresh-0"), "{error:?}");
            }
            transport.send(read()).await.expect_err("not renewed");
            assert_eq!(authority.count(), 2, "a later call tries again");
        }
    }
}

#[tokio::test]
async fn a_token_is_renewed_ahead_of_its_end_and_kept_if_that_fails() {
    let (server, clock) = (Server::script([json(200, "{}")]), clock());
    let authority = Server::script([granted(1), json(500, "{}"), granted(2)]);
    let transport = transport(&server, &clock, Auth::oauth2(oauth2(&authority)));
    for (at, renewals, token) in [(0, 1, 1), (269, 1, 1), (271, 2, 1), (280, 2, 1), (287, 3, 2)] {
        clock.advance(Duration::from_secs(at).saturating_sub(clock.elapsed()));
        transport.send(read()).await.expect("a success");
        assert_eq!(authority.count(), renewals, "at {at} s");
        let sent = server.requests().pop().expect("sent");
        assert!(sent.contains(&format!("Bearer access-{token}\r\n")), "at {at} s: {sent}");
    }
    assert!(authority.requests()[2].contains("refresh_token=refresh-1"), "refresh tokens rotate");
}

#[tokio::test]
async fn a_refresh_token_that_is_not_repeated_stays_good() {
    let (server, clock) = (Server::script([json(200, "{}")]), clock());
    let authority = Server::script([json(200, r#"{"access_token":"short","expires_in":"60"}"#)]);
    let transport = transport(&server, &clock, Auth::oauth2(oauth2(&authority)));
    for renewals in 1..=3 {
        transport.send(read()).await.expect("a success");
        assert_eq!(authority.count(), renewals);
        clock.advance(Duration::from_mins(1));
    }
    assert!(authority.requests().iter().all(|request| request.contains("refresh_token=refresh-0")));
}

#[tokio::test]
async fn a_stored_token_wins_until_the_configuration_changes() {
    let store = Arc::new(MemoryTokenStore::new());
    let (server, authority, clock) = (Server::script([json(200, "{}")]), authority(), clock());
    let configured = |refresh: &str| {
        let auth = oauth2(&authority).refresh_token(Some(refresh.into())).store(Arc::clone(&store) as _);
        transport(&server, &clock, Auth::oauth2(auth))
    };
    for _ in 0..3 {
        configured("refresh-0").send(read()).await.expect("a success");
    }
    assert_eq!(authority.count(), 1, "a new run uses what the first one stored");
    clock.advance(Duration::from_secs(601));
    configured("refresh-0").send(read()).await.expect("a success");
    assert!(authority.requests()[1].contains("refresh_token=refresh-1"));
    configured("newer").send(read()).await.expect("a success");
    assert!(authority.requests()[2].contains("refresh_token=newer"));
}

#[tokio::test]
async fn a_token_is_stored_before_it_is_used() {
    #[derive(Debug)]
    struct Slow(MemoryTokenStore, Arc<Server>);

    #[async_trait]
    impl TokenStore for Slow {
        async fn load(&self, key: &str) -> Result<Option<StoredToken>, Error> {
            self.0.load(key).await
        }

        async fn save(&self, key: &str, token: &StoredToken) -> Result<(), Error> {
            tokio::time::sleep(Duration::from_millis(30)).await;
            assert_eq!(self.1.count(), 0, "used before it was stored");
            self.0.save(key, token).await
        }
    }

    let (server, authority) = (Arc::new(Server::script([json(200, "{}")])), authority());
    let store = Arc::new(Slow(MemoryTokenStore::new(), Arc::clone(&server)));
    let auth = Auth::oauth2(oauth2(&authority).store(Arc::clone(&store) as _));
    transport(&server, &clock(), auth).send(read()).await.expect("a success");
    let key = format!("prod|{}/realms/x/token|client", authority.url);
    let stored = store.load(&key).await.expect("memory").expect("stored");
    assert_eq!(stored.token.refresh, Some(Secret::from("refresh-1")));
}

#[tokio::test]
async fn a_renewal_outlives_the_call_that_asked_for_it() {
    let server = Server::script([json(200, "{}")]);
    let slow = Reply::Late(Duration::from_millis(300), Box::new(granted(1)));
    let authority = Server::script([slow, Reply::Close]);
    let transport = transport(&server, &clock(), Auth::oauth2(oauth2(&authority)));
    while authority.count() == 0 {
        let dropped = tokio::time::timeout(Duration::from_millis(5), transport.send(read())).await;
        assert!(dropped.is_err(), "the authority takes longer");
    }
    transport.send(read()).await.expect("a success");
    assert_eq!(authority.count(), 1, "the rotated token was not lost");
}

#[tokio::test]
async fn a_second_refusal_is_the_callers() {
    let (server, authority) = (Server::script([answer(401, "", "")]), authority());
    let transport = transport(&server, &clock(), Auth::oauth2(oauth2(&authority)));
    let error = transport.send(Request::post("/invites", Safety::OneShot)).await.expect_err("refused");
    assert_eq!((error.kind(), error.reach()), (ErrorKind::Unauthenticated, Reach::Answered));
    assert_eq!((server.count(), authority.count()), (2, 2));

    let server = Server::script([answer(401, "", "")]);
    let error = crate::support::transport(&server.url, &clock()).send(read()).await.expect_err("refused");
    assert_eq!(
        (error.kind(), server.count()),
        (ErrorKind::Unauthenticated, 1),
        "a fixed token is not renewed"
    );
}

#[tokio::test]
async fn an_adapters_own_login_is_asked_like_any_other() {
    #[derive(Debug)]
    struct Password(Secret);

    #[async_trait]
    impl TokenSource for Password {
        async fn token(&self, transport: &Transport, refresh: Option<&Secret>) -> Result<Token, Error> {
            assert!(refresh.is_none());
            let request = Request::post("/login", Safety::Auth).json(self.0.expose());
            let reply = transport.send(request).await?;
            Ok(Token::new(reply.read::<String>()?))
        }
    }

    let server = Server::start(|request| match request.starts_with("POST /login ") {
        true => json(200, r#""session""#),
        false if request.contains("Bearer session\r\n") => json(200, "{}"),
        false => answer(401, "", ""),
    });
    let base_url = BaseUrl::parse(&server.url, false).expect("valid");
    let source = Arc::new(Password("hidden".into()));
    let auth = Auth::login(base_url, "ada", source, Arc::new(MemoryTokenStore::new()));
    let transport = transport(&server, &clock(), auth).read_only();
    join_all((0..9).map(|_| transport.send(read())))
        .await
        .into_iter()
        .for_each(|reply| drop(reply.expect("ok")));
    let logins: Vec<_> = server.requests().into_iter().filter(|request| request.contains("/login")).collect();
    assert_eq!(logins.len(), 1);
    assert!(!logins[0].contains("authorization"));
}

#[tokio::test]
async fn secrets_are_trimmed_hidden_and_not_empty() {
    let server = Server::script([json(200, "{}")]);
    let transport =
        |auth| Transport::new(vendor(), options(&server.url, &clock())).map(|t| t.with_auth(auth));
    let key = Auth::api_key("authorization", "ApiKey ", "tr-1\r\n");
    let pair = Auth::key_pair([("x-api-key", "id-1\n".into()), ("x-api-secret", "sec-1".into())]);
    for (auth, header) in
        [(key, "authorization: ApiKey tr-1\r\n"), (pair, "x-api-key: id-1\r\nx-api-secret: sec-1\r\n")]
    {
        let transport = transport(auth).expect("valid");
        assert!(!format!("{transport:?} {transport:#?}").contains("-1"), "{transport:?}");
        transport.send(read()).await.expect("a success");
        assert!(server.requests().pop().expect("sent").contains(header));
    }
    let base_url = BaseUrl::parse(&server.url, false).expect("valid");
    for empty in [Auth::bearer("\n"), Auth::api_key("x-key", "Key ", "")] {
        let options = ClientOptions::new(base_url.clone(), empty);
        let error = Transport::new(vendor(), options).expect_err("empty");
        assert_eq!(error.kind(), ErrorKind::Config);
    }
}
