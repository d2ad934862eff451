//! The operations of the capability table.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $name:ident,)*) => {
        /// An operation of the neutral traits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation { $($(#[$doc])* $variant,)* }

        impl Operation {
            /// Every operation, in the order of the capability table.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name of the trait method.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($name),)* }
            }
        }

        /// How one provider supports each operation.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each field is the operation of its name")]
        pub struct Operations { $(pub $name: crate::capability::Support,)* }

        impl Operations {
            /// The support for one operation.
            pub fn get(&self, operation: Operation) -> &crate::capability::Support {
                match operation { $(Operation::$variant => &self.$name,)* }
            }

            /// The same support for every operation.
            pub fn all(support: &crate::capability::Support) -> Self {
                Self { $($name: support.clone(),)* }
            }
        }
    };
}

operations! {
    /// The organizations that the credential can see.
    ListOrganizations = list_organizations,
    /// One organization.
    GetOrganization = get_organization,
    /// A new organization.
    CreateOrganization = create_organization,
    /// Another name or description.
    UpdateOrganization = update_organization,
    /// The end of an organization.
    DeleteOrganization = delete_organization,
    /// The people in an organization.
    ListMembers = list_members,
    /// Another role for a member.
    SetMemberRole = set_member_role,
    /// The end of a membership.
    RemoveMember = remove_member,
    /// The invitations to an organization.
    ListInvitations = list_invitations,
    /// One invitation.
    GetInvitation = get_invitation,
    /// Invitations to one or many people.
    Invite = invite,
    /// One more mail for an invitation that is not answered.
    ResendInvitation = resend_invitation,
    /// The end of an invitation that is not answered.
    RevokeInvitation = revoke_invitation,
    /// The invited person's answer.
    RespondToInvitation = respond_to_invitation,
    /// The invitations addressed to the credential's own person.
    MyInvitations = my_invitations,
    /// Whom the credential stands for.
    GetIdentity = get_identity,
}

impl Operation {
    /// Says whether doing it twice is no different from doing it once.
    pub fn is_repeatable(self) -> bool {
        match self {
            Self::ListOrganizations
            | Self::GetOrganization
            | Self::UpdateOrganization
            | Self::DeleteOrganization
            | Self::ListMembers
            | Self::SetMemberRole
            | Self::RemoveMember
            | Self::ListInvitations
            | Self::GetInvitation
            // Inviting looks before it sends, so a second call finds what the first one did.
            | Self::Invite
            | Self::RevokeInvitation
            | Self::MyInvitations
            | Self::GetIdentity => true,
            Self::CreateOrganization | Self::ResendInvitation | Self::RespondToInvitation => false,
        }
    }
}

impl Operation {
    /// Says whether it only reads.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::ListOrganizations
                | Self::GetOrganization
                | Self::ListMembers
                | Self::ListInvitations
                | Self::GetInvitation
                | Self::MyInvitations
                | Self::GetIdentity
        )
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
