//! Shows each request as a `tracing` span, with how often it was attempted. The fields are told on
//! the crate's front page; none holds a secret or an address of a person.
//!
//! Prints:
//!
//! ```text
//!  INFO request{provider="lab" method="GET" route="/api/organizations/{organizationId}/members" attempts=2 status=200}: orgport_core::http::call: close
//!  INFO request{provider="lab" method="DELETE" route="/api/organizations/{organizationId}/members/{userId}" attempts=1 error="not_found" status=404}: orgport_core::http::call: close
//! ```

use orgport::{Config, Members, OrganizationId};
use orgport_sandbox::{Fault, FaultKind, Sandbox};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_span_events(FmtSpan::CLOSE)
        // For an output that is the same each time; leave these out to see how long each took.
        .without_time()
        .with_ansi(false)
        .init();

    let sandbox = Sandbox::start().await?;
    sandbox.fault(Fault::new("nuextract", FaultKind::ResetBefore).method("GET"))?;
    let identity = sandbox.identity("nuextract")?;
    let (base_url, token) = (sandbox.base_url("nuextract"), &identity.credential["access_token"]);
    let config = Config::from_toml(&format!(
        r#"
        [providers.lab]
        kind = "nuextract"
        base_url = "{base_url}"
        auth = {{ type = "bearer", token = {token} }}
        "#
    ))?;
    let provider = config.provider(None)?;
    let organization = OrganizationId::new(identity.organization.ok_or("an organization")?)?;

    provider.list_members(&organization, None).await?;
    let nobody = "00000000-0000-0000-0000-000000000000".parse()?;
    provider.remove_member(&organization, &nobody).await.expect_err("there is no such member");
    Ok(())
}
