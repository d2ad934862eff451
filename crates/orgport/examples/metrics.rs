//! Counts requests by provider, route and outcome, from the spans that every request has: a layer of
//! `tracing` that any metrics library can stand behind. Fields are names and numbers; none holds a
//! secret or an address of a person.
//!
//! Prints:
//!
//! ```text
//! attempts_total{provider="lab"} 4
//! requests_total{provider="lab",route="/api/organizations/{organizationId}/members",status="200"} 2
//! requests_total{provider="lab",route="/api/organizations/{organizationId}/members/{userId}",status="404"} 1
//! ```

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use orgport::{Config, Members, OrganizationId};
use orgport_sandbox::{Fault, FaultKind, Sandbox};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// What is counted, by its name and labels.
#[derive(Clone, Default)]
struct Counters(Arc<Mutex<BTreeMap<String, u64>>>);

impl Counters {
    fn add(&self, name: String, count: u64) {
        *self.0.lock().expect("no holder panics").entry(name).or_default() += count;
    }
}

/// The fields of a span.
#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write!(text, "{value:?}").expect("a string takes all");
        self.0.insert(field.name(), text.trim_matches('"').to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counters {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_span() && metadata.target().starts_with("orgport")
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id).filter(|span| span.name() == "request") else { return };
        let extensions = span.extensions();
        let Some(Fields(fields)) = extensions.get::<Fields>() else { return };
        let field = |name| fields.get(name).map_or("", String::as_str);
        let (provider, route, status) = (field("provider"), field("route"), field("status"));
        self.add(
            format!("requests_total{{provider=\"{provider}\",route=\"{route}\",status=\"{status}\"}}"),
            1,
        );
        let attempts = field("attempts").parse().unwrap_or_default();
        self.add(format!("attempts_total{{provider=\"{provider}\"}}"), attempts);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let counters = Counters::default();
    tracing_subscriber::registry().with(counters.clone()).init();

    let sandbox = Sandbox::start().await?;
    sandbox.fault(Fault::new("nuextract", FaultKind::ResetBefore).method("GET"))?;
    let identity = sandbox.identity("nuextract")?;
    let (base_url, token) = (sandbox.base_url("nuextract"), &identity.credential["access_token"]);
    let provider = Config::from_toml(&format!(
        "[providers.lab]\nkind = \"nuextract\"\nbase_url = \"{base_url}\"\n\
         auth = {{ type = \"bearer\", token = {token} }}\n"
    ))?
    .provider(None)?;
    let organization = OrganizationId::new(identity.organization.ok_or("an organization")?)?;

    provider.list_members(&organization, None).await?;
    provider.list_members(&organization, None).await?;
    let nobody = "00000000-0000-0000-0000-000000000000".parse()?;
    provider.remove_member(&organization, &nobody).await.expect_err("there is no such member");

    let counted = counters.0.lock().expect("no holder panics");
    for (name, count) in counted.iter() {
        println!("{name} {count}");
    }
    Ok(())
}
