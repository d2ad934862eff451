//! Lists that are longer than a glance.

use std::collections::HashSet;

use orgport_core::{Cursor, ErrorKind, Invitation, InvitationFilter, Invitee, Operation};

use super::Outcome;
use crate::report::{Failure, Verdict};
use crate::world::{NOBODY_ACCEPTS, World, ensure, fails, needs, seen};

const A_PAGE: &str = "this world's crowd fits on a page";

/// Invites a crowd and answers who it is.
async fn crowd(world: &World<'_>) -> Result<HashSet<Invitee>, Failure> {
    let people: HashSet<_> =
        (0..world.subject.crowd()).map(|n| world.somebody(&format!("guest{n}"))).collect();
    let invitations = people.iter().cloned().map(|person| world.invitation(person)).collect();
    for outcome in world.invite_many(invitations).await? {
        let says = outcome?.as_str();
        ensure!(says == "invited", "a stranger in a crowd is {says}");
    }
    Ok(people)
}

pub(super) async fn a_cursor_of_another_list_is_refused_before_sending(world: &World<'_>) -> Outcome {
    let (provider, organization) = (&world.provider, &world.organization);
    let foreign = Cursor::new("100");
    let before = world.subject.requests().await;
    let lists = [
        (Operation::ListOrganizations, provider.list_organizations(Some(&foreign)).await.map(drop)),
        (Operation::ListMembers, provider.list_members(organization, Some(&foreign)).await.map(drop)),
        (
            Operation::ListInvitations,
            provider.list_invitations(organization, &InvitationFilter::all(), Some(&foreign)).await.map(drop),
        ),
        (Operation::MyInvitations, provider.my_invitations(Some(&foreign)).await.map(drop)),
    ];
    for (operation, listed) in lists.into_iter().filter(|(operation, _)| world.works(*operation)) {
        let error = fails(listed, &[ErrorKind::InvalidInput], &format!("{operation} from a foreign cursor"))?;
        world.is_named(&error, operation)?;
    }
    world.sent_nothing(before, "refusing a foreign cursor").await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_row_that_cannot_be_read_says_where_it_is(world: &World<'_>) -> Outcome {
    needs!(world, ListInvitations);
    if !world.subject.garble_an_invitation().await {
        return Ok(Verdict::NotSeen("this world cannot garble a row"));
    }
    let page = world.provider.list_invitations(&world.organization, &InvitationFilter::all(), None).await?;
    let error = page.items.into_iter().find_map(Result::err);
    let error = error
        .ok_or_else(|| Failure::new("the row that cannot be read is no error in its place".to_owned()))?;
    world.is_named(&error, Operation::ListInvitations)?;
    Ok(Verdict::Passed)
}

pub(super) async fn streams_hold_everything_once(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations);
    let people = crowd(world).await?;
    let listed = world.invitations(&InvitationFilter::all()).await?;
    ensure!(listed.len() == people.len(), "{} were invited and {} are listed", people.len(), listed.len());
    let shown: HashSet<_> = listed.iter().filter_map(Invitation::invitee).collect();
    ensure!(shown == people, "not everybody is listed who was invited");
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
        // Of a vendor with pages some lists may be whole.
        let is_whole = cursor.is_none() && page.next.is_none() && page.total.is_none();
        ensure!(
            is_whole || stated.is_none_or(|stated| length <= stated),
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

/// Says whether the crowd takes more than one page, where there are pages.
fn is_beyond_a_page(world: &World<'_>) -> bool {
    world.capability().page_size.is_none_or(|size| world.subject.crowd() > size)
}

/// Invites them all once more, to whom that must be no news.
async fn are_known(world: &World<'_>, people: &HashSet<Invitee>, expected: &str) -> Result<(), Failure> {
    let invitations = people.iter().cloned().map(|person| world.invitation(person)).collect();
    for outcome in world.invite_many(invitations).await? {
        let says = outcome?.as_str();
        ensure!(says == expected, "of {}, one is {says} instead of {expected}", people.len());
    }
    for person in people {
        world.mailed(person, 1).await?;
    }
    Ok(())
}

pub(super) async fn invitations_beyond_a_page_are_known_again(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    seen!(is_beyond_a_page(world).then_some(()), A_PAGE);
    let people = crowd(world).await?;
    are_known(world, &people, "already_invited").await?;
    Ok(Verdict::Passed)
}

pub(super) async fn members_beyond_a_page_are_known_again(world: &World<'_>) -> Outcome {
    needs!(world, Invite, ListInvitations, ListMembers);
    seen!(is_beyond_a_page(world).then_some(()), A_PAGE);
    let before = world.members().await?;
    let people = crowd(world).await?;
    for invitation in world.invitations(&InvitationFilter::pending()).await? {
        let Some(person) = invitation.invitee() else { continue };
        seen!(world.accepts(&person, &invitation).await?.then_some(()), NOBODY_ACCEPTS);
    }
    let joined = world.newcomers(&before).await?.len();
    ensure!(joined == people.len(), "{} accepted, and {joined} members are new", people.len());
    are_known(world, &people, "already_member").await?;
    Ok(Verdict::Passed)
}
