//! The mail ledger: every mail that a vendor would have sent, instead of sending it.

use std::sync::Mutex;
use std::time::SystemTime;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why a vendor mailed a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MailKind {
    /// An invitation was created.
    Invite,
    /// An existing invitation was sent once more.
    Resend,
    /// An existing account was added at once and told so.
    Added,
    /// Somebody is told of a change: an invitation was cancelled, a membership was ended or raised.
    Notice,
    /// Somebody is asked to confirm what they began; the link ends in what confirms it.
    Confirmation,
}

/// One mail that a vendor would have sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mail {
    /// The vendor's path in the sandbox, for example `koyeb`.
    pub vendor: String,
    /// The organization's id, in the vendor's own form (Jaqpot: its name).
    pub organization: String,
    /// The address as the vendor wrote it on the envelope.
    pub email: String,
    /// Why it was sent.
    pub kind: MailKind,
    pub(crate) at: Timestamp,
    /// The link or token that only the mail holds, where the vendor has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Mail {
    /// When it was sent, by the sandbox's clock.
    pub fn at(&self) -> SystemTime {
        self.at.into()
    }
}

#[derive(Debug, Default)]
pub(crate) struct MailLedger(Mutex<Vec<Mail>>);

impl MailLedger {
    pub(crate) fn record(&self, mail: Mail) {
        self.0.lock().expect("mail lock").push(mail);
    }

    pub(crate) fn all(&self) -> Vec<Mail> {
        self.0.lock().expect("mail lock").clone()
    }

    pub(crate) fn clear(&self) {
        self.0.lock().expect("mail lock").clear();
    }
}
