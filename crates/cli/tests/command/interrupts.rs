//! Real signals to the real binary, at vendors that take their time.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use orgport_sandbox::{Fault, FaultId, FaultKind, Sandbox};
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::process::Child;
use tokio::time::timeout;

use crate::support::{Desk, Run, ended, role, sandbox, signal, until};

/// SIGHUP and its exit code. Where these tests were started with it ignored, as by `nohup`, the command
/// ignores it, too, and SIGTERM stands in.
pub(crate) fn hang_up() -> (&'static str, i32) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    if ignored & 1 == 0 { ("HUP", 129) } else { ("TERM", 143) }
}

/// As `timeout` signals the process and its group.
fn signal_as_supervisors_do(child: &Child, name: &str) {
    let id = child.id().expect("it runs").to_string();
    let script = "kill -\"$0\" \"$1\" \"$1\"";
    let killed = std::process::Command::new("sh").args(["-c", script, name, &id]).status();
    assert!(killed.expect("a shell").success());
}

/// Waits until standard error says this. What was read is repeated to this test's own.
pub(crate) async fn told(child: &mut Child, words: &str) {
    let mut stderr = child.stderr.take().expect("piped");
    let (mut said, mut part) = (String::new(), [0; 4096]);
    let is_told = async {
        while !said.contains(words) {
            let length = stderr.read(&mut part).await.expect("it can be read");
            assert!(length > 0, "it ends without saying {words:?}: {said}");
            said += &String::from_utf8_lossy(&part[..length]);
        }
    };
    timeout(Duration::from_mins(1), is_told).await.expect("it says it");
    eprint!("{said}");
    child.stderr = Some(stderr);
}

fn slow(sandbox: &Sandbox, vendor: &str, method: &str, ms: u64) -> FaultId {
    sandbox.fault(Fault::new(vendor, FaultKind::Latency { ms }).method(method).always()).expect("set")
}

fn people(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p{number}@example.com")).collect()
}

fn create<'a>(vendor: &str, format: &'a str, people: &'a [String]) -> Vec<&'a str> {
    let mut arguments = vec!["--format", format, "invitation", "create"];
    arguments.extend(role(vendor));
    arguments.extend(people.iter().map(String::as_str));
    arguments
}

fn of_kind<'a>(rows: &'a [Value], kind: &str) -> Vec<&'a str> {
    let of_kind = rows.iter().filter(|row| row["error"]["kind"] == kind);
    of_kind.map(|row| row["email"].as_str().expect("an address")).collect()
}

fn message(run: &Run) -> String {
    let error = run.error();
    assert_eq!(error["kind"], "interrupted", "{run:?}");
    error["message"].as_str().expect("a text").to_owned()
}

fn assert_one_mail_each(sandbox: &Sandbox, people: &[String]) {
    let mut mails: Vec<_> = sandbox.mail().into_iter().map(|mail| mail.email).collect();
    mails.sort_unstable();
    let mut people = people.to_vec();
    people.sort_unstable();
    assert_eq!(mails, people);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_flight_is_finished_and_nothing_new_is_sent() {
    let people = people(50);
    for (vendor, (name, code), at_once) in [
        ("losant", ("INT", 130), 3),
        ("trieve", ("TERM", 143), 3),
        ("nuextract", hang_up(), 3),
        ("koyeb", ("INT", 130), 3),
        ("jaqpot", ("TERM", 143), 30),
    ] {
        let sandbox = sandbox().await;
        let slow = slow(&sandbox, vendor, "POST", 2_000);
        let variable = format!("ORGPORT__PROVIDERS__{}__HTTP__MAX_CONCURRENCY", vendor.to_uppercase());
        let desk = Desk::at(&sandbox, vendor).set(&variable, "3");
        let child = desk.spawn(&create(vendor, "json", &people));
        until(|| sandbox.fired(slow) >= 3).await;
        signal_as_supervisors_do(&child, name);
        let run = ended(child).await;
        assert_eq!(run.code, Some(code), "{vendor}: {run:?}");
        let rows = run.json();
        let rows = rows.as_array().expect("a list").clone();
        let invited = rows.iter().filter(|row| row["outcome"] == "invited").count();
        let left = of_kind(&rows, "cancelled").len();
        assert_eq!((invited, left), (at_once, 50 - at_once), "{vendor}: {run:?}");
        let said = message(&run);
        assert!(
            said.contains(&format!("{at_once} of 50 people settled")) && said.contains("not sent to"),
            "{said}"
        );
        assert!(run.notes().iter().any(|note| note.contains("once more")), "{run:?}");
        assert_eq!(sandbox.mail().len(), at_once, "{vendor}");

        if vendor != "jaqpot" {
            sandbox.clear_faults();
            let again = desk.run(&create(vendor, "json", &people)).await;
            assert_eq!(again.code, Some(0), "{vendor}: {again:?}");
            assert_one_mail_each(&sandbox, &people);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once_and_says_who_is_in_doubt_and_until_when() {
    let people = people(12);
    let safe = regex_lite::Regex::new(r"safe from \S+ \(in (\d+) s\)").expect("a pattern");
    for vendor in ["losant", "trieve", "nuextract", "koyeb"] {
        let sandbox = Sandbox::builder().start().await.expect("it starts");
        // It acts when the process is long gone.
        let late = r#"{"type": "act_after", "ms": 4000}"#;
        let late: FaultKind = serde_json::from_str(late).expect("a fault");
        let late = sandbox.fault(Fault::new(vendor, late).method("POST").times(3)).expect("set");
        let table = format!("ORGPORT__PROVIDERS__{}", vendor.to_uppercase());
        let desk = Desk::at(&sandbox, vendor)
            .set(&format!("{table}__HTTP__MAX_CONCURRENCY"), "3")
            .set(&format!("{table}__HTTP__ATTEMPT_TIMEOUT"), "8s")
            .set(&format!("{table}__SETTLE"), "1s");
        let child = desk.spawn(&create(vendor, "json", &people));
        until(|| sandbox.fired(late) >= 3).await;
        let begun = Instant::now();
        signal(&child, "INT");
        tokio::time::sleep(Duration::from_millis(100)).await;
        signal(&child, "TERM");
        let run = ended(child).await;
        assert!(begun.elapsed() < Duration::from_secs(3), "{vendor}: {:?}", begun.elapsed());
        assert_eq!(run.code, Some(130), "the first one says how it ended: {vendor}: {run:?}");
        let rows = run.json();
        let rows = rows.as_array().expect("a list").clone();
        assert_eq!(rows.len(), 12, "{vendor}: {run:?}");
        assert_eq!(of_kind(&rows, "ambiguous"), people[..3], "{vendor}: {run:?}");
        assert_eq!(of_kind(&rows, "cancelled"), people[3..], "{vendor}: {run:?}");
        let said = message(&run);
        assert!(said.contains("p0@example.com, p1@example.com, p2@example.com"), "{said}");
        let wait = safe.captures(&said).unwrap_or_else(|| panic!("{said}"))[1].parse().expect("seconds");
        assert!((6..=9).contains(&wait), "{said}");

        // From then on it is.
        tokio::time::sleep(Duration::from_secs(wait)).await;
        sandbox.clear_faults();
        let again = desk.run(&create(vendor, "json", &people)).await;
        assert_eq!(again.code, Some(0), "{vendor}: {again:?}");
        assert_one_mail_each(&sandbox, &people);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_limit_any_more() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "jaqpot");
    let people = people(60);
    let mut child = desk.spawn(&create("jaqpot", "csv", &people));
    told(&mut child, "waiting 2 min for the vendor: 40 of 60 sent, 40 settled; 4 min").await;
    assert_eq!(sandbox.mail().len(), 40);
    signal(&child, "INT");
    let begun = Instant::now();
    let run = ended(child).await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(run.code, Some(130), "{run:?}");
    let rows: Vec<_> = run.stdout.lines().skip(1).collect();
    let invited = rows.iter().filter(|row| row.contains(",invited,")).count();
    assert_eq!((rows.len(), invited), (60, 40), "{run:?}");
    assert!(run.stderr.contains("40 of 60 people settled (40 invited), 20 not sent to"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_wait_is_told_without_a_terminal_and_not_to_who_wants_quiet() {
    for (quiet, notes) in [(None, 1), (Some("--quiet"), 0)] {
        let sandbox = sandbox().await;
        let headers = BTreeMap::from([("retry-after".to_owned(), "3".to_owned())]);
        let limited = FaultKind::Status { status: 429, headers, body: None, commit: false };
        sandbox.fault(Fault::new("losant", limited).method("POST").times(1)).expect("set");
        let people = people(2);
        let mut arguments = create("losant", "json", &people);
        arguments.extend(quiet);
        let run = Desk::at(&sandbox, "losant").run(&arguments).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        let waits = run.objects().iter().filter(|one| one.to_string().contains("waiting 3 s")).count();
        assert_eq!(waits, notes, "{run:?}");
        assert_eq!(run.stderr.is_empty(), quiet.is_some(), "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_composed_resend_is_not_left_half_done() {
    for (vendor, (name, code)) in
        [("losant", ("INT", 130)), ("trieve", hang_up()), ("nuextract", ("TERM", 143))]
    {
        let sandbox = sandbox().await;
        let desk = Desk::at(&sandbox, vendor);
        let ada = ["ada@example.com".to_owned()];
        assert_eq!(desk.run(&create(vendor, "json", &ada)).await.code, Some(0));
        let slow = slow(&sandbox, vendor, "DELETE", 800);
        let child = desk.spawn(&["--format", "json", "invitation", "resend", "ada@example.com"]);
        until(|| sandbox.fired(slow) > 0).await;
        signal(&child, name);
        let run = ended(child).await;
        assert_eq!(run.code, Some(code), "{vendor}: {run:?}");
        assert_eq!(run.json()["email"], "ada@example.com", "{vendor}: {run:?}");
        assert!(message(&run).contains("finished"), "{vendor}: {run:?}");
        assert_eq!(sandbox.mail().len(), 2, "{vendor}");
        let there = desk.json(&["invitation", "list"]).await;
        assert_eq!(there.as_array().map(Vec::len), Some(1), "{vendor}: {there}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_its_way_is_told_and_none_is_begun_after_the_signal() {
    let sandbox = sandbox().await;
    let desk = Desk::at(&sandbox, "losant");
    let remove = ["--format", "json", "member", "remove", "viewer@losant.example", "--yes"];

    let reads = slow(&sandbox, "losant", "GET", 800);
    let child = desk.spawn(&remove);
    until(|| sandbox.fired(reads) > 0).await;
    signal(&child, "TERM");
    let run = ended(child).await;
    assert!(run.code == Some(143) && message(&run).contains("nothing was changed"), "{run:?}");
    sandbox.clear_faults();
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"));

    let writes = slow(&sandbox, "losant", "DELETE", 800);
    let child = desk.spawn(&remove);
    until(|| sandbox.fired(writes) > 0).await;
    signal(&child, "INT");
    let run = ended(child).await;
    assert!(run.code == Some(130) && run.json()["ok"] == true, "{run:?}");
    assert!(message(&run).contains("finished"), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_is_to_be_ignored_is() {
    let sandbox = sandbox().await;
    let slow = slow(&sandbox, "losant", "POST", 800);
    let desk = Desk::at(&sandbox, "losant");
    let people = people(2);
    let mut child = tokio::process::Command::new("sh");
    child.args(["-c", "trap '' HUP; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_orgport")]);
    child.args(create("losant", "json", &people)).current_dir(desk.path()).env("HOME", desk.path());
    let child =
        child.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a shell");
    until(|| sandbox.fired(slow) > 0).await;
    signal(&child, "HUP");
    let run = ended(child).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_one_mail_each(&sandbox, &people);
}

/// Nobody writes into the pipe that it reads from, or reads from the one that it writes to.
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_waits_for_a_file_can_be_ended() {
    const MEMORY: &str = "[providers.a]\nkind = \"memory\"\norganization = \"home\"\n";
    let from_file = format!(
        "{MEMORY}[providers.b]\nkind = \"losant\"\nauth = {{ type = \"bearer\", token = \"file:pipe\" }}\n"
    );
    for (config, arguments, name, code) in [
        (MEMORY, &["invitation", "create", "--from", "pipe"][..], "INT", 130),
        (MEMORY, &["roster", "plan", "pipe"], "TERM", 143),
        (MEMORY, &["--config", "pipe", "member", "list"], "HUP", 129),
        (&from_file, &["--provider", "b", "member", "list"], "TERM", 143),
    ] {
        let desk = Desk::with_config(config);
        let pipe = desk.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo is there").success());
        let child = desk.spawn(&[&["--format", "json"], arguments].concat());
        // Opening it waits for the reader.
        let opened = tokio::fs::OpenOptions::new().write(true).open(&pipe).await.expect("a pipe");
        signal(&child, name);
        let run = ended(child).await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{arguments:?}: {run:?}");
        assert!(message(&run).contains("nothing was changed"), "{arguments:?}: {run:?}");
        drop(opened);
    }
}
