//! The whole life of an invitation, told once and played on every vendor by the same code, against
//! a sandbox on this machine.

mod clock;
mod stage;
mod story;
mod summary;
mod teller;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use orgport_sandbox::Sandbox;

use self::clock::SandboxClock;
use self::stage::Stage;
use self::summary::{Chapter, Summary};
use self::teller::Teller;
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;
use crate::text;

/// The day on which the demo plays, so that it tells the same every time: 2026-01-01.
const DAY: Duration = Duration::from_hours(490_896);

/// Plays it.
///
/// # Errors
///
/// If the sandbox does not start, or anything was not as it must be.
pub(crate) async fn run(context: &Context) -> Result<(), Failure> {
    let sandbox = Sandbox::builder().frozen_at(SystemTime::UNIX_EPOCH + DAY).start().await;
    let sandbox = sandbox.map_err(|error| Failure::Other(format!("the sandbox does not start: {error}")))?;
    let sandbox = Arc::new(sandbox);
    let clock = Arc::new(SandboxClock::new(Arc::clone(&sandbox)));
    let mut teller = Teller::new(context.format() == Format::Table && !context.options.quiet);
    teller.say(
        "An organization invites people on every vendor, by the same code each time.\n\
         The vendors are simulated on this machine, and so is the mail. Nothing leaves it.",
    )?;

    let mut chapters = Vec::new();
    for stage in stages(&sandbox, &clock)? {
        chapters.push(play(&*stage, &mut teller).await?);
    }
    let slept = clock.slept();
    if !slept.is_zero() {
        let slept = text::duration(slept);
        teller.say(&format!("\nThere were {slept} to wait, which the sandbox's clock skipped."))?;
    }
    teller.say("")?;
    let summary = Summary::new(&chapters, teller.broken());
    summary.print(context)?;
    if teller.broken().is_empty() { Ok(()) } else { Err(Failure::Said(failure::OTHER)) }
}

/// Memory, and every vendor of the sandbox that this build knows.
fn stages(sandbox: &Arc<Sandbox>, clock: &Arc<SandboxClock>) -> Result<Vec<Box<dyn Stage>>, Failure> {
    let mut stages: Vec<Box<dyn Stage>> = vec![Box::new(stage::Memory::new(clock)?)];
    let mut vendors: Vec<_> = sandbox.identities().into_iter().map(|identity| identity.vendor).collect();
    vendors.dedup();
    let built = orgport::best_capabilities();
    for vendor in vendors.iter().filter(|vendor| built.iter().any(|(kind, _)| kind == vendor)) {
        stages.push(Box::new(stage::Vendor::new(sandbox, clock, vendor)?));
    }
    Ok(stages)
}

/// Plays one vendor's part. A failure that was not foreseen ends the part, not the demo.
async fn play(stage: &dyn Stage, teller: &mut Teller) -> Result<Chapter, Failure> {
    let kind = orgport::Provider::kind(stage.provider());
    teller.chapter(kind)?;
    let mut chapter = Chapter::new(kind);
    match story::tell(stage, teller, &mut chapter).await {
        Ok(()) => {}
        Err(Failure::Error(error)) => teller.check(false, &format!("This must not happen: {error}"))?,
        Err(other) => return Err(other),
    }
    chapter.count_mails(stage);
    Ok(chapter)
}
