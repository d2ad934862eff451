//! Takes a credential from a vault that rotates it: the vault is asked when the first request needs
//! the credential, and again when the vendor has refused it. The call that was refused goes on.
//!
//! Prints:
//!
//! ```text
//! teams/koyeb from the cache
//! teams/koyeb anew: the last one was refused
//! acme
//! acme
//! ```

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use orgport::{Config, Error, Secret, SecretSource, stream};
use orgport_sandbox::Sandbox;

/// A client of the company's vault, whose cache is older than the last rotation.
#[derive(Debug)]
struct Vault {
    cached: Secret,
    current: Secret,
}

#[async_trait]
impl SecretSource for Vault {
    async fn secret(&self, reference: &str, refused: Option<&Secret>) -> Result<Secret, Error> {
        if refused.is_some() {
            println!("{reference} anew: the last one was refused");
            return Ok(self.current.clone());
        }
        println!("{reference} from the cache");
        Ok(self.cached.clone())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let identity = sandbox.identity("koyeb")?;
    let current = identity.credential["key"].as_str().ok_or("a key")?.into();
    let vault = Vault { cached: "the key of last month".into(), current };
    let config = Config::from_toml(&format!(
        r#"
        [providers.prod]
        kind = "koyeb"
        base_url = "{}"
        auth = {{ type = "api_key", key = "source:teams/koyeb" }}
        "#,
        sandbox.base_url("koyeb"),
    ))?;
    let provider = config.with_secret_source(Arc::new(vault)).provider(None)?;
    for _ in 0..2 {
        let mut organizations = stream::organizations(&provider);
        while let Some(organization) = organizations.try_next().await? {
            println!("{}", organization.name);
        }
    }
    Ok(())
}
