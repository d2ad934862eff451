//! Logins that a person does: what to bring, and how it is shown that it was brought.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac_sha256::Hash as Sha256;
use url::{Url, form_urlencoded};

use crate::error::{Error, ErrorKind};
use crate::http::BaseUrl;
use crate::secret::Secret;

/// What a person has to do for a token.
#[derive(Debug)]
#[non_exhaustive]
pub enum Login {
    /// Log in with a browser, which then has a code.
    Browser(BrowserLogin),
    /// Type the account's password, and the code of a second factor where the account has one.
    Password(PasswordLogin),
}

/// A login by password, and what of it is configured already.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PasswordLogin {
    /// The account's address.
    pub account: String,
    /// The password is configured and need not be typed.
    pub has_password: bool,
    /// The code of a second factor is configured.
    pub has_second_factor: bool,
}

impl PasswordLogin {
    /// To this account, with nothing configured.
    pub fn to(account: impl Into<String>) -> Self {
        Self { account: account.into(), has_password: false, has_second_factor: false }
    }
}

/// What a person brought.
#[derive(Debug)]
#[non_exhaustive]
pub enum Proof {
    /// The browser's code.
    Code(AuthorizationCode),
    /// What was typed; what is not there is taken from the configuration.
    Password {
        /// The password.
        password: Option<Secret>,
        /// The code of the second factor.
        second_factor: Option<Secret>,
    },
}

/// A code with what shows that it is ours.
#[derive(Debug)]
pub struct AuthorizationCode {
    pub(super) code: Secret,
    pub(super) verifier: Secret,
    pub(super) redirect_uri: String,
}

/// The authorization server's page, and where it sends the browser afterwards.
#[derive(Debug, Clone)]
pub(super) struct LoginPage {
    pub(super) url: BaseUrl,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
}

/// One login by browser: the authorization-code flow of OAuth 2 with PKCE (RFC 7636, `S256`). Each
/// one has its own state and verifier, so that a code of another login is not taken.
pub struct BrowserLogin {
    url: String,
    redirect_uri: String,
    state: String,
    verifier: Secret,
}

impl BrowserLogin {
    pub(super) fn begin(page: &LoginPage, client_id: &str) -> Result<Self, Error> {
        let (state, verifier) = (random()?, random()?);
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::hash(verifier.as_bytes()));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", &page.redirect_uri)
            .append_pair("scope", &page.scope)
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        let url = format!("{}?{query}", page.url);
        Ok(Self { url, redirect_uri: page.redirect_uri.clone(), state, verifier: verifier.into() })
    }

    /// The address to open.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the browser ends up, with the code in the query.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Reads what came back: the address that the browser ended at, its query, or the code alone,
    /// which servers show that send the browser nowhere.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` if the server says why there is no code; `InvalidInput` if it has none
    /// or it belongs to another login.
    pub fn proof(&self, text: &str) -> Result<Proof, Error> {
        let wrong = |what: &str| Err(Error::new(ErrorKind::InvalidInput, what));
        let text = text.trim();
        let code = match query_of(text) {
            None if text.is_empty() || text.contains(char::is_whitespace) => {
                return wrong("that is not a code: log in, and bring the code or the address you end at");
            }
            None => text.to_owned(),
            Some(query) => {
                let field = |name: &str| {
                    let mut fields = form_urlencoded::parse(query.as_bytes());
                    fields.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
                };
                if field("state").as_deref() != Some(&self.state) {
                    return wrong("the response belongs to another login (its state differs): begin again");
                }
                if let Some(error) = field("error") {
                    return Err(refused(&error));
                }
                match field("code").filter(|code| !code.is_empty()) {
                    Some(code) => code,
                    None => return wrong("the response has no code: begin again"),
                }
            }
        };
        Ok(Proof::Code(AuthorizationCode {
            code: code.into(),
            verifier: self.verifier.clone(),
            redirect_uri: self.redirect_uri.clone(),
        }))
    }
}

/// State and verifier are for one use and one place.
impl fmt::Debug for BrowserLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserLogin").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

/// The query in an address or the bare query; none in a code.
fn query_of(text: &str) -> Option<&str> {
    let text = text.split('#').next().unwrap_or_default();
    match text.split_once('?') {
        Some((_, query)) => Some(query),
        None => ["code=", "state=", "error="].iter().any(|start| text.starts_with(start)).then_some(text),
    }
}

/// RFC 6749, section 4.1.2.1.
fn refused(error: &str) -> Error {
    let is_word = error.len() <= 40 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let word = if is_word { error } else { "an error" };
    let message = format!("the authorization server gives no code ({word}): log in again and allow it");
    Error::new(ErrorKind::PermissionDenied, message)
}

/// Says what is wrong with an address that a browser is to be sent to.
pub(crate) fn check_redirect_uri(text: &str) -> Result<(), &'static str> {
    match Url::parse(text) {
        Ok(url) if url.fragment().is_none() => Ok(()),
        _ => Err("must be a whole address without #, such as http://127.0.0.1:8765/login"),
    }
}

/// 256 bits that nobody can guess.
fn random() -> Result<String, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|source| {
        Error::new(ErrorKind::Unavailable, "the system gives no random numbers").with_source(source)
    })?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> BrowserLogin {
        let page = LoginPage {
            url: BaseUrl::parse("https://login.example.com/realms/lab/auth", false).expect("valid"),
            redirect_uri: "http://127.0.0.1:8765/back".to_owned(),
            scope: "openid email".to_owned(),
        };
        BrowserLogin::begin(&page, "lab tool").expect("random numbers")
    }

    fn code(login: &BrowserLogin, text: &str) -> Result<String, ErrorKind> {
        match login.proof(text) {
            Ok(Proof::Code(code)) => Ok(code.code.expose().to_owned()),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.kind()),
        }
    }

    #[test]
    fn the_challenge_is_that_of_the_verifier() {
        let ours = login();
        let url = Url::parse(ours.url()).expect("a URL");
        let field =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).expect("there").1.into_owned();
        let digest = Sha256::hash(ours.verifier.expose().as_bytes());
        assert_eq!(field("code_challenge"), BASE64_URL_SAFE_NO_PAD.encode(digest));
        assert_eq!(field("code_challenge_method"), "S256");
        assert_eq!((field("client_id"), field("scope")), ("lab tool".to_owned(), "openid email".to_owned()));
        assert_eq!(field("redirect_uri"), "http://127.0.0.1:8765/back");
        assert!(!ours.url().contains(ours.verifier.expose()));
        assert_ne!(login().state, ours.state);
    }

    #[test]
    fn a_code_comes_alone_or_in_an_address() {
        let login = login();
        let state = &login.state;
        for text in [
            " c0.de-1\r\n".to_owned(),
            format!("http://127.0.0.1:8765/back?state={state}&session=1&code=c0.de-1#x"),
            format!("/back?code=c0.de%2D1&state={state}"),
            format!("code=c0.de-1&state={state}"),
        ] {
            assert_eq!(code(&login, &text).as_deref(), Ok("c0.de-1"), "{text}");
        }
    }

    #[test]
    fn what_another_login_led_to_is_refused() {
        let login = login();
        let state = &login.state;
        for text in ["", "two words", "http://127.0.0.1:8765/back?code=c", "code=c&state=other"] {
            assert_eq!(code(&login, text), Err(ErrorKind::InvalidInput), "{text}");
        }
        assert_eq!(code(&login, &format!("state={state}&code=")), Err(ErrorKind::InvalidInput));
        let denied = format!("/back?error=access_denied&state={state}");
        assert_eq!(code(&login, &denied), Err(ErrorKind::PermissionDenied));
    }
}
