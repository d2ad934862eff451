//! `orgport providers`

use orgport::{Config, Provider};
use serde::Serialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Column, Record};

/// One configured provider.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    /// None where this build does not know the configured one.
    kind: Option<&'static str>,
    organization: Option<String>,
    default: bool,
    /// Why it cannot be used as it is configured.
    error: Option<String>,
}

impl<'a> Row<'a> {
    fn new(config: &Config, name: &'a str) -> Self {
        let kind = config.kind_of(name).ok();
        let default = config.default_name().is_ok_and(|default| default == name);
        let (organization, error) = match config.provider(Some(name)) {
            Ok(provider) => (provider.default_organization().map(ToString::to_string), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self { name, kind, organization, default, error }
    }
}

impl Record for Row<'_> {
    const COLUMNS: &'static [Column] = &[
        Column::text("name"),
        Column::word("kind"),
        Column::id("organization"),
        Column::word("default"),
        Column::prose("error"),
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.name.to_owned(),
            self.kind.unwrap_or_default().to_owned(),
            self.organization.clone().unwrap_or_default(),
            if self.default { "yes".to_owned() } else { String::new() },
            self.error.clone().unwrap_or_default(),
        ]
    }
}

pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let config = context.config()?;
    let mut list = context.printer().list::<Row<'_>>()?;
    for name in config.names() {
        list.push(&Row::new(&config, name))?;
    }
    list.end()
}
