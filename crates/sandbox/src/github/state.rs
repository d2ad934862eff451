//! The rows that GitHub keeps, and the rules that hold between them.

use std::time::Duration;

use jiff::Timestamp;

use super::auth::Token;
use super::error::ApiError;
use super::invitations::Invitation;
use crate::world::World;

/// How long a deleted organization still answers.
const DELETION: Duration = Duration::from_secs(5);
/// From this age on an organization may send more invitations.
const GROWN_UP: Duration = Duration::from_hours(30 * 24);

#[derive(Clone)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) login: String,
    /// The verified address, in lower case, which nobody is shown.
    pub(super) email: String,
    pub(super) name: Option<String>,
    pub(super) is_bot: bool,
    pub(super) created_at: Timestamp,
}

#[derive(Clone)]
pub(super) struct Member {
    pub(super) user: u64,
    /// `admin` or `member`.
    pub(super) role: &'static str,
}

#[derive(Clone)]
pub(super) struct Team {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) slug: &'static str,
}

#[derive(Clone)]
pub(super) struct Organization {
    pub(super) id: u64,
    pub(super) login: String,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) members: Vec<Member>,
    pub(super) teams: Vec<Team>,
    /// People who were members once, and what they were.
    pub(super) former: Vec<Member>,
    pub(super) seats: Option<usize>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) deleted_at: Option<Timestamp>,
    /// When each invitation of the last 24 hours was sent.
    pub(super) sent: Vec<Timestamp>,
}

impl Organization {
    pub(super) fn member(&self, user: u64) -> Option<&Member> {
        self.members.iter().find(|member| member.user == user)
    }

    pub(super) fn team(&self, id: u64) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }

    fn owners(&self) -> usize {
        self.members.iter().filter(|member| member.role == "admin").count()
    }

    /// Refuses to go on without an owner.
    pub(super) fn must_keep_an_owner(&self, losing: u64) -> Result<(), ApiError> {
        let is_owner = self.member(losing).is_some_and(|member| member.role == "admin");
        if is_owner && self.owners() == 1 {
            return Err(ApiError::forbidden("You cannot remove the last owner of the organization."));
        }
        Ok(())
    }

    /// How many invitations it may send in 24 hours.
    fn daily(&self, now: Timestamp) -> usize {
        let grown_up = self.created_at.saturating_add(GROWN_UP).expect("a duration always adds") <= now;
        if grown_up { 500 } else { 50 }
    }

    /// Counts one more invitation, or refuses it.
    pub(super) fn count_invitation(&mut self, now: Timestamp) -> Result<(), ApiError> {
        const DAY: Duration = Duration::from_hours(24);
        self.sent.retain(|at| at.saturating_add(DAY).expect("a duration always adds") > now);
        if self.sent.len() >= self.daily(now) {
            return Err(ApiError::validation("unprocessable", "data", "Over invitation rate limit"));
        }
        self.sent.push(now);
        Ok(())
    }

    pub(super) fn join(&mut self, user: u64, role: &'static str) {
        self.former.retain(|member| member.user != user);
        self.members.push(Member { user, role });
    }

    /// Ends a membership; the role that it had comes back with an invitation to reinstate it.
    pub(super) fn leave(&mut self, user: u64) {
        self.former.extend(self.members.extract_if(.., |member| member.user == user));
    }
}

/// Everything, in order of creation.
#[derive(Default)]
pub(super) struct Data {
    pub(super) users: Vec<User>,
    pub(super) organizations: Vec<Organization>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) tokens: Vec<Token>,
    count: u64,
}

impl Data {
    /// A number that no other row has.
    pub(super) fn number(&mut self) -> u64 {
        self.count += 1;
        10_000 + self.count
    }

    pub(super) fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_by_login(&self, login: &str) -> Result<&User, ApiError> {
        let user = self.users.iter().find(|user| user.login.eq_ignore_ascii_case(login));
        user.ok_or_else(ApiError::not_found)
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.email.eq_ignore_ascii_case(email) && !user.is_bot)
    }

    /// The user with this address, who signs up if there is none.
    pub(super) fn user_with(&mut self, email: &str, world: &World) -> u64 {
        let email = email.to_lowercase();
        if let Some(user) = self.user_by_email(&email) {
            return user.id;
        }
        let id = self.number();
        let local = email.split('@').next().unwrap_or_default();
        let letters: String =
            local.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let taken = self.users.iter().any(|user| user.login == letters);
        let login = if taken || letters.is_empty() { format!("{letters}-{id}") } else { letters };
        let created_at = world.clock.now();
        self.users.push(User { id, login, email, name: None, is_bot: false, created_at });
        id
    }

    /// An organization by its login in any case, or by its number, which links have instead.
    pub(super) fn organization_mut(
        &mut self,
        name: &str,
        now: Timestamp,
    ) -> Result<&mut Organization, ApiError> {
        let is_there = |organization: &Organization| {
            let gone = organization.deleted_at.map(|at| at.saturating_add(DELETION).expect("always adds"));
            gone.is_none_or(|gone| gone > now)
        };
        let is_it = |organization: &&mut Organization| {
            organization.login.eq_ignore_ascii_case(name) && is_there(organization)
        };
        self.organizations.iter_mut().find(is_it).ok_or_else(ApiError::not_found)
    }

    pub(super) fn organization(&mut self, name: &str, now: Timestamp) -> Result<&Organization, ApiError> {
        self.organization_mut(name, now).map(|organization| &*organization)
    }

    /// The login of the organization of this number.
    pub(super) fn login_of(&self, id: u64) -> Result<String, ApiError> {
        let organization = self.organizations.iter().find(|organization| organization.id == id);
        organization.map(|organization| organization.login.clone()).ok_or_else(ApiError::not_found)
    }

    /// Refuses where the plan has no seat for one more, counting those who are invited.
    pub(super) fn must_have_seat(&self, organization: &Organization, now: Timestamp) -> Result<(), ApiError> {
        let waiting = self
            .invitations
            .iter()
            .filter(|row| row.organization == organization.id && row.is_pending(now))
            .count();
        match organization.seats {
            Some(seats) if organization.members.len() + waiting >= seats => Err(ApiError::no_seat()),
            _ => Ok(()),
        }
    }
}
