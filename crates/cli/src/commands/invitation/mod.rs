//! `orgport invitation`

mod answer;
mod create;

use std::borrow::Cow;

use clap::{Args, Subcommand};
use orgport::{
    AnyProvider, Email, Error, InvitationFilter, InvitationId, InvitationStatus, Invitations, Operation,
    OrganizationId, find, stream,
};

use self::answer::Respond;
use crate::arguments;
use crate::commands::lists;
use crate::context::Context;
use crate::failure::Failure;
use crate::shortened::whole;

#[derive(Debug, Subcommand)]
pub(crate) enum Invitation {
    /// List the invitations that the vendor shows.
    List {
        /// Only these statuses: pending, accepted, declined, expired, failed.
        #[arg(long, value_delimiter = ',', value_parser = arguments::status)]
        status: Vec<InvitationStatus>,
        /// Only those to this address.
        #[arg(long, value_parser = arguments::email)]
        email: Option<Email>,
    },
    /// Show one invitation.
    Get(Which),
    /// Invite people. Nobody is mailed twice: who is invited or in already is left alone.
    Create(create::Create),
    /// Send the mail of an invitation once more.
    Resend(Which),
    /// Take an invitation back.
    Revoke(Which),
    /// Say yes to an invitation to yourself.
    Accept(Respond),
    /// Say no to an invitation to yourself.
    Decline(Respond),
    /// List the invitations to yourself that wait for an answer.
    Mine,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The invitation, by id or by the address it was sent to.
    #[arg(value_name = "ID|EMAIL")]
    invitation: String,
}

/// What somebody needs to know who is to accept one or another.
const MINE: &[&str] = &["organization_id", "role", "status", "created_at", "expires_at", "id"];

impl Which {
    /// Where an operation is to be done, and the id. Only an address has to be looked up.
    async fn find(
        &self,
        context: &Context,
        operation: Operation,
    ) -> Result<(AnyProvider, OrganizationId, InvitationId), Error> {
        let (provider, org) = context.place(operation).await?;
        let id = self.id(&provider, &org).await.map_err(|error| error.within(operation))?;
        Ok((provider, org, id))
    }

    async fn id(&self, provider: &AnyProvider, org: &OrganizationId) -> Result<InvitationId, Error> {
        match Email::parse(&self.invitation) {
            Ok(email) => Ok(find::invitation(provider, org, &email).await?.id),
            Err(_) => InvitationId::new(self.whole(provider, org).await?),
        }
    }

    async fn whole(&self, provider: &AnyProvider, org: &OrganizationId) -> Result<Cow<'_, str>, Error> {
        let all = InvitationFilter::all();
        whole(&self.invitation, stream::invitations(provider, org, &all), |one| one.id.as_str()).await
    }
}

impl Invitation {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::List { status, email } => {
                let (provider, org) = context.place(Operation::ListInvitations).await?;
                let list = context.printer_of(&provider).list::<orgport::Invitation>()?;
                let mut filter = InvitationFilter::all();
                filter.statuses.clone_from(status);
                filter.email.clone_from(email);
                lists::print(context, list, stream::invitations(&provider, &org, &filter)).await
            }
            Self::Get(which) => {
                let (provider, org) = context.place(Operation::GetInvitation).await?;
                let found = async {
                    let which = which.whole(&provider, &org).await?;
                    find::invitation_by_id_or_email(&provider, &org, &which).await
                };
                context
                    .printer_of(&provider)
                    .one(&found.await.map_err(|error| error.within(Operation::GetInvitation))?)
            }
            Self::Create(create) => create.run(context).await,
            Self::Resend(which) => {
                let (provider, org, id) = which.find(context, Operation::ResendInvitation).await?;
                context.printer_of(&provider).one(&provider.resend_invitation(&org, &id).await?)
            }
            Self::Revoke(which) => {
                let (provider, org, id) = which.find(context, Operation::RevokeInvitation).await?;
                provider.revoke_invitation(&org, &id).await?;
                context.printer().done(&format!("The invitation {} is revoked.", which.invitation))
            }
            Self::Accept(respond) => respond.run(context, orgport::Answer::Accept).await,
            Self::Decline(respond) => respond.run(context, orgport::Answer::Decline).await,
            Self::Mine => {
                let provider = context.provider()?;
                let list = context.printer_of(&provider).list_with::<orgport::Invitation>(MINE)?;
                lists::print(context, list, stream::my_invitations(&provider)).await
            }
        }
    }
}
