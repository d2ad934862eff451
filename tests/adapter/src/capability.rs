//! What Guildhall can do.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, Invitees, MemberEmails,
    OrganizationField, Support, UnnamedRole, Via,
};

use crate::convert::ROLES;

/// How many rows a page has.
pub(crate) const PAGE_SIZE: usize = 5;

/// What it can do for a keeper.
pub fn best_capability() -> Capability {
    let mut can = Capability::nothing("Guildhall has no such call");
    can.operations.list_organizations = Support::Native;
    can.operations.get_organization = Support::Native;
    can.operations.update_organization = Support::Native;
    can.operations.list_members = Support::composed("lists the keepers, then the guests");
    can.operations.set_member_role = Support::Native;
    can.operations.remove_member = Support::Native;
    can.operations.list_invitations = Support::Native;
    can.operations.get_invitation = Support::composed("lists the invites and picks the one of this id");
    can.operations.invite = Support::Native;
    can.operations.resend_invitation = Support::composed_leaving(
        "deletes the invite and makes it anew",
        "no invite, if the new one cannot be made",
    );
    can.operations.revoke_invitation = Support::Native;
    can.operations.respond_to_invitation = Support::Native;
    can.operations.my_invitations = Support::Native;
    can.operations.get_identity = Support::Native;
    can.invitees = Invitees::Accounts;
    can.accepting = Support::Native;
    can.declining = Support::unsupported("Guildhall lets an invite lapse: nobody declines it");
    can.page_size = Some(PAGE_SIZE);
    can.roles_at_invite = ROLES.iter().map(|(_, role)| role.clone()).collect();
    can.roles_at_set_role.clone_from(&can.roles_at_invite);
    can.unnamed_role = UnnamedRole::Is(orgport_core::Role::Member);
    can.visible_statuses = vec![InvitationStatus::Pending, InvitationStatus::Expired];
    can.update_fields = vec![OrganizationField::Name];
    can.duplicates = Duplicates::Accepted;
    can.existing_account = ExistingAccount::Invited;
    can.expiry = Expiry::Expires;
    can.member_emails = MemberEmails::Hidden;
    can.invited_via = Via::Reply;
    can
}
