//! Which names are one person's, and whom a vendor takes.

use orgport_core::{AccountName, Email, ErrorKind, Invitee, Invitees, Operation};

use super::Outcome;
use crate::report::Verdict;
use crate::world::{World, ensure, fails, needs};

/// Ends a case of addresses here, if the vendor takes none.
macro_rules! needs_addresses {
    ($world:expr) => {
        if !$world.takes_addresses() {
            return Ok(Verdict::Refused("invitees"));
        }
    };
}

pub(super) async fn letters_in_another_case_are_the_same_person(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let upper: Invitee = world.somebody("Ada.Lovelace").to_string().to_uppercase().parse()?;
    world.invited(&upper).await?;
    let again = world.invite(&world.somebody("ada.lovelace")).await?;
    ensure!(again.as_str() == "already_invited", "the same name in lower case says {}", again.as_str());
    world.mailed(&upper, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_plus_tag_is_another_person(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    needs_addresses!(world);
    for person in [world.somebody("ada"), world.somebody("ada+lab")] {
        world.invited(&person).await?;
        world.mailed(&person, 1).await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_international_domain_is_one_person(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    needs_addresses!(world);
    let ascii = Email::verbatim("ada@xn--bcher-kva.example").into();
    world.invited(&ascii).await?;
    let again = world.invite(&Email::verbatim("ada@Bücher.example").into()).await?;
    ensure!(again.as_str() == "already_invited", "the same domain in Unicode says {}", again.as_str());
    world.mailed(&ascii, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_malformed_address_is_refused_before_sending(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    needs_addresses!(world);
    let before = world.subject.requests().await;
    let long = format!("{}@conformance.example", "a".repeat(250));
    for text in ["ada", "", "@conformance.example", "a b@conformance.example", "ada@", "a@b@c.example", &long]
    {
        let invitation = world.invitation(Email::verbatim(text).into());
        let result = world.provider.invite(&world.organization, invitation).await;
        let error = fails(result, &[ErrorKind::InvalidInput], &format!("inviting {text:?}"))?;
        world.is_named(&error, Operation::Invite)?;
    }
    world.sent_nothing(before, "refusing malformed addresses").await?;
    Ok(Verdict::Passed)
}

pub(super) async fn whom_the_vendor_does_not_take_is_refused_before_sending(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let other: Invitee = match world.capability().invitees {
        Invitees::Addresses => AccountName::new("ada")?.into(),
        Invitees::Accounts => Email::verbatim("ada@conformance.example").into(),
        _ => return Ok(Verdict::Passed),
    };
    let before = world.subject.requests().await;
    let result = world.provider.invite(&world.organization, world.invitation(other.clone())).await;
    let error = fails(result, &[ErrorKind::Unsupported], &format!("inviting {other}"))?;
    world.is_named(&error, Operation::Invite)?;
    world.sent_nothing(before, &format!("refusing {other}")).await?;
    Ok(Verdict::Passed)
}
