//! `orgport whoami`

use orgport::{Operation, Provider};

use crate::context::Context;
use crate::failure::Failure;

pub(crate) async fn run(context: &Context) -> Result<(), Failure> {
    let provider = context.provider_for(Operation::GetIdentity)?;
    context.printer().one(&provider.get_identity().await?)
}
