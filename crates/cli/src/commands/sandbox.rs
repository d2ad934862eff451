//! `orgport sandbox`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::context::Context;
use crate::failure::Failure;
use crate::written::write_again;

/// The first line of a configuration that is written to a file: the next sandbox may replace it.
const HEAD: &str = "# Written by `orgport sandbox --write`, which replaces it.";

/// The default provider of the printed configuration, unless another one is named: the vendor that
/// can do most.
const DEFAULT: &str = "losant";

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port of the vendors' APIs; a free one if not given.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The port of the authorization server; a free one if not given.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    auth_port: u16,
    /// Write the configuration to this file instead of printing it. A file that no sandbox has written
    /// is not overwritten.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

impl Sandbox {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let sandbox = orgport_sandbox::Sandbox::builder().port(self.port).auth_port(self.auth_port);
        let sandbox = sandbox
            .start()
            .await
            .map_err(|error| Failure::Other(format!("the sandbox does not start: {error}")))?;
        let default = context.options.provider.as_deref().unwrap_or(DEFAULT);
        sandbox.identity(default).map_err(|error| Failure::usage(error.to_string()))?;
        let configuration = sandbox.configuration_toml();
        let configuration = format!("default_provider = \"{default}\"\n\n{configuration}");
        let saved = if let Some(file) = &self.write {
            let control = sandbox.control_url();
            write_again(file, &format!("{HEAD}\n# Control: {control}\n{configuration}"))?;
            format!("{} reaches the sandbox.", file.display())
        } else {
            let mut stdout = io::stdout();
            // In one piece, so that whoever reads it has it whole.
            stdout.write_all(configuration.as_bytes())?;
            stdout.flush()?;
            "The configuration above reaches the sandbox; --write orgport.toml saves it.".to_owned()
        };
        context.console.note(&format!(
            "{saved}\nControl: {}. Ctrl-C ends it and forgets everything.",
            sandbox.control_url()
        ));
        context.interrupt.asked().await;
        sandbox.stop().await;
        Ok(())
    }
}
