//! What the simulated vendor stores, and the rules that several calls share.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::Failure;
use super::serve::Call;
use crate::world::World;

/// How long an invitation can be answered: seven days, told in milliseconds.
pub(super) const INVITE_TTL: Duration = Duration::from_millis(INVITE_TTL_MILLIS);
pub(super) const INVITE_TTL_MILLIS: u64 = 604_800_000;

/// Members and live invitations that one organization may hold together.
const MEMBER_LIMIT: usize = 100_000;

/// The password of every account that is made after the start.
pub(crate) const NEW_ACCOUNT_PASSWORD: &str = "sandbox-password";

#[derive(Default)]
pub(super) struct Data {
    pub(super) users: Vec<User>,
    pub(super) tokens: HashMap<String, Token>,
    pub(super) orgs: Vec<Org>,
}

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) password: String,
    /// The user API token, which does not expire.
    pub(super) token: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) two_factor: bool,
    pub(super) created: Timestamp,
}

#[derive(Clone)]
pub(super) struct Token {
    pub(super) user_id: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: Option<Timestamp>,
}

pub(super) struct Org {
    pub(super) id: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) settings: Settings,
    pub(super) members: Vec<Member>,
    pub(super) invites: Vec<Invite>,
    pub(super) member_limit: usize,
}

/// What a create or patch may say about an organization, and what is shown of it. The card token
/// is taken and never shown.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plan_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) billing_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) icon_color: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mfa_mode: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Role {
    Admin,
    Edit,
    Collaborate,
    View,
    None,
}

/// A role for one application or dashboard.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResourceRole {
    resource_id: String,
    role: Role,
}

pub(super) struct Member {
    pub(super) user_id: String,
    pub(super) role: Role,
    pub(super) application_roles: Vec<ResourceRole>,
    pub(super) dashboard_roles: Vec<ResourceRole>,
}

pub(super) struct Invite {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) role: Role,
    pub(super) application_roles: Vec<ResourceRole>,
    pub(super) dashboard_roles: Vec<ResourceRole>,
    pub(super) disallow_transfer: bool,
    pub(super) sent: Timestamp,
    /// The secret of the mailed link.
    pub(super) token: String,
    pub(super) invited_by: String,
    /// The invitee does not want to see it any more; the organization still does.
    pub(super) dismissed: bool,
}

impl Settings {
    /// Takes over what `patch` names.
    pub(super) fn merge(&mut self, patch: Self) {
        let Self { name, description, plan_id, billing_email, icon_color, mfa_mode } = patch;
        self.name = name.or(self.name.take());
        self.description = description.or(self.description.take());
        self.plan_id = plan_id.or(self.plan_id.take());
        self.billing_email = billing_email.or(self.billing_email.take());
        self.icon_color = icon_color.or(self.icon_color.take());
        self.mfa_mode = mfa_mode.or(self.mfa_mode.take());
    }
}

impl Invite {
    pub(super) fn expired(&self, now: Timestamp) -> bool {
        self.sent.saturating_add(INVITE_TTL).expect("a duration always adds") <= now
    }
}

impl Org {
    pub(super) fn new(id: String, settings: Settings, now: Timestamp) -> Self {
        let (members, invites) = (Vec::new(), Vec::new());
        Self { id, created: now, updated: now, settings, members, invites, member_limit: MEMBER_LIMIT }
    }

    pub(super) fn name(&self) -> &str {
        self.settings.name.as_deref().unwrap_or_default()
    }

    pub(super) fn member(&self, user_id: &str) -> Option<&Member> {
        self.members.iter().find(|member| same_id(&member.user_id, user_id))
    }

    pub(super) fn add_member(&mut self, user_id: &str, role: Role) {
        let (application_roles, dashboard_roles) = (Vec::new(), Vec::new());
        self.members.push(Member { user_id: user_id.to_owned(), role, application_roles, dashboard_roles });
    }

    pub(super) fn admin_count(&self) -> usize {
        self.members.iter().filter(|member| member.role == Role::Admin).count()
    }

    pub(super) fn requires_mfa(&self, role: Role) -> bool {
        match self.settings.mfa_mode.as_deref() {
            Some("required") => true,
            Some("adminRequired") => role == Role::Admin,
            _ => false,
        }
    }

    /// Refuses the acceptance of the invitation at `index` where the organization asks for a second
    /// factor that `user` does not have.
    pub(super) fn check_second_factor(&self, index: usize, user: &User) -> Result<(), Failure> {
        if self.requires_mfa(self.invites[index].role) && !user.two_factor {
            return Err(Failure::validation("organization requires two factor authentication"));
        }
        Ok(())
    }

    /// Turns the invitation at `index` into the membership of `user_id`.
    pub(super) fn admit(&mut self, index: usize, user_id: &str, now: Timestamp) {
        let Invite { role, application_roles, dashboard_roles, .. } = self.invites.remove(index);
        if self.member(user_id).is_none() {
            self.members.push(Member {
                user_id: user_id.to_owned(),
                role,
                application_roles,
                dashboard_roles,
            });
            self.updated = now;
        }
    }
}

impl User {
    pub(super) fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim_end().to_owned()
    }
}

impl Data {
    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| same_email(&user.email, email))
    }

    pub(super) fn org(&self, id: &str) -> Option<&Org> {
        self.orgs.iter().find(|org| same_id(&org.id, id))
    }

    pub(super) fn org_mut(&mut self, id: &str) -> Option<&mut Org> {
        self.orgs.iter_mut().find(|org| same_id(&org.id, id))
    }

    /// Stores `user` with an API token that may do everything.
    pub(super) fn add_user(&mut self, user: User) {
        self.add_token(&user.token, &user.id, "all.User", None);
        self.users.push(user);
    }

    pub(super) fn add_token(
        &mut self,
        token: &str,
        user_id: &str,
        scope: &str,
        expires_at: Option<Timestamp>,
    ) {
        let scopes = vec![scope.to_owned()];
        self.tokens.insert(token.to_owned(), Token { user_id: user_id.to_owned(), scopes, expires_at });
    }

    /// The account of `email`, made now if there is none.
    pub(super) fn sign_up(&mut self, world: &World, email: &str, now: Timestamp) -> &User {
        if self.user_by_email(email).is_none() {
            let first_name = email.split('@').next().filter(|name| !name.is_empty()).unwrap_or("New");
            self.add_user(User {
                id: world.ids.hex24(),
                email: email.to_owned(),
                password: NEW_ACCOUNT_PASSWORD.to_owned(),
                token: new_token(world),
                first_name: first_name.to_owned(),
                last_name: String::new(),
                two_factor: false,
                created: now,
            });
        }
        self.user_by_email(email).expect("the account was just made")
    }

    /// The organization that the call names, seen by a member: nobody else learns of it.
    pub(super) fn visible_org(&self, call: &Call) -> Result<&Org, Failure> {
        let user = &call.caller()?.user_id;
        let org = self.org(call.required_text("orgId")).filter(|org| org.member(user).is_some());
        org.ok_or_else(|| Failure::not_found("Organization"))
    }

    /// The same, for what only administrators may do.
    pub(super) fn administered_org(&mut self, call: &Call) -> Result<&mut Org, Failure> {
        let org = self.visible_org(call)?;
        if org.member(&call.caller()?.user_id).is_none_or(|member| member.role != Role::Admin) {
            return Err(Failure::forbidden());
        }
        self.org_mut(call.required_text("orgId")).ok_or_else(|| Failure::not_found("Organization"))
    }
}

/// A secret with the look of a JWT.
pub(super) fn new_token(world: &World) -> String {
    format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", world.ids.alphanumeric(48), world.ids.alphanumeric(43))
}

/// Ids are hex numbers: the case of their letters means nothing.
pub(super) fn same_id(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

pub(super) fn same_email(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The vendor's dates have milliseconds, always.
pub(super) fn date(at: Timestamp) -> String {
    format!("{at:.3}")
}
