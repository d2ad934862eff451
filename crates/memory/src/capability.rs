//! What memory can do: everything.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, Operations, OrganizationChoice,
    OrganizationField, Role, Support, UnnamedRole,
};

/// How many items a page has.
pub(crate) const PAGE_SIZE: usize = 100;

/// What it can do, whoever uses it.
pub fn best_capability() -> Capability {
    use InvitationStatus::{Accepted, Declined, Expired, Pending};

    let fields = vec![OrganizationField::Name, OrganizationField::Description];
    let mut can = Capability::nothing("memory can do everything");
    can.operations = Operations::all(&Support::Native);
    can.invitation_link = Support::unsupported("nothing is mailed, so that there is no link");
    can.accepting = Support::Native;
    can.declining = Support::Native;
    can.page_size = Some(PAGE_SIZE);
    can.organization_name = Some("anything that is not blank".into());
    can.roles_at_invite = Role::KNOWN.to_vec();
    can.roles_at_set_role = Role::KNOWN.to_vec();
    can.unnamed_role = UnnamedRole::Is(Role::Member);
    can.visible_statuses = vec![Pending, Accepted, Declined, Expired];
    can.create_fields.clone_from(&fields);
    can.update_fields = fields;
    can.duplicates = Duplicates::Refused;
    can.existing_account = ExistingAccount::Invited;
    can.expiry = Expiry::Expires;
    can.organization_choice = OrganizationChoice::Path;
    can.resend_keeps_id = true;
    can.answers_by_token = true;
    can.notes = vec!["everything is gone when the process ends".into()];
    can
}
