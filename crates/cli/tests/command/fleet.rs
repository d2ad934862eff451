//! Several machines that share a Redis server: each has a home of its own, and no state directory in
//! common.
#![cfg(all(unix, feature = "redis"))]

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use orgport_sandbox::{Fault, FaultKind, Sandbox};
use tokio::process::{Child, Command};

use crate::processes::{ADA, act_late, desk, fired, invite, kill, mails_to, ticking};
use crate::support::{Desk, VENDORS, ended, sandbox};

const PASSWORD: &str = "hunter2-hunter2";

/// A server that ends with the test.
struct Redis {
    port: u16,
    _child: Child,
    _folder: tempfile::TempDir,
}

impl Redis {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has one").port();
        drop(listener);
        let child = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--requirepass",
                PASSWORD,
            ])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server is installed: on Debian by the package of that name");
        let redis = Self { port, _child: child, _folder: folder };
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        redis
    }

    /// Another machine that uses it.
    fn desk(&self, sandbox: &Sandbox, vendor: &str) -> Desk {
        desk(sandbox, vendor)
            .set("REDIS_URL", &format!("redis://:{PASSWORD}@127.0.0.1:{}/0", self.port))
            .set("ORGPORT__COORDINATION__URL", "env:REDIS_URL")
            .set("ORGPORT__COORDINATION__KEY", "a-key-that-all-machines-have")
            .set("ORGPORT__COORDINATION__NAMESPACE", vendor)
            .set("ORGPORT__COORDINATION__QUIET", "3s")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_on_one_machine_and_made_again_on_another_mails_once() {
    let redis = Redis::start().await;
    for vendor in VENDORS {
        let sandbox = sandbox().await;
        let (one, two) = (redis.desk(&sandbox, vendor), redis.desk(&sandbox, vendor));
        let late = act_late(&sandbox, vendor, 900);
        let arguments = [&invite(vendor)[..], &[ADA]].concat();
        let mut child = one.spawn(&arguments);
        fired(&sandbox, late).await;
        kill(&mut child);
        let first = ended(child).await;
        assert_eq!(mails_to(&sandbox, ADA), 0, "{vendor}: it has not acted yet");
        sandbox.clear_faults();
        let again = ticking(&sandbox, two.run(&arguments)).await;
        assert_eq!(again.code, Some(0), "{vendor}: {again:?}");
        sandbox.advance(Duration::from_mins(1)).await;
        assert_eq!(mails_to(&sandbox, ADA), 1, "{vendor}: {first:?} {again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_command_on_four_machines_at_once_mails_each_person_once() {
    let redis = Redis::start().await;
    for vendor in VENDORS {
        let sandbox = sandbox().await;
        let people: Vec<_> = (0..4).map(|number| format!("p{number}@example.com")).collect();
        let mut arguments = invite(vendor);
        arguments.extend(people.iter().map(String::as_str));
        if vendor == "trieve" {
            // Two creates at one moment both find nobody.
            sandbox.fault(Fault::new(vendor, FaultKind::Race { ms: 50 }).always()).expect("set");
        }
        let desks = [(); 4].map(|()| redis.desk(&sandbox, vendor));
        let runs = desks.iter().map(|desk| ticking(&sandbox, desk.run(&arguments)));
        for run in futures_util::future::join_all(runs).await {
            assert_eq!(run.code, Some(0), "{vendor}: {run:?}");
        }
        for person in &people {
            assert_eq!(mails_to(&sandbox, person), 1, "{vendor}: {person}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_server_nothing_is_sent_and_no_secret_is_shown() {
    let sandbox = sandbox().await;
    let redis = Redis::start().await;
    let arguments = [&["--format", "json"][..], &invite("losant"), &[ADA]].concat();
    let wrong = redis
        .desk(&sandbox, "losant")
        .set("REDIS_URL", &format!("redis://:wrong-one@127.0.0.1:{}/0", redis.port));
    let gone = redis.desk(&sandbox, "losant").set("REDIS_URL", &format!("redis://:{PASSWORD}@127.0.0.1:1/0"));
    for (desk, code, words) in
        [(wrong, 2, "refuses the name or the password"), (gone, 8, "127.0.0.1:1 cannot be reached")]
    {
        let run = desk.run(&arguments).await;
        assert_eq!(run.code, Some(code), "{run:?}");
        let shown = format!("{run:?}");
        assert!(shown.contains(words) && shown.contains("nothing was sent"), "{words}: {run:?}");
        assert!(!shown.contains("wrong-one") && !shown.contains(PASSWORD), "{run:?}");
    }
    assert!(sandbox.mail().is_empty());
}
