//! The example is a provider that passes.

#[path = "../examples/tiny_provider.rs"]
#[expect(dead_code, unreachable_pub, reason = "it has a main of its own")]
mod tiny_provider;

#[tokio::test]
async fn the_tiny_provider_passes() {
    let report = tiny_provider::report().await;
    assert!(report.failures().next().is_none(), "{report}");
    // It plays neither browsers nor faults, which proves nothing of them.
    assert!(!report.is_success() && report.not_seen().count() > 0, "{report}");
}
