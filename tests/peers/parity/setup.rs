//! The sandbox's side of a replay, and our providers in it.

use std::time::Duration;

use orgport::{AnyProvider, Config};
use orgport_sandbox::{Identity, Sandbox};
use serde_json::{Map, Value, json};

use crate::Failure;

/// Does again what a driver did by a control endpoint.
pub(crate) async fn control(sandbox: &Sandbox, path: &str, body: &Value) -> Result<(), Failure> {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    match path {
        "/users" => drop(sandbox.add_user(text("vendor"), text("email"))?),
        "/accept" => sandbox.accept(text("vendor"), text("email"), text("organization"))?,
        "/clock" => {
            let seconds = body["advance_seconds"].as_f64().ok_or("a clock moves by seconds")?;
            sandbox.advance(Duration::from_secs_f64(seconds)).await;
        }
        _ => return Err(format!("a driver used {path}, which is not replayed").into()),
    }
    Ok(())
}

/// A provider with one credential, in which nothing is sent twice and nothing waits.
pub(crate) fn once(sandbox: &Sandbox, vendor: &str, credential: &Value) -> Result<AnyProvider, Failure> {
    let mut settings = Map::new();
    settings.insert("base_url".to_owned(), sandbox.base_url(vendor).into());
    settings.insert("http".to_owned(), json!({"read_attempts": 1, "write_attempts": 1, "max_wait": "0s"}));
    configured(vendor, None, settings, &without_renewal(credential))
}

/// A token that is refused must not be renewed: the official clients would not do so either.
fn without_renewal(credential: &Value) -> Value {
    match credential["access_token"].as_str() {
        Some(token) => json!({"type": "bearer", "token": token}),
        None => credential.clone(),
    }
}

/// A provider configured as this identity.
pub(crate) fn provider(identity: &Identity) -> Result<AnyProvider, Failure> {
    let Identity { vendor, organization, settings, credential, .. } = identity;
    configured(vendor, organization.as_deref(), settings.clone(), credential)
}

fn configured(
    vendor: &str,
    organization: Option<&str>,
    mut settings: Map<String, Value>,
    credential: &Value,
) -> Result<AnyProvider, Failure> {
    settings.insert("kind".to_owned(), vendor.into());
    settings.extend(organization.map(|id| ("organization".to_owned(), id.into())));
    let known = ["type", "key", "secret", "token", "client_id", "access_token", "refresh_token", "token_url"];
    let auth = credential.as_object().ok_or("a credential is a table")?.iter();
    let auth = auth.filter(|(name, value)| known.contains(&name.as_str()) && !value.is_null());
    settings.insert("auth".to_owned(), auth.map(|(name, value)| (name.clone(), value.clone())).collect());
    let text = toml::to_string(&json!({"providers": {"peer": settings}}))?;
    Ok(Config::from_toml(&text)?.provider(None)?)
}
