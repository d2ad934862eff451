//! What the vendor can do, by the kind of API key.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, OrganizationChoice, OrganizationField,
    Role, Support, UnnamedRole, Via,
};

use crate::config::Credential;

pub(crate) const NO_PERSON: &str = "an organization's API key stands for no person, so that creating an \
     organization with it fails half way and leaves one without members behind: use a user's key and \
     credential = \"user\"";
const IN_THE_BROWSER: &str = "Trieve has no call for it: the invited person accepts by opening the mailed link in a browser, and \
     nobody can decline";

pub(crate) fn capability(credential: Credential) -> Capability {
    let is_user = credential == Credential::User;
    let roles = vec![Role::Owner, Role::Admin, Role::Member];
    let mut can = Capability::nothing("Trieve has no such call");
    can.operations.list_organizations = if is_user {
        Support::Native
    } else {
        Support::composed("the configured organization, read by its id")
    };
    can.operations.get_organization = Support::Native;
    can.operations.create_organization =
        if is_user { Support::Native } else { Support::unsupported(NO_PERSON) };
    can.operations.update_organization = Support::composed_leaving(
        "reads the organization and writes its name together with its partner configuration as read",
        "a partner configuration without its members beside the nine known ones, which no read shows, and a \
         name cleaned as HTML (R&D becomes R&amp;D)",
    );
    can.operations.delete_organization = Support::Native;
    can.operations.list_members = Support::Native;
    can.operations.set_member_role = Support::Native;
    can.operations.remove_member = Support::Native;
    can.operations.list_invitations = Support::Native;
    can.operations.get_invitation = Support::composed("finds it in the list of invitations");
    can.operations.invite = Support::composed_leaving(
        "looks at invitations and members, invites, and looks again, since the vendor's response is empty",
        "an invitation whose mail was not sent",
    );
    can.operations.resend_invitation = Support::composed_leaving(
        "deletes the invitation and makes it anew with its role and scopes; the id changes and the old link \
         dies",
        "no invitation, if the new one cannot be made",
    );
    can.operations.revoke_invitation = Support::Native;
    can.operations.respond_to_invitation = Support::unsupported(IN_THE_BROWSER);
    can.operations.my_invitations =
        Support::unsupported("Trieve lists invitations by organization only, to its administrators");
    can.operations.get_identity = if is_user {
        Support::Native
    } else {
        Support::composed("the configured organization, to which the key belongs")
    };
    can.invitation_link = Support::Native;
    can.accepting = Support::unsupported(IN_THE_BROWSER);
    can.declining = Support::unsupported(IN_THE_BROWSER);
    can.roles_at_invite.clone_from(&roles);
    can.roles_at_set_role = roles;
    can.unnamed_role = UnnamedRole::Required;
    can.visible_statuses = vec![InvitationStatus::Pending, InvitationStatus::Accepted];
    can.create_fields = vec![OrganizationField::Name];
    can.update_fields = vec![OrganizationField::Name];
    can.duplicates = Duplicates::RefusedUnlessAtOnce;
    can.existing_account = ExistingAccount::Joined;
    can.expiry = Expiry::Never;
    can.invited_via = Via::Look;
    can.organization_choice = OrganizationChoice::PathAndHeader;
    can.invitation_id_is_secret = true;
    can.notes = NOTES.iter().map(|note| (*note).into()).collect();
    can
}

const NOTES: &[&str] = &[
    "Inviting needs redirect_uri in the configuration: where the browser ends up after the mailed link.",
    "Invitations never expire, stay listed after use, and a used one blocks the same address until it is \
     deleted, which inviting does.",
    "The id of an invitation is the secret of its mailed link: do not log it.",
    "Revoking locks nobody out: somebody new to Trieve who opens the mailed link without its inv_code becomes a member \
     of the lowest role, before the invitation is revoked and after. Look at the members.",
    "The vendor does not protect the last owner; one read before the change does, which can race with another \
     change.",
    "A member or invitation with scopes is read as `other`; setting such a member's role is a conflict.",
];

/// What it can do with the credential that can do most: a person's key.
pub fn best_capability() -> Capability {
    capability(Credential::User)
}
