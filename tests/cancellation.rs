//! Dropping a call at any await point: nothing is left locked, nobody is mailed twice, no token is
//! lost.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use orgport::{
    Answer, AnyProvider, Email, Error, ErrorKind, InvitationFilter, InvitationRef, Invitations,
    InviteOutcome, Members, NewInvitation, NewOrganization, Operation, OrganizationId, Organizations,
    Provider, Support,
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

/// A provider for each vendor that can do this, with its stage and organization.
async fn each_that_can(operation: Operation) -> Vec<(Stage, Identity, AnyProvider, OrganizationId)> {
    let mut able = Vec::new();
    for vendor in VENDORS {
        let stage = Stage::new().await;
        for identity in stage.sandbox.identities().into_iter().filter(|one| one.vendor == vendor) {
            if identity.organization.is_none() {
                continue;
            }
            let provider = stage.provider(&identity);
            if !matches!(provider.capability().support(operation), Support::Unsupported { .. }) {
                let organization = organization_of(&provider);
                able.push((stage, identity, provider, organization));
                break;
            }
        }
    }
    able
}

#[tokio::test]
async fn a_dropped_invitation_is_found_by_the_next_call() {
    for (stage, _, provider, organization) in each_that_can(Operation::Invite).await {
        let kind = provider.kind();
        let mut dropped = 0;
        for polls in 1..MANY {
            let email = format!("ada{polls}@x.example");
            let ada = invitation(&provider, &email);
            let done = poll_times(polls, provider.invite(&organization, ada.clone())).await;
            rest(&stage).await;
            let outcome = soon(kind, provider.invite(&organization, ada)).await;
            assert!(is_there(&outcome), "{kind} after {polls} polls: {outcome:?}");
            assert_eq!(stage.mails(&email), 1, "{kind} after {polls} polls");
            if let Some(outcome) = done {
                assert!(is_there(&outcome), "{kind}: {outcome:?}");
                break;
            }
            dropped += 1;
        }
        assert!((4..MANY - 2).contains(&dropped), "{kind}: dropped at {dropped} points");
    }
}

#[tokio::test]
async fn a_dropped_stream_of_invitations_leaves_nobody_locked() {
    for (stage, _, provider, organization) in each_that_can(Operation::Invite).await {
        let kind = provider.kind();
        for polls in (1..MANY).step_by(7) {
            let emails: Vec<_> = (0..12).map(|person| format!("p{person}-{polls}@x.example")).collect();
            let people = || emails.iter().map(|email| invitation(&provider, email)).collect::<Vec<_>>();
            let all = provider.invite_many(&organization, people()).collect::<Vec<_>>();
            let done = poll_times(polls, all).await;
            rest(&stage).await;
            let outcomes: Vec<_> = soon(kind, provider.invite_many(&organization, people()).collect()).await;
            assert_eq!(outcomes.len(), emails.len());
            for (person, outcome) in outcomes {
                assert!(is_there(&outcome), "{kind} after {polls} polls: {outcome:?}");
                assert_eq!(stage.mails(&emails[person]), 1, "{kind} after {polls} polls: {}", emails[person]);
            }
            if done.is_some() {
                break;
            }
        }
    }
}

async fn row_of(provider: &AnyProvider, organization: &OrganizationId, email: &str) -> orgport::Invitation {
    find(provider, organization, email).await.expect("just invited")
}

async fn find(
    provider: &AnyProvider,
    organization: &OrganizationId,
    email: &str,
) -> Option<orgport::Invitation> {
    let email = Email::verbatim(email);
    let page = provider.list_invitations(organization, &InvitationFilter::all(), None).await.expect("a list");
    let mut rows = page.items.into_iter().flatten();
    rows.find(|row| row.email.as_ref() == Some(&email))
}

#[tokio::test]
async fn a_dropped_resend_is_made_good_by_inviting() {
    for (stage, _, provider, organization) in each_that_can(Operation::ResendInvitation).await {
        let kind = provider.kind();
        for polls in 1..MANY {
            let email = format!("ada{polls}@x.example");
            let ada = invitation(&provider, &email);
            provider.invite(&organization, ada.clone()).await.expect("invited");
            let row = row_of(&provider, &organization, &email).await;
            stage.sandbox.advance(Duration::from_hours(1)).await;
            let done = poll_times(polls, provider.resend_invitation(&organization, &row.id)).await;
            rest(&stage).await;
            let outcome = soon(kind, provider.invite(&organization, ada)).await;
            assert!(is_there(&outcome), "{kind} after {polls} polls: {outcome:?}");
            // The first one, and one more: by the resend, or by the invitation that made it good.
            assert!(stage.mails(&email) <= 2, "{kind} after {polls} polls: {}", stage.mails(&email));
            let ended = done.is_some();
            if let Some(outcome) = done {
                outcome.unwrap_or_else(|error| panic!("{kind}: {error}"));
            }
            if ended {
                break;
            }
            // A composed one goes on by itself and ends with an invitation.
            let there = async {
                while find(&provider, &organization, &email).await.is_none() {
                    tokio::task::yield_now().await;
                }
            };
            soon(kind, there).await;
        }
    }
}

#[tokio::test]
async fn a_dropped_revocation_can_be_made_again() {
    for (stage, _, provider, organization) in each_that_can(Operation::RevokeInvitation).await {
        let kind = provider.kind();
        for polls in 1..MANY {
            let email = format!("ada{polls}@x.example");
            let ada = invitation(&provider, &email);
            provider.invite(&organization, ada.clone()).await.expect("invited");
            let row = row_of(&provider, &organization, &email).await;
            let done = poll_times(polls, provider.revoke_invitation(&organization, &row.id)).await;
            rest(&stage).await;
            match soon(kind, provider.revoke_invitation(&organization, &row.id)).await {
                Ok(()) => assert!(done.is_none(), "{kind}: revoked twice"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::NotFound, "{kind} after {polls}: {error}"),
            }
            let outcome = soon(kind, provider.invite(&organization, ada)).await;
            assert!(matches!(outcome, Ok(InviteOutcome::Invited(..))), "{kind} after {polls}: {outcome:?}");
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_dropped_answer_is_given_once() {
    for (stage, identity, provider, organization) in each_that_can(Operation::RespondToInvitation).await {
        let kind = provider.kind();
        for polls in 1..MANY {
            let email = format!("ada{polls}@x.example");
            let ada = stage.sandbox.add_user(&identity.vendor, &email).expect("an account");
            let ada = stage.provider(&ada);
            provider.invite(&organization, invitation(&provider, &email)).await.expect("invited");
            let row = row_of(&provider, &organization, &email).await;
            let asked = InvitationRef::new(organization.clone(), row.id);
            let done = poll_times(polls, ada.respond_to_invitation(&asked, Answer::Accept)).await;
            rest(&stage).await;
            let again = soon(kind, ada.respond_to_invitation(&asked, Answer::Accept)).await;
            if let Err(error) = again {
                let kinds = [ErrorKind::Conflict, ErrorKind::NotFound];
                assert!(kinds.contains(&error.kind()), "{kind} after {polls} polls: {error}");
            }
            let members = provider.list_members(&organization, None).await.expect("a list").items;
            let email = Email::verbatim(&email);
            let ada = members.into_iter().flatten().filter(|member| member.email.as_ref() == Some(&email));
            assert_eq!(ada.count(), 1, "{kind} after {polls} polls");
            if done.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_dropped_creation_makes_one_organization_at_most() {
    for (stage, _, provider, _) in each_that_can(Operation::CreateOrganization).await {
        let kind = provider.kind();
        for polls in 1..MANY {
            let name = format!("acme-{polls}");
            let done = poll_times(polls, provider.create_organization(NewOrganization::new(&name))).await;
            rest(&stage).await;
            let page = soon(kind, provider.list_organizations(None)).await.expect("a list");
            let named = page.items.into_iter().flatten().filter(|one| one.name == name).count();
            assert!(named <= 1, "{kind} after {polls} polls: {named}");
            if let Some(outcome) = done {
                outcome.unwrap_or_else(|error| panic!("{kind}: {error}"));
                assert_eq!(named, 1, "{kind}");
                break;
            }
        }
    }
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
