//! Runs that are killed or stopped at some step of an invitation, and others beside and behind them.
#![cfg(unix)]

use std::time::Instant;

use orgport_sandbox::{Fault, FaultKind, Sandbox};

use crate::processes::{ADA, desk, fired, invite, kill, mails_to, ticking};
use crate::support::{ended, sandbox, signal};

/// Each response takes so long, so that every step of a run takes a while.
fn slow(sandbox: &Sandbox, vendor: &str, ms: u64) -> orgport_sandbox::FaultId {
    sandbox.fault(Fault::new(vendor, FaultKind::Latency { ms }).always()).expect("set")
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_are_killed_at_any_moment_and_the_same_again_mail_each_person_once() {
    const KILLED: u32 = 24;
    for vendor in ["losant", "nuextract"] {
        let sandbox = sandbox().await;
        let desk = desk(&sandbox, vendor);
        slow(&sandbox, vendor, 20);
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
async fn who_is_stopped_in_the_middle_keeps_others_from_mailing_and_goes_on() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, "losant").set("ORGPORT__PROVIDERS__LOSANT__HTTP__MAX_WAIT", "2s");
    let latency = FaultKind::Latency { ms: 1_500 };
    let sent = sandbox.fault(Fault::new("losant", latency).method("POST").always()).expect("set");
    let arguments = [&invite("losant")[..], &[ADA]].concat();
    let stopped = desk.spawn(&arguments);
    fired(&sandbox, sent).await;
    signal(&stopped, "STOP");

    let refused = desk.run(&arguments).await;
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("nothing was sent"), "{refused:?}");
    assert!(refused.stderr.contains("somebody else"), "{refused:?}");
    assert_eq!(mails_to(&sandbox, ADA), 1);

    signal(&stopped, "CONT");
    let run = ended(stopped).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let again = desk.run(&arguments).await;
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(mails_to(&sandbox, ADA), 1);
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
async fn where_nothing_more_can_be_written_nothing_is_sent() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, "losant");
    let program = env!("CARGO_BIN_EXE_orgport");
    // No file may grow, which is to a program what a full disk is.
    let full = ["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"", program];
    let arguments = [&full[..], &invite("losant"), &[ADA]].concat();
    let refused = desk.run_of("sh", &arguments).await;
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(refused.stderr.contains("make room on its disk, or name another one"), "{refused:?}");
    assert!(sandbox.requests().iter().all(|request| request.method == "GET"), "{refused:?}");
    let again = desk.run(&[&invite("losant")[..], &[ADA]].concat()).await;
    assert_eq!((again.code, mails_to(&sandbox, ADA)), (Some(0), 1), "{again:?}");
}
