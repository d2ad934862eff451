//! The service's data and rules. Nothing here waits or fails on its own.

use std::collections::HashMap;
use std::time::Duration;

use orgport_core::{
    Answer, Answered, Email, Error, ErrorKind, Invitation, InvitationFilter, InvitationId, InvitationRef,
    InvitationStatus, Member, MemberId, NewOrganization, Organization, OrganizationId, OrganizationUpdate,
    Reach, Role, Secret, Timestamp, UserId,
};

use crate::capability::PAGE_SIZE;
use crate::mail::{Mail, MailKind};
use crate::rows::{Account, InvitationRow, MemberRow, OrganizationRow};
use crate::table::{Part, Table};

/// How long an invitation can be answered.
const LIFE: Duration = Duration::from_hours(7 * 24);

/// Who calls, and when.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) account: Account,
    pub(crate) now: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    last_id: u64,
    accounts: HashMap<Email, Account>,
    organizations: Vec<OrganizationRow>,
    pub(crate) mails: Vec<Mail>,
}

impl State {
    fn next_id(&mut self, what: &str) -> String {
        self.last_id += 1;
        format!("{what}-{}", self.last_id)
    }

    /// An id that no organization has, not even one that was named by a configuration.
    fn unused_organization_id(&mut self) -> OrganizationId {
        loop {
            let id = OrganizationId::new(self.next_id("organization")).expect("not empty");
            if self.find(&id).is_err() {
                return id;
            }
        }
    }

    /// The person's account, made if there is none.
    pub(crate) fn account(&mut self, email: &Email) -> Account {
        if let Some(account) = self.accounts.get(email) {
            return account.clone();
        }
        let id = UserId::new(self.next_id("user")).expect("not empty");
        let account = Account { id, email: email.clone() };
        self.accounts.insert(email.clone(), account.clone());
        account
    }

    /// Makes an organization with its owner; `id` is chosen here if there is none.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a blank name.
    pub(crate) fn add_organization(
        &mut self,
        id: Option<OrganizationId>,
        new: NewOrganization,
        owner: &Caller,
    ) -> Result<Organization, Error> {
        check_name(&new.name)?;
        let id = id.unwrap_or_else(|| self.unused_organization_id());
        self.organizations.push(OrganizationRow {
            id: id.clone(),
            name: new.name,
            description: new.description,
            created_at: owner.now,
            updated_at: owner.now,
            members: Table::default(),
            invitations: Table::default(),
        });
        self.join(&id, owner, Role::Owner)?;
        Ok(self.find(&id)?.show())
    }

    /// Makes the caller a member, unless that is so already.
    pub(crate) fn join(
        &mut self,
        organization: &OrganizationId,
        caller: &Caller,
        role: Role,
    ) -> Result<(), Error> {
        let id = MemberId::new(self.next_id("member")).expect("not empty");
        let number = self.last_id;
        let row = self.find(organization)?;
        if row.members.of(&caller.account.email).next().is_none() {
            let account = caller.account.clone();
            row.members.push(number, MemberRow { id, account, role, joined_at: caller.now });
        }
        Ok(())
    }

    fn find(&mut self, id: &OrganizationId) -> Result<&mut OrganizationRow, Error> {
        let found = self.organizations.iter_mut().find(|row| row.id == *id);
        found.ok_or_else(|| refused(ErrorKind::NotFound, "there is no such organization among the caller's"))
    }

    /// An organization that the caller belongs to, and the caller's role in it.
    fn own(&mut self, caller: &Caller, id: &OrganizationId) -> Result<(&mut OrganizationRow, Role), Error> {
        let row = self.find(id)?;
        let member = row.members.of(&caller.account.email).next();
        match member.map(|member| member.role.clone()) {
            Some(role) => Ok((row, role)),
            None => Err(refused(ErrorKind::NotFound, "there is no such organization among the caller's")),
        }
    }

    /// An organization that the caller may change, and the caller's role in it.
    fn managed(
        &mut self,
        caller: &Caller,
        id: &OrganizationId,
    ) -> Result<(&mut OrganizationRow, Role), Error> {
        let (row, role) = self.own(caller, id)?;
        match role {
            Role::Owner | Role::Admin => Ok((row, role)),
            _ => Err(refused(ErrorKind::PermissionDenied, "only owners and admins may do this")),
        }
    }
}

/// Organizations.
impl State {
    pub(crate) fn list_organizations(&self, caller: &Caller) -> Vec<Organization> {
        let is_own = |row: &&OrganizationRow| row.members.of(&caller.account.email).next().is_some();
        self.organizations.iter().filter(is_own).map(OrganizationRow::show).collect()
    }

    pub(crate) fn get_organization(
        &mut self,
        caller: &Caller,
        id: &OrganizationId,
    ) -> Result<Organization, Error> {
        Ok(self.own(caller, id)?.0.show())
    }

    pub(crate) fn update_organization(
        &mut self,
        caller: &Caller,
        id: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let (row, _) = self.managed(caller, id)?;
        if let Some(name) = update.name {
            check_name(&name)?;
            row.name = name;
        }
        row.description = update.description.or(row.description.take());
        row.updated_at = caller.now;
        Ok(row.show())
    }

    pub(crate) fn delete_organization(&mut self, caller: &Caller, id: &OrganizationId) -> Result<(), Error> {
        self.managed(caller, id)?;
        self.organizations.retain(|row| row.id != *id);
        Ok(())
    }
}

/// Members.
impl State {
    pub(crate) fn list_members(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        begin: u64,
    ) -> Result<Part<Member>, Error> {
        let members = &self.own(caller, organization)?.0.members;
        let part = members.part(begin, PAGE_SIZE, |member| Some(member.show()));
        Ok(Part { total: Some(members.len()), ..part })
    }

    pub(crate) fn set_member_role(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        member: &MemberId,
        role: Role,
    ) -> Result<(), Error> {
        let (row, own_role) = self.managed(caller, organization)?;
        check_reachable(row, member, &own_role)?;
        check_not_above(&role, &own_role)?;
        if role != Role::Owner {
            check_other_owner(row, member)?;
        }
        if let Some(row) = row.members.get_mut(member.as_str()) {
            row.role = role;
        }
        Ok(())
    }

    pub(crate) fn remove_member(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        member: &MemberId,
    ) -> Result<(), Error> {
        let (row, own_role) = self.managed(caller, organization)?;
        check_reachable(row, member, &own_role)?;
        check_other_owner(row, member)?;
        row.members.remove(member.as_str());
        Ok(())
    }
}

/// Invitations, as those see them who invite.
impl State {
    pub(crate) fn list_invitations(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        begin: u64,
    ) -> Result<Part<Invitation>, Error> {
        let (OrganizationRow { id, invitations, .. }, _) = self.own(caller, organization)?;
        let show = |row: &InvitationRow| Some(row.show(id, caller.now)).filter(|row| filter.accepts(row));
        let part = invitations.part(begin, PAGE_SIZE, show);
        let total = match part.next {
            _ if *filter == InvitationFilter::all() => Some(invitations.len()),
            // Later pages leave it out, so that a long list is not counted once for each.
            Some(_) if begin == 0 => Some(invitations.iter().filter_map(show).count()),
            None if begin == 0 => Some(part.rows.len()),
            _ => None,
        };
        Ok(Part { total, ..part })
    }

    pub(crate) fn get_invitation(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (row, _) = self.own(caller, organization)?;
        let found = row.invitations.get(id.as_str()).filter(|invitation| invitation.id == *id);
        found.map(|invitation| invitation.show(&row.id, caller.now)).ok_or_else(no_invitation)
    }

    pub(crate) fn invite(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        email: Email,
        role: Role,
    ) -> Result<Invitation, Error> {
        let id = InvitationId::new(self.next_id("invitation")).expect("not empty");
        let number = self.last_id;
        let token = Secret::from(self.next_id("token"));
        let now = caller.now;
        let (row, own_role) = self.managed(caller, organization)?;
        check_not_above(&role, &own_role)?;
        if row.members.of(&email).next().is_some() {
            return Err(refused(ErrorKind::AlreadyExists, "the person is a member already"));
        }
        let waits = |invitation: &InvitationRow| invitation.status(now) == InvitationStatus::Pending;
        if row.invitations.of(&email).any(waits) {
            return Err(refused(ErrorKind::AlreadyExists, "the person is invited already"));
        }
        let expires_at = now.saturating_add(LIFE);
        let invited_by = caller.account.email.clone();
        let invitation =
            InvitationRow { id, email, role, invited_by, answer: None, created_at: now, expires_at, token };
        let mail = mail(organization, &invitation, MailKind::Invite, now);
        let shown = invitation.show(organization, now);
        row.invitations.push(number, invitation);
        self.mails.push(mail);
        Ok(shown)
    }

    pub(crate) fn resend_invitation(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Invitation, Error> {
        let (row, _) = self.managed(caller, organization)?;
        let found = row.invitations.get_mut(id.as_str()).filter(|invitation| invitation.id == *id);
        let invitation = found.ok_or_else(no_invitation)?;
        check_unanswered(invitation)?;
        invitation.expires_at = caller.now.saturating_add(LIFE);
        let mail = mail(organization, invitation, MailKind::Resend, caller.now);
        let shown = invitation.show(organization, caller.now);
        self.mails.push(mail);
        Ok(shown)
    }

    pub(crate) fn revoke_invitation(
        &mut self,
        caller: &Caller,
        organization: &OrganizationId,
        id: &InvitationId,
    ) -> Result<(), Error> {
        let (row, _) = self.managed(caller, organization)?;
        let found = row.invitations.get(id.as_str()).filter(|invitation| invitation.id == *id);
        let found = found.ok_or_else(no_invitation)?;
        found.show(organization, caller.now).check_revocable()?;
        if found.answer.is_some() {
            return Err(no_invitation());
        }
        row.invitations.remove(id.as_str());
        Ok(())
    }
}

/// Invitations, as the invited person sees them.
impl State {
    pub(crate) fn my_invitations(&self, caller: &Caller) -> Vec<Invitation> {
        let mine = self.organizations.iter().flat_map(|row| {
            row.invitations.of(&caller.account.email).map(|invitation| {
                let mut shown = invitation.show(&row.id, caller.now);
                shown.organization_name = Some(row.name.clone());
                shown
            })
        });
        mine.collect()
    }

    pub(crate) fn respond(
        &mut self,
        caller: &Caller,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let (organization, found) = self.invitation_by_ref(caller, invitation)?;
        check_unanswered(found)?;
        if found.status(caller.now) == InvitationStatus::Expired {
            return Err(refused(ErrorKind::Expired, "the invitation waited too long: ask for another"));
        }
        found.answer = Some(answer);
        let (email, role) = (found.email.clone(), found.role.clone());
        let mut answered = Answered::checked(answer, found.status(caller.now))?;
        answered.invitation = Some(found.show(&organization, caller.now));
        if answer == Answer::Accept {
            let account = self.account(&email);
            self.join(&organization, &Caller { account, now: caller.now }, role)?;
        }
        answered.organization_id = Some(organization);
        Ok(answered)
    }

    /// The invitation to be answered, if it is the caller's, or the token's, to answer.
    fn invitation_by_ref(
        &mut self,
        caller: &Caller,
        invitation: &InvitationRef,
    ) -> Result<(OrganizationId, &mut InvitationRow), Error> {
        let mut everywhere = self.organizations.iter_mut();
        let (found, addressee) = match invitation {
            InvitationRef::Id { organization, id } => {
                let is_there = |there: &OrganizationId| organization.as_ref().is_none_or(|it| it == there);
                let found = everywhere.filter(|row| is_there(&row.id)).find_map(|row| {
                    let found = row.invitations.get_mut(id.as_str()).filter(|there| there.id == *id);
                    found.map(|found| (row.id.clone(), found))
                });
                (found, &caller.account.email)
            }
            InvitationRef::Token { email, token } => {
                let found = everywhere.find_map(|row| {
                    let found = row.invitations.iter_mut().find(|there| there.token == *token);
                    found.map(|found| (row.id.clone(), found))
                });
                (found, email)
            }
            _ => {
                return Err(refused(
                    ErrorKind::Unsupported,
                    "memory knows no such way to name an invitation",
                ));
            }
        };
        let found = found.ok_or_else(no_invitation)?;
        if found.1.email != *addressee {
            return Err(refused(ErrorKind::PermissionDenied, "the invitation is somebody else's"));
        }
        Ok(found)
    }
}

/// A refusal of the service.
fn refused(kind: ErrorKind, message: &str) -> Error {
    Error::new(kind, message).with_reach(Reach::Answered)
}

fn no_invitation() -> Error {
    refused(ErrorKind::NotFound, "there is no such invitation: it was answered, was revoked or never was")
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.trim().is_empty() {
        return Err(refused(ErrorKind::InvalidInput, "an organization's name must not be blank"));
    }
    Ok(())
}

/// Where this service ranks a role: the lower, the more it may do.
fn rank(role: &Role) -> usize {
    Role::KNOWN.iter().position(|known| known == role).unwrap_or(Role::KNOWN.len())
}

fn check_not_above(role: &Role, own: &Role) -> Result<(), Error> {
    if rank(role) < rank(own) {
        let message = format!("the role {role} is above the caller's own, {own}");
        return Err(refused(ErrorKind::PermissionDenied, &message));
    }
    Ok(())
}

fn check_unanswered(invitation: &InvitationRow) -> Result<(), Error> {
    invitation.answer.map_or(Ok(()), |answer| {
        let message = format!("the invitation is {} already", answer.status());
        Err(refused(ErrorKind::Conflict, &message))
    })
}

/// Refuses a member who is not there, or whom nobody of this role may change.
fn check_reachable(row: &OrganizationRow, member: &MemberId, own_role: &Role) -> Result<(), Error> {
    let found = row.members.get(member.as_str()).filter(|there| there.id == *member);
    let found = found.ok_or_else(|| refused(ErrorKind::NotFound, "there is no such member"))?;
    check_not_above(&found.role, own_role)
}

/// Refuses to lose the last owner.
fn check_other_owner(row: &OrganizationRow, member: &MemberId) -> Result<(), Error> {
    let mut owners = row.members.iter().filter(|there| there.role == Role::Owner);
    if owners.next().is_some_and(|first| first.id == *member) && owners.next().is_none() {
        let message = "the organization would lose its last owner: make somebody else an owner first";
        return Err(refused(ErrorKind::Conflict, message));
    }
    Ok(())
}

fn mail(organization: &OrganizationId, invitation: &InvitationRow, kind: MailKind, at: Timestamp) -> Mail {
    Mail {
        organization: organization.clone(),
        email: invitation.email.clone(),
        kind,
        invitation: invitation.id.clone(),
        token: invitation.token.clone(),
        at,
    }
}
