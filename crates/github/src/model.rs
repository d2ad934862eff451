//! GitHub's JSON in GitHub's names.
//!
//! Only ids and logins are relied on; everything else may be missing. What these types leave out is in
//! the [`Native`](orgport_core::Native) text beside them.

use orgport_core::{Secret, words};
use serde::{Deserialize, Serialize};

words! {
    /// What a member may do.
    MembershipRole {
        /// Owns the organization.
        Admin = "admin",
        Member = "member",
        BillingManager = "billing_manager",
    }
}

words! {
    /// What an invited person will be allowed: other words than those of memberships.
    InvitationRole {
        /// Will own the organization.
        Admin = "admin",
        DirectMember = "direct_member",
        BillingManager = "billing_manager",
        HiringManager = "hiring_manager",
        /// The role that a former member had.
        Reinstate = "reinstate",
    }
}

words! {
    /// Where a membership stands.
    MembershipState {
        Active = "active",
        /// Invited.
        Pending = "pending",
    }
}

words! {
    /// How an invitation came to be.
    InvitationSource {
        Member = "member",
        /// By an identity provider; it never expires.
        Scim = "scim",
    }
}

/// An organization. Lists leave most of it out, and the name is missing where none was set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// Its number, which never changes.
    pub id: u64,
    /// Its name in paths, which can change; the old one can then be taken by anybody.
    pub login: String,
    /// Its name for people.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
    /// Whether its members must have a second factor; for owners only.
    pub two_factor_requirement_enabled: Option<bool>,
    /// The plan with its seats; for owners only.
    pub plan: Option<Plan>,
}

/// What an organization pays for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// How many people it is for.
    pub seats: Option<u64>,
    /// How many of them are taken.
    pub filled_seats: Option<u64>,
}

/// An account of a person or a machine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// Its number, which never changes.
    pub id: u64,
    /// Its name in paths, which can change; the old one can then be taken by anybody.
    pub login: String,
    /// The person's name; in practice missing from lists.
    pub name: Option<String>,
    /// The address that the person shows; in practice missing from lists.
    pub email: Option<String>,
}

/// What an account is in an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// Whether it is one already, or an invitation.
    pub state: MembershipState,
    /// What it allows.
    pub role: MembershipRole,
    /// Where.
    pub organization: Option<Organization>,
    /// Whose; `None` for a deleted account.
    pub user: Option<User>,
    /// `false` where it comes from a team of the enterprise alone.
    pub direct_membership: Option<bool>,
}

/// An invitation to an organization. Nothing in it says when it ends, nor to which organization it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Invitation {
    /// Its number.
    pub id: u64,
    /// The account that was invited, where it was one.
    pub login: Option<String>,
    /// The address that was invited, where it was one.
    pub email: Option<String>,
    /// What it will allow.
    pub role: Option<InvitationRole>,
    /// When it was made, in one of several forms.
    pub created_at: Option<String>,
    /// When it failed; of those that have only.
    pub failed_at: Option<String>,
    /// Why, in a sentence.
    pub failed_reason: Option<String>,
    /// Who invited.
    pub inviter: Option<User>,
    /// How many teams the person will be in.
    pub team_count: Option<u64>,
    /// How it came to be.
    pub invitation_source: Option<InvitationSource>,
}

/// A team.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Team {
    /// Its number.
    pub id: u64,
    /// Its name for people.
    pub name: Option<String>,
    /// Its name in paths.
    pub slug: Option<String>,
}

/// A GitHub App in one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Installation {
    /// Its number.
    pub id: u64,
    /// The account; an enterprise's has no login.
    pub account: Option<Account>,
}

/// The account that an app is installed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// Its number.
    pub id: u64,
    /// Its name in paths, where it has one.
    pub login: Option<String>,
}

/// A token of an installation.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct InstallationToken {
    /// What is sent; of any length.
    pub token: Secret,
    /// When it ends, an hour after it was made.
    pub expires_at: Option<String>,
}
