//! Memory as an arena: its own faults in place of HTTP's.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::{
    Answer, Clock, Email, ErrorKind, InvitationFilter, InvitationRef, Invitations, ManualClock, Operation,
    OrganizationId, Provider, Timestamp,
};
use orgport_memory::{Memory, MemoryFault, MemoryProvider};

use crate::arena::{Arena, Fired};
use crate::plan::{Action, Kind, Target, Trouble};

const OWNER: &str = "owner@chaos.example";

pub(crate) struct InMemory {
    clock: Arc<ManualClock>,
    memory: Memory,
    provider: MemoryProvider,
    organization: OrganizationId,
    armed: RefCell<Vec<(Kind, usize)>>,
}

impl InMemory {
    pub(crate) fn start() -> Self {
        let start = Timestamp::parse("2026-05-14T10:30:00Z").expect("a moment");
        let clock = Arc::new(ManualClock::new(start));
        let memory = Memory::with_clock(Arc::<ManualClock>::clone(&clock));
        let owner = Email::verbatim(OWNER);
        let organization = memory.add_organization("Chaos", &owner).expect("a good name");
        let provider = memory.provider(&owner);
        Self { clock, memory, provider, organization, armed: RefCell::default() }
    }

    fn operation(action: &Action, target: Target) -> Operation {
        match (target, action) {
            (Target::Any, _) => Operation::ListInvitations,
            (Target::Reads, Action::Invite(_) | Action::InviteAtOnce(_) | Action::InviteMany(_)) => {
                Operation::ListMembers
            }
            (Target::Reads, _) => Operation::GetInvitation,
            (Target::Write, Action::Invite(_) | Action::InviteAtOnce(_) | Action::InviteMany(_)) => {
                Operation::Invite
            }
            (Target::Write, Action::Resend) => Operation::ResendInvitation,
            (Target::Write, Action::Revoke) => Operation::RevokeInvitation,
            (Target::Write, Action::Remove) => Operation::RemoveMember,
            (Target::Write, Action::SetRole(_)) => Operation::SetMemberRole,
        }
    }
}

#[async_trait(?Send)]
impl Arena for InMemory {
    fn kinds(&self) -> Vec<Kind> {
        vec![Kind::ResetBefore, Kind::ResetAfter, Kind::LateCommit, Kind::ServerError]
    }

    async fn reset(&mut self) {
        *self = Self::start();
    }

    fn provider(&self) -> &dyn Provider {
        &self.provider
    }

    fn second(&self) -> Arc<dyn Provider> {
        self.witness()
    }

    fn witness(&self) -> Arc<dyn Provider> {
        Arc::new(self.memory.provider(&Email::verbatim(OWNER)))
    }

    fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    async fn accept(&self, email: &Email) {
        let filter = InvitationFilter::pending().with_email(email.clone());
        let page = self.provider.list_invitations(&self.organization, &filter, None).await.expect("a list");
        let row = page.items.into_iter().next().expect("is invited").expect("readable");
        let invitation = InvitationRef::new(self.organization.clone(), row.id);
        let person = self.memory.provider(email);
        person.respond_to_invitation(&invitation, Answer::Accept).await.expect("accepted");
    }

    fn mails(&self) -> Vec<Email> {
        self.memory.mails().into_iter().map(|mail| mail.email).collect()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    async fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    fn arm(&self, action: &Action, trouble: &Trouble) {
        let fault = match trouble.kind {
            Kind::ResetBefore => MemoryFault::NeverArrived,
            Kind::ResetAfter => MemoryFault::ReplyLost,
            Kind::LateCommit => MemoryFault::CommittedLater(Duration::from_secs(trouble.number)),
            _ => MemoryFault::Fails(ErrorKind::Unavailable),
        };
        let times = usize::try_from(trouble.times).expect("small");
        self.memory.fault(fault, Self::operation(action, trouble.target), times);
        self.armed.borrow_mut().push((trouble.kind, times));
    }

    fn disarm(&self) -> Fired {
        let mut fired = Fired::new();
        let left = self.memory.clear_faults();
        for ((kind, times), left) in self.armed.take().into_iter().zip(left) {
            *fired.entry(kind).or_default() += (times - left) as u64;
        }
        fired
    }
}
