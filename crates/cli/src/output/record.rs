//! What can be printed.

use serde::Serialize;
use serde_json::Value;

/// Something that is a line of a table, a line of CSV, and an object in JSON.
pub(crate) trait Record: Serialize {
    /// The names of the columns in CSV.
    const COLUMNS: &'static [&'static str];
    /// Those of them that a table shows.
    const SHOWN: &'static [usize];

    /// A value per column; empty for what is not known.
    fn values(&self) -> Vec<String> {
        // Texts, numbers, and types that write themselves as texts.
        let object = serde_json::to_value(self).unwrap_or_default();
        Self::COLUMNS.iter().map(|name| text_of(&object[*name])).collect()
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
