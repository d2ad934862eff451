//! What a configuration can set.

use orgport_core::http::BaseUrl;
use serde::Deserialize;

/// How a configuration spells this vendor.
pub const KIND: &str = "github";
/// Where GitHub's API is.
pub const DEFAULT_BASE_URL: &str = "https://api.github.com";
/// The credentials it takes: a personal token as `api_key`, any other token as `bearer`, and a GitHub
/// App as `key_pair`: its id as the key, its private key as the secret.
pub const AUTH_TYPES: &[&str] = &["api_key", "bearer", "key_pair"];

/// Under an Enterprise Server's host the API has this path.
const SERVER_PATH: &str = "/api/v3";

/// What a token stands for, and so what it may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Credential {
    /// A person, by a classic token or one of an OAuth app: `ghp_…`, `gho_…`.
    User,
    /// A person in one organization, by a fine-grained token or a GitHub App's user token:
    /// `github_pat_…`, `ghu_…`.
    FineGrained,
    /// A GitHub App that is installed in one organization, and no person: `ghs_…`, or the app's key.
    App,
}

impl Credential {
    /// What a token's beginning says of it.
    pub(crate) fn of_token(token: &str) -> Self {
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| token.starts_with(prefix));
        match token {
            _ if begins(&["github_pat_", "ghu_"]) => Self::FineGrained,
            _ if begins(&["ghs_"]) => Self::App,
            _ => Self::User,
        }
    }
}

/// Which of GitHub's products is at the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Product {
    /// github.com or GHE.com, whose organizations invite.
    Cloud,
    /// Enterprise Server, which has no calls for invitations.
    Server,
    /// Enterprise Cloud whose people come from an identity provider, so that nobody is invited.
    ManagedUsers,
}

impl Product {
    /// What an address says of it.
    pub(crate) fn at(base_url: &BaseUrl) -> Self {
        if base_url.as_str().ends_with(SERVER_PATH) { Self::Server } else { Self::Cloud }
    }
}

/// The settings that only this vendor has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct GitHubSettings {
    /// What the token stands for; by default what its beginning says, and a user where that says
    /// nothing.
    pub credential: Option<Credential>,
    /// What is at the address; by default an Enterprise Server where it ends in `/api/v3`, and github.com
    /// or GHE.com else.
    pub product: Option<Product>,
    /// The id of the GitHub App's installation in the organization; needed with `key_pair`.
    pub installation: Option<u64>,
}

impl GitHubSettings {
    /// With this kind of token.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = Some(credential);
        self
    }

    /// With this product at the address.
    #[must_use]
    pub fn product(mut self, product: Product) -> Self {
        self.product = Some(product);
        self
    }

    /// With this installation of the GitHub App.
    #[must_use]
    pub fn installation(mut self, installation: u64) -> Self {
        self.installation = Some(installation);
        self
    }
}
