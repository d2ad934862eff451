//! Inviting, accepting in a browser, revoking, and the removal of who has joined.

use orgport_sandbox::{MailKind, Sandbox};

use crate::support::Fixture;

#[tokio::test]
async fn an_invitation_is_followed() {
    let fixture = Fixture::start().await;
    let invited = fixture.invite("Zoe@example.com").await;
    assert_eq!((invited.status, &*invited.text), (200, ""));
    assert_eq!((invited.header("content-length"), invited.header("content-type")), (Some("0"), None));
    assert_eq!(fixture.invited().await, ["Zoe@example.com"]);

    fixture.sandbox.accept("nuextract", "zoe@example.com", fixture.organization()).expect("accepted");
    assert_eq!(fixture.invited().await, [""; 0]);
    let members = fixture.get(&fixture.members_path()).await.json();
    let zoe = members.as_array().expect("a list").iter().find(|it| it["email"] == "zoe@example.com");
    let path =
        format!("{}/{}", fixture.members_path(), zoe.expect("a member")["id"].as_str().expect("an id"));
    assert_eq!(fixture.delete(&path).await.status, 200);
    assert_eq!(fixture.delete(&path).await.status, 404);
}

#[tokio::test]
async fn inviting_the_invited_or_a_member_does_nothing() {
    let fixture = Fixture::start().await;
    for email in ["zoe@example.com", "ZOE@example.com", &fixture.identity.email] {
        assert_eq!(fixture.invite(email).await.status, 200);
    }
    assert_eq!(fixture.invited().await, ["zoe@example.com"]);
    assert_eq!(fixture.sandbox.mail().len(), 1);
}

#[tokio::test]
async fn existing_accounts_wait_or_join_as_chosen() {
    let waiting = Fixture::start().await;
    waiting.sandbox.add_user("nuextract", "zoe@example.com").expect("made");
    waiting.invite("zoe@example.com").await;
    assert_eq!(waiting.invited().await, ["zoe@example.com"]);

    let joining = Fixture::with(Sandbox::builder().nuextract_adds_accounts(true)).await;
    joining.sandbox.add_user("nuextract", "zoe@example.com").expect("made");
    joining.invite("zoe@example.com").await;
    joining.invite("stranger@example.com").await;
    assert_eq!(joining.invited().await, ["stranger@example.com"]);
    assert!(joining.get(&joining.members_path()).await.text.contains("zoe@example.com"));
    let kinds: Vec<_> = joining.sandbox.mail().iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds, [MailKind::Added, MailKind::Invite]);
}

#[tokio::test]
async fn revoking_makes_room_for_a_new_invitation() {
    let fixture = Fixture::start().await;
    let list = format!("{}/invitations", fixture.members_path());
    fixture.invite("zoe@example.com").await;
    let first = fixture.get(&list).await.json()[0]["id"].clone();
    let path = format!("{list}/{}", first.as_str().expect("an id"));
    assert_eq!(fixture.delete(&path).await.status, 200);
    assert_eq!(fixture.delete(&path).await.status, 404);
    fixture.invite("zoe@example.com").await;
    assert_ne!(fixture.get(&list).await.json()[0]["id"], first);
    assert_eq!(fixture.sandbox.mail().len(), 2);
}

#[tokio::test]
async fn roles_are_on_some_rows_only() {
    let fixture = Fixture::start().await;
    for email in ["a@example.com", "b@example.com"] {
        fixture.invite(email).await;
    }
    let list = fixture.get(&format!("{}/invitations", fixture.members_path())).await.json();
    let has_roles: Vec<_> =
        list.as_array().expect("a list").iter().map(|it| it.get("roles").is_some()).collect();
    assert!(has_roles.contains(&true) && has_roles.contains(&false), "{list}");
}
