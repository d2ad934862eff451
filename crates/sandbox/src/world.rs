//! What all simulators share: time, ids, tokens and the mail ledger.

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
}

impl World {
    pub(crate) fn new(clock: Clock, seed: u64) -> Self {
        Self { clock, ids: Ids::new(seed), tokens: Tokens::default(), mail: MailLedger::default() }
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
