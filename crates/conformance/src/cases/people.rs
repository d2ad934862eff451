//! Which addresses are one person's.

use orgport_core::{Email, ErrorKind};

use super::Outcome;
use crate::report::Verdict;
use crate::world::{World, email, ensure, fails, needs};

pub(super) async fn letters_in_another_case_are_the_same_person(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let upper = Email::verbatim("Ada.Lovelace@Conformance.EXAMPLE");
    world.invited(&upper).await?;
    let again = world.invite(&email("ada.lovelace")).await?;
    ensure!(again.as_str() == "already_invited", "the same address in lower case says {}", again.as_str());
    world.mailed(&upper, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_plus_tag_is_another_person(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    for person in [email("ada"), email("ada+lab")] {
        world.invited(&person).await?;
        world.mailed(&person, 1).await?;
    }
    Ok(Verdict::Passed)
}

pub(super) async fn an_international_domain_is_one_person(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let ascii = Email::verbatim("ada@xn--bcher-kva.example");
    world.invited(&ascii).await?;
    let again = world.invite(&Email::verbatim("ada@Bücher.example")).await?;
    ensure!(again.as_str() == "already_invited", "the same domain in Unicode says {}", again.as_str());
    world.mailed(&ascii, 1).await?;
    Ok(Verdict::Passed)
}

pub(super) async fn a_malformed_address_is_refused_before_sending(world: &World<'_>) -> Outcome {
    needs!(world, Invite);
    let before = world.subject.requests().await;
    let long = format!("{}@conformance.example", "a".repeat(250));
    for text in ["ada", "", "@conformance.example", "a b@conformance.example", "ada@", "a@b@c.example", &long]
    {
        let result =
            world.provider.invite(&world.organization, world.invitation(Email::verbatim(text))).await;
        let error = fails(result, &[ErrorKind::InvalidInput], &format!("inviting {text:?}"))?;
        world.is_named(&error, orgport_core::Operation::Invite)?;
    }
    world.sent_nothing(before, "refusing malformed addresses").await?;
    Ok(Verdict::Passed)
}
