//! Proof by peers: the vendors' own client libraries and ours do the same on one sandbox.
//!
//! For every official client it runs the driver beside this folder, which makes all of the client's
//! calls and asserts what comes back; makes each call again with our typed client in the same state,
//! and compares what reached the sandbox; and lets both sides work on each other's invitations.
//! `tests/peers/run` prepares what it needs.

mod allowed;
mod cross;
mod driver;
mod ours;
mod setup;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use orgport_sandbox::Sandbox;

use crate::allowed::Allowances;
use crate::driver::{Client, Coverage, Note, Official};

/// Longer than a run: official clients do not renew their tokens.
const TOKEN_LIFE: Duration = Duration::from_hours(24 * 365);

type Failure = Box<dyn std::error::Error>;

/// What is printed of one client.
#[derive(Default)]
struct Row {
    client: &'static str,
    calls: usize,
    passed: usize,
    allowed: usize,
    crossings: usize,
}

/// Everything that went wrong, and everything that is worth saying.
#[derive(Default)]
struct Log {
    failures: Vec<String>,
    remarks: Vec<String>,
}

impl Log {
    fn failure(&mut self, client: &Client, text: impl AsRef<str>) {
        self.failures.push(format!("{}: {}", client.name, text.as_ref()));
    }

    fn remark(&mut self, client: &Client, text: impl AsRef<str>) {
        let remark = format!("{}: {}", client.name, text.as_ref());
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let (mut rows, mut log, mut allowances) = (Vec::new(), Log::default(), Allowances::default());
    for client in driver::CLIENTS {
        let sandbox = Sandbox::builder().access_token_life(TOKEN_LIFE).start().await?;
        let mut row = Row { client: client.name, ..Row::default() };
        if let Err(error) = examine(client, &sandbox, &mut row, &mut allowances, &mut log).await {
            log.failure(client, format!("cannot be examined: {error}"));
        }
        rows.push(row);
        sandbox.stop().await;
    }
    log.failures.extend(allowances.unused().map(|unused| format!("no call needed the allowance {unused}")));
    print(&rows, &log, &allowances);
    Ok(if log.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn examine(
    client: &'static Client,
    sandbox: &Sandbox,
    row: &mut Row,
    allowances: &mut Allowances,
    log: &mut Log,
) -> Result<(), Failure> {
    // The replay begins like this too, so that both meet the same ids and tokens.
    sandbox.reset().await?;
    let notes = driver::drive(client, sandbox).await?;
    sandbox.reset().await?;
    let mut complete = false;
    for note in notes {
        match note {
            Note::Control { path, body } => {
                if let Err(error) = setup::control(sandbox, &path, &body).await {
                    log.failure(client, format!("{path} cannot be replayed: {error}"));
                }
            }
            Note::Coverage(coverage) => {
                complete = true;
                report(client, &coverage, log);
            }
            Note::Call(official) => {
                row.calls += 1;
                let (failures, differences) = compare(client, sandbox, &official, allowances).await;
                row.passed += usize::from(failures.is_empty());
                row.allowed += differences;
                for text in failures {
                    log.failure(client, format!("{}: {text}", official.call));
                }
            }
        }
    }
    if !complete {
        log.failure(client, "the driver ended before it was done; what it wrote to standard error says why");
    }
    sandbox.reset().await?;
    row.crossings = cross::play(client, sandbox, log).await?;
    Ok(())
}

fn report(client: &Client, coverage: &Coverage, log: &mut Log) {
    for name in &coverage.forgotten {
        log.failure(client, format!("{name}: not driven"));
    }
    for name in &coverage.stale {
        log.failure(client, format!("{name}: excluded or driven, and not there or not needed"));
    }
    for reason in &coverage.excluded {
        log.remark(client, format!("not driven: {reason}"));
    }
}

/// Makes a call again with our client, and answers what failed and how many differences are allowed.
async fn compare(
    client: &Client,
    sandbox: &Sandbox,
    official: &Official,
    allowances: &mut Allowances,
) -> (Vec<String>, usize) {
    let mut failures: Vec<_> = official.problem.iter().cloned().collect();
    let Some(request) = &official.request else {
        return (failures, 0);
    };
    sandbox.clear_requests();
    let outcome = match ours::call(client, sandbox, official).await {
        Ok(outcome) => outcome,
        Err(failure) => {
            failures.push(failure.to_string());
            return (failures, 0);
        }
    };
    let requests = sandbox.requests();
    if requests.len() > 1 {
        failures.push(format!("our client sent {} requests", requests.len()));
    }
    let mut allowed = 0;
    for difference in wire::differences(request, requests.first(), outcome.as_ref().err()) {
        if allowances.admit(client.name, &official.call, &difference) {
            allowed += 1;
        } else {
            failures.push(format!("differs in {difference}"));
        }
    }
    (failures, allowed)
}

fn print(rows: &[Row], log: &Log, allowances: &Allowances) {
    log.remarks.iter().for_each(|remark| println!("{remark}"));
    println!("\nallowed differences:");
    allowances.used().for_each(|allowance| println!("  {allowance}"));
    println!(
        "\n{:<20} {:>6} {:>7} {:>20} {:>11}",
        "client", "calls", "passed", "differences allowed", "cross play"
    );
    for Row { client, calls, passed, allowed, crossings } in rows {
        println!("{client:<20} {calls:>6} {passed:>7} {allowed:>20} {crossings:>11}");
    }
    println!();
    log.failures.iter().for_each(|failure| println!("FAILED {failure}"));
    let calls: usize = rows.iter().map(|row| row.calls).sum();
    println!("peers: {} clients, {calls} calls, {} failed", rows.len(), log.failures.len());
}
