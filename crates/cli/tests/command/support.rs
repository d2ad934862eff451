//! Running the binary in a folder of its own, with nothing of this machine's configuration.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};

use orgport_sandbox::Sandbox;
use regex_lite::Regex;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// 2026-01-01: what depends on the day is the same every day.
const DAY: Duration = Duration::from_hours(490_896);

/// A person's surroundings: a working folder, a home, variables.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// With nothing on it.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), variables: Vec::new() }
    }

    /// With this `orgport.toml`.
    pub(crate) fn with_config(toml: &str) -> Self {
        let desk = Self::empty();
        desk.write("orgport.toml", toml);
        desk
    }

    /// With the administrators of this sandbox, that of `vendor` being the default.
    pub(crate) fn at(sandbox: &Sandbox, vendor: &str) -> Self {
        Self::with_config(&format!("default_provider = \"{vendor}\"\n{}", sandbox.configuration_toml()))
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let file = self.folder.path().join(name);
        fs::write(&file, text).expect("written");
        // As it should be with what holds a secret.
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("changed");
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// With this variable set.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_orgport"), arguments)
    }

    fn command_of(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdin(Stdio::piped()).spawn().expect("the binary starts")
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        self.run_of(env!("CARGO_BIN_EXE_orgport"), arguments).await
    }

    /// Runs another program in the same surroundings.
    pub(crate) async fn run_of(&self, program: &str, arguments: &[&str]) -> Run {
        ended(self.command_of(program, arguments).spawn().expect("the program starts")).await
    }

    /// Runs it at a terminal where somebody types. What the terminal shows is its standard output.
    #[cfg(target_os = "linux")]
    pub(crate) async fn run_at_terminal(&self, arguments: &[&str], typed: &str) -> Run {
        let quoted = |argument: &&str| format!("'{argument}'");
        let line = arguments.iter().map(quoted).collect::<Vec<_>>().join(" ");
        let mut command =
            self.command_of("script", &["-qec", &format!("{} {line}", env!("CARGO_BIN_EXE_orgport"))]);
        let mut child = command
            .arg("/dev/null")
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .spawn()
            .expect("script is there");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(typed.as_bytes()).await.expect("it reads");
        let run = ended(child).await;
        drop(stdin);
        run
    }

    /// With this text on standard input.
    pub(crate) async fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self.spawn(arguments);
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(input.as_bytes()).await.expect("it reads");
        drop(stdin);
        ended(child).await
    }

    /// Runs it with `--format json`, which must succeed.
    pub(crate) async fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[&["--format", "json"], arguments].concat()).await;
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        run.json()
    }
}

pub(crate) async fn ended(child: Child) -> Run {
    let output = tokio::time::timeout(Duration::from_mins(1), child.wait_with_output());
    let output = output.await.expect("it ends").expect("it can be read");
    let text = |bytes| String::from_utf8(bytes).expect("it writes UTF-8");
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Standard error under `--format json`: an object a line.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let object = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        self.stderr.lines().map(object).collect()
    }

    /// The last error object on standard error.
    pub(crate) fn error(&self) -> Value {
        let error = self.objects().into_iter().rfind(|object| object["error"].is_object());
        error.unwrap_or_else(|| panic!("no error: {self:?}"))["error"].clone()
    }

    /// What is told on standard error beside errors.
    pub(crate) fn notes(&self) -> Vec<String> {
        let note = |object: Value| object["note"].as_str().map(str::to_owned);
        self.objects().into_iter().filter_map(note).collect()
    }

    /// All of it for a snapshot: without what differs from sandbox to sandbox.
    pub(crate) fn shown(&self) -> String {
        let Self { code, stdout, stderr } = self;
        let code = code.map_or_else(|| "signal".to_owned(), |code| code.to_string());
        format!("exit {code}\n--- stdout\n{}--- stderr\n{}", redacted(stdout), redacted(stderr))
    }
}

/// Without ids, times, addresses and the vendors' own JSON.
pub(crate) fn redacted(text: &str) -> String {
    let mut text = without_native(text);
    for (pattern, shown) in [
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "[uuid]"),
        (r"\b[0-9a-f]{24}\b", "[id]"),
        (r"\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z", "[time]"),
        (r"\b[0-9a-f]{8}…", "[short]"),
        (r"127\.0\.0\.1:\d+", "[address]"),
        // Ages grow, and so does the room that they take.
        (r"\b(in \d+ (s|min|h|d)|\d+ (s|min|h|d) ago)\b *", "[age]  "),
        (r"\b\d{4}-\d{2}-\d{2} \(\[age\] +\) *", "[day and age]  "),
    ] {
        text = Regex::new(pattern).expect("a pattern").replace_all(&text, shown).into_owned();
    }
    text
}

/// The text with `"native":{…}` as `"native":"[vendor]"`. A JSON library would sort the keys, whose
/// order is part of the contract.
fn without_native(text: &str) -> String {
    const KEY: &str = "\"native\":";
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(&format!("{KEY}{{")) {
        let (before, value) = rest.split_at(at + KEY.len());
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<serde::de::IgnoredAny>();
        values.next().expect("a value").expect("JSON");
        kept.push_str(before);
        kept.push_str("\"[vendor]\"");
        rest = &value[values.byte_offset()..];
    }
    kept + rest
}

/// A sandbox on a day that never changes.
pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::builder().frozen_at(SystemTime::UNIX_EPOCH + DAY).start().await.expect("it starts")
}

/// The vendors in the order in which lists show them.
pub(crate) const VENDORS: [&str; 6] = ["github", "jaqpot", "koyeb", "losant", "nuextract", "trieve"];

/// The role that invitations need at this vendor.
pub(crate) fn role(vendor: &str) -> &'static [&'static str] {
    match vendor {
        "koyeb" => &["--role", "owner"],
        "losant" => &["--role", "viewer"],
        "trieve" => &["--role", "member"],
        _ => &[],
    }
}

pub(crate) async fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_mins(2), "it does not come to it");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

pub(crate) fn signal(child: &Child, name: &str) {
    let id = child.id().expect("it runs").to_string();
    let killed = std::process::Command::new("sh").args(["-c", "kill -\"$0\" \"$1\"", name, &id]).status();
    assert!(killed.expect("a shell").success());
}
