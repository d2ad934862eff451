//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::{
    Answer, Answered, Cursor, Draft, Error, ErrorKind, Invitation, InvitationId, InvitationRef,
    InvitationStatus, InvitationsAdapter, ListInvitations, OrganizationId, Page, Reply,
};

use crate::client::object_id;
use crate::convert;
use crate::model::Invites;
use crate::organizations::unconfirmed;
use crate::provider::LosantAdapter;
use crate::request::{OrgInviteAction, OrgInvitePost};

const GONE: &str = "accepted, declined or revoked: this vendor does not say";

#[async_trait]
impl InvitationsAdapter for LosantAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let org = list.organization;
        let convert = |row, date| convert::invitation(row, org, date);
        Ok(Page::whole(self.client.invitations(org.as_str(), convert).await?))
    }

    /// Losant has no call for one invitation.
    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        object_id("the invitation id", id.as_str())?;
        let page = self.list_invitations(ListInvitations::all(org)).await?;
        let is_id = |text: &str| convert::is_same_id(text, id.as_str());
        page.pick(|found| is_id(found.id.as_str()), is_id, GONE)
    }

    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let mut made = Vec::new();
        for draft in batch {
            let post = convert::invite_post(draft)?;
            let Invites { items, date } =
                self.client.invite_and_find(org.as_str(), &post, draft.email()?).await?;
            // Rows that cannot be read are left to the look, which does not overlook them.
            let rows = items.into_iter().flatten();
            made.extend(rows.filter_map(|row| convert::invitation(row, org, date).ok()));
        }
        Ok(Reply::Listed(made))
    }

    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        // The response is the remaining invitations, which says nothing of an id that never was there.
        self.get_invitation(org, id).await?;
        let remaining = match self.client.revoke_invite(org.as_str(), id.as_str()).await {
            Ok(Some(remaining)) => remaining,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(error.with_message(GONE)),
            Err(error) => return Err(error),
        };
        let is_id = |text: &str| convert::is_same_id(text, id.as_str());
        let is_there = remaining.items.iter().any(|row| match row {
            Ok(row) => is_id(&row.id),
            Err(unreadable) => unreadable.row().is_none_or(|row| row.mentions(is_id)),
        });
        if is_there {
            return Err(unconfirmed("the revocation: look at the invitations"));
        }
        Ok(())
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        match invitation {
            InvitationRef::Id { id, .. } => {
                let action = convert::action(answer);
                let result = self.client.respond_to_my_invite(id.as_str(), action).await?;
                convert::answered(answer, result.value)
            }
            InvitationRef::Token { email, token } => {
                email.check()?;
                let accept = answer == Answer::Accept;
                let action =
                    OrgInviteAction { email: email.as_str().to_owned(), token: token.clone(), accept };
                let result = self.client.answer_emailed_invite(&action).await?;
                convert::answered_by_token(answer, result.value)
            }
            _ => Err(Error::new(ErrorKind::Unsupported, "Losant knows invitations by id or by mailed token")),
        }
    }

    async fn my_invitations(&self, _: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        let Invites { items, date } = self.client.my_invites().await?;
        Ok(Page::converted(items, |row| convert::my_invitation(row, date)))
    }

    fn check_replacement(&self, draft: &Draft) -> Result<(), Error> {
        convert::invite_post(draft).map(drop)
    }

    fn carried_over(&self, draft: &Draft) -> Option<String> {
        let OrgInvitePost { resources, disallow_transfer, .. } = convert::invite_post(draft).ok()?;
        let mut words = Vec::new();
        let of_resources = [&resources.application_roles, &resources.dashboard_roles];
        if of_resources.into_iter().flatten().any(|roles| !roles.is_empty()) {
            words.push(format!("the roles {}", serde_json::to_string(&resources).ok()?));
        }
        if disallow_transfer == Some(true) {
            words.push("disallowTransfer".to_owned());
        }
        (!words.is_empty()).then(|| words.join(" and "))
    }

    async fn clear_dead(
        &self,
        organization: &OrganizationId,
        dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        if refusal.status() != Some(400) || dead.status != InvitationStatus::Expired {
            return Ok(false);
        }
        self.client.revoke_invite(organization.as_str(), dead.id.as_str()).await?;
        Ok(true)
    }
}
