//! What can be printed, and in which columns.

use serde::Serialize;
use serde_json::Value;

/// Something that is a line of a table, a line of CSV, and an object in JSON.
pub(crate) trait Record: Serialize {
    /// The columns in CSV, and some of them in tables.
    const COLUMNS: &'static [Column];

    /// A value per column; empty for what is not known.
    fn values(&self) -> Vec<String> {
        // Texts, numbers, and types that write themselves as texts.
        let object = serde_json::to_value(self).unwrap_or_default();
        let value = |column: &Column| match text_of(&object[column.name]) {
            name if column.kind == Kind::Account && !name.is_empty() => format!("@{name}"),
            text => text,
        };
        Self::COLUMNS.iter().map(value).collect()
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A column of a table or of CSV.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// A table shows it unasked.
    pub(crate) listed: bool,
}

/// What stands in a column, and so how it is shown where there is little room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of a few: a role, a status.
    Word,
    /// An e-mail address.
    Address,
    /// An account, with the `@` by which commands know it.
    Account,
    /// Anything that somebody has written.
    Text,
    /// A moment, with its age.
    Time,
    /// What something is known by; as much of it as differs from the others.
    Id,
    /// The same of an invitation, by which somebody may be able to join.
    InvitationId,
    /// Sentences, which are never cut.
    Prose,
}

impl Column {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, listed: true }
    }

    pub(crate) const fn word(name: &'static str) -> Self {
        Self::new(name, Kind::Word)
    }

    pub(crate) const fn address(name: &'static str) -> Self {
        Self::new(name, Kind::Address)
    }

    pub(crate) const fn account(name: &'static str) -> Self {
        Self::new(name, Kind::Account)
    }

    pub(crate) const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text)
    }

    pub(crate) const fn time(name: &'static str) -> Self {
        Self::new(name, Kind::Time)
    }

    pub(crate) const fn id(name: &'static str) -> Self {
        Self::new(name, Kind::Id)
    }

    pub(crate) const fn invitation_id(name: &'static str) -> Self {
        Self::new(name, Kind::InvitationId)
    }

    pub(crate) const fn prose(name: &'static str) -> Self {
        Self::new(name, Kind::Prose)
    }

    /// It is shown last, and shortened.
    pub(crate) const fn is_id(self) -> bool {
        matches!(self.kind, Kind::Id | Kind::InvitationId)
    }

    /// In CSV, and in tables only when it is asked for.
    pub(crate) const fn unlisted(self) -> Self {
        Self { listed: false, ..self }
    }
}
