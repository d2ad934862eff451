//! `orgport api`

use std::io::{self, Write};
use std::path::Path;

use clap::Args;
use orgport::http::Request;
use orgport::{AnyProvider, Error, ErrorKind, OrganizationChoice, OrganizationId, Provider, find};
use serde_json::value::RawValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::input;

#[derive(Debug, Args)]
pub(crate) struct Api {
    /// GET, HEAD, POST, PUT, PATCH or DELETE. Only the first two are tried again.
    method: String,
    /// The path below the base URL, with its query: /v1/organizations?limit=10
    path: String,
    /// The JSON to send: the text itself, `-` for standard input, or @FILE.
    #[arg(long, value_name = "JSON|-|@FILE", allow_hyphen_values = true)]
    body: Option<String>,
}

impl Api {
    pub(crate) async fn run(&self, context: &Context) -> Result<(), Failure> {
        let mut request = Request::typed(&self.method, &self.path)?;
        if let Some(body) = &self.body {
            request = request.json(&json(body)?);
        }
        let provider = context.provider()?;
        let Some(transport) = provider.transport() else {
            let message = format!("there is no API behind a provider of kind {}", provider.kind());
            return Err(Error::new(ErrorKind::Unsupported, message).from_provider(provider.name()).into());
        };
        if let Some(organization) = organization(context, &provider).await? {
            request = provider.for_organization(request, &organization)?;
        }
        if !matches!(&*self.method.to_ascii_uppercase(), "GET" | "HEAD") {
            context.interrupt.stop().begin();
        }
        let response = transport.send(request).await?;
        let mut stdout = io::stdout().lock();
        stdout.write_all(response.body())?;
        Ok(stdout.flush()?)
    }
}

/// The organization, for a vendor that wants it beside the path.
async fn organization(context: &Context, provider: &AnyProvider) -> Result<Option<OrganizationId>, Failure> {
    let beside = provider.capability().organization_choice == OrganizationChoice::PathAndHeader;
    match &context.options.org {
        Some(_) if !beside => Err(Failure::usage(format!(
            "--org says nothing here: {} takes the organization from the path or the credential",
            provider.kind()
        ))),
        Some(org) => Ok(Some(find::organization_id(provider, org).await?)),
        None => Ok(provider.default_organization().filter(|_| beside).cloned()),
    }
}

/// The body as it was given, if it is JSON.
fn json(body: &str) -> Result<Box<RawValue>, Failure> {
    let file = match body {
        "-" => Some(body),
        _ => body.strip_prefix('@'),
    };
    let (place, text) = match file.map(Path::new) {
        Some(file) => (input::name(file), input::read(file)?),
        None => ("--body".to_owned(), body.as_bytes().to_vec()),
    };
    serde_json::from_slice(&text).map_err(|error| Failure::usage(format!("{place} is not JSON: {error}")))
}
