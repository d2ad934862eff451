//! Each fault as a client sees it.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use orgport_sandbox::{Fault, FaultKind};
use reqwest::Method;
use serde_json::json;

use crate::support::{Fixture, send};

const LIST: &str = "/api/organizations";
const NEW: &str = "new@example.com";

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

#[tokio::test]
async fn a_reset_before_leaves_nothing_behind() {
    let fixture = Fixture::start().await;
    let id = fixture.fault(FaultKind::ResetBefore);
    let error = fixture.try_invite(NEW).await.expect_err("no answer");
    assert_eq!(io_kind(&error), Some(io::ErrorKind::ConnectionReset), "{error:?}");
    assert_eq!(fixture.invited().await, [""; 0]);
    assert_eq!(fixture.sandbox.mail().len(), 0);
    assert_eq!(fixture.sandbox.fired(id), 1);
    let received = &fixture.sandbox.requests()[0];
    assert_eq!((received.status, &received.json), (None, &Some(json!({ "email": NEW }))));
}

#[tokio::test]
async fn a_reset_after_has_committed() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::ResetAfter);
    let error = fixture.try_invite(NEW).await.expect_err("no answer");
    assert_eq!(io_kind(&error), Some(io::ErrorKind::ConnectionReset), "{error:?}");
    assert_eq!(fixture.invited().await, [NEW]);
    assert_eq!(fixture.sandbox.mail().len(), 1);
}

#[tokio::test]
async fn a_hanging_request_stalls_nobody_else() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::Hang { commit: true });
    let hanging = fixture.request(Method::POST, &fixture.members_path(), Some(&json!({ "email": NEW })));
    let hanging = tokio::spawn(send(hanging.timeout(Duration::from_millis(300))));
    while fixture.sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(fixture.get(LIST).await.status, 200);
    assert!(hanging.await.expect("no panic").expect_err("no answer").is_timeout());
    assert_eq!(fixture.invited().await, [NEW]);
}

#[tokio::test]
async fn latency_delays_the_answer_and_not_the_work() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::Latency { ms: 200 });
    let begun = Instant::now();
    let answer = fixture.invite(NEW);
    tokio::pin!(answer);
    while fixture.sandbox.mail().is_empty() {
        assert!(tokio::time::timeout(Duration::from_millis(1), &mut answer).await.is_err());
    }
    assert_eq!(answer.await.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn a_status_is_answered_without_the_work_unless_committed() {
    let fixture = Fixture::start().await;
    let status = |commit| FaultKind::Status {
        status: 429,
        headers: BTreeMap::from([("Retry-After".to_owned(), "7".to_owned())]),
        body: Some(json!({ "message": "slow down" })),
        commit,
    };
    fixture.fault(status(false));
    let reply = fixture.invite(NEW).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("7")));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json(), json!({ "message": "slow down" }));
    assert_eq!(fixture.invited().await, [""; 0]);
    fixture.fault(status(true));
    assert_eq!(fixture.invite(NEW).await.status, 429);
    assert_eq!(fixture.invited().await, [NEW]);
}

#[tokio::test]
async fn a_text_body_is_sent_as_it_is() {
    let fixture = Fixture::start().await;
    let body = Some(json!("no upstream"));
    fixture.fault(FaultKind::Status { status: 503, headers: BTreeMap::new(), body, commit: false });
    let reply = fixture.get(LIST).await;
    assert_eq!((reply.status, &*reply.text), (503, "no upstream"));
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[tokio::test]
async fn a_gateway_page_is_html() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::Html { status: 502, commit: false });
    let reply = fixture.get(LIST).await;
    assert_eq!((reply.status, reply.header("content-type")), (502, Some("text/html; charset=utf-8")));
    assert!(reply.text.contains("<h1>502 Bad Gateway</h1>"), "{}", reply.text);
}

#[tokio::test]
async fn a_truncated_body_breaks_off_where_told() {
    let fixture = Fixture::start().await;
    let whole = fixture.get(LIST).await.text;
    for (bytes, received) in [(5, 5), (0, 0), (1_000_000, whole.len() - 1)] {
        fixture.fault(FaultKind::Truncate { bytes });
        let mut response = fixture.request(Method::GET, LIST, None).send().await.expect("headers");
        assert_eq!(response.content_length(), Some(whole.len() as u64));
        let mut body = Vec::new();
        let end = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend(chunk),
                end => break end,
            }
        };
        assert!(end.is_err(), "the body ended well");
        assert_eq!(body, &whole.as_bytes()[..received]);
    }
}

#[tokio::test]
async fn a_redirect_points_elsewhere() {
    let fixture = Fixture::start().await;
    let to = format!("{}/elsewhere", fixture.sandbox.auth_url());
    fixture.fault(FaultKind::Redirect { to: to.clone() });
    let reply = fixture.invite(NEW).await;
    assert_eq!((reply.status, reply.header("location")), (307, Some(&*to)));
    assert_eq!(fixture.invited().await, [""; 0]);
}

#[tokio::test]
async fn words_of_closed_lists_become_unknown_ones() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::UnknownEnum);
    let members = fixture.get(&fixture.members_path()).await.json();
    assert_eq!(members[0]["roles"], json!(["SANDBOX_UNKNOWN"]));
    assert_eq!(members[0]["email"], fixture.identity.email);
}

#[tokio::test]
async fn optional_fields_are_left_out() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::DropOptional);
    let members = fixture.get(&fixture.members_path()).await.json();
    let keys: Vec<_> = members[0].as_object().expect("a member").keys().collect();
    assert_eq!(keys, ["displayName", "email", "id"]);
}

#[tokio::test]
async fn a_huge_body_has_its_size() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::Huge { bytes: 3_000_001, commit: false });
    let reply = fixture.get(LIST).await;
    assert_eq!((reply.status, reply.text.len()), (200, 3_000_001));
    assert_eq!(reply.header("content-length"), None);
}

#[tokio::test]
async fn a_gzip_bomb_is_small_and_expands_to_a_gibibyte() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::GzipBomb { commit: false });
    let response = fixture.request(Method::GET, LIST, None).send().await.expect("headers");
    let mut response = response;
    let mut expanded = 0;
    while let Some(chunk) = response.chunk().await.expect("valid gzip") {
        expanded += chunk.len();
    }
    assert_eq!(expanded, 1 << 30);

    let plain = reqwest::Client::builder().no_gzip().no_proxy().build().expect("a client can be built");
    fixture.fault(FaultKind::GzipBomb { commit: false });
    let response = plain.get(fixture.sandbox.base_url("nuextract") + LIST).send().await.expect("headers");
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.bytes().await.expect("a body").len() < 2 << 20);
}

#[tokio::test]
async fn a_dripping_body_takes_its_time_and_may_stall() {
    let fixture = Fixture::start().await;
    let whole = fixture.get(LIST).await.text;
    let rate = whole.len() as u64 * 4;
    fixture.fault(FaultKind::Drip { bytes_per_second: rate });
    let begun = Instant::now();
    assert_eq!(fixture.get(LIST).await.text, whole);
    assert!(begun.elapsed() >= Duration::from_millis(200), "{:?}", begun.elapsed());

    fixture.fault(FaultKind::Drip { bytes_per_second: 0 });
    let stalled = fixture.request(Method::GET, LIST, None).timeout(Duration::from_millis(200));
    let response = stalled.send().await.expect("headers");
    assert!(response.text().await.expect_err("no body").is_timeout());
}

#[tokio::test]
async fn simulators_play_their_own_faults() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::NothingCreated);
    assert_eq!(fixture.invite(NEW).await.status, 200);
    assert_eq!(fixture.invited().await, [""; 0]);

    fixture.fault(FaultKind::MailFails);
    assert_eq!(fixture.invite(NEW).await.status, 200);
    assert_eq!(fixture.invited().await, [NEW]);

    fixture.fault(FaultKind::FailAfterRows { rows: 0 });
    assert_eq!(fixture.invite("second@example.com").await.status, 500);
    assert_eq!(fixture.invited().await, [NEW]);
    assert_eq!(fixture.sandbox.mail().len(), 0);
}

#[tokio::test]
async fn a_vendor_whose_database_is_gone_says_so_in_its_own_words() {
    let fixture = Fixture::start().await;
    let fault = json!({ "vendor": "trieve", "fault": { "type": "outage", "of": "database" }, "times": null });
    assert_eq!(fixture.control(Method::POST, "/faults", Some(fault)).await.status, 200);
    let trieve = fixture.sandbox.identity("trieve").expect("trieve is served");
    let organization = trieve.organization.expect("an organization");
    let url = format!("{}/api/invitations/{organization}", fixture.sandbox.base_url("trieve"));
    let key = trieve.credential["key"].as_str().expect("a key");
    let request = fixture.client.get(url).bearer_auth(key).header("tr-organization", organization);
    let reply = send(request.try_clone().expect("no body")).await.expect("a response");
    assert_eq!(
        (reply.status, reply.json()["message"].as_str()),
        (400, Some("Could not get database connection"))
    );
    fixture.sandbox.clear_faults();
    assert_eq!(send(request).await.expect("a response").status, 200);
}

#[tokio::test]
async fn a_simulators_fault_and_a_transport_fault_combine() {
    let fixture = Fixture::start().await;
    fixture.fault(FaultKind::MailFails);
    fixture.fault(FaultKind::ResetAfter);
    assert!(fixture.try_invite(NEW).await.is_err());
    assert_eq!(fixture.invited().await, [NEW]);
    assert_eq!(fixture.sandbox.mail().len(), 0);
}

#[tokio::test]
async fn faults_hit_what_they_name_in_the_order_of_setting() {
    let fixture = Fixture::start().await;
    let html = |status| FaultKind::Html { status, commit: false };
    let template = "/api/organizations/{organizationId}/members";
    let set = |fault: Fault| fixture.sandbox.fault(fault).expect("a valid fault");
    let by_template = set(Fault::new("nuextract", html(501)).route(template).method("get").skip(1).times(2));
    let by_path = set(Fault::new("nuextract", html(502)).route(fixture.members_path()).always());

    assert_eq!(fixture.get(LIST).await.status, 200);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(fixture.get(&fixture.members_path()).await.status);
    }
    assert_eq!(seen, [502, 501, 501, 502]);
    assert_eq!(fixture.invite(NEW).await.status, 502);
    assert_eq!((fixture.sandbox.fired(by_template), fixture.sandbox.fired(by_path)), (2, 3));

    fixture.sandbox.clear_faults();
    assert_eq!(fixture.get(&fixture.members_path()).await.status, 200);
}

#[tokio::test]
async fn probability_is_repeatable() {
    let fixture = Fixture::start().await;
    let mut runs = Vec::new();
    for _ in 0..2 {
        let fault = FaultKind::Html { status: 500, commit: false };
        let fault = Fault::new("nuextract", fault).always().probability(0.5, 7);
        fixture.sandbox.fault(fault).expect("a valid fault");
        let mut statuses = Vec::new();
        for _ in 0..32 {
            statuses.push(fixture.get(LIST).await.status);
        }
        fixture.sandbox.clear_faults();
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&500));
}

#[tokio::test]
async fn senseless_faults_are_refused() {
    let fixture = Fixture::start().await;
    let refused = |fault: Fault| fixture.sandbox.fault(fault).expect_err("refused").to_string();
    assert_eq!(refused(Fault::new("acme", FaultKind::ResetAfter)), "the sandbox has no vendor \"acme\"");
    assert_eq!(refused(Fault::new("koyeb", FaultKind::Race { ms: 5 })), "koyeb does not play this fault");
    let html = FaultKind::Html { status: 99, commit: false };
    assert_eq!(refused(Fault::new("nuextract", html)), "status 99 is not a final HTTP status");
    let unlikely = Fault::new("nuextract", FaultKind::ResetAfter).probability(1.5, 0);
    assert_eq!(refused(unlikely), "probability is not between 0 and 1");
    let to = "http://x\r\n".to_owned();
    assert_eq!(refused(Fault::new("nuextract", FaultKind::Redirect { to })), "`to` is not a header value");
}
