//! The limiter: one call fewer than it says, and early retries keep it empty.

use super::*;

async fn invite(bench: &Bench) -> Answer {
    bench.invite(ADMINISTRATOR, json!(["ada@example.org"])).await
}

#[tokio::test]
async fn four_of_five_pass_with_headers_and_the_fifth_is_refused_without() {
    let bench = Bench::new();
    bench.world.clock.advance(Duration::from_millis(12_500));
    for (remaining, reset) in [
        ("4", "2026-05-13T09:32:12.500Z"),
        ("3", "2026-05-13T09:34:12.500Z"),
        ("2", "2026-05-13T09:36:12.500Z"),
        ("1", "2026-05-13T09:38:12.500Z"),
    ] {
        let answer = invite(&bench).await;
        assert_eq!(answer.assert_ok().header("x-rate-limit-limit"), Some("5"));
        assert_eq!(answer.header("x-rate-limit-remaining"), Some(remaining));
        assert_eq!(answer.header("x-rate-limit-reset"), Some(reset));
    }
    let refused = invite(&bench).await;
    let message = "You have exceeded the maximum amount of requests allowed for this endpoint. Please try again in \
                   a few minutes";
    refused.assert_application(429, message);
    assert_eq!(refused.header("x-rate-limit-limit"), None);
    assert_eq!(refused.header("retry-after"), None);
    assert_eq!(bench.invitations().await.len(), 4);
}

#[tokio::test]
async fn an_early_retry_burns_the_token_that_came_back() {
    let bench = Bench::new();
    for _ in 0..4 {
        invite(&bench).await.assert_ok();
    }
    invite(&bench).await.assert_status(429);
    // One token is back after two minutes: taking it leaves none, which is refused.
    for _ in 0..3 {
        bench.advance(120);
        invite(&bench).await.assert_status(429);
    }
    bench.advance(240);
    assert_eq!(invite(&bench).await.assert_ok().header("x-rate-limit-remaining"), Some("1"));
    bench.advance(119);
    invite(&bench).await.assert_status(429);
}

#[tokio::test]
async fn buckets_refill_continuously_and_never_over_the_brim() {
    let bench = Bench::new();
    invite(&bench).await.assert_ok();
    bench.advance(60);
    assert_eq!(invite(&bench).await.header("x-rate-limit-remaining"), Some("3"));
    bench.advance(60);
    assert_eq!(invite(&bench).await.header("x-rate-limit-remaining"), Some("3"));
    bench.advance(24 * 3600);
    assert_eq!(invite(&bench).await.header("x-rate-limit-remaining"), Some("4"));
    bench.reset();
    assert_eq!(invite(&bench).await.header("x-rate-limit-remaining"), Some("4"));
}

#[tokio::test]
async fn a_bucket_belongs_to_one_user_and_operation_and_realm_admins_have_none() {
    let bench = Bench::new();
    for _ in 0..4 {
        invite(&bench).await.assert_ok();
    }
    invite(&bench).await.assert_status(429);
    // The same person by another credential is the same user.
    let oauth2 = bench.identity(1);
    let emails = Some(json!({"emails": ["ada@example.org"]}));
    bench.by(&oauth2, "POST", INVITATIONS, emails).await.assert_status(429);
    bench
        .send(ADMINISTRATOR, "POST", "/v1/user/api-keys", Some(json!({"expirationTime": "SIX_MONTHS"})))
        .await
        .assert_ok();
    for _ in 0..12 {
        let answer = bench.invite(REALM_ADMIN, json!(["ada@example.org"])).await;
        assert_eq!(answer.assert_ok().header("x-rate-limit-limit"), None);
    }
}

#[tokio::test]
async fn refusals_before_the_limiter_take_no_token_and_later_ones_do() {
    let bench = Bench::new();
    let create = async |body: Value| bench.send(OUTSIDER, "POST", "/v1/organizations", Some(body)).await;
    let named = |name: &str| json!({"name": name, "visibility": "PRIVATE", "contactEmail": "a@b"});
    for _ in 0..15 {
        create(named("x")).await.assert_status(400);
    }
    assert_eq!(create(named("acme")).await.header("x-rate-limit-remaining"), Some("9"));
    for _ in 0..3 {
        create(named("acme")).await.assert_status(400);
    }
    assert_eq!(create(named("acme-2")).await.assert_status(201).header("x-rate-limit-remaining"), Some("5"));
}

#[tokio::test]
async fn every_operation_has_its_own_size() {
    let bench = Bench::new();
    let patch = json!({"name": "tox-lab", "visibility": "PRIVATE", "contactEmail": "a@b"});
    let burst = async |method: &str, path: &str, body: Option<Value>| {
        let mut passed = 0;
        while bench.send(ADMINISTRATOR, method, path, body.clone()).await.status.as_u16() != 429 {
            passed += 1;
        }
        passed
    };
    assert_eq!(burst("PATCH", "/v1/organizations/41/partial", Some(patch.clone())).await, 4);
    let id = bench.invited("ada@example.org").await;
    let resend = format!("/v1/organizations/41/invitations/{id}/resend");
    assert_eq!(burst("POST", &resend, None).await, 9);
    let key = Some(json!({"expirationTime": "THREE_MONTHS"}));
    assert_eq!(burst("POST", "/v1/user/api-keys", key).await, 4);
    bench.advance(24);
    bench.send(ADMINISTRATOR, "PATCH", "/v1/organizations/41/partial", Some(patch)).await.assert_ok();
}

#[test]
fn reset_times_are_written_as_java_writes_them() {
    let text = |at: &str| super::super::json::java_text(at.parse().expect("a date"));
    assert_eq!(text("2026-05-13T10:17:00Z"), "2026-05-13T10:17Z");
    assert_eq!(text("2026-05-13T10:17:30Z"), "2026-05-13T10:17:30Z");
    assert_eq!(text("2026-05-13T10:17:00.5Z"), "2026-05-13T10:17:00.500Z");
    assert_eq!(text("2026-05-13T10:17:30.0004Z"), "2026-05-13T10:17:30.000400Z");
    assert_eq!(text("2026-05-13T10:17:30.000000123Z"), "2026-05-13T10:17:30.000000123Z");
}
