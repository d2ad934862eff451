//! The conformance suite on a configured provider, at the real vendor.
//!
//! Without more it runs the cases that only read, with a provider that can do nothing else. With
//! `--write ORG --write ORG` it runs all of them in that organization, which they rename, fill and
//! at last delete; it must be made for this, so it has to be named twice.

use std::process::ExitCode;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use orgport::{
    AnyProvider, Config, Error, InvitationFilter, Invitations, Operation, OrganizationId, Provider, stream,
};
use orgport_conformance::{Case, Subject, cases};

const USAGE: &str = "usage: tests/live/run [--provider NAME] [--write ORGANIZATION --write ORGANIZATION]";

/// Where all people of the suite live: a domain that is kept free for ever.
const NOWHERE: &str = ".example";

/// Nothing works after it.
const LAST: &str = "a_deleted_organization_is_gone";

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
struct Wish {
    provider: Option<String>,
    write: Vec<String>,
}

impl Wish {
    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut wish = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--provider" => wish.provider = Some(arguments.next()?),
                "--write" => wish.write.push(arguments.next()?),
                _ => return None,
            }
        }
        Some(wish)
    }

    /// The organization to write in, if there is one.
    fn written(&self) -> Result<Option<OrganizationId>, Failure> {
        match &self.write[..] {
            [] => Ok(None),
            [once, again] if once == again => Ok(Some(OrganizationId::new(once)?)),
            _ => Err("--write changes and deletes the organization: name it twice, in the same words".into()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let Some(wish) = Wish::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return Ok(ExitCode::from(2));
    };
    let written = wish.written()?;
    let config = Config::discover()?;
    let name = wish.provider.as_deref().map_or_else(|| config.default_name(), Ok)?.to_owned();
    let live = if let Some(organization) = written {
        Live { provider: config.provider(Some(&name))?, organization, writes: true }
    } else {
        let provider = read_only(&config, &name)?;
        let organization = provider.default_organization().cloned();
        let organization = organization.ok_or_else(|| format!("set the organization of {name}"))?;
        Live { provider, organization, writes: false }
    };
    let failed = live.run().await?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The provider as configured, and unable to write.
fn read_only(config: &Config, name: &str) -> Result<AnyProvider, Error> {
    let variable = format!("ORGPORT__PROVIDERS__{}__READ_ONLY", name.to_uppercase().replace('-', "_"));
    let variables = std::env::vars().chain([(variable, "true".to_owned())]);
    Config::load_with(config.file().map(Into::into), variables)?.provider(Some(name))
}

struct Live {
    provider: AnyProvider,
    organization: OrganizationId,
    writes: bool,
}

impl Live {
    async fn run(&self) -> Result<usize, Failure> {
        let mut cases = cases();
        cases.retain(|case| self.writes || case.only_reads());
        cases.sort_by_key(|case| case.name() == LAST);
        let mut failed = 0;
        for case in &cases {
            self.prepare(case).await?;
            match case.run(self).await {
                Ok(verdict) => println!("     {}: {verdict}", case.name()),
                Err(failure) => {
                    failed += 1;
                    println!("FAIL {}: {failure}", case.name());
                }
            }
        }
        println!("live: {}, {} cases, {failed} failed", self.provider.name(), cases.len());
        Ok(failed)
    }

    /// Takes back the invitations that the case before has left: each begins where nobody is invited.
    async fn prepare(&self, case: &Case) -> Result<(), Failure> {
        let revokes = self.provider.capability().support(Operation::RevokeInvitation).works();
        if case.only_reads() || !revokes {
            return Ok(());
        }
        let pending = InvitationFilter::pending();
        let rows = stream::invitations(&self.provider, &self.organization, &pending);
        for row in rows.try_collect::<Vec<_>>().await? {
            if row.email.is_some_and(|email| email.key().ends_with(NOWHERE)) {
                self.provider.revoke_invitation(&self.organization, &row.id).await?;
            }
        }
        Ok(())
    }
}

/// Nobody plays the people here: what needs their mail or their browser is not seen.
#[async_trait]
impl Subject for Live {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(self.provider.clone())
    }

    fn organization(&self) -> OrganizationId {
        self.organization.clone()
    }
}
