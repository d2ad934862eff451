//! `orgport invitation link`

use orgport::{Invitations as _, Operation, Provider as _};
use serde::Serialize;

use super::Which;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Column, Record};

/// A secret, and yet the result that was asked for.
#[derive(Serialize)]
struct Link<'a> {
    link: &'a str,
}

impl Record for Link<'_> {
    const COLUMNS: &'static [Column] = &[Column::prose("link")];
}

/// Prints the link that was mailed with an invitation.
pub(super) async fn run(context: &Context, which: &Which) -> Result<(), Failure> {
    let operation = Operation::GetInvitation;
    let provider = context.provider_for(operation)?;
    let able = provider.capability().invitation_link.require();
    able.map_err(|error| error.during(provider.name(), operation))?;
    let organization = context.organization(&provider, operation).await?;
    let id = which.id(&provider, &organization).await.map_err(|error| error.within(operation))?;
    let link = provider.invitation_link(&organization, &id).await.map_err(which.naming(&provider))?;
    context.console.note("Whoever has this link may be able to join in the invited person's place.");
    context.printer().one(&Link { link: link.expose() })
}
