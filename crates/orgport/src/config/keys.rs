//! The settings there are.

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
