//! The cases.

mod answers;
mod capability;
mod faults;
mod ids;
mod invitations;
mod inviting;
mod lists;
mod members;
mod organizations;
mod people;
mod roles;

use crate::report::{Case, Failure, Verdict};

type Outcome = Result<Verdict, Failure>;

macro_rules! cases {
    ($($module:ident { $($(#$reads:tt)? $name:ident,)* })*) => {
        /// Every case, in an order in which the first failure says the most.
        pub fn cases() -> Vec<Case> {
            vec![$($(Case::new(
                stringify!($name),
                matches!(stringify!($($reads)?), "[reads]"),
                |world| Box::pin($module::$name(world)),
            ),)*)*]
        }
    };
}

cases! {
    capability {
        #[reads]
        the_capability_is_consistent,
        #[reads]
        what_is_unsupported_says_why_and_sends_nothing,
        read_only_refuses_every_write,
    }
    organizations {
        #[reads]
        the_organizations_listed_hold_the_managed_one,
        #[reads]
        an_organization_is_got_with_its_native_json,
        a_created_organization_has_its_name,
        a_description_is_kept_or_refused_at_creation,
        an_updated_organization_has_its_new_name,
        a_description_is_kept_or_refused_at_update,
        an_update_of_nothing_is_refused_before_sending,
        a_deleted_organization_is_gone,
    }
    members {
        #[reads]
        members_have_ids_and_native_json,
        a_member_id_removes_that_member_alone,
        a_role_is_set_exactly_or_refused_before_sending,
        the_last_owner_is_not_removed,
    }
    inviting {
        a_stranger_is_invited_with_one_mail,
        inviting_again_says_already_invited,
        inviting_a_member_again_says_already_member,
        an_existing_account_ends_as_the_capability_says,
        a_person_who_declined_is_invited_anew,
        a_person_whose_invitation_expired_is_invited_anew,
        a_person_whose_invitation_was_revoked_is_invited_anew,
        a_member_who_was_removed_is_invited_anew,
        two_calls_at_once_mail_once,
        a_list_has_one_outcome_for_each_entry,
        an_empty_list_sends_nothing,
        inviting_takes_no_more_requests_than_stated,
        a_plan_reads_only_and_foretells_the_outcomes,
    }
    people {
        letters_in_another_case_are_the_same_person,
        a_plus_tag_is_another_person,
        an_international_domain_is_one_person,
        a_malformed_address_is_refused_before_sending,
        whom_the_vendor_does_not_take_is_refused_before_sending,
    }
    roles {
        a_role_is_invited_exactly_or_refused_before_sending,
        an_invitation_without_a_role_gets_what_the_capability_says,
        an_existing_invitation_keeps_its_role,
        a_person_of_any_role_is_known_again,
        a_default_role_is_given_where_none_is_named,
    }
    invitations {
        #[reads]
        invitations_have_ids_and_native_json,
        a_waiting_invitation_is_listed_with_its_native_json,
        an_invitation_is_got_as_it_is_listed,
        a_filter_by_address_answers_that_person_alone,
        a_filter_by_status_answers_that_status_alone,
        a_filter_of_statuses_never_shown_is_refused,
        an_accepted_invitation_no_longer_waits,
        a_declined_invitation_no_longer_waits,
        an_expired_invitation_no_longer_waits,
        a_revoked_invitation_is_gone,
        revoking_an_accepted_invitation_is_refused_and_leaves_the_member,
        resending_mails_once_more_and_keeps_the_id_as_promised,
    }
    answers {
        accepting_makes_a_member,
        declining_makes_no_member,
        answering_twice_is_refused,
        nobody_answers_for_somebody_else,
        an_expired_invitation_cannot_be_answered,
        a_mailed_token_answers_as_promised,
        own_invitations_are_shown_to_the_invited_alone,
    }
    faults {
        a_reply_lost_before_the_act_is_sent_once_more,
        a_reply_lost_after_the_act_is_found,
        a_slow_act_is_waited_for,
        a_second_send_waits_for_the_settle_time,
        a_limit_while_looking_is_waited_for,
        a_limit_while_sending_is_waited_for,
        a_long_limit_is_told_to_one_and_waited_for_by_many,
        nothing_is_sent_without_a_look,
        a_reply_about_another_organization_is_not_believed,
        a_mail_in_doubt_is_incomplete,
        a_token_that_ends_is_renewed_in_mid_run,
    }
    ids {
        unknown_ids_are_refused_with_provider_and_operation,
        hostile_ids_touch_nothing,
    }
    lists {
        #[reads]
        a_cursor_of_another_list_is_refused_before_sending,
        a_row_that_cannot_be_read_says_where_it_is,
        streams_hold_everything_once,
        pages_are_no_longer_than_stated,
        invitations_beyond_a_page_are_known_again,
        members_beyond_a_page_are_known_again,
    }
}
