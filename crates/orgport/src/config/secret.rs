//! Where secrets come from: `env:NAME`, `file:PATH`, `text:…`, or the text itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use orgport_core::Error;
use orgport_document::Node;

/// The surroundings in which secrets are found.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// The environment, as it was when the configuration was loaded.
    pub(super) environment: BTreeMap<String, String>,
    /// What `file:` paths are relative to.
    pub(super) directory: PathBuf,
}

impl Sources {
    /// Finds the text that a setting names.
    ///
    /// # Errors
    ///
    /// `Config` that names the variable or file which is missing, unreadable or empty.
    pub(super) fn text(&self, node: &Node, path: &str) -> Result<String, Error> {
        let text = self.find(node, path)?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() { Err(node.error(path, "is empty")) } else { Ok(text.to_owned()) }
    }

    fn find(&self, node: &Node, path: &str) -> Result<String, Error> {
        let text = node.text(path)?;
        if let Some(name) = text.strip_prefix("env:") {
            let value = self.environment.get(name).filter(|value| !value.trim().is_empty());
            return value.cloned().ok_or_else(|| {
                node.error(path, format_args!("wants the variable {name}, which is not set or empty"))
            });
        }
        if let Some(file) = text.strip_prefix("file:") {
            let file = self.directory.join(Path::new(file));
            let shown = file.display();
            let text = std::fs::read_to_string(&file).map_err(|source| {
                node.error(path, format_args!("wants the file {shown}, which cannot be read: {source}"))
            })?;
            if text.trim().is_empty() {
                return Err(node.error(path, format_args!("wants the file {shown}, which is empty")));
            }
            return Ok(text);
        }
        Ok(text.strip_prefix("text:").unwrap_or(text).to_owned())
    }
}
