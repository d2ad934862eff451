//! `orgport member`

use std::borrow::Cow;

use clap::Subcommand;
use orgport::{
    AnyProvider, Email, Error, MemberId, Members, Operation, OrganizationId, Provider, find, role_to_grant,
    stream,
};

use super::lists;
use super::subject::{Subject, place};
use super::unknown::naming;
use crate::confirm::Leave;
use crate::context::Context;
use crate::failure::Failure;
use crate::shortened::whole;

#[derive(Debug, Subcommand)]
pub(crate) enum Member {
    /// List the people in the organization.
    List,
    /// Show one member.
    Get {
        /// The member, by e-mail address or id.
        #[arg(value_name = "EMAIL|MEMBER")]
        member: String,
    },
    /// Give a member another role.
    SetRole {
        /// The member, by e-mail address or id.
        #[arg(value_name = "EMAIL|MEMBER")]
        member: String,
        /// The new role: owner, admin, editor, collaborator, member, viewer or none, or a word of
        /// the configuration's own.
        role: String,
    },
    /// End a membership. The person's account stays.
    Remove {
        /// The member, by e-mail address or id.
        #[arg(value_name = "EMAIL|MEMBER")]
        member: String,
    },
}

/// The id of a member, for an operation. Only an address has to be looked up.
async fn id_of(
    (provider, org): (&AnyProvider, &OrganizationId),
    member: &str,
    operation: Operation,
) -> Result<MemberId, Error> {
    let find = async {
        match Email::parse(member) {
            Ok(email) => Ok(find::member(provider, org, &email).await?.id),
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
    let find = async {
        let member = whole_id(provider, org, member).await?;
        Subject::find(provider, org, &member).await
    };
    find.await.map_err(|error| error.within(operation))
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
        match self {
            Self::List => {
                let list = context.printer().list::<orgport::Member>()?;
                let (provider, org) = context.place(Operation::ListMembers).await?;
                lists::print(context, list, stream::members(&provider, &org)).await
            }
            Self::Get { member } => {
                let (provider, org) = context.place(Operation::ListMembers).await?;
                let member = whole_id(&provider, &org, member).await?;
                context.printer().one(&find::member_by_id_or_email(&provider, &org, &member).await?)
            }
            Self::SetRole { member, role } => {
                let operation = Operation::SetMemberRole;
                let provider = context.provider_for(operation)?;
                let role = &context.config()?.role(provider.name(), role)?;
                role_to_grant(role, &provider.capability().roles_at_set_role, "a member")
                    .map_err(|error| error.during(provider.name(), operation))?;
                let org = context.organization(&provider, operation).await?;
                let id = if context.options.yes {
                    id_of((&provider, &org), member, operation).await?
                } else {
                    let subject = find_subject((&provider, &org), member, operation).await?;
                    if subject.is_oneself() {
                        context
                            .leave()?
                            .ask(context.console, &subject.change(role, &place(&provider, &org).await))
                            .await?;
                    }
                    subject.member.id
                };
                provider.set_member_role(&org, &id, role).await.map_err(naming("member", member))?;
                context.printer().done(&format!("{member} has the role {role} now."))
            }
            Self::Remove { member } => {
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
        }
    }
}
