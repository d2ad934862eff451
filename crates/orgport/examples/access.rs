//! Who can get in where: reads an organization at each of several vendors side by side, and tells what
//! stands out. Here the vendors are the sandbox's.
//!
//! Prints:
//!
//! ```text
//! ada                    koyeb      member  owner
//! Ada Example            nuextract  member  other:admin
//! Adam Admin             trieve     member  admin
//! Alex Admin             losant     member  admin
//! Bob Example            nuextract  member
//! Eddy Editor            losant     member  editor
//! Eleni Markou           jaqpot     member  owner
//! nikos                  jaqpot     member  member
//! Olive Owner            trieve     member  owner
//! Vera Viewer            losant     member  viewer
//! @ada                   github     member  owner
//! sole_owner: @ada is the only owner of acme (github)
//! sole_owner: Eleni Markou <eleni@jaqpot.example> is the only owner of tox-lab (jaqpot)
//! sole_owner: ada <ada@acme.example> is the only owner of acme (koyeb)
//! sole_owner: Alex Admin <admin@losant.example> is the only admin of Sandbox Organization (losant)
//! sole_owner: Olive Owner <owner@acme.example> is the only owner of acme (trieve)
//! role_unknown: the role of Ada Example <ada@nuextract.example> at Example Organization (nuextract) is "admin", which has no neutral word
//! role_unknown: the role of Bob Example <bob@nuextract.example> at Example Organization (nuextract) is not shown
//! no_address: @ada at acme (github) shows no address and cannot be matched with anybody
//! everything was read: true
//! as one page, for people: true
//! requests: 19
//! ```

use std::sync::Arc;

use orgport::roster::access::Report;
use orgport::roster::{Scope, Target, html, locate, observe};
use orgport::{Config, Error, Role, SystemClock};
use orgport_sandbox::Sandbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    // A program of yours has a file: Config::load("orgport.toml"). What only reads should not be able
    // to do more.
    let config = Config::from_toml(&sandbox.configuration_toml())?;
    let config = config.with_settings(|settings| {
        settings.read_only = true;
        Ok(())
    });

    // Scope::All would be every organization that the credential lists.
    let targets: Result<Vec<_>, Error> = config
        .names()
        .map(|name| Ok(Target::new(Arc::new(config.provider(Some(name))?), Scope::Configured)))
        .collect();
    let (places, missed) = locate(&targets?).await;
    let snapshots = observe(&places, &SystemClock::new()).await;
    let report = Report::of(&snapshots, &missed);

    for row in &report.rows {
        let role = row.role.as_ref().map(Role::to_string).unwrap_or_default();
        let line = format!("{:<22} {:<10} {:<7} {role}", row.person, row.place, row.state.to_string());
        println!("{}", line.trim_end());
    }
    for finding in &report.findings {
        println!("{}: {}", finding.kind, finding.sentence);
    }
    // What could not be read would be told above, and never looks like nobody.
    println!("everything was read: {}", report.is_whole());

    let page = html::page(&report, env!("CARGO_PKG_VERSION"));
    println!("as one page, for people: {}", page.starts_with("<!doctype html>"));
    println!("requests: {}", sandbox.requests().len());
    Ok(())
}
