//! What can be done with Jaqpot, and the server's limits.
//!
//! The server keeps a bucket per user and endpoint. It takes a token first and refuses when none
//! is left behind it, so one call fewer passes than a bucket holds. The refused call has spent the
//! last token: after a 429, which says nothing of its limit, two tokens must come back before a
//! call passes, and a call in between would spend the first of them.
//!
//! Realm administrators are exempt, which no response says outright; they are paced like everybody
//! else.

use std::time::Duration;

use http::HeaderMap;
use orgport_core::http::{Bucket, number_in};
use orgport_core::{
    Capability, Duplicates, ExistingAccount, Expiry, InvitationStatus, Operation, OrganizationChoice,
    OrganizationField, RateLimit, Role, Support, UnnamedRole, Via,
};

pub(crate) const CREATE_INVITATIONS: RateLimit = limit("create invitations", 4, 120, &[Operation::Invite]);
pub(crate) const RESEND_INVITATION: RateLimit =
    limit("resend an invitation", 9, 60, &[Operation::ResendInvitation]);
pub(crate) const CREATE_ORGANIZATION: RateLimit =
    limit("create an organization", 9, 60, &[Operation::CreateOrganization]);
pub(crate) const UPDATE_ORGANIZATION: RateLimit =
    limit("update an organization", 4, 12, &[Operation::UpdateOrganization]);
pub(crate) const CREATE_API_KEY: RateLimit = limit("create an API key", 4, 120, &[]);
pub(crate) const UPDATE_API_KEY: RateLimit = limit("update an API key", 9, 6, &[]);
pub(crate) const DELETE_API_KEY: RateLimit = limit("delete an API key", 9, 6, &[]);
pub(crate) const LIST_USERS: RateLimit = limit("list all users", 19, 3, &[]);

const RATE_LIMITS: [RateLimit; 8] = [
    CREATE_INVITATIONS,
    RESEND_INVITATION,
    CREATE_ORGANIZATION,
    UPDATE_ORGANIZATION,
    CREATE_API_KEY,
    UPDATE_API_KEY,
    DELETE_API_KEY,
    LIST_USERS,
];

/// The limits as the transport keeps them.
pub(crate) const BUCKETS: &[Bucket] = &{
    let mut buckets = [bucket(&CREATE_INVITATIONS); RATE_LIMITS.len()];
    let mut index = 0;
    while index < buckets.len() {
        buckets[index] = bucket(&RATE_LIMITS[index]);
        index += 1;
    }
    buckets
};

const fn limit(
    calls: &'static str,
    usable: u32,
    seconds: u64,
    operations: &'static [Operation],
) -> RateLimit {
    RateLimit::new(calls, usable, Duration::from_secs(seconds)).counting(operations)
}

const fn bucket(limit: &RateLimit) -> Bucket {
    Bucket::named(limit.calls, limit.burst, limit.one_more_every).penalty(1)
}

/// Reads how many more calls pass: one fewer than the tokens left, since the last one is refused.
pub(crate) fn remaining(headers: &HeaderMap, bucket: Option<&str>) -> Option<u32> {
    bucket?;
    number_in(headers, "x-rate-limit-remaining").map(|tokens| tokens.saturating_sub(1))
}

/// What it can do, the same for every kind of credential: each stands for one user.
pub fn best_capability() -> Capability {
    let mut can = Capability::nothing("Jaqpot has no such call");
    can.operations.list_organizations = Support::Native;
    can.operations.get_organization = Support::Native;
    can.operations.create_organization = Support::composed_leaving(
        "creates, which returns nothing, then reads by name",
        "the organization, if it cannot be read back",
    );
    can.operations.update_organization =
        Support::composed("reads, then sends every required field; the last of two writers wins");
    can.operations.delete_organization =
        Support::unsupported("Jaqpot has no call that deletes an organization");
    can.operations.list_members =
        Support::composed("takes the creator and the members from one read of the organization");
    can.operations.set_member_role =
        Support::unsupported("every Jaqpot member has the same rights; only the creator has more");
    can.operations.remove_member = Support::unsupported("Jaqpot has no call that removes a member");
    can.operations.list_invitations = Support::Native;
    can.operations.get_invitation = Support::Native;
    can.operations.invite = Support::composed_leaving(
        "invites up to 10 addresses a call, which returns nothing, then reads the lists",
        "invitations without mail, if the server fails in the middle of a call",
    );
    can.operations.resend_invitation = Support::Native;
    can.operations.revoke_invitation =
        Support::unsupported("Jaqpot has no call that revokes an invitation; it expires in a week");
    can.operations.respond_to_invitation = Support::Native;
    can.operations.my_invitations = Support::unsupported("Jaqpot has no list of one's own invitations");
    can.operations.get_identity = Support::unsupported("Jaqpot has no call that says whose credential it is");
    can.invitation_link = Support::Native;
    can.accepting = Support::Native;
    can.declining = Support::Native;
    can.batch_size = 10;
    can.rate_limits = RATE_LIMITS.to_vec();
    can.organization_name =
        Some("3 to 200 ASCII letters, digits, _ and -; unique, and the organization's id".into());
    can.roles_at_invite = vec![Role::Member];
    can.unnamed_role = UnnamedRole::Is(Role::Member);
    can.visible_statuses = InvitationStatus::KNOWN.to_vec();
    can.create_fields = vec![OrganizationField::Name, OrganizationField::Description];
    can.update_fields = vec![OrganizationField::Name, OrganizationField::Description];
    can.duplicates = Duplicates::Accepted;
    can.existing_account = ExistingAccount::Invited;
    can.expiry = Expiry::Expires;
    can.invited_via = Via::Look;
    can.organization_choice = OrganizationChoice::Name;
    can.resend_keeps_id = true;
    can.notes = NOTES.iter().map(|note| (*note).into()).collect();
    can
}

const NOTES: &[&str] = &[
    "the organization's creator alone invites, resends and updates; a member may not even list invitations",
    "creating an organization needs the settings contact_email and visibility",
    "a new name is a new id: a configuration that names the organization must follow",
    "a description cannot be cleared; phone, website and address cannot be set here",
    "an expired API key shows as a server fault on every call",
    "a list of organizations can show an old name for as long as it is polled",
    "an unwanted invitation can only be left to expire, a week after it was made or last resent",
];
