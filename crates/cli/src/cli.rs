//! What can be written on the command line, and the command that it leads to.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{
    access, api, capabilities, completions, config, doctor, invitation, login, man, member, offboard, org,
    providers, roster, whoami,
};
#[cfg(feature = "sandbox")]
use crate::commands::{demo, sandbox};
use crate::console::Console;
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::kinds::Kinds;
use crate::options::{Format, Options, Written};
use crate::text::clean;

const ABOUT: &str =
    "Administer organizations, members and invitations on several vendors with the same words.";

const CONFIGURATION: &str = "\
The configuration is the file of --config, else of $ORGPORT_CONFIG, else ./orgport.toml, else
orgport/config.toml in $XDG_CONFIG_HOME (~/.config). Variables such as
ORGPORT__PROVIDERS__NAME__BASE_URL replace any of it, or all of it.

What runs share - who is being invited, limits, tokens - is in the directory of $ORGPORT_STATE, else
orgport in $XDG_STATE_HOME (~/.local/state).

Exit codes:
  0    done
  1    anything else: a vendor's response is not what it documents, a bug
  2    usage, configuration or input: change what was written; the text says where
  3    not found
  4    not allowed: renew the credential (orgport login), or ask for the right (orgport doctor)
  5    conflict: it is there already, has expired, or was changed meanwhile: look, then decide
  6    rate limited: run it again after the time that is named
  7    unsupported by the vendor, or read_only is set; nothing was sent
  8    vendor not reached: run it again later
  9    not known what happened, or a part was done: the text says whether to look before repeating
  10   some of several failed: each has its own line; a rerun goes on where it is safe
  11   a plan has changes (roster plan --exit-code)
  12   a rail refused: nothing was done beyond it; the numbers are in the text
  130  interrupted; 129 and 143 by SIGHUP and SIGTERM";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "orgport", version, about = ABOUT, after_long_help = CONFIGURATION, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    command: Command,
}

/// What the command line can ask for.
#[derive(Debug, Subcommand)]
enum Command {
    /// Organizations: list, get, create, update, delete.
    #[command(subcommand)]
    Org(org::Org),
    /// Members: list, get, change the role, remove; your own membership: leave.
    #[command(subcommand)]
    Member(member::Member),
    /// Invitations: list, get, create, resend, revoke, link; and those to yourself: accept, decline, mine.
    #[command(subcommand)]
    Invitation(invitation::Invitation),
    /// Who can get in where: people by places, at every configured provider, and what stands out.
    Access(access::Access),
    /// Put people out everywhere, and prove that they are.
    Offboard(offboard::Offboard),
    /// Who should be where, in a file: check, import, plan, apply, explain.
    #[command(subcommand)]
    Roster(roster::Roster),
    /// Show whom the credential stands for, where the vendor tells.
    Whoami,
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
    /// Serve the vendors on this machine and print a configuration for them, whose default
    /// provider is that of --provider.
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Sandbox),
    /// Play the whole life of an invitation on all vendors, against the sandbox. Needs no network.
    #[cfg(feature = "sandbox")]
    Demo,
    /// Print what makes a shell complete this command.
    Completions(completions::Completions),
    /// Write the manual pages, one for each command.
    Man(man::Man),
}

impl Cli {
    /// The whole command line, for these kinds of providers.
    fn whole(kinds: &Kinds) -> clap::Command {
        Self::command().mut_subcommand("config", |config| config::Config::accepting(kinds, config))
    }

    /// Reads the command line.
    ///
    /// # Errors
    ///
    /// The exit code, when everything was said: help, the version, or what is wrong.
    pub(crate) fn read(kinds: &Kinds) -> Result<Self, u8> {
        let matches = Self::whole(kinds).try_get_matches();
        let read = matches.and_then(|matches| Self::from_arg_matches(&matches));
        let read = read.map(|cli| Self { options: cli.options.settled(), ..cli });
        read.map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // A reader that has seen enough of the help is no failure.
                let _ = error.print();
                0
            }
            _ if wants_json(std::env::args_os()) => {
                let text = error.render().to_string();
                // What is wrong, with the arguments or values that it is about; usage and help follow.
                let wrong = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
                let wrong = wrong.collect::<Vec<_>>().join(" ");
                let message = wrong.strip_prefix("error: ").unwrap_or(&wrong);
                Console::of_format(Format::Json).end(&Failure::usage(clean(message)))
            }
            _ => {
                let _ = error.print();
                failure::USAGE
            }
        })
    }

    /// Does what was asked.
    ///
    /// # Errors
    ///
    /// Why it was not done.
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let output = &context.options.output;
        if output.format == Format::Json && !output.columns.is_empty() {
            return Err(Failure::usage("--columns is for tables and CSV: JSON has every member"));
        }
        let has_markdown = matches!(self.command, Command::Roster(roster::Roster::Plan(_)));
        if output.written == Written::Markdown && !has_markdown {
            return Err(Failure::usage("--format markdown is for `roster plan` alone"));
        }
        if output.written == Written::Html && !matches!(self.command, Command::Access(_)) {
            return Err(Failure::usage("--format html is for `access` alone"));
        }
        let interrupt = &context.interrupt;
        match &self.command {
            // These know what to do when they are interrupted.
            Command::Invitation(invitation) => Box::pin(invitation.run(context)).await,
            Command::Member(member) => Box::pin(member.run(context)).await,
            #[cfg(feature = "sandbox")]
            Command::Sandbox(sandbox) => sandbox.run(context).await,
            Command::Roster(roster::Roster::Apply(apply)) => apply.run(context).await,
            Command::Roster(roster) => interrupt.over(roster.run(context)).await,
            Command::Offboard(offboard) => offboard.run(context).await,
            Command::Access(access) => interrupt.over(access.run(context)).await,
            Command::Org(org) => interrupt.over(org.run(context)).await,
            Command::Whoami => interrupt.over(whoami::run(context)).await,
            Command::Providers => providers::run(context),
            Command::Capabilities => capabilities::run(context),
            Command::Config(config) => config.run(context),
            Command::Api(api) => interrupt.over(api.run(context)).await,
            Command::Doctor => interrupt.over(doctor::run(context)).await,
            Command::Login => interrupt.over(login::run(context)).await,
            #[cfg(feature = "sandbox")]
            Command::Demo => interrupt.over(demo::run(context)).await,
            Command::Completions(completions) => completions.run(Self::whole(&context.kinds)),
            Command::Man(man) => man.run(Self::whole(&context.kinds)),
        }
    }
}

/// Says whether a command line that cannot be read asks for JSON.
fn wants_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let arguments: Vec<_> = arguments.collect();
    arguments.iter().any(|argument| argument == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::whole(&Kinds::with([])).debug_assert();
    }
}
