//! The same command, whose Guildhall is a fake in the process and new at each run.

use std::sync::Arc;

use orgport::Kind;
use orgport_core::config::ProviderConfig;
use orgport_core::http::HttpClient;
use orgport_core::{AccountName, Configured, Guard};
use orgport_guildhall::fake::Fake;
use orgport_guildhall::{Guildhall, best_capability};

fn main() {
    let kind = Kind::new(Guildhall::KIND, |mut config: ProviderConfig, settings| {
        let fake = Fake::new(Arc::clone(&config.clock));
        let keeper = AccountName::new("keeper")?;
        fake.add_hall("Acme", &keeper);
        config.auth = Some(fake.log_in(&keeper));
        config.client = Some(HttpClient::new(fake.service()));
        Guard::<Guildhall>::new(config, settings)
    });
    let kind = kind.with_auth_types(Guildhall::AUTH_TYPES).with_best_capability(best_capability);
    orgport_cli::main_with([Guildhall::EXAMPLE.into_iter().fold(kind, Kind::with_example)])
}
