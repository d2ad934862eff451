//! Limits: the hour's, the secondary ones and the day's, and the pace that keeps away from them.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use orgport_core::{Clock, Email, ErrorKind, Invitations, ManualClock, NewInvitation, Timestamp};
use orgport_github::GitHubProvider;
use orgport_github::GitHubSettings;
use orgport_tests::wire::{Canned, Wire};

use super::{NOW, ORG, client, config, id, invite, ok, refusal, snapshot};

fn dated(answer: Canned) -> Canned {
    answer.header("date", "Mon, 17 Aug 2026 09:15:00 GMT")
}

/// Ten minutes behind the present moment.
const RESET: &str = "1786958700";

#[tokio::test]
async fn each_limit_is_told_with_its_wait() {
    let mut text = String::new();
    for (name, answer) in [
        (
            "the hour's, 403",
            refusal("403_primary").header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", RESET),
        ),
        (
            "the hour's, 429",
            refusal("429_secondary").header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", RESET),
        ),
        ("secondary, 403, with a wait", refusal("403_secondary").header("retry-after", "120")),
        (
            "secondary, 403, without one",
            refusal("403_secondary")
                .header("x-ratelimit-remaining", "4711")
                .header("x-ratelimit-reset", RESET),
        ),
        ("secondary, in older words", refusal("403_abuse")),
        ("secondary, 429, with a wait", refusal("429_secondary").header("retry-after", "7")),
        ("secondary, 429, without one", refusal("429_secondary")),
        ("in no form", Canned::text(429, "slow down")),
        ("the day's", refusal("422_daily")),
        ("the day's, bare", refusal("422_daily_bare")),
    ] {
        writeln!(text, "{name}: {}\n", invite(dated(answer)).await).expect("memory");
    }
    snapshot("limits", &text);
}

#[tokio::test]
async fn a_secondary_limit_is_waited_for() {
    let start = Timestamp::parse(NOW).expect("valid");
    let clock = Arc::new(ManualClock::new(start));
    let answers = [dated(refusal("403_secondary")), ok("organizations/one")];
    let wire = Wire::answering(answers).await;
    let mut config = config(&wire).clock(Arc::<ManualClock>::clone(&clock));
    config.http.read_attempts = 2;
    let github = GitHubProvider::new(config, GitHubSettings::default()).expect("valid");
    github.client().get_organization(ORG).await.expect("after a minute");
    assert_eq!(clock.elapsed(), Duration::from_mins(1));
}

#[tokio::test]
async fn what_is_left_of_the_hour_is_believed() {
    let start = Timestamp::parse(NOW).expect("valid");
    let clock = Arc::new(ManualClock::new(start));
    let used_up = dated(ok("organizations/one"))
        .header("x-ratelimit-remaining", "0")
        .header("x-ratelimit-reset", "1786958160")
        .header("x-ratelimit-resource", "core");
    let wire = Wire::answering([used_up, ok("organizations/one")]).await;
    let github = GitHubProvider::new(
        config(&wire).clock(Arc::<ManualClock>::clone(&clock)),
        GitHubSettings::default(),
    );
    let github = github.expect("valid");
    github.client().get_organization(ORG).await.expect("the last one");
    github.client().get_organization(ORG).await.expect("after a minute");
    assert_eq!(clock.elapsed(), Duration::from_mins(1));
}

#[tokio::test]
async fn invitations_are_sent_three_seconds_apart() {
    let start = Timestamp::parse(NOW).expect("valid");
    let clock = Arc::new(ManualClock::new(start));
    let wire = Wire::answering([ok("invitations/empty"), refusal("422_member_address")]).await;
    let github = GitHubProvider::new(
        config(&wire).clock(Arc::<ManualClock>::clone(&clock)),
        GitHubSettings::default(),
    );
    let github = github.expect("valid");
    let people = (0..10).map(|number| NewInvitation::to(Email::verbatim(format!("p{number}@x.example"))));
    let outcomes: Vec<_> = github.invite_many(&id(ORG), people.collect()).collect().await;
    assert!(
        outcomes.iter().all(|(_, outcome)| outcome.as_ref().is_ok_and(|ok| ok.as_str() == "already_member"))
    );
    assert!(clock.elapsed() >= Duration::from_secs(27), "{:?}", clock.elapsed());
}

#[tokio::test]
async fn a_limit_of_the_day_is_not_asked_again() {
    let wire = Wire::answering([refusal("422_daily")]).await;
    let error = client(&wire).create_invitation(ORG, &super::to_grace()).await.expect_err("used up");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::RateLimited, false));
    assert_eq!(wire.received().len(), 1);
}
