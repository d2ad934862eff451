//! Changes to the JSON of an answer, in the words of RFC 6902.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One change to a JSON document; the paths are JSON Pointers, such as `/items/0/id`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields say what the variants explain")]
pub enum PatchOperation {
    /// Puts a value in: as a member of an object, before an item of an array, or behind its last
    /// item where the path ends in `-`.
    Add { path: String, value: Value },
    /// Takes out what is there.
    Remove { path: String },
    /// Puts a value in the place of what is there.
    Replace { path: String, value: Value },
    /// Adds what is at `from`.
    Copy { from: String, path: String },
    /// Adds what is at `from`, which is taken out there.
    Move { from: String, path: String },
}

impl PatchOperation {
    /// Changes `document`; an error names the path that leads nowhere.
    pub(crate) fn apply(&self, document: &mut Value) -> Result<(), String> {
        match self {
            Self::Add { path, value } => add(document, path, value.clone()),
            Self::Remove { path } => take(document, path).map(drop),
            Self::Replace { path, value } => {
                *document.pointer_mut(path).ok_or_else(|| nothing_at(path))? = value.clone();
                Ok(())
            }
            Self::Copy { from, path } => {
                let value = document.pointer(from).cloned().ok_or_else(|| nothing_at(from))?;
                add(document, path, value)
            }
            Self::Move { from, path } => {
                let value = take(document, from)?;
                add(document, path, value)
            }
        }
    }
}

fn add(document: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let Some((parent, key)) = split(path) else {
        *document = value;
        return Ok(());
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(key, value);
        }
        Some(Value::Array(items)) => {
            let at = if key == "-" { Some(items.len()) } else { key.parse().ok() };
            items.insert(at.filter(|at| *at <= items.len()).ok_or_else(|| nothing_at(path))?, value);
        }
        _ => return Err(nothing_at(path)),
    }
    Ok(())
}

fn take(document: &mut Value, path: &str) -> Result<Value, String> {
    let taken = split(path).and_then(|(parent, key)| match document.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&key),
        Value::Array(items) => {
            key.parse().ok().filter(|at| *at < items.len()).map(|at: usize| items.remove(at))
        }
        _ => None,
    });
    taken.ok_or_else(|| nothing_at(path))
}

/// The pointer to what holds the place that `path` points to, and the place's own name there.
fn split(path: &str) -> Option<(&str, String)> {
    let (parent, key) = path.rsplit_once('/')?;
    Some((parent, key.replace("~1", "/").replace("~0", "~")))
}

fn nothing_at(path: &str) -> String {
    format!("the patch does not fit the answer: there is no {path:?}")
}

#[cfg(test)]
mod tests {
    use super::PatchOperation;
    use serde_json::{Value, json};

    fn patched(operation: Value) -> Result<Value, String> {
        let mut document = json!({"total": 2, "items": [{"id": "a"}, {"id": "b"}], "a/b": {"~": 1}});
        let operation: PatchOperation = serde_json::from_value(operation).expect("an operation");
        operation.apply(&mut document).map(|()| document)
    }

    #[test]
    fn each_operation_changes_its_place_alone() {
        let rest = |total: Value, items: Value| Ok(json!({"total": total, "items": items, "a/b": {"~": 1}}));
        let (a, b) = (json!({"id": "a"}), json!({"id": "b"}));
        for (operation, expected) in [
            (json!({"op": "replace", "path": "/total", "value": 0}), rest(json!(0), json!([a, b]))),
            (json!({"op": "remove", "path": "/items/0"}), rest(json!(2), json!([b]))),
            (json!({"op": "add", "path": "/items/-", "value": 7}), rest(json!(2), json!([a, b, 7]))),
            (json!({"op": "add", "path": "/items/1", "value": 7}), rest(json!(2), json!([a, 7, b]))),
            (
                json!({"op": "copy", "from": "/items/0/id", "path": "/items/1/id"}),
                rest(json!(2), json!([a, a])),
            ),
            (json!({"op": "move", "from": "/items/0", "path": "/items/-"}), rest(json!(2), json!([b, a]))),
            (json!({"op": "add", "path": "", "value": []}), Ok(json!([]))),
        ] {
            assert_eq!(patched(operation.clone()), expected, "{operation}");
        }
        let escaped = patched(json!({"op": "remove", "path": "/a~1b/~0"})).expect("it fits");
        assert_eq!(escaped["a/b"], json!({}));
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        for operation in [
            json!({"op": "replace", "path": "/items/2", "value": 0}),
            json!({"op": "remove", "path": "/items/2"}),
            json!({"op": "remove", "path": "/items/-"}),
            json!({"op": "remove", "path": ""}),
            json!({"op": "add", "path": "/items/3", "value": 0}),
            json!({"op": "add", "path": "/total/x", "value": 0}),
            json!({"op": "add", "path": "/no/x", "value": 0}),
            json!({"op": "copy", "from": "/no", "path": "/x"}),
            json!({"op": "move", "from": "/no", "path": "/x"}),
        ] {
            assert!(patched(operation.clone()).is_err(), "{operation}");
        }
    }
}
