//! What can be done at Koyeb, by the kind of token.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, OrganizationChoice, OrganizationField,
    RateLimit, Role, Support, UnnamedRole,
};

use crate::client::{BURST, ONE_MORE_EVERY};
use crate::config::Credential;
use crate::convert::PAGE_SIZE;

const NO_ROLES: &str = "Koyeb has one role, Owner, and no call that gives a member another";
const NO_USER: Support = Support::unsupported(
    "an organization's token has no user behind it: use a user's token (credential = \"user\")",
);

pub(crate) fn capability(credential: Credential) -> Capability {
    use InvitationStatus::{Accepted, Declined, Expired, Pending};

    let is_user = credential == Credential::User;
    let for_user = || if is_user { Support::Native } else { NO_USER };
    let mut can = Capability::nothing("Koyeb has no such call");
    can.operations.list_organizations =
        if is_user { Support::Native } else { Support::composed("the token's own organization is read") };
    can.operations.get_organization = Support::Native;
    can.operations.create_organization = for_user();
    can.operations.update_organization = Support::Native;
    can.operations.delete_organization = Support::composed_leaving(
        "deactivates, waits until that is done, and deletes",
        "a deactivated organization, whose services and data are gone",
    );
    can.operations.list_members = Support::Native;
    can.operations.set_member_role = Support::unsupported(NO_ROLES);
    can.operations.remove_member = if is_user {
        Support::composed("looks for the membership in the organization, and removes it")
    } else {
        Support::Native
    };
    can.operations.list_invitations = Support::Native;
    can.operations.get_invitation = Support::Native;
    can.operations.invite = Support::Native;
    can.operations.resend_invitation = Support::Native;
    can.operations.revoke_invitation = Support::Native;
    can.operations.respond_to_invitation = for_user();
    can.operations.my_invitations = for_user();
    can.operations.get_identity = if is_user {
        Support::composed("reads the user's profile and the token's organization")
    } else {
        Support::composed("the organization whose members the token sees")
    };
    can.invitation_link = Support::Native;
    can.accepting = for_user();
    can.declining = for_user();
    can.page_size = Some(PAGE_SIZE as usize);
    can.rate_limits = vec![RateLimit::new("all calls", BURST, ONE_MORE_EVERY)];
    can.organization_name = Some(
        "lower-case letters, digits and single hyphens, beginning and ending with a letter or digit, at most \
         39 characters; no two organizations of Koyeb have the same"
            .into(),
    );
    can.roles_at_invite = vec![Role::Owner];
    can.unnamed_role = UnnamedRole::Required;
    can.visible_statuses = vec![Pending, Accepted, Declined, Expired];
    can.create_fields = if is_user { vec![OrganizationField::Name] } else { Vec::new() };
    can.update_fields = vec![OrganizationField::Name];
    can.duplicates = Duplicates::Unknown;
    can.existing_account = ExistingAccount::Invited;
    can.expiry = Expiry::Expires;
    can.organization_choice = OrganizationChoice::Credential;
    can.resend_keeps_id = true;
    can.notes = NOTES.iter().map(|note| (*note).into()).collect();
    can
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
