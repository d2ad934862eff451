//! Reads its configuration again while it runs, and limits how long a call may take. A configuration
//! with a mistake is told, and the old one stays. Providers of the old and the new configuration that
//! speak to one account know of each other, so that nobody is mailed twice in between.
//!
//! Prints:
//!
//! ```text
//! invited
//! the old configuration stays: line 4: providers.team.organisation is not a setting
//! already_invited
//! timeout
//! 1 mail
//! ```

use std::sync::{Arc, RwLock};

use orgport::{AnyProvider, Config, Email, Error, Invitations, NewInvitation, Organizations, Provider, Role};
use orgport_sandbox::{Fault, FaultKind, Sandbox};

/// What the program's handlers take their provider from.
struct Current(RwLock<Arc<AnyProvider>>);

impl Current {
    fn new(toml: &str) -> Result<Self, Error> {
        Ok(Self(RwLock::new(Arc::new(Config::from_toml(toml)?.provider(None)?))))
    }

    fn provider(&self) -> Arc<AnyProvider> {
        Arc::clone(&self.0.read().expect("no holder panics"))
    }

    /// Calls under way end with the provider that they began with.
    fn reload(&self, toml: &str) -> Result<(), Error> {
        let provider = Config::from_toml(toml)?.provider(None)?;
        *self.0.write().expect("no holder panics") = Arc::new(provider);
        Ok(())
    }
}

async fn invite(provider: Arc<AnyProvider>) -> Result<&'static str, Box<dyn std::error::Error>> {
    let organization = provider.default_organization().ok_or("it is configured")?;
    let bob = NewInvitation::to(Email::parse("bob@acme.example")?).with_role(Role::Viewer);
    Ok(provider.invite(organization, bob).await?.as_str())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let identity = sandbox.identity("losant")?;
    let toml = format!(
        "[providers.team]\nkind = \"losant\"\nbase_url = \"{}\"\norganization = \"{}\"\n\
         auth = {{ type = \"bearer\", token = {} }}\n",
        sandbox.base_url("losant"),
        identity.organization.ok_or("an organization")?,
        identity.credential["token"],
    );
    let current = Current::new(&toml)?;
    println!("{}", invite(current.provider()).await?);

    if let Err(error) = current.reload(&toml.replace("organization", "organisation")) {
        let text = error.to_string();
        let (_, what) = text.split_once(", ").ok_or("it names the line")?;
        println!("the old configuration stays: {}", what.split(';').next().unwrap_or(what));
    }

    current.reload(&format!("{toml}http = {{ call_timeout = \"300ms\" }}\n"))?;
    println!("{}", invite(current.provider()).await?);

    sandbox.fault(Fault::new("losant", FaultKind::Hang { commit: false }).always())?;
    let late = current.provider().list_organizations(None).await.expect_err("the vendor is silent");
    println!("{}", late.kind().as_str());
    println!("{} mail", sandbox.mail().len());
    Ok(())
}
