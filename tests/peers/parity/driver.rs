//! The official clients, and talking to the drivers that use them.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

use orgport_sandbox::{Received, Sandbox};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::Failure;

/// One official client.
pub(crate) struct Client {
    /// Its name in its registry.
    pub(crate) name: &'static str,
    pub(crate) vendor: &'static str,
    driver: &'static str,
}

pub(crate) static CLIENTS: &[Client] = &[
    Client { name: "numind", vendor: "nuextract", driver: "numind-sdk.py" },
    Client { name: "jaqpot-api-client", vendor: "jaqpot", driver: "jaqpot-api-client.py" },
    Client { name: "koyeb-sdk", vendor: "koyeb", driver: "koyeb-sdk.py" },
    Client { name: "trieve-py-client", vendor: "trieve", driver: "trieve-py-client.py" },
    Client { name: "trieve-ts-sdk", vendor: "trieve", driver: "trieve-ts-sdk.mjs" },
    Client { name: "losant-rest (py)", vendor: "losant", driver: "losant-rest.py" },
    Client { name: "losant-rest (js)", vendor: "losant", driver: "losant-rest.mjs" },
    Client { name: "octokit", vendor: "github", driver: "octokit.mjs" },
    Client { name: "PyGithub", vendor: "github", driver: "pygithub.py" },
    Client { name: "octocrab", vendor: "github", driver: "octocrab" },
];

/// A line of a drive.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Note {
    /// The sandbox was changed by its control endpoints.
    Control { path: String, body: Value },
    /// A call was made.
    Call(Box<Official>),
    /// The drive is over.
    Coverage(Coverage),
}

/// Which methods of a client were left out.
#[derive(Deserialize)]
pub(crate) struct Coverage {
    /// Without a reason.
    pub(crate) forgotten: Vec<String>,
    /// With a reason that is none, since they are not there or were driven after all.
    pub(crate) stale: Vec<String>,
    /// With a reason.
    pub(crate) excluded: Vec<String>,
}

/// A call of an official client.
#[derive(Deserialize)]
pub(crate) struct Official {
    pub(crate) call: String,
    pub(crate) credential: Value,
    pub(crate) arguments: Value,
    pub(crate) request: Option<Received>,
    /// What the driver did not expect.
    pub(crate) problem: Option<String>,
}

/// Lets a client make all its calls.
pub(crate) async fn drive(client: &Client, sandbox: &Sandbox) -> Result<Vec<Note>, Failure> {
    let mut child = command(client, sandbox, "drive").spawn()?;
    let stdout = child.stdout.take().ok_or("a driver has a standard output")?;
    let (mut lines, mut notes) = (BufReader::new(stdout).lines(), Vec::new());
    while let Some(line) = lines.next_line().await? {
        notes.push(serde_json::from_str(&line).map_err(|error| format!("{error} in {line}"))?);
    }
    child.wait().await?;
    Ok(notes)
}

/// A client that waits for orders.
pub(crate) struct Player {
    pub(crate) verbs: Vec<String>,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

#[derive(Deserialize)]
struct Hello {
    verbs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Done {
    Answer(Value),
    Error(String),
}

impl Player {
    pub(crate) async fn start(client: &Client, sandbox: &Sandbox) -> Result<Self, Failure> {
        let mut child = command(client, sandbox, "play").stdin(Stdio::piped()).kill_on_drop(true).spawn()?;
        let stdin = child.stdin.take().ok_or("a driver has a standard input")?;
        let stdout = child.stdout.take().ok_or("a driver has a standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let hello = lines.next_line().await?.ok_or("the driver did not start")?;
        let Hello { verbs } = serde_json::from_str(&hello)?;
        Ok(Self { verbs, stdin, lines, _child: child })
    }

    pub(crate) fn can(&self, verb: &str) -> bool {
        self.verbs.iter().any(|known| known == verb)
    }

    /// Lets the client do something with this credential.
    pub(crate) async fn order(
        &mut self,
        credential: &Value,
        verb: &str,
        arguments: Value,
    ) -> Result<Value, Failure> {
        let order = json!({"credential": credential, "verb": verb, "arguments": arguments});
        self.stdin.write_all(format!("{order}\n").as_bytes()).await?;
        let line = self.lines.next_line().await?.ok_or("the driver stopped")?;
        match serde_json::from_str(&line)? {
            Done::Answer(answer) => Ok(answer),
            Done::Error(error) => Err(format!("{verb}: {error}").into()),
        }
    }
}

fn interpreted(interpreter: &Path, driver: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command.arg(driver);
    command
}

fn command(client: &Client, sandbox: &Sandbox, what: &str) -> Command {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let driver = here.join(client.driver);
    let mut command = match driver.extension().and_then(OsStr::to_str) {
        Some("py") => interpreted(&here.join(".env/venv/bin/python"), &driver),
        Some(_) => interpreted(Path::new("node"), &driver),
        // A program of its own, which `run` has built.
        None => Command::new(here.join(".env/target/debug").join(client.driver)),
    };
    command.arg(what);
    command.env("SANDBOX", sandbox.control_url()).env("PYTHONDONTWRITEBYTECODE", "1");
    // The sandbox is reached directly, whatever stands between this machine and the vendors.
    command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    command.stdout(Stdio::piped());
    command
}
