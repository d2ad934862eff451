//! `orgport demo`

use crate::context::Context;
use crate::demo;
use crate::failure::Failure;

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    demo::run(context.format()).await
}
