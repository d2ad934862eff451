//! The variables that a configuration is read with.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use orgport_core::{Error, ErrorKind};

/// What all variables that override a setting begin with.
pub(super) const PREFIX: &str = "ORGPORT__";

/// The environment, as it was when the configuration was loaded.
#[derive(Default)]
pub(super) struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    pub(super) fn of_process() -> Self {
        std::env::vars_os().collect()
    }

    /// A path that is set and not empty.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        self.0.get(OsStr::new(name)).filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// A text, if it is set.
    ///
    /// # Errors
    ///
    /// `Config` that names the variable if it is not UTF-8: to take it for one that is not set could
    /// take a guard away.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Error> {
        self.0.get(OsStr::new(name)).map(|value| text(OsStr::new(name), value)).transpose()
    }

    /// The variables that override settings.
    pub(super) fn settings(&self) -> impl Iterator<Item = Result<(&str, &str), Error>> {
        let own = |name: &OsStr| name.as_encoded_bytes().starts_with(PREFIX.as_bytes());
        self.0.iter().filter(move |(name, _)| own(name)).map(|(name, value)| {
            let value = text(name, value)?;
            // A name that is not UTF-8 is the name of no setting.
            let name = name.to_str().ok_or_else(|| not_text(name))?;
            Ok((name, value))
        })
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

fn text<'a>(name: &OsStr, value: &'a OsStr) -> Result<&'a str, Error> {
    value.to_str().ok_or_else(|| not_text(name))
}

fn not_text(name: &OsStr) -> Error {
    Error::new(ErrorKind::Config, format!("the variable {} is not a text in UTF-8", name.display()))
}
