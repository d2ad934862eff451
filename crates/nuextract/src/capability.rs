//! What `NuExtract` can do, by kind of credential.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, OrganizationChoice, OrganizationField,
    Support, UnnamedRole, Via,
};

/// What it can do with the credential that can do most: an OAuth access token.
pub fn best_capability() -> Capability {
    let mut can = Capability::nothing("NuExtract has no such call");
    let no_answer = Support::unsupported(
        "NuExtract has no call that answers an invitation: the person becomes a member when the account is \
         activated, and only the organization can take the invitation back",
    );
    can.operations.list_organizations = Support::Native;
    can.operations.get_organization =
        Support::composed("lists the account's organizations and picks the one of this id");
    can.operations.create_organization = Support::Native;
    can.operations.update_organization = Support::Native;
    can.operations.delete_organization = Support::Native;
    can.operations.list_members = Support::Native;
    can.operations.set_member_role =
        Support::unsupported("NuExtract has no call that changes a member's roles");
    can.operations.remove_member = Support::Native;
    can.operations.list_invitations = Support::Native;
    can.operations.get_invitation =
        Support::composed("lists the waiting invitations and picks the one of this id");
    can.operations.invite = Support::Native;
    can.operations.resend_invitation = Support::composed_leaving(
        "deletes the invitation and invites the address anew; roles on the old one are lost, since no call \
         can give them",
        "no invitation, if the new one cannot be made",
    );
    can.operations.revoke_invitation = Support::Native;
    can.operations.respond_to_invitation = no_answer.clone();
    can.operations.my_invitations =
        Support::unsupported("NuExtract shows invitations to the organization, not to the invited person");
    can.operations.get_identity = Support::Native;
    can.invitation_link = Support::unsupported(
        "the API shows nothing of what the mailed link is made of: the person has to find the mail",
    );
    can.accepting = no_answer.clone();
    can.declining = no_answer;
    can.unnamed_role = UnnamedRole::VendorsChoice;
    can.visible_statuses = vec![InvitationStatus::Pending];
    can.create_fields = vec![OrganizationField::Name];
    can.update_fields = vec![OrganizationField::Name];
    can.duplicates = Duplicates::Unknown;
    can.existing_account = ExistingAccount::Unknown;
    can.invited_via = Via::Look;
    can.organization_choice = OrganizationChoice::Path;
    can.notes = vec![
        "an API key does not do: NuExtract responds with 403 to one in every call here".into(),
        "names of organizations are not unique".into(),
        "roles are read-only, and the vendor documents none of their names".into(),
        "an invitation that is gone was accepted or revoked: the vendor does not say which".into(),
    ];
    can
}

/// With a platform API key: nothing.
pub(crate) fn capability_of_api_key() -> Capability {
    let refused = Capability::nothing(
        "NuExtract responds with 403 to an API key: configure an OAuth access token, auth.type = \"oauth2\" or \
         \"bearer\"",
    );
    let mut can = best_capability();
    can.operations = refused.operations;
    (can.accepting, can.declining) = (refused.accepting, refused.declining);
    can
}
