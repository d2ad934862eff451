//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::http::{Doc, Request};
use orgport_core::{
    Answer, Answered, Cursor, Draft, Error, ErrorKind, Invitation, InvitationFilter, InvitationId,
    InvitationRef, InvitationStatus, InvitationsAdapter, ListInvitations, OrganizationId, Page, Reach, Reply,
    Secret,
};

use crate::convert;
use crate::model::OrganizationInvitation;
use crate::provider::KoyebAdapter;
use crate::request::{InvitationQuery, MyInvitationQuery};
use crate::scope::Access;

#[async_trait]
impl InvitationsAdapter for KoyebAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { organization: org, filter, cursor, .. } = list;
        let part = convert::part(cursor)?;
        let client = self.scoped(org, Access::Read).await?;
        let query = InvitationQuery { part, statuses: convert::statuses(filter), user_id: None };
        convert::page(part, client.list_invitations(&query).await?, |row| {
            convert::invitation_to(org, row).map(Some)
        })
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let client = self.scoped(org, Access::Read).await?;
        let found = client.get_invitation(id.as_str()).await?;
        convert::invitation_to(org, found)
    }

    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let client = self.scoped(org, Access::Write).await?;
        let mut made = Vec::with_capacity(batch.len());
        for draft in batch {
            // The role is Owner, which the vendor gives unasked.
            let invitation = client.create_invitation(draft.email()?.as_str()).await?;
            made.push(self.made_in(org, invitation).await?);
        }
        Ok(Reply::Listed(made))
    }

    /// The vendor's own pages and its API have one address.
    fn invitation_link(&self, _: &OrganizationId, invitation: &Invitation) -> Result<Secret, Error> {
        let page = Request::get("/account/organization_invitations/{id}").segment(&invitation.id);
        let base = self.client.transport().base_url().as_str().trim_end_matches('/').to_owned();
        Ok(Secret::new(&(base + &page.path_and_query()?)))
    }

    async fn resend_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let client = self.scoped(org, Access::Write).await?;
        match client.resend_invitation(id.as_str()).await {
            Ok(resent) => self.made_in(org, resent).await,
            Err(failure) if is_refusal(&failure) => {
                Err(match client.get_invitation(id.as_str()).await.and_then(convert::invitation) {
                    // An expired one can be resent, so that is not why.
                    Ok(found) if found.status != InvitationStatus::Expired => {
                        too_late(failure, &found.status)
                    }
                    _ => failure,
                })
            }
            Err(failure) => Err(failure),
        }
    }

    /// Reads first, since the vendor deletes accepted invitations too, which takes nobody's access
    /// away. Who accepts at the same moment can slip in between.
    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        let client = self.scoped(org, Access::Write).await?;
        let found = client.get_invitation(id.as_str()).await?;
        convert::invitation_to(org, found)?.check_revocable()?;
        client.delete_invitation(id.as_str()).await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let InvitationRef::Id { id, .. } = invitation else {
            let message = "Koyeb's mails hold no token: answer by the invitation's id, with the invited \
                           person's own credential";
            return Err(Error::new(ErrorKind::Unsupported, message));
        };
        let sent = match answer {
            Answer::Accept => self.client.accept_invitation(id.as_str()).await,
            Answer::Decline => self.client.decline_invitation(id.as_str()).await,
        };
        let confirmed = match sent.and_then(convert::invitation) {
            Ok(confirmed) => confirmed,
            Err(error) => self.look_at_answer(id, answer, error).await?,
        };
        let mut answered = Answered::checked(answer, confirmed.status.clone())?;
        answered.organization_id.clone_from(&confirmed.organization_id);
        answered.invitation = Some(confirmed);
        Ok(answered)
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let part = convert::part(cursor)?;
        let query = MyInvitationQuery { part, ..MyInvitationQuery::default() };
        let listing = self.client.list_my_invitations(&query).await?;
        convert::page(part, listing, |row| convert::invitation(row).map(Some))
    }

    /// Koyeb filters, and what waits no longer stands against nothing.
    fn look_filter(&self) -> InvitationFilter {
        InvitationFilter::pending()
    }
}

impl KoyebAdapter {
    /// Settles by one read what an answer that failed has done: the invitation shows it.
    async fn look_at_answer(
        &self,
        id: &InvitationId,
        answer: Answer,
        failure: Error,
    ) -> Result<Invitation, Error> {
        let is_lost = failure.reach() == Reach::Unanswered;
        if !is_lost && !is_refusal(&failure) {
            return Err(failure);
        }
        match self.client.get_my_invitation(id.as_str()).await.and_then(convert::invitation) {
            Ok(found) if is_lost && found.status == answer.status() => Ok(found),
            Ok(found) => Err(too_late(failure, &found.status)),
            Err(_) => Err(failure),
        }
    }

    /// The invitation in the response to a write, which must be one to `organization`.
    pub(crate) async fn made_in(
        &self,
        org: &OrganizationId,
        made: Doc<OrganizationInvitation>,
    ) -> Result<Invitation, Error> {
        let found = convert::organization_of_invitation(&made);
        if let Some(found) = found.filter(|found| *found != org.as_str()) {
            // The token has moved; the next call finds out where to.
            self.shared.scopes.forget().await;
            let message = format!(
                "the token acts in organization {found} by now, and the mail to join {found} went out instead \
                 of {org}: revoke invitation {} there",
                made.id
            );
            // The vendor has responded: sending again would only mail again.
            return Err(Error::new(ErrorKind::Protocol, message).with_reach(Reach::Answered));
        }
        convert::invitation_to(org, made)
    }
}

/// Whether the vendor refused for a reason that it does not name for sure. Which status and code an
/// answered invitation is refused with is not documented.
fn is_refusal(failure: &Error) -> bool {
    use ErrorKind::{AlreadyExists, Conflict, InvalidInput, NotFound, PermissionDenied};
    failure.reach() == Reach::Answered
        && matches!(failure.kind(), AlreadyExists | Conflict | InvalidInput | NotFound | PermissionDenied)
}

/// What a failure means where the invitation is found to have this status.
fn too_late(failure: Error, found: &InvitationStatus) -> Error {
    let kind = match found {
        InvitationStatus::Accepted | InvitationStatus::Declined => ErrorKind::Conflict,
        InvitationStatus::Expired => ErrorKind::Expired,
        _ => return failure,
    };
    let message = format!("the invitation is {found} already");
    failure.with_kind(kind).with_message(message).with_reach(Reach::Answered)
}
