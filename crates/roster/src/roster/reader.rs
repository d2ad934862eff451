//! Reading one file of a roster, noting everything that is wrong with it.

use std::fmt;
use std::path::Path;

use orgport_core::{Email, Error, ErrorKind};
use orgport_document::{Node, Origin, Table, suggestion};

use super::{Faults, Line};

/// Notes faults instead of ending at the first one.
pub(super) struct Reader<'a> {
    /// The roster itself; any other file is an included one.
    main: &'a Path,
    faults: Vec<(Line, Error)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(main: &'a Path) -> Self {
        Self { main, faults: Vec::new() }
    }

    /// Where something is written.
    pub(super) fn line(&self, node: &Node) -> Line {
        match &node.origin {
            Origin::Line(file, number) => {
                let is_main = file.as_path() == self.main;
                Line { file: (!is_main).then(|| file.to_string_lossy().into()), number: *number }
            }
            // No roster is written elsewhere.
            other => Line { file: Some(other.to_string().into()), number: 0 },
        }
    }

    /// Notes what is wrong with a value.
    pub(super) fn fault(&mut self, node: &Node, path: &str, what: impl fmt::Display) {
        self.check::<()>(node, Err(node.error(path, what)));
    }

    /// Notes what is wrong with what stands on a line.
    pub(super) fn fault_at(&mut self, line: &Line, path: &str, what: impl fmt::Display) {
        let file = line.file.as_deref().map_or_else(|| self.main.to_string_lossy(), Into::into);
        let message = format!("{file}, line {}: {path} {what}", line.number);
        self.faults.push((line.clone(), Error::new(ErrorKind::Config, message)));
    }

    /// The value, or none with its fault noted.
    pub(super) fn check<T>(&mut self, node: &Node, value: Result<T, Error>) -> Option<T> {
        value.map_err(|error| self.faults.push((self.line(node), error))).ok()
    }

    /// Notes keys that do not exist.
    pub(super) fn check_keys(&mut self, table: &Table, path: &str, keys: &[&str]) {
        for (key, node) in table {
            if !keys.contains(&key.as_str()) {
                let path = if path.is_empty() { key } else { &format!("{path}.{key}") };
                self.fault(node, path, format_args!("is not a setting{}", suggestion(key, keys)));
            }
        }
    }

    pub(super) fn email(&mut self, node: &Node, path: &str) -> Option<Email> {
        let email = node.text(path).and_then(|text| located(node, path, Email::parse(text)));
        self.check(node, email)
    }

    pub(super) fn emails(&mut self, node: &Node, path: &str) -> Vec<Email> {
        let list = self.check(node, node.list(path)).unwrap_or_default();
        list.iter().filter_map(|node| self.email(node, path)).collect()
    }

    /// What was read, unless something is wrong.
    pub(super) fn end<T>(mut self, read: T) -> Result<T, Faults> {
        if self.faults.is_empty() {
            return Ok(read);
        }
        self.faults.sort_by(|(one, _), (other, _)| one.cmp(other));
        Err(Faults::new(self.faults.into_iter().map(|(_, error)| error).collect()))
    }
}

/// An error of a value's own, with the place where the value is written.
pub(super) fn located<T>(node: &Node, path: &str, value: Result<T, Error>) -> Result<T, Error> {
    value.map_err(|error| node.error(path, format_args!("- {}", error.message())))
}
