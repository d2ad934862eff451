//! What the vendor can do, by the kind of API key.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, Operations, OrganizationChoice,
    OrganizationField, Role, Support, UnnamedRole,
};

use crate::config::Credential;

/// The roles that an invitation can carry and a member can be given.
pub(crate) const ROLES: &[Role] = &[Role::Owner, Role::Admin, Role::Member];
pub(crate) const VISIBLE: &[InvitationStatus] = &[InvitationStatus::Pending, InvitationStatus::Accepted];

pub(crate) const NO_PERSON: &str = "an organization's API key stands for no person, so that creating an \
     organization with it fails half way and leaves one without members behind: use a user's key and \
     credential = \"user\"";
const IN_THE_BROWSER: &str = "Trieve has no call for it: the invited person accepts by opening the mailed link in a browser, and \
     nobody can decline";

static ORGANIZATION_KEY: Capability = capability(
    Support::Composed { how: "the configured organization, read by its id", can_leave_behind: None },
    Support::Unsupported { because: NO_PERSON },
);
static USER_KEY: Capability = capability(Support::Native, Support::Native);

pub(crate) fn of(credential: Credential) -> &'static Capability {
    match credential {
        Credential::Organization => &ORGANIZATION_KEY,
        Credential::User => &USER_KEY,
    }
}

const fn capability(list_organizations: Support, create_organization: Support) -> Capability {
    Capability {
        operations: Operations {
            list_organizations,
            get_organization: Support::Native,
            create_organization,
            update_organization: Support::Composed {
                how: "reads the organization and writes its name together with its partner configuration as read",
                can_leave_behind: Some(
                    "a partner configuration without its members beside the nine known ones, which no read shows, \
                     and a name cleaned as HTML (R&D becomes R&amp;D)",
                ),
            },
            delete_organization: Support::Native,
            list_members: Support::Native,
            set_member_role: Support::Native,
            remove_member: Support::Native,
            list_invitations: Support::Native,
            get_invitation: Support::Composed {
                how: "finds it in the list of invitations",
                can_leave_behind: None,
            },
            invite: Support::Composed {
                how: "looks at invitations and members, invites, and looks again, since the vendor answers nothing",
                can_leave_behind: Some("an invitation whose mail was not sent"),
            },
            resend_invitation: Support::Composed {
                how: "deletes the invitation and makes it anew with its role and scopes; the id changes and the \
                      old link dies",
                can_leave_behind: Some("no invitation, if the new one cannot be made"),
            },
            revoke_invitation: Support::Native,
            respond_to_invitation: Support::Unsupported { because: IN_THE_BROWSER },
        },
        batch_size: 1,
        page_size: None,
        rate_limits: &[],
        organization_name: None,
        roles_at_invite: ROLES,
        roles_at_set_role: ROLES,
        unnamed_role: UnnamedRole::Required,
        visible_statuses: VISIBLE,
        create_fields: &[OrganizationField::Name],
        update_fields: &[OrganizationField::Name],
        duplicates: Duplicates::RefusedSameCase,
        existing_account: ExistingAccount::Joined,
        organization_choice: OrganizationChoice::PathAndHeader,
        resend_keeps_id: false,
        my_invitations: Support::Unsupported {
            because: "Trieve lists invitations by organization only, to its administrators",
        },
        answers_by_token: false,
        notes: &[
            "Inviting needs redirect_uri in the configuration: where the browser ends up after the mailed link.",
            "Invitations never expire, stay listed after use, and a used one blocks the same address until it is \
             deleted, which inviting does.",
            "The id of an invitation is the secret of its mailed link: do not log it.",
            "The vendor does not protect the last owner; one read before the change does, which can race with \
             another change.",
            "A member or invitation with scopes is read as `other`; setting such a member's role is a conflict.",
        ],
    }
}

/// What it can do with the credential that can do most: a person's key.
pub fn best_capability() -> Capability {
    USER_KEY.clone()
}
