//! A provider of any vendor, chosen by configuration.

use std::sync::Arc;

use async_trait::async_trait;
use enum_dispatch::enum_dispatch;
#[cfg(feature = "jaqpot")]
use orgport_jaqpot::JaqpotProvider;
#[cfg(feature = "koyeb")]
use orgport_koyeb::KoyebProvider;
#[cfg(feature = "losant")]
use orgport_losant::LosantProvider;
use orgport_memory::MemoryProvider;
#[cfg(feature = "nuextract")]
use orgport_nuextract::NuExtractProvider;
#[cfg(feature = "trieve")]
use orgport_trieve::TrieveProvider;

use orgport_core::http::{Request, Transport};
use orgport_core::{
    Answer, Answered, Capability, Cursor, Describe, Error, Invitation, InvitationFilter, InvitationId,
    InvitationRef, Invitations, InviteOutcome, InviteStream, Member, MemberId, Members, NewInvitation,
    NewOrganization, Organization, OrganizationId, OrganizationUpdate, Organizations, Page, Provider, Role,
};

/// A provider of one of the vendors, or the program's own.
///
/// A `match` on it reaches the typed client of the vendor, for what the traits do not cover.
/// Clones are one provider: they share connections, limits, tokens and locks.
#[enum_dispatch(Inner)]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyProvider {
    /// In process.
    Memory(MemoryProvider),
    /// [NuExtract](https://nuextract.ai).
    #[cfg(feature = "nuextract")]
    NuExtract(NuExtractProvider),
    /// [Jaqpot](https://jaqpot.org).
    #[cfg(feature = "jaqpot")]
    Jaqpot(JaqpotProvider),
    /// [Koyeb](https://www.koyeb.com).
    #[cfg(feature = "koyeb")]
    Koyeb(KoyebProvider),
    /// [Trieve](https://trieve.ai).
    #[cfg(feature = "trieve")]
    Trieve(TrieveProvider),
    /// [Losant](https://www.losant.com).
    #[cfg(feature = "losant")]
    Losant(LosantProvider),
    /// A provider that the program brings itself.
    Custom(Custom),
}

/// A provider that the program brings itself.
#[derive(Clone)]
pub struct Custom(pub Arc<dyn Provider>);

impl std::fmt::Debug for Custom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Custom").field(&self.0.name()).finish()
    }
}

/// Hands out what is inside; the traits are implemented once, through it.
#[enum_dispatch]
trait Inner {
    fn inner(&self) -> &dyn Provider;

    /// What sends the requests of a vendor's client.
    fn wire(&self) -> Option<&Transport> {
        None
    }
}

macro_rules! inner {
    ($($(#[$feature:meta])? $provider:ty),* $(,)?) => {
        $($(#[$feature])? impl Inner for $provider {
            fn inner(&self) -> &dyn Provider {
                self
            }

            fn wire(&self) -> Option<&Transport> {
                Some(self.client().transport())
            }
        })*
    };
}

inner!(
    #[cfg(feature = "nuextract")]
    NuExtractProvider,
    #[cfg(feature = "jaqpot")]
    JaqpotProvider,
    #[cfg(feature = "koyeb")]
    KoyebProvider,
    #[cfg(feature = "trieve")]
    TrieveProvider,
    #[cfg(feature = "losant")]
    LosantProvider,
);

impl Inner for MemoryProvider {
    fn inner(&self) -> &dyn Provider {
        self
    }
}

impl Inner for Custom {
    fn inner(&self) -> &dyn Provider {
        &*self.0
    }
}

impl AnyProvider {
    /// Wraps a provider of the program's own.
    pub fn custom(provider: Arc<dyn Provider>) -> Self {
        Self::Custom(Custom(provider))
    }

    /// What sends the requests, for a login and for calls that neither the traits nor the vendor's
    /// client have. None where no vendor is asked: in process, and for a provider of the program's
    /// own.
    pub fn transport(&self) -> Option<&Transport> {
        self.wire()
    }

    /// Adds to a request of the program's own what this vendor reads the organization from beside
    /// the path: Trieve's `TR-Organization` header. Other vendors need nothing.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for what cannot be an id of this vendor.
    #[cfg_attr(not(feature = "trieve"), expect(clippy::unnecessary_wraps, unused_variables))]
    pub fn for_organization(
        &self,
        request: Request,
        organization: &OrganizationId,
    ) -> Result<Request, Error> {
        match self {
            #[cfg(feature = "trieve")]
            Self::Trieve(_) => orgport_trieve::TrieveClient::for_organization(request, organization.as_str()),
            _ => Ok(request),
        }
    }
}

impl From<Arc<dyn Provider>> for AnyProvider {
    fn from(provider: Arc<dyn Provider>) -> Self {
        Self::custom(provider)
    }
}

#[deny(clippy::missing_trait_methods)]
impl Describe for AnyProvider {
    fn kind(&self) -> &'static str {
        self.inner().kind()
    }

    fn name(&self) -> &str {
        self.inner().name()
    }

    fn capability(&self) -> &Capability {
        self.inner().capability()
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        self.inner().default_organization()
    }

    fn default_role(&self) -> Option<&Role> {
        self.inner().default_role()
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Organizations for AnyProvider {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.inner().list_organizations(cursor).await
    }

    async fn get_organization(&self, organization: &OrganizationId) -> Result<Organization, Error> {
        self.inner().get_organization(organization).await
    }

    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.inner().create_organization(new).await
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.inner().update_organization(organization, update).await
    }

    async fn delete_organization(&self, organization: &OrganizationId) -> Result<(), Error> {
        self.inner().delete_organization(organization).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Members for AnyProvider {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        self.inner().list_members(organization, cursor).await
    }

    async fn set_member_role(
        &self,
        organization: &OrganizationId,
        member: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        self.inner().set_member_role(organization, member, role).await
    }

    async fn remove_member(&self, organization: &OrganizationId, member: &MemberId) -> Result<(), Error> {
        self.inner().remove_member(organization, member).await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl Invitations for AnyProvider {
    async fn list_invitations(
        &self,
        organization: &OrganizationId,
        filter: &InvitationFilter,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Invitation>, Error> {
        self.inner().list_invitations(organization, filter, cursor).await
    }

    async fn get_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.inner().get_invitation(organization, invitation).await
    }

    async fn invite(
        &self,
        organization: &OrganizationId,
        invitation: NewInvitation,
    ) -> Result<InviteOutcome, Error> {
        self.inner().invite(organization, invitation).await
    }

    fn invite_many<'a>(
        &'a self,
        organization: &'a OrganizationId,
        invitations: Vec<NewInvitation>,
    ) -> InviteStream<'a> {
        self.inner().invite_many(organization, invitations)
    }

    async fn resend_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<Invitation, Error> {
        self.inner().resend_invitation(organization, invitation).await
    }

    async fn revoke_invitation(
        &self,
        organization: &OrganizationId,
        invitation: &InvitationId,
    ) -> Result<(), Error> {
        self.inner().revoke_invitation(organization, invitation).await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        self.inner().respond_to_invitation(invitation, answer).await
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.inner().my_invitations(cursor).await
    }
}
