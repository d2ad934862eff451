//! `orgport member`

use clap::Subcommand;
use orgport::{AnyProvider, Email, Error, MemberId, Members, OrganizationId, Role, find, stream};

use super::lists;
use crate::context::Context;
use crate::failure::Failure;

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
        /// The new role: owner, admin, editor, collaborator, member, viewer or none.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// End a membership. The person's account stays.
    Remove {
        /// The member, by e-mail address or id.
        #[arg(value_name = "EMAIL|MEMBER")]
        member: String,
    },
}

/// Reads a role that is to be granted.
pub(crate) fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|error: Error| error.message().to_owned())
}

/// The id of a member. Only an address has to be looked up.
async fn id_of(provider: &AnyProvider, org: &OrganizationId, member: &str) -> Result<MemberId, Error> {
    match Email::parse(member) {
        Ok(email) => Ok(find::member(provider, org, &email).await?.id),
        Err(_) => MemberId::new(member),
    }
}

impl Member {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::List => {
                let (provider, org) = context.place().await?;
                lists::print(context, stream::members(&provider, &org)).await
            }
            Self::Get { member } => {
                let (provider, org) = context.place().await?;
                context.printer().one(&find::member_by_id_or_email(&provider, &org, member).await?)
            }
            Self::SetRole { member, role } => {
                let (provider, org) = context.place().await?;
                let id = id_of(&provider, &org, member).await?;
                provider.set_member_role(&org, &id, role).await?;
                context.printer().done(&format!("{member} has the role {role} now."))
            }
            Self::Remove { member } => {
                let leave = context.leave()?;
                let (provider, org) = context.place().await?;
                let id = id_of(&provider, &org, member).await?;
                leave.ask(&format!("Remove {member} from organization {org}?")).await?;
                provider.remove_member(&org, &id).await?;
                context.printer().done(&format!("{member} is removed."))
            }
        }
    }
}
