//! What `NuExtract` can do, by kind of credential.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, Operations, OrganizationChoice,
    OrganizationField, Support, UnnamedRole,
};

/// With an OAuth access token: all that the vendor has.
pub(crate) static CAPABILITY: Capability = OAUTH;

/// With a platform API key: nothing.
pub(crate) static CAPABILITY_OF_API_KEY: Capability = Capability {
    operations: Operations {
        list_organizations: REFUSED,
        get_organization: REFUSED,
        create_organization: REFUSED,
        update_organization: REFUSED,
        delete_organization: REFUSED,
        list_members: REFUSED,
        set_member_role: REFUSED,
        remove_member: REFUSED,
        list_invitations: REFUSED,
        get_invitation: REFUSED,
        invite: REFUSED,
        resend_invitation: REFUSED,
        revoke_invitation: REFUSED,
        respond_to_invitation: REFUSED,
    },
    my_invitations: REFUSED,
    ..OAUTH
};

const REFUSED: Support = Support::Unsupported {
    because: "NuExtract answers 403 to an API key: configure an OAuth access token, auth.type = \"oauth2\" or \
              \"bearer\"",
};

const OAUTH: Capability = Capability {
    operations: Operations {
        list_organizations: Support::Native,
        get_organization: Support::Composed {
            how: "lists the account's organizations and picks the one of this id",
            can_leave_behind: None,
        },
        create_organization: Support::Native,
        update_organization: Support::Native,
        delete_organization: Support::Native,
        list_members: Support::Native,
        set_member_role: Support::Unsupported {
            because: "NuExtract has no call that changes a member's roles",
        },
        remove_member: Support::Native,
        list_invitations: Support::Native,
        get_invitation: Support::Composed {
            how: "lists the waiting invitations and picks the one of this id",
            can_leave_behind: None,
        },
        invite: Support::Native,
        resend_invitation: Support::Composed {
            how: "deletes the invitation and invites the address anew; roles on the old one are lost, since \
                  no call can give them",
            can_leave_behind: Some("no invitation, if the new one cannot be made"),
        },
        revoke_invitation: Support::Native,
        respond_to_invitation: Support::Unsupported {
            because: "NuExtract has no call that answers an invitation: the person becomes a member when the \
                      account is activated, and only the organization can take the invitation back",
        },
    },
    my_invitations: Support::Unsupported {
        because: "NuExtract shows invitations to the organization, not to the invited person",
    },
    batch_size: 1,
    page_size: None,
    rate_limits: &[],
    organization_name: None,
    roles_at_invite: &[],
    roles_at_set_role: &[],
    unnamed_role: UnnamedRole::VendorsChoice,
    visible_statuses: &[InvitationStatus::Pending],
    create_fields: &[OrganizationField::Name],
    update_fields: &[OrganizationField::Name],
    duplicates: Duplicates::Unknown,
    existing_account: ExistingAccount::Unknown,
    organization_choice: OrganizationChoice::Path,
    resend_keeps_id: false,
    answers_by_token: false,
    notes: &[
        "an API key does not do: NuExtract answers 403 to one in every call here",
        "names of organizations are not unique",
        "roles are read-only, and the vendor documents none of their names",
        "an invitation that is gone was accepted or revoked: the vendor does not say which",
    ],
};

/// What it can do with the credential that can do most: an OAuth access token.
pub fn best_capability() -> Capability {
    CAPABILITY.clone()
}
