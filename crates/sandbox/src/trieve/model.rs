//! The rows, in the shape in which the vendor answers them.

use jiff::{Timestamp, Unit};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::ids::Ids;

pub(super) const USER: i32 = 0;
pub(super) const ADMIN: i32 = 1;
pub(super) const OWNER: i32 = 2;

/// A role as the server understands it: whatever it does not know is an ordinary user.
pub(super) fn known_role(role: i32) -> i32 {
    if matches!(role, ADMIN | OWNER) { role } else { USER }
}

pub(super) fn new_id(ids: &Ids) -> Uuid {
    ids.uuid().parse().expect("the sandbox makes well-formed UUIDs")
}

/// A point in time that is written as chrono writes a date-time without a zone: a fraction of
/// 0, 3, 6 or 9 digits, as many as are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(Timestamp);

impl Moment {
    /// As it is in memory, with nanoseconds.
    pub(super) fn exact(at: Timestamp) -> Self {
        Self(at)
    }

    /// As the database keeps it, with microseconds.
    pub(super) fn stored(at: Timestamp) -> Self {
        Self(
            at.round(jiff::TimestampRound::new().smallest(Unit::Microsecond).mode(jiff::RoundMode::Floor))
                .expect("rounding down stays in range"),
        )
    }

    /// What the database makes of a moment in memory.
    pub(super) fn to_stored(self) -> Self {
        Self::stored(self.0)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nanoseconds = self.0.as_nanosecond().rem_euclid(1_000_000_000);
        let digits = match nanoseconds {
            0 => "",
            n if n % 1_000_000 == 0 => "%.3f",
            n if n % 1_000 == 0 => "%.6f",
            _ => "%.9f",
        };
        serializer.collect_str(&self.0.strftime(&format!("%Y-%m-%dT%H:%M:%S{digits}")))
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) registerable: Option<bool>,
    pub(super) deleted: i32,
    pub(super) partner_configuration: Value,
}

impl Organization {
    pub(super) fn new(id: Uuid, name: String, created_at: Moment, updated_at: Moment) -> Self {
        let partner_configuration = Value::Object(Map::new());
        Self { id, name, created_at, updated_at, registerable: Some(true), deleted: 0, partner_configuration }
    }

    /// As reads show it: the nine known members of the partner configuration and no others.
    pub(super) fn completed(&self) -> Self {
        Self { partner_configuration: self.completed_configuration(), ..self.clone() }
    }

    pub(super) fn completed_configuration(&self) -> Value {
        let stored = |key: &str| self.partner_configuration.get(key).filter(|value| value.is_string());
        let members = PARTNER_DEFAULTS.iter().map(|(key, default)| {
            ((*key).to_owned(), stored(key).cloned().unwrap_or_else(|| json!(default)))
        });
        Value::Object(members.collect())
    }
}

const PARTNER_DEFAULTS: [(&str, &str); 9] = [
    ("CALENDAR_LINK", "https://cal.com/nick.k"),
    ("COMPANY_NAME", "Trieve"),
    ("COMPANY_URL", "https://trieve.ai"),
    ("DEMO_DOMAIN", "demos.trieve.ai"),
    ("EMAIL", "humans@trieve.ai"),
    ("FAVICON_URL", "https://cdn.trieve.ai/favicon.ico"),
    ("LINKEDIN_LINK", "https://www.linkedin.com/company/trieveai"),
    ("PHONE", "+16282224090"),
    ("SLACK_LINK", "https://join.slack.com/t/trieve/shared_invite/sandbox"),
];

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: Uuid,
    pub(super) name: Option<String>,
    pub(super) email: String,
    pub(super) created_at: Moment,
}

/// A user as the vendor answers it, with the memberships that the call is about.
#[derive(Debug, Serialize)]
pub(super) struct SlimUser {
    pub(super) id: Uuid,
    pub(super) name: Option<String>,
    pub(super) email: String,
    pub(super) created_at: Moment,
    pub(super) user_orgs: Vec<Membership>,
    pub(super) orgs: Vec<Organization>,
}

/// `null` leaves the decision to the role; a list decides alone, and an empty one locks out.
pub(super) type Scopes = Option<Vec<String>>;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Membership {
    pub(super) id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) role: i32,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) scopes: Scopes,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Invitation {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) organization_id: Uuid,
    pub(super) used: bool,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    /// As it was sent; it becomes a known role on acceptance.
    pub(super) role: i32,
    pub(super) scopes: Scopes,
}

/// An API key of an organization, or an older one of a user: then the organization is all zeros.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ApiKey {
    pub(super) id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) name: String,
    pub(super) role: i32,
    pub(super) dataset_ids: Option<Vec<Uuid>>,
    pub(super) organization_ids: Option<Vec<Uuid>>,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    #[serde(skip)]
    pub(super) user_id: Option<Uuid>,
    #[serde(skip)]
    pub(super) secret: String,
    #[serde(skip)]
    pub(super) scopes: Scopes,
    #[serde(skip)]
    pub(super) expires_at: Option<Moment>,
}
