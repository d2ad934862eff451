//! Any file and any variables: a configuration, or an error of that kind.
//!
//! The input is a TOML text, and behind a line `===` one `NAME=value` on each line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgport::{Config, Error, ErrorKind};
use orgport_fuzz::check;

fn read(config: Result<Config, Error>) -> Result<(), Error> {
    let config = config?;
    config
        .names()
        .try_for_each(|name| config.provider(Some(name)).map(|provider| drop(format!("{provider:?}"))))
}

fuzz_target!(|input: &str| {
    // No secret is to be looked for in the files of this machine.
    if input.contains("file:") {
        return;
    }
    let (text, variables) = input.split_once("\n===\n").unwrap_or((input, ""));
    let variables = variables.lines().filter_map(|line| {
        let (name, value) = line.split_once('=')?;
        Some((format!("ORGPORT__{name}"), value.to_owned()))
    });
    for outcome in [read(Config::from_toml(text)), read(Config::load_with(None, variables))] {
        if let Err(error) = outcome {
            assert!(matches!(error.kind(), ErrorKind::Config | ErrorKind::InvalidInput), "{error:?}");
            check(&error);
        }
    }
});
