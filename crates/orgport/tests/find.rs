//! Finding by what people know.

use orgport::memory::{Memory, MemoryProvider};
use orgport::{
    Email, Error, ErrorKind, Invitations, NewInvitation, OrganizationId, Provider, ProviderConfig, Role, find,
};

fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@x.io")).expect("an address")
}

/// Ada with an organization of hers, which is the default one.
fn ada() -> (Memory, MemoryProvider, OrganizationId) {
    let memory = Memory::new();
    let acme = memory.add_organization("Acme", &email("ada")).expect("made");
    let config = ProviderConfig::new("prod").organization(acme.clone());
    let ada = memory.provider_with(&email("ada"), config).expect("a configuration");
    (memory, ada, acme)
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> (ErrorKind, String) {
    let error = result.expect_err("it cannot be found");
    (error.kind(), error.to_string())
}

#[tokio::test]
async fn an_organization_has_an_id_and_a_name() {
    let (memory, ada, acme) = ada();
    for wanted in ["Acme", acme.as_str()] {
        assert_eq!(find::organization(&ada, wanted).await.expect("there").id, acme);
        assert_eq!(find::organization_id(&ada, wanted).await.expect("there"), acme);
    }
    let (kind, text) = refusal(find::organization(&ada, "Globex").await);
    assert_eq!(
        (kind, text.as_str()),
        (ErrorKind::NotFound, "prod get_organization: not found: there is no organization Globex")
    );
    let other = memory.add_organization("Acme", &email("ada")).expect("made");
    let (kind, text) = refusal(find::organization_id(&ada, "Acme").await);
    assert_eq!(kind, ErrorKind::Conflict);
    assert!(text.contains(acme.as_str()) && text.contains(other.as_str()), "{text}");
}

#[tokio::test]
async fn the_configured_organization_is_believed() {
    let (memory, ada, acme) = ada();
    let provider: &dyn Provider = &ada;
    let before = memory.requests();
    assert_eq!(find::organization_id(provider, acme.as_str()).await.expect("believed"), acme);
    assert_eq!(memory.requests(), before, "and nobody is asked");
}

#[tokio::test]
async fn a_member_has_an_address_and_two_ids() {
    let (memory, ada, acme) = ada();
    memory.add_member(&acme, &email("bea"), Role::Viewer).expect("added");
    let bea = find::member(&ada, &acme, &Email::parse("BEA@X.io").expect("an address")).await.expect("there");
    let user = bea.user_id.as_ref().expect("an account");
    assert_ne!(user.as_str(), bea.id.as_str());
    for wanted in ["bea@x.io", bea.id.as_str(), user.as_str()] {
        let found = find::member_by_id_or_invitee(&ada, &acme, wanted).await.expect("there");
        assert_eq!(found.id, bea.id);
    }
    assert_eq!(refusal(find::member(&ada, &acme, &email("cem")).await).0, ErrorKind::NotFound);
    assert_eq!(refusal(find::member_by_id_or_invitee(&ada, &acme, "nobody").await).0, ErrorKind::NotFound);
}

#[tokio::test]
async fn of_several_invitations_the_waiting_one_is_meant() {
    let (memory, ada, acme) = ada();
    let invite = async || {
        let outcome = ada.invite(&acme, NewInvitation::to(email("bea"))).await.expect("invited");
        outcome.invitation().expect("an invitation").id.clone()
    };
    let first = invite().await;
    let answer = orgport::InvitationRef::new(acme.clone(), first.clone());
    let bea = memory.provider(&email("bea"));
    bea.respond_to_invitation(&answer, orgport::Answer::Decline).await.expect("declined");
    assert_eq!(find::invitation(&ada, &acme, &email("bea")).await.expect("the only one").id, first);
    let second = invite().await;
    assert_ne!(first, second);
    assert_eq!(find::invitation(&ada, &acme, &email("bea")).await.expect("it waits").id, second);
    let by_id = find::invitation_by_id_or_invitee(&ada, &acme, first.as_str()).await.expect("there");
    assert_eq!(by_id.id, first);
    ada.revoke_invitation(&acme, &second).await.expect("revoked");
    assert_eq!(refusal(find::invitation(&ada, &acme, &email("cem")).await).0, ErrorKind::NotFound);
}
