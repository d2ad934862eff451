//! Calling, noting and comparing.

use std::cell::RefCell;
use std::collections::BTreeSet;

use octocrab::Octocrab;
use serde_json::{Value, json};

use crate::Failure;
use crate::calls::{METHODS, call};

/// The sandbox, and what was driven.
pub(crate) struct Peer {
    control: Octocrab,
    driven: RefCell<BTreeSet<String>>,
    pub(crate) identities: Vec<Value>,
    base_url: String,
}

pub(crate) fn write(line: &Value) {
    println!("{line}");
}

fn crab(
    base_url: &str,
) -> octocrab::OctocrabBuilder<
    octocrab::NoSvc,
    octocrab::DefaultOctocrabBuilderConfig,
    octocrab::NoAuth,
    octocrab::NotLayerReady,
> {
    Octocrab::builder().base_uri(base_url).expect("the sandbox tells addresses")
}

impl Peer {
    pub(crate) async fn open() -> Result<Self, Failure> {
        let control = crab(&std::env::var("SANDBOX")?).build()?;
        let identities: Vec<Value> = control.get("/identities", None::<&()>).await?;
        let identities: Vec<_> = identities.into_iter().filter(|it| it["vendor"] == "github").collect();
        let base_url = identities[0]["settings"]["base_url"].as_str().ok_or("an address")?.to_owned();
        Ok(Self { control, driven: RefCell::default(), identities, base_url })
    }

    pub(crate) fn client(&self, credential: &Value) -> Result<Octocrab, Failure> {
        let token = credential["key"].as_str().ok_or("a token")?;
        Ok(crab(&self.base_url).personal_token(token).build()?)
    }

    pub(crate) fn session(&self, credential: &Value) -> Result<Session<'_>, Failure> {
        Ok(Session { peer: self, crab: self.client(credential)?, credential: credential.clone() })
    }

    /// The token of this beginning that is of this person.
    pub(crate) fn credential(&self, email: &str, prefix: &str) -> &Value {
        let is_it = |it: &&Value| {
            it["email"] == email
                && it["credential"]["key"].as_str().is_some_and(|key| key.starts_with(prefix))
        };
        &self.identities.iter().find(is_it).expect("the sandbox has it")["credential"]
    }

    /// Makes an account, in the replay as well.
    pub(crate) async fn user(&self, email: &str) -> Result<Value, Failure> {
        let body = json!({ "vendor": "github", "email": email });
        write(&json!({ "type": "control", "path": "/users", "body": body }));
        let identity: Value = self.control.post("/users", Some(&body)).await?;
        Ok(identity["credential"].clone())
    }

    /// The last mail that somebody had.
    pub(crate) async fn last_mail(&self, email: &str) -> Result<Value, Failure> {
        let mails: Vec<Value> = self.control.get("/mail", None::<&()>).await?;
        let last = mails.into_iter().rfind(|mail| mail["email"] == email);
        Ok(last.map_or(Value::Null, |mail| mail["kind"].clone()))
    }

    async fn requests(&self) -> Result<Vec<Value>, Failure> {
        let all: Vec<Value> = self.control.get("/requests", None::<&()>).await?;
        Ok(all.into_iter().filter(|one| one["vendor"] == "github").collect())
    }

    /// Ends a drive: every method was driven to a success and to a refusal, but for those that have one
    /// of both alone.
    pub(crate) fn covers(&self, excluded: &[&str], only: &[(&str, &str)]) {
        let both = |name: &&str| [format!("{name} ok"), format!("{name} refused")];
        let wanted: BTreeSet<_> = METHODS.iter().flat_map(both).collect();
        let free: BTreeSet<_> = only.iter().map(|(what, _)| (*what).to_owned()).collect();
        let driven = self.driven.borrow();
        let forgotten: Vec<_> = wanted.difference(&driven).filter(|it| !free.contains(*it)).collect();
        let stale: Vec<_> =
            free.iter().filter(|it| driven.contains(*it)).chain(driven.difference(&wanted)).collect();
        let reasons = only.iter().map(|(what, why)| format!("{what}: {why}"));
        let reasons: Vec<_> = reasons.chain(excluded.iter().map(|it| (*it).to_owned())).collect();
        write(&json!({ "type": "coverage", "forgotten": forgotten, "stale": stale, "excluded": reasons }));
    }
}

/// The client with one credential.
pub(crate) struct Session<'a> {
    peer: &'a Peer,
    credential: Value,
    pub(crate) crab: Octocrab,
}

impl Session<'_> {
    /// Makes a call that has to succeed with these values at these places of what the client has read.
    pub(crate) async fn ok(
        &self,
        name: &str,
        arguments: Value,
        expected: &[(&str, Value)],
    ) -> Result<Value, Failure> {
        self.make(name, arguments, None, expected).await
    }

    /// Makes a call that has to fail with this status, and these values in the client's error.
    pub(crate) async fn refused(
        &self,
        status: u16,
        name: &str,
        arguments: Value,
        expected: &[(&str, Value)],
    ) -> Result<(), Failure> {
        self.make(name, arguments, Some(status), expected).await.map(drop)
    }

    async fn make(
        &self,
        name: &str,
        arguments: Value,
        refused: Option<u16>,
        expected: &[(&str, Value)],
    ) -> Result<Value, Failure> {
        let way = if refused.is_some() { "refused" } else { "ok" };
        self.peer.driven.borrow_mut().insert(format!("{name} {way}"));
        self.peer.control._delete("/requests", None::<&()>).await?;
        let (status, found) = match call(&self.crab, name, &arguments).await {
            Ok(found) => (None, found),
            Err(octocrab::Error::GitHub { source, .. }) => {
                let found = json!({ "message": source.message, "errors": source.errors });
                (Some(source.status_code.as_u16()), found)
            }
            Err(other) => (Some(0), json!(other.to_string())),
        };
        let requests = self.peer.requests().await?;
        let mut problem = (requests.len() != 1).then(|| format!("{} requests were sent", requests.len()));
        if status != refused {
            problem = Some(format!("status {status:?} instead of {refused:?}: {found}"));
        }
        for (place, value) in expected {
            if problem.is_none() && found.pointer(place).unwrap_or(&Value::Null) != value {
                problem = Some(format!("{place} is not {value}: {found}"));
            }
        }
        write(&json!({
            "type": "call", "call": name, "credential": self.credential, "arguments": arguments,
            "request": requests.first(), "problem": problem,
        }));
        Ok(found)
    }
}
