//! What Losant can do, as data.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, Operations, OrganizationChoice,
    OrganizationField, Role, Support, UnnamedRole,
};

/// The roles that can be granted.
pub(crate) const ROLES: &[Role] =
    &[Role::Admin, Role::Editor, Role::Collaborator, Role::Viewer, Role::ResourceOnly];

/// The statuses that the list of invitations shows.
pub(crate) const STATUSES: &[InvitationStatus] = &[InvitationStatus::Pending, InvitationStatus::Expired];

const FIELDS: &[OrganizationField] = &[OrganizationField::Name, OrganizationField::Description];

/// The same for every credential: a token of a user, however it was got.
pub(crate) static CAPABILITY: Capability = Capability {
    operations: Operations {
        list_organizations: Support::Native,
        get_organization: Support::Native,
        create_organization: Support::Native,
        update_organization: Support::Native,
        delete_organization: Support::Native,
        list_members: Support::Native,
        set_member_role: Support::Native,
        remove_member: Support::Native,
        list_invitations: Support::Native,
        get_invitation: Support::Composed {
            how: "lists the invitations and picks one",
            can_leave_behind: None,
        },
        invite: Support::Native,
        resend_invitation: Support::Composed {
            how: "revokes the invitation and makes it anew with the same roles",
            can_leave_behind: Some("no invitation at all, if the new one is refused"),
        },
        revoke_invitation: Support::Native,
        respond_to_invitation: Support::Native,
    },
    batch_size: 1,
    page_size: Some(100),
    rate_limits: &[],
    organization_name: Some("1 to 255 characters"),
    roles_at_invite: ROLES,
    roles_at_set_role: ROLES,
    unnamed_role: UnnamedRole::Required,
    visible_statuses: STATUSES,
    create_fields: FIELDS,
    update_fields: FIELDS,
    duplicates: Duplicates::Unknown,
    existing_account: ExistingAccount::Invited,
    organization_choice: OrganizationChoice::Path,
    resend_keeps_id: false,
    my_invitations: Support::Native,
    answers_by_token: true,
    notes: &[
        "Only a user's token manages people and invitations; what OAuth gives out can read.",
        "Making organizations may have to be asked for at Losant.",
        "Nobody changes the own role, and the last administrator stays.",
        "An invitation's end is computed from its date and its life in milliseconds.",
        "Expired invitations stay in the list until they are revoked or replaced.",
    ],
};

/// What it can do with the credential that can do most: that of a user.
pub fn best_capability() -> Capability {
    CAPABILITY.clone()
}
