//! What a provider can do, as data, known before any request is sent.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind};
use crate::invitation::{Answer, InvitationStatus, Via};
use crate::invitee::Invitee;
use crate::operation::{Operation, Operations};
use crate::role::Role;

/// How an operation is supported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// One call of the vendor does it.
    Native,
    /// Several calls do it together.
    Composed {
        /// The calls, in words.
        how: Cow<'static, str>,
        /// What stays behind when a later call fails; `None` where only reads are combined.
        can_leave_behind: Option<Cow<'static, str>>,
    },
    /// It cannot be done with this vendor or this kind of credential.
    Unsupported {
        /// The reason in the vendor's own interface.
        because: Cow<'static, str>,
    },
}

impl Support {
    /// Says whether the operation works at all.
    pub fn works(&self) -> bool {
        !matches!(self, Self::Unsupported { .. })
    }

    /// Several calls, which leave nothing behind when one of them fails.
    pub const fn composed(how: &'static str) -> Self {
        Self::Composed { how: Cow::Borrowed(how), can_leave_behind: None }
    }

    /// Several calls, which can leave something behind when a later one fails.
    pub const fn composed_leaving(how: &'static str, what: &'static str) -> Self {
        Self::Composed { how: Cow::Borrowed(how), can_leave_behind: Some(Cow::Borrowed(what)) }
    }

    /// Not at all, for this reason.
    pub const fn unsupported(because: &'static str) -> Self {
        Self::Unsupported { because: Cow::Borrowed(because) }
    }

    /// Refuses what cannot be done.
    ///
    /// # Errors
    ///
    /// `Unsupported` with the reason.
    pub fn require(&self) -> Result<(), Error> {
        match self {
            Self::Unsupported { because } => Err(Error::new(ErrorKind::Unsupported, because.clone())),
            Self::Native | Self::Composed { .. } => Ok(()),
        }
    }

    /// `native`, `composed` or `unsupported`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Composed { .. } => "composed",
            Self::Unsupported { .. } => "unsupported",
        }
    }
}

impl Serialize for Support {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Whether the vendor refuses a second invitation for an address that has one.
///
/// This decides what can be promised when two processes that share no [store](crate::CoordinationStore)
/// invite one person at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Duplicates {
    /// Refused, whatever the case of the letters.
    Refused,
    /// Refused when the address is written the same way, letter case included.
    RefusedSameCase,
    /// Refused when the address is written the same way and one request follows the other. Of two at the
    /// same moment both pass: the person gets two invitations and two mails.
    RefusedUnlessAtOnce,
    /// Accepted: the person gets another invitation and another mail.
    Accepted,
    /// The vendor does not say.
    Unknown,
}

/// What inviting somebody does who already has an account at the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExistingAccount {
    /// The person is invited like anybody else.
    Invited,
    /// The person becomes a member at once.
    Joined,
    /// The vendor does not say.
    Unknown,
}

/// Whom the vendor invites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invitees {
    /// E-mail addresses.
    Addresses,
    /// Accounts, by their names. Members and invitations show them.
    Accounts,
    /// Either.
    Either,
}

impl Invitees {
    /// Says whether this one can be invited.
    pub fn takes(self, invitee: &Invitee) -> bool {
        match self {
            Self::Addresses => invitee.email().is_some(),
            Self::Accounts => invitee.account().is_some(),
            Self::Either => true,
        }
    }

    /// The error of one that cannot be invited.
    pub(crate) fn refusal(self, invitee: &Invitee) -> Error {
        let takes = match self {
            Self::Accounts => "accounts, written @name, and no e-mail addresses",
            Self::Addresses | Self::Either => "e-mail addresses and no accounts",
        };
        let message = format!("{invitee} cannot be invited: this vendor invites {takes}");
        Error::new(ErrorKind::Unsupported, message)
    }
}

/// Whether an invitation runs out that nobody answers. Whether it is shown then is told by
/// [`Capability::visible_statuses`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Expiry {
    /// It does.
    Expires,
    /// It waits for ever.
    Never,
    /// The vendor does not say.
    Unknown,
}

/// Whether the vendor's members show their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemberEmails {
    /// They do: a look finds a member by address.
    Shown,
    /// They do not: that an invited person is a member is told by the vendor's refusal alone.
    Hidden,
}

/// How a call says which organization it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrganizationChoice {
    /// By its id in the path.
    Path,
    /// By its name in the path.
    Name,
    /// By its id in the path and in a header.
    PathAndHeader,
    /// By the credential, which stands for one organization.
    Credential,
}

/// What an invitation gets that names no role, where the configuration has no default either.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnnamedRole {
    /// The vendor takes no role and gives this one.
    Is(Role),
    /// The vendor takes no role and does not say which one it gives.
    VendorsChoice,
    /// It is refused: the vendor wants a role, or its only role must be consented to by name.
    Required,
}

/// A part of an organization that can be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrganizationField {
    /// Its name.
    Name,
    /// Its description.
    Description,
}

/// A limit that the vendor puts on a kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The calls it counts, in words.
    pub calls: &'static str,
    /// The operations whose calls it counts; `None` for all of them.
    pub operations: Option<&'static [Operation]>,
    /// How many may be made at once.
    pub burst: u32,
    /// How long until one more may be made.
    pub one_more_every: Duration,
}

impl RateLimit {
    /// A limit of `burst` calls of any operation, refilled one by one.
    pub const fn new(calls: &'static str, burst: u32, one_more_every: Duration) -> Self {
        Self { calls, operations: None, burst, one_more_every }
    }

    /// Which counts the calls of these operations only; of none, where it is on calls that no
    /// operation makes.
    #[must_use]
    pub const fn counting(mut self, operations: &'static [Operation]) -> Self {
        self.operations = Some(operations);
        self
    }

    /// Whether it counts the calls of this operation.
    pub fn counts(&self, operation: Operation) -> bool {
        self.operations.is_none_or(|operations| operations.contains(&operation))
    }
}

/// What a provider can do with its kind of credential, and the facts a caller needs before it asks.
///
/// An adapter fills it once; nothing in it changes while the provider lives.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, which others do not follow from"
)]
pub struct Capability {
    /// Support for each operation.
    pub operations: Operations,
    /// Whom an invitation can name.
    pub invitees: Invitees,
    /// How many people one request of the vendor invites.
    pub batch_size: usize,
    /// How many items one page has at most, of the lists that have pages; `None` where the vendor returns
    /// every list whole.
    pub page_size: Option<usize>,
    /// The limits that the provider paces itself by.
    pub rate_limits: Vec<RateLimit>,
    /// What an organization's name must look like, in words; `None` where everything goes.
    pub organization_name: Option<Cow<'static, str>>,
    /// The roles that an invitation can carry.
    pub roles_at_invite: Vec<Role>,
    /// The roles that a member can be given.
    pub roles_at_set_role: Vec<Role>,
    /// What happens to an invitation that names no role.
    pub unnamed_role: UnnamedRole,
    /// The statuses that lists of this vendor can show.
    pub visible_statuses: Vec<InvitationStatus>,
    /// What can be set when an organization is created.
    pub create_fields: Vec<OrganizationField>,
    /// What can be changed later.
    pub update_fields: Vec<OrganizationField>,
    /// Whether a second invitation for one address is refused.
    pub duplicates: Duplicates,
    /// What inviting an existing account does.
    pub existing_account: ExistingAccount,
    /// Whether invitations run out.
    pub expiry: Expiry,
    /// Whether members show their addresses.
    pub member_emails: MemberEmails,
    /// What tells how inviting ended: the vendor's reply, or another look at its lists, which costs
    /// requests.
    pub invited_via: Via,
    /// How a call names its organization.
    pub organization_choice: OrganizationChoice,
    /// Whether a resent invitation keeps its id.
    pub resend_keeps_id: bool,
    /// Whether the id of an invitation lets whoever has it join: it is to be shown to nobody else.
    pub invitation_id_is_secret: bool,
    /// Whether the link that was mailed with an invitation can be told.
    pub invitation_link: Support,
    /// Whether an invitation can be accepted by a call.
    pub accepting: Support,
    /// Whether an invitation can be declined by a call.
    pub declining: Support,
    /// Whether the invited person knows an invitation by its organization alone: the vendor tells no id,
    /// and shows only those that wait. One's own invitations have the organization's id then.
    pub answers_by_organization: bool,
    /// Whether an invitation can be answered with the token from its mail, without a credential.
    pub answers_by_token: bool,
    /// What else an operator should know.
    pub notes: Vec<Cow<'static, str>>,
}

impl Capability {
    /// Nothing at all, for this reason: what an adapter of one's own begins with, so that facts
    /// which are added here later need no change there.
    pub fn nothing(because: impl Into<Cow<'static, str>>) -> Self {
        let unsupported = Support::Unsupported { because: because.into() };
        Self {
            operations: Operations::all(&unsupported),
            invitees: Invitees::Addresses,
            batch_size: 1,
            page_size: None,
            rate_limits: Vec::new(),
            organization_name: None,
            roles_at_invite: Vec::new(),
            roles_at_set_role: Vec::new(),
            unnamed_role: UnnamedRole::VendorsChoice,
            visible_statuses: Vec::new(),
            create_fields: Vec::new(),
            update_fields: Vec::new(),
            duplicates: Duplicates::Unknown,
            existing_account: ExistingAccount::Unknown,
            expiry: Expiry::Unknown,
            member_emails: MemberEmails::Shown,
            invited_via: Via::Reply,
            organization_choice: OrganizationChoice::Path,
            resend_keeps_id: false,
            invitation_id_is_secret: false,
            invitation_link: unsupported.clone(),
            accepting: unsupported.clone(),
            declining: unsupported,
            answers_by_organization: false,
            answers_by_token: false,
            notes: Vec::new(),
        }
    }

    /// The role that has all rights: `Owner`, or `Admin` where the vendor has no owners.
    pub fn top_role(&self) -> Role {
        let grants = |role| self.roles_at_invite.contains(&role) || self.roles_at_set_role.contains(&role);
        if !grants(Role::Owner) && grants(Role::Admin) { Role::Admin } else { Role::Owner }
    }

    /// The support for one operation.
    pub fn support(&self, operation: Operation) -> &Support {
        self.operations.get(operation)
    }

    /// The support for one answer to an invitation.
    pub fn answering(&self, answer: Answer) -> &Support {
        match answer {
            Answer::Accept => &self.accepting,
            Answer::Decline => &self.declining,
        }
    }
}
