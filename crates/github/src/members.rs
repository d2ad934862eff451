//! The operations on members.
//!
//! GitHub takes logins where a member's id is a number, and a login can go over to somebody else. So each
//! change asks for today's login first, and reads whose membership that is.

use async_trait::async_trait;
use orgport_core::{
    Cursor, Error, ErrorKind, LeftBehind, Member, MemberId, MembersAdapter, OrganizationId, Page, Reach, Role,
};

use crate::convert::{self, Place};
use crate::model::{Membership, MembershipRole, MembershipState};
use crate::organizations::FIRST;
use crate::provider::GitHubAdapter;
use crate::request::MemberQuery;

/// The lists of members, which do not show roles: somebody who is on both, because the role was changed
/// in between, has the first one's.
const LISTS: [MembershipRole; 2] = [MembershipRole::Admin, MembershipRole::Member];

#[async_trait]
impl MembersAdapter for GitHubAdapter {
    async fn list_members(
        &self,
        org: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let place = Place::of(cursor, 0)?;
        let role = &LISTS[usize::from(place.list != 0)];
        let listing = if let Some(link) = place.link {
            self.client.follow(link).await?
        } else {
            let query = MemberQuery { part: FIRST, role: Some(role.clone()), filter: None };
            self.client.list_members(org.as_str(), &query).await?
        };
        let then = (place.list == 0).then_some(1);
        Ok(convert::page(listing, place.list, then, |row| convert::member(row, role).map(Some)))
    }

    async fn set_member_role(&self, org: &OrganizationId, id: &MemberId, role: &Role) -> Result<(), Error> {
        let wanted = convert::membership_role(role).ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, format!("GitHub has no role {role} for a member"))
        })?;
        let found = self.find_member(org, id).await?;
        if found.role == wanted {
            return Ok(());
        }
        let now = match self.client.set_membership(org.as_str(), &found.login, &wanted).await {
            Ok(now) => now,
            Err(error) if error.reach() == Reach::Unanswered => {
                let now = self.client.get_membership(org.as_str(), &found.login).await;
                now.ok()
                    .filter(|now| now.role == wanted || now.state != MembershipState::Active)
                    .ok_or(error)?
            }
            Err(error) => return Err(self.last_owner(org, &found, error).await),
        };
        match &now.state {
            MembershipState::Active if now.role == wanted => Ok(()),
            MembershipState::Active => {
                let message = format!("GitHub confirms the role {} instead of {wanted}", now.role);
                Err(Error::new(ErrorKind::Protocol, message).with_reach(Reach::Answered))
            }
            _ => Err(self.uninvite(org, &found.login).await),
        }
    }

    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        let found = self.find_member(org, id).await?;
        if !found.is_direct {
            let message = "the member is in by a team of the enterprise, which removing from the organization does \
                           not change: remove the person from that team";
            return Err(Error::new(ErrorKind::Conflict, message).with_reach(Reach::Answered));
        }
        match self.client.remove_member(org.as_str(), &found.login).await {
            Err(error) => Err(self.last_owner(org, &found, error).await),
            done => done,
        }
    }
}

/// A member with today's login.
struct Found {
    login: String,
    role: MembershipRole,
    is_direct: bool,
}

impl GitHubAdapter {
    /// Finds the login of a member's account, and makes sure that the member is the one who is meant.
    async fn find_member(&self, org: &OrganizationId, id: &MemberId) -> Result<Found, Error> {
        let number = convert::account(id)?;
        let login = self.client.get_user_by_id(number).await?.value.login;
        let found = self.client.get_membership(org.as_str(), &login).await?.value;
        let Membership { state, role, organization, user, direct_membership } = found;
        organization.iter().try_for_each(|organization| self.check_number(organization))?;
        let refused = |kind, message: String| Err(Error::new(kind, message).with_reach(Reach::Answered));
        match user {
            Some(user) if user.id != number => refused(
                ErrorKind::Conflict,
                format!("the account {number} was just renamed from {login}: try again"),
            ),
            _ if state != MembershipState::Active => {
                refused(ErrorKind::NotFound, format!("{login} is invited, and no member yet"))
            }
            _ => Ok(Found { login, role, is_direct: direct_membership != Some(false) }),
        }
    }

    /// Tells of a refusal that may be for the sake of the last owner what it is.
    async fn last_owner(&self, org: &OrganizationId, found: &Found, refusal: Error) -> Error {
        let may_be = matches!(refusal.status(), Some(403 | 422)) && refusal.kind() != ErrorKind::RateLimited;
        if found.role != MembershipRole::Admin || !may_be {
            return refusal;
        }
        let query = MemberQuery { part: FIRST, role: Some(MembershipRole::Admin), filter: None };
        match self.client.list_members(org.as_str(), &query).await {
            Ok(owners) if owners.items.len() == 1 => refusal
                .with_kind(ErrorKind::Conflict)
                .with_message("the organization's last owner stays: make somebody else an owner first"),
            _ => refusal,
        }
    }

    /// Takes back the invitation that setting a role has made, since the member was gone.
    async fn uninvite(&self, org: &OrganizationId, login: &str) -> Error {
        let gone = format!(
            "{login} left the organization at that moment, and setting the role has invited the person"
        );
        let what = match self.client.remove_membership(org.as_str(), login).await {
            Ok(()) => format!("{gone}; the invitation was cancelled, and both were mailed"),
            Err(error) => format!("{gone}; cancelling that failed ({error}): revoke the invitation"),
        };
        Error::new(ErrorKind::Incomplete, &*what)
            .with_reach(Reach::Answered)
            .with_left_behind(LeftBehind::new(what))
    }
}
