//! The rows that Koyeb keeps, with what follows from a row alone.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

pub(super) const INVITATION_STATUSES: &[&str] = &["INVALID", "PENDING", "ACCEPTED", "REFUSED", "EXPIRED"];
pub(super) const ORGANIZATION_STATUSES: &[&str] =
    &["WARNING", "LOCKED", "ACTIVE", "DEACTIVATING", "DEACTIVATED", "DELETING", "DELETED"];
pub(super) const NO_PLAN: &str = "no_plan";
pub(super) const PLANS: &[&str] = &[
    "hobby",
    "starter",
    "startup",
    "business",
    "enterprise",
    "internal",
    "hobby23",
    NO_PLAN,
    "pro",
    "scale",
    "partner_csp",
    "partner_csp_unit",
];

/// The vendor does not say how long an invitation lives; it shows when it ends.
const INVITATION_LIVES: Duration = Duration::from_hours(7 * 24);

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) flags: Vec<&'static str>,
    pub(super) created_at: Timestamp,
}

/// The fields of an organization that its members write.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) address1: String,
    pub(super) address2: String,
    pub(super) city: String,
    pub(super) postal_code: String,
    pub(super) state: String,
    pub(super) country: String,
    pub(super) company: bool,
    pub(super) vat_number: String,
    pub(super) billing_name: String,
    pub(super) billing_email: String,
    pub(super) email_domain_allowlist: Vec<String>,
}

#[derive(Clone)]
pub(super) struct App {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created_at: Timestamp,
}

#[derive(Clone)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) external_id: String,
    pub(super) profile: Profile,
    pub(super) plan: &'static str,
    pub(super) plan_updated_at: Timestamp,
    pub(super) default_project_id: String,
    /// When the deactivation that was asked for is through.
    pub(super) deactivated_at: Option<Timestamp>,
    pub(super) app: Option<App>,
}

impl Organization {
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.deactivated_at {
            Some(at) if at <= now => "DEACTIVATED",
            Some(_) => "DEACTIVATING",
            None if self.plan == NO_PLAN => "WARNING",
            None => "ACTIVE",
        }
    }

    /// Refuses while a deactivation runs and after it.
    pub(super) fn must_run(&self) -> Result<(), ApiError> {
        match self.deactivated_at {
            None => Ok(()),
            Some(_) => Err(ApiError::failed_precondition("status", "The organization is being deactivated")),
        }
    }

    /// How many members the plan allows. The small plans are for one person.
    pub(super) fn max_members(&self) -> usize {
        match self.plan {
            NO_PLAN | "hobby" | "hobby23" | "starter" => 1,
            "pro" | "startup" => 10,
            _ => 1000,
        }
    }
}

#[derive(Clone)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) external_id: String,
    pub(super) organization_id: String,
    pub(super) user_id: String,
    pub(super) joined_at: Timestamp,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Open,
    Accepted,
    Refused,
}

#[derive(Clone)]
pub(super) struct Invitation {
    pub(super) id: String,
    /// In lower case.
    pub(super) email: String,
    pub(super) organization_id: String,
    /// `None` when an organization's token made it.
    pub(super) inviter_id: Option<String>,
    pub(super) expires_at: Timestamp,
    pub(super) answer: Answer,
}

impl Invitation {
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.answer {
            Answer::Accepted => "ACCEPTED",
            Answer::Refused => "REFUSED",
            Answer::Open if self.expires_at <= now => "EXPIRED",
            Answer::Open => "PENDING",
        }
    }

    pub(super) fn must_be_pending(&self, now: Timestamp) -> Result<(), ApiError> {
        if self.status(now) == "PENDING" {
            return Ok(());
        }
        Err(ApiError::failed_precondition("status", "The invitation is not pending"))
    }

    pub(super) fn renew(&mut self, now: Timestamp) {
        self.expires_at = invitation_end(now);
    }
}

pub(super) fn invitation_end(now: Timestamp) -> Timestamp {
    now.saturating_add(INVITATION_LIVES).expect("a duration always adds")
}

/// What a bearer token stands for.
#[derive(Clone, Default)]
pub(super) struct Grant {
    /// `None` for an organization's token.
    pub(super) user_id: Option<String>,
    pub(super) organization_id: Option<String>,
    pub(super) expires_at: Option<Timestamp>,
    /// The organization that the token was in is gone.
    pub(super) rejected: bool,
}

impl Grant {
    pub(super) fn kind(&self) -> &'static str {
        if self.user_id.is_some() { "USER" } else { "ORGANIZATION" }
    }
}

/// An API token as its owner manages it. Whom it stands for is in its grant.
#[derive(Clone)]
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) token: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}
