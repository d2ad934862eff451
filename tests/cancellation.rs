//! Dropping a call at any await point: nothing is left locked, nobody is mailed twice, no token is
//! lost.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use orgport::{
    Answer, AnyProvider, Email, Error, ErrorKind, Invitation, InvitationFilter, InvitationRef, Invitations,
    InviteOutcome, Members, NewInvitation, NewOrganization, Operation, OrganizationId, Organizations,
    Provider, Support, stream,
};
use orgport_sandbox::{Identity, Sandbox};
use orgport_tests::stage::{Stage, organization_of};
use orgport_tests::vendors::VENDORS;

/// No call here takes more polls.
const MANY: usize = 2_000;

/// Polls a call so often and drops it; its answer if it was ready by then.
async fn poll_times<T>(times: usize, call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == times {
            return Poll::Ready(None);
        }
        polled += 1;
        match call.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if polled == times => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A call that somebody's lock holds up for ever fails here.
async fn soon<T>(what: &str, call: impl Future<Output = T>) -> T {
    let outcome = tokio::time::timeout(Duration::from_secs(20), call).await;
    outcome.unwrap_or_else(|_| panic!("{what} hangs"))
}

/// Lets the vendor finish what it has begun, the lists settle and the limits grow.
async fn rest(stage: &Stage) {
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_micros(500)).await;
        if stage.sandbox.requests().iter().all(|request| request.status.is_some()) {
            break;
        }
    }
    stage.sandbox.advance(Duration::from_mins(10)).await;
}

fn invitation(provider: &AnyProvider, email: &str) -> NewInvitation {
    let invitation = NewInvitation::to(Email::parse(email).expect("an address"));
    match provider.capability().roles_at_invite.last() {
        Some(role) => invitation.with_role(role.clone()),
        None => invitation,
    }
}

fn is_there(outcome: &Result<InviteOutcome, Error>) -> bool {
    matches!(outcome, Ok(InviteOutcome::Invited(..) | InviteOutcome::AlreadyInvited(..)))
}

/// A provider that can do what is dropped, with its vendor and organization.
struct Scene {
    stage: Stage,
    identity: Identity,
    provider: AnyProvider,
    organization: OrganizationId,
    kind: &'static str,
}

impl Scene {
    /// One for each vendor that can do this.
    async fn of_each_that_can(operation: Operation) -> Vec<Self> {
        let mut able = Vec::new();
        for vendor in VENDORS {
            let stage = Stage::new().await;
            for identity in stage.sandbox.identities().into_iter().filter(|one| one.vendor == vendor) {
                if identity.organization.is_none() {
                    continue;
                }
                let provider = stage.provider(&identity);
                if !matches!(provider.capability().support(operation), Support::Unsupported { .. }) {
                    let (organization, kind) = (organization_of(&provider), provider.kind());
                    able.push(Self { stage, identity, provider, organization, kind });
                    break;
                }
            }
        }
        able
    }

    fn invitation(&self, email: &str) -> NewInvitation {
        invitation(&self.provider, email)
    }

    /// Invites a person, and shows the invitation.
    async fn invited(&self, email: &str) -> Invitation {
        let invited = self.provider.invite(&self.organization, self.invitation(email)).await;
        invited.unwrap_or_else(|error| panic!("{}: {error}", self.kind));
        self.find(email).await.expect("just invited")
    }

    async fn find(&self, email: &str) -> Option<Invitation> {
        let email = Email::verbatim(email);
        let page = self.provider.list_invitations(&self.organization, &InvitationFilter::all(), None).await;
        let mut rows = page.expect("a list").items.into_iter().flatten();
        rows.find(|row| row.email.as_ref() == Some(&email))
    }
}

/// Drops a call of each vendor that has it at one await point after the other. What is tried at a
/// number of polls says whether the call was done by then.
async fn at_every_point(operation: Operation, try_at: impl AsyncFn(&Scene, usize) -> bool) {
    for scene in Scene::of_each_that_can(operation).await {
        let mut polls = 1;
        while !try_at(&scene, polls).await {
            polls += 1;
            assert!(polls < MANY, "{}: no end", scene.kind);
        }
    }
}

#[tokio::test]
async fn a_dropped_invitation_is_found_by_the_next_call() {
    at_every_point(Operation::Invite, async |Scene { stage, provider, organization, kind, .. }, polls| {
        let email = format!("ada{polls}@x.example");
        let ada = invitation(provider, &email);
        let done = poll_times(polls, provider.invite(organization, ada.clone())).await;
        rest(stage).await;
        let outcome = soon(kind, provider.invite(organization, ada)).await;
        assert!(is_there(&outcome), "{kind} after {polls} polls: {outcome:?}");
        assert_eq!(stage.mails(&email), 1, "{kind} after {polls} polls");
        if let Some(outcome) = &done {
            assert!(is_there(outcome), "{kind}: {outcome:?}");
            assert!(polls > 4, "{kind}: dropped at {polls} points only");
        }
        done.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_stream_of_invitations_leaves_nobody_locked() {
    at_every_point(Operation::Invite, async |Scene { stage, provider, organization, kind, .. }, step| {
        let polls = 7 * step - 6;
        let emails: Vec<_> = (0..12).map(|person| format!("p{person}-{polls}@x.example")).collect();
        let people = || emails.iter().map(|email| invitation(provider, email)).collect::<Vec<_>>();
        let all = provider.invite_many(organization, people()).collect::<Vec<_>>();
        let done = poll_times(polls, all).await;
        rest(stage).await;
        let outcomes: Vec<_> = soon(kind, provider.invite_many(organization, people()).collect()).await;
        assert_eq!(outcomes.len(), emails.len());
        for (person, outcome) in outcomes {
            assert!(is_there(&outcome), "{kind} after {polls} polls: {outcome:?}");
            assert_eq!(stage.mails(&emails[person]), 1, "{kind} after {polls} polls: {}", emails[person]);
        }
        done.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_resend_is_made_good_by_inviting() {
    at_every_point(Operation::ResendInvitation, async |scene, polls| {
        let Scene { stage, provider, organization, kind, .. } = scene;
        let email = format!("ada{polls}@x.example");
        let row = scene.invited(&email).await;
        stage.sandbox.advance(Duration::from_hours(1)).await;
        let done = poll_times(polls, provider.resend_invitation(organization, &row.id)).await;
        rest(stage).await;
        let outcome = soon(kind, provider.invite(organization, scene.invitation(&email))).await;
        assert!(is_there(&outcome), "{kind} after {polls} polls: {outcome:?}");
        // The first one, and one more: by the resend, or by the invitation that made it good.
        assert!(stage.mails(&email) <= 2, "{kind} after {polls} polls: {}", stage.mails(&email));
        if let Some(outcome) = done {
            outcome.unwrap_or_else(|error| panic!("{kind}: {error}"));
            return true;
        }
        // A composed one goes on by itself and ends with an invitation.
        let there = async {
            while scene.find(&email).await.is_none() {
                tokio::task::yield_now().await;
            }
        };
        soon(kind, there).await;
        false
    })
    .await;
}

#[tokio::test]
async fn a_dropped_revocation_can_be_made_again() {
    at_every_point(Operation::RevokeInvitation, async |scene, polls| {
        let Scene { stage, provider, organization, kind, .. } = scene;
        let email = format!("ada{polls}@x.example");
        let row = scene.invited(&email).await;
        let done = poll_times(polls, provider.revoke_invitation(organization, &row.id)).await;
        rest(stage).await;
        match soon(kind, provider.revoke_invitation(organization, &row.id)).await {
            Ok(()) => assert!(done.is_none(), "{kind}: revoked twice"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound, "{kind} after {polls}: {error}"),
        }
        let outcome = soon(kind, provider.invite(organization, scene.invitation(&email))).await;
        assert!(matches!(outcome, Ok(InviteOutcome::Invited(..))), "{kind} after {polls}: {outcome:?}");
        done.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_answer_is_given_once() {
    at_every_point(Operation::RespondToInvitation, async |scene, polls| {
        let Scene { stage, identity, provider, organization, kind } = scene;
        let email = format!("ada{polls}@x.example");
        let ada = stage.sandbox.add_user(&identity.vendor, &email).expect("an account");
        let ada = stage.provider(&ada);
        let row = scene.invited(&email).await;
        let members = async || stream::members(provider, organization).count().await;
        let before = members().await;
        let asked = InvitationRef::new(organization.clone(), row.id);
        let done = poll_times(polls, ada.respond_to_invitation(&asked, Answer::Accept)).await;
        rest(stage).await;
        let again = soon(kind, ada.respond_to_invitation(&asked, Answer::Accept)).await;
        if let Err(error) = again {
            let kinds = [ErrorKind::Conflict, ErrorKind::NotFound];
            assert!(kinds.contains(&error.kind()), "{kind} after {polls} polls: {error}");
        }
        assert_eq!(members().await, before + 1, "{kind} after {polls} polls");
        done.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_dropped_creation_makes_one_organization_at_most() {
    at_every_point(Operation::CreateOrganization, async |Scene { stage, provider, kind, .. }, polls| {
        let name = format!("acme-{polls}");
        let done = poll_times(polls, provider.create_organization(NewOrganization::new(&name))).await;
        rest(stage).await;
        let page = soon(kind, provider.list_organizations(None)).await.expect("a list");
        let named = page.items.into_iter().flatten().filter(|one| one.name == name).count();
        assert!(named <= 1, "{kind} after {polls} polls: {named}");
        let Some(outcome) = done else { return false };
        outcome.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(named, 1, "{kind}");
        true
    })
    .await;
}

#[tokio::test]
async fn a_renewal_goes_on_when_the_call_that_asked_for_it_is_dropped() {
    let life = Duration::from_mins(1);
    for vendor in ["nuextract", "jaqpot"] {
        let stage = Stage::with(Sandbox::builder().access_token_life(life)).await;
        let renewable = |one: &Identity| one.vendor == vendor && one.credential["type"] == "oauth2";
        let mut identity = stage.sandbox.identities().into_iter().find(renewable).expect("one");
        identity.credential.as_object_mut().expect("a table").remove("access_token");
        let provider = stage.provider(&identity);
        let organization = organization_of(&provider);
        let ask = async || provider.list_members(&organization, None).await.map(drop);
        for polls in 1..MANY {
            stage.sandbox.advance(life * 2).await;
            stage.sandbox.clear_requests();
            let done = poll_times(polls, ask()).await;
            let next = soon(vendor, ask()).await;
            next.unwrap_or_else(|error| panic!("{vendor} after {polls} polls: the token is lost: {error}"));
            assert_eq!(stage.renewals(), 1, "{vendor} after {polls} polls");
            if done.is_some() {
                break;
            }
        }
    }
}
