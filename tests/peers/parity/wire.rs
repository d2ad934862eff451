//! Two requests side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use orgport::Error;
use orgport_sandbox::Received;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Headers of the connection, which no vendor reads.
const TRANSPORT: &[&str] = &["accept-encoding", "connection", "content-length", "host", "transfer-encoding"];

const ABSENT: &str = "-";

/// One thing in which two requests differ, with both texts.
pub(crate) struct Difference {
    pub(crate) part: String,
    pub(crate) official: String,
    pub(crate) ours: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: official {}, ours {}", self.part, self.official, self.ours)
    }
}

/// Everything in which our request differs; that it was not sent at all is one such thing.
pub(crate) fn differences(
    official: &Received,
    ours: Option<&Received>,
    error: Option<&Error>,
) -> Vec<Difference> {
    let Some(ours) = ours else {
        let why = error.map_or_else(|| "nothing".to_owned(), |error| error.kind().to_string());
        return vec![Difference { part: "sent".to_owned(), official: "yes".to_owned(), ours: why }];
    };
    let (official, ours) = (parts(official), parts(ours));
    let names: BTreeSet<_> = official.keys().chain(ours.keys()).collect();
    let text = |parts: &BTreeMap<String, String>, name| {
        parts.get(name).map_or_else(|| ABSENT.to_owned(), String::clone)
    };
    let differ = names.into_iter().filter(|name| official.get(*name) != ours.get(*name));
    differ
        .map(|name| Difference {
            part: name.clone(),
            official: text(&official, name),
            ours: text(&ours, name),
        })
        .collect()
}

/// A request taken apart: what stands beside each other here is compared as a text.
fn parts(request: &Received) -> BTreeMap<String, String> {
    let mut parts = BTreeMap::from([
        ("method".to_owned(), request.method.clone()),
        ("path".to_owned(), format!("{:?}", segments(&request.path))),
        ("status".to_owned(), request.status.map_or_else(|| ABSENT.to_owned(), |it| it.to_string())),
    ]);
    let query = request.query.as_deref().unwrap_or_default();
    let mut values = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        values.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    for (name, mut list) in values {
        list.sort();
        parts.insert(format!("query {name}"), list.join(" & "));
    }
    for (name, value) in &request.headers {
        if !TRANSPORT.contains(&name.as_str()) {
            parts.insert(format!("header {name}"), value.clone());
        }
    }
    match &request.json {
        // Member by member, so that one that differs can be named.
        Some(Value::Object(members)) => {
            parts.insert("body".to_owned(), "an object".to_owned());
            parts.extend(members.iter().map(|(name, value)| (format!("body {name}"), value.to_string())));
        }
        Some(other) => drop(parts.insert("body".to_owned(), other.to_string())),
        None if request.body.is_empty() => {}
        None => drop(parts.insert("body".to_owned(), format!("{:?}", request.body))),
    }
    parts
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|it| percent_decode_str(it).decode_utf8_lossy().into_owned()).collect()
}
