//! What cases do again and again.

use std::sync::Arc;

use futures_util::StreamExt;
use orgport_core::{
    AccountName, Answer, Capability, Email, Error, ErrorKind, Invitation, InvitationFilter, InvitationId,
    InvitationRef, InviteOutcome, Invitee, Invitees, Member, MemberId, Native, NewInvitation,
    NewOrganization, Operation, OrganizationId, OrganizationUpdate, Provider, Role, UnnamedRole, stream,
};

use crate::report::{Failure, Verdict};
use crate::subject::Subject;

/// Ends a case with a failure unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($text:tt)+) => {
        if !$condition {
            return Err($crate::Failure::new(format!($($text)+)));
        }
    };
}

/// Ends a case here, if one of the operations is unsupported, by holding the provider to that.
macro_rules! needs {
    ($world:expr, $($operation:ident),+) => {
        if let Some(verdict) = $world.without(&[$(orgport_core::Operation::$operation),+]).await? {
            return Ok(verdict);
        }
    };
}

/// Ends a case here, if invitations cannot be answered so, by holding the provider to that.
macro_rules! needs_answer {
    ($world:expr, $answer:ident) => {
        if let Some(verdict) = $world.without_answer(orgport_core::Answer::$answer).await? {
            return Ok(verdict);
        }
    };
}

/// Lets the person's invitation run out, or ends the case: by the capability, where none ever does, or as
/// not seen.
macro_rules! expires {
    ($world:expr, $person:expr) => {
        if $world.capability().expiry == orgport_core::Expiry::Never {
            return Ok($crate::Verdict::Refused("expiry"));
        }
        if !$world.subject.expire(&$world.organization, $person).await {
            return Ok($crate::Verdict::NotSeen("this world cannot let an invitation expire"));
        }
    };
}

/// Takes the value out of an option, or ends the case as not seen.
macro_rules! seen {
    ($option:expr, $why:expr) => {
        match $option {
            Some(value) => value,
            None => return Ok($crate::Verdict::NotSeen($why)),
        }
    };
}

pub(crate) use {ensure, expires, needs, needs_answer, seen};

pub(crate) const NOBODY_ACCEPTS: &str = "this world cannot let a person accept";
pub(crate) const NO_PERSON: &str = "this world has no provider of the invited person's own";
pub(crate) const NO_CONFIGURATION: &str = "this world builds no provider from a configuration";

/// A subject with its provider and organization at hand.
pub(crate) struct World<'a> {
    pub(crate) subject: &'a dyn Subject,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) organization: OrganizationId,
}

/// The error of a call that must not work.
pub(crate) fn error_of<T>(result: Result<T, Error>, what: &str) -> Result<Error, Failure> {
    result.err().ok_or_else(|| Failure::new(format!("{what} worked, and must not")))
}

/// Checks that a call failed with one of these kinds.
pub(crate) fn fails<T>(result: Result<T, Error>, kinds: &[ErrorKind], what: &str) -> Result<Error, Failure> {
    let error = error_of(result, what)?;
    ensure!(kinds.contains(&error.kind()), "{what} must be one of {kinds:?}, and is: {error}");
    Ok(error)
}

/// Checks that the vendor's own JSON was kept.
pub(crate) fn has_native(native: Option<&Native>, what: &str) -> Result<(), Failure> {
    let text = native.map_or("", Native::text).trim();
    ensure!(text.starts_with('{') && text.ends_with('}'), "{what} has no native JSON object: {text:?}");
    Ok(())
}

impl<'a> World<'a> {
    pub(crate) fn new(subject: &'a dyn Subject) -> Self {
        Self { subject, provider: subject.provider(), organization: subject.organization() }
    }

    /// A person whom nobody knows yet, named as the vendor takes people.
    pub(crate) fn somebody(&self, name: &str) -> Invitee {
        if self.takes_addresses() {
            return Email::verbatim(format!("{name}@conformance.example")).into();
        }
        AccountName::new(name).expect("the suite's names are").into()
    }

    pub(crate) fn takes_addresses(&self) -> bool {
        self.capability().invitees != Invitees::Accounts
    }

    pub(crate) fn capability(&self) -> &Capability {
        self.provider.capability()
    }

    pub(crate) fn works(&self, operation: Operation) -> bool {
        self.capability().support(operation).works()
    }

    /// If one of the operations is unsupported, checks that it says so, and what the case is then.
    pub(crate) async fn without(&self, operations: &[Operation]) -> Result<Option<Verdict>, Failure> {
        let Some(operation) = operations.iter().copied().find(|operation| !self.works(*operation)) else {
            return Ok(None);
        };
        self.refuses(operation).await?;
        Ok(Some(Verdict::Refused(operation.as_str())))
    }

    /// Checks that an operation is refused as unsupported, with a reason, and nothing is sent.
    pub(crate) async fn refuses(&self, operation: Operation) -> Result<(), Failure> {
        let before = self.subject.requests().await;
        let result = self.attempt(operation).await;
        let error = fails(result, &[ErrorKind::Unsupported], &format!("{operation}, which is unsupported,"))?;
        ensure!(!error.message().trim().is_empty(), "{operation} is refused without a reason");
        self.is_named(&error, operation)?;
        self.sent_nothing(before, &format!("refusing {operation}")).await
    }

    /// If invitations are not answered so, checks that it is refused, and what the case is then.
    pub(crate) async fn without_answer(&self, answer: Answer) -> Result<Option<Verdict>, Failure> {
        if self.capability().answering(answer).works() {
            return Ok(None);
        }
        let before = self.subject.requests().await;
        let invitation = InvitationRef::by_id(InvitationId::new("6650a1b2c3d4e5f607182931")?);
        let result = self.provider.respond_to_invitation(&invitation, answer).await;
        let (what, capability) = match answer {
            Answer::Accept => ("accepting, which is unsupported,", "accepting"),
            Answer::Decline => ("declining, which is unsupported,", "declining"),
        };
        fails(result, &[ErrorKind::Unsupported], what)?;
        self.sent_nothing(before, &format!("refusing {capability}")).await?;
        Ok(Some(Verdict::Refused(capability)))
    }

    /// Calls an operation with arguments that look good and name nothing that is there.
    pub(crate) async fn attempt(&self, operation: Operation) -> Result<(), Error> {
        let (provider, organization) = (&self.provider, &self.organization);
        let member = MemberId::new("6650a1b2c3d4e5f607182930")?;
        let invitation = InvitationId::new("6650a1b2c3d4e5f607182931")?;
        match operation {
            Operation::ListOrganizations => provider.list_organizations(None).await.map(drop),
            Operation::GetOrganization => provider.get_organization(organization).await.map(drop),
            Operation::CreateOrganization => {
                provider.create_organization(NewOrganization::new("conformance")).await.map(drop)
            }
            Operation::UpdateOrganization => {
                let update = OrganizationUpdate::new().with_name("conformance");
                provider.update_organization(organization, update).await.map(drop)
            }
            Operation::DeleteOrganization => provider.delete_organization(organization).await,
            Operation::ListMembers => provider.list_members(organization, None).await.map(drop),
            Operation::SetMemberRole => {
                let role = self.capability().roles_at_set_role.first().unwrap_or(&Role::Member);
                provider.set_member_role(organization, &member, role).await
            }
            Operation::RemoveMember => provider.remove_member(organization, &member).await,
            Operation::ListInvitations => {
                provider.list_invitations(organization, &InvitationFilter::all(), None).await.map(drop)
            }
            Operation::GetInvitation => provider.get_invitation(organization, &invitation).await.map(drop),
            Operation::Invite => {
                let many = vec![self.invitation(self.somebody("many"))];
                for (_, outcome) in provider.invite_many(organization, many).collect::<Vec<_>>().await {
                    outcome?;
                }
                provider.invite(organization, self.invitation(self.somebody("one"))).await.map(drop)
            }
            Operation::ResendInvitation => {
                provider.resend_invitation(organization, &invitation).await.map(drop)
            }
            Operation::RevokeInvitation => provider.revoke_invitation(organization, &invitation).await,
            Operation::RespondToInvitation => {
                let invitation = InvitationRef::new(organization.clone(), invitation);
                let declines = self.capability().declining.works();
                let answer = if declines { Answer::Decline } else { Answer::Accept };
                provider.respond_to_invitation(&invitation, answer).await.map(drop)
            }
            Operation::MyInvitations => provider.my_invitations(None).await.map(drop),
            Operation::GetIdentity => provider.get_identity().await.map(drop),
            other => Err(Error::new(ErrorKind::Unsupported, format!("this suite does not know {other}"))),
        }
    }

    /// Checks that an error says where it comes from.
    pub(crate) fn is_named(&self, error: &Error, operation: Operation) -> Result<(), Failure> {
        ensure!(
            error.provider() == Some(self.provider.name()) && error.operation() == Some(operation),
            "an error of {operation} has the provider {:?} and the operation {:?}: {error}",
            error.provider(),
            error.operation()
        );
        Ok(())
    }

    /// Checks that no request was sent since `before` was counted.
    pub(crate) async fn sent_nothing(&self, before: Option<usize>, what: &str) -> Result<(), Failure> {
        let now = self.subject.requests().await;
        ensure!(
            before == now,
            "{what} must send nothing; requests counted before and after: {before:?}, {now:?}"
        );
        Ok(())
    }

    /// Checks the number of mails, where they are counted.
    pub(crate) async fn mailed(&self, person: &Invitee, times: usize) -> Result<(), Failure> {
        let count = self.subject.mails(person).await.unwrap_or(times);
        ensure!(count == times, "{person} must have got {times} mails by now and got {count}");
        Ok(())
    }

    /// An invitation with the last of the roles, where one must be named.
    pub(crate) fn invitation(&self, person: Invitee) -> NewInvitation {
        let capability = self.capability();
        let is_required =
            capability.unnamed_role == UnnamedRole::Required && self.provider.default_role().is_none();
        // Capabilities name the most powerful roles first.
        match capability.roles_at_invite.last().filter(|_| is_required) {
            Some(role) => NewInvitation::to(person).with_role(role.clone()),
            None => NewInvitation::to(person),
        }
    }

    pub(crate) async fn invite(&self, person: &Invitee) -> Result<InviteOutcome, Failure> {
        Ok(self.provider.invite(&self.organization, self.invitation(person.clone())).await?)
    }

    /// Invites a stranger.
    pub(crate) async fn invited(&self, person: &Invitee) -> Result<Invitation, Failure> {
        match self.invite(person).await? {
            InviteOutcome::Invited(invitation, _) => Ok(invitation),
            other => Err(Failure::new(format!("inviting the stranger {person} says {}", other.as_str()))),
        }
    }

    /// Invites many, and checks that each index has one outcome.
    pub(crate) async fn invite_many(
        &self,
        invitations: Vec<NewInvitation>,
    ) -> Result<Vec<Result<InviteOutcome, Error>>, Failure> {
        let count = invitations.len();
        let mut outcomes: Vec<_> = (0..count).map(|_| None).collect();
        let mut stream = self.provider.invite_many(&self.organization, invitations);
        while let Some((index, outcome)) = stream.next().await {
            ensure!(index < count, "an outcome has the index {index} in a list of {count}");
            ensure!(outcomes[index].is_none(), "the index {index} has two outcomes");
            outcomes[index] = Some(outcome);
        }
        let missing = outcomes.iter().position(Option::is_none);
        ensure!(missing.is_none(), "of {count} invitations, the index {missing:?} has no outcome");
        Ok(outcomes.into_iter().flatten().collect())
    }

    pub(crate) async fn members(&self) -> Result<Vec<Member>, Failure> {
        let items: Vec<_> = stream::members(&*self.provider, &self.organization).collect().await;
        Ok(items.into_iter().collect::<Result<_, _>>()?)
    }

    pub(crate) async fn member(&self, id: &MemberId) -> Result<Option<Member>, Failure> {
        Ok(self.members().await?.into_iter().find(|member| member.id == *id))
    }

    /// Who is a member and was not before, whether or not the vendor shows an address.
    pub(crate) async fn newcomers(&self, before: &[Member]) -> Result<Vec<Member>, Failure> {
        let is_new = |member: &Member| before.iter().all(|old| old.id != member.id);
        Ok(self.members().await?.into_iter().filter(is_new).collect())
    }

    pub(crate) async fn invitations(&self, filter: &InvitationFilter) -> Result<Vec<Invitation>, Failure> {
        let items: Vec<_> = stream::invitations(&*self.provider, &self.organization, filter).collect().await;
        Ok(items.into_iter().collect::<Result<_, _>>()?)
    }

    /// Every invitation of one person that the vendor shows.
    pub(crate) async fn invitations_of(&self, person: &Invitee) -> Result<Vec<Invitation>, Failure> {
        let all = self.invitations(&InvitationFilter::all()).await?;
        Ok(all.into_iter().filter(|invitation| invitation.is_for(person)).collect())
    }

    /// Lets a stranger become a member; `None` where this world cannot.
    pub(crate) async fn joined(&self, person: &Invitee) -> Result<Option<Member>, Failure> {
        let invitation = self.invited(person).await?;
        self.accepted(person, &invitation).await
    }

    /// Lets the invited person accept; `None` where nobody in this world can.
    pub(crate) async fn accepted(
        &self,
        person: &Invitee,
        invitation: &Invitation,
    ) -> Result<Option<Member>, Failure> {
        let before = self.members().await?;
        if !self.accepts(person, invitation).await? {
            return Ok(None);
        }
        match <[Member; 1]>::try_from(self.newcomers(&before).await?) {
            Ok([member]) => Ok(Some(member)),
            Err(members) => {
                Err(Failure::new(format!("{person} accepted, and {} members are new", members.len())))
            }
        }
    }

    /// Lets the invited person accept, without a look at what came of it; says whether anybody could.
    pub(crate) async fn accepts(&self, person: &Invitee, invitation: &Invitation) -> Result<bool, Failure> {
        Ok(self.subject.accept(&self.organization, person).await
            || self.answer(person, invitation, Answer::Accept).await?.is_some())
    }

    /// Answers with the person's own provider; `None` where this world or the vendor has none.
    pub(crate) async fn answer(
        &self,
        person: &Invitee,
        invitation: &Invitation,
        answer: Answer,
    ) -> Result<Option<()>, Failure> {
        let Some(own) = self.subject.person(person).await else { return Ok(None) };
        let can = own.capability();
        if !can.support(Operation::RespondToInvitation).works() || !can.answering(answer).works() {
            return Ok(None);
        }
        let invitation = InvitationRef::new(self.organization.clone(), invitation.id.clone());
        own.respond_to_invitation(&invitation, answer).await?;
        Ok(Some(()))
    }
}
