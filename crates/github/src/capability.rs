//! What can be done at GitHub, by the kind of token and by what is at the address.

use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, Invitees, MemberEmails, Operation,
    OrganizationChoice, OrganizationField, RateLimit, Role, Support, UnnamedRole,
};

use crate::client::{ALL, MAILS, MAILS_IN_AN_HOUR, Pace, WRITES};
use crate::config::{Credential, Product};
use crate::convert::PAGE_SIZE;

const NO_PERSON: Support =
    Support::unsupported("an app's token has no person behind it: use a personal token");
const NO_DECLINING: &str =
    "GitHub has no call that declines an invitation: the invited person does it in a browser";
const ON_SERVER: &str =
    "Enterprise Server has no calls for invitations: its administrators add people by their login";
const MANAGED: &str = "an identity provider brings this organization's people in, and nobody is invited";

const MAILING: &[Operation] = &[Operation::Invite, Operation::ResendInvitation, Operation::RevokeInvitation];
const WRITING: &[Operation] = &[
    Operation::UpdateOrganization,
    Operation::DeleteOrganization,
    Operation::SetMemberRole,
    Operation::RemoveMember,
    Operation::RespondToInvitation,
];

pub(crate) fn capability(credential: Credential, product: Product) -> Capability {
    use InvitationStatus::{Expired, Failed, Pending};

    let mut can = Capability::nothing("GitHub has no such call");
    organizations(&mut can, credential);
    members(&mut can);
    match product {
        Product::Cloud => invitations(&mut can),
        Product::Server => without_invitations(&mut can, ON_SERVER),
        Product::ManagedUsers => without_invitations(&mut can, MANAGED),
    }
    own(&mut can, credential);
    can.page_size = Some(PAGE_SIZE as usize);
    let limit = |calls, Pace { burst, every, .. }| RateLimit::new(calls, burst, every);
    can.rate_limits = vec![
        limit("inviting and cancelling", MAILS).counting(MAILING),
        limit("inviting and cancelling, in an hour", MAILS_IN_AN_HOUR).counting(MAILING),
        limit("other changes", WRITES).counting(WRITING),
        limit("all calls", ALL),
    ];
    can.roles_at_set_role = vec![Role::Owner, Role::Member];
    can.visible_statuses =
        if product == Product::Cloud { vec![Pending, Expired, Failed] } else { Vec::new() };
    can.update_fields = vec![OrganizationField::Name, OrganizationField::Description];
    can.duplicates = Duplicates::Unknown;
    can.existing_account = ExistingAccount::Invited;
    can.invitees = Invitees::Either;
    can.member_emails = MemberEmails::Hidden;
    can.organization_choice = OrganizationChoice::Name;
    can.answers_by_organization = true;
    can.notes = NOTES.iter().map(|note| (*note).into()).collect();
    can
}

fn organizations(can: &mut Capability, credential: Credential) {
    can.operations.list_organizations = match credential {
        Credential::User => Support::Native,
        Credential::FineGrained | Credential::App => Support::composed("the configured organization is read"),
    };
    can.operations.get_organization = Support::Native;
    can.operations.create_organization =
        Support::unsupported("organizations are made on GitHub's web page, or by a server's administrators");
    can.operations.update_organization = Support::Native;
    can.operations.delete_organization = Support::composed_leaving(
        "deletes, and waits until the organization is gone",
        "an organization that is being deleted",
    );
}

fn members(can: &mut Capability) {
    can.operations.list_members = Support::composed("lists the owners, then the members");
    can.operations.set_member_role = Support::composed_leaving(
        "finds the account's login, reads the membership, and sets the role",
        "an invitation, where the person left at that moment, which is cancelled again",
    );
    can.operations.remove_member =
        Support::composed("finds the account's login, reads the membership, and removes the member");
}

fn invitations(can: &mut Capability) {
    can.operations.list_invitations =
        Support::composed("lists those that wait, then those that expired or failed");
    can.operations.get_invitation = Support::composed("looks for it in both lists");
    can.operations.invite = Support::Native;
    can.operations.resend_invitation = Support::composed_leaving(
        "cancels the invitation, of which the person is told by mail, and invites anew into the same teams",
        "no invitation, if the new one cannot be made",
    );
    can.operations.revoke_invitation = Support::Native;
    can.roles_at_invite = vec![Role::Owner, Role::Member];
    can.unnamed_role = UnnamedRole::Is(Role::Member);
    can.expiry = Expiry::Expires;
}

fn without_invitations(can: &mut Capability, because: &'static str) {
    let operations = &mut can.operations;
    for operation in [
        &mut operations.list_invitations,
        &mut operations.get_invitation,
        &mut operations.invite,
        &mut operations.resend_invitation,
        &mut operations.revoke_invitation,
    ] {
        *operation = Support::unsupported(because);
    }
}

/// What the token's own person can do.
fn own(can: &mut Capability, credential: Credential) {
    let [accepting, mine] = match credential {
        Credential::User => {
            [Support::composed("reads the invitation to the organization, and accepts it"), Support::Native]
        }
        Credential::FineGrained => {
            let because =
                "such a token is made for an organization that its person is in already: use a classic one";
            [Support::unsupported(because), Support::unsupported(because)]
        }
        Credential::App => [NO_PERSON, NO_PERSON],
    };
    can.operations.respond_to_invitation = accepting.clone();
    can.operations.my_invitations = mine;
    can.operations.get_identity = if credential == Credential::App { NO_PERSON } else { Support::Native };
    can.declining = if accepting.works() { Support::unsupported(NO_DECLINING) } else { accepting.clone() };
    can.accepting = accepting;
}

const NOTES: &[&str] = &[
    "people are invited by their address, or by their account, written @name",
    "an organization sends 50 invitations in 24 hours, or 500 if it is older than a month or pays; GitHub does \
     not say when the next one passes",
    "members show no addresses, and nothing links an accepted invitation to its member",
    "cancelling an invitation, removing a member and making an owner are mailed to the person",
    "GitHub does not tell that somebody has declined",
    "a renamed organization is not found under its old name, which anybody can take",
];

/// What it can do with the credential that can do most: a person's classic token at github.com.
pub fn best_capability() -> Capability {
    capability(Credential::User, Product::Cloud)
}
