//! Whom an invitation names: an e-mail address, or an account at the vendor.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::email::{Email, lower};
use crate::error::{Error, ErrorKind};
use crate::printable::printable;
use crate::text::text_conversions;

const MAX_LENGTH: usize = 254;

/// The name of an account at a vendor, kept as it was written: what the vendor calls a login, a handle
/// or a user name.
///
/// Two names are equal whatever the case of their letters. It is shown and written without the `@`
/// that an [`Invitee`] has.
///
/// ```
/// use orgport_core::AccountName;
///
/// assert_eq!(AccountName::new("Octocat")?, AccountName::new("octocat")?);
/// assert!(AccountName::new("octo cat").is_err());
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(Box<Name>);

/// Apart, since most rows have none and are not to be longer for it.
#[derive(Clone)]
struct Name {
    text: String,
    /// `@` and the name in NFC and lower case: no address that can be mailed begins so.
    key: String,
}

impl AccountName {
    /// Takes a name: 1 to 254 characters without white space, `@`, other marks that stand between names,
    /// and characters that are not seen.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if text.is_empty() || text.chars().count() > MAX_LENGTH || text.contains(is_between_names) {
            let message = format!("{:?} is not the name of an account", printable(&text));
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let key = key_of(&text);
        Ok(Self(Box::new(Name { text, key })))
    }

    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// By what it is told apart from all others: `@` and the name in lower case.
    pub fn key(&self) -> &str {
        &self.0.key
    }
}

fn key_of(name: &str) -> String {
    format!("@{}", lower(name))
}

/// Beyond ASCII, letters and digits alone are names: other characters need not be seen.
fn is_between_names(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || "@,;:<>()\"/\\".contains(c)
        || !(c.is_ascii() || c.is_alphanumeric())
}

/// The keys of all that may be an account's name in a text, whatever stands around it.
pub(crate) fn account_keys(text: &str) -> impl Iterator<Item = String> {
    text.split(is_between_names).filter(|word| !word.is_empty()).map(key_of)
}

impl PartialEq for AccountName {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for AccountName {}

impl std::hash::Hash for AccountName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl TryFrom<String> for AccountName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl FromStr for AccountName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl From<AccountName> for String {
    fn from(name: AccountName) -> Self {
        name.0.text
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountName({:?})", self.as_str())
    }
}

/// Whom an invitation names: an e-mail address, or an account where the vendor invites accounts.
///
/// Written and read as text, an account has an `@` in front, which no address has: `ada@x.io`,
/// `@octocat`. An address and an account are never equal, also where they are one person's.
///
/// ```
/// use orgport_core::{Email, Invitee, NewInvitation};
///
/// let ada = NewInvitation::to(Email::parse("ada@x.io")?);
/// let octocat = NewInvitation::to(Invitee::parse("@octocat")?);
/// assert_eq!(octocat.invitee.account().map(|name| name.as_str()), Some("octocat"));
/// assert_eq!(ada.invitee.to_string(), "ada@x.io");
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Invitee {
    /// Whoever reads the mail that goes there.
    Email(Email),
    /// Whoever has this account.
    Account(AccountName),
}

impl Invitee {
    /// Reads an address, or an account with an `@` in front.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if let Some(name) = text.strip_prefix('@') {
            return AccountName::new(name).map(Self::Account);
        }
        let person = Self::Email(Email::verbatim(text));
        person.check()?;
        Ok(person)
    }

    /// The address, unless it is an account.
    pub fn email(&self) -> Option<&Email> {
        match self {
            Self::Email(email) => Some(email),
            Self::Account(_) => None,
        }
    }

    /// The account's name, unless it is an address.
    pub fn account(&self) -> Option<&AccountName> {
        match self {
            Self::Email(_) => None,
            Self::Account(name) => Some(name),
        }
    }

    /// By what it is told apart from all others: the [key](Email::key) of the address, or `@` and the
    /// account's name in lower case.
    pub fn key(&self) -> &str {
        match self {
            Self::Email(email) => email.key(),
            Self::Account(name) => name.key(),
        }
    }

    /// Says whether it can be invited: an address may be one that was taken
    /// [verbatim](Email::verbatim).
    ///
    /// # Errors
    ///
    /// `InvalidInput` that says what is wrong, and how an account is written if it may be one.
    pub fn check(&self) -> Result<(), Error> {
        let Self::Email(email) = self else { return Ok(()) };
        email.check().map_err(|error| match AccountName::new(email.as_str()) {
            Ok(name) => {
                let message = format!("{}; an account is written @{name}", error.message());
                Error::new(ErrorKind::InvalidInput, message)
            }
            Err(_) => error,
        })
    }

    /// Says whether it stands in a text, whatever stands around it.
    pub fn stands_in(&self, text: &str) -> bool {
        match self {
            Self::Email(email) => email.stands_in(text),
            Self::Account(name) => account_keys(text).any(|key| key == name.key()),
        }
    }

    /// Says whether somebody with this address and this account is meant.
    pub(crate) fn is_one_of(&self, email: Option<&Email>, account: Option<&AccountName>) -> bool {
        match self {
            Self::Email(wanted) => email == Some(wanted),
            Self::Account(wanted) => account == Some(wanted),
        }
    }
}

/// All by which somebody with this address and this account can be named, the address first.
pub(crate) fn invitees(
    email: Option<&Email>,
    account: Option<&AccountName>,
) -> impl Iterator<Item = Invitee> {
    let account = account.cloned().map(Invitee::Account);
    email.cloned().map(Invitee::Email).into_iter().chain(account)
}

impl From<Email> for Invitee {
    fn from(email: Email) -> Self {
        Self::Email(email)
    }
}

impl From<&Email> for Invitee {
    fn from(email: &Email) -> Self {
        Self::Email(email.clone())
    }
}

impl From<AccountName> for Invitee {
    fn from(name: AccountName) -> Self {
        Self::Account(name)
    }
}

impl FromStr for Invitee {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

text_conversions!(Invitee);

impl fmt::Display for Invitee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(email) => fmt::Display::fmt(email, f),
            Self::Account(name) => write!(f, "@{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_account_is_written_with_an_at_in_front_and_a_bare_word_is_nobody() {
        let octocat = Invitee::parse(" @Octocat ").expect("an account");
        assert_eq!(octocat.to_string(), "@Octocat");
        assert_eq!(octocat.key(), "@octocat");
        assert_eq!(Invitee::parse("Ada@X.io").expect("an address").key(), "ada@x.io");
        for (text, says) in [
            ("octocat", "\"octocat\" is not an e-mail address: it has no @; an account is written @octocat"),
            ("ada at x.io", "\"ada at x.io\" is not an e-mail address: it has no @"),
            ("@", "\"\" is not the name of an account"),
            ("@@octocat", "\"@octocat\" is not the name of an account"),
            ("@ada@x.io", "\"ada@x.io\" is not the name of an account"),
            ("@octo\u{200b}cat", "\"octo\\u{200b}cat\" is not the name of an account"),
            ("@octo cat", "\"octo cat\" is not the name of an account"),
        ] {
            assert_eq!(Invitee::parse(text).expect_err(text).message(), says);
        }
    }

    #[test]
    fn an_account_is_found_among_other_words_whatever_their_case() {
        let octocat = Invitee::parse("@octo-cat").expect("an account");
        for text in ["OCTO-CAT", "https://vendor.example/users/octo-cat", "(@octo-cat)", "a, octo-cat"] {
            assert!(octocat.stands_in(text), "{text}");
        }
        for text in ["", "octo", "octo-cats", "octo.cat"] {
            assert!(!octocat.stands_in(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same_person(name in "[a-zA-Z0-9_.-]{1,39}|\\PC{1,8}", email in "[a-z]{1,8}@[a-z]{1,8}\\.[a-z]{2,3}") {
            let email = Invitee::from(Email::parse(&email)?);
            prop_assert_eq!(&Invitee::parse(&email.to_string())?, &email);
            if let Ok(name) = AccountName::new(&*name) {
                let account = Invitee::from(name);
                prop_assert_eq!(&Invitee::parse(&account.to_string())?, &account);
                let json = serde_json::to_string(&account)?;
                prop_assert_eq!(&serde_json::from_str::<Invitee>(&json)?, &account);
                prop_assert_ne!(account.key(), email.key());
            }
        }

        #[test]
        fn no_address_that_can_be_mailed_has_the_key_of_an_account(text in "\\PC{0,12}", at in "@\\PC{0,12}") {
            for text in [text, at] {
                if let Ok(email) = Email::parse(&text) {
                    prop_assert!(!email.key().starts_with('@'), "{}", email);
                }
            }
        }
    }
}
