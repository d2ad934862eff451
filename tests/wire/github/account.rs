//! The credential, the configuration and the account.

use orgport_core::config::AuthConfig;
use orgport_core::{
    Email, Error, ErrorKind, InvitationFilter, Invitations, MemberId, Members, NewInvitation,
    NewOrganization, Operation, OrganizationUpdate, Organizations, Provider, Role,
};
use orgport_github::model::MembershipState;
use orgport_github::request::MembershipQuery;
use orgport_github::{Credential, GitHubProvider, GitHubSettings, Product};
use orgport_tests::wire::Wire;

use super::{ORG, PART, config, exchange, id, invitation, json, lines, ok, page, provider, run};

#[tokio::test]
async fn the_account() {
    exchange("get_user", "users/me", async |github| github.get_user().await).await;
    exchange("get_user_by_id", "users/shown", async |github| github.get_user_by_id(1815).await).await;
    exchange("list_my_memberships", "memberships/mine", async |github| {
        let query = MembershipQuery { part: PART, state: Some(MembershipState::Pending) };
        github.list_my_memberships(&query).await
    })
    .await;
    exchange("get_my_membership", "memberships/billing", async |github| github.get_my_membership(ORG).await)
        .await;
    exchange("accept_invitation", "memberships/member", async |github| github.accept_invitation(ORG).await)
        .await;
    for (name, answer) in [("identity", "users/me"), ("identity_shown", "users/shown")] {
        run(name, [ok(answer)], async |github| github.get_identity().await.map(|found| json(&found))).await;
    }
}

/// A provider with this token and these settings, and its server.
async fn with(token: &str, settings: GitHubSettings, path: &str) -> (GitHubProvider, Wire) {
    let wire = Wire::answering([ok("organizations/one")]).await;
    let config = config(&wire).base_url(format!("{}{path}", wire.base_url())).auth(AuthConfig::bearer(token));
    (GitHubProvider::new(config, settings).expect("valid"), wire)
}

fn works(github: &GitHubProvider, operation: Operation) -> bool {
    github.capability().support(operation).works()
}

#[tokio::test]
async fn a_tokens_beginning_says_what_it_can_do() {
    for (token, person, invitee) in [
        ("ghp_classic", true, true),
        ("gho_application", true, true),
        ("0123456789abcdef0123456789abcdef01234567", true, true),
        ("github_pat_fine", true, false),
        ("ghu_user", true, false),
        ("ghs_installation", false, false),
    ] {
        let (github, _wire) = with(token, GitHubSettings::default(), "").await;
        assert_eq!(works(&github, Operation::GetIdentity), person, "{token}");
        assert_eq!(works(&github, Operation::MyInvitations), invitee, "{token}");
        assert!(works(&github, Operation::Invite), "{token}");
    }
    let settings = GitHubSettings::default().credential(Credential::App);
    let (github, _wire) = with("ghp_classic", settings, "").await;
    assert!(!works(&github, Operation::GetIdentity), "what is configured comes first");
}

#[tokio::test]
async fn enterprise_server_has_no_invitations() {
    let (github, wire) = with("ghp_classic", GitHubSettings::default(), "/api/v3").await;
    let error = github.list_invitations(&id(ORG), &InvitationFilter::all(), None).await.expect_err("none");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("Enterprise Server"), "{error}");
    github.get_organization(&id(ORG)).await.expect("found");
    assert_eq!(lines(&wire), ["GET /api/v3/orgs/acme"]);
    let cloud = GitHubSettings::default().product(Product::Cloud);
    assert!(works(&with("ghp_classic", cloud, "/api/v3").await.0, Operation::Invite));
    let managed = GitHubSettings::default().product(Product::ManagedUsers);
    assert!(!works(&with("ghp_classic", managed, "").await.0, Operation::Invite));
}

#[tokio::test]
async fn a_token_for_one_organization_lists_the_configured_one() {
    let (github, wire) = with("github_pat_fine", GitHubSettings::default(), "").await;
    let error = github.list_organizations(None).await.expect_err("none is configured");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert_eq!(lines(&wire).len(), 0);
    let config = config(&wire).auth(AuthConfig::api_key("github_pat_fine")).organization(id(ORG));
    let github = GitHubProvider::new(config, GitHubSettings::default()).expect("valid");
    let listed = github.list_organizations(None).await.map(page).expect("it is read");
    assert!(listed.contains("Acme Engines"), "{listed}");
    assert_eq!(lines(&wire), ["GET /orgs/acme"]);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_sent() {
    let wire = Wire::answering([ok("organizations/one")]).await;
    let github = provider(&wire);
    let org = id(ORG);
    let kind = |outcome: Result<(), Error>| outcome.expect_err("refused").kind();
    let made = github.create_organization(NewOrganization::new("x")).await.map(drop);
    assert_eq!(kind(made), ErrorKind::Unsupported);
    let nothing = github.update_organization(&org, OrganizationUpdate::new()).await.map(drop);
    assert_eq!(kind(nothing), ErrorKind::InvalidInput);
    let member = MemberId::new("1906").expect("not empty");
    let unnamed = NewInvitation::to(Email::parse("ada@lovelace.example").expect("valid"));
    // GitHub's "admin" is the owner: neither is taken for the other.
    for role in Role::KNOWN.iter().filter(|role| !matches!(role, Role::Owner | Role::Member)) {
        assert_eq!(kind(github.set_member_role(&org, &member, role).await), ErrorKind::Unsupported, "{role}");
        let invitation = unnamed.clone().with_role(role.clone());
        assert_eq!(kind(github.invite(&org, invitation).await.map(drop)), ErrorKind::Unsupported, "{role}");
    }
    assert_eq!(lines(&wire), Vec::<String>::new());
}

#[tokio::test]
async fn a_read_only_provider_sends_reads_only() {
    let wire = Wire::answering([ok("members/page")]).await;
    let github = provider(&wire).read_only();
    github.list_members(&id(ORG), None).await.expect("a read");
    let error = github.revoke_invitation(&id(ORG), &invitation()).await.expect_err("a write");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    let error = github.client().create_invitation(ORG, &super::to_grace()).await.expect_err("a write");
    assert_eq!(error.kind(), ErrorKind::ReadOnly);
    assert_eq!(lines(&wire).len(), 1);
}
