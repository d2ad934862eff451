//! `orgport doctor`

mod checks;
mod finding;

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use orgport::{Config, Error};
use tokio::time::Instant;

use self::checks::Examination;
use self::finding::{Finding, Line};
use crate::context::Context;
use crate::failure::{self, Failure};
use crate::options::Format;

/// When the last answer must be there, whatever the network does.
const PATIENCE: Duration = Duration::from_secs(9);
/// Limits on one request, so that several fit into it.
const CONNECTING: Duration = Duration::from_secs(2);
const ANSWERING: Duration = Duration::from_secs(4);

/// Examines every provider, or the one that was named, and prints what is found. Only reads.
///
/// # Errors
///
/// With the exit code of the first failed check.
pub(crate) async fn run(context: &Context) -> Result<(), Failure> {
    let for_people = context.format() == Format::Table;
    let printer = context.printer();
    let mut list = if for_people { printer.list::<Line<'_>>()? } else { printer.list::<Finding>()? };
    let mut code = None;
    let mut print = |finding: Finding| -> Result<(), Failure> {
        code = code.or(finding.error_kind().map(failure::exit_code));
        if for_people { list.push(&Line(&finding)) } else { list.push(&finding) }
    };
    match prepared(context) {
        Err(error) => print(Finding::failed(None, "configuration", &error))?,
        Ok((config, names)) => {
            print(state(&config).await)?;
            let examine = |name| Examination::new(context, &config, name, Instant::now() + PATIENCE).run();
            let mut findings: FuturesOrdered<_> = names.iter().map(|name| examine(name)).collect();
            while let Some(findings) = findings.next().await {
                findings.into_iter().try_for_each(&mut print)?;
            }
        }
    }
    list.end()?;
    code.map_or(Ok(()), |code| Err(Failure::Said(code)))
}

/// What the runs of the command share.
async fn state(config: &Config) -> Finding {
    let coordination = match config.coordination() {
        Ok(coordination) => coordination,
        Err(error) => return Finding::failed(None, "state", &error),
    };
    let Some(store) = coordination.store() else {
        let what = "there is no state directory: a second mail is prevented within one run alone";
        return Finding::warning(
            None,
            "state",
            what,
            "let ORGPORT_STATE name a directory that can be written",
        );
    };
    match store.hash_key().await {
        Ok(_) => Finding::ok(None, "state", format!("all runs share {}", store.describe())),
        Err(error) => Finding::failed(None, "state", &error),
    }
}

/// The configuration with limits that let nobody wait, and the names to examine.
fn prepared(context: &Context) -> Result<(Config, Vec<String>), Error> {
    let config = context.config()?.with_settings(|settings| {
        settings.read_only = true;
        settings.http.connect_timeout = settings.http.connect_timeout.min(CONNECTING);
        settings.http.attempt_timeout = settings.http.attempt_timeout.min(ANSWERING);
        settings.http.max_wait = settings.http.max_wait.min(CONNECTING);
        settings.http.read_attempts = 1;
        Ok(())
    });
    let names = match &context.options.provider {
        Some(name) => {
            config.kind_of(name)?;
            vec![name.clone()]
        }
        None => config.names().map(str::to_owned).collect(),
    };
    Ok((config, names))
}
