//! The roster: a file that says who should be where.

mod access;
mod person;
mod rails;
mod read;
mod reader;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use orgport_core::{AccountName, Email, Error, ErrorKind};
use orgport_document::suggestion;
use serde::{Deserialize, Serialize};

pub(crate) use self::access::{ANY_ROLE, list_of, role_word};
pub use self::access::{Access, Unmanaged, Wanted};
pub use self::person::Person;
pub use self::rails::{MaxRemovals, Rails};
use crate::place::Scope;

/// Who should be where: people, groups, access and rails, as a file has them.
///
/// ```toml
/// include = ["people.toml"]            # files with more people, groups and access
///
/// [people.ada]
/// email = "ada@acme.example"           # the address to invite
/// also = ["ada@old.example"]           # other addresses of hers
/// at.losant-eu = "ada+iot@acme.example" # the address used at one place
/// account.forge = "ada-l"              # her account's name, where the vendor invites or shows accounts
/// id.jaqpot-lab = "0f3c"               # the vendor's user id, where members show no address
///
/// [people.bob]
/// email = "bob@acme.example"
///
/// [groups]
/// platform = ["ada", "bob"]            # people, and other groups as "@group"
///
/// [[access]]
/// place = "prod"                       # or "prod/ORG"
/// owner = ["ada"]                      # one list per role; a person at most once
/// any_role = ["bob"]                   # to be in, whatever the role: it is neither set nor changed
/// unmanaged = "report"                 # people who are there and not here: keep, report or remove
/// exempt = ["service@acme.example"]    # addresses and user ids that are never touched
///
/// [rails]
/// max_removals = 5                     # per place and run; a number or "25%"
/// max_mails = 50                       # per run
/// min_owners = 1                       # of members; people who are only invited do not count
/// protect = ["ada"]                    # never removed or lowered
/// ```
///
/// What `at`, `account` and `id` say of a provider (`prod`) holds at all its organizations, and what they say
/// of one organization (`prod/ORG`) goes first there.
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    pub(crate) file: PathBuf,
    pub(crate) included: Vec<PathBuf>,
    pub(crate) digest: String,
    pub(crate) people: BTreeMap<String, Person>,
    /// By place.
    pub(crate) access: BTreeMap<PlaceName, Access>,
    pub(crate) rails: Rails,
}

impl Roster {
    /// Reads a roster and the files that it includes, whose paths are relative to it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its file and line.
    pub fn load(file: impl Into<PathBuf>) -> Result<Self, Faults> {
        read::load(file.into())
    }

    /// Takes a roster from a text; the paths of files that it includes are relative to the working
    /// directory.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Roster::load).
    pub fn parse(text: &str) -> Result<Self, Faults> {
        read::parse(text, PathBuf::from("the roster"))
    }

    /// The file that was read.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Every file that was read, the roster itself first.
    pub fn files(&self) -> Vec<&Path> {
        std::iter::once(&self.file).chain(&self.included).map(PathBuf::as_path).collect()
    }

    /// What changes when a byte of the roster or of a file that it includes does.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Everybody, by name.
    pub fn people(&self) -> impl Iterator<Item = (&str, &Person)> {
        self.people.iter().map(|(name, person)| (name.as_str(), person))
    }

    /// The person of this name.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.get(name)
    }

    /// Who should be where, by place.
    pub fn access(&self) -> impl Iterator<Item = (&PlaceName, &Access)> {
        self.access.iter()
    }

    /// The places, by name.
    pub fn places(&self) -> Vec<PlaceName> {
        self.access.keys().cloned().collect()
    }

    /// The person of this name, with this address, or with this account (`@octocat`), whatever its
    /// provider.
    ///
    /// # Errors
    ///
    /// `NotFound` with the nearest name.
    pub fn find(&self, name_or_address: &str) -> Result<(&str, &Person), Error> {
        let email = Email::verbatim(name_or_address);
        let account = name_or_address.strip_prefix('@').and_then(|name| AccountName::new(name).ok());
        let is_it = |(name, person): &(&str, &Person)| {
            *name == name_or_address
                || person.addresses().any(|address| *address == email)
                || account.as_ref().is_some_and(|account| person.accounts.values().any(|own| own == account))
        };
        self.people().find(is_it).ok_or_else(|| {
            let names: Vec<_> = self.people.keys().map(String::as_str).collect();
            let meant = suggestion(name_or_address, &names);
            let file = self.file.display();
            Error::new(ErrorKind::NotFound, format!("{name_or_address:?} is not in {file}{meant}"))
        })
    }

    /// Who should be at this place.
    pub fn access_at(&self, place: &PlaceName) -> Option<&Access> {
        self.access.get(place)
    }

    /// What no plan may do.
    pub fn rails(&self) -> &Rails {
        &self.rails
    }

    /// Refuses places of providers that do not exist.
    ///
    /// # Errors
    ///
    /// A fault for each place, with the nearest provider's name.
    pub fn check_providers(&self, providers: &[&str]) -> Result<(), Faults> {
        read::check_providers(self, providers)
    }
}

/// A place as a roster writes it: `prod`, the configured organization of a provider, or
/// `prod/ORG`, another one by its id or name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceName(String);

impl PlaceName {
    /// Reads a place.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if the provider or the organization is empty.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let name = Self(text.trim().to_owned());
        if name.provider().is_empty() || name.organization() == Some("") {
            let message = format!("{text:?} is not a place: write PROVIDER or PROVIDER/ORGANIZATION");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(name)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The provider's name in the configuration.
    pub fn provider(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(provider, _)| provider)
    }

    /// The organization's id or name; none for the configured one.
    pub fn organization(&self) -> Option<&str> {
        self.0.split_once('/').map(|(_, organization)| organization)
    }

    /// Which organization of the provider it names.
    pub fn scope(&self) -> Scope {
        match self.organization() {
            Some(organization) => Scope::Organization(organization.to_owned()),
            None => Scope::Configured,
        }
    }
}

impl fmt::Display for PlaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of a roster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The included file; none for the roster itself.
    pub(crate) file: Option<Arc<str>>,
    pub(crate) number: usize,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", self.file.as_deref().unwrap_or("roster"), self.number)
    }
}

/// Everything that is wrong with a roster, in the order of its files and lines.
#[derive(Debug, Clone)]
pub struct Faults(Vec<Error>);

impl Faults {
    pub(crate) fn new(faults: Vec<Error>) -> Self {
        Self(faults)
    }

    /// Each fault, of kind `Config`.
    pub fn errors(&self) -> &[Error] {
        &self.0
    }
}

/// A fault per line.
impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(Error::message).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Faults {}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::new(ErrorKind::Config, faults.to_string().replace('\n', "; "))
    }
}
