//! Lists that are longer than a glance.

use std::collections::HashSet;

use orgport_core::{Email, InvitationFilter};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::world::{World, email, ensure, needs};

/// Invites a crowd and answers its addresses.
async fn crowd(world: &World<'_>) -> Result<HashSet<Email>, Failure> {
    let people: HashSet<_> = (0..world.subject.crowd()).map(|n| email(&format!("guest{n}"))).collect();
    let invitations = people.iter().cloned().map(|email| world.invitation(email)).collect();
    for outcome in world.invite_many(invitations).await? {
        let says = outcome?.as_str();
        ensure!(says == "invited", "a stranger in a crowd is {says}");
    }
    Ok(people)
}

pub(super) async fn streams_hold_everything_once(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let people = crowd(world).await?;
    let listed = world.invitations(&InvitationFilter::all()).await?;
    ensure!(listed.len() == people.len(), "{} were invited and {} are listed", people.len(), listed.len());
    let emails: HashSet<_> = listed.into_iter().filter_map(|invitation| invitation.email).collect();
    ensure!(emails == people, "not everybody is listed who was invited");
    for person in &people {
        world.mailed(person, 1).await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn pages_are_no_longer_than_stated(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let count = crowd(world).await?.len();
    let stated = world.capability().page_size;
    let (mut seen, mut cursor) = (0, None);
    // One page more than there can be, in case they go on for ever.
    for _ in 0..=count {
        let page = world
            .provider
            .list_invitations(&world.organization, &InvitationFilter::all(), cursor.as_ref())
            .await?;
        let length = page.items.len();
        ensure!(
            stated.is_none_or(|stated| length <= stated),
            "a page has {length} items; stated are {stated:?}"
        );
        let total = page.total;
        ensure!(
            total.is_none_or(|total| total == count as u64),
            "of {count}, a page says that {total:?} are there"
        );
        seen += length;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        ensure!(stated.is_some(), "the vendor is said to answer whole lists, and there is a second page");
    }
    ensure!(cursor.is_none(), "{count} invitations have pages without end");
    ensure!(seen == count, "of {count} invitations, the pages hold {seen}");
    Ok(Verdict::Passed)
}
