//! Providers that hand every call to another one.

use std::sync::Arc;

use crate::provider::Provider;

/// Implements [`Provider`](crate::Provider) for a type by handing every call to the provider that it
/// holds: `delegate_provider!([generics] Type, |this| expression)`.
#[doc(hidden)]
#[macro_export]
macro_rules! delegate_provider {
    ([$($generics:tt)*] $type:ty, |$this:ident| $inner:expr) => {
        #[deny(clippy::missing_trait_methods)]
        #[$crate::__private::async_trait]
        impl<$($generics)*> $crate::Organizations for $type {
            async fn list_organizations(
                &self,
                cursor: Option<&$crate::Cursor>,
            ) -> Result<$crate::Page<$crate::Organization>, $crate::Error> {
                let $this = self;
                $inner.list_organizations(cursor).await
            }

            async fn get_organization(
                &self,
                organization: &$crate::OrganizationId,
            ) -> Result<$crate::Organization, $crate::Error> {
                let $this = self;
                $inner.get_organization(organization).await
            }

            async fn create_organization(
                &self,
                new: $crate::NewOrganization,
            ) -> Result<$crate::Organization, $crate::Error> {
                let $this = self;
                $inner.create_organization(new).await
            }

            async fn update_organization(
                &self,
                organization: &$crate::OrganizationId,
                update: $crate::OrganizationUpdate,
            ) -> Result<$crate::Organization, $crate::Error> {
                let $this = self;
                $inner.update_organization(organization, update).await
            }

            async fn delete_organization(
                &self,
                organization: &$crate::OrganizationId,
            ) -> Result<(), $crate::Error> {
                let $this = self;
                $inner.delete_organization(organization).await
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[$crate::__private::async_trait]
        impl<$($generics)*> $crate::Members for $type {
            async fn list_members(
                &self,
                organization: &$crate::OrganizationId,
                cursor: Option<&$crate::Cursor>,
            ) -> Result<$crate::Page<$crate::Member>, $crate::Error> {
                let $this = self;
                $inner.list_members(organization, cursor).await
            }

            async fn set_member_role(
                &self,
                organization: &$crate::OrganizationId,
                member: &$crate::MemberId,
                role: &$crate::Role,
            ) -> Result<(), $crate::Error> {
                let $this = self;
                $inner.set_member_role(organization, member, role).await
            }

            async fn remove_member(
                &self,
                organization: &$crate::OrganizationId,
                member: &$crate::MemberId,
            ) -> Result<(), $crate::Error> {
                let $this = self;
                $inner.remove_member(organization, member).await
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[$crate::__private::async_trait]
        impl<$($generics)*> $crate::Invitations for $type {
            async fn list_invitations(
                &self,
                organization: &$crate::OrganizationId,
                filter: &$crate::InvitationFilter,
                cursor: Option<&$crate::Cursor>,
            ) -> Result<$crate::Page<$crate::Invitation>, $crate::Error> {
                let $this = self;
                $inner.list_invitations(organization, filter, cursor).await
            }

            async fn get_invitation(
                &self,
                organization: &$crate::OrganizationId,
                invitation: &$crate::InvitationId,
            ) -> Result<$crate::Invitation, $crate::Error> {
                let $this = self;
                $inner.get_invitation(organization, invitation).await
            }

            async fn invite(
                &self,
                organization: &$crate::OrganizationId,
                invitation: $crate::NewInvitation,
            ) -> Result<$crate::InviteOutcome, $crate::Error> {
                let $this = self;
                $inner.invite(organization, invitation).await
            }

            fn invite_many<'invite>(
                &'invite self,
                organization: &'invite $crate::OrganizationId,
                invitations: Vec<$crate::NewInvitation>,
            ) -> $crate::InviteStream<'invite> {
                let $this = self;
                $inner.invite_many(organization, invitations)
            }

            async fn plan_invites(
                &self,
                organization: &$crate::OrganizationId,
                invitations: Vec<$crate::NewInvitation>,
            ) -> Result<Vec<$crate::invite::Plan>, $crate::Error> {
                let $this = self;
                $inner.plan_invites(organization, invitations).await
            }

            async fn resend_invitation(
                &self,
                organization: &$crate::OrganizationId,
                invitation: &$crate::InvitationId,
            ) -> Result<$crate::Invitation, $crate::Error> {
                let $this = self;
                $inner.resend_invitation(organization, invitation).await
            }

            async fn invitation_link(
                &self,
                organization: &$crate::OrganizationId,
                invitation: &$crate::InvitationId,
            ) -> Result<$crate::Secret, $crate::Error> {
                let $this = self;
                $inner.invitation_link(organization, invitation).await
            }

            async fn revoke_invitation(
                &self,
                organization: &$crate::OrganizationId,
                invitation: &$crate::InvitationId,
            ) -> Result<(), $crate::Error> {
                let $this = self;
                $inner.revoke_invitation(organization, invitation).await
            }

            async fn respond_to_invitation(
                &self,
                invitation: &$crate::InvitationRef,
                answer: $crate::Answer,
            ) -> Result<$crate::Answered, $crate::Error> {
                let $this = self;
                $inner.respond_to_invitation(invitation, answer).await
            }

            async fn my_invitations(
                &self,
                cursor: Option<&$crate::Cursor>,
            ) -> Result<$crate::Page<$crate::Invitation>, $crate::Error> {
                let $this = self;
                $inner.my_invitations(cursor).await
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[$crate::__private::async_trait]
        impl<$($generics)*> $crate::Provider for $type {
            fn kind(&self) -> &'static str {
                let $this = self;
                $inner.kind()
            }

            fn name(&self) -> &str {
                let $this = self;
                $inner.name()
            }

            fn capability(&self) -> &$crate::Capability {
                let $this = self;
                $inner.capability()
            }

            fn default_organization(&self) -> Option<&$crate::OrganizationId> {
                let $this = self;
                $inner.default_organization()
            }

            fn default_role(&self) -> Option<&$crate::Role> {
                let $this = self;
                $inner.default_role()
            }

            fn settle(&self) -> ::std::time::Duration {
                let $this = self;
                $inner.settle()
            }

            fn patient(&self) -> ::std::sync::Arc<dyn $crate::Provider + '_> {
                let $this = self;
                $inner.patient()
            }

            fn transport(&self) -> Option<&$crate::http::Transport> {
                let $this = self;
                $inner.transport()
            }

            fn for_organization(
                &self,
                request: $crate::http::Request,
                organization: &$crate::OrganizationId,
            ) -> Result<$crate::http::Request, $crate::Error> {
                let $this = self;
                $inner.for_organization(request, organization)
            }

            async fn get_identity(&self) -> Result<$crate::Identity, $crate::Error> {
                let $this = self;
                $inner.get_identity().await
            }
        }
    };
}

delegate_provider!([P: Provider + ?Sized] &P, |this| (**this));
delegate_provider!([P: Provider + ?Sized] Box<P>, |this| (**this));
delegate_provider!([P: Provider + ?Sized] Arc<P>, |this| (**this));
