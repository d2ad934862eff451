//! What a configuration can set.

use orgport_core::Error;
use serde::Deserialize;

/// The `kind` in a configuration.
pub const KIND: &str = "trieve";
/// Where the vendor's own API is.
pub const DEFAULT_BASE_URL: &str = "https://api.trieve.ai";
/// The types of credential that the vendor takes.
pub const AUTH_TYPES: &[&str] = &["api_key"];
/// Whose API key it is, which the key itself does not show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Credential {
    /// An organization's: the kind that is issued today. It stands for no person and reaches this
    /// organization only.
    #[default]
    Organization,
    /// A person's: an older kind, no longer issued. It reaches all organizations of the person
    /// and can make new ones.
    User,
}

/// The settings that only this vendor has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TrieveSettings {
    /// Whose key is configured; an organization's by default.
    pub credential: Credential,
    /// What mailed links begin with. It must lead to the API's log-in path, so that it is the base
    /// URL with `/api` by default.
    pub app_url: Option<String>,
    /// Where the browser ends up after the mailed link; needed for inviting. The vendor pastes it
    /// into links without encoding it, decodes it for people who are new, and cuts it at `?`: let its
    /// path end in `/`, give it one query parameter at most, and no `%` or `+`, for example `https://dashboard.trieve.ai/?org=<organization id>`.
    pub redirect_uri: Option<String>,
}

impl TrieveSettings {
    /// With this kind of key.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// With links that begin like this.
    #[must_use]
    pub fn app_url(mut self, url: impl Into<String>) -> Self {
        self.app_url = Some(url.into());
        self
    }

    /// With links that end here.
    #[must_use]
    pub fn redirect_uri(mut self, url: impl Into<String>) -> Self {
        self.redirect_uri = Some(url.into());
        self
    }

    /// Says which setting would break the mailed links.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (name, value) in [("app_url", &self.app_url), ("redirect_uri", &self.redirect_uri)] {
            let breaks = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '#' | '&');
            if value.as_ref().is_some_and(|value| value.is_empty() || value.contains(breaks)) {
                let message = "must not be empty or hold white space, # or &: the vendor pastes it into the \
                               mailed link as it is";
                return Err(Error::wrong_setting(name, message));
            }
        }
        if self.redirect_uri.as_ref().is_some_and(|value| value.contains(['%', '+'])) {
            let message = "must not hold % or +: the vendor decodes them for people who are new to it, and for \
                           others it does not";
            return Err(Error::wrong_setting("redirect_uri", message));
        }
        Ok(())
    }
}
