//! Where secrets come from: `env:NAME`, `file:PATH`, `text:…`, or the text itself.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use orgport_core::Error;
use orgport_document::{Node, Origin, read_bounded};

use super::environment::Environment;
use super::pasted::excess;

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
    /// What was found on the way.
    warnings: Mutex<Vec<Warning>>,
}

impl Sources {
    pub(super) fn new(environment: Environment, file: Option<PathBuf>) -> Self {
        Self { environment, file, warnings: Mutex::default() }
    }

    /// What `file:` paths are relative to.
    fn directory(&self) -> &Path {
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
    /// it than a secret.
    pub(super) fn text(&self, node: &Node, path: &str) -> Result<String, Error> {
        let (text, place) = self.find(node, path)?;
        let wrong = |what: &str| Err(node.error(path, format_args!("{place}{what}")));
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.trim().is_empty() {
            return wrong("is empty");
        }
        // What a program says is meant so, and whoever chooses a password may choose blanks and quotes.
        let is_literal = node.origin == Origin::Program || key_of(path).contains("pass");
        match excess(secret) {
            Some(what) if !is_literal => wrong(what),
            _ => Ok(secret.to_owned()),
        }
    }

    /// The text, and where it stands if that is elsewhere, as an error begins.
    fn find(&self, node: &Node, path: &str) -> Result<(String, String), Error> {
        let text = node.text(path)?;
        if node.origin == Origin::Program {
            return Ok((text.to_owned(), String::new()));
        }
        if let Some(name) = text.strip_prefix("env:") {
            let wrong =
                |what: &str| node.error(path, format_args!("wants the variable {name}, which is not {what}"));
            let value = self.environment.text(name).map_err(|_| wrong("a text in UTF-8"))?;
            let value = value.ok_or_else(|| wrong("set"))?;
            return Ok((value.to_owned(), format!("wants the variable {name}, which ")));
        }
        if let Some(file) = text.strip_prefix("file:") {
            let file = self.directory().join(file);
            let shown = file.display();
            let text = read_bounded(&file, LONGEST).map_err(|source| {
                node.error(path, format_args!("wants the file {shown}, which cannot be read: {source}"))
            })?;
            self.look_at_rights(&file, path);
            return Ok((text, format!("wants the file {shown}, which ")));
        }
        if let (Some(file), Origin::Line(..)) = (&self.file, &node.origin)
            && is_secret(key_of(path))
        {
            self.look_at_rights(file, path);
        }
        Ok((text.strip_prefix("text:").unwrap_or(text).to_owned(), String::new()))
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

fn key_of(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether a key is that of a secret by its name; addresses and ids stand among them.
fn is_secret(key: &str) -> bool {
    ["key", "token", "secret", "pass"].iter().any(|word| key.contains(word)) && !key.ends_with("_url")
}
