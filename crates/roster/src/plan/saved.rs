//! A plan in a file, to be carried out later as it was reviewed.

use std::path::{Path, PathBuf};

use orgport_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

use super::Plan;
use crate::fingerprint::Fingerprint;
use crate::roster::Roster;

/// The form of the file.
const FORM: u32 = 1;

/// A plan with the roster and the version that it was made by, and a seal that tells edits by hand.
///
/// The seal guards against mistakes: whoever can write the file can also make another seal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SavedPlan {
    /// The form of the file.
    orgport_plan: u32,
    /// The version of this crate.
    version: String,
    /// The roster's file, as it was named.
    pub roster_file: PathBuf,
    seal: String,
    plan: Plan,
}

impl SavedPlan {
    /// Seals a plan of a roster.
    pub fn new(roster: &Roster, plan: Plan) -> Self {
        let (version, roster_file) = (env!("CARGO_PKG_VERSION").to_owned(), roster.file().to_owned());
        let seal = seal(&version, &roster_file, &plan);
        Self { orgport_plan: FORM, version, roster_file, seal, plan }
    }

    /// Whether a text is meant to be a saved plan, and not a roster.
    pub fn is_one(text: &str) -> bool {
        text.trim_start().starts_with('{')
    }

    /// Reads a saved plan.
    ///
    /// # Errors
    ///
    /// `InvalidInput` if it is none, of another version, or edited by hand.
    pub fn parse(text: &str, file: &Path) -> Result<Self, Error> {
        let refused =
            |what: String| Error::new(ErrorKind::InvalidInput, format!("{}: {what}", file.display()));
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| refused(format!("is not a saved plan: {error}")))?;
        let ours = env!("CARGO_PKG_VERSION");
        // Before the form, which another version can have changed.
        match value.get("version").and_then(serde_json::Value::as_str) {
            Some(version) if version == ours => {}
            Some(version) => {
                return Err(refused(format!(
                    "was made by version {version}, and this is {ours}: plan again"
                )));
            }
            None => return Err(refused("is not a saved plan: it has no version".to_owned())),
        }
        let saved: Self = serde_json::from_value(value)
            .map_err(|error| refused(format!("is not a saved plan, or was edited by hand: {error}")))?;
        if saved.seal != seal(&saved.version, &saved.roster_file, &saved.plan) || saved.orgport_plan != FORM {
            return Err(refused("was edited by hand: change the roster, and plan again".to_owned()));
        }
        Ok(saved)
    }

    /// The plan, if it is of this roster as it is now.
    ///
    /// # Errors
    ///
    /// `Conflict` if the roster is another one by now.
    pub fn of(self, roster: &Roster) -> Result<Plan, Error> {
        if self.plan.roster == roster.digest() {
            return Ok(self.plan);
        }
        let message = format!("{} has changed since this was planned: plan again", roster.file().display());
        Err(Error::new(ErrorKind::Conflict, message))
    }
}

fn seal(version: &str, roster_file: &Path, plan: &Plan) -> String {
    let mut fingerprint = Fingerprint::default();
    fingerprint.add(version);
    fingerprint.add(&roster_file.to_string_lossy());
    fingerprint.add(&serde_json::to_string(plan).unwrap_or_default());
    fingerprint.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::examples::{name, site};
    use crate::plan::{Carried, plan};

    const ROSTER: &str =
        "[people.ada]\nemail = \"ada@x.example\"\n[[access]]\nplace = \"prod\"\nmember = [\"ada\"]\n";

    fn saved() -> (Roster, Plan, String) {
        let roster = Roster::parse(ROSTER).expect("it is right");
        let plan = plan(&roster, &[site(name("prod").as_str())], &Carried::default());
        assert!(!plan.is_empty());
        let text = serde_json::to_string_pretty(&SavedPlan::new(&roster, plan.clone())).expect("JSON");
        (roster, plan, text)
    }

    fn refused(text: &str) -> String {
        SavedPlan::parse(text, Path::new("plan.json")).expect_err("it is refused").message().to_owned()
    }

    #[test]
    fn a_saved_plan_is_the_plan_of_its_roster() {
        let (roster, plan, text) = saved();
        assert!(SavedPlan::is_one(&text) && !SavedPlan::is_one(ROSTER));
        let read = SavedPlan::parse(&text, Path::new("plan.json")).expect("it can be read");
        assert_eq!(read.roster_file, Path::new("the roster"));
        assert_eq!(read.of(&roster).expect("it is of this roster"), plan);
    }

    #[test]
    fn another_roster_another_version_and_edits_by_hand_are_refused() {
        let (_, _, text) = saved();
        let read = SavedPlan::parse(&text, Path::new("plan.json")).expect("it can be read");
        let other = Roster::parse(&format!("# one byte more\n{ROSTER}")).expect("it is right");
        let error = read.of(&other).expect_err("another roster");
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Conflict, "the roster has changed since this was planned: plan again")
        );

        let version = env!("CARGO_PKG_VERSION");
        let other = text.replacen(&format!("\"version\": \"{version}\""), "\"version\": \"9.9.9\"", 1);
        assert_eq!(
            refused(&other),
            format!("plan.json: was made by version 9.9.9, and this is {version}: plan again")
        );
        for (from, to) in [
            ("ada@x.example", "eve@x.example"),
            ("\"role\": \"member\"", "\"role\": \"owner\""),
            ("\"cannot\": []", "\"cannot\": [{\"who\":\"a\",\"what\":\"b\",\"by_hand\":null}]"),
            ("\"roster_file\": \"the roster\"", "\"roster_file\": \"other\""),
            ("\"orgport_plan\": 1", "\"orgport_plan\": 2"),
        ] {
            assert!(text.contains(from), "{from}");
            let edited = refused(&text.replacen(from, to, 1));
            assert_eq!(edited, "plan.json: was edited by hand: change the roster, and plan again", "{from}");
        }
        assert!(refused(&text.replacen("\"seal\"", "\"sael\"", 1)).contains("edited by hand"));
        assert!(refused("{}").contains("it has no version"));
        assert!(refused("{\"a\":").contains("is not a saved plan"));
    }
}
