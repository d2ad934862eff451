//! Configuration: which providers there are, from a TOML file, the environment, or code.

mod decode;
mod environment;
mod fields;
mod pasted;
mod secret;
mod variables;
mod wrong;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use orgport_core::auth::{MemoryTokenStore, TokenStore};
use orgport_core::config::ProviderConfig;
use orgport_core::http::HttpClient;
use orgport_core::{Clock, Error, ErrorKind, Operation, SystemClock};
use orgport_document::{Node, Table, check_keys, read_bounded, suggestion};

pub(crate) use self::decode::Place;
use self::environment::Environment;
pub(crate) use self::fields::fields_of;
use self::secret::Sources;
pub use self::secret::Warning;
use crate::any::AnyProvider;
use crate::kind::Kind;

/// The variable that names the configuration file.
const FILE_VARIABLE: &str = "ORGPORT_CONFIG";
/// The file that is looked for in the working directory.
const FILE_NAME: &str = "orgport.toml";
/// No configuration is longer, in bytes.
const LONGEST: usize = 1 << 20;
/// What a configuration has.
const TABLES: &[&str] = &["default_provider", "providers"];

/// The configured providers.
///
/// ```
/// use orgport::{Config, Provider};
///
/// let config = Config::from_toml(
///     r#"
///     [providers.team]
///     kind = "memory"
///     "#,
/// )?;
/// let provider = config.provider(None)?;
/// assert_eq!(provider.name(), "team");
/// # Ok::<(), orgport::Error>(())
/// ```
pub struct Config {
    default_provider: Option<Node>,
    providers: BTreeMap<String, Node>,
    sources: Sources,
    clock: Arc<dyn Clock>,
    token_store: Arc<dyn TokenStore>,
    client: Option<HttpClient>,
    adjust: Option<Adjust>,
    built: Mutex<HashMap<String, AnyProvider>>,
}

/// Changes settings before a provider is made of them.
type Adjust = Box<dyn Fn(&mut ProviderConfig) + Send + Sync>;

impl Config {
    /// Finds the configuration as the command does: the file that `$ORGPORT_CONFIG` names, else
    /// `./orgport.toml`, else `orgport/config.toml` below `$XDG_CONFIG_HOME` (`~/.config`); and the
    /// variables that begin with `ORGPORT__`. No file is fine if the variables have providers.
    ///
    /// # Errors
    ///
    /// `Config` for a named file that is not there, for a setting that does not exist or has a
    /// wrong type, with the place where it is written, and if there is no provider at all.
    pub fn discover() -> Result<Self, Error> {
        let environment = Environment::of_process();
        let file = match environment.path(FILE_VARIABLE) {
            Some(file) => Some(file),
            None => usual_files(&environment).into_iter().find(|file| file.is_file()),
        };
        Self::read(file, environment)
    }

    /// Reads this file, and the variables that begin with `ORGPORT__`.
    ///
    /// # Errors
    ///
    /// Those of [`discover`](Config::discover).
    pub fn load(file: impl Into<PathBuf>) -> Result<Self, Error> {
        Self::read(Some(file.into()), Environment::of_process())
    }

    /// Reads this file, if any, and these variables instead of the process's own.
    ///
    /// # Errors
    ///
    /// Those of [`discover`](Config::discover).
    pub fn load_with(
        file: Option<PathBuf>,
        variables: impl IntoIterator<Item = (impl Into<OsString>, impl Into<OsString>)>,
    ) -> Result<Self, Error> {
        Self::read(file, variables.into_iter().collect())
    }

    /// Takes the configuration from code: a TOML text, without the variables that override
    /// settings. `env:` and `file:` secrets work; paths are relative to the working directory.
    ///
    /// # Errors
    ///
    /// Those of [`discover`](Config::discover).
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let tree = orgport_document::parse(text, Path::new("the configuration"))?;
        Self::new(tree, Sources::new(Environment::of_process(), None))
    }

    fn read(file: Option<PathBuf>, environment: Environment) -> Result<Self, Error> {
        let mut tree = match &file {
            None => Table::new(),
            Some(file) => {
                let text = read_bounded(file, LONGEST).map_err(|source| {
                    let message = format!("the configuration {} cannot be read: {source}", file.display());
                    Error::new(ErrorKind::Config, message).with_source(source)
                })?;
                orgport_document::parse(&text, file)?
            }
        };
        for variable in environment.settings() {
            let (name, value) = variable?;
            variables::put(&mut tree, name, value);
        }
        Self::new(tree, Sources::new(environment, file))
    }

    fn new(mut tree: Table, sources: Sources) -> Result<Self, Error> {
        check_keys(&tree, "", TABLES)?;
        let default_provider = tree.remove("default_provider");
        let providers = match tree.remove("providers") {
            Some(node) => node.table("providers")?.clone(),
            None => Table::new(),
        };
        let config = Self {
            default_provider,
            providers,
            sources,
            clock: Arc::new(SystemClock::new()),
            token_store: Arc::new(MemoryTokenStore::new()),
            client: None,
            adjust: None,
            built: Mutex::default(),
        };
        config.check()?;
        Ok(config)
    }

    /// Checks what can be known without finding secrets.
    fn check(&self) -> Result<(), Error> {
        if self.providers.is_empty() {
            let message = format!(
                "no provider is configured: write {FILE_NAME} with a table [providers.NAME], name a file by \
                 ${FILE_VARIABLE}, or set variables such as ORGPORT__PROVIDERS__NAME__KIND"
            );
            return Err(Error::new(ErrorKind::Config, message));
        }
        for (name, node) in &self.providers {
            let path = format!("providers.{name}");
            if !is_name(name) {
                return Err(node.error(
                    &path,
                    "has a name that is not a letter and then letters, digits and -, in lower case",
                ));
            }
            let table = node.table(&path)?;
            // Without a kind, one that is misspelled is the better news.
            let own = match table.get("kind") {
                Some(_) => (self.kind(name)?.fields)().to_vec(),
                None => Kind::all_fields().into_iter().collect(),
            };
            let valid: Vec<_> = ["kind"].iter().chain(common_fields()).copied().chain(own).collect();
            check_keys(table, &path, &valid)?;
            self.kind(name)?;
        }
        if let Some(node) = &self.default_provider {
            let name = node.text("default_provider")?;
            if !self.providers.contains_key(name) {
                return Err(
                    node.error("default_provider", format_args!("names {name:?}, which is not configured"))
                );
            }
        }
        Ok(())
    }

    fn kind(&self, name: &str) -> Result<&'static Kind, Error> {
        let provider = self.entry(name)?;
        let path = format!("providers.{name}");
        let kind = provider.table(&path)?.get("kind").ok_or_else(|| {
            provider.error(&path, format_args!("has no kind (there is {})", crate::KINDS.join(", ")))
        })?;
        let path = format!("{path}.kind");
        Kind::find(kind.text(&path)?)
            .map_err(|error| kind.error(&path, format_args!("- {}", error.message())))
    }

    fn entry(&self, name: &str) -> Result<&Node, Error> {
        self.providers.get(name).ok_or_else(|| {
            let names: Vec<_> = self.names().collect();
            Error::new(
                ErrorKind::Config,
                format!("no provider {name:?} is configured{}", suggestion(name, &names)),
            )
        })
    }

    /// Lets the providers wait by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Keeps renewed tokens here; in memory by default.
    #[must_use]
    pub fn with_token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.token_store = store;
        self
    }

    /// Sends all requests by this client, which says what it must not do.
    #[must_use]
    pub fn with_http_client(mut self, client: HttpClient) -> Self {
        self.client = Some(client);
        self
    }

    /// Changes every provider's settings before the provider is made: limits of a program's own, or
    /// `read_only` for all.
    #[must_use]
    pub fn with_settings(mut self, adjust: impl Fn(&mut ProviderConfig) + Send + Sync + 'static) -> Self {
        self.adjust = Some(Box::new(adjust));
        self
    }

    /// Puts a provider of the program's own under this name, in the place of a configured one or
    /// beside them.
    #[must_use]
    pub fn with_provider(self, name: impl Into<String>, provider: AnyProvider) -> Self {
        self.built.lock().expect("no holder panics").insert(name.into(), provider);
        self
    }

    /// The file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.sources.file.as_deref()
    }

    /// The names of the configured providers.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.providers.keys().map(String::as_str)
    }

    /// The kind of a configured provider.
    ///
    /// # Errors
    ///
    /// `Config` if there is no provider of this name.
    pub fn kind_of(&self, name: &str) -> Result<&'static str, Error> {
        Ok(self.kind(name)?.name)
    }

    /// The type of a provider's credential, as it is configured; none where there is none.
    pub fn auth_type(&self, name: &str) -> Option<&str> {
        let auth = self.table(name)?.get("auth")?;
        auth.table("auth").ok()?.get("type")?.text("type").ok()
    }

    /// The settings that a provider has not, and the operation that is refused without each.
    pub fn missing_settings(&self, name: &str) -> Vec<(&'static str, Operation)> {
        let (Ok(kind), Some(table)) = (self.kind(name), self.table(name)) else { return Vec::new() };
        kind.needed.iter().filter(|(key, _)| !table.contains_key(*key)).copied().collect()
    }

    /// What should be put right in the places of secrets, such as a file that others can read. Known
    /// of the providers that were asked for.
    pub fn warnings(&self) -> Vec<Warning> {
        self.sources.warnings()
    }

    fn table(&self, name: &str) -> Option<&Table> {
        self.providers.get(name)?.table(name).ok()
    }

    /// The name of the provider to use where none is named: `default_provider`, or the only one.
    ///
    /// # Errors
    ///
    /// `Config` if there are several and none is the default.
    pub fn default_name(&self) -> Result<&str, Error> {
        if let Some(node) = &self.default_provider {
            return node.text("default_provider");
        }
        let names: Vec<_> = self.names().collect();
        if let [only] = names[..] {
            return Ok(only);
        }
        let message = format!("name one of the providers {}, or set default_provider", names.join(", "));
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
        let mut built = self.built.lock().expect("no holder panics");
        if let Some(provider) = built.get(name) {
            return Ok(provider.clone());
        }
        let provider = self.build(name)?;
        built.insert(name.to_owned(), provider.clone());
        Ok(provider)
    }

    fn build(&self, name: &str) -> Result<AnyProvider, Error> {
        let kind = self.kind(name)?;
        let node = self.entry(name)?;
        let place = Place::new(node, format!("providers.{name}"), &self.sources);
        let mut config: ProviderConfig = place.read()?;
        name.clone_into(&mut config.name);
        config.clock = Arc::clone(&self.clock);
        config.token_store = Arc::clone(&self.token_store);
        config.client.clone_from(&self.client);
        if let Some(adjust) = &self.adjust {
            adjust(&mut config);
        }
        (kind.build)(config, &place)
            .map_err(|error| located(&place, error))
            .map_err(|error| error.from_provider(name))
    }
}

/// What every provider's table may hold besides its kind and its vendor's own settings.
fn common_fields() -> &'static [&'static str] {
    fields_of::<ProviderConfig>()
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

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("file", &self.sources.file)
            .field("providers", &self.providers.keys())
            .finish_non_exhaustive()
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn usual_files(environment: &Environment) -> Vec<PathBuf> {
    let home = |name: &str| environment.path(name);
    let config_home = home("XDG_CONFIG_HOME").or_else(|| Some(home("HOME")?.join(".config")));
    let mut files = vec![PathBuf::from(FILE_NAME)];
    files.extend(config_home.map(|path| path.join("orgport/config.toml")));
    files
}
