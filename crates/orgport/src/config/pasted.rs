//! What comes along when a secret is pasted, and what stands for one in other tools.

/// Where other tools let secrets come from. `ENV` and `FILE` are ours in other letters.
const FOREIGN: [&str; 15] = [
    "awssm",
    "cmd",
    "command",
    "env",
    "environment",
    "exec",
    "file",
    "gcpsm",
    "keychain",
    "keyring",
    "op",
    "secret",
    "sops",
    "ssm",
    "vault",
];

/// Says how to write here what elsewhere stands for a secret, such as `$TOKEN` or `vault:…`, and would
/// be taken for the secret itself. It shows no more of it than the name of a variable, written as one.
pub(super) fn foreign_reference(text: &str) -> Option<String> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let inner = |open, close| text.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let literal = "or text:… if it is the secret itself";
    let variable = inner("${", "}").or_else(|| inner("%", "%")).or_else(|| text.strip_prefix('$'));
    if let Some(name) = variable.filter(|name| is_name(name)) {
        // In other letters it is rather a password, which is not shown.
        let name = if name.chars().any(|c| c.is_ascii_lowercase()) { "NAME" } else { name };
        return Some(format!("is written as a variable is elsewhere: write env:{name}, {literal}"));
    }
    let is_computed = [("${", "}"), ("$(", ")"), ("{{", "}}")]
        .into_iter()
        .any(|(open, close)| inner(open, close).is_some());
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.trim_start_matches('$').to_ascii_lowercase());
    let is_foreign = scheme.is_some_and(|scheme| FOREIGN.contains(&&*scheme));
    (is_computed || is_foreign).then(|| {
        format!("is written as what stands for a secret elsewhere: write env:NAME or file:PATH, {literal}")
    })
}

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
    fn what_stands_for_a_secret_elsewhere_is_told_in_words_of_here() {
        for (text, expected) in [
            ("$TOKEN", "write env:TOKEN, or text:"),
            ("${TOKEN_2}", "write env:TOKEN_2, or text:"),
            ("%TOKEN%", "write env:TOKEN, or text:"),
            ("$token", "write env:NAME, or text:"),
            ("${TOKEN:-none}", "write env:NAME or file:PATH"),
            ("$(pass show token)", "write env:NAME or file:PATH"),
            ("{{ token }}", "write env:NAME or file:PATH"),
            ("vault:kv/token#key", "write env:NAME or file:PATH"),
            ("op://team/token/key", "write env:NAME or file:PATH"),
            ("ENV:TOKEN", "write env:NAME or file:PATH"),
            ("$env:TOKEN", "write env:NAME or file:PATH"),
        ] {
            let said = foreign_reference(text).unwrap_or_else(|| panic!("{text} is no secret"));
            assert!(said.contains(expected) && !said.contains("token"), "{text}: {said}");
        }
        for secret in
            ["$", "$2y$10$abc", "$a-b", "100%", "%41%", "user:vault:x", "a{{b}}", "pass:word", "tr-$TOKEN"]
        {
            assert_eq!(foreign_reference(secret), None, "{secret}");
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
