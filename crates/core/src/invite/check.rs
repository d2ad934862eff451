//! What is checked before anything is sent: the person and the role.

use crate::adapter::Draft;
use crate::capability::{Capability, Invitees, UnnamedRole};
use crate::error::{Context, Error, ErrorKind};
use crate::invitation::NewInvitation;
use crate::invitee::Invitee;
use crate::operation::Operation;
use crate::provider::Provider;
use crate::role::Role;

/// Says what is wrong with an invitation before anything is asked or sent, as inviting itself would.
///
/// # Errors
///
/// `Unsupported` for a provider that cannot invite, or not such a person, and for a role that it cannot give;
/// `InvalidInput` for an address that cannot be mailed, and where a role must be named and is not.
pub fn check_invite(provider: &dyn Provider, invitation: &NewInvitation) -> Result<(), Error> {
    let capability = provider.capability();
    let checked = capability.support(Operation::Invite).require();
    checked
        .and_then(|()| draft(capability, provider.default_role(), invitation.clone()))
        .map(drop)
        .during(provider.name(), Operation::Invite)
}

/// Checks an invitation against what the provider can do, and finds the role to ask for.
pub(crate) fn draft(
    capability: &Capability,
    default_role: Option<&Role>,
    invitation: NewInvitation,
) -> Result<Draft, Error> {
    let NewInvitation { invitee, role } = invitation;
    match &invitee {
        refused if !capability.invitees.takes(refused) => return Err(capability.invitees.refusal(refused)),
        // Where nobody is invited by account, nobody is told how to write one.
        Invitee::Email(email) if capability.invitees == Invitees::Addresses => email.check()?,
        person => person.check()?,
    }
    let role = match role.as_ref().or(default_role) {
        Some(role) => Some(role_to_grant(role, &capability.roles_at_invite, "an invitation")?.clone()),
        None => match &capability.unnamed_role {
            UnnamedRole::Is(role) => Some(role.clone()),
            UnnamedRole::VendorsChoice => None,
            UnnamedRole::Required => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    format!(
                        "the invitation names no role, and none is configured as default_role; this vendor can give {}",
                        words(&capability.roles_at_invite)
                    ),
                ));
            }
        },
    };
    Ok(Draft::new(invitee, role))
}

/// Answers `role` if it is one of `grantable`, and never a role that is merely near it.
///
/// # Errors
///
/// `Unsupported` that names the roles which can be given.
pub fn role_to_grant<'a>(role: &'a Role, grantable: &[Role], to: &str) -> Result<&'a Role, Error> {
    // `Other` is for reading, even where a list should hold it.
    if grantable.contains(role) && !matches!(role, Role::Other(_)) {
        return Ok(role);
    }
    let can = match grantable {
        [] => format!("takes no role for {to}"),
        _ => format!("gives {to} only {}", words(grantable)),
    };
    Err(Error::new(ErrorKind::Unsupported, format!("the role {role} cannot be given: this vendor {can}")))
}

fn words(roles: &[Role]) -> String {
    roles.iter().map(Role::to_string).collect::<Vec<_>>().join(", ")
}
