//! What memory can do: everything.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, Operations, OrganizationChoice,
    OrganizationField, Role, Support, UnnamedRole,
};

/// How many items a page has.
pub(crate) const PAGE_SIZE: usize = 100;

static FIELDS: [OrganizationField; 2] = [OrganizationField::Name, OrganizationField::Description];

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
        get_invitation: Support::Native,
        invite: Support::Native,
        resend_invitation: Support::Native,
        revoke_invitation: Support::Native,
        respond_to_invitation: Support::Native,
    },
    batch_size: 1,
    page_size: Some(PAGE_SIZE),
    rate_limits: &[],
    organization_name: Some("anything that is not blank"),
    roles_at_invite: Role::KNOWN,
    roles_at_set_role: Role::KNOWN,
    unnamed_role: UnnamedRole::Is(Role::Member),
    visible_statuses: InvitationStatus::KNOWN,
    create_fields: &FIELDS,
    update_fields: &FIELDS,
    duplicates: Duplicates::Refused,
    existing_account: ExistingAccount::Invited,
    organization_choice: OrganizationChoice::Path,
    resend_keeps_id: true,
    my_invitations: Support::Native,
    answers_by_token: true,
    notes: &["everything is gone when the process ends"],
};

/// What it can do, whoever uses it.
pub fn best_capability() -> Capability {
    CAPABILITY.clone()
}
