//! What Losant can do, as data.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, OrganizationChoice, OrganizationField,
    Role, Support, UnnamedRole,
};

/// What it can do, the same for every credential: a token of a user, however it was got.
pub fn best_capability() -> Capability {
    let roles = vec![Role::Admin, Role::Editor, Role::Collaborator, Role::Viewer, Role::ResourceOnly];
    let fields = vec![OrganizationField::Name, OrganizationField::Description];
    let mut can = Capability::nothing("Losant has no such call");
    can.operations.list_organizations = Support::Native;
    can.operations.get_organization = Support::Native;
    can.operations.create_organization = Support::Native;
    can.operations.update_organization = Support::Native;
    can.operations.delete_organization = Support::Native;
    can.operations.list_members = Support::Native;
    can.operations.set_member_role = Support::Native;
    can.operations.remove_member = Support::Native;
    can.operations.list_invitations = Support::Native;
    can.operations.get_invitation = Support::composed("lists the invitations and picks one");
    can.operations.invite = Support::Native;
    can.operations.resend_invitation = Support::composed_leaving(
        "revokes the invitation and makes it anew with the same roles",
        "no invitation at all, if the new one is refused",
    );
    can.operations.revoke_invitation = Support::Native;
    can.operations.respond_to_invitation = Support::Native;
    can.operations.my_invitations = Support::Native;
    can.operations.get_identity = Support::Native;
    can.invitation_link = Support::unsupported(
        "the mailed link holds a token that the API does not show: resend the invitation",
    );
    can.accepting = Support::Native;
    can.declining = Support::Native;
    can.page_size = Some(100);
    can.organization_name = Some("1 to 255 characters".into());
    can.roles_at_invite.clone_from(&roles);
    can.roles_at_set_role = roles;
    can.unnamed_role = UnnamedRole::Required;
    can.visible_statuses = vec![InvitationStatus::Pending, InvitationStatus::Expired];
    can.create_fields.clone_from(&fields);
    can.update_fields = fields;
    can.duplicates = Duplicates::Unknown;
    can.existing_account = ExistingAccount::Invited;
    can.expiry = Expiry::Expires;
    can.organization_choice = OrganizationChoice::Path;
    can.answers_by_token = true;
    can.notes = NOTES.iter().map(|note| (*note).into()).collect();
    can
}

const NOTES: &[&str] = &[
    "Only a user's token manages people and invitations; what OAuth gives out can read.",
    "Making organizations may have to be asked for at Losant.",
    "Nobody changes the own role, and the last administrator stays.",
    "An invitation's end is computed from its date and its life in milliseconds.",
    "Expired invitations stay in the list until they are revoked or replaced.",
];
