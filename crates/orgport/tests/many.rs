//! One change for many people.

use futures_util::StreamExt;
use orgport::memory::{Memory, MemoryFault, MemoryProvider};
use orgport::{
    Email, Error, ErrorKind, InvitationId, Invitations as _, MemberId, Members as _, NewInvitation,
    Operation, OrganizationId, ProviderConfig, Role, many,
};

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@x.example")).expect("an address")
}

struct Lab {
    memory: Memory,
    organization: OrganizationId,
    provider: MemoryProvider,
    config: ProviderConfig,
}

impl Lab {
    fn new() -> Self {
        let memory = Memory::new();
        let lab = memory.add_organization("Lab", &email("ada")).expect("made");
        let config = ProviderConfig::new("memory");
        let provider = memory.provider_with(&email("ada"), config.clone()).expect("a provider");
        Self { memory, organization: lab, provider, config }
    }

    async fn invited(&self, names: &[&str]) -> Vec<InvitationId> {
        let mut ids = Vec::new();
        for name in names {
            let new = NewInvitation::to(email(name)).with_role(Role::Member);
            self.provider.invite(&self.organization, new).await.expect("invited");
            let found = orgport::find::invitation(&self.provider, &self.organization, &email(name)).await;
            ids.push(found.expect("there").id);
        }
        ids
    }

    async fn waiting(&self) -> usize {
        let all = orgport::InvitationFilter::pending();
        self.provider.list_invitations(&self.organization, &all, None).await.expect("read").items.len()
    }
}

/// The outcomes in the order of the input.
async fn kinds<T>(outcomes: many::ManyStream<'_, T>) -> Vec<Option<ErrorKind>> {
    let mut outcomes: Vec<_> = outcomes.collect().await;
    outcomes.sort_by_key(|(index, _)| *index);
    let indices: Vec<_> = outcomes.iter().map(|(index, _)| *index).collect();
    assert_eq!(indices, (0..outcomes.len()).collect::<Vec<_>>(), "one outcome for each");
    outcomes.into_iter().map(|(_, outcome)| outcome.err().as_ref().map(Error::kind)).collect()
}

#[tokio::test]
async fn each_is_settled_by_itself() {
    let lab = Lab::new();
    let mut ids = lab.invited(&["bob", "eve", "joe", "kim", "lea", "moe"]).await;
    ids.insert(2, InvitationId::new("unknown").expect("an id"));
    let resent = kinds(many::resend_invitations(&lab.provider, &lab.organization, ids.clone())).await;
    let mut expected = vec![None; 7];
    expected[2] = Some(ErrorKind::NotFound);
    assert_eq!(resent, expected);
    assert_eq!(kinds(many::revoke_invitations(&lab.provider, &lab.organization, ids)).await, expected);
    assert_eq!(lab.waiting().await, 0);
}

#[tokio::test]
async fn the_last_owner_is_found_out_to_be_the_last_one() {
    let lab = Lab::new();
    for name in ["bob", "eve"] {
        lab.memory.add_member(&lab.organization, &email(name), Role::Owner).expect("a member");
    }
    let members = lab.provider.list_members(&lab.organization, None).await.expect("read").items;
    // Ada, who does it, comes last.
    let ids: Vec<MemberId> = members.into_iter().rev().map(|row| row.expect("readable").id).collect();
    let lowered = ids.iter().map(|id| (id.clone(), Role::Viewer)).collect();
    let outcomes = kinds(many::set_member_roles(&lab.provider, &lab.organization, lowered)).await;
    assert_eq!(outcomes, [None, None, Some(ErrorKind::Conflict)]);
}

#[tokio::test]
async fn what_fails_for_everybody_is_tried_once() {
    let lab = Lab::new();
    let members = ["bob", "eve", "joe"].map(|name| MemberId::new(name).expect("an id")).into();
    let fault = MemoryFault::Fails(ErrorKind::Unauthenticated);
    lab.memory.fault(fault, Operation::RemoveMember, 3);
    let before = lab.memory.requests();
    let outcomes = kinds(many::remove_members(&lab.provider, &lab.organization, members)).await;
    let cancelled = Some(ErrorKind::Cancelled);
    assert_eq!(outcomes, [Some(ErrorKind::Unauthenticated), cancelled, cancelled]);
    assert_eq!(lab.memory.requests() - before, 1);
}

#[tokio::test]
async fn nothing_is_sent_once_it_was_asked_to_stop() {
    let lab = Lab::new();
    let ids = lab.invited(&["bob", "eve"]).await;
    lab.config.stop.stop();
    let outcomes = kinds(many::revoke_invitations(&lab.provider, &lab.organization, ids)).await;
    assert_eq!(outcomes, [Some(ErrorKind::Cancelled); 2]);
    assert_eq!(lab.waiting().await, 2);
}
