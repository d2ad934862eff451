//! A whole provider in one file: a guest list of which the host alone is a member. It lists,
//! invites, and leaves everything else to the guard, which refuses it as unsupported.
//!
//! `cargo run -p orgport-conformance --example tiny_provider` holds it against the suite.

use std::sync::{Arc, LazyLock, Mutex};

use async_trait::async_trait;
use orgport_conformance::{Report, Subject, run_all};
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Adapter, Capability, Cursor, Draft, Email, Error, ErrorKind, Guard, Invitation, InvitationId,
    InvitationStatus, InvitationsAdapter, ListInvitations, Member, MemberId, MembersAdapter, Native,
    OrganizationId, OrganizationsAdapter, Page, Provider, Reach, Reply, Support, Via,
};

static CAPABILITY: LazyLock<Capability> = LazyLock::new(|| {
    let mut capability = Capability::nothing("a guest list has no such thing");
    capability.operations.list_members = Support::Native;
    capability.operations.list_invitations = Support::Native;
    capability.operations.invite = Support::Native;
    capability.batch_size = 5;
    capability.invited_via = Via::Look;
    capability.visible_statuses = vec![InvitationStatus::Pending];
    capability
});

#[derive(Clone)]
struct GuestList {
    party: OrganizationId,
    guests: Arc<Mutex<Vec<Email>>>,
}

impl GuestList {
    fn guests(&self, party: &OrganizationId) -> Result<Vec<Email>, Error> {
        if *party != self.party {
            return Err(Error::new(ErrorKind::NotFound, "there is no such party").with_reach(Reach::Answered));
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

impl Adapter for GuestList {
    fn kind(&self) -> &'static str {
        "guest-list"
    }

    fn capability(&self) -> &Capability {
        &CAPABILITY
    }
}

impl OrganizationsAdapter for GuestList {}

#[async_trait]
impl MembersAdapter for GuestList {
    async fn list_members(&self, party: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        self.guests(party)?;
        let mut host = Member::new(MemberId::new("host")?);
        host.native = Some(Native::from_text("{}".into())?);
        Ok(Page::whole(vec![Ok(host)]))
    }
}

#[async_trait]
impl InvitationsAdapter for GuestList {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { organization: party, .. } = list;
        Ok(Page::whole(self.guests(party)?.iter().map(invitation).collect()))
    }

    async fn send_invitations(&self, _: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let invited: Vec<_> = batch.iter().map(|draft| draft.email().cloned()).collect::<Result<_, _>>()?;
        self.guests.lock().expect("no holder panics").extend(invited);
        Ok(Reply::Accepted)
    }
}

/// The guest list behind the guard that makes a provider of it.
struct Party(Guard<GuestList>);

impl Subject for Party {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.0.clone())
    }

    fn organization(&self) -> OrganizationId {
        self.0.adapter().party.clone()
    }
}

/// Holds a fresh guest list against each case.
pub async fn report() -> Report {
    run_all(|| async {
        let list = GuestList { party: OrganizationId::new("party")?, guests: Arc::default() };
        Ok(Party(Guard::over(list, ProviderConfig::new("guest-list"))?))
    })
    .await
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = report().await;
    println!("{report}");
    assert!(report.failures().next().is_none(), "the suite found a fault");
}
