//! `orgport member`

mod leave;
mod several;

use std::borrow::Cow;

use clap::Subcommand;
use orgport::{
    AnyProvider, Error, Invitee, MemberId, Members, Operation, OrganizationId, Provider, find, stream,
};

use self::several::{Change, Rest, grantable};
use super::lists;
use super::places::ListPlaces;
use super::subject::{Subject, place};
use super::unknown::naming;
use crate::confirm::Leave;
use crate::context::Context;
use crate::failure::Failure;
use crate::filters::{Filter, MemberFilters, Undated};
use crate::shortened::whole;

#[derive(Debug, Subcommand)]
pub(crate) enum Member {
    /// List the people in the organization, or in those of many places.
    List {
        #[command(flatten)]
        filters: MemberFilters,
        #[command(flatten)]
        places: ListPlaces,
    },
    /// Show one member.
    Get {
        /// The member, by e-mail address, @account or id.
        #[arg(value_name = "EMAIL|@ACCOUNT|MEMBER")]
        member: String,
    },
    /// Give members another role.
    SetRole {
        /// The members, by e-mail address, @account or id, and last the new role: owner, admin, editor,
        /// collaborator, member, viewer or none, or a word of the configuration's own. A role in the file
        /// goes first; with filters alone, all members who pass get it.
        #[arg(value_name = "EMAIL|@ACCOUNT|MEMBER… ROLE", required = true)]
        named_and_role: Vec<String>,
        #[command(flatten)]
        rest: Rest,
    },
    /// End memberships. The people's accounts stay.
    Remove {
        /// The members, by e-mail address, @account or id; with filters alone, all who pass, but for yourself.
        #[arg(value_name = "EMAIL|@ACCOUNT|MEMBER")]
        named: Vec<String>,
        #[command(flatten)]
        rest: Rest,
    },
    /// End your own membership: that of the person whom the credential stands for.
    Leave,
}

/// The id of a member, for an operation. Only a person has to be looked up.
async fn id_of(
    (provider, org): (&AnyProvider, &OrganizationId),
    member: &str,
    operation: Operation,
) -> Result<MemberId, Error> {
    let find = async {
        match Invitee::parse(member) {
            Ok(person) => Ok(find::member(provider, org, person).await?.id),
            Err(_) => MemberId::new(whole_id(provider, org, member).await?),
        }
    };
    find.await.map_err(|error| error.within(operation))
}

/// The member with all that a question should say.
async fn find_subject(
    (provider, org): (&AnyProvider, &OrganizationId),
    member: &str,
    operation: Operation,
) -> Result<Subject, Error> {
    Subject::find(provider, org, member).await.map_err(|error| error.within(operation))
}

async fn whole_id<'a>(
    provider: &AnyProvider,
    org: &OrganizationId,
    member: &'a str,
) -> Result<Cow<'a, str>, Error> {
    whole(member, stream::members(provider, org), |one| one.id.as_str()).await
}

impl Member {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let interrupt = &context.interrupt;
        match self {
            Self::List { filters, places } => interrupt.over(list(context, filters, places)).await,
            Self::Leave => interrupt.over(leave::run(context)).await,
            Self::Get { member } => interrupt.over(show(context, member)).await,
            Self::SetRole { named_and_role, rest } => {
                let (role, named) = named_and_role.split_last().expect("it is required");
                match named {
                    [member] if rest.is_empty() => interrupt.over(set_role(context, member, role)).await,
                    // Jobs know what to do when they are interrupted.
                    _ => Change { named, rest, role: Some(role) }.run(context).await,
                }
            }
            Self::Remove { named, rest } => match named.as_slice() {
                [member] if rest.is_empty() => interrupt.over(remove(context, member)).await,
                _ => Change { named, rest, role: None }.run(context).await,
            },
        }
    }
}

async fn list(context: &Context, filters: &MemberFilters, places: &ListPlaces) -> Result<(), Failure> {
    let (config, undated) = (context.config()?, Undated::default());
    let listed = lists::print_placed(context, places, Operation::ListMembers, |provider, org| {
        let filter = Filter::new(filters, &config, provider.name(), &undated)?.keeping_unknown();
        Ok(filter.over(stream::members(provider, org)))
    });
    let listed = listed.await;
    undated.note(context.console);
    listed
}

async fn show(context: &Context, member: &str) -> Result<(), Failure> {
    let (provider, org) = context.place(Operation::ListMembers).await?;
    let member = whole_id(&provider, &org, member).await?;
    context.printer().one(&find::member_by_id_or_invitee(&provider, &org, &member).await?)
}

async fn set_role(context: &Context, member: &str, role: &str) -> Result<(), Failure> {
    let operation = Operation::SetMemberRole;
    let config = context.config()?;
    let provider = context.provider_from(&config, operation)?;
    let role = &config.role(provider.name(), role)?;
    grantable(&provider, role)?;
    let org = context.organization(&provider, operation).await?;
    let id = if context.options.yes {
        id_of((&provider, &org), member, operation).await?
    } else {
        let subject = find_subject((&provider, &org), member, operation).await?;
        if subject.is_oneself() {
            let question = subject.change(role, &place(&provider, &org).await);
            context.leave()?.ask(context.console, &question).await?;
        }
        subject.member.id
    };
    provider.set_member_role(&org, &id, role).await.map_err(naming("member", member))?;
    context.printer().done(&format!("{member} has the role {role} now."))
}

async fn remove(context: &Context, member: &str) -> Result<(), Failure> {
    let operation = Operation::RemoveMember;
    let provider = context.provider_for(operation)?;
    let leave = context.leave()?;
    let org = context.organization(&provider, operation).await?;
    let id = match leave {
        Leave::Given => id_of((&provider, &org), member, operation).await?,
        Leave::Ask => {
            let subject = find_subject((&provider, &org), member, operation).await?;
            leave.ask(context.console, &subject.removal(&place(&provider, &org).await)).await?;
            subject.member.id
        }
    };
    provider.remove_member(&org, &id).await.map_err(naming("member", member))?;
    context.printer().done(&format!("{member} is removed."))
}
