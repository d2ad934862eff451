//! The words of a refusal, whatever form its body has.

use serde_json::Value;

/// How much of the words is kept, in bytes.
const KEPT: usize = 2 << 10;

/// How much of one text among several is kept.
const KEPT_OF_ONE: usize = 500;

/// The members that speak to a person. Others are told behind them.
const SPEAKING: [&str; 9] =
    ["message", "detail", "details", "error_description", "description", "reason", "title", "error", "msg"];

/// What a refusal's body says: the texts of JSON, at any depth; a page's title; else the text as it
/// is. `None` if it says nothing.
pub(super) fn words_of(body: &str) -> Option<String> {
    let body = body.trim();
    let words = match serde_json::from_str(body) {
        Ok(json) => texts_of(&json).unwrap_or_else(|| nothing_or(&json, body)),
        Err(_) if body.starts_with('<') => title_of(body).unwrap_or_default().to_owned(),
        Err(_) => body.to_owned(),
    };
    let words = cut(&one_line(&words), KEPT);
    (!words.is_empty()).then_some(words)
}

/// JSON without a text in it speaks for itself, if there is anything in it.
fn nothing_or(json: &Value, body: &str) -> String {
    let is_empty = match json {
        Value::Null | Value::String(_) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    if is_empty { String::new() } else { body.to_owned() }
}

fn texts_of(json: &Value) -> Option<String> {
    let mut texts = Vec::new();
    collect(json, &mut texts);
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn collect(json: &Value, texts: &mut Vec<String>) {
    match json {
        Value::String(text) => {
            let text = cut(&one_line(text), KEPT_OF_ONE);
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => {
            let speaks = |key: &str| SPEAKING.iter().position(|word| word.eq_ignore_ascii_case(key));
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| speaks(key).unwrap_or(SPEAKING.len()));
            for (_, field) in fields {
                collect(field, texts);
            }
        }
        _ => {}
    }
}

fn title_of(page: &str) -> Option<&str> {
    // Letters that are not ASCII keep their places.
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(&page[start..end])
}

/// One blank wherever there is white space or what a terminal would obey.
fn one_line(text: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// At most so many bytes, cut between characters.
pub(super) fn cut(words: &str, most: usize) -> String {
    match words.char_indices().find(|(index, char)| index + char.len_utf8() > most) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_says_the_same_in_any_form() {
        for body in [
            "no seat is left",
            " no seat\r\n\tis left\0 ",
            r#""no seat is left""#,
            r#"["no seat is left"]"#,
            r#"{"problem":"no seat is left"}"#,
            r#"{"errors":[{"code":7,"detail":"no seat is left","ok":false}]}"#,
            r#"{"message":"no seat is left","title":"no seat is left"}"#,
            "<!doctype html><HTML><Title lang=en>\n no seat is left</TITLE><body>…</body>",
        ] {
            assert_eq!(words_of(body).as_deref(), Some("no seat is left"), "{body}");
        }
    }

    #[test]
    fn what_speaks_to_a_person_comes_first_and_nothing_is_lost() {
        let body = r#"{"code":"E7","error":{"type":"seats","Message":"no seat is left"},"path":"/x","n":1}"#;
        assert_eq!(words_of(body).as_deref(), Some("no seat is left; seats; E7; /x"));
    }

    #[test]
    fn a_body_without_words_says_nothing() {
        for body in ["", " \n", "null", "{}", "[]", r#""""#, "<html><body>a page</body></html>", "<title>"] {
            assert_eq!(words_of(body), None, "{body}");
        }
        assert_eq!(words_of(r#"{"code":7}"#).as_deref(), Some(r#"{"code":7}"#));
        assert_eq!(words_of(r#"{"message":"cut o"#).as_deref(), Some(r#"{"message":"cut o"#));
    }

    #[test]
    fn long_words_are_cut_between_characters() {
        let words = words_of(&"é".repeat(KEPT)).expect("words");
        assert_eq!(words.len(), KEPT + '…'.len_utf8());
        let one = format!(r#"{{"detail":"{}","trace":"the end"}}"#, "é".repeat(KEPT));
        assert!(words_of(&one).expect("words").ends_with("…; the end"));
    }
}
