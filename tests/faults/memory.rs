//! The same faults in memory, which has no network to fail.

use std::sync::Arc;
use std::time::Duration;

use orgport_core::{
    Clock, Email, ErrorKind, InvitationFilter, Invitations, ManualClock, NewInvitation, Operation,
    OrganizationId, Timestamp,
};
use orgport_memory::{Memory, MemoryFault, MemoryProvider};

use crate::support::{ADA, SETTLE, email, word};

struct Service {
    memory: Memory,
    clock: Arc<ManualClock>,
    owner: MemoryProvider,
    organization: OrganizationId,
}

fn service() -> Service {
    let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-05-14T10:30:00Z").expect("a moment")));
    let memory = Memory::with_clock(Arc::<ManualClock>::clone(&clock));
    let owner = memory.provider(&email("owner@x.example"));
    let organization = memory.add_organization("Faults", owner.adapter().email()).expect("a good name");
    Service { memory, clock, owner, organization }
}

impl Service {
    async fn invite(&self) -> &'static str {
        word(&self.owner.invite(&self.organization, NewInvitation::to(Email::verbatim(ADA))).await)
    }

    async fn rows(&self) -> usize {
        let page = self.owner.list_invitations(&self.organization, &InvitationFilter::pending(), None).await;
        page.expect("a list").items.len()
    }

    fn mails(&self) -> usize {
        self.memory.mails().len()
    }
}

#[tokio::test]
async fn a_lost_answer_or_request_ends_with_one_mail() {
    for (fault, waits) in [
        (MemoryFault::ReplyLost, false),
        (MemoryFault::NeverArrived, true),
        (MemoryFault::CommittedLater(Duration::from_secs(5)), true),
        (MemoryFault::CommittedLater(SETTLE), true),
        (MemoryFault::Fails(ErrorKind::Unavailable), false),
    ] {
        let service = service();
        service.memory.fault(fault, Operation::Invite, 1);
        let outcome = service.invite().await;
        let expected = if matches!(fault, MemoryFault::Fails(_)) { "unavailable" } else { "invited" };
        let mails = usize::from(expected == "invited");
        assert_eq!((outcome, service.rows().await, service.mails()), (expected, mails, mails), "{fault:?}");
        assert_eq!(service.clock.elapsed() >= SETTLE, waits, "{fault:?}");
        assert_eq!(service.memory.clear_faults(), [0], "{fault:?} came true");
    }
}

#[tokio::test]
async fn nothing_is_sent_without_a_look() {
    let service = service();
    service.memory.fault(MemoryFault::Fails(ErrorKind::Unavailable), Operation::ListInvitations, 1);
    assert_eq!(service.invite().await, "unavailable");
    assert_eq!((service.rows().await, service.mails()), (0, 0));
}

#[tokio::test]
async fn at_once_in_one_process_is_one_mail() {
    let service = service();
    service.memory.fault(MemoryFault::ReplyLost, Operation::Invite, 1);
    let calls = futures_util::future::join_all((0..8).map(|_| service.invite())).await;
    assert_eq!(calls.iter().filter(|word| **word == "invited").count(), 1, "{calls:?}");
    assert_eq!((service.rows().await, service.mails()), (1, 1));
}
