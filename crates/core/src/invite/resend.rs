//! Resending where the vendor has no call for it: read, revoke, invite anew.

use super::{InvitePort, Invitee};
use crate::error::{Error, ErrorKind, LeftBehind};
use crate::id::{InvitationId, OrganizationId};
use crate::invitation::{Invitation, InvitationStatus, InviteOutcome};
use crate::operation::Operation;

/// Revokes a waiting or expired invitation and makes it anew with the same role and extras, which
/// sends the mail again. The answer has a new id.
///
/// # Errors
///
/// `NotFound`; `Conflict` if it is answered already, or was while this ran; `Incomplete` if the
/// old one is gone and no new one could be made, with what is needed to invite again.
pub async fn resend_composed(
    port: &dyn InvitePort,
    organization: &OrganizationId,
    invitation: &InvitationId,
) -> Result<Invitation, Error> {
    replace(port, organization, invitation)
        .await
        .map_err(|error| error.from_provider(port.name()).within(Operation::ResendInvitation))
}

async fn replace(
    port: &dyn InvitePort,
    organization: &OrganizationId,
    invitation: &InvitationId,
) -> Result<Invitation, Error> {
    let old = port.get_invitation(organization, invitation).await?;
    if !matches!(old.status, InvitationStatus::Pending | InvitationStatus::Expired) {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("the invitation is {} and cannot be resent", old.status),
        ));
    }
    let Some(email) = old.email.clone() else {
        return Err(Error::new(
            ErrorKind::Protocol,
            "the vendor does not say to whom the invitation was sent",
        ));
    };
    email.check()?;
    let invitee = Invitee { email: email.clone(), role: old.role.clone(), replaces: old.native.clone() };
    port.check_replacement(&invitee)?;
    port.revoke_invitation(organization, invitation).await?;
    match port.engine().send_checked(port, organization, invitee).await {
        Ok(InviteOutcome::Invited(new, _) | InviteOutcome::AlreadyInvited(new, _)) => Ok(new),
        Ok(InviteOutcome::Joined(..) | InviteOutcome::AlreadyMember(..)) => {
            Err(Error::new(ErrorKind::Conflict, format!("{email} is a member by now; nothing was resent")))
        }
        Err(error) if error.kind() == ErrorKind::Incomplete => Err(error),
        Err(error) => {
            let what = format!(
                "the old invitation of {email} is gone, and no new one is known to be made: invite again"
            );
            let left_behind = LeftBehind::new(&what).person(Some(email), old.role).native(old.native);
            let incomplete = error.echo().with_kind(ErrorKind::Incomplete).with_message(what);
            Err(incomplete.with_left_behind(left_behind).with_source(error))
        }
    }
}
