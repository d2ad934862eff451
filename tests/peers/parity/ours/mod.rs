//! The same call, made by our typed clients.

mod github;
mod jaqpot;
mod koyeb;
mod losant;
mod nuextract;
mod trieve;

use orgport::{AnyProvider, Error, ErrorKind};
use orgport_sandbox::Sandbox;
use serde_json::{Map, Value};

use crate::Failure;
use crate::driver::{Client, Official};
use crate::setup;

/// Makes the call of an official client with its arguments and its credential.
///
/// # Errors
///
/// The inner one is our client's, also where its types cannot hold the arguments. The outer one: we
/// have no such call, which is no difference but a gap.
pub(crate) async fn call(
    client: &Client,
    sandbox: &Sandbox,
    official: &Official,
) -> Result<Result<(), Error>, Failure> {
    let called = dispatch(client, sandbox, official).await;
    called.or_else(|failure| failure.downcast::<Error>().map(|error| Err(*error)))
}

async fn dispatch(
    client: &Client,
    sandbox: &Sandbox,
    official: &Official,
) -> Result<Result<(), Error>, Failure> {
    let Official { call, credential, arguments, .. } = official;
    let arguments = Arguments::of(arguments)?;
    if credential["type"] == "none" {
        return losant::call(&losant::anonymous(sandbox)?, call, &arguments).await;
    }
    match setup::once(sandbox, client.vendor, credential)? {
        AnyProvider::NuExtract(provider) => nuextract::call(provider.client(), call, &arguments).await,
        AnyProvider::Jaqpot(provider) => jaqpot::call(provider.client(), call, &arguments).await,
        AnyProvider::Koyeb(provider) => koyeb::call(provider.client(), call, &arguments).await,
        AnyProvider::Trieve(provider) => {
            let chosen = credential["organization"].as_str();
            trieve::call(provider.client(), call, chosen, &arguments).await
        }
        AnyProvider::Losant(provider) => losant::call(provider.client(), call, &arguments).await,
        AnyProvider::GitHub(provider) => github::call(provider.client(), call, &arguments).await,
        _ => Err("there is no such vendor".into()),
    }
}

/// What an official call was given, by the names of its parameters.
struct Arguments<'a>(&'a Map<String, Value>);

impl<'a> Arguments<'a> {
    fn of(value: &'a Value) -> Result<Self, Error> {
        value.as_object().map(Self).ok_or_else(|| inexpressible(format!("{value} is no object")))
    }

    /// An argument that is an object itself.
    fn inner(&self, name: &str) -> Result<Self, Error> {
        Self::of(self.0.get(name).ok_or_else(|| inexpressible(format!("there is no {name}")))?)
    }

    /// An argument that is an object with no other keys than our type has fields.
    fn typed(&self, name: &str, keys: &[&str]) -> Result<Self, Error> {
        let inner = self.inner(name)?;
        match inner.0.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(key) => Err(inexpressible(format!("our type has no {key}"))),
            None => Ok(inner),
        }
    }

    fn opt(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn text(&self, name: &str) -> Result<String, Error> {
        self.opt(name).ok_or_else(|| inexpressible(format!("there is no {name}")))
    }

    fn number(&self, name: &str) -> Result<i64, Failure> {
        Ok(self.text(name)?.parse()?)
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.opt(name)?.parse().ok()
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        let items = self.0.get(name)?.as_array()?;
        Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Failure> {
        Ok(self.0.get(name).map(|value| serde_json::from_value(value.clone())).transpose()?)
    }
}

/// Arguments that our types cannot hold.
fn inexpressible(why: String) -> Error {
    Error::new(ErrorKind::InvalidInput, why)
}

fn unknown<T>(call: &str) -> Result<T, Failure> {
    Err(format!("we have no call for {call}").into())
}
