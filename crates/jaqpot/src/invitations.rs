//! The operations on invitations.

use std::time::Duration;

use async_trait::async_trait;
use orgport_core::http::{Doc, Request};
use orgport_core::{
    Answer, Answered, Draft, Email, Error, ErrorKind, Invitation, InvitationId, InvitationRef,
    InvitationsAdapter, ListInvitations, OrganizationId, Page, Reach, Reply, Secret,
};

use crate::client::check_uuid;
use crate::config::DEFAULT_WEB_URL;
use crate::convert;
use crate::model::{Dated, OrganizationInvitation, OrganizationInvitationStatus};
use crate::organizations::incomplete;
use crate::provider::JaqpotAdapter;
use crate::request::UpdateInvitation;

#[async_trait]
impl InvitationsAdapter for JaqpotAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let org = list.organization;
        let convert = |told| convert::invitation(told, org);
        Ok(Page::whole(self.client.invitations(org.as_str(), convert).await?.value))
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        convert::invitation(self.find(org, id).await?, org)
    }

    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let emails = batch.iter().map(|draft| draft.email().map(Email::as_str));
        let emails: Vec<_> = emails.collect::<Result<_, _>>()?;
        self.client.create_invitations(org.as_str(), &emails).await?;
        Ok(Reply::Accepted)
    }

    fn invitation_link(&self, org: &OrganizationId, invitation: &Invitation) -> Result<Secret, Error> {
        let page = Request::get("/dashboard/organizations/{name}/invitations/{uuid}");
        let page = page.segment(org).segment(&invitation.id).path_and_query()?;
        let web = self.shared.settings.web_url.as_deref().unwrap_or(DEFAULT_WEB_URL);
        Ok(Secret::new(&format!("{}{page}", web.trim_end_matches('/'))))
    }

    async fn resend_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let before = self.find(org, id).await?.value;
        check_unanswered(&before)?;
        let number = self.number_of(org).await?;
        match self.client.resend_invitation(number, id.as_str()).await {
            Ok(()) => {
                let there = self.find(org, id).await.and_then(|there| convert::invitation(there, org));
                there.map_err(|error| {
                    let what =
                        "the mail was sent again, and reading the invitation back failed: read it again";
                    incomplete(&error, what)
                })
            }
            Err(lost) if lost.reach() == Reach::Unanswered => {
                let moved = |now: &OrganizationInvitation| now.expiration_date != before.expiration_date;
                convert::invitation(self.reconcile(org, id, lost, moved).await?, org)
            }
            Err(error) => self.forgetting(org, Err(error)),
        }
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let (org, id) = self.addressed(invitation)?;
        let before = self.find(org, id).await?.value;
        check_unanswered(&before)?;
        let update = UpdateInvitation {
            id: None,
            user_id: None,
            user_email: before.user_email.clone(),
            status: convert::answer(answer),
            expiration_date: before.expiration_date.clone(),
        };
        let reply = match self.client.update_invitation(org.as_str(), id.as_str(), &update).await {
            Err(lost) if lost.reach() == Reach::Unanswered => {
                let answered = |now: &OrganizationInvitation| now.status != before.status;
                self.reconcile(org, id, lost, answered).await?
            }
            reply => reply?,
        };
        let invitation = convert::invitation(reply, org)?;
        let mut answered = Answered::checked(answer, invitation.status.clone())?;
        answered.organization_id = Some(org.clone());
        answered.invitation = Some(invitation);
        Ok(answered)
    }

    /// Rows are stored before the response, and the list is read from the database.
    fn lists_at_once(&self) -> bool {
        true
    }
}

impl JaqpotAdapter {
    /// Reads an invitation; one that is not found is told from an organization that is not.
    pub(crate) async fn find(
        &self,
        org: &OrganizationId,
        id: &InvitationId,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        check_uuid(id.as_str())?;
        match self.client.get_invitation(org.as_str(), id.as_str()).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(self.which_is_missing(org, error).await),
            other => other,
        }
    }

    /// Newer servers respond alike to a missing organization and a missing invitation.
    async fn which_is_missing(&self, org: &OrganizationId, not_found: Error) -> Error {
        match self.read(org).await.map_err(|error| (error.kind(), error)) {
            Err((ErrorKind::NotFound, error)) => {
                error.with_message(format!("there is no organization named {org}"))
            }
            Err((ErrorKind::Conflict, error)) => error,
            // A private organization that does not show itself is there.
            Ok(_) | Err((ErrorKind::PermissionDenied, _)) => {
                not_found.with_message(format!("the organization {org} has no such invitation"))
            }
            Err(_) => not_found.with_message("there is no such organization, or no such invitation in it"),
        }
    }

    fn addressed<'a>(
        &'a self,
        invitation: &'a InvitationRef,
    ) -> Result<(&'a OrganizationId, &'a InvitationId), Error> {
        let InvitationRef::Id { organization, id } = invitation else {
            let message = "Jaqpot's mails hold no token: answer by the invitation's id";
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        match organization.as_ref().or(self.shared.organization.as_ref()) {
            Some(org) => Ok((org, id)),
            None => Err(Error::new(
                ErrorKind::InvalidInput,
                "Jaqpot finds an invitation by its organization's name: pass it, or configure an organization",
            )),
        }
    }

    /// Finds out whether a write happened whose response was lost: it shows at once, or it has not
    /// happened when it does not show after the settle time either.
    async fn reconcile(
        &self,
        org: &OrganizationId,
        id: &InvitationId,
        lost: Error,
        is_done: impl Fn(&OrganizationInvitation) -> bool + Send,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        for wait in [Duration::ZERO, self.shared.settle] {
            self.shared.clock.sleep(wait).await;
            match self.find(org, id).await {
                Ok(now) if is_done(&now.value) => return Ok(now),
                Ok(_) => {}
                Err(failed) => {
                    let message = "the response was lost, and looking at the invitation failed too: look before doing \
                                   it again";
                    return Err(lost
                        .clone()
                        .with_kind(ErrorKind::Ambiguous)
                        .with_message(message)
                        .with_source(failed));
                }
            }
        }
        let message = "the response was lost, and the invitation shows that nothing was done: try again";
        Err(lost.with_kind(ErrorKind::Unavailable).with_message(message).with_reach(Reach::NotSent))
    }
}

fn check_unanswered(invitation: &OrganizationInvitation) -> Result<(), Error> {
    use OrganizationInvitationStatus::{Accepted, Rejected};
    let word = match invitation.status {
        Accepted => "accepted",
        Rejected => "declined",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Conflict, format!("the invitation is {word} already")))
}
