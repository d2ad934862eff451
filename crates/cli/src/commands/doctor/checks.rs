//! The checks of one provider, each as soon as those before it allow.

use std::collections::BTreeMap;
use std::time::Duration;

use orgport::auth::kept_token;
use orgport::http::{Probe, Transport};
use orgport::{
    AnyProvider, Config, Error, ErrorKind, InvitationFilter, Invitations, Members, Operation, OrganizationId,
    Organizations, Provider, Support, Timestamp, UnnamedRole, find,
};
use tokio::net::lookup_host;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::finding::Finding;
use crate::context::Context;
use crate::state::token_place;
use crate::text;

/// Signatures and expiries tolerate less than a clock's usual error.
const SKEW: Duration = Duration::from_mins(1);
/// How long a name may take to resolve.
const RESOLVING: Duration = Duration::from_secs(3);

/// One provider under examination.
pub(super) struct Examination<'a> {
    context: &'a Context,
    config: &'a Config,
    name: &'a str,
    deadline: Instant,
    findings: Vec<Finding>,
}

impl<'a> Examination<'a> {
    pub(super) fn new(context: &'a Context, config: &'a Config, name: &'a str, deadline: Instant) -> Self {
        Self { context, config, name, deadline, findings: Vec::new() }
    }

    /// Does all checks that make sense.
    pub(super) async fn run(mut self) -> Vec<Finding> {
        if let Some(provider) = self.configuration() {
            if self.reached(&provider).await && self.access(&provider).await {
                self.organization(&provider).await;
            }
            self.settings(&provider);
            self.capability(&provider);
        }
        self.findings
    }

    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.findings.push(Finding::ok(Some(self.name), check, message));
    }

    fn warn(&mut self, check: &'static str, message: impl Into<String>, advice: impl Into<String>) {
        self.findings.push(Finding::warning(Some(self.name), check, message, advice));
    }

    fn fail(&mut self, check: &'static str, error: &Error) {
        self.findings.push(Finding::failed(Some(self.name), check, error));
    }

    /// What a request answers, if it does so in time.
    async fn in_time<T>(&self, request: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        timeout_at(self.deadline, request).await.unwrap_or_else(|_| {
            let error = Error::new(ErrorKind::Timeout, "no answer came in the time of an examination");
            Err(error.from_provider(self.name))
        })
    }

    /// Says whether there is somebody to ask.
    async fn reached(&mut self, provider: &AnyProvider) -> bool {
        match provider.transport() {
            Some(transport) => {
                self.token_store(transport).await;
                self.connection(transport).await
            }
            // It is in this process.
            None => true,
        }
    }

    /// File, keys and secrets.
    fn configuration(&mut self) -> Option<AnyProvider> {
        match self.config.provider(Some(self.name)) {
            Ok(provider) => {
                let place = self
                    .config
                    .file()
                    .map_or_else(|| "the environment".to_owned(), |file| file.display().to_string());
                let credential = match self.config.auth_type(self.name) {
                    Some(kind) => format!("{kind} credential found"),
                    None => "no credential needed".to_owned(),
                };
                self.ok("configuration", format!("{} in {place}, {credential}", provider.kind()));
                let own = format!("providers.{}.", self.name);
                for found in
                    self.config.warnings().into_iter().filter(|found| found.setting.starts_with(&own))
                {
                    self.warn("secret", format!("{} {}", found.setting, found.message), found.advice);
                }
                Some(provider)
            }
            Err(error) => {
                self.fail("configuration", &error);
                None
            }
        }
    }

    /// Settings without which something is refused later.
    fn settings(&mut self, provider: &AnyProvider) {
        let table = format!("[providers.{}]", self.name);
        for (key, operation) in self.config.missing_settings(self.name) {
            let what = format!("{key} is not set, so {operation} will be refused");
            self.warn("settings", what, format!("set {key} in {table}"));
        }
        let capability = provider.capability();
        let invites = capability.support(Operation::Invite).works();
        if invites && capability.unnamed_role == UnnamedRole::Required && provider.default_role().is_none() {
            let roles: Vec<_> = capability.roles_at_invite.iter().map(ToString::to_string).collect();
            let advice =
                format!("name a role with each, or set default_role in {table}: {}", roles.join(", "));
            self.warn(
                "settings",
                "default_role is not set, so invitations without a role are refused",
                advice,
            );
        }
    }

    /// What will not work, whatever the rights.
    fn capability(&mut self, provider: &AnyProvider) {
        let mut refused = BTreeMap::<&str, Vec<&str>>::new();
        for operation in Operation::ALL {
            if let Support::Unsupported { because } = provider.capability().support(*operation) {
                refused.entry(because).or_default().push(operation.as_str());
            }
        }
        if refused.is_empty() {
            self.ok("capability", "every operation is supported");
        }
        for (because, operations) in refused {
            self.ok("capability", format!("without {}: {because}", operations.join(", ")));
        }
    }

    /// Where tokens are kept, if this credential has any.
    async fn token_store(&mut self, transport: &Transport) {
        if !matches!(self.config.auth_type(self.name), Some("oauth2" | "login")) {
            return;
        }
        let Some(place) = token_place(self.config).ok().flatten() else {
            let what = "there is no place for tokens, so that none is renewed by one that can be used once";
            self.warn("token_store", what, "let ORGPORT_STATE name a directory");
            return;
        };
        match kept_token(transport).await {
            Ok(Some(token)) => {
                let end = token.expires_at.map(|end| format!(", which ends {end}")).unwrap_or_default();
                self.ok("token_store", format!("a token is kept in {place}{end}"));
            }
            Ok(None) => self.ok("token_store", format!("{place} has no token for this credential yet")),
            Err(error) => self.fail("token_store", &error),
        }
    }

    /// Name, network, TLS and clock. Says whether anybody answers.
    async fn connection(&mut self, transport: &Transport) -> bool {
        let url: Url = transport.base_url().as_str().parse().expect("it was checked");
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
        let (name, probe) = tokio::join!(resolve(host, port, self.deadline), self.in_time(transport.probe()));
        match (name, &probe) {
            (Ok(addresses), _) => self.ok("name", format!("{host} is {addresses}")),
            (Err(_), Ok(_)) => self.ok("name", format!("{host} is left to the proxy")),
            (Err(error), Err(_)) => self.fail("name", &error.from_provider(self.name)),
        }
        match probe {
            Ok(Probe { status, date, .. }) => {
                let tls = if url.scheme() == "https" { " with TLS" } else { "" };
                self.ok("connection", format!("{host}:{port} answers{tls} (HTTP {status})"));
                self.clock(date, transport.clock().now());
                true
            }
            Err(error) => {
                self.fail("connection", &error);
                false
            }
        }
    }

    fn clock(&mut self, theirs: Option<Timestamp>, ours: Timestamp) {
        let Some(theirs) = theirs else {
            return self.ok("clock", "the vendor does not tell its time");
        };
        let (behind, ahead) = (theirs.saturating_since(ours), ours.saturating_since(theirs));
        let skew = behind.max(ahead);
        if skew <= SKEW {
            return self.ok("clock", "in step with the vendor's");
        }
        let word = if ahead > behind { "ahead of" } else { "behind" };
        let what = format!("this machine's clock is {} {word} the vendor's", text::duration(skew));
        self.warn("clock", what, "set the clock: tokens are renewed and invitations judged by it");
    }

    /// Whether the credential is accepted, and whose it is.
    async fn access(&mut self, provider: &AnyProvider) -> bool {
        let accepted = self.in_time(first_read(provider)).await;
        if let Err(error) = accepted {
            let finding = Finding::failed(Some(self.name), "access", &error);
            // An API that does not know its own lists is another one.
            let strange =
                matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput | ErrorKind::Protocol);
            let advice = "check base_url: what answers is not the vendor's API";
            self.findings.push(if strange { finding.advised(advice) } else { finding });
            return false;
        }
        let whose = match self.in_time(provider.get_identity()).await {
            Ok(identity) if !identity.is_person => {
                "the credential is accepted; it stands for an organization, not for a person".to_owned()
            }
            Ok(identity) => match identity.email {
                Some(email) => format!("the credential of {email} is accepted"),
                None => "the credential is accepted".to_owned(),
            },
            Err(_) => "the credential is accepted".to_owned(),
        };
        self.ok("access", whose);
        true
    }

    /// The organization, and what the credential may see there.
    async fn organization(&mut self, provider: &AnyProvider) {
        let named = self.context.options.org.as_deref();
        let Some(wanted) = named.or(provider.default_organization().map(OrganizationId::as_str)) else {
            let advice = format!("set organization in [providers.{}], or pass --org each time", self.name);
            return self.warn("organization", "none is configured", advice);
        };
        let id = match self.in_time(find::organization(provider, wanted)).await {
            Ok(found) => {
                self.ok("organization", format!("{} ({}) is found", found.name, found.id));
                found.id
            }
            // It may still be used: some credentials cannot look at it.
            Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::PermissionDenied) => {
                let advice = "what follows says what can be seen in it all the same";
                self.warn("organization", error.to_string(), advice);
                match OrganizationId::new(wanted) {
                    Ok(id) => id,
                    Err(_) => return,
                }
            }
            Err(error) => return self.fail("organization", &error),
        };
        let all = InvitationFilter::all();
        let (members, invitations) = tokio::join!(
            self.in_time(provider.list_members(&id, None)),
            self.in_time(provider.list_invitations(&id, &all, None)),
        );
        self.right("members", members.map(drop));
        self.right("invitations", invitations.map(drop));
    }

    fn right(&mut self, check: &'static str, seen: Result<(), Error>) {
        match seen {
            Ok(()) => self.ok(check, "can be listed"),
            // `capability` has said it.
            Err(error) if error.kind() == ErrorKind::Unsupported => {}
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let advice = "use the credential of somebody who administers the organization";
                self.warn(check, error.to_string(), advice);
            }
            Err(error) => self.fail(check, &error),
        }
    }
}

/// The addresses behind a name.
async fn resolve(host: &str, port: u16, deadline: Instant) -> Result<String, Error> {
    let wrong = |what: String| Err(Error::new(ErrorKind::Connection, what));
    let plain = host.trim_matches(['[', ']']);
    let by = deadline.min(Instant::now() + RESOLVING);
    match timeout_at(by, lookup_host((plain, port))).await {
        Ok(Ok(addresses)) => {
            let shown: Vec<_> = addresses.map(|address| address.ip().to_string()).collect();
            if shown.is_empty() { wrong(format!("{host} has no address")) } else { Ok(shown.join(", ")) }
        }
        Ok(Err(error)) => wrong(format!("{host} cannot be resolved ({error})")),
        Err(_) => wrong(format!("{host} is not resolved in time")),
    }
}

/// Reads something, whatever this credential can read.
async fn first_read(provider: &AnyProvider) -> Result<(), Error> {
    let can = |operation| provider.capability().support(operation).works();
    let organization = provider.default_organization();
    match organization {
        _ if can(Operation::ListOrganizations) => provider.list_organizations(None).await.map(drop),
        Some(id) if can(Operation::GetOrganization) => provider.get_organization(id).await.map(drop),
        Some(id) if can(Operation::ListMembers) => provider.list_members(id, None).await.map(drop),
        // Answers why not.
        _ => provider.list_organizations(None).await.map(drop),
    }
}
