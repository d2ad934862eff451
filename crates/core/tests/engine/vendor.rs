//! A vendor that does what its script says, on a clock that only waits move.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use orgport_core::auth::Auth;
use orgport_core::config::ProviderConfig;
use orgport_core::http::{
    BaseUrl, Bucket, CannedService, ClientOptions, HttpClient, HttpSettings, Refusal, Request, Safety,
    Transport,
};
use orgport_core::{
    AccountName, Adapter, Capability, Clock, Coordination, Cursor, Draft, Email, Error, ErrorKind, Guard,
    Invitation, InvitationId, InvitationStatus, Invitations, InvitationsAdapter, InviteOutcome, InviteStream,
    Invitee, Invitees, ListInvitations, ManualClock, Member, MemberId, MembersAdapter, Native, NewInvitation,
    Operation, OrganizationId, OrganizationsAdapter, Page, RateLimit, Reach, Reply, Role, Support, Timestamp,
    UnnamedRole,
};
use serde_json::json;

pub(crate) const SETTLE: Duration = Duration::from_secs(16);

/// What one create request does and how it ends.
pub(crate) struct Step {
    /// How many of the batch are stored at once.
    stored: usize,
    /// When the others are stored, counted from now; never by default.
    others_after: Option<Duration>,
    is_mailed: bool,
    is_member: bool,
    /// Whom others invite meanwhile.
    beside: Option<&'static str>,
    end: End,
}

enum End {
    Listed,
    Accepted,
    Fails(Error),
    Hangs,
}

impl Step {
    fn new(stored: usize, end: End) -> Self {
        Self { stored, others_after: None, is_mailed: true, is_member: false, beside: None, end }
    }

    /// Stores all, mails, and answers the rows.
    pub(crate) fn listed() -> Self {
        Self::new(usize::MAX, End::Listed)
    }

    /// Stores all, mails, and answers nothing.
    pub(crate) fn accepted() -> Self {
        Self::new(usize::MAX, End::Accepted)
    }

    /// Does nothing, and no answer comes.
    pub(crate) fn lost() -> Self {
        let error = Error::new(ErrorKind::Ambiguous, "the connection was reset");
        Self::failing(error.with_reach(Reach::Unanswered))
    }

    /// Does nothing and says no.
    pub(crate) fn refused(kind: ErrorKind, status: u16) -> Self {
        Self::failing(Error::new(kind, "refused").with_status(status).with_reach(Reach::Answered))
    }

    /// Does nothing and fails.
    pub(crate) fn failing(error: Error) -> Self {
        Self::new(0, End::Fails(error))
    }

    /// Never ends.
    pub(crate) fn hanging() -> Self {
        Self::new(0, End::Hangs)
    }

    pub(crate) fn stored(mut self, count: usize) -> Self {
        self.stored = count;
        self
    }

    pub(crate) fn others_after(mut self, seconds: u64) -> Self {
        self.others_after = Some(Duration::from_secs(seconds));
        self
    }

    pub(crate) fn unmailed(mut self) -> Self {
        self.is_mailed = false;
        self
    }

    pub(crate) fn beside(mut self, address: &'static str) -> Self {
        self.beside = Some(address);
        self
    }

    pub(crate) fn joining(mut self) -> Self {
        self.is_member = true;
        self
    }
}

/// What one reading of the invitations meets.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    Works,
    Fails,
    /// The total changes between its two pages.
    Shifts,
    /// One row cannot be decoded.
    IsGarbled,
    /// Every status is a word that nobody knows.
    IsUnfamiliar,
    /// One row cannot be decoded, whose JSON this is.
    HasRow(&'static str),
}

/// What becomes of a revocation whose answer is lost.
#[derive(Clone, Copy)]
pub(crate) enum Revocation {
    Done,
    DoneAfter(Duration),
    Lost,
}

#[derive(Default)]
struct State {
    steps: VecDeque<Step>,
    readings: VecDeque<Reading>,
    revocation: Option<Revocation>,
    leaves: Vec<(Duration, InvitationId)>,
    /// What is kept beside invitations.
    extras: Option<Result<Native, Error>>,
    invitations: Vec<(Duration, Invitation)>,
    members: Vec<(Duration, Member)>,
    log: Vec<(Duration, String)>,
    mails: Vec<String>,
}

/// A vendor behind its guard, with an organization in it.
#[derive(Clone)]
pub(crate) struct Vendor {
    script: Script,
    guard: Arc<OnceLock<Guard<Script>>>,
    coordination: Coordination,
    max_wait: Duration,
    organization: OrganizationId,
}

impl Deref for Vendor {
    type Target = Script;

    fn deref(&self) -> &Script {
        &self.script
    }
}

impl DerefMut for Vendor {
    fn deref_mut(&mut self) -> &mut Script {
        &mut self.script
    }
}

/// The adapter of such a vendor.
#[derive(Clone)]
pub(crate) struct Script {
    state: Arc<Mutex<State>>,
    clock: Arc<ManualClock>,
    capability: Arc<Capability>,
    pub(crate) lists_at_once: bool,
    pub(crate) clears_dead: bool,
    /// What create requests go through first, if they have to pass limits.
    transport: Option<Transport>,
}

/// Four requests at once, and one more every two minutes.
const LIMITS: &[Bucket] = &[Bucket::named("invite", 4, Duration::from_mins(2))];

pub(crate) fn email(text: &str) -> Email {
    Email::verbatim(text)
}

/// Somebody by address, which need not be one that can be mailed, or by account.
pub(crate) fn person(text: &str) -> Invitee {
    match text.strip_prefix('@') {
        Some(name) => AccountName::new(name).expect("a name").into(),
        None => email(text).into(),
    }
}

impl Vendor {
    /// A vendor that takes this many people in a request, and does these steps; afterwards it
    /// stores, mails and answers nothing.
    pub(crate) fn new(batch_size: usize, steps: impl IntoIterator<Item = Step>) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::parse("2026-01-01T00:00:00Z").expect("a time")));
        let mut capability = Capability::nothing("it is not asked for");
        capability.operations.invite = Support::Native;
        capability.operations.list_invitations = Support::Native;
        capability.operations.list_members = Support::Native;
        capability.operations.resend_invitation = Support::composed("revokes and invites anew");
        capability.batch_size = batch_size;
        capability.unnamed_role = UnnamedRole::Is(Role::Editor);
        capability.roles_at_invite = vec![Role::Editor, Role::Viewer];
        let state = State { steps: steps.into_iter().collect(), ..State::default() };
        let script = Script {
            state: Arc::new(Mutex::new(state)),
            clock,
            capability: Arc::new(capability),
            lists_at_once: false,
            clears_dead: false,
            transport: None,
        };
        Self {
            script,
            guard: Arc::default(),
            coordination: Coordination::separate(),
            max_wait: Duration::from_mins(1),
            organization: "acme".parse().expect("an id"),
        }
    }

    /// The provider; the script does not change any more.
    pub(crate) fn provider(&self) -> &Guard<Script> {
        self.guard.get_or_init(|| {
            let mut config = ProviderConfig::new("scripted").clock(Arc::clone(&self.clock) as Arc<dyn Clock>);
            config.settle = SETTLE;
            config.coordination = self.coordination.clone();
            config.http.max_wait = self.max_wait;
            Guard::over(self.script.clone(), config).expect("it looks")
        })
    }

    pub(crate) fn coordination(&self) -> Coordination {
        self.coordination.clone()
    }

    /// The same vendor by another provider, which coordinates so and waits so long.
    pub(crate) fn again(&self, coordination: Coordination, max_wait: Duration) -> Self {
        Self { guard: Arc::default(), coordination, max_wait, ..self.clone() }
    }

    /// Whose create requests pass the limits of a transport, which knows of them if they are `known`;
    /// `respond` is what a request meets there.
    pub(crate) fn limited(
        mut self,
        known: bool,
        http: HttpSettings,
        respond: impl Fn() -> http::Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        let service = CannedService::new(move |_| Ok(respond()));
        let url = BaseUrl::parse("https://api.example.com", false).expect("a URL");
        let options = ClientOptions::new(url, Auth::bearer("t"))
            .settings(http)
            .clock(Arc::clone(&self.clock) as Arc<dyn Clock>)
            .client(HttpClient::new(service));
        let vendor =
            orgport_core::http::Vendor::new("scripted", |failure| Refusal::from_status(failure.status));
        let vendor = vendor.limits(if known { LIMITS } else { &[] });
        self.transport = Some(Transport::new(vendor, options).expect("valid"));
        if known {
            let limit = RateLimit::new("invite", 4, Duration::from_mins(2)).counting(&[Operation::Invite]);
            Arc::make_mut(&mut self.capability).rate_limits = vec![limit];
        }
        self
    }

    /// Whose four creates at once are known to be the limit, and one more every two minutes.
    pub(crate) fn paced(self) -> Self {
        self.limited(true, HttpSettings::default(), || http::Response::new("{}".into()))
    }

    /// Which takes these.
    pub(crate) fn taking(mut self, invitees: Invitees) -> Self {
        Arc::make_mut(&mut self.capability).invitees = invitees;
        self
    }

    /// What the next readings of the invitations meet; later ones work.
    pub(crate) fn reading(self, readings: &[Reading]) -> Self {
        self.state().readings.extend(readings);
        self
    }

    /// The answer to the next revocation is lost.
    pub(crate) fn losing(self, revocation: Revocation) -> Self {
        self.state().revocation = Some(revocation);
        self
    }

    /// Keeps this beside each invitation, or cannot read it.
    pub(crate) fn keeping(self, extras: Result<Native, Error>) -> Self {
        self.state().extras = Some(extras);
        self
    }

    /// With an invitation that is there from the start.
    pub(crate) fn with(self, id: &str, address: &str, status: InvitationStatus) -> Self {
        let row = row(id, address, status);
        self.state().invitations.push((Duration::ZERO, row));
        self
    }

    /// With an invitation to an address that need not be one.
    pub(crate) fn with_address(self, id: &str, address: &str) -> Self {
        let mut row = row(id, "nobody@x.io", InvitationStatus::Pending);
        row.email = Some(email(address));
        self.state().invitations.push((Duration::ZERO, row));
        self
    }

    pub(crate) fn with_member(self, address: &str) -> Self {
        self.state().members.push((Duration::ZERO, member(address)));
        self
    }

    pub(crate) async fn invite(&self, address: &str) -> Result<InviteOutcome, Error> {
        self.provider().invite(&self.organization, NewInvitation::to(person(address))).await
    }

    pub(crate) async fn invite_as(&self, address: &str, role: Role) -> Result<InviteOutcome, Error> {
        let invitation = NewInvitation::to(person(address)).with_role(role);
        self.provider().invite(&self.organization, invitation).await
    }

    pub(crate) fn stream(&self, addresses: &[&str]) -> InviteStream<'_> {
        let invitations = addresses.iter().map(|address| NewInvitation::to(person(address))).collect();
        self.provider().invite_many(&self.organization, invitations)
    }

    /// Every outcome's word or kind, by index.
    pub(crate) async fn outcomes(&self, addresses: &[&str]) -> Vec<String> {
        let mut outcomes: Vec<_> = self.stream(addresses).collect().await;
        outcomes.sort_by_key(|(index, _)| *index);
        let indices: Vec<_> = outcomes.iter().map(|(index, _)| *index).collect();
        assert_eq!(indices, (0..addresses.len()).collect::<Vec<_>>(), "each index has one outcome");
        outcomes.into_iter().map(|(_, outcome)| word(outcome)).collect()
    }

    pub(crate) async fn resend(&self, id: &str) -> Result<Invitation, Error> {
        let id = InvitationId::new(id).expect("an id");
        self.provider().resend_invitation(&self.organization, &id).await
    }

    /// When each create request was sent.
    pub(crate) fn sends(&self) -> Vec<Duration> {
        let state = self.state();
        state.log.iter().filter(|(_, what)| what.starts_with("create")).map(|(at, _)| *at).collect()
    }

    /// Every request in order.
    pub(crate) fn log(&self) -> Vec<String> {
        self.state().log.iter().map(|(_, what)| what.clone()).collect()
    }

    pub(crate) fn mails(&self) -> Vec<String> {
        self.state().mails.clone()
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }
}

impl Script {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    fn log_request(&self, what: &str) -> MutexGuard<'_, State> {
        let mut state = self.state();
        let now = self.clock.elapsed();
        state.log.push((now, what.to_owned()));
        for (_, gone) in state.leaves.extract_if(.., |(at, _)| *at <= now).collect::<Vec<_>>() {
            state.invitations.retain(|(_, row)| row.id != gone);
        }
        state
    }
}

/// An outcome in one word.
pub(crate) fn word(outcome: Result<InviteOutcome, Error>) -> String {
    outcome.map_or_else(|error| error.kind().as_str().to_owned(), |outcome| outcome.as_str().to_owned())
}

fn row(id: &str, address: &str, status: InvitationStatus) -> Invitation {
    let mut row = Invitation::new(InvitationId::new(id).expect("an id"), status);
    let person = person(address);
    (row.email, row.account) = (person.email().cloned(), person.account().cloned());
    row.role = Some(Role::Editor);
    row.native = Some(Native::from_value(&json!({ "id": id, "email": address })));
    row
}

fn member(address: &str) -> Member {
    let mut member = Member::new(MemberId::new(format!("member {address}")).expect("an id"));
    let person = person(address);
    (member.email, member.account) = (person.email().cloned(), person.account().cloned());
    member
}

fn broken() -> Error {
    Error::new(ErrorKind::Unavailable, "the list cannot be read")
        .with_status(503)
        .with_reach(Reach::Unanswered)
}

impl Adapter for Script {
    fn kind(&self) -> &'static str {
        "scripted"
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn account(&self) -> Option<String> {
        Some("scripted".to_owned())
    }

    fn transport(&self) -> Option<&Transport> {
        self.transport.as_ref()
    }

    fn with_transport(&self, transport: Transport) -> Self {
        Self { transport: Some(transport), ..self.clone() }
    }
}

impl OrganizationsAdapter for Script {}

#[async_trait]
impl MembersAdapter for Script {
    async fn list_members(&self, _: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        let now = self.clock.elapsed();
        let state = self.log_request("members");
        let there = state.members.iter().filter(|(at, _)| *at <= now);
        Ok(Page::whole(there.map(|(_, member)| Ok(member.clone())).collect()))
    }
}

#[async_trait]
impl InvitationsAdapter for Script {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { cursor, .. } = list;
        let now = self.clock.elapsed();
        let mut state = self.log_request("invitations");
        if cursor.is_some() {
            return Ok(Page::whole(Vec::new()).with_total(1000));
        }
        let reading = state.readings.pop_front().unwrap_or(Reading::Works);
        let there = state.invitations.iter().filter(|(at, _)| *at <= now);
        let mut items: Vec<_> = there.map(|(_, row)| Ok(row.clone())).collect();
        let count = items.len() as u64;
        match reading {
            Reading::Works => Ok(Page::whole(items)),
            Reading::Fails => Err(broken()),
            Reading::Shifts => Ok(Page::new(items, Some(Cursor::new("2"))).with_total(count)),
            Reading::IsUnfamiliar => {
                for row in items.iter_mut().flatten() {
                    row.status = InvitationStatus::Unknown("held".to_owned());
                }
                Ok(Page::whole(items))
            }
            Reading::HasRow(json) => {
                let row = Native::from_text(json.into()).expect("it is JSON");
                items.push(Err(Error::new(ErrorKind::Protocol, "the role is a list").with_row(row)));
                Ok(Page::whole(items))
            }
            Reading::IsGarbled => {
                items.push(Err(Error::new(ErrorKind::Protocol, "a row has no id")));
                Ok(Page::whole(items))
            }
        }
    }

    async fn get_invitation(&self, _: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let state = self.log_request("get");
        let found = state.invitations.iter().find(|(_, row)| row.id == *id);
        found.map(|(_, row)| row.clone()).ok_or_else(|| Error::new(ErrorKind::NotFound, "no such invitation"))
    }

    async fn extras(&self, _: &OrganizationId, _: &Invitation) -> Result<Option<Native>, Error> {
        self.state().extras.clone().transpose()
    }

    async fn revoke_invitation(&self, _: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        let mut state = self.log_request("revoke");
        let revocation = state.revocation.take();
        match revocation {
            None | Some(Revocation::Done) => state.invitations.retain(|(_, row)| row.id != *id),
            Some(Revocation::DoneAfter(delay)) => {
                let at = self.clock.elapsed() + delay;
                state.leaves.push((at, id.clone()));
            }
            Some(Revocation::Lost) => {}
        }
        match revocation {
            None => Ok(()),
            Some(_) => Err(broken()),
        }
    }

    async fn send_invitations(&self, _: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        if let Some(transport) = &self.transport {
            let create = Request::post("/invites", Safety::Reconcilable).limited_by("invite");
            transport.send(create).await?;
        }
        let end = {
            let people: Vec<_> = batch.iter().map(|draft| draft.invitee.to_string()).collect();
            let now = self.clock.elapsed();
            let mut state = self.log_request(&format!("create {}", people.join(" ")));
            let extras = batch.iter().filter_map(|draft| draft.extras.as_ref());
            state.log.extend(extras.map(|extras| (now, format!("with {}", extras.text()))));
            let step = state.steps.pop_front().unwrap_or_else(Step::accepted);
            for (place, address) in people.iter().enumerate() {
                let delay = if place < step.stored { Some(Duration::ZERO) } else { step.others_after };
                let Some(delay) = delay else { continue };
                let id = format!("new {address} {}", state.invitations.len());
                if step.is_member {
                    state.members.push((now + delay, member(address)));
                } else {
                    state.invitations.push((now + delay, row(&id, address, InvitationStatus::Pending)));
                }
                if step.is_mailed {
                    state.mails.push(address.clone());
                }
            }
            if let Some(address) = step.beside {
                state.invitations.push((now, row("beside", address, InvitationStatus::Pending)));
            }
            step.end
        };
        // As a real request does: others get their turn while it is on its way.
        tokio::task::yield_now().await;
        match end {
            End::Listed => {
                let now = self.clock.elapsed();
                let state = self.state();
                let there = state.invitations.iter().filter(|(at, _)| *at <= now);
                Ok(Reply::Listed(there.map(|(_, row)| row.clone()).collect()))
            }
            End::Accepted => Ok(Reply::Accepted),
            End::Fails(error) => Err(error),
            End::Hangs => std::future::pending().await,
        }
    }

    fn lists_at_once(&self) -> bool {
        self.lists_at_once
    }

    async fn clear_dead(&self, _: &OrganizationId, dead: &Invitation, _: &Error) -> Result<bool, Error> {
        if self.clears_dead {
            self.log_request("clear").invitations.retain(|(_, row)| row.id != dead.id);
        }
        Ok(self.clears_dead)
    }
}
