//! What can be done with Jaqpot, and the server's limits.
//!
//! The server keeps a bucket per user and endpoint. It takes a token first and refuses when none
//! is left behind it, so one call fewer passes than a bucket holds. The refused call has spent the
//! last token: after a 429, which says nothing of its limit, two tokens must come back before a
//! call passes, and a call in between would spend the first of them.
//!
//! Realm administrators are exempt, which no answer says outright; they are paced like everybody
//! else.

use std::sync::LazyLock;
use std::time::Duration;

use http::HeaderMap;
use orgport_core::http::Bucket;
use orgport_core::{
    Capability, Duplicates, ExistingAccount, InvitationStatus, Operation, Operations, OrganizationChoice,
    OrganizationField, RateLimit, Role, Support, UnnamedRole,
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
    let tokens: u32 = headers.get("x-rate-limit-remaining")?.to_str().ok()?.trim().parse().ok()?;
    Some(tokens.saturating_sub(1))
}

/// The roles that an invitation can carry.
pub(crate) const ROLES_AT_INVITE: &[Role] = &[Role::Member];

/// The statuses that lists show.
pub(crate) const VISIBLE_STATUSES: &[InvitationStatus] = &[
    InvitationStatus::Pending,
    InvitationStatus::Accepted,
    InvitationStatus::Declined,
    InvitationStatus::Expired,
];

/// The same for every kind of credential: each stands for one user.
pub(crate) static CAPABILITY: LazyLock<Capability> = LazyLock::new(|| Capability {
    operations: operations(),
    batch_size: 10,
    page_size: None,
    rate_limits: &RATE_LIMITS,
    organization_name: Some("3 to 200 ASCII letters, digits, _ and -; unique, and the organization's id"),
    roles_at_invite: ROLES_AT_INVITE,
    roles_at_set_role: &[],
    unnamed_role: UnnamedRole::Is(Role::Member),
    visible_statuses: VISIBLE_STATUSES,
    create_fields: &[OrganizationField::Name, OrganizationField::Description],
    update_fields: &[OrganizationField::Name, OrganizationField::Description],
    duplicates: Duplicates::Accepted,
    existing_account: ExistingAccount::Invited,
    organization_choice: OrganizationChoice::Name,
    resend_keeps_id: true,
    my_invitations: Support::Unsupported { because: "Jaqpot has no list of one's own invitations" },
    answers_by_token: false,
    notes: &[
        "the organization's creator alone invites, resends and updates; a member may not even list invitations",
        "creating an organization needs the settings contact_email and visibility",
        "a description cannot be cleared; phone, website and address cannot be set here",
        "an expired API key shows as a server fault on every call",
        "a list of organizations can show an old name for as long as it is polled",
        "an unwanted invitation can only be left to expire, a week after it was made or last resent",
    ],
});

fn operations() -> Operations {
    let unsupported = |because| Support::Unsupported { because };
    Operations {
        list_organizations: Support::Native,
        get_organization: Support::Native,
        create_organization: Support::Composed {
            how: "creates, which answers nothing, then reads by name",
            can_leave_behind: Some("the organization, if it cannot be read back"),
        },
        update_organization: Support::Composed {
            how: "reads, then sends every required field; the last of two writers wins",
            can_leave_behind: None,
        },
        delete_organization: unsupported("Jaqpot has no call that deletes an organization"),
        list_members: Support::Composed {
            how: "takes the creator and the members from one read of the organization",
            can_leave_behind: None,
        },
        set_member_role: unsupported("every Jaqpot member has the same rights; only the creator has more"),
        remove_member: unsupported("Jaqpot has no call that removes a member"),
        list_invitations: Support::Native,
        get_invitation: Support::Native,
        invite: Support::Composed {
            how: "invites up to 10 addresses a call, which answers nothing, then reads the lists",
            can_leave_behind: Some("invitations without mail, if the server fails in the middle of a call"),
        },
        resend_invitation: Support::Native,
        revoke_invitation: unsupported("Jaqpot has no call that revokes an invitation; it expires in a week"),
        respond_to_invitation: Support::Native,
    }
}

/// What it can do with the credential that can do most; they all can the same.
pub fn best_capability() -> Capability {
    CAPABILITY.clone()
}
