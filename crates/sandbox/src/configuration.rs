//! The ready configuration that the sandbox prints.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::vendor::Identity;

#[derive(Serialize)]
struct Configuration<'a> {
    providers: BTreeMap<&'a str, Provider<'a>>,
}

#[derive(Serialize)]
struct Provider<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'a str>,
    #[serde(flatten)]
    settings: Map<String, Value>,
    auth: Value,
}

/// One provider per vendor, for the first identity of each.
pub(crate) fn toml(identities: &[Identity]) -> String {
    let mut providers = BTreeMap::new();
    for identity in identities {
        providers.entry(&*identity.vendor).or_insert_with(|| Provider {
            kind: &identity.vendor,
            organization: identity.organization.as_deref(),
            settings: without_nulls(&identity.settings),
            auth: identity.credential.as_object().map(without_nulls).unwrap_or_default().into(),
        });
    }
    toml::to_string(&Configuration { providers }).expect("tables of text are TOML")
}

/// TOML has no null.
fn without_nulls(table: &Map<String, Value>) -> Map<String, Value> {
    table.iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect()
}
