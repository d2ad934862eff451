//! Where secrets come from: `env:NAME`, `file:PATH`, `source:REFERENCE`, `text:…`, or the text itself.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use orgport_core::{Error, ErrorKind, Secret, SecretSource};
use orgport_document::{Node, Origin, read_bounded};

use super::environment::Environment;
use super::pasted::{excess, foreign_reference};

/// No secret is longer, in bytes; a chain of certificates may be as long.
const LONGEST: usize = 64 << 10;

/// What should be put right, though it works.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The setting, such as `providers.prod.auth.key`.
    pub setting: String,
    /// What was found.
    pub message: String,
    /// What to do.
    pub advice: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { setting, message, advice } = self;
        write!(f, "{setting} {message}: {advice}")
    }
}

/// The surroundings in which secrets are found.
pub(super) struct Sources {
    pub(super) environment: Environment,
    /// The file of the configuration, if it is one.
    pub(super) file: Option<PathBuf>,
    /// What the program has for `source:`.
    pub(super) program: Option<Arc<dyn SecretSource>>,
    /// What was found on the way.
    warnings: Mutex<Vec<Warning>>,
}

/// A text, wherever it stands.
pub(super) struct Found {
    /// The text, if it is known.
    pub(super) known: Option<String>,
    /// What to ask [`Renewing`] for, if it may change.
    pub(super) reference: Option<String>,
}

impl Sources {
    pub(super) fn new(environment: Environment, file: Option<PathBuf>) -> Self {
        Self { environment, file, program: None, warnings: Mutex::default() }
    }

    /// What `file:` paths are relative to.
    pub(super) fn directory(&self) -> &Path {
        self.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    pub(super) fn warnings(&self) -> Vec<Warning> {
        self.warnings.lock().expect("no holder panics").clone()
    }

    /// Finds the text that a setting names.
    ///
    /// # Errors
    ///
    /// `Config` that names the variable or file which is missing, unreadable or empty, or has more in
    /// it than a secret; and where the program has no source for it.
    pub(super) fn find(&self, node: &Node, path: &str) -> Result<Found, Error> {
        let text = node.text(path)?;
        let prefix = text.split_inclusive(':').next().unwrap_or_default();
        let rest = &text[prefix.len()..];
        let wrong = |what: fmt::Arguments<'_>| node.error(path, what);
        let (known, place, reference) = match prefix {
            // What a program says is meant so.
            _ if node.origin == Origin::Program => (text.to_owned(), String::new(), None),
            "env:" => {
                let value = self.environment.text(rest);
                let value = value.map_err(|_| {
                    wrong(format_args!("wants the variable {rest}, which is not a text in UTF-8"))
                })?;
                let value = value
                    .ok_or_else(|| wrong(format_args!("wants the variable {rest}, which is not set")))?;
                (value.to_owned(), format!("wants the variable {rest}, which "), None)
            }
            "file:" => {
                let file = self.directory().join(rest);
                let shown = file.display();
                let text = read_bounded(&file, LONGEST).map_err(|source| {
                    wrong(format_args!("wants the file {shown}, which cannot be read: {source}"))
                })?;
                self.look_at_rights(&file, path);
                // A path that is not UTF-8 is found once and not again.
                let reference = file.to_str().map(|file| format!("file:{file}"));
                (text, format!("wants the file {shown}, which "), reference)
            }
            "source:" if rest.is_empty() => {
                return Err(wrong(format_args!("names nothing in the secret source")));
            }
            "source:" if self.program.is_none() => {
                let what = "wants a secret source, which this program does not have";
                return Err(wrong(format_args!("{what}")));
            }
            "source:" => return Ok(Found { known: None, reference: Some(text.to_owned()) }),
            _ => {
                let literal = text.strip_prefix("text:");
                if let (None, Some(what)) = (literal, foreign_reference(text)) {
                    return Err(wrong(format_args!("{what}")));
                }
                if let (Some(file), Origin::Line(..)) = (&self.file, &node.origin)
                    && is_secret(key_of(path))
                {
                    self.look_at_rights(file, path);
                }
                (literal.unwrap_or(text).to_owned(), String::new(), None)
            }
        };
        let secret = Self::clean(&known, key_of(path), node.origin == Origin::Program)
            .map_err(|what| wrong(format_args!("{place}{what}")))?;
        Ok(Found { known: Some(secret.to_owned()), reference })
    }

    /// The secret in a text, without the line break behind it.
    fn clean<'a>(text: &'a str, key: &str, is_literal: bool) -> Result<&'a str, &'static str> {
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.trim().is_empty() {
            return Err("is empty");
        }
        match excess(secret) {
            // Whoever chooses a password may choose blanks and quotes.
            Some(what) if !is_literal && !key.contains("pass") => Err(what),
            _ => Ok(secret),
        }
    }

    /// Notes a file that others can read.
    #[cfg(unix)]
    fn look_at_rights(&self, file: &Path, path: &str) {
        use std::os::unix::fs::PermissionsExt;

        let Ok(mode) = file.metadata().map(|metadata| metadata.permissions().mode() & 0o777) else { return };
        if mode & 0o077 != 0 {
            let shown = file.display();
            self.warnings.lock().expect("no holder panics").push(Warning {
                setting: path.to_owned(),
                message: format!("is in {shown}, which others can read (mode {mode:03o})"),
                advice: format!("chmod 600 {shown}"),
            });
        }
    }

    #[cfg(not(unix))]
    fn look_at_rights(&self, _: &Path, _: &str) {}
}

/// Finds secrets again that may have changed: those in files, and those that the program has.
#[derive(Debug)]
pub(super) struct Renewing(pub(super) Option<Arc<dyn SecretSource>>);

#[async_trait]
impl SecretSource for Renewing {
    async fn secret(&self, reference: &str, refused: Option<&Secret>) -> Result<Secret, Error> {
        if let Some(reference) = reference.strip_prefix("source:")
            && let Some(program) = &self.0
        {
            return program.secret(reference, refused).await;
        }
        let file = reference.strip_prefix("file:").unwrap_or(reference);
        let wrong =
            |what: &dyn fmt::Display| Error::new(ErrorKind::Config, format!("the secret in {file} {what}"));
        // It is small, and not on another machine's disk more often than once a refusal.
        let text = read_bounded(Path::new(file), LONGEST)
            .map_err(|source| wrong(&format_args!("cannot be read again: {source}")))?;
        Sources::clean(&text, "", true).map(Secret::from).map_err(|what| wrong(&what))
    }
}

fn key_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether a key is that of a secret by its name; addresses and ids stand among them.
fn is_secret(key: &str) -> bool {
    ["key", "token", "secret", "pass"].iter().any(|word| key.contains(word)) && !key.ends_with("_url")
}
