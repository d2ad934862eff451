//! Several runs of the command at one account: at once, killed and run again.

use std::time::{Duration, Instant};

use orgport_sandbox::{Fault, FaultKind, ReplyTime, Sandbox};
use tokio::process::Child;

use crate::interrupts::told;
use crate::support::{Desk, VENDORS, ended, role, sandbox, signal, until};

pub(crate) const ADA: &str = "ada@example.com";

/// What stands in for the 16 s and 30 s of a real vendor.
const TIMES: [(&str, &str); 2] = [("SETTLE", "700ms"), ("HTTP__ATTEMPT_TIMEOUT", "2s")];

pub(crate) fn desk(sandbox: &Sandbox, vendor: &str) -> Desk {
    let variable = |name: &str| format!("ORGPORT__PROVIDERS__{}__{name}", vendor.to_uppercase());
    TIMES.iter().fold(Desk::at(sandbox, vendor), |desk, (name, value)| desk.set(&variable(name), value))
}

/// How this vendor is asked to invite.
pub(crate) fn invite(vendor: &str) -> Vec<&'static str> {
    [&["invitation", "create"], role(vendor)].concat()
}

pub(crate) fn mails_to(sandbox: &Sandbox, address: &str) -> usize {
    sandbox.mail().iter().filter(|mail| mail.email == address).count()
}

/// Creates act late, and their caller hears nothing before.
pub(crate) fn act_late(sandbox: &Sandbox, vendor: &str, ms: u64) -> orgport_sandbox::FaultId {
    let late = FaultKind::ActAfter { ms, reply: ReplyTime::After, status: 504 };
    sandbox.fault(Fault::new(vendor, late).method("POST").always()).expect("set")
}

pub(crate) async fn fired(sandbox: &Sandbox, fault: orgport_sandbox::FaultId) {
    until(|| sandbox.fired(fault) > 0).await;
}

/// Lets the vendor's clock follow the real one, so that it comes to act.
pub(crate) async fn ticking<T>(sandbox: &Sandbox, run: impl Future<Output = T>) -> T {
    let tick = async {
        let mut last = Instant::now();
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            // However late this machine is.
            let passed = std::mem::replace(&mut last, Instant::now()).elapsed();
            sandbox.advance(passed).await;
        }
    };
    tokio::select! {
        run = run => run,
        () = tick => unreachable!("it ticks for ever"),
    }
}

#[cfg(unix)]
pub(crate) fn kill(child: &mut Child) {
    child.start_kill().expect("it runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_and_the_next_one_mail_once() {
    for vendor in VENDORS {
        for how in ["kill -9", "ctrl-c"] {
            let sandbox = sandbox().await;
            let desk = desk(&sandbox, vendor);
            let late = act_late(&sandbox, vendor, 900);
            let arguments = [&invite(vendor)[..], &[ADA]].concat();
            let mut child = desk.spawn(&arguments);
            fired(&sandbox, late).await;
            if how == "ctrl-c" {
                signal(&child, "INT");
            } else {
                kill(&mut child);
            }
            // What is under way may go on for a while after the first interrupt; the rerun does not wait.
            let first = tokio::spawn(ended(child));
            if how == "kill -9" {
                assert_eq!(mails_to(&sandbox, ADA), 0, "{vendor}: it has not acted yet");
            }
            sandbox.clear_faults();
            let again = ticking(&sandbox, desk.run(&arguments)).await;
            assert_eq!(again.code, Some(0), "{vendor}, {how}: {again:?}");
            let first = ticking(&sandbox, async { first.await.expect("it ends") }).await;
            sandbox.advance(Duration::from_mins(1)).await;
            assert_eq!(mails_to(&sandbox, ADA), 1, "{vendor}, {how}: {first:?} {again:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_that_came_to_nothing_is_made_again() {
    for vendor in ["losant", "trieve"] {
        let sandbox = sandbox().await;
        let desk = desk(&sandbox, vendor);
        let hang = FaultKind::Hang { commit: false };
        let fault = sandbox.fault(Fault::new(vendor, hang).method("POST").always()).expect("set");
        let arguments = [&invite(vendor)[..], &[ADA]].concat();
        let mut child = desk.spawn(&arguments);
        fired(&sandbox, fault).await;
        kill(&mut child);
        ended(child).await;
        sandbox.clear_faults();
        let again = ticking(&sandbox, desk.run(&arguments)).await;
        assert_eq!(again.code, Some(0), "{vendor}: {again:?}");
        assert_eq!(mails_to(&sandbox, ADA), 1, "{vendor}");
    }
}

/// Jaqpot, because it mails whoever is sent to again.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_at_any_request_is_made_good_by_the_next_one() {
    let mut killed = 0;
    for commit in [false, true] {
        for request in 0.. {
            let sandbox = sandbox().await;
            let desk = desk(&sandbox, "jaqpot");
            let hang = Fault::new("jaqpot", FaultKind::Hang { commit }).skip(request).times(1);
            let hang = sandbox.fault(hang).expect("set");
            let arguments = [&invite("jaqpot")[..], &[ADA]].concat();
            let mut child = desk.spawn(&arguments);
            let ended_before = loop {
                if sandbox.fired(hang) > 0 {
                    break false;
                }
                if child.try_wait().expect("it can be asked").is_some() {
                    break true;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            };
            if ended_before {
                assert!(request >= 3, "it looks, sends and looks again: {request}");
                break;
            }
            kill(&mut child);
            ended(child).await;
            killed += 1;
            sandbox.clear_faults();
            let again = ticking(&sandbox, desk.run(&arguments)).await;
            assert_eq!(again.code, Some(0), "{request}, {commit}: {again:?}");
            sandbox.advance(Duration::from_mins(1)).await;
            assert_eq!(mails_to(&sandbox, ADA), 1, "{request}, {commit}: {again:?}");
        }
    }
    assert!(killed >= 6, "{killed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_are_killed_at_any_moment_and_the_same_again_mail_each_person_once() {
    const KILLED: u32 = 24;
    for vendor in ["losant", "nuextract"] {
        let sandbox = sandbox().await;
        let desk = desk(&sandbox, vendor);
        let slow = FaultKind::Latency { ms: 20 };
        sandbox.fault(Fault::new(vendor, slow).always()).expect("set");
        let begun = Instant::now();
        assert_eq!(desk.run(&[&invite(vendor)[..], &[ADA]].concat()).await.code, Some(0));
        let whole_run = begun.elapsed();
        let people: Vec<_> = (0..KILLED).map(|number| format!("p{number}@example.com")).collect();
        for (number, person) in (0..KILLED).zip(&people) {
            let mut child = desk.spawn(&[&invite(vendor)[..], &[person]].concat());
            tokio::time::sleep(whole_run * number / KILLED).await;
            kill(&mut child);
            ended(child).await;
        }
        sandbox.clear_faults();
        let mut again = invite(vendor);
        again.extend(people.iter().map(String::as_str));
        let again = ticking(&sandbox, desk.run(&again)).await;
        assert_eq!(again.code, Some(0), "{vendor}: {again:?}");
        for person in &people {
            assert_eq!(mails_to(&sandbox, person), 1, "{vendor}: {person}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_a_person_of_a_stopped_process_waits_says_so_and_goes_on() {
    let sandbox = sandbox().await;
    let variable = "ORGPORT__PROVIDERS__JAQPOT__HTTP__MAX_WAIT";
    let (patient, hasty) = (desk(&sandbox, "jaqpot"), desk(&sandbox, "jaqpot").set(variable, "4s"));
    let state = patient.path().join("state");
    let [patient, hasty] =
        [patient, hasty].map(|desk| desk.set("ORGPORT_STATE", state.to_str().expect("a path")));
    let slow = FaultKind::Latency { ms: 1_000 };
    let slow = sandbox.fault(Fault::new("jaqpot", slow).method("POST").times(1)).expect("set");
    let arguments = [&invite("jaqpot")[..], &[ADA]].concat();
    let holder = patient.spawn(&arguments);
    fired(&sandbox, slow).await;
    signal(&holder, "STOP");

    let sends = || sandbox.requests().iter().filter(|request| request.method == "POST").count();
    let begun = Instant::now();
    let refused = hasty.run(&arguments).await;
    assert!(begun.elapsed() >= Duration::from_secs(4), "{:?}", begun.elapsed());
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("waiting for another process"), "{refused:?}");
    assert!(refused.stderr.contains("somebody else has been inviting the same people"), "{refused:?}");

    let mut waiting = patient.spawn(&arguments);
    told(&mut waiting, "waiting for another process").await;
    assert_eq!(sends(), 1, "only that of the stopped one");
    signal(&holder, "CONT");
    let (first, second) = (ended(holder), ended(waiting));
    let (first, second) = ticking(&sandbox, futures_util::future::join(first, second)).await;
    assert!(first.code.is_some() && second.code == Some(0), "{first:?} {second:?}");
    assert_eq!(mails_to(&sandbox, ADA), 1, "{first:?} {second:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_grow_lets_nothing_be_sent() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, "losant");
    let run = desk.run(&[&invite("losant")[..], &[ADA]].concat()).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    // No file grows from now on, as on a full disk.
    let script = "ulimit -f 0 && trap '' XFSZ && exec \"$0\" \"$@\"";
    let program =
        [&["-c", script, env!("CARGO_BIN_EXE_orgport")], &invite("losant")[..], &["bob@example.com"]];
    let refused = desk.run_of("/bin/sh", &program.concat()).await;
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("not sent: the state directory"), "{refused:?}");
    assert!(refused.stderr.contains("cannot be written"), "{refused:?}");
    assert!(refused.stderr.contains("make room on its disk"), "{refused:?}");
    assert_eq!(mails_to(&sandbox, "bob@example.com"), 0);
    let run = desk.run(&[&invite("losant")[..], &["bob@example.com"]].concat()).await;
    assert_eq!((run.code, mails_to(&sandbox, "bob@example.com")), (Some(0), 1), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_four_times_at_once_mails_each_person_once() {
    for vendor in VENDORS {
        let sandbox = sandbox().await;
        let desk = desk(&sandbox, vendor);
        let people: Vec<_> = (0..4).map(|number| format!("p{number}@example.com")).collect();
        let mut arguments = invite(vendor);
        arguments.extend(people.iter().map(String::as_str));
        if vendor == "trieve" {
            // Two creates at one moment both find nobody.
            sandbox.fault(Fault::new(vendor, FaultKind::Race { ms: 50 }).always()).expect("set");
        }
        let runs = (0..4).map(|_| ticking(&sandbox, desk.run(&arguments)));
        for run in futures_util::future::join_all(runs).await {
            assert_eq!(run.code, Some(0), "{vendor}: {run:?}");
        }
        for person in &people {
            assert_eq!(mails_to(&sandbox, person), 1, "{vendor}: {person}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_at_once_keep_the_limit_of_a_vendor_together() {
    // Jaqpot takes four such calls at once, and one more every two minutes.
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, "jaqpot").set("ORGPORT__PROVIDERS__JAQPOT__HTTP__MAX_WAIT", "1s");
    let people: Vec<_> = (0..6).map(|number| format!("p{number}@example.com")).collect();
    let runs = people.iter().map(async |person| {
        let arguments = [&["--format", "json"], &invite("jaqpot")[..], &[person]].concat();
        desk.run(&arguments).await
    });
    let runs = futures_util::future::join_all(runs).await;
    let invited = runs.iter().filter(|run| run.code == Some(0)).count();
    let waiting = runs.iter().filter(|run| run.json()[0]["error"]["kind"] == "rate_limited").count();
    let refused = sandbox.requests().iter().filter(|request| request.status == Some(429)).count();
    assert_eq!((invited, waiting, refused, sandbox.mail().len()), (4, 2, 0, 4), "{runs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_directory_that_cannot_be_used_lets_nothing_be_sent() {
    let sandbox = sandbox().await;
    // With the line end of a shell's here-document or of a file.
    let desk = desk(&sandbox, "losant").set("ORGPORT_STATE", "place\r\n");
    desk.write("place", "a file");
    let arguments = [&invite("losant")[..], &[ADA]].concat();
    let refused = desk.run(&arguments).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("the state directory place"), "{refused:?}");
    assert!(refused.stderr.contains("not a directory"), "{refused:?}");
    assert!(sandbox.mail().is_empty());
    assert_eq!(desk.run(&["org", "list"]).await.code, Some(0), "reading needs none");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_home_one_run_is_alone_and_no_rotating_token_is_used_up() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, "losant")
        .set("HOME", "")
        .set("ORGPORT__PROVIDERS__NUEXTRACT__AUTH__ACCESS_TOKEN", "stale");
    let run = desk.run(&[&invite("losant")[..], &[ADA, "bob@example.com"]].concat()).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.stderr.matches("within this run alone").count(), 1, "{run:?}");
    assert!(run.stderr.contains("ORGPORT_STATE"), "{run:?}");

    let refused = desk.run(&["--provider", "nuextract", "org", "list"]).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("no token was used up"), "{refused:?}");
    let renewals = sandbox.requests().iter().filter(|request| request.path.ends_with("/token")).count();
    assert_eq!(renewals, 0);
    let examined = desk.run(&["doctor", "--provider", "losant"]).await;
    assert!(examined.stdout.contains("let ORGPORT_STATE name a directory"), "{examined:?}");
}
