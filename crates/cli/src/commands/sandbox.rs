//! `orgport sandbox`

use std::io::{self, Write};

use clap::Args;

use super::interrupted;
use crate::failure::Failure;
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port of the vendors' APIs; a free one if not given.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The port of the authorization server; a free one if not given.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    auth_port: u16,
}

impl Sandbox {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let sandbox = orgport_sandbox::Sandbox::builder().port(self.port).auth_port(self.auth_port);
        let sandbox = sandbox
            .start()
            .await
            .map_err(|error| Failure::Other(format!("the sandbox does not start: {error}")))?;
        let mut stdout = io::stdout();
        stdout.write_all(sandbox.configuration_toml().as_bytes())?;
        stdout.flush()?;
        terminal::note(&format!(
            "The configuration above reaches the sandbox; save it, and pass it as --config FILE.\n\
             Control: {}. Ctrl-C ends it and forgets everything.",
            sandbox.control_url()
        ));
        interrupted().await;
        sandbox.stop().await;
        Ok(())
    }
}
