//! From the checked tree to the settings of one provider.

use std::time::Duration;

use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::HttpSettings;
use orgport_core::{Error, OrganizationId, Role, Secret};
use orgport_document::{Node, Table, check_keys, suggestion};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::keys;
use super::secret::Sources;

/// One provider's table, with what is needed to read it.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) name: &'a str,
    pub(super) table: &'a Table,
    pub(super) sources: &'a Sources,
}

impl<'a> Reader<'a> {
    fn path(&self, key: &str) -> String {
        format!("providers.{}.{key}", self.name)
    }

    /// An adapter's refusal of a setting, with the place where that is written; where it is not
    /// written at all, with that of the table which should have it.
    pub(super) fn located(&self, provider: &Node, error: Error) -> Error {
        let Some(setting) = error.setting() else { return error };
        let mut node = provider;
        for key in setting.split('.') {
            let Some(inner) = node.table(key).ok().and_then(|table| table.get(key)) else { break };
            node = inner;
        }
        node.error(&self.path(setting), format_args!("- {}", error.message())).with_source(error)
    }

    /// A text, if there is one, as something that is read from text.
    fn parsed<T>(&self, key: &str, read: impl Fn(&str) -> Result<T, Error>) -> Result<Option<T>, Error> {
        let Some(node) = self.table.get(key) else { return Ok(None) };
        let path = self.path(key);
        let value = read(node.text(&path)?)
            .map_err(|error| node.error(&path, format_args!("- {}", error.message())))?;
        Ok(Some(value))
    }

    fn text(&self, key: &str) -> Result<Option<String>, Error> {
        self.parsed(key, |text| Ok(text.to_owned()))
    }

    /// Fills what does not depend on the vendor into `config`.
    pub(super) fn common(&self, mut config: ProviderConfig) -> Result<ProviderConfig, Error> {
        config.organization = self.parsed("organization", str::parse::<OrganizationId>)?;
        config.default_role = self.parsed("default_role", str::parse::<Role>)?;
        config.base_url = self.text("base_url")?;
        if let Some(node) = self.table.get("settle") {
            config.settle = duration(node, &self.path("settle"))?;
        }
        if let Some(node) = self.table.get("read_only") {
            config.read_only = node.boolean(&self.path("read_only"))?;
        }
        config.auth = self.table.get("auth").map(|node| self.auth(node)).transpose()?;
        if let Some(node) = self.table.get("http") {
            config.http = self.http(node)?;
        }
        Ok(config)
    }

    fn http(&self, node: &Node) -> Result<HttpSettings, Error> {
        let path = self.path("http");
        let table = node.table(&path)?;
        check_keys(table, &path, keys::HTTP)?;
        let mut json = Map::new();
        for (key, node) in table {
            let path = format!("{path}.{key}");
            let mut value = match key.as_str() {
                "root_certificates" | "client_identity" | "proxy" => {
                    self.sources.secret(node, &path)?.expose().into()
                }
                _ => node.json(false),
            };
            let one = |value: &Json| {
                serde_json::from_value::<HttpSettings>(Json::from_iter([(key.clone(), value.clone())]))
            };
            if one(&value).is_err() {
                value = node.json(true);
            }
            one(&value).map_err(|error| node.error(&path, format_args!("- {error}")))?;
            json.insert(key.clone(), value);
        }
        serde_json::from_value(json.into()).map_err(|error| node.error(&path, error))
    }

    fn auth(&self, node: &Node) -> Result<AuthConfig, Error> {
        let path = self.path("auth");
        let table = node.table(&path)?;
        let types: Vec<_> = keys::AUTH.iter().map(|(name, _)| *name).collect();
        let type_path = format!("{path}.type");
        let type_node = table
            .get("type")
            .ok_or_else(|| node.error(&path, format_args!("has no type (there is {})", types.join(", "))))?;
        let type_name = type_node.text(&type_path)?;
        let Some((_, valid)) = keys::AUTH.iter().find(|(name, _)| *name == type_name) else {
            let meant = suggestion(type_name, &types);
            return Err(
                type_node.error(&type_path, format_args!("is {type_name:?}, which is no type{meant}"))
            );
        };
        check_keys(table, &path, *valid)?;
        let auth = AuthTable { table, path: &path, node, sources: self.sources };
        Ok(match type_name {
            "bearer" => AuthConfig::Bearer { token: auth.required("token")? },
            "api_key" => AuthConfig::ApiKey { key: auth.required("key")? },
            "key_pair" => {
                AuthConfig::KeyPair { key: auth.required("key")?, secret: auth.required("secret")? }
            }
            "oauth2" => AuthConfig::OAuth2 {
                client_id: auth.text("client_id")?,
                client_secret: auth.optional("client_secret")?,
                access_token: auth.optional("access_token")?,
                refresh_token: auth.optional("refresh_token")?,
                token_url: auth.text("token_url")?,
                authorize_url: auth.text("authorize_url")?,
                redirect_uri: auth.text("redirect_uri")?,
            },
            _ => AuthConfig::Login {
                email: auth.required("email")?.expose().to_owned(),
                password: auth.optional("password")?,
                second_factor: auth.optional("two_factor_code")?,
            },
        })
    }

    /// The vendor's own settings: everything that is not common to all.
    pub(super) fn own<T: DeserializeOwned>(&self, settings: &[&str]) -> Result<T, Error> {
        let own = |loosely: bool| -> Json {
            let own = self.table.iter().filter(|(key, _)| settings.contains(&key.as_str()));
            own.map(|(key, node)| (key.clone(), node.json(loosely))).collect()
        };
        let strict = serde_json::from_value(own(false));
        strict.or_else(|_| serde_json::from_value(own(true))).map_err(|error| {
            // Serde does not say which key it was: the first one that fails alone.
            let fails = |(key, node): &(&String, &'a Node)| {
                let alone = Json::from_iter([((*key).clone(), node.json(true))]);
                settings.contains(&key.as_str()) && serde_json::from_value::<T>(alone).is_err()
            };
            match self.table.iter().find(fails) {
                Some((key, node)) => node.error(&self.path(key), format_args!("- {error}")),
                None => {
                    Error::new(orgport_core::ErrorKind::Config, format!("providers.{}: {error}", self.name))
                }
            }
        })
    }
}

fn duration(node: &Node, path: &str) -> Result<Duration, Error> {
    // The one reader of durations is that of the HTTP settings.
    let json = Json::from_iter([("max_wait", Json::from(node.text(path)?))]);
    let settings: HttpSettings =
        serde_json::from_value(json).map_err(|error| node.error(path, format_args!("- {error}")))?;
    Ok(settings.max_wait)
}

/// The `auth` table of a provider.
struct AuthTable<'a> {
    table: &'a Table,
    path: &'a str,
    node: &'a Node,
    sources: &'a Sources,
}

impl AuthTable<'_> {
    fn optional(&self, key: &str) -> Result<Option<Secret>, Error> {
        let path = format!("{}.{key}", self.path);
        self.table.get(key).map(|node| self.sources.secret(node, &path)).transpose()
    }

    fn required(&self, key: &str) -> Result<Secret, Error> {
        self.optional(key)?
            .ok_or_else(|| self.node.error(self.path, format_args!("has no {key}, which this type needs")))
    }

    /// A setting that is no secret but may come from the same places.
    fn text(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.optional(key)?.map(|text| text.expose().to_owned()))
    }
}
