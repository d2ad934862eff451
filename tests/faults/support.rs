//! A world with short limits, and what tests ask of it.

use std::time::Duration;

use futures_util::StreamExt;
use orgport_core::http::HttpSettings;
use orgport_core::{
    Clock, Email, Error, Invitation, InvitationFilter, InviteOutcome, NewInvitation, Provider, UnnamedRole,
    stream,
};
use orgport_sandbox::{Fault, FaultKind, Received};
use orgport_tests::world::{Account, World};

pub(crate) const SETTLE: Duration = Duration::from_secs(16);
pub(crate) const ADA: &str = "ada@x.example";

/// A world in which what takes real time takes little.
pub(crate) async fn world(account: Account) -> World {
    let mut http = HttpSettings::default();
    http.attempt_timeout = Duration::from_millis(1500);
    http.stall_timeout = Duration::from_millis(700);
    http.max_body = 1 << 20;
    World::with_http(account, http).await
}

pub(crate) fn email(text: &str) -> Email {
    Email::verbatim(text)
}

/// With the first role that can be given, where one has to be named.
pub(crate) fn invitation(provider: &dyn Provider, address: &str) -> NewInvitation {
    let new = NewInvitation::to(email(address));
    let capability = provider.capability();
    match (&capability.unnamed_role, capability.roles_at_invite.first()) {
        (UnnamedRole::Required, Some(role)) => new.with_role(role.clone()),
        _ => new,
    }
}

pub(crate) fn gateway(status: u16, commit: bool) -> FaultKind {
    FaultKind::Html { status, commit }
}

pub(crate) fn status(status: u16, headers: &[(&str, &str)]) -> FaultKind {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    FaultKind::Status { status, headers, body: None, commit: false }
}

/// What tests do in a world.
pub(crate) trait Doing {
    /// Something that goes wrong with the next create.
    fn on_create(&self, kind: FaultKind) -> Fault;
    /// Something that goes wrong with reads.
    fn on_read(&self, kind: FaultKind) -> Fault;
    async fn invite(&self, address: &str) -> Result<InviteOutcome, Error>;
    async fn invite_many(&self, addresses: &[&str]) -> Vec<Result<InviteOutcome, Error>>;
    /// All invitations, as somebody whom nothing disturbs reads them.
    async fn invitations(&self) -> Vec<Invitation>;
    /// How often this method was requested.
    fn count(&self, method: &str) -> usize;
    /// Virtual time since the clock said so much.
    fn waited_since(&self, begun: Duration) -> Duration;
}

impl Doing for World {
    fn on_create(&self, kind: FaultKind) -> Fault {
        let create = Fault::new(self.account.vendor(), kind).method("POST");
        // An app's token is got by a POST, too.
        if self.account == Account::GitHubApp { create.route("/orgs/{org}/invitations") } else { create }
    }

    fn on_read(&self, kind: FaultKind) -> Fault {
        Fault::new(self.account.vendor(), kind).method("GET")
    }

    async fn invite(&self, address: &str) -> Result<InviteOutcome, Error> {
        self.provider.invite(&self.organization, invitation(&*self.provider, address)).await
    }

    async fn invite_many(&self, addresses: &[&str]) -> Vec<Result<InviteOutcome, Error>> {
        let list = addresses.iter().map(|address| invitation(&*self.provider, address)).collect();
        let mut outcomes: Vec<_> = self.provider.invite_many(&self.organization, list).collect().await;
        outcomes.sort_by_key(|(index, _)| *index);
        assert!(outcomes.iter().map(|(index, _)| *index).eq(0..addresses.len()), "an outcome for each");
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    async fn invitations(&self) -> Vec<Invitation> {
        self.sandbox.clear_faults();
        let (witness, filter) = (self.another(), InvitationFilter::all());
        let rows = stream::invitations(&*witness, &self.organization, &filter);
        rows.map(|row| row.expect("readable")).collect().await
    }

    fn count(&self, method: &str) -> usize {
        let requests = self.sandbox.requests();
        requests.iter().filter(|request| request.method == method && !is_for_token(request)).count()
    }

    fn waited_since(&self, begun: Duration) -> Duration {
        self.clock.elapsed().saturating_sub(begun)
    }
}

/// An outcome's word, or the error's kind.
pub(crate) fn word(outcome: &Result<InviteOutcome, Error>) -> &'static str {
    outcome.as_ref().map_or_else(|error| error.kind().as_str(), InviteOutcome::as_str)
}

/// How many reads come before the create.
pub(crate) async fn reads_before_create(account: Account) -> u32 {
    let world = world(account).await;
    assert_eq!(word(&world.invite(ADA).await), "invited");
    let requests = world.sandbox.requests();
    let requests = requests.iter().filter(|request| !is_for_token(request));
    u32::try_from(requests.take_while(|request| request.method == "GET").count()).expect("few")
}

/// Whether an app asks for its token.
fn is_for_token(request: &Received) -> bool {
    request.path.ends_with("/access_tokens")
}

/// Tries each case in a future of its own: what hangs, hangs together.
pub(crate) async fn side_by_side<T>(cases: impl IntoIterator<Item = T>, case: impl AsyncFn(T)) {
    futures_util::future::join_all(cases.into_iter().map(|one| case(one))).await;
}
