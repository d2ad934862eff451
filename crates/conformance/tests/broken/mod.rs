//! Memory with one flaw at a time.

use std::ops::Deref;

use futures_util::StreamExt;
use orgport_core::{
    Answer, Answered, Capability, Context, Cursor, Error, ErrorKind, Invitation, InvitationFilter,
    InvitationId, InvitationRef, InvitationStatus, Invitations, InviteOutcome, InviteStream, MemberId,
    Members, NewInvitation, Operation, Organization, OrganizationId, OrganizationUpdate, Organizations, Page,
    Provider, Role, Support, delegate_provider,
};
use orgport_memory::MemoryProvider;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,
    RefusesWhatItPromises,
    DoesWhatItRefuses,
    SendsBeforeRefusing,
    RefusesWithoutAReason,
    MailsTwice,
    MailsAgain,
    RoundsAnInvitedRole,
    RoundsASetRole,
    LosesTheSecondPage,
    RepeatsAPage,
    ChangesTheIdOnResending,
    IgnoresTheFilter,
    ShowsExpiredAsWaiting,
    NamesNoOperation,
    DropsNativeJson,
    TrustsPathsInIds,
    LosesAnOutcome,
    WastesRequests,
    RaisesARoleOnInvitingAgain,
    RemovesSomebodyElse,
    WritesWhenReadOnly,
    SendsAnEmptyUpdate,
    KeepsTheOldName,
    AcceptsAnyToken,
    ShowsEverybodysInvitations,
}

pub(crate) const CAUGHT_BY: &[(Flaw, &str)] = &[
    (Flaw::RefusesWhatItPromises, "an_invitation_is_got_as_it_is_listed"),
    (Flaw::DoesWhatItRefuses, "what_is_unsupported_says_why_and_sends_nothing"),
    (Flaw::DoesWhatItRefuses, "a_revoked_invitation_is_gone"),
    (Flaw::SendsBeforeRefusing, "what_is_unsupported_says_why_and_sends_nothing"),
    (Flaw::RefusesWithoutAReason, "the_capability_is_consistent"),
    (Flaw::RefusesWithoutAReason, "what_is_unsupported_says_why_and_sends_nothing"),
    (Flaw::MailsTwice, "a_stranger_is_invited_with_one_mail"),
    (Flaw::MailsAgain, "inviting_again_says_already_invited"),
    (Flaw::MailsAgain, "letters_in_another_case_are_the_same_person"),
    (Flaw::RoundsAnInvitedRole, "a_role_is_invited_exactly_or_refused_before_sending"),
    (Flaw::RoundsASetRole, "a_role_is_set_exactly_or_refused_before_sending"),
    (Flaw::LosesTheSecondPage, "streams_hold_everything_once"),
    (Flaw::RepeatsAPage, "pages_are_no_longer_than_stated"),
    (Flaw::ChangesTheIdOnResending, "resending_mails_once_more_and_keeps_the_id_as_promised"),
    (Flaw::IgnoresTheFilter, "a_filter_by_address_answers_that_person_alone"),
    (Flaw::IgnoresTheFilter, "a_filter_by_status_answers_that_status_alone"),
    (Flaw::IgnoresTheFilter, "a_filter_of_statuses_never_shown_is_refused"),
    (Flaw::ShowsExpiredAsWaiting, "an_expired_invitation_no_longer_waits"),
    (Flaw::NamesNoOperation, "unknown_ids_are_refused_with_provider_and_operation"),
    (Flaw::DropsNativeJson, "an_invitation_is_got_as_it_is_listed"),
    (Flaw::TrustsPathsInIds, "hostile_ids_touch_nothing"),
    (Flaw::LosesAnOutcome, "a_list_has_one_outcome_for_each_entry"),
    (Flaw::WastesRequests, "inviting_takes_no_more_requests_than_stated"),
    (Flaw::RaisesARoleOnInvitingAgain, "an_existing_invitation_keeps_its_role"),
    (Flaw::RemovesSomebodyElse, "a_member_id_removes_that_member_alone"),
    (Flaw::WritesWhenReadOnly, "read_only_refuses_every_write"),
    (Flaw::SendsAnEmptyUpdate, "an_update_of_nothing_is_refused_before_sending"),
    (Flaw::KeepsTheOldName, "an_updated_organization_has_its_new_name"),
    (Flaw::ShowsEverybodysInvitations, "own_invitations_are_shown_to_the_invited_alone"),
    (Flaw::AcceptsAnyToken, "a_mailed_token_answers_as_promised"),
];

/// A provider with a flaw.
pub(crate) struct Broken(Flawed);

delegate_provider!([] Broken, |this| this.0);

impl Broken {
    pub(crate) fn new(inner: MemoryProvider, flaw: Flaw) -> Self {
        Self(Flawed::new(inner, flaw))
    }
}

/// Methods of its own go before those of the sound provider, which it derefs to.
struct Flawed {
    inner: MemoryProvider,
    flaw: Flaw,
    capability: Capability,
}

impl Deref for Flawed {
    type Target = MemoryProvider;

    fn deref(&self) -> &MemoryProvider {
        &self.inner
    }
}

impl Flawed {
    fn new(inner: MemoryProvider, flaw: Flaw) -> Self {
        let mut capability = inner.capability().clone();
        match flaw {
            Flaw::DoesWhatItRefuses => {
                capability.operations.revoke_invitation = Support::unsupported("it says so");
            }
            Flaw::SendsBeforeRefusing => {
                capability.operations.get_invitation = Support::unsupported("it says so");
            }
            Flaw::RefusesWithoutAReason => {
                capability.operations.get_organization = Support::unsupported("");
            }
            _ => {}
        }
        Self { inner, flaw, capability }
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == flaw
    }

    fn refusal(&self, operation: Operation, message: &str) -> Error {
        Error::new(ErrorKind::Unsupported, message).during(self.name(), operation)
    }

    async fn again(
        &self,
        organization: &OrganizationId,
        id: &InvitationId,
        role: Option<Role>,
    ) -> InviteOutcome {
        let old = self.inner.get_invitation(organization, id).await.expect("it is there");
        self.inner.revoke_invitation(organization, id).await.expect("it is there");
        let mut new = NewInvitation::to(old.email.expect("memory shows it"));
        new.role = role.or(old.role);
        self.inner.invite(organization, new).await.expect("nobody waits")
    }
}

/// A page of invitations, or why there is none.
type Listed = Result<Page<Invitation>, Error>;

/// The methods with a flaw.
impl Flawed {
    fn capability(&self) -> &Capability {
        &self.capability
    }

    async fn get_organization(&self, org: &OrganizationId) -> Result<Organization, Error> {
        if self.is(Flaw::RefusesWithoutAReason) {
            return Err(self.refusal(Operation::GetOrganization, ""));
        }
        self.inner.get_organization(org).await
    }

    async fn update_organization(
        &self,
        org: &OrganizationId,
        mut update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        if self.is(Flaw::SendsAnEmptyUpdate) && update == OrganizationUpdate::new() {
            return self.inner.get_organization(org).await;
        }
        if self.is(Flaw::KeepsTheOldName) && update.name.take().is_some() {
            let mut shown = self.inner.get_organization(org).await?;
            "conformance-renamed".clone_into(&mut shown.name);
            return Ok(shown);
        }
        self.inner.update_organization(org, update).await
    }

    async fn set_member_role(&self, org: &OrganizationId, id: &MemberId, role: &Role) -> Result<(), Error> {
        let role = if self.is(Flaw::RoundsASetRole) && *role == Role::Viewer { &Role::Member } else { role };
        self.inner.set_member_role(org, id, role).await
    }

    async fn remove_member(&self, org: &OrganizationId, id: &MemberId) -> Result<(), Error> {
        if self.is(Flaw::RemovesSomebodyElse) {
            let page = self.inner.list_members(org, None).await?;
            let last = page.items.into_iter().flatten().last().expect("somebody is there");
            return self.inner.remove_member(org, &last.id).await;
        }
        self.inner.remove_member(org, id).await
    }

    async fn list_invitations(
        &self,
        org: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Listed {
        let all = InvitationFilter::all();
        let filter = if self.is(Flaw::IgnoresTheFilter) { &all } else { filter };
        let real = cursor.filter(|cursor| cursor.as_str() != "0");
        let mut page = self.inner.list_invitations(org, filter, real).await?;
        if self.is(Flaw::LosesTheSecondPage) {
            page.next = None;
        }
        if self.is(Flaw::RepeatsAPage)
            && page.next.is_none()
            && cursor.is_none_or(|cursor| cursor.as_str() != "0")
        {
            page.next = Some(Cursor::new("0"));
        }
        if self.is(Flaw::ShowsExpiredAsWaiting) {
            for invitation in page.items.iter_mut().flatten() {
                invitation.status = InvitationStatus::Pending;
            }
        }
        Ok(page)
    }

    async fn get_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        match self.flaw {
            Flaw::RefusesWhatItPromises => Err(self.refusal(Operation::GetInvitation, "not today")),
            Flaw::SendsBeforeRefusing => {
                self.inner.list_members(org, None).await?;
                Err(self.refusal(Operation::GetInvitation, "it says so"))
            }
            Flaw::NamesNoOperation => Err(Error::new(ErrorKind::NotFound, "no such thing")),
            Flaw::DropsNativeJson => {
                let mut invitation = self.inner.get_invitation(org, id).await?;
                invitation.native = None;
                Ok(invitation)
            }
            _ => self.inner.get_invitation(org, id).await,
        }
    }

    async fn invite(
        &self,
        org: &OrganizationId,
        mut invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        if self.is(Flaw::RoundsAnInvitedRole) && invitation.role == Some(Role::Viewer) {
            invitation.role = Some(Role::Member);
        }
        let role = invitation.role.clone();
        let outcome = self.inner.invite(org, invitation).await?;
        match (self.flaw, &outcome) {
            (Flaw::MailsTwice, InviteOutcome::Invited(made, _))
            | (Flaw::MailsAgain, InviteOutcome::AlreadyInvited(made, ..)) => {
                self.inner.resend_invitation(org, &made.id).await?;
            }
            (Flaw::RaisesARoleOnInvitingAgain, InviteOutcome::AlreadyInvited(made, via, _)) => {
                let outcome = self.again(org, &made.id, role).await;
                let made = outcome.invitation().expect("invited").clone();
                return Ok(InviteOutcome::AlreadyInvited(made, *via, None));
            }
            _ => {}
        }
        Ok(outcome)
    }

    fn invite_many<'a>(
        &'a self,
        org: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        let outcomes = self.inner.invite_many(org, invitations);
        match self.flaw {
            Flaw::LosesAnOutcome => InviteStream::new(outcomes.skip(1)),
            Flaw::WastesRequests => InviteStream::new(outcomes.then(async move |outcome| {
                let _ = self.inner.list_members(org, None).await;
                outcome
            })),
            _ => outcomes,
        }
    }

    async fn resend_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        if self.is(Flaw::ChangesTheIdOnResending) {
            self.inner.get_invitation(org, id).await?;
            let outcome = self.again(org, id, None).await;
            return Ok(outcome.invitation().expect("invited").clone());
        }
        self.inner.resend_invitation(org, id).await
    }

    async fn revoke_invitation(&self, org: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        if self.is(Flaw::TrustsPathsInIds) {
            let last = id.as_str().rsplit('/').next().expect("one part").parse();
            return self.inner.revoke_invitation(org, &last.unwrap_or_else(|_| id.clone())).await;
        }
        self.inner.revoke_invitation(org, id).await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        if self.is(Flaw::AcceptsAnyToken) {
            let answered = Answered::checked(answer, answer.status());
            return answered.during(self.name(), Operation::RespondToInvitation);
        }
        self.inner.respond_to_invitation(invitation, answer).await
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Listed {
        if self.is(Flaw::ShowsEverybodysInvitations) {
            let organizations = self.inner.list_organizations(None).await?;
            let first = organizations.items.into_iter().flatten().next().expect("one is there");
            return self.inner.list_invitations(&first.id, &InvitationFilter::all(), cursor).await;
        }
        self.inner.my_invitations(cursor).await
    }
}
