//! Everything that can go wrong between a program and a vendor, on every provider: what must come
//! of it, with the mail ledger as the witness.

mod creating;
mod hostile;
mod inviting;
mod limits;
mod memory;
mod reading;
mod refused;
mod support;
mod twins;
mod vendors;

/// Runs each of these on every account, under the account's name.
macro_rules! on_every_account {
    ($($row:path as $name:ident),* $(,)?) => {
        on_every_account!(@ nuextract NuExtract { $($row as $name),* });
        on_every_account!(@ jaqpot Jaqpot { $($row as $name),* });
        on_every_account!(@ jaqpot_older JaqpotOlder { $($row as $name),* });
        on_every_account!(@ koyeb Koyeb { $($row as $name),* });
        on_every_account!(@ koyeb_organization KoyebOrganization { $($row as $name),* });
        on_every_account!(@ trieve Trieve { $($row as $name),* });
        on_every_account!(@ trieve_user TrieveUser { $($row as $name),* });
        on_every_account!(@ losant Losant { $($row as $name),* });
        on_every_account!(@ github GitHub { $($row as $name),* });
        on_every_account!(@ github_app GitHubApp { $($row as $name),* });
    };
    (@ $module:ident $account:ident { $($row:path as $name:ident),* }) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $name() {
                    $row(orgport_tests::world::Account::$account).await;
                }
            )*
        }
    };
}

on_every_account! {
    crate::inviting::an_answer_lost_behind_the_commit as an_answer_lost_behind_the_commit_is_found,
    crate::inviting::an_answer_lost_before_the_commit as an_answer_lost_before_the_commit_is_sent_once_more,
    crate::inviting::a_commit_behind_the_gateways_answer as a_commit_behind_the_gateways_answer_is_waited_for,
    crate::inviting::a_settling_read_that_fails as a_settling_read_that_fails_leaves_it_ambiguous,
    crate::inviting::a_wait_that_is_asked_for as a_wait_that_is_asked_for_is_kept,
    crate::inviting::a_server_that_is_away_twice as a_server_that_is_away_twice_costs_no_second_mail,
    crate::inviting::a_server_that_stays_away as a_server_that_stays_away_is_tried_three_times,
    crate::inviting::a_lost_mail as a_row_that_is_known_to_have_no_mail_is_incomplete,
    crate::inviting::a_closed_connection as a_connection_that_was_closed_costs_no_second_mail,
    crate::inviting::nothing_made as a_vendor_that_makes_nothing_is_not_believed,
    crate::inviting::spellings as one_person_in_many_spellings_gets_one_mail,
    crate::inviting::at_once_in_one_process as at_once_in_one_process_is_one_mail,
    crate::inviting::at_once_in_two_processes as at_once_in_two_processes_is_as_the_capability_says,
    crate::reading::a_broken_read as a_broken_read_is_read_again,
    crate::reading::a_read_that_stays_broken as a_read_that_stays_broken_says_so_shortly,
    crate::reading::unknown_words as unknown_words_are_kept_and_grant_nothing,
    crate::reading::missing_fields as fields_that_may_be_missing_are_not_missed,
    crate::reading::a_row_without_an_id as a_row_without_an_id_is_an_error_in_its_place,
    crate::reading::bodies_without_end as bodies_without_end_are_cut_off,
    crate::refused::that_nobody_can_look_behind as a_refusal_that_nobody_can_look_behind_is_in_doubt,
    crate::refused::that_says_exists as a_refusal_that_says_exists_is_already_invited,
    crate::twins::are_both_shown as two_people_under_one_id_are_both_shown,
    crate::twins::are_not_touched as one_of_two_people_under_one_id_is_not_touched,
    crate::hostile::redirects as redirects_carry_nothing_away,
    crate::hostile::denials as a_success_that_denies_itself_is_not_believed,
    crate::hostile::organizations_without_an_id as a_changed_organization_without_an_id_may_be_changed,
    crate::hostile::addresses as addresses_that_show_the_credential_are_refused,
    crate::hostile::ids as ids_cannot_reach_elsewhere,
    crate::hostile::credentials as credentials_that_no_header_can_carry_are_named_and_not_shown,
}
