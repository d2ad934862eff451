//! Whom a question is about.

use std::fmt;

use orgport_core::{AccountName, Email, Error, ErrorKind, Invitation, Invitee, Member};
use serde::Serialize;

use crate::access::Row;
use crate::roster::Person;

/// A person as somebody asks for one: by addresses, and by accounts or ids where members show no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Subject {
    /// As it was asked for.
    pub name: String,
    /// The person's addresses.
    pub emails: Vec<Email>,
    /// The names of the person's accounts.
    pub accounts: Vec<AccountName>,
    /// User ids or member ids of the person.
    pub ids: Vec<String>,
    /// At which provider an account is the person's, where that was said: elsewhere the name may be
    /// somebody else's.
    #[serde(skip)]
    providers: Vec<(String, AccountName)>,
}

impl Subject {
    /// Reads an address, an account with an `@` in front, or an id. An account is meant at whatever provider.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for an address that cannot be mailed or an empty text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::new(ErrorKind::InvalidInput, "a person is named by an address or an id"));
        }
        let mut subject = Self {
            name: text.to_owned(),
            emails: Vec::new(),
            accounts: Vec::new(),
            ids: Vec::new(),
            providers: Vec::new(),
        };
        if text.contains('@') {
            let person = Invitee::parse(text)?;
            subject.emails.extend(person.email().cloned());
            subject.accounts.extend(person.account().cloned());
        } else {
            subject.ids.push(text.to_owned());
        }
        Ok(subject)
    }

    /// Somebody whom a roster names, with all addresses and ids, and each account at its provider.
    pub fn of(name: impl Into<String>, person: &Person) -> Self {
        let ids = person.ids.values().map(ToString::to_string).collect();
        let emails = person.addresses().cloned().collect();
        let providers =
            person.accounts.iter().map(|(place, name)| (place.provider().to_owned(), name.clone()));
        let accounts = person.accounts.values().cloned().collect();
        Self { name: name.into(), emails, accounts, ids, providers: providers.collect() }
    }

    /// The person as one provider knows them: without accounts that are the person's at others alone.
    #[must_use]
    pub fn at(&self, provider: &str) -> Self {
        let accounts = self.accounts.iter().filter(|name| self.has_account(name, provider));
        Self { accounts: accounts.cloned().collect(), ..self.clone() }
    }

    fn has_account(&self, account: &AccountName, provider: &str) -> bool {
        let said = |(place, name): &(String, AccountName)| place == provider && name == account;
        self.accounts.contains(account) && (self.providers.is_empty() || self.providers.iter().any(said))
    }

    /// With this address too.
    #[must_use]
    pub fn with_email(mut self, email: Email) -> Self {
        self.emails.push(email);
        self
    }

    /// With this user id or member id too.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.ids.push(id.into());
        self
    }

    /// Whether this address is the person's.
    pub fn has(&self, email: &Email) -> bool {
        self.emails.contains(email)
    }

    /// Whether a member is this person, [at](Self::at) the member's provider.
    pub fn is_member(&self, member: &Member) -> bool {
        member.email.as_ref().is_some_and(|email| self.has(email))
            || self.is_named(member)
            || member.account.as_ref().is_some_and(|name| self.accounts.contains(name))
    }

    /// Whether the member's own id is among the ids.
    pub(crate) fn is_named(&self, member: &Member) -> bool {
        self.ids.iter().any(|id| {
            member.id.as_str() == id || member.user_id.as_ref().is_some_and(|user| user.as_str() == id)
        })
    }

    /// Whether an invitation is to this person, [at](Self::at) its provider.
    pub fn is_invited_by(&self, invitation: &Invitation) -> bool {
        invitation.email.as_ref().is_some_and(|email| self.has(email))
            || invitation.account.as_ref().is_some_and(|name| self.accounts.contains(name))
    }

    /// Whether a row is about this person.
    pub(crate) fn is_at(&self, row: &Row) -> bool {
        let ids = [row.member_id.as_ref().map(AsRef::as_ref), row.user_id.as_ref().map(AsRef::as_ref)];
        row.state.is_person()
            && (row.address.as_ref().is_some_and(|email| self.has(email))
                || row.account.as_ref().is_some_and(|name| self.has_account(name, &row.provider))
                || ids.into_iter().flatten().any(|id: &str| self.ids.iter().any(|own| own == id))
                || self.ids.contains(&row.person))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use orgport_core::MemberId;

    use super::*;
    use crate::roster::Roster;

    #[test]
    fn an_account_of_a_roster_is_its_persons_at_that_provider_alone() {
        let roster = Roster::parse("[people]\nada.account.forge = \"ada-l\"\n").expect("a roster");
        let rostered = Subject::of("ada", roster.person("ada").expect("she is in it"));
        let typed = Subject::parse("@ada-l").expect("an account");
        let mut member = Member::new(MemberId::new("m-1").expect("not empty"));
        member.account = Some(AccountName::new("Ada-L").expect("a name"));
        let is_it = |subject: &Subject| ["forge", "prod"].map(|place| subject.at(place).is_member(&member));
        assert_eq!(Subject::parse("@ada.l").expect("an account").accounts[0].as_str(), "ada.l");
        assert_eq!((is_it(&rostered), is_it(&typed)), ([true, false], [true, true]));
    }
}
