//! What the story needs around one provider: the mail, the invited people, and bad luck.

use std::sync::{Arc, Mutex};

use orgport::memory::{self, MemoryFault};
use orgport::{
    AnyProvider, Clock, Config, Email, Error, ErrorKind, Operation, OrganizationId, ProviderConfig,
};
use orgport_sandbox::{Fault, FaultId, FaultKind, Identity, MailKind, Sandbox};

use super::clock::SandboxClock;

/// Who is invited.
pub(super) const PEOPLE: [&str; 4] = ["bea", "cem", "dua", "ela"];

/// The person's address.
pub(super) fn person(name: &str) -> Email {
    Email::verbatim(format!("{name}@example.com"))
}

/// One vendor with its people.
pub(super) trait Stage {
    /// The administrator's provider.
    fn provider(&self) -> &AnyProvider;

    /// How many mails this person had.
    fn mails(&self, email: &Email) -> usize;

    /// The provider of an invited person, with the person's own credential.
    ///
    /// # Errors
    ///
    /// If there cannot be one.
    fn person(&self, email: &Email) -> Result<AnyProvider, Error>;

    /// Does what the person does in a browser.
    ///
    /// # Errors
    ///
    /// If there is no invitation.
    fn accept_in_browser(&self, email: &Email, organization: &OrganizationId) -> Result<(), Error>;

    /// Lets the connection break when the vendor has made the next invitation and not yet said so.
    ///
    /// # Errors
    ///
    /// If it cannot be arranged.
    fn lose_next_answer(&self) -> Result<(), Error>;

    /// How many answers were lost so far, where that is counted.
    fn lost_answers(&self) -> Option<u32>;
}

/// A vendor in the sandbox.
pub(super) struct Vendor {
    sandbox: Arc<Sandbox>,
    clock: Arc<SandboxClock>,
    name: String,
    provider: AnyProvider,
    fault: Mutex<Option<FaultId>>,
}

impl Vendor {
    pub(super) fn new(sandbox: &Arc<Sandbox>, clock: &Arc<SandboxClock>, name: &str) -> Result<Self, Error> {
        let administrator = sandbox.identity(name).map_err(refused)?;
        Ok(Self {
            sandbox: Arc::clone(sandbox),
            clock: Arc::clone(clock),
            name: name.to_owned(),
            provider: provider(&administrator, name, clock)?,
            fault: Mutex::default(),
        })
    }
}

/// The provider of one of the sandbox's accounts, configured as from the environment.
fn provider(identity: &Identity, name: &str, clock: &Arc<SandboxClock>) -> Result<AnyProvider, Error> {
    let table = format!("ORGPORT__PROVIDERS__{}", name.to_uppercase());
    let mut variables = vec![(format!("{table}__KIND"), identity.vendor.clone())];
    let mut put = |key: String, value: &serde_json::Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if !value.is_null() {
            variables.push((format!("{table}__{}", key.to_uppercase()), text));
        }
    };
    identity.settings.iter().for_each(|(key, value)| put(key.clone(), value));
    let credential = identity.credential.as_object().into_iter().flatten();
    credential.for_each(|(key, value)| put(format!("auth__{key}"), value));
    put("organization".to_owned(), &identity.organization.as_deref().into());
    let config = Config::load_with(None, variables)?.with_clock(Arc::clone(clock) as Arc<dyn Clock>);
    config.provider(None)
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Conflict, error.to_string()).with_source(error)
}

impl Stage for Vendor {
    fn provider(&self) -> &AnyProvider {
        &self.provider
    }

    fn mails(&self, email: &Email) -> usize {
        let mails = self.sandbox.mail().into_iter().filter(|mail| mail.kind != MailKind::Notice);
        mails.filter(|mail| mail.vendor == self.name && Email::verbatim(&mail.email) == *email).count()
    }

    fn person(&self, email: &Email) -> Result<AnyProvider, Error> {
        let identity = self.sandbox.add_user(&self.name, email.as_str()).map_err(refused)?;
        provider(&identity, "invitee", &self.clock)
    }

    fn accept_in_browser(&self, email: &Email, organization: &OrganizationId) -> Result<(), Error> {
        self.sandbox.accept(&self.name, email.as_str(), organization.as_str()).map_err(refused)
    }

    fn lose_next_answer(&self) -> Result<(), Error> {
        // Looking is GET on all of them, and inviting is POST.
        let fault = Fault::new(self.name.as_str(), FaultKind::ResetAfter).method("POST");
        let id = self.sandbox.fault(fault).map_err(refused)?;
        *self.fault.lock().expect("no holder panics") = Some(id);
        Ok(())
    }

    fn lost_answers(&self) -> Option<u32> {
        let fault = *self.fault.lock().expect("no holder panics");
        Some(fault.map_or(0, |id| self.sandbox.fired(id)))
    }
}

/// The provider that keeps everything in process.
pub(super) struct Memory {
    memory: memory::Memory,
    provider: AnyProvider,
}

impl Memory {
    pub(super) fn new(clock: &Arc<SandboxClock>) -> Result<Self, Error> {
        let memory = memory::Memory::with_clock(Arc::clone(clock) as Arc<dyn Clock>);
        let owner = memory.provider(&Email::parse("owner@memory.example")?);
        let organization = memory.add_organization("home", owner.adapter().email())?;
        let config = ProviderConfig::new("memory").organization(organization);
        let provider = memory.provider_with(owner.adapter().email(), config)?.into();
        Ok(Self { memory, provider })
    }
}

impl Stage for Memory {
    fn provider(&self) -> &AnyProvider {
        &self.provider
    }

    fn mails(&self, email: &Email) -> usize {
        self.memory.mails().iter().filter(|mail| mail.email == *email).count()
    }

    fn person(&self, email: &Email) -> Result<AnyProvider, Error> {
        Ok(self.memory.provider(email).into())
    }

    fn accept_in_browser(&self, _email: &Email, _organization: &OrganizationId) -> Result<(), Error> {
        Err(Error::new(ErrorKind::Unsupported, "memory has no browser"))
    }

    fn lose_next_answer(&self) -> Result<(), Error> {
        self.memory.fault(MemoryFault::ReplyLost, Operation::Invite, 1);
        Ok(())
    }

    fn lost_answers(&self) -> Option<u32> {
        None
    }
}
