//! The conformance suite over GitHub, with a person's token and with an app's key.

use futures_util::StreamExt;
use orgport_conformance::{Subject, run_all};
use orgport_core::{
    AccountName, Answer, Email, ErrorKind, InvitationFilter, InvitationId, InvitationRef, InviteOutcome,
    Invitee, Member, NewInvitation, OrganizationId, Role, stream,
};
use orgport_github::{GitHubProvider, GitHubSettings, request};
use orgport_sandbox::{Fault, FaultKind, MailKind};
use orgport_tests::world::{Account, NO_ORGANIZATION_IN_ROWS, NO_RENEWAL, NO_WORD_OF_MAILS, World, connect};

#[tokio::test]
async fn with_a_persons_token() {
    let report = run_all(|| async { Ok(World::start(Account::GitHub).await) }).await;
    report.assert_seen_but(&[NO_RENEWAL, NO_WORD_OF_MAILS, NO_ORGANIZATION_IN_ROWS]);
}

#[tokio::test]
async fn with_an_apps_key() {
    let report = run_all(|| async { Ok(World::start(Account::GitHubApp).await) }).await;
    report.assert_seen_but(&[NO_WORD_OF_MAILS, NO_ORGANIZATION_IN_ROWS]);
}

async fn world() -> World {
    World::start(Account::GitHub).await
}

fn ada() -> Email {
    Email::verbatim("ada@lovelace.example")
}

fn young() -> OrganizationId {
    OrganizationId::new("acme-labs").expect("not empty")
}

async fn members(world: &World) -> Vec<Member> {
    let rows: Vec<_> = stream::members(&*world.provider, &world.organization).collect().await;
    rows.into_iter().collect::<Result<_, _>>().expect("readable")
}

async fn invite(world: &World, person: impl Into<Invitee>) -> InviteOutcome {
    let outcome = world.provider.invite(&world.organization, NewInvitation::to(person)).await;
    outcome.expect("an outcome")
}

/// Somebody who is a member by now.
async fn joined(world: &World, email: &Email) -> Member {
    let before = members(world).await;
    invite(world, email).await;
    assert!(world.accept(&world.organization, &email.into()).await);
    let is_new = |member: &Member| before.iter().all(|old| old.id != member.id);
    members(world).await.into_iter().find(is_new).expect("one more")
}

fn writes(world: &World) -> Vec<String> {
    let requests = world.sandbox.requests();
    let writes = requests.iter().filter(|request| request.method != "GET");
    writes.map(|request| format!("{} {}", request.method, request.path)).collect()
}

#[tokio::test]
async fn accounts_are_invited_like_addresses() {
    let world = world().await;
    world.sandbox.add_user("github", ada().as_str()).expect("an account");
    let account = AccountName::new("ADA").expect("a name");
    // There is an owner of that name, so that Ada's own is another.
    assert_eq!(invite(&world, account).await.as_str(), "already_member");
    world.sandbox.add_user("github", "grace@hopper.example").expect("an account");
    let grace = AccountName::new("grace-hopper-nobody").expect("a name");
    let error = world.provider.invite(&world.organization, NewInvitation::to(grace)).await;
    assert_eq!(error.expect_err("nobody has it").kind(), ErrorKind::NotFound);
    world.sandbox.add_user("github", "mary@somerville.example").expect("an account");
    let mary = AccountName::new("Mary").expect("a name");
    assert_eq!(invite(&world, mary.clone()).await.as_str(), "invited");
    assert_eq!(invite(&world, mary.clone()).await.as_str(), "already_invited");
    assert_eq!(world.mails_to(&Email::verbatim("mary@somerville.example")), 1);
    assert!(world.accept(&world.organization, &Email::verbatim("mary@somerville.example").into()).await);
    assert_eq!(invite(&world, mary).await.as_str(), "already_member");
    assert_eq!(invite(&world, Email::verbatim("mary@somerville.example")).await.as_str(), "already_member");
    assert_eq!(world.mails_to(&Email::verbatim("mary@somerville.example")), 1);
}

#[tokio::test]
async fn a_planned_job_never_meets_a_limit() {
    let world = world().await;
    let people =
        (0..300).map(|number| NewInvitation::to(Email::verbatim(format!("p{number}@crowd.example"))));
    let outcomes: Vec<_> = world.provider.invite_many(&world.organization, people.collect()).collect().await;
    assert!(outcomes.iter().all(|(_, outcome)| outcome.as_ref().is_ok_and(|ok| ok.as_str() == "invited")));
    assert!(world.sandbox.requests().iter().all(|request| request.status.is_some_and(|status| status < 400)));
    assert_eq!(world.sandbox.mail().len(), 300);
}

#[tokio::test]
async fn the_days_allowance_ends_a_job_at_the_first_refusal() {
    let world = world().await;
    let people = (0..60).map(|number| NewInvitation::to(Email::verbatim(format!("p{number}@crowd.example"))));
    let outcomes: Vec<_> = world.provider.invite_many(&young(), people.collect()).collect().await;
    let count = |wanted: &str| {
        let is_it = |(_, outcome): &&(usize, Result<InviteOutcome, orgport_core::Error>)| match outcome {
            Ok(outcome) => outcome.as_str() == wanted,
            Err(error) => error.kind().as_str() == wanted,
        };
        outcomes.iter().filter(is_it).count()
    };
    let (refused, cancelled) = (count("rate_limited"), count("cancelled"));
    assert_eq!((count("invited"), refused + cancelled), (50, 10));
    // The clock is moved by whoever waits, so that one more may leave before the refusal is known.
    assert!((1..=2).contains(&refused), "{refused} were refused");
    let sent = world.sandbox.requests().iter().filter(|request| request.status == Some(422)).count();
    assert_eq!((sent, world.sandbox.mail().len()), (refused, 50));
}

#[tokio::test]
async fn setting_a_role_invites_nobody_for_good() {
    let world = world().await;
    let member = joined(&world, &ada()).await;
    // The person leaves between the look at the membership and the change.
    let left = FaultKind::Status {
        status: 200,
        headers: [].into(),
        body: Some(serde_json::json!({
            "state": "active", "role": "member",
            "user": { "id": member.id.as_str().parse::<u64>().expect("a number"), "login": "x" },
        })),
        commit: false,
    };
    world.provider.remove_member(&world.organization, &member.id).await.expect("removed");
    let route = "/orgs/{org}/memberships/{name}";
    world.fault(Fault::new("github", left).method("GET").route(route));
    let error = world.provider.set_member_role(&world.organization, &member.id, &Role::Owner).await;
    let error = error.expect_err("nobody is there");
    assert_eq!(error.kind(), ErrorKind::Incomplete, "{error}");
    let waiting =
        world.provider.list_invitations(&world.organization, &InvitationFilter::default(), None).await;
    assert!(waiting.expect("a list").items.is_empty(), "the invitation is cancelled");
}

#[tokio::test]
async fn a_renamed_account_is_found_by_its_number_alone() {
    let world = world().await;
    let member = joined(&world, &ada()).await;
    let by_login = orgport_core::MemberId::new(member.account.as_ref().expect("shown").as_str());
    let error = world.provider.remove_member(&world.organization, &by_login.expect("not empty")).await;
    assert_eq!(error.expect_err("a login is no id").kind(), ErrorKind::NotFound);
    world.provider.remove_member(&world.organization, &member.id).await.expect("removed");
    assert!(!members(&world).await.iter().any(|other| other.id == member.id));
}

#[tokio::test]
async fn the_invited_person_answers_by_the_organization() {
    let world = world().await;
    invite(&world, &ada()).await;
    let person = world.person(&ada().into()).await.expect("an account");
    let mine: Vec<_> = stream::my_invitations(&*person).collect().await;
    let id = mine[0].as_ref().expect("readable").id.clone();
    assert_eq!(id, InvitationId::new(world.organization.as_str()).expect("not empty"));
    world.fault(Fault::new("github", FaultKind::ResetAfter).method("PATCH"));
    let answered = person.respond_to_invitation(&InvitationRef::by_id(id), Answer::Accept).await;
    assert_eq!(answered.expect("it was done").organization_id, Some(world.organization.clone()));
    assert!(world.sandbox.faults().iter().all(|fault| fault.fired == 1));
}

#[tokio::test]
async fn a_token_that_may_read_only_says_what_it_lacks() {
    let world = world().await;
    let identity = world.identities().into_iter().find(|identity| {
        identity.credential["key"].as_str().is_some_and(|key| key.starts_with("github_pat_"))
    });
    let identity = identity.expect("the sandbox has one");
    let reader = connect(world.config_of(&identity), &identity).expect("valid");
    assert_eq!(reader.list_organizations(None).await.expect("the configured one").items.len(), 1);
    let error = reader.invite(&world.organization, NewInvitation::to(ada())).await.expect_err("read only");
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.to_string().contains("members=write"), "{error}");
}

#[tokio::test]
async fn a_resend_tells_the_person_twice_and_invites_once_more() {
    let world = world().await;
    let first = invite(&world, &ada()).await.invitation().expect("waiting").id.clone();
    let second = world.provider.resend_invitation(&world.organization, &first).await.expect("resent");
    assert_ne!(first, second.id);
    let kinds: Vec<_> = world.sandbox.mail().iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::Invite, MailKind::Notice, MailKind::Invite]);
    assert_eq!(writes(&world).len(), 3);
}

#[tokio::test]
async fn a_resend_takes_the_teams_along() {
    let world = world().await;
    let identity = world.identities().into_iter().find(|identity| identity.credential["key"].is_string());
    let config = world.config_of(&identity.expect("the sandbox has one"));
    let client = GitHubProvider::new(config, GitHubSettings::default()).expect("valid").client().clone();
    let mut new = request::NewInvitation::of(request::Invitee::Email(ada().as_str().to_owned()));
    new.team_ids = Some(vec![12, 26]);
    let org = world.organization.as_str();
    let first = client.create_invitation(org, &new).await.expect("invited").value.id;
    let first = InvitationId::new(first.to_string()).expect("not empty");
    let second = world.provider.resend_invitation(&world.organization, &first).await.expect("resent");
    let number = second.id.as_str().parse().expect("a number");
    let teams = client.list_invitation_teams(org, number, request::Part::default()).await.expect("a list");
    let teams: Vec<_> = teams.items.into_iter().map(|team| team.expect("readable").value.id).collect();
    assert_eq!(teams, [12, 26]);
}

#[tokio::test]
async fn lists_of_many_pages_are_read_whole() {
    let world = world().await;
    let people =
        (0..250).map(|number| NewInvitation::to(Email::verbatim(format!("p{number}@crowd.example"))));
    let people: Vec<_> = people.collect();
    let _: Vec<_> = world.provider.invite_many(&world.organization, people.clone()).collect().await;
    for person in &people[..150] {
        assert!(world.accept(&world.organization, &person.invitee).await);
    }
    assert_eq!(members(&world).await.len(), 151);
    let waiting: Vec<_> =
        stream::invitations(&*world.provider, &world.organization, &InvitationFilter::default())
            .collect()
            .await;
    assert_eq!(waiting.len(), 100);
}
