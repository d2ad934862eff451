//! The commands, a file each.

mod api;
mod capabilities;
mod completions;
mod config;
mod demo;
mod doctor;
mod invitation;
mod lists;
mod login;
mod member;
mod org;
mod providers;
mod sandbox;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Failure;

/// What the command line can ask for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Organizations: list, get, create, update, delete.
    #[command(subcommand)]
    Org(org::Org),
    /// Members: list, get, change the role, remove.
    #[command(subcommand)]
    Member(member::Member),
    /// Invitations: list, get, create, resend, revoke; and those to yourself: accept, decline, mine.
    #[command(subcommand)]
    Invitation(invitation::Invitation),
    /// The configured providers.
    Providers,
    /// What each vendor can do, at its best; with --provider, what that credential can do.
    Capabilities,
    /// The configuration.
    #[command(subcommand)]
    Config(config::Config),
    /// Find out why something does not work: configuration, network, credential, rights. Only reads.
    Doctor,
    /// Log in where a vendor gives out tokens that way, and keep the token for later runs.
    Login,
    /// Send a request to the vendor as it is, with the credential, and print the answer as it comes.
    Api(api::Api),
    /// Serve the five vendors on this machine and print a configuration for them, whose default
    /// provider is that of --provider.
    Sandbox(sandbox::Sandbox),
    /// Play the whole life of an invitation on all vendors, against the sandbox. Needs no network.
    Demo,
    /// Print what makes a shell complete this command.
    Completions(completions::Completions),
}

/// Does what was asked.
///
/// # Errors
///
/// Why it was not done.
pub(crate) async fn run(command: &Command, context: &Context) -> Result<(), Failure> {
    match command {
        // These two know what to do when they are interrupted.
        Command::Invitation(invitation::Invitation::Create(create)) => create.run(context).await,
        Command::Sandbox(sandbox) => sandbox.run(context).await,
        Command::Org(org) => interruptible(org.run(context)).await,
        Command::Member(member) => interruptible(member.run(context)).await,
        Command::Invitation(invitation) => interruptible(invitation.run(context)).await,
        Command::Providers => providers::run(context),
        Command::Capabilities => capabilities::run(context),
        Command::Config(config) => config.run(context),
        Command::Api(api) => interruptible(api.run(context)).await,
        Command::Doctor => interruptible(doctor::run(context)).await,
        Command::Login => interruptible(login::run(context)).await,
        Command::Demo => interruptible(demo::run(context)).await,
        Command::Completions(completions) => completions.run(),
    }
}

/// Ends the command on Ctrl-C.
async fn interruptible(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::select! {
        outcome = work => outcome,
        () = interrupted() => Err(Failure::Interrupted(
            "interrupted; a change that was on its way may have happened: look before you repeat it".to_owned(),
        )),
    }
}

/// Returns on Ctrl-C.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // It cannot be heard; the system then ends the process by itself.
        std::future::pending::<()>().await;
    }
}
