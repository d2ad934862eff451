//! A whole provider in one file: a guest list of which the host alone is a member. It lists,
//! invites, and leaves everything else to the default bodies, which refuse it as unsupported.
//!
//! `cargo run -p orgport-conformance --example tiny_provider` holds it against the suite.

use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use orgport_conformance::{Report, Subject, run_all};
use orgport_core::invite::{DEFAULT_SETTLE, InviteEngine, InvitePort, Invitee, Patience, Reply};
use orgport_core::{
    Capability, Context, Cursor, Describe, Email, Error, ErrorKind, Invitation, InvitationFilter,
    InvitationId, InvitationStatus, Invitations, InviteOutcome, InviteStream, Member, MemberId, Members,
    Native, NewInvitation, Operation, OrganizationId, Organizations, Page, Provider, Reach, Role, Support,
    SystemClock,
};

static CAPABILITY: LazyLock<Capability> = LazyLock::new(|| {
    let mut capability = Capability::nothing("a guest list has no such thing");
    capability.operations.list_members = Support::Native;
    capability.operations.list_invitations = Support::Native;
    capability.operations.invite = Support::Native;
    capability.batch_size = 5;
    capability.visible_statuses = &[InvitationStatus::Pending];
    capability
});

#[derive(Clone)]
struct GuestList {
    party: OrganizationId,
    guests: Arc<Mutex<Vec<Email>>>,
    engine: InviteEngine,
}

impl GuestList {
    fn guests(&self, party: &OrganizationId, operation: Operation) -> Result<Vec<Email>, Error> {
        if *party != self.party {
            let error = Error::new(ErrorKind::NotFound, "there is no such party").with_reach(Reach::Answered);
            return Err(error.during(self.name(), operation));
        }
        Ok(self.guests.lock().expect("no holder panics").clone())
    }
}

/// An invitation's id is its address: this list has no other.
fn invitation(email: &Email) -> Result<Invitation, Error> {
    let mut shown = Invitation::new(InvitationId::new(email.key())?, InvitationStatus::Pending);
    shown.email = Some(email.clone());
    shown.native = Some(Native::from_text(format!(r#"{{"guest":"{email}"}}"#).into())?);
    Ok(shown)
}

impl Describe for GuestList {
    fn kind(&self) -> &'static str {
        "guest-list"
    }
    fn name(&self) -> &str {
        self.kind()
    }
    fn capability(&self) -> &Capability {
        &CAPABILITY
    }
    fn default_organization(&self) -> Option<&OrganizationId> {
        Some(&self.party)
    }
    fn default_role(&self) -> Option<&Role> {
        None
    }
}

impl Organizations for GuestList {}

#[async_trait]
impl Members for GuestList {
    async fn list_members(&self, party: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        self.guests(party, Operation::ListMembers)?;
        let mut host = Member::new(MemberId::new("host")?);
        host.native = Some(Native::from_text("{}".into())?);
        Ok(Page::whole(vec![Ok(host)]))
    }
}

#[async_trait]
impl Invitations for GuestList {
    async fn list_invitations(
        &self,
        party: &OrganizationId,
        filter: &InvitationFilter,
        _: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        filter.check(CAPABILITY.visible_statuses).during(self.name(), Operation::ListInvitations)?;
        let mut items = self.guests(party, Operation::ListInvitations)?.iter().map(invitation).collect();
        filter.apply(&mut items);
        Ok(Page::whole(items))
    }

    async fn invite(&self, party: &OrganizationId, new: NewInvitation) -> Result<InviteOutcome, Error> {
        self.engine.invite(self, party, new).await
    }

    fn invite_many<'a>(&'a self, party: &'a OrganizationId, new: Vec<NewInvitation>) -> InviteStream<'a> {
        self.engine.invite_many(self, party, new)
    }
}

#[async_trait]
impl InvitePort for GuestList {
    fn engine(&self) -> &InviteEngine {
        &self.engine
    }
    async fn send_invitations(
        &self,
        _: &OrganizationId,
        batch: &[Invitee],
        _: Patience,
    ) -> Result<Reply, Error> {
        self.guests.lock().expect("no holder panics").extend(batch.iter().map(|guest| guest.email.clone()));
        Ok(Reply::Accepted)
    }
}

impl Subject for GuestList {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.clone())
    }
    fn organization(&self) -> OrganizationId {
        self.party.clone()
    }
}

/// Holds a fresh guest list against each case.
pub async fn report() -> Report {
    run_all(|| async {
        let engine = InviteEngine::new(Arc::new(SystemClock::new()), DEFAULT_SETTLE);
        Ok(GuestList { party: OrganizationId::new("party")?, guests: Arc::default(), engine })
    })
    .await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = report().await;
    println!("{report}");
    assert!(report.is_success(), "the suite found a fault");
}
