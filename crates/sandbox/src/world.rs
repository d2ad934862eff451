//! What all simulators share: time, ids, tokens and the mail ledger.

use std::time::Duration;

use crate::clock::Clock;
use crate::ids::Ids;
use crate::mail::{Mail, MailKind, MailLedger};
use crate::tokens::Tokens;

/// One sandbox's world. Simulators hold it in an `Arc` and keep their own data beside it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) tokens: Tokens,
    pub(crate) mail: MailLedger,
    pub(crate) options: Options,
}

/// Where a vendor's documents are silent or a test wants to choose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// How long access tokens of the authorization server live.
    pub(crate) access_token_life: Duration,
    /// `NuExtract`: whether inviting an existing account adds it at once.
    pub(crate) nuextract_adds_accounts: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { access_token_life: Duration::from_mins(5), nuextract_adds_accounts: false }
    }
}

impl World {
    pub(crate) fn new(clock: Clock, seed: u64) -> Self {
        Self {
            clock,
            ids: Ids::new(seed),
            tokens: Tokens::new(seed),
            mail: MailLedger::default(),
            options: Options::default(),
        }
    }

    /// Records a mail that the vendor would send now.
    pub(crate) fn send_mail(
        &self,
        vendor: &str,
        organization: &str,
        email: &str,
        kind: MailKind,
        link: Option<String>,
    ) {
        self.mail.record(Mail {
            vendor: vendor.to_owned(),
            organization: organization.to_owned(),
            email: email.to_owned(),
            kind,
            at: self.clock.now(),
            link,
        });
    }
}
