//! The settings there are, and what a misspelled one was meant to be.

use orgport_core::Error;

use super::document::Table;

pub(super) const TOP: &[&str] = &["default_provider", "providers"];

/// What every provider's table may hold besides its vendor's own settings.
pub(super) const PROVIDER: &[&str] =
    &["kind", "organization", "default_role", "base_url", "settle", "read_only", "auth", "http"];

pub(super) const HTTP: &[&str] = &[
    "connect_timeout",
    "attempt_timeout",
    "stall_timeout",
    "max_wait",
    "max_body",
    "max_concurrency",
    "read_attempts",
    "write_attempts",
    "allow_http",
    "user_agent",
    "root_certificates",
    "client_identity",
    "proxy",
    "no_proxy",
];

/// The types of credentials with the keys of each.
pub(super) const AUTH: &[(&str, &[&str])] = &[
    ("bearer", &["type", "token"]),
    ("api_key", &["type", "key"]),
    ("key_pair", &["type", "key", "secret"]),
    (
        "oauth2",
        &[
            "type",
            "client_id",
            "client_secret",
            "access_token",
            "refresh_token",
            "token_url",
            "authorize_url",
            "redirect_uri",
        ],
    ),
    ("login", &["type", "email", "password", "two_factor_code"]),
];

/// Refuses keys that do not exist.
///
/// # Errors
///
/// `Config` that names the place, the nearest valid key and all of them.
pub(super) fn check<'a>(
    table: &Table,
    path: &str,
    valid: impl IntoIterator<Item = &'a &'a str> + Clone,
) -> Result<(), Error> {
    for (key, node) in table {
        if valid.clone().into_iter().any(|valid| valid == key) {
            continue;
        }
        let place = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        return Err(node.error(&place, format_args!("is not a setting{}", suggestion(key, valid))));
    }
    Ok(())
}

/// `; did you mean "x"? There is x, y, z`, as far as there is something near.
pub(crate) fn suggestion<'a>(word: &str, valid: impl IntoIterator<Item = &'a &'a str> + Clone) -> String {
    let nearest = valid
        .clone()
        .into_iter()
        .map(|valid| (strsim::jaro_winkler(word, valid), valid))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    let meant = nearest.map_or_else(String::new, |(_, valid)| format!("; did you mean {valid:?}?"));
    let all: Vec<_> = valid.into_iter().copied().collect();
    format!("{meant} (there is {})", all.join(", "))
}
