//! The operations on invitations.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use orgport_core::{
    Answer, Answered, Cursor, Draft, Error, ErrorKind, Found, Invitation, InvitationFilter, InvitationId,
    InvitationRef, InvitationStatus, InvitationsAdapter, Invitee, ListInvitations, Native, OrganizationId,
    Page, Reach, Reply, stream,
};

use crate::convert::{self, NO_INVITATION, Place};
use crate::model;
use crate::model::MembershipState;
use crate::organizations::FIRST;
use crate::provider::GitHubAdapter;
use crate::request::{self, InvitationQuery, MembershipQuery, NewInvitation};

/// The list of those that wait, and the list of those that failed.
const WAITING: u8 = 0;
const FAILED: u8 = 1;

/// A create is cut off after this time, so that an invitation that is older was there before.
const LONGEST_CREATE: Duration = Duration::from_secs(10);

/// So many accounts are asked for alone; for more the lists are read.
const ASKED_ALONE: usize = 20;

/// How long an accepted invitation may take to make a member.
const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_secs(2);

#[async_trait]
impl InvitationsAdapter for GitHubAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { organization: org, filter, cursor, .. } = list;
        let is_wanted = |status| filter.statuses.is_empty() || filter.statuses.contains(&status);
        let wants_failed = is_wanted(InvitationStatus::Expired) || is_wanted(InvitationStatus::Failed);
        let first = if is_wanted(InvitationStatus::Pending) { WAITING } else { FAILED };
        let Place { list, link } = Place::of(cursor, first)?;
        let listing = match link {
            Some(link) => self.client.follow(link).await?,
            None if list == WAITING => {
                let query = InvitationQuery { part: FIRST, ..InvitationQuery::default() };
                self.client.list_invitations(org.as_str(), &query).await?
            }
            None => self.client.list_failed_invitations(org.as_str(), FIRST).await?,
        };
        let then = (list == WAITING && wants_failed).then_some(FAILED);
        Ok(convert::page(listing, list, then, |row| convert::invitation(org, row, list == FAILED).map(Some)))
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        convert::invitation_number(id)?;
        let failed = InvitationFilter::all()
            .with_status(InvitationStatus::Expired)
            .with_status(InvitationStatus::Failed);
        match self.find_in(org, id, &InvitationFilter::pending()).await {
            Err(error) if error.kind() == ErrorKind::NotFound && error.status().is_none() => {
                self.find_in(org, id, &failed).await
            }
            found => found,
        }
    }

    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let [draft] = batch else {
            return Err(Error::new(ErrorKind::InvalidInput, "GitHub invites one person at a time"));
        };
        match self.send(org, draft).await {
            // Rows of invitations that failed are said to stand in the way.
            Err(refusal) if refusal.status() == Some(422) && refusal.kind() == ErrorKind::InvalidInput => {
                match self.clear_failed(org, &draft.invitee).await {
                    Ok(true) => self.send(org, draft).await,
                    _ => Err(refusal),
                }
            }
            sent => sent,
        }
    }

    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        let number = convert::invitation_number(id)?;
        self.client.delete_invitation(org.as_str(), number).await
    }

    /// By the organization: the invited person is not told the invitation's id.
    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let organization = match invitation {
            InvitationRef::Id { organization: Some(organization), id } => {
                check_mine(organization, id)?;
                organization.clone()
            }
            InvitationRef::Id { organization: None, id } => OrganizationId::new(id.as_str())?,
            _ => {
                let message = "GitHub's mails hold no token: answer by the organization, with the invited person's \
                               own credential";
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        let found = self.client.get_my_membership(organization.as_str()).await?;
        if found.state != MembershipState::Pending {
            let message = "the invitation is accepted already";
            return Err(Error::new(ErrorKind::Conflict, message).with_reach(Reach::Answered));
        }
        let waiting = convert::my_invitation(found)?;
        self.accept(&organization).await?;
        let mut answered = Answered::checked(answer, InvitationStatus::Accepted)?;
        answered.organization_id = waiting.and_then(|waiting| waiting.organization_id).or(Some(organization));
        Ok(answered)
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let listing = if let Some(link) = Place::of(cursor, WAITING)?.link {
            self.client.follow(link).await?
        } else {
            let query = MembershipQuery { part: FIRST, state: Some(MembershipState::Pending) };
            self.client.list_my_memberships(&query).await?
        };
        Ok(convert::page(listing, WAITING, None, convert::my_invitation))
    }

    /// Those that failed stand against nothing, and can be many.
    fn look_filter(&self) -> InvitationFilter {
        InvitationFilter::pending()
    }

    /// An account can be asked for alone, which is cheaper than reading all members.
    async fn look_for(&self, org: &OrganizationId, people: &[&Invitee]) -> Result<Option<Found>, Error> {
        let accounts: Vec<_> = people.iter().filter_map(|person| person.account()).collect();
        if accounts.len() < people.len() || accounts.len() > ASKED_ALONE {
            return Ok(None);
        }
        let waiting = self.rows(org, &InvitationFilter::pending()).await;
        let mut found =
            Found { invitations: waiting.items.into_iter().collect::<Result<_, _>>()?, ..Found::default() };
        for account in accounts {
            match self.client.get_membership(org.as_str(), account.as_str()).await {
                Ok(membership) => found.members.extend(convert::membership(membership)?),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(found))
    }

    fn is_member_already(&self, refusal: &Error) -> bool {
        refusal.kind() == ErrorKind::AlreadyExists
    }

    /// The teams, which an invitation's JSON only counts. Those of one that failed are not shown.
    async fn extras(&self, org: &OrganizationId, old: &Invitation) -> Result<Option<Native>, Error> {
        if old.status != InvitationStatus::Pending || team_count(old.native.as_ref()) == 0 {
            return Ok(None);
        }
        let number = convert::invitation_number(&old.id)?;
        let mut teams = Vec::new();
        let mut listing = self.client.list_invitation_teams(org.as_str(), number, FIRST).await?;
        loop {
            for team in listing.items {
                teams.push(team?.value.id);
            }
            let Some(next) = listing.next else { break };
            listing = self.client.follow(&next).await?;
        }
        Ok(Some(Native::from_value(&teams.into())))
    }

    fn check_replacement(&self, draft: &Draft) -> Result<(), Error> {
        let (counted, shown) = (team_count(draft.replaces.as_ref()), teams(draft).len() as u64);
        if counted == shown {
            return Ok(());
        }
        let message = format!(
            "of the invitation's teams GitHub counts {counted} and shows {shown}, so that a new one would not lead \
             to all: revoke it, and invite with the teams on GitHub's page"
        );
        Err(Error::new(ErrorKind::Conflict, message))
    }

    fn carried_over(&self, draft: &Draft) -> Option<String> {
        let teams: Vec<_> = teams(draft).iter().map(u64::to_string).collect();
        (!teams.is_empty()).then(|| format!("the teams {}", teams.join(", ")))
    }
}

/// To how many teams the vendor's JSON says that an invitation leads.
fn team_count(native: Option<&Native>) -> u64 {
    let row = native.and_then(|native| native.read::<model::Invitation>().ok());
    row.and_then(|row| row.team_count).unwrap_or_default()
}

/// The teams that a draft takes over from the invitation that it replaces.
fn teams(draft: &Draft) -> Vec<u64> {
    draft.extras.as_ref().and_then(|extras| extras.read().ok()).unwrap_or_default()
}

impl GitHubAdapter {
    async fn rows(&self, org: &OrganizationId, filter: &InvitationFilter) -> Page<Invitation> {
        let fetch = |cursor: Option<Cursor>| async move {
            self.list_invitations(ListInvitations::new(org, filter).at(cursor.as_ref())).await
        };
        Page::whole(stream::items(fetch).collect().await)
    }

    async fn find_in(
        &self,
        org: &OrganizationId,
        id: &InvitationId,
        filter: &InvitationFilter,
    ) -> Result<Invitation, Error> {
        self.rows(org, filter).await.pick(|row| row.id == *id, |text| text == id.as_str(), NO_INVITATION)
    }

    /// Invites, and tells an invitation that was there before by its age.
    async fn send(&self, org: &OrganizationId, draft: &Draft) -> Result<Reply, Error> {
        let invitee = match &draft.invitee {
            Invitee::Account(name) => {
                request::Invitee::InviteeId(self.client.get_user_by_login(name.as_str()).await?.id)
            }
            _ => request::Invitee::Email(draft.email()?.as_str().to_owned()),
        };
        let role = draft.role.as_ref().map(convert::invitation_role);
        let team_ids = Some(teams(draft)).filter(|teams| !teams.is_empty());
        let new = NewInvitation { invitee, role, team_ids };
        let (made, now) = self.client.invite(org.as_str(), &new).await?;
        let mut row = convert::invitation(org, made, false)?;
        if row.account.is_none() {
            // It was invited, whatever of it is shown.
            row.account = draft.invitee.account().cloned();
        }
        let is_old = row.created_at.is_some_and(|at| now.saturating_since(at) > LONGEST_CREATE);
        Ok(if is_old && row.is_for(&draft.invitee) {
            Reply::AlreadyThere(Box::new(row))
        } else {
            Reply::Listed(vec![row])
        })
    }

    /// Removes the rows of a person whose invitations failed; says whether there was any.
    async fn clear_failed(&self, org: &OrganizationId, person: &Invitee) -> Result<bool, Error> {
        let filter = InvitationFilter::all()
            .with_status(InvitationStatus::Expired)
            .with_status(InvitationStatus::Failed);
        let mut cleared = false;
        for row in self.rows(org, &filter).await {
            let row = row?;
            if row.is_for(person) {
                self.client.delete_invitation(org.as_str(), convert::invitation_number(&row.id)?).await?;
                cleared = true;
            }
        }
        Ok(cleared)
    }

    /// Accepts, and waits until that shows, or looks where no response came.
    async fn accept(&self, org: &OrganizationId) -> Result<(), Error> {
        let failure = match self.client.accept_invitation(org.as_str()).await {
            Ok(now) if now.state == MembershipState::Active => return Ok(()),
            Ok(_) => None,
            Err(error) if error.reach() == Reach::Unanswered => Some(error),
            Err(error) => return Err(error),
        };
        let clock = self.client.transport().clock();
        let begun = clock.elapsed();
        loop {
            match self.client.get_my_membership(org.as_str()).await {
                Ok(now) if now.state == MembershipState::Active => return Ok(()),
                Ok(_) if clock.elapsed().saturating_sub(begun) < PATIENCE => clock.sleep(STEP).await,
                Ok(_) => break,
                Err(error) => return Err(failure.unwrap_or(error)),
            }
        }
        Err(failure.unwrap_or_else(|| {
            let message =
                "GitHub has taken the answer and does not show the membership yet: look again later";
            Error::new(ErrorKind::Ambiguous, message).with_reach(Reach::Unanswered)
        }))
    }
}

/// An invitation of one's own has the organization's id; the number that its owners know it by is believed.
///
/// # Errors
///
/// `NotFound` for anything else.
fn check_mine(organization: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
    if id.as_str().eq_ignore_ascii_case(organization.as_str()) {
        return Ok(());
    }
    convert::invitation_number(id).map(drop)
}
