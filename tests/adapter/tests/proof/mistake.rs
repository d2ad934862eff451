//! Twelve mistakes, each of which the suite finds by the case of its name.

use orgport_conformance::run_all;

use crate::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    CreateMarkedRepeatable,
    ReadOnlyIgnored,
    FirstPageOnly,
    LimitsReadAsPermissions,
    PatienceIgnored,
    CursorsOfOthersTaken,
    RolesUnchecked,
    ContextLost,
    RepliesOfAnotherOrganizationBelieved,
    LookThatFilters,
    MailInDoubtToldAsSent,
    RotatingTokenSpentTwice,
}

/// By which case each is found.
pub(crate) const FOUND_BY: [(Mistake, &str); 12] = [
    (Mistake::CreateMarkedRepeatable, "a_reply_lost_after_the_act_is_found"),
    (Mistake::ReadOnlyIgnored, "read_only_refuses_every_write"),
    (Mistake::FirstPageOnly, "invitations_beyond_a_page_are_known_again"),
    (Mistake::LimitsReadAsPermissions, "a_limit_while_sending_is_waited_for"),
    (Mistake::PatienceIgnored, "a_second_send_waits_for_the_settle_time"),
    (Mistake::CursorsOfOthersTaken, "a_cursor_of_another_list_is_refused_before_sending"),
    (Mistake::RolesUnchecked, "a_role_is_invited_exactly_or_refused_before_sending"),
    (Mistake::ContextLost, "unknown_ids_are_refused_with_provider_and_operation"),
    (Mistake::RepliesOfAnotherOrganizationBelieved, "a_reply_about_another_organization_is_not_believed"),
    (Mistake::LookThatFilters, "a_person_of_any_role_is_known_again"),
    (Mistake::MailInDoubtToldAsSent, "a_mail_in_doubt_is_incomplete"),
    (Mistake::RotatingTokenSpentTwice, "a_token_that_ends_is_renewed_in_mid_run"),
];

impl Mistake {
    /// Whether an adapter can make it. The guard makes the others impossible by construction: it checks
    /// roles and cursors before the adapter is asked, and adds provider and operation to every error.
    /// Only who implements `Provider` without it can make them.
    pub(crate) fn is_of_the_adapter(self) -> bool {
        !matches!(self, Self::CursorsOfOthersTaken | Self::RolesUnchecked | Self::ContextLost)
    }
}

#[tokio::test]
async fn every_mistake_is_found_by_the_case_of_its_name() {
    for (mistake, case) in FOUND_BY {
        let report = run_all(async || World::new(Some(mistake))).await;
        let failed: Vec<_> = report.failures().map(|(name, _)| name).collect();
        assert!(failed.contains(&case), "{mistake:?} passes {case} and fails {failed:?}\n{report}");
    }
}

#[tokio::test]
async fn without_a_mistake_nothing_is_found() {
    run_all(async || World::new(Some(Mistake::None))).await.assert_seen_but(&[]);
}
