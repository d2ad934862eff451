//! Resending where the vendor has no call for it: read, revoke, invite anew.

use super::InviteEngine;
use super::replaced::Replaced;
use super::round::unclear;
use crate::adapter::{Adapter, Draft};
use crate::coordination::{Hold, Patience};
use crate::error::{Error, ErrorKind, LeftBehind, Reach};
use crate::id::{InvitationId, OrganizationId};
use crate::invitation::{Invitation, InvitationStatus, InviteOutcome};
use crate::invitee::Invitee;

impl InviteEngine {
    /// Revokes a waiting or expired invitation and makes it anew with the same role and extras,
    /// which sends the mail again. The new one has a new id.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` if it is answered already, or was while this ran; `Incomplete` if the
    /// old one is gone and no new one could be made, with what is needed to invite again.
    pub(crate) async fn resend(
        &self,
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        let old = adapter.get_invitation(organization, invitation).await?.belonging(organization)?;
        if !matches!(old.status, InvitationStatus::Pending | InvitationStatus::Expired) {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("the invitation is {} and cannot be resent", old.status),
            ));
        }
        let takes = |person: &Invitee| adapter.capability().invitees.takes(person);
        let Some(person) = old.invitees().find(takes) else {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the vendor does not say to whom the invitation was sent",
            ));
        };
        person.check()?;
        let extras = adapter.extras(organization, &old).await?;
        let (role, replaces) = (old.role.clone(), old.native.clone());
        let draft = Draft { invitee: person.clone(), role, replaces, extras };
        adapter.check_replacement(&draft)?;
        let hold = self.hold_for_replacement(adapter, organization, &draft).await?;
        if let Err(error) = adapter.revoke_invitation(organization, invitation).await
            && let Err(error) = self.settle_revocation(adapter, organization, &old, error).await
        {
            // Where looking failed, too, it may be gone.
            hold.release(0, error.kind() != ErrorKind::Incomplete);
            hold.finished().await;
            return Err(error);
        }
        let hold = (hold, Patience::lasting(self.limits.max_wait));
        match self.unstoppable().invite_held(adapter, organization, draft, hold).await {
            Ok(InviteOutcome::AlreadyInvited(there, ..)) if there.id == *invitation => {
                let what =
                    "the vendor confirmed the revocation and still shows the invitation; nothing was resent";
                Err(Error::new(ErrorKind::Protocol, what))
            }
            Ok(InviteOutcome::Invited(new, _) | InviteOutcome::AlreadyInvited(new, ..)) => Ok(new),
            Ok(InviteOutcome::Joined(member, _)) => {
                let role = member.role.as_ref().map_or_else(String::new, |role| format!(" as {role}"));
                let what = format!(
                    "{person} has an account by now: this call made the person a member{role}, and a mail went out; \
                     the old invitation is gone"
                );
                let left_behind =
                    LeftBehind::new(&what).with_person(Some(person), member.role).with_native(member.native);
                let joined = Error::new(ErrorKind::Incomplete, what).with_left_behind(left_behind);
                Err(joined.with_reach(Reach::Answered))
            }
            Ok(InviteOutcome::AlreadyMember(..)) => Err(Error::new(
                ErrorKind::Conflict,
                format!("{person} was a member before; nothing was resent, and the old invitation is gone"),
            )),
            Err(error) if error.kind() == ErrorKind::Incomplete => Err(error),
            Err(error) => {
                let what = format!(
                    "the old invitation of {person} is gone, and no new one is known to be made: invite again"
                );
                Err(incomplete(&old, what, error))
            }
        }
    }

    /// Holds the person, by the index 0, and notes what is about to be deleted.
    async fn hold_for_replacement(
        &self,
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        draft: &Draft,
    ) -> Result<Hold, Error> {
        let patience = Patience::lasting(self.limits.max_wait);
        let hold = self.account.hold(organization.as_str(), [(draft.invitee.key(), 0)], patience).await?;
        // What was sent before must show before its note makes room for that of the resend.
        let left = hold.intents().await?.remove(&0).unwrap_or_default().left;
        if patience.left().is_some_and(|patience| left > patience) {
            return Err(unclear(left));
        }
        if !left.is_zero() {
            self.clock.sleep(left).await;
        }
        hold.intend(&[0], &Replaced::of(adapter, draft).note()?).await?;
        Ok(hold)
    }

    /// Finds out whether a revocation that failed has happened all the same: then the resend goes on,
    /// since what it was to replace is gone.
    async fn settle_revocation(
        &self,
        adapter: &dyn Adapter,
        organization: &OrganizationId,
        old: &Invitation,
        error: Error,
    ) -> Result<(), Error> {
        if error.reach() != Reach::Unanswered {
            return Err(error);
        }
        let lost_at = self.clock.elapsed();
        let mut found = adapter.get_invitation(organization, &old.id).await;
        if !matches!(&found, Err(gone) if gone.kind() == ErrorKind::NotFound) {
            // It may be about to go.
            self.wait_until_settled(lost_at).await;
            found = adapter.get_invitation(organization, &old.id).await;
        }
        match found {
            Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(()),
            Ok(_) => Err(error
                .with_message("nothing was resent; the invitation is still there")
                .with_reach(Reach::NotSent)),
            Err(failed) => {
                let what = "whether the old invitation is gone is not known, and looking failed too; nothing was \
                            resent: look at the invitations, and invite again if it is gone";
                Err(incomplete(old, what.to_owned(), failed))
            }
        }
    }
}

fn incomplete(old: &Invitation, what: String, cause: Error) -> Error {
    let left_behind =
        LeftBehind::new(&what).with_person(old.invitee(), old.role.clone()).with_native(old.native.clone());
    let incomplete = cause.clone().with_kind(ErrorKind::Incomplete).with_message(what);
    incomplete.with_left_behind(left_behind).with_source(cause)
}
