//! The simulated `NuExtract`.

mod auth;
mod error;
mod invitations;
mod organizations;

use orgport_sandbox::Identity;

use crate::support::{Fixture, Reply, send};

const LIST: &str = "/api/organizations";

fn identities(fixture: &Fixture) -> Vec<Identity> {
    fixture.sandbox.identities().into_iter().filter(|identity| identity.vendor == "nuextract").collect()
}

async fn with_authorization(fixture: &Fixture, value: &str) -> Reply {
    let url = fixture.sandbox.base_url("nuextract") + LIST;
    send(fixture.client.get(url).header("authorization", value)).await.expect("an answer")
}
