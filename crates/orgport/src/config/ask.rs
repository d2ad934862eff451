//! What a configuration is asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use orgport_core::config::ProviderConfig;
use orgport_core::{Error, ErrorKind, Operation, Provider, Role};
use orgport_document::{Table, check_keys, suggestion};
use serde::Deserialize;

use super::decode::Place;
use super::fields::fields_of;
use super::secret::Renewing;
use super::{Config, FILE_NAME, FILE_VARIABLE, Warning};
use crate::any::AnyProvider;
use crate::kind::{KINDS, Kind, meant};

impl Config {
    /// The names of the providers that are configured or given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<_> = self.providers.keys().chain(self.given.keys()).map(String::as_str).collect();
        names.into_iter()
    }

    /// The kinds that a configuration can name: those of this build and those of the program.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The kind of a provider.
    ///
    /// # Errors
    ///
    /// `Config` if there is no provider of this name, or its kind is not known.
    pub fn kind_of(&self, name: &str) -> Result<&'static str, Error> {
        match self.given.get(name) {
            Some(provider) => Ok(provider.kind()),
            None => Ok(self.kind(name)?.name()),
        }
    }

    /// The type of a provider's credential, as it is configured; none where there is none.
    pub fn auth_type(&self, name: &str) -> Option<&str> {
        let auth = self.table(name)?.get("auth")?;
        auth.table("auth").ok()?.get("type")?.text("type").ok()
    }

    /// The settings that a provider has not, and the operation that is refused without each.
    pub fn missing_settings(&self, name: &str) -> Vec<(&'static str, Operation)> {
        let (Ok(kind), Some(table)) = (self.kind(name), self.table(name)) else { return Vec::new() };
        kind.needed_settings().iter().filter(|(key, _)| !table.contains_key(*key)).copied().collect()
    }

    /// What should be put right in the places of secrets, such as a file that others can read. Known
    /// of the providers that were asked for.
    pub fn warnings(&self) -> Vec<Warning> {
        self.sources.warnings()
    }

    /// The role that a word means at a provider: one of the program's own, as `[providers.NAME.roles]`
    /// has it, or a role's name.
    ///
    /// ```
    /// use orgport::{Config, Role};
    ///
    /// let config = Config::from_toml(
    ///     r#"
    ///     [providers.team]
    ///     kind = "memory"
    ///     roles = { staff = "admin", guest = "viewer" }
    ///     "#,
    /// )?;
    /// assert_eq!(config.role("team", "staff")?, Role::Admin);
    /// assert_eq!(config.role("team", "member")?, Role::Member);
    /// # Ok::<(), orgport::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a word that means nothing there; `Config` for a provider that is not
    /// configured.
    pub fn role(&self, name: &str, word: &str) -> Result<Role, Error> {
        /// The words alone: no secret is needed for them.
        #[derive(Deserialize)]
        struct Words {
            #[serde(default, deserialize_with = "orgport_core::config::roles")]
            roles: std::collections::BTreeMap<String, Role>,
        }

        let mut config = ProviderConfig::new(name);
        if !self.given.contains_key(name) {
            let Words { roles } = self.place(name)?.read()?;
            config.roles = roles;
        }
        config.role(word)
    }

    /// The name of the provider to use where none is named: `default_provider`, or the only one.
    ///
    /// # Errors
    ///
    /// `Config` if there is none at all, if there are several and none is the default, and if the
    /// default is not among them.
    pub fn default_name(&self) -> Result<&str, Error> {
        let names: Vec<_> = self.names().collect();
        if let Some(node) = &self.default_provider {
            let name = node.text("default_provider")?;
            return names.contains(&name).then_some(name).ok_or_else(|| {
                node.error("default_provider", format_args!("names {name:?}, which is not configured"))
            });
        }
        let message = match names[..] {
            [only] => return Ok(only),
            [] => format!(
                "no provider is configured: write {FILE_NAME} with a table [providers.NAME], name a file by \
                 ${FILE_VARIABLE}, or set variables such as ORGPORT__PROVIDERS__NAME__KIND"
            ),
            _ => format!("name one of the providers {}, or set default_provider", names.join(", ")),
        };
        Err(Error::new(ErrorKind::Config, message))
    }

    /// The provider of this name, or the default one. It is made at the first call; later ones
    /// answer clones of it.
    ///
    /// # Errors
    ///
    /// `Config` for a name that is not configured, a secret that is missing, or a setting that the
    /// vendor's adapter refuses.
    pub fn provider(&self, name: Option<&str>) -> Result<AnyProvider, Error> {
        let name = match name {
            Some(name) => name,
            None => self.default_name()?,
        };
        if let Some(provider) = self.given.get(name) {
            return Ok(provider.clone());
        }
        let mut made = self.made.lock().expect("no holder panics");
        if let Some(provider) = made.get(name) {
            return Ok(provider.clone());
        }
        let provider = self.build(name)?;
        made.insert(name.to_owned(), provider.clone());
        Ok(provider)
    }

    fn build(&self, name: &str) -> Result<AnyProvider, Error> {
        let kind = self.kind(name)?;
        let place = self.place(name)?;
        check_table(&place, kind)?;
        let mut config = place.read_common(kind.keys())?;
        name.clone_into(&mut config.name);
        config.clock = Arc::clone(&self.clock);
        config.stop = self.stop.clone();
        config.coordination = self.coordination()?;
        config.token_store = self.token_store(&config.coordination);
        config.secret_source = Some(Arc::new(Renewing(self.sources.program.clone())));
        config.client.clone_from(&self.client);
        self.adjust
            .as_ref()
            .map_or(Ok(()), |adjust| adjust(&mut config))
            .and_then(|()| config.resolve_default_role())
            .and_then(|()| kind.build(config, &place))
            .map_err(|error| located(&place, error).from_provider(name))
    }

    pub(super) fn kind(&self, name: &str) -> Result<&Kind, Error> {
        let place = self.place(name)?;
        let names = || {
            let own = self.kinds.iter().map(Kind::name).filter(|name| !KINDS.contains(name));
            KINDS.into_iter().chain(own).collect::<Vec<_>>()
        };
        let Some(node) = place.node.table(&place.path)?.get("kind") else {
            let what = format!("has no kind (there is {})", names().join(", "));
            return Err(place.node.error(&place.path, what));
        };
        let path = format!("{}.kind", place.path);
        let word = node.text(&path)?;
        self.known_kind(word).ok_or_else(|| {
            let name = meant(word);
            let message = if KINDS.contains(&name) {
                format!("- kind {name:?} is not in this build: enable the feature {name:?} of orgport")
            } else {
                format!("- kind {word:?} does not exist{}", suggestion(word, &names()))
            };
            node.error(&path, message)
        })
    }

    /// The kind that a word means; the program's own come before those of this crate.
    pub(super) fn known_kind(&self, word: &str) -> Option<&Kind> {
        let of_name = |name| self.kinds.iter().find(|kind| kind.name() == name);
        of_name(word).or_else(|| of_name(meant(word)))
    }

    pub(super) fn place(&self, name: &str) -> Result<Place<'_>, Error> {
        let node = self.providers.get(name).ok_or_else(|| {
            let names: Vec<_> = self.names().collect();
            let message = format!("no provider {name:?} is configured{}", suggestion(name, &names));
            Error::new(ErrorKind::Config, message)
        })?;
        Ok(Place::new(node, format!("providers.{name}"), &self.sources))
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.providers.get(name)?.table(name).ok()
    }
}

/// Refuses what a provider's table cannot hold.
pub(super) fn check_table(place: &Place<'_>, kind: &Kind) -> Result<(), Error> {
    let common = fields_of::<ProviderConfig>().iter().filter(|key| !kind.keys().contains(key));
    let keys: Vec<_> = ["kind"].iter().chain(common).chain(kind.keys()).copied().collect();
    let table = place.node.table(&place.path)?;
    check_keys(table, &place.path, &keys)?;
    if let Some(auth) = table.get("auth")
        && !kind.keys().contains(&"auth")
        && !kind.auth_types().is_empty()
        && auth.table("auth").is_ok_and(|auth| !auth.contains_key("type"))
    {
        let what = format!("has no type (there is {})", kind.auth_types().join(", "));
        return Err(auth.error(&format!("{}.auth", place.path), what));
    }
    Ok(())
}

/// An adapter's refusal of a setting, with the place where that is written; where it is not written
/// at all, with that of the table which should have it.
fn located(provider: &Place<'_>, error: Error) -> Error {
    let Some(setting) = error.setting() else { return error };
    let mut node = provider.node;
    for key in setting.split('.') {
        let Some(inner) = node.table(key).ok().and_then(|table| table.get(key)) else { break };
        node = inner;
    }
    let path = format!("{}.{setting}", provider.path);
    node.error(&path, format_args!("- {}", error.message())).with_source(error)
}
