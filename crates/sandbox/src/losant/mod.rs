//! The simulator of Losant's organization API, version 1.31.0.
//!
//! A request goes the way of the vendor's framework: version, validation, token, scope, action.
//! Where the vendor is silent, this simulator chooses:
//!
//! - an organization is `404` to those who are no members, and all but reading it, the list of
//!   organizations and leaving is `403` to members who are no administrators;
//! - a login lives 24 hours unless it asks for another `tokenTTL` (seconds; 0 is for ever), and
//!   the account with a second factor accepts the code `123456`;
//! - accounts made after the start have the password `sandbox-password`;
//! - inviting a member, or an address with a live invitation, is a `400`; an expired invitation
//!   is replaced;
//! - a dismissed invitation is gone for the invitee who is logged in, and nothing else changes;
//! - where an organization requires a second factor, answering through the API without one is a `400`;
//! - an emailed invitation can be accepted through the API only by an address with an account.

mod auth;
mod endpoints;
mod error;
mod invitations;
mod invitee;
mod members;
mod organizations;
mod schema;
mod seed;
mod serve;
mod state;
#[cfg(test)]
mod tests;
mod version;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::map_response;
use axum::routing::{MethodFilter, on};
use jiff::Timestamp;

use self::endpoints::ENDPOINTS;
use self::error::Failure;
use self::seed::{Seed, bearer, identity};
use self::state::{Data, same_email};
use crate::vendor::{Identity, Vendor};
use crate::world::World;

const NAME: &str = "losant";

pub(crate) struct Losant {
    world: Arc<World>,
    seed: Seed,
    data: Mutex<Data>,
}

impl Losant {
    pub(crate) fn new(world: Arc<World>) -> Self {
        let seed = Seed::new(&world);
        let losant = Self { world, seed, data: Mutex::default() };
        losant.reset();
        losant
    }

    /// Now, to the millisecond: what is stored is what is shown.
    fn now(&self) -> Timestamp {
        let now = self.world.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).expect("a coarser instant is in range")
    }
}

impl Vendor for Losant {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(self: Arc<Self>) -> Router {
        let mut router = Router::new();
        for endpoint in ENDPOINTS {
            let losant = Arc::clone(&self);
            let serve = async move |request: Request| serve::serve(&losant, endpoint, request).await;
            let method = MethodFilter::try_from(endpoint.method.clone()).expect("a standard method");
            router = router.route(endpoint.path, on(method, serve));
        }
        // The vendor does not tell an unknown path from an unknown method.
        let refuse = async |method: Method| Failure::method_not_allowed(&method);
        let router = router.fallback(refuse).method_not_allowed_fallback(refuse);
        router.layer(map_response(error::with_vendor_headers))
    }

    fn identities(&self) -> Vec<Identity> {
        self.seed.identities()
    }

    fn add_user(&self, email: &str) -> Identity {
        let mut data = self.data.lock().expect("losant lock");
        let user = data.sign_up(&self.world, email, self.now()).clone();
        let org = data.orgs.iter().find(|org| org.member(&user.id).is_some());
        identity(&user.email, bearer(&user.token), org.map(|org| org.id.as_str()))
    }

    fn accept(&self, email: &str, organization: &str) -> Result<(), String> {
        let now = self.now();
        let mut data = self.data.lock().expect("losant lock");
        let org = data.org(organization).ok_or_else(|| format!("no organization {organization}"))?;
        let invite = org.invites.iter().position(|invite| same_email(&invite.email, email));
        let index = invite.ok_or_else(|| format!("no invitation of {email} to {organization}"))?;
        if org.invites[index].expired(now) {
            return Err(format!("the invitation of {email} has expired"));
        }
        let user_id = data.sign_up(&self.world, email, now).id.clone();
        data.org_mut(organization).expect("found above").admit(index, &user_id, now);
        Ok(())
    }

    fn reset(&self) {
        *self.data.lock().expect("losant lock") = self.seed.data(self.now());
    }

    fn enum_fields(&self) -> &'static [&'static str] {
        &["role", "result", "mfaMode"]
    }

    // An invitation keeps `inviteDate` and `ttl`, so that its state can still be told.
    fn optional_fields(&self) -> &'static [&'static str] {
        &[
            "applicationRoles",
            "creationDate",
            "dashboardRoles",
            "description",
            "disabledAt",
            "disallowTransfer",
            "expired",
            "firstName",
            "hasExpired",
            "invitedBy",
            "isReadOnly",
            "lastName",
            "lastUpdated",
            "limits",
            "mfaMode",
            "ssoLinked",
            "summary",
            "twoFactorAuthEnabled",
        ]
    }
}
