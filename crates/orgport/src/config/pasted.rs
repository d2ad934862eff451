//! What comes along when a secret is pasted.

/// Says what to remove from a token or key, if something is there that no token has. It never shows
/// the token.
pub(super) fn excess(token: &str) -> Option<&'static str> {
    let inner = token.trim_start_matches('\u{feff}');
    if inner.len() < token.len() {
        return Some("begins with a byte-order mark: save it without one");
    }
    // Certificates have lines and words.
    if token.starts_with("-----BEGIN ") {
        return None;
    }
    let is_quoted = |(open, close)| token.len() > 1 && token.starts_with(open) && token.ends_with(close);
    if [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')].into_iter().any(is_quoted) {
        return Some("is in quotes: remove them");
    }
    if let Some((word, _)) = token.split_once(char::is_whitespace) {
        return Some(match word.to_ascii_lowercase().as_str() {
            "bearer" => "begins with the word Bearer: remove it",
            "basic" | "token" | "apikey" => "begins with the word of an Authorization header: remove it",
            "export" | "set" => "is an assignment: leave only what stands behind the =",
            word if word.ends_with(':') => "begins with the name of a header: remove it",
            _ => "has a blank or a line break in it: remove it",
        });
    }
    if token
        .contains(|c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
    {
        return Some("has a character in it that cannot be seen: copy it anew");
    }
    let (name, value) = token.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    // What Base64 ends with is no value.
    let is_assigned = !value.trim_start_matches('=').is_empty();
    (is_name && is_assigned).then_some("is an assignment: leave only what stands behind the =")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_along_is_found() {
        for (token, expected) in [
            ("\u{feff}tok", "byte-order mark"),
            ("\"tok\"", "quotes"),
            ("'tok'", "quotes"),
            ("“tok”", "quotes"),
            ("Bearer tok", "the word Bearer"),
            ("bearer\ttok", "the word Bearer"),
            ("Token tok", "Authorization"),
            ("Authorization: Bearer tok", "header"),
            ("x-api-key: tok", "header"),
            ("export KOYEB_KEY=tok", "assignment"),
            ("KOYEB_KEY=tok", "assignment"),
            ("KOYEB_KEY=\"tok\"", "assignment"),
            (" tok", "blank"),
            ("tok ", "blank"),
            ("to\u{a0}k", "blank"),
            ("tok\nen", "blank"),
            ("to\u{200b}k", "cannot be seen"),
            ("tok\u{feff}", "cannot be seen"),
            ("to\u{7f}k", "cannot be seen"),
        ] {
            let excess = excess(token).unwrap_or_else(|| panic!("{token:?} is no token"));
            assert!(excess.contains(expected), "{token:?}: {excess}");
            assert!(!excess.contains("tok"), "{excess}");
        }
    }

    #[test]
    fn tokens_are_left_alone() {
        let pem = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----";
        for token in [
            "tr-0f3a",
            "QUJD=",
            "QUJD==",
            "QUJDREVG",
            "a=b",
            "Key=value",
            "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            "http://user:pass@proxy.example:3128?a=b",
            "bearer",
            "\"",
            pem,
        ] {
            assert_eq!(excess(token), None, "{token:?}");
        }
    }
}
