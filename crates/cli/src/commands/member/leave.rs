//! `orgport member leave`

use orgport::find::Listed;
use orgport::{
    AnyProvider, Error, ErrorKind, Identity, Member, Members as _, Operation, OrganizationId, Provider as _,
};

use crate::commands::subject::place;
use crate::context::Context;
use crate::failure::Failure;

/// Ends one's own membership, knowingly.
pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    let operation = Operation::RemoveMember;
    let provider = context.provider_for(operation)?;
    let leave = context.leave()?;
    let organization = context.organization(&provider, operation).await?;
    let own = provider.get_identity().await.map_err(|error| error.within(operation))?;
    let place = place(&provider, &organization).await;
    let member = own_membership(&provider, &organization, &own, &place).await;
    let member = member.map_err(|error| error.during(provider.name(), operation))?;
    let known = member.known_as();
    let role = member.role.as_ref().map(|role| format!(" ({role})")).unwrap_or_default();
    let question = format!("You, {known}{role}, leave {place}? Your access ends with it.");
    leave.ask(context.console, &question).await?;
    provider.remove_member(&organization, &member.id).await?;
    context.printer().done(&format!("You, {known}, have left {place}."))
}

/// The membership, if it may end.
async fn own_membership(
    provider: &AnyProvider,
    organization: &OrganizationId,
    own: &Identity,
    place: &str,
) -> Result<Member, Error> {
    let conflict = |what: String| Err(Error::new(ErrorKind::Conflict, what));
    if !own.is_person {
        return conflict("the credential stands for no person, who could leave".to_owned());
    }
    let all = Listed::members(provider, organization).await?;
    let Some(member) = all.rows().iter().find(|row| own.is_member(row)) else {
        return Err(Error::new(ErrorKind::NotFound, format!("you are not among the members of {place}")));
    };
    let top = provider.capability().top_role();
    let has_top = |row: &&Member| row.role.as_ref() == Some(&top);
    if has_top(&member) && all.rows().iter().filter(has_top).count() == 1 {
        return conflict(format!(
            "you are the last {top} of {place}, who cannot leave: make somebody else {top} first, or delete the \
             organization (orgport org delete)"
        ));
    }
    Ok(member.clone())
}
