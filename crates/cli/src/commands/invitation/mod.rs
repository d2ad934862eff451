//! `orgport invitation`

mod answer;
mod create;
mod link;
mod list;
mod several;

use std::borrow::Cow;

use clap::{Args, Subcommand};
use orgport::{
    AnyProvider, Error, InvitationFilter, InvitationId, Invitations, Invitee, Operation, OrganizationId,
    Provider, find, stream,
};

use self::answer::Respond;
use crate::commands::lists;
use crate::commands::unknown::naming;
use crate::context::Context;
use crate::failure::Failure;
use crate::shortened::whole;

#[derive(Debug, Subcommand)]
pub(crate) enum Invitation {
    /// List the invitations that the vendor shows, or those of many places.
    List(list::List),
    /// Show one invitation.
    Get(Which),
    /// Invite people. Nobody is mailed twice: who is invited or in already is left alone.
    Create(create::Create),
    /// Send the mail of invitations once more; many of them wait for the vendor's limits.
    Resend(several::Several),
    /// Take invitations back.
    Revoke(several::Several),
    /// Show the link that was mailed with an invitation, where it can be known. It is a secret.
    Link(Which),
    /// Say yes to an invitation to yourself.
    Accept(Respond),
    /// Say no to an invitation to yourself.
    Decline(Respond),
    /// List the invitations to yourself that wait for an answer.
    Mine,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The invitation, by id or by the address or @account it was sent to.
    #[arg(value_name = "ID|EMAIL|@ACCOUNT")]
    invitation: String,
}

/// What somebody needs to know who is to accept one or another.
const MINE: &[&str] = &["organization_name", "organization_id", "role", "invited_by", "expires_at", "id"];

impl Which {
    /// Where an operation is to be done, and the id. Only a person has to be looked up.
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
        match Invitee::parse(&self.invitation) {
            Ok(person) => Ok(find::invitation(provider, org, person).await?.id),
            Err(_) => InvitationId::new(self.whole(provider, org).await?),
        }
    }

    async fn get(&self, provider: &AnyProvider, org: &OrganizationId) -> Result<orgport::Invitation, Error> {
        let find = async {
            let which = self.whole(provider, org).await?;
            find::invitation_by_id_or_invitee(provider, org, &which).await
        };
        find.await.map_err(|error| error.within(Operation::GetInvitation))
    }

    /// As it was named, unless that may be a secret.
    fn shown(&self, provider: &AnyProvider) -> &str {
        let may_be_secret = provider.capability().invitation_id_is_secret;
        if may_be_secret && Invitee::parse(&self.invitation).is_err() { "" } else { &self.invitation }
    }

    fn naming(&self, provider: &AnyProvider) -> impl Fn(Error) -> Error {
        naming("invitation", self.shown(provider))
    }

    async fn whole(&self, provider: &AnyProvider, org: &OrganizationId) -> Result<Cow<'_, str>, Error> {
        let all = InvitationFilter::all();
        whole(&self.invitation, stream::invitations(provider, org, &all), |one| one.id.as_str()).await
    }
}

impl Which {
    async fn show(&self, context: &Context) -> Result<(), Failure> {
        let (provider, org) = context.place(Operation::GetInvitation).await?;
        let found = self.get(&provider, &org).await;
        context.printer_of(&provider).one(&found.map_err(self.naming(&provider))?)
    }

    async fn resend(&self, context: &Context) -> Result<(), Failure> {
        let (provider, org, id) = self.find(context, Operation::ResendInvitation).await?;
        let resent = provider.resend_invitation(&org, &id).await;
        context.printer_of(&provider).one(&resent.map_err(self.naming(&provider))?)
    }

    async fn revoke(&self, context: &Context) -> Result<(), Failure> {
        let (provider, org, id) = self.find(context, Operation::RevokeInvitation).await?;
        provider.revoke_invitation(&org, &id).await.map_err(self.naming(&provider))?;
        let named = format!("The invitation {}", self.shown(&provider));
        context.printer().done(&format!("{} is revoked.", named.trim_end()))
    }
}

impl Invitation {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let interrupt = &context.interrupt;
        match self {
            // Jobs know what to do when they are interrupted.
            Self::Create(create) => create.run(context).await,
            Self::Resend(job) => match job.only() {
                Some(which) => interrupt.over(which.resend(context)).await,
                None => job.run(context, Operation::ResendInvitation).await,
            },
            Self::Revoke(job) => match job.only() {
                Some(which) => interrupt.over(which.revoke(context)).await,
                None => job.run(context, Operation::RevokeInvitation).await,
            },
            Self::List(list) => interrupt.over(list.run(context)).await,
            Self::Get(which) => interrupt.over(which.show(context)).await,
            Self::Link(which) => interrupt.over(link::run(context, which)).await,
            Self::Accept(respond) => interrupt.over(respond.run(context, orgport::Answer::Accept)).await,
            Self::Decline(respond) => interrupt.over(respond.run(context, orgport::Answer::Decline)).await,
            Self::Mine => interrupt.over(mine(context)).await,
        }
    }
}

async fn mine(context: &Context) -> Result<(), Failure> {
    let provider = context.provider()?;
    let list = context.printer_of(&provider).list_with::<orgport::Invitation>(MINE)?;
    lists::print(context, list, stream::my_invitations(&provider)).await
}
