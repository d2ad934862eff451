//! Checks parameters and bodies, and tells the first problem in the vendor's words.

use serde_json::{Map, Value};

/// What a value must look like.
pub(super) enum Schema {
    Text {
        form: Form,
        min: usize,
        max: usize,
    },
    Word(&'static [&'static str]),
    Boolean,
    /// An integer that is not negative.
    Whole,
    List {
        items: &'static Schema,
        max: usize,
    },
    /// An object with these keys and no others.
    Record(&'static [Field]),
}

/// What a text must look like beside its length.
pub(super) enum Form {
    Any,
    Email,
    Id,
    Digits,
}

/// One key of a [`Schema::Record`], or one parameter of a call.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) schema: Schema,
}

pub(super) const ID: Schema = Schema::Text { form: Form::Id, min: 0, max: usize::MAX };
pub(super) const ANY_TEXT: Schema = text(0, usize::MAX);
pub(super) const DIGITS: Schema = Schema::Text { form: Form::Digits, min: 0, max: usize::MAX };
pub(super) const EMAIL: Schema = Schema::Text { form: Form::Email, min: 0, max: 1024 };

pub(super) const fn text(min: usize, max: usize) -> Schema {
    Schema::Text { form: Form::Any, min, max }
}

pub(super) const fn required(name: &'static str, schema: Schema) -> Field {
    Field { name, required: true, schema }
}

pub(super) const fn optional(name: &'static str, schema: Schema) -> Field {
    Field { name, required: false, schema }
}

impl Schema {
    /// The first problem of `value`, which stands at `path`. The order of the checks is the
    /// vendor's: type, format, missing keys, enum, unknown keys, items, pattern, size, then each key.
    fn check(&self, path: &str, value: &Value) -> Result<(), String> {
        let refuse = |text: &str| Err(format!("{path} {text}"));
        match (self, value) {
            (Self::Text { form, min, max }, Value::String(text)) => {
                form.problem(text).or_else(|| length_problem(text, *min, *max)).map_or(Ok(()), refuse)
            }
            (Self::Word(words), Value::String(text)) if !words.contains(&text.as_str()) => {
                refuse("must be an enum value")
            }
            (Self::Word(_), Value::String(_)) | (Self::Boolean, Value::Bool(_)) => Ok(()),
            (Self::Whole, Value::Number(number)) if number.is_u64() => Ok(()),
            (Self::Whole, Value::Number(number)) if number.is_i64() => refuse("is less than minimum"),
            (Self::List { items, max }, Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    items.check(&format!("{path}.{index}"), value)?;
                }
                if values.len() > *max { refuse("has more items than allowed") } else { Ok(()) }
            }
            (Self::Record(fields), Value::Object(values)) => {
                check_required(fields.iter(), path, values)?;
                if values.keys().any(|key| fields.iter().all(|field| field.name != key)) {
                    return refuse("has additional properties");
                }
                check_each(fields.iter(), path, values)
            }
            _ => refuse("is the wrong type"),
        }
    }
}

impl Form {
    fn problem(&self, text: &str) -> Option<&'static str> {
        match self {
            Self::Email if !is_email(text) => Some("must be email format"),
            Self::Id if text.len() != 24 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                Some("pattern mismatch")
            }
            Self::Digits if !text.bytes().all(|byte| byte.is_ascii_digit()) => Some("pattern mismatch"),
            Self::Any | Self::Email | Self::Id | Self::Digits => None,
        }
    }
}

/// The first problem of a call's parameters.
pub(super) fn check_parameters<'a>(
    fields: impl Iterator<Item = &'a Field> + Clone,
    values: &Map<String, Value>,
) -> Result<(), String> {
    check_required(fields.clone(), "", values)?;
    check_each(fields, "", values)
}

fn check_required<'a>(
    mut fields: impl Iterator<Item = &'a Field>,
    path: &str,
    values: &Map<String, Value>,
) -> Result<(), String> {
    match fields.find(|field| field.required && !values.contains_key(field.name)) {
        Some(missing) => Err(format!("{} is required", below(path, missing.name))),
        None => Ok(()),
    }
}

fn check_each<'a>(
    mut fields: impl Iterator<Item = &'a Field>,
    path: &str,
    values: &Map<String, Value>,
) -> Result<(), String> {
    fields.try_for_each(|field| match values.get(field.name) {
        Some(value) => field.schema.check(&below(path, field.name), value),
        None => Ok(()),
    })
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// As loose as the vendor's own check: something, an `@`, something, and no space anywhere.
fn is_email(text: &str) -> bool {
    let inner_at =
        |(index, character): (usize, char)| character == '@' && index > 0 && index + 1 < text.len();
    !text.contains(char::is_whitespace) && text.char_indices().any(inner_at)
}

/// Lengths count UTF-16 units, as JavaScript does.
fn length_problem(text: &str, min: usize, max: usize) -> Option<&'static str> {
    let length = text.encode_utf16().count();
    if length > max {
        Some("has longer length than allowed")
    } else if length < min {
        Some("has less length than allowed")
    } else {
        None
    }
}
