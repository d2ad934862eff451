//! The whole suite, faults included.

use orgport_conformance::{Verdict, run_all};

use crate::world::World;

/// What Guildhall does not have: new halls, descriptions, addresses and declining.
const REFUSED: [&str; 11] = [
    "a_created_organization_has_its_name",
    "a_description_is_kept_or_refused_at_creation",
    "a_deleted_organization_is_gone",
    "a_person_who_declined_is_invited_anew",
    "a_plus_tag_is_another_person",
    "an_international_domain_is_one_person",
    "a_malformed_address_is_refused_before_sending",
    "a_filter_by_address_answers_that_person_alone",
    "a_declined_invitation_no_longer_waits",
    "declining_makes_no_member",
    "a_mailed_token_answers_as_promised",
];

#[tokio::test]
async fn guildhall_passes_and_everything_is_seen() {
    let report = run_all(async || World::new(None)).await;
    report.assert_seen_but(&[]);
    let refused = report.results().filter(|(_, result)| matches!(result, Ok(Verdict::Refused(_))));
    let refused: Vec<_> = refused.map(|(name, _)| name).collect();
    assert_eq!(refused, REFUSED, "{report}");
}
