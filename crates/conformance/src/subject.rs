//! The world in which a case is run.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::{Error, Invitee, Operation, OrganizationId, Provider, Secret};

use crate::fault::Faults;

/// One fresh world for one case. Only the first two methods are needed; every other one lets the
/// suite see more.
///
/// Waits should run on a moved clock: some cases let the invite engine settle.
#[async_trait]
pub trait Subject: Send + Sync {
    /// The provider under test, configured as somebody who may do everything in
    /// [`organization`](Subject::organization).
    fn provider(&self) -> Arc<dyn Provider>;

    /// The organization of the case. Nobody is invited to it yet; cases may delete it.
    fn organization(&self) -> OrganizationId;

    /// A provider configured as this person, whose account is made if there is none; `None` where
    /// the vendor or this world has no such thing.
    async fn person(&self, person: &Invitee) -> Option<Arc<dyn Provider>> {
        let _ = person;
        None
    }

    /// The provider of [`provider`](Subject::provider)'s account, built anew from its configuration with
    /// a change, as [`Guard::new`](orgport_core::Guard::new) builds it; `None` where this world cannot.
    fn configured(&self, change: &dyn Fn(&mut ProviderConfig)) -> Option<Result<Arc<dyn Provider>, Error>> {
        let _ = change;
        None
    }

    /// Does what the invited person does in a browser to become a member; says whether it could.
    async fn accept(&self, organization: &OrganizationId, person: &Invitee) -> bool {
        let _ = (organization, person);
        false
    }

    /// Lets the person's waiting invitation run out, for example by moving the clock; says whether
    /// it could. Credentials must still be good afterwards.
    async fn expire(&self, organization: &OrganizationId, person: &Invitee) -> bool {
        let _ = (organization, person);
        false
    }

    /// Lets the vendor's list of invitations hold one row that cannot be decoded, until the end of
    /// the case; says whether it could.
    async fn garble_an_invitation(&self) -> bool {
        false
    }

    /// What lets calls go wrong; `None` where nothing does.
    fn faults(&self) -> Option<&dyn Faults> {
        None
    }

    /// Ends the access token that the vendor gave last: it is refused from now on. Says whether it
    /// could; `false` for credentials that are not renewed. A vendor whose refresh tokens rotate refuses
    /// one that was spent.
    async fn end_token(&self) -> bool {
        false
    }

    /// How many mails, or what else tells of an invitation, this person was sent so far, whatever the case
    /// of the letters.
    async fn mails(&self, person: &Invitee) -> Option<usize> {
        let _ = person;
        None
    }

    /// The token in the person's last mail.
    async fn token_of(&self, person: &Invitee) -> Option<Secret> {
        let _ = person;
        None
    }

    /// How many requests reached the vendor so far.
    async fn requests(&self) -> Option<usize> {
        None
    }

    /// How many requests a job of inviting strangers may take at most. The default follows from
    /// the capability: the lists, the batches, and one more look at the invitations; where inviting is
    /// limited, also one before each batch that has to wait.
    fn most_requests(&self, job: &Job) -> usize {
        let provider = self.provider();
        let capability = provider.capability();
        let pages = |items: usize| capability.page_size.map_or(1, |size| items.div_ceil(size.max(1)).max(1));
        let lists = pages(job.invitations) + pages(job.members);
        let batches = job.people.div_ceil(capability.batch_size.max(1));
        let is_limited = capability.rate_limits.iter().any(|limit| limit.counts(Operation::Invite));
        let looks = if is_limited { batches.max(1) } else { 1 };
        lists + batches + looks * pages(job.invitations + job.people)
    }

    /// How many people a case that needs many may invite; 12 by default. More than a page shows
    /// whether the pages fit together.
    fn crowd(&self) -> usize {
        12
    }
}

/// A job of inviting strangers, for [`Subject::most_requests`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Job {
    /// How many are invited.
    pub people: usize,
    /// How many invitations were listed before.
    pub invitations: usize,
    /// How many members there are.
    pub members: usize,
}

impl Job {
    pub(crate) fn new(people: usize, invitations: usize, members: usize) -> Self {
        Self { people, invitations, members }
    }
}
