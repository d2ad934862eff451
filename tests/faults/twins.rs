//! Two people under one id.

use futures_util::StreamExt;
use orgport_core::{Error, ErrorKind, InvitationFilter, InvitationId, find, stream};
use orgport_sandbox::{Fault, FaultKind, PatchOperation};
use orgport_tests::lists::PeopleList;
use orgport_tests::world::{Account, World};
use serde_json::json;

use crate::support::{ADA, Doing, email, world};

const GHOST: &str = "ghost@x.example";

/// The first row once more, before itself, with an address of its own.
fn doubled(world: &World, list: PeopleList) -> Fault {
    let twin = PatchOperation::Copy { from: list.row("0"), path: list.row("0") };
    let other = PatchOperation::Add { path: list.first_email(), value: json!(GHOST) };
    let mut operations = vec![twin, other];
    if let Some(total) = list.total {
        operations.push(PatchOperation::Replace { path: total.to_owned(), value: json!(2) });
    }
    world.on_read(FaultKind::Patch { operations }).route(list.route).always()
}

/// A world with one invitation and one member, the first rows of their lists.
async fn with_both(account: Account) -> (World, InvitationId) {
    let world = world(account).await;
    if account.vendor() == "github" {
        // Its list of members beside that of owners has a first row, too.
        world.invite("bea@x.example").await.expect("nothing is wrong yet");
        world.sandbox.accept("github", "bea@x.example", world.organization.as_str()).expect("is invited");
    }
    let invited = world.invite(ADA).await.expect("nothing is wrong yet");
    let id = invited.invitation().expect("it is one").id.clone();
    let vendor = account.vendor();
    world.fault(doubled(&world, PeopleList::of_invitations(vendor)));
    world.fault(doubled(&world, PeopleList::of_members(vendor)));
    (world, id)
}

pub(crate) async fn are_both_shown(account: Account) {
    let (world, _) = with_both(account).await;
    let members: Vec<_> = stream::members(&*world.provider, &world.organization).collect().await;
    let filter = InvitationFilter::all();
    let rows: Vec<_> = stream::invitations(&*world.provider, &world.organization, &filter).collect().await;
    let members = members.into_iter().map(|row| row.map(|row| (row.id.to_string(), row.email)));
    let rows = rows.into_iter().map(|row| row.map(|row| (row.id.to_string(), row.email)));
    for (list, all) in [("members", members.collect()), ("invitations", rows.collect())] {
        let all: Result<Vec<_>, Error> = all;
        let all = all.expect(list);
        let ghost = all.iter().find(|(_, of)| *of == Some(email(GHOST))).expect(list);
        assert!(all.iter().any(|row| row.0 == ghost.0 && row.1 != ghost.1), "{account:?} {list}: {all:?}");
    }
}

pub(crate) async fn are_not_touched(account: Account) {
    let (world, id) = with_both(account).await;
    let (provider, organization) = (&*world.provider, &world.organization);
    let ghost = find::member(provider, organization, &email(GHOST)).await;
    // Both lists of GitHub's show one, so that there are two of them besides.
    let expected = if account.vendor() == "github" { ErrorKind::Conflict } else { ErrorKind::Protocol };
    assert_eq!(ghost.expect_err("two").kind(), expected, "{account:?}");
    let resent = provider.resend_invitation(organization, &id).await;
    assert_eq!(world.mails_to(&email(GHOST)), 0, "{account:?}: {resent:?}");
    assert_eq!(world.invitations().await.len(), 1, "{account:?}: {resent:?}");
    // Where the vendor resends by itself or is asked for the one row, no list is in the way.
    if matches!(account.vendor(), "nuextract" | "trieve" | "losant") {
        assert_eq!(resent.expect_err("two").kind(), ErrorKind::Protocol, "{account:?}");
        assert_eq!(world.mails_to(&email(ADA)), 1, "{account:?}");
    }
}
