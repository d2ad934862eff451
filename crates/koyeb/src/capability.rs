//! What can be done at Koyeb, by the kind of token.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, Operations, OrganizationChoice,
    OrganizationField, RateLimit, Role, Support, UnnamedRole,
};

use crate::client::{BURST, ONE_MORE_EVERY};
use crate::config::Credential;
use crate::convert::PAGE_SIZE;

/// The only role there is.
pub(crate) const ROLES_AT_INVITE: &[Role] = &[Role::Owner];
pub(crate) const VISIBLE_STATUSES: &[InvitationStatus] = InvitationStatus::KNOWN;

const RATE_LIMITS: &[RateLimit] = &[RateLimit::new("all calls", BURST, ONE_MORE_EVERY)];
const NO_ROLES: Support =
    Support::Unsupported { because: "Koyeb has one role, Owner, and no call that gives a member another" };
const NO_USER: Support = Support::Unsupported {
    because: "an organization's token has no user behind it: use a user's token (credential = \"user\")",
};

pub(crate) fn capability(credential: Credential) -> Capability {
    let is_user = credential == Credential::User;
    let for_user = || if is_user { Support::Native } else { NO_USER };
    Capability {
        operations: Operations {
            list_organizations: if is_user {
                Support::Native
            } else {
                Support::Composed { how: "the token's own organization is read", can_leave_behind: None }
            },
            get_organization: Support::Native,
            create_organization: for_user(),
            update_organization: Support::Native,
            delete_organization: Support::Composed {
                how: "deactivates, waits until that is done, and deletes",
                can_leave_behind: Some("a deactivated organization, whose services and data are gone"),
            },
            list_members: Support::Native,
            set_member_role: NO_ROLES,
            remove_member: if is_user {
                Support::Composed {
                    how: "looks for the membership in the organization, and removes it",
                    can_leave_behind: None,
                }
            } else {
                Support::Native
            },
            list_invitations: Support::Native,
            get_invitation: Support::Native,
            invite: Support::Native,
            resend_invitation: Support::Native,
            revoke_invitation: Support::Native,
            respond_to_invitation: for_user(),
        },
        batch_size: 1,
        page_size: Some(PAGE_SIZE as usize),
        rate_limits: RATE_LIMITS,
        organization_name: Some(
            "lower-case letters, digits and single hyphens, beginning and ending with a letter or digit, \
             at most 39 characters; no two organizations of Koyeb have the same",
        ),
        roles_at_invite: ROLES_AT_INVITE,
        roles_at_set_role: &[],
        unnamed_role: UnnamedRole::Required,
        visible_statuses: VISIBLE_STATUSES,
        create_fields: if is_user { &[OrganizationField::Name] } else { &[] },
        update_fields: &[OrganizationField::Name],
        duplicates: Duplicates::Unknown,
        existing_account: ExistingAccount::Invited,
        organization_choice: OrganizationChoice::Credential,
        resend_keeps_id: true,
        my_invitations: for_user(),
        answers_by_token: false,
        notes: NOTES,
    }
}

const NOTES: &[&str] = &[
    "Koyeb has announced that it will drop the calls of the invited person: listing one's own invitations \
     and answering them",
    "invitations made in Koyeb's new control panel may be kept elsewhere and not be listed here",
    "deleting an organization ends the tokens that act in it",
    "with a user's token, other organizations of the user are acted in by tokens that are made for an hour",
];

/// What it can do with the credential that can do most: a user's token.
pub fn best_capability() -> Capability {
    capability(Credential::User)
}
