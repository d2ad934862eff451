//! The vendor's limits, kept without asking.

use std::time::Duration;

use super::{ORG, UUID, accepted, answer, client, client_with};
use orgport_core::http::HttpSettings;
use orgport_core::{ErrorKind, Reach};
use orgport_jaqpot::JaqpotClient;
use orgport_tests::wire::Wire;

#[tokio::test]
async fn limits_are_kept_without_asking() {
    let wire = Wire::answering([accepted()]).await;
    let client = client(&wire);
    let invite = async |client: &JaqpotClient| client.create_invitations(ORG, &["ines@people.example"]).await;
    for call in 0..4 {
        invite(&client).await.unwrap_or_else(|error| panic!("call {call} passes: {error}"));
    }
    let fifth = invite(&client).await.expect_err("the fifth would be refused");
    assert_eq!((fifth.kind(), fifth.reach()), (ErrorKind::RateLimited, Reach::NotSent));
    assert_eq!(fifth.retry_after(), Some(Duration::from_mins(2)));
    assert_eq!(wire.received().len(), 4);
    let before = client.transport().clock().elapsed();
    invite(&client.with_transport(client.transport().patient())).await.expect("a patient one waits");
    assert_eq!(client.transport().clock().elapsed(), before + Duration::from_mins(2));
    client.resend_invitation(7301, UUID).await.expect("another endpoint has its own limit");
}

#[tokio::test]
async fn a_refusal_costs_two_tokens_and_no_call_in_between() {
    let wire = Wire::answering([answer(429, "errors/429_limit.json"), accepted()]).await;
    let client = client_with(&wire, HttpSettings::default());
    let refused = client.create_invitations(ORG, &["ines@people.example"]).await.expect_err("no room");
    assert_eq!((refused.kind(), refused.reach()), (ErrorKind::RateLimited, Reach::NotSent));
    assert_eq!(refused.retry_after(), Some(Duration::from_mins(4)));
    let before = client.transport().clock().elapsed();
    client
        .with_transport(client.transport().patient())
        .create_invitations(ORG, &["ines@people.example"])
        .await
        .expect("it waits");
    assert_eq!(client.transport().clock().elapsed(), before + Duration::from_mins(4));
    assert_eq!(wire.received().len(), 2);
}

#[tokio::test]
async fn what_other_programs_used_is_learnt() {
    // Two tokens are left, and one of them is refused.
    let wire = Wire::answering([accepted().header("x-rate-limit-remaining", "2")]).await;
    let client = client(&wire);
    let invite = async |client: &JaqpotClient| client.create_invitations(ORG, &["ines@people.example"]).await;
    invite(&client).await.expect("passes");
    invite(&client).await.expect("passes");
    let third = invite(&client).await.expect_err("would be refused");
    assert_eq!(third.retry_after(), Some(Duration::from_mins(2)));
}
