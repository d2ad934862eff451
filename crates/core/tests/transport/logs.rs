//! What the log sees at its most talkative.

use std::cell::RefCell;
use std::fmt::{self, Write as _};

use orgport_core::auth::{Auth, OAuth2};
use orgport_core::http::{BaseUrl, Request, Safety};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::{Reply, Server, TOKEN, answer, clock, json, transport};

thread_local! {
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Writes down every field of every span and event, for the thread on which it happens: every test
/// has its own. It is the whole process's subscriber, because one that is set for a thread alone
/// misses what another thread met first.
struct Log;

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        TEXT.with_borrow_mut(|text| writeln!(text, "{field}={value:?}").expect("memory"));
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Self);
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn the_log_tells_what_happened_and_nothing_of_whom() {
    tracing::subscriber::set_global_default(Log).expect("no other test sets one");
    let refused = format!(r#"{{"message":"{TOKEN} may not invite ada@example.org"}}"#);
    let server = Server::script([Reply::Close, answer(401, "", ""), json(200, "{}"), json(403, &refused)]);
    let authority = Server::script([json(200, r#"{"access_token":"fresh","refresh_token":"rotated"}"#)]);
    let token_url = BaseUrl::parse(&format!("{}/token", authority.url), false).expect("valid");
    let auth =
        OAuth2::new(token_url, "client").refresh_token(Some("worn".into())).access_token(Some(TOKEN.into()));
    let transport = transport(&server.url, &clock()).with_auth(Auth::oauth2(auth));
    let read = Request::get("/orgs/{orgId}").segment("secret-org").query("email", "ada@example.org");
    transport.send(read).await.expect("the third answers");
    let invite =
        Request::post("/orgs/{orgId}/invites", Safety::OneShot).segment("secret-org").json("ada@example.org");
    transport.send(invite).await.expect_err("refused");

    let text = TEXT.with_borrow(String::clone);
    for expected in [
        "provider=\"prod\"",
        "method=\"GET\"",
        "route=\"/orgs/{orgId}\"",
        "attempts=2",
        "status=200",
        "route=\"/token\"",
        "status=403",
        "error=\"permission_denied\"",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    for hidden in [TOKEN, "fresh", "rotated", "worn", "secret-org", "ada", "example.org"] {
        assert!(!text.contains(hidden), "{hidden} shows in\n{text}");
    }
}
