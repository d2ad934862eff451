//! Members: what the calls send, and what the operations make of them.

use super::{email, look, org, play};
use orgport_core::{Invitations, InviteOutcome, NewInvitation};
use orgport_jaqpot::JaqpotProvider;

#[tokio::test]
async fn the_creator_and_members_are_not_invited() {
    for address in ["mara@delta.example", "LEA@people.example"] {
        let to = NewInvitation::to(email(address));
        let invite = async |provider: JaqpotProvider| provider.invite(&org(), to).await;
        let (_, outcome) = play(look("invitations/empty.json"), invite).await;
        assert!(matches!(outcome.expect("a member"), InviteOutcome::AlreadyMember(..)), "{address}");
    }
}
