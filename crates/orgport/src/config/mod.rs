//! Configuration: which providers there are, from a TOML file, the environment, or code.

mod ask;
mod coordination;
mod decode;
mod environment;
mod fields;
mod pasted;
mod secret;
mod variables;
mod wrong;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use orgport_core::auth::{MemoryTokenStore, TokenStore};
use orgport_core::config::ProviderConfig;
use orgport_core::http::HttpClient;
use orgport_core::{Clock, Coordination, Error, ErrorKind, SecretSource, Stop, SystemClock};
use orgport_document::{Node, Origin, Table, check_keys, read_bounded};
use serde::Serialize;

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
const TABLES: &[&str] = &["default_provider", "providers", coordination::TABLE];

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
    stop: Stop,
    coordination_table: Option<Node>,
    coordination: Coordination,
    coordinated: OnceLock<Coordination>,
    token_store: Option<Arc<dyn TokenStore>>,
    tokens_in_memory: Arc<dyn TokenStore>,
    client: Option<HttpClient>,
    adjust: Option<Adjust>,
    kinds: Vec<Kind>,
    given: BTreeMap<String, AnyProvider>,
    made: Mutex<HashMap<String, AnyProvider>>,
}

/// Changes settings before a provider is made of them.
type Adjust = Box<dyn Fn(&mut ProviderConfig) -> Result<(), Error> + Send + Sync>;

impl Config {
    /// Finds the configuration as the command does: the file that `$ORGPORT_CONFIG` names, else
    /// `./orgport.toml`, else `orgport/config.toml` below `$XDG_CONFIG_HOME` (`~/.config`); and the
    /// variables that begin with `ORGPORT__`. No file is fine: the variables may have providers, or
    /// the program [gives](Config::with_provider) them.
    ///
    /// # Errors
    ///
    /// `Config` for a named file that is not there, a file that is longer than 1 MiB, a variable that
    /// is not UTF-8, and for a setting that does not exist, with the place where it is written. The
    /// rest is found when a [provider](Config::provider) is asked for.
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

    /// Takes the configuration from a program's own: any value that serde writes as a table with
    /// `default_provider`, `providers` and `coordination`. Secrets are the texts as they are, whatever they begin with.
    ///
    /// ```
    /// # use orgport::Config;
    /// let config = Config::from_value(serde_json::json!({
    ///     "providers": { "team": { "kind": "memory", "organization": "home" } }
    /// }))?;
    /// assert!(config.provider(None).is_ok());
    /// # Ok::<(), orgport::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`discover`](Config::discover), and for a value that is no table.
    pub fn from_value(value: impl Serialize) -> Result<Self, Error> {
        let json = serde_json::to_value(value).map_err(|error| {
            Error::new(ErrorKind::Config, format!("the program's configuration: {error}")).with_source(error)
        })?;
        let tree = Node::from_json(json, &Origin::Program);
        let tree = tree.table("it")?.clone();
        Self::new(tree, Sources::new(Environment::default(), None))
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
        let coordination_table = tree.remove(coordination::TABLE);
        let config = Self {
            default_provider,
            providers,
            sources,
            clock: Arc::new(SystemClock::new()),
            stop: Stop::new(),
            coordination_table,
            coordination: Coordination::process(),
            coordinated: OnceLock::new(),
            token_store: None,
            tokens_in_memory: Arc::new(MemoryTokenStore::new()),
            client: None,
            adjust: None,
            kinds: Kind::built_in(),
            given: BTreeMap::new(),
            made: Mutex::default(),
        };
        config.check()?;
        Ok(config)
    }

    /// Checks what can be known without finding secrets. A kind that is not known may still be
    /// registered, and a provider that is not there be given.
    fn check(&self) -> Result<(), Error> {
        if let Some(node) = &self.default_provider {
            node.text("default_provider")?;
        }
        if let Some(node) = &self.coordination_table {
            coordination::check(node)?;
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
            let Some(kind) = table.get("kind") else {
                // One that is misspelled is the better news.
                let own = self.kinds.iter().flat_map(Kind::keys).collect::<BTreeSet<_>>();
                let common = ["kind"].iter().chain(fields_of::<ProviderConfig>());
                check_keys(table, &path, &common.chain(own).copied().collect::<Vec<_>>())?;
                return self.kind(name).map(drop);
            };
            if let Some(kind) = self.known_kind(kind.text(&format!("{path}.kind"))?) {
                ask::check_table(&self.place(name)?, kind)?;
            }
        }
        Ok(())
    }

    /// Lets the providers wait by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Lets this ask all calls that change something to come to their end: nothing new is sent, what
    /// has left is finished and told, and all else is `Cancelled`.
    #[must_use]
    pub fn with_stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    /// Keeps renewed tokens here. By default they are where `coordination` says, the state directory or, with
    /// a `token_key`, the Redis server, else in memory.
    #[must_use]
    pub fn with_token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.token_store = Some(store);
        self
    }

    /// Finds the secrets that the configuration names as `source:REFERENCE` here: asked when a secret
    /// is needed first, and again when the vendor has refused it.
    #[must_use]
    pub fn with_secret_source(mut self, source: Arc<dyn SecretSource>) -> Self {
        self.sources.program = Some(source);
        self
    }

    /// Sends all requests by this client, which says what it must not do.
    #[must_use]
    pub fn with_http_client(mut self, client: HttpClient) -> Self {
        self.client = Some(client);
        self
    }

    /// Changes every provider's settings before the provider is made: limits of a program's own,
    /// `read_only` for all, a credential from elsewhere. Where that fails, so does asking for the
    /// provider.
    #[must_use]
    pub fn with_settings(
        mut self,
        adjust: impl Fn(&mut ProviderConfig) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Self {
        self.adjust = Some(Box::new(adjust));
        self
    }

    /// Knows this kind, too. Tables of it are checked when their provider is asked for. In the place
    /// of a kind of this crate it cannot have other keys: those are checked when they are read.
    #[must_use]
    pub fn with_kind(mut self, kind: Kind) -> Self {
        self.kinds.retain(|other| other.name() != kind.name());
        self.kinds.push(kind);
        self
    }

    /// Puts a provider of the program's own under this name, in the place of a configured one or
    /// beside them.
    #[must_use]
    pub fn with_provider(mut self, name: impl Into<String>, provider: AnyProvider) -> Self {
        self.given.insert(name.into(), provider);
        self
    }

    /// The file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.sources.file.as_deref()
    }
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
