//! `orgport capabilities`

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use orgport::{Capability, Operation, Provider, Support};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::options::Format;
use crate::output::{Cell, print_table};
use crate::text;

pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    if context.options.provider.is_some() {
        let provider = context.provider()?;
        return one(context, provider.kind(), provider.capability());
    }
    let kinds = context.kinds.best_capabilities();
    match context.format() {
        Format::Json => context.printer().json(&All(&kinds))?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(io::stdout());
            csv.write_record(["operation"].into_iter().chain(kinds.iter().map(|(kind, _)| *kind)))?;
            for operation in Operation::ALL.iter().copied() {
                let words = kinds.iter().map(|(_, capability)| capability.support(operation).as_str());
                csv.write_record([operation.as_str()].into_iter().chain(words))?;
            }
            csv.flush()?;
        }
        Format::Table => {
            for (number, kinds) in kinds.chunks(BESIDE).enumerate() {
                if number > 0 {
                    io::stdout().write_all(b"\n")?;
                }
                print_table(&beside(kinds))?;
            }
            context.console.note(
                "native: one call of the vendor; composed: several calls; -: not at all.\n\
                 This is each vendor at its best; --provider NAME shows what one credential can do, and why.",
            );
        }
    }
    Ok(())
}

/// How many kinds fit a line of eighty columns.
const BESIDE: usize = 6;

/// What several kinds can do, beside each other.
fn beside(kinds: &[(&'static str, Capability)]) -> Vec<Vec<Cell>> {
    let mut lines = vec![vec![Cell::head("operation")]];
    lines[0].extend(kinds.iter().map(|(kind, _)| Cell::head(kind)));
    for operation in Operation::ALL.iter().copied() {
        let mut line = vec![operation.as_str().into()];
        line.extend(kinds.iter().map(|(_, capability)| word(capability.support(operation))));
        lines.push(line);
    }
    lines
}

/// One provider's, with the reasons and the facts.
fn one(context: &Context, kind: &'static str, capability: &Capability) -> Result<(), Failure> {
    let facts = facts(capability);
    match context.format() {
        Format::Json => {
            context.printer().json(&BTreeMap::from([(kind, One { capability, facts: &facts })]))?;
        }
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(io::stdout());
            csv.write_record(["operation", "support", "explanation"])?;
            for operation in Operation::ALL.iter().copied() {
                let support = capability.support(operation);
                csv.write_record([operation.as_str(), support.as_str(), &explanation(support)])?;
            }
            csv.flush()?;
        }
        Format::Table => {
            let mut lines =
                vec![vec![Cell::head("operation"), Cell::head(kind), Cell::head("how, or why not")]];
            for operation in Operation::ALL.iter().copied() {
                let support = capability.support(operation);
                let explanation = explanation(support);
                lines.push(vec![operation.as_str().into(), word(support), explanation.into()]);
            }
            print_table(&lines)?;
            io::stdout().write_all(b"\n")?;
            print_table(&facts.iter().flat_map(|(name, fact)| rows(name, fact)).collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

fn word(support: &Support) -> Cell {
    match support {
        Support::Native => Cell::new("native", AnsiColor::Green.on_default()),
        Support::Composed { .. } => Cell::new("composed", AnsiColor::Yellow.on_default()),
        _ => Cell::new("-", Style::new().dimmed()),
    }
}

fn explanation(support: &Support) -> String {
    match support {
        Support::Composed { how, can_leave_behind: None } => how.to_string(),
        Support::Composed { how, can_leave_behind: Some(what) } => {
            format!("{how}; if a later call fails: {what}")
        }
        Support::Unsupported { because } => because.to_string(),
        _ => String::new(),
    }
}

/// What a caller needs to know before it asks, in the order of reading.
fn facts(capability: &Capability) -> Vec<(&'static str, Value)> {
    let limits = capability.rate_limits.iter().map(|limit| {
        let every = text::duration(limit.one_more_every);
        format!("{}: {} at once, then one every {every}", limit.calls, limit.burst)
    });
    let unnamed = match &capability.unnamed_role {
        orgport::UnnamedRole::Is(role) => role.to_string(),
        orgport::UnnamedRole::VendorsChoice => "the vendor's choice".to_owned(),
        _ => "refused".to_owned(),
    };
    vec![
        ("invitees", json!(capability.invitees)),
        ("roles_at_invite", json!(capability.roles_at_invite)),
        ("unnamed_role", unnamed.into()),
        ("roles_at_set_role", json!(capability.roles_at_set_role)),
        ("visible_statuses", json!(capability.visible_statuses)),
        ("duplicates", json!(capability.duplicates)),
        ("existing_account", json!(capability.existing_account)),
        ("invited_via", json!(capability.invited_via)),
        ("organization_choice", json!(capability.organization_choice)),
        ("organization_name", json!(capability.organization_name)),
        ("create_fields", json!(capability.create_fields)),
        ("update_fields", json!(capability.update_fields)),
        ("batch_size", capability.batch_size.into()),
        ("page_size", json!(capability.page_size)),
        ("rate_limits", limits.collect::<Vec<_>>().into()),
        ("resend_keeps_id", capability.resend_keeps_id.into()),
        ("invitation_id_is_secret", capability.invitation_id_is_secret.into()),
        ("invitation_link", json!(capability.invitation_link)),
        ("expiry", json!(capability.expiry)),
        ("member_emails", json!(capability.member_emails)),
        ("accepting", json!(capability.accepting)),
        ("declining", json!(capability.declining)),
        ("answers_by_token", capability.answers_by_token.into()),
        ("notes", json!(capability.notes)),
    ]
}

/// A fact in a line; one that is made of sentences in a line each.
fn rows(name: &str, fact: &Value) -> Vec<Vec<Cell>> {
    let is_sentence = |item: &Value| item.as_str().is_some_and(|text| text.contains(' '));
    match fact {
        Value::Array(items) if items.iter().any(is_sentence) => {
            let names = std::iter::once(name).chain(std::iter::repeat(""));
            names.zip(items).map(|(name, item)| vec![Cell::head(name), in_words(item).into()]).collect()
        }
        fact => vec![vec![Cell::head(name), in_words(fact).into()]],
    }
}

/// A fact for people.
fn in_words(fact: &Value) -> String {
    match fact {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Every kind's operations, in the order of the capability table.
struct All<'a>(&'a [(&'static str, Capability)]);

impl Serialize for All<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(kind, capability)| (kind, Words(capability))))
    }
}

struct Words<'a>(&'a Capability);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Operation::ALL.iter().map(|operation| (operation, self.0.support(*operation))))
    }
}

/// One kind's operations, and `facts` behind them.
struct One<'a> {
    capability: &'a Capability,
    facts: &'a [(&'static str, Value)],
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for operation in Operation::ALL.iter().copied() {
            map.serialize_entry(&operation, self.capability.support(operation))?;
        }
        map.serialize_entry("facts", &Facts(self))?;
        map.end()
    }
}

struct Facts<'a>(&'a One<'a>);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let One { capability, facts } = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (name, fact) in *facts {
            map.serialize_entry(name, fact)?;
        }
        let told =
            Operation::ALL.iter().map(|operation| (operation, explanation(capability.support(*operation))));
        let told = told.filter(|(_, text)| !text.is_empty());
        map.serialize_entry("explanations", &told.collect::<BTreeMap<_, _>>())?;
        map.end()
    }
}
