//! What is refused before it is sent.

use orgport_core::{
    Email, ErrorKind, InvitationFilter, InvitationStatus, Invitations, MemberId, Members, NewInvitation,
    NewOrganization, OrganizationUpdate, Organizations, Role,
};
use orgport_tests::wire::{Canned, Wire};
use orgport_trieve::Credential;

use super::{ADA, canned, organization, provider};

#[tokio::test]
async fn what_trieve_does_not_have_is_refused_before_sending() {
    let wire = Wire::answering([Canned::empty(204)]).await;
    let with_key = provider(&wire, Credential::Organization);
    let provider = provider(&wire, Credential::User);
    let (org, ada) = (organization(), MemberId::new(ADA).expect("not empty"));
    let declined = InvitationFilter::all().with_status(InvitationStatus::Declined);
    let described = NewOrganization::new("n").with_description("d");
    let long = format!("{}@{}.example.org", "a".repeat(60), "b".repeat(50));
    let errors = [
        provider.create_organization(described).await.map(drop),
        with_key.create_organization(NewOrganization::new("n")).await.map(drop),
        provider
            .update_organization(&org, OrganizationUpdate::new().with_name("n").with_description("d"))
            .await
            .map(drop),
        provider.set_member_role(&org, &ada, &Role::Editor).await,
        provider.set_member_role(&org, &ada, &Role::Other("1".into())).await,
        provider.list_invitations(&org, &declined, None).await.map(drop),
        provider.my_invitations(None).await.map(drop),
    ];
    for error in errors {
        assert_eq!(error.expect_err("unsupported").kind(), ErrorKind::Unsupported);
    }
    let nothing = provider.update_organization(&org, OrganizationUpdate::new()).await;
    assert_eq!(nothing.expect_err("changes nothing").kind(), ErrorKind::InvalidInput);
    let unnamed = provider.invite(&org, NewInvitation::to(Email::verbatim("a@x.io"))).await;
    assert_eq!(unnamed.expect_err("no role").kind(), ErrorKind::InvalidInput);
    assert!(wire.received().is_empty());

    let wire = Wire::answering([canned("trieve/list_invitations/200-empty.json")]).await;
    let invitation = NewInvitation::to(Email::parse(&long).expect("valid")).with_role(Role::Member);
    let error = self::provider(&wire, Credential::User).invite(&org, invitation).await.expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(wire.received().iter().all(|request| request.line.starts_with("GET ")));
}
