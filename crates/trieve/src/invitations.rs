//! The operations on invitations.

use async_trait::async_trait;
use orgport_core::{
    Draft, Error, ErrorKind, Invitation, InvitationId, InvitationsAdapter, ListInvitations, OrganizationId,
    Page, Reply, Secret,
};

use crate::client::invitation_uuid;
use crate::convert;
use crate::error::{already_invited, is_unclear};
use crate::provider::TrieveAdapter;
use crate::request::InvitationData;

/// The vendor's column for addresses ends here.
const LONGEST_EMAIL: usize = 100;

#[async_trait]
impl InvitationsAdapter for TrieveAdapter {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let org = list.organization;
        Ok(Page::whole(self.client.invitations(org.as_str(), convert::invitation).await?))
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let wanted = invitation_uuid(id.as_str())?;
        let is_id = |text: &str| invitation_uuid(text).is_ok_and(|found| found == wanted);
        let missing = "there is no such invitation in this organization: revoked, resent under a new id, or never there";
        let rows = self.list_invitations(ListInvitations::all(org)).await?;
        rows.pick(|row| is_id(row.id.as_str()), is_id, missing)
    }

    async fn send_invitations(&self, org: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        for draft in batch {
            let data = self.invitation_data(draft)?;
            self.client.create_invitation(org.as_str(), &data).await?;
        }
        Ok(Reply::Accepted)
    }

    /// As the vendor mails it to people who are new, without encoding.
    fn invitation_link(&self, org: &OrganizationId, invitation: &Invitation) -> Result<Secret, Error> {
        let (app_url, redirect_uri) = (&self.links.app_url, self.links.redirect_uri()?);
        let id = &invitation.id;
        Ok(Secret::new(&format!(
            "{app_url}/auth?inv_code={id}&organization_id={org}&redirect_uri={redirect_uri}"
        )))
    }

    /// The vendor deletes any organization's invitation, and used ones too.
    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        let present = self.get_invitation(org, id).await?;
        present.check_revocable()?;
        match self.client.delete_invitation(org.as_str(), present.id.as_str()).await {
            Err(error) if is_unclear(&error) => match self.get_invitation(org, id).await {
                Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            },
            done => done,
        }
    }

    /// The vendor mails before it responds, so that one which gave up may have stored the row only.
    fn is_mail_in_doubt(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::Incomplete || error.status() == Some(408)
    }

    /// A used invitation of exactly this address blocks a new one.
    async fn clear_dead(
        &self,
        org: &OrganizationId,
        _dead: &Invitation,
        refusal: &Error,
    ) -> Result<bool, Error> {
        // There may be several used ones, in other letters; the vendor's words name the one.
        let blocks = |row: &Invitation| {
            let email = row.email.as_ref().map(|email| already_invited(email.as_str()));
            !row.is_pending() && email.is_some() && email.as_deref() == refusal.vendor_message()
        };
        let rows = self.list_invitations(ListInvitations::all(org)).await?;
        let Some(row) = rows.into_iter().flatten().find(blocks) else { return Ok(false) };
        self.client.delete_invitation(org.as_str(), row.id.as_str()).await?;
        Ok(true)
    }

    /// Nothing is deleted that could not be made again.
    fn check_replacement(&self, draft: &Draft) -> Result<(), Error> {
        self.invitation_data(draft).map(drop)
    }

    fn carried_over(&self, draft: &Draft) -> Option<String> {
        let (_, scopes) = convert::carried_over(draft.replaces.as_ref()?).ok()?;
        let scopes = serde_json::to_string(&scopes?).ok()?;
        Some(format!("the scopes {scopes}"))
    }
}

impl TrieveAdapter {
    /// What invites this person. The invitation that it replaces, if any, decides about role
    /// and scopes.
    fn invitation_data(&self, draft: &Draft) -> Result<InvitationData, Error> {
        let email = draft.email()?.as_str();
        if email.chars().count() > LONGEST_EMAIL {
            let message = format!("Trieve takes addresses of at most {LONGEST_EMAIL} characters");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let carried = draft.replaces.as_ref().map(convert::carried_over).transpose()?;
        let (carried, scopes) = carried.unwrap_or_default();
        let role =
            carried.or_else(|| draft.role.as_ref().and_then(convert::role_number)).ok_or_else(|| {
                Error::new(ErrorKind::InvalidInput, "Trieve needs a role to invite with, and none is known")
            })?;
        let redirect_uri = self.links.redirect_uri()?;
        Ok(InvitationData::new(email, role, &self.links.app_url, redirect_uri).scopes(scopes))
    }
}
