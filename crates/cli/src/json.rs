//! JSON for programs, on one line, without anything that a terminal would obey.

use std::fmt::Write;
use std::io;

use orgport::WithNative;
use serde::Serialize;

use crate::text::is_obeyed;

/// The JSON of `value`; with the vendors' own in it, if `native`.
///
/// # Errors
///
/// Those of the value's own form.
pub(crate) fn text(value: &impl Serialize, native: bool) -> io::Result<String> {
    let text = if native { serde_json::to_string(&WithNative(value)) } else { serde_json::to_string(value) }?;
    Ok(inert(text))
}

/// The same JSON with control characters escaped that JSON allows as they are.
fn inert(text: String) -> String {
    if !text.contains(is_obeyed) {
        return text;
    }
    let mut inert = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Between values, where a vendor has laid out its own JSON.
            '\n' | '\r' | '\t' => inert.push(' '),
            c if is_obeyed(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(inert, "\\u{unit:04x}");
                }
            }
            c => inert.push(c),
        }
    }
    inert
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_is_escaped_is_read_as_it_was() {
        let value = Value::from("a\u{1b}[31m\u{9b}31m\u{7f}\u{202e}\u{2028}\n é 名 😀");
        let shown = text(&value, false).expect("JSON");
        assert_eq!(shown, "\"a\\u001b[31m\\u009b31m\\u007f\\u202e\\u2028\\n é 名 😀\"");
        assert_eq!(serde_json::from_str::<Value>(&shown).expect("JSON"), value);
        assert_eq!(inert("{\n\t\"a\":\r\n1}".to_owned()), "{  \"a\":  1}");
    }
}
