//! Koyeb's JSON in Koyeb's names.
//!
//! The vendor's schema requires no field, so everything but ids is optional. Unset texts come as
//! `""`, unset objects as `null` or not at all. What these types leave out is in the
//! [`Native`](orgport_core::Native) text beside them.

use std::collections::BTreeMap;

use orgport_core::http::Rows;
use orgport_core::{Secret, words};
use serde::{Deserialize, Deserializer, Serialize};

words! {
    /// Where an invitation stands. A revoked one has no status: its record is gone.
    InvitationStatus {
        Invalid = "INVALID",
        Pending = "PENDING",
        Accepted = "ACCEPTED",
        Refused = "REFUSED",
        Expired = "EXPIRED",
    }
}

words! {
    /// What a member may do: there is nothing but everything.
    Role {
        Invalid = "INVALID",
        Owner = "OWNER",
    }
}

words! {
    /// Where a membership stands.
    MemberStatus {
        Invalid = "INVALID",
        Active = "ACTIVE",
        Deleted = "DELETED",
    }
}

words! {
    /// Where an organization stands.
    OrganizationStatus {
        Warning = "WARNING",
        Locked = "LOCKED",
        Active = "ACTIVE",
        Deactivating = "DEACTIVATING",
        Deactivated = "DEACTIVATED",
        Deleting = "DELETING",
        Deleted = "DELETED",
    }
}

words! {
    /// Whom an API token stands for.
    CredentialType {
        Invalid = "INVALID",
        User = "USER",
        Organization = "ORGANIZATION",
    }
}

words! {
    /// The order of a list.
    Order {
        Ascending = "asc",
        Descending = "desc",
    }
}

/// An invitation to an organization.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct OrganizationInvitation {
    /// Its id, also in the mailed link.
    pub id: String,
    /// The address it was sent to.
    pub email: Option<String>,
    /// What it grants.
    pub role: Option<Role>,
    /// Where it stands.
    pub status: Option<InvitationStatus>,
    /// Until when it can be answered.
    pub expires_at: Option<String>,
    /// The organization it leads to.
    pub organization_id: Option<String>,
    /// The organization it leads to.
    pub organization: Option<PublicOrganization>,
    /// The invited account; empty while the address has none.
    pub invitee_id: Option<String>,
    /// The invited account.
    pub invitee: Option<PublicUser>,
    /// Who invited.
    pub inviter_id: Option<String>,
    /// Who invited.
    pub inviter: Option<PublicUser>,
}

/// What everybody may see of an organization.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct PublicOrganization {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it pays for.
    pub plan: Option<String>,
    /// Where it stands.
    pub status: Option<OrganizationStatus>,
    /// Its id at the vendor's identity service.
    pub external_id: Option<String>,
}

/// What everybody may see of a user.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct PublicUser {
    /// The account's id.
    pub id: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// A picture.
    pub avatar_url: Option<String>,
    /// The linked GitHub account.
    pub github_id: Option<String>,
    /// The linked GitHub account's name.
    pub github_user: Option<String>,
}

/// A membership.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct OrganizationMember {
    /// The membership's id, which is not the user's.
    pub id: String,
    /// The organization.
    pub organization_id: Option<String>,
    /// The person's account.
    pub user_id: Option<String>,
    /// Its id at the vendor's identity service.
    pub external_id: Option<String>,
    /// When the person came in.
    pub joined_at: Option<String>,
    /// What the person may do.
    pub role: Option<Role>,
    /// Where the membership stands.
    pub status: Option<MemberStatus>,
    /// The person.
    pub user: Option<PublicUser>,
    /// The organization.
    pub organization: Option<PublicOrganization>,
}

/// An organization. As the body of an update it is partial: only what is set is sent.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[expect(missing_docs, reason = "the vendor gives the names and no more")]
#[expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]
pub struct Organization {
    #[serde(skip_serializing)]
    pub id: String,
    pub external_id: Option<String>,
    pub name: Option<String>,
    pub provisioning: Option<bool>,
    pub address1: Option<String>,
    pub address2: Option<String>,
    pub city: Option<String>,
    pub postal_code: Option<String>,
    pub state: Option<String>,
    pub country: Option<String>,
    pub company: Option<bool>,
    pub vat_number: Option<String>,
    pub billing_name: Option<String>,
    pub billing_email: Option<String>,
    pub plan: Option<String>,
    pub plan_updated_at: Option<String>,
    pub has_payment_method: Option<bool>,
    pub subscription_id: Option<String>,
    pub current_subscription_id: Option<String>,
    pub latest_subscription_id: Option<String>,
    pub signup_qualification: Option<serde_json::Value>,
    pub status: Option<OrganizationStatus>,
    pub status_message: Option<String>,
    pub deactivation_reason: Option<String>,
    pub verified: Option<bool>,
    pub qualifies_for_hobby23: Option<bool>,
    pub reprocess_after: Option<String>,
    pub trialing: Option<bool>,
    pub trial_starts_at: Option<String>,
    pub trial_ends_at: Option<String>,
    pub email_domain_allowlist: Option<Vec<String>>,
    pub default_project_id: Option<String>,
}

/// The account behind a user token.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the vendor gives the names and no more")]
pub struct User {
    pub id: String,
    pub email: Option<String>,
    pub name: Option<String>,
    pub avatar_url: Option<String>,
    pub github_id: Option<String>,
    pub github_user: Option<String>,
    pub two_factor_authentication: Option<bool>,
    pub email_validated: Option<bool>,
    pub newsletter_subscribed: Option<bool>,
    pub trialed: Option<bool>,
    pub flags: Option<Vec<String>>,
    pub last_login: Option<String>,
    pub last_login_ip: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

/// A session token.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Token {
    /// The bearer value itself.
    pub id: Secret,
    /// Whose it is.
    pub user_id: Option<String>,
    /// The organization that it acts in.
    pub organization_id: Option<String>,
    /// When it ends; an older example spells it `expires`.
    #[serde(alias = "expires")]
    pub expires_at: Option<String>,
}

/// An API token.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Credential {
    /// Its id.
    pub id: String,
    /// Whom it stands for.
    pub r#type: Option<CredentialType>,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The bearer value, in the response to its creation.
    #[serde(default, deserialize_with = "optional_secret")]
    pub token: Option<Secret>,
    /// The user it stands for.
    pub user_id: Option<String>,
    /// The organization it acts in.
    pub organization_id: Option<String>,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was last changed.
    pub updated_at: Option<String>,
    /// When it ends.
    pub expires_at: Option<String>,
}

/// What an organization may use. Only what concerns people is typed.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Quotas {
    /// How many members it can have.
    #[serde(default, deserialize_with = "number")]
    pub max_organization_members: Option<i64>,
}

/// What an organization uses. Only what concerns people is typed.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct OrganizationSummary {
    /// The organization.
    pub organization_id: Option<String>,
    /// Its people.
    pub members: Option<MembersSummary>,
}

/// How many people an organization has.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct MembersSummary {
    /// Its members.
    #[serde(default, deserialize_with = "number")]
    pub total: Option<i64>,
    /// Its invitations, by the vendor's word for their status.
    #[serde(default)]
    pub invitations_by_status: BTreeMap<String, Count>,
}

/// A 64-bit integer, which Koyeb writes as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "it is a number")]
pub struct Count(#[serde(deserialize_with = "whole")] pub i64);

/// One page of a list.
#[derive(Debug)]
#[non_exhaustive]
pub struct Listing<T> {
    /// The rows; one that cannot be read is an error in its place.
    pub items: Rows<T>,
    /// The page size that the vendor used.
    pub limit: Option<u64>,
    /// Where the page began.
    pub offset: Option<u64>,
    /// How many rows there are on all pages; not on lists of organizations.
    pub count: Option<u64>,
    /// Whether there are more rows; on lists of organizations only.
    pub has_next: Option<bool>,
}

fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(Secret::from))
}

/// An integer, or the text of one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Integer {
    Number(i64),
    Text(String),
}

impl Integer {
    fn read<E: serde::de::Error>(self) -> Result<i64, E> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(text) => text.parse().map_err(|_| E::custom(format!("{text:?} is not an integer"))),
        }
    }
}

fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Integer::deserialize(deserializer)?.read()
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Option::<Integer>::deserialize(deserializer)?.map(Integer::read).transpose()
}
