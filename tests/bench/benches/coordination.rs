//! What coordination costs: the time of an invitation, in memory, with each store beside none but the
//! process, and the disk's own flush apart. Redis is a server on loopback, where one is installed.
//!
//! `cargo bench -p orgport-bench --bench coordination`. Times are those that pass, and noisy where
//! others work on the machine.

use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use orgport::memory::{Memory, MemoryProvider};
use orgport::redis::{RedisOptions, RedisStore};
use orgport::{
    Coordination, Email, Invitations, NewInvitation, OrganizationId, ProviderConfig, StateDirectory,
};
use orgport_bench::count::runtime;

const SINGLE: u32 = 200;
const MANY: u32 = 10_000;

/// Short, since a new server lets nobody send before it has been there for so long.
const ATTEMPT: Duration = Duration::from_secs(1);
const SETTLE: Duration = Duration::from_millis(100);

/// A directory on the disk that temporary files are on, removed at the end.
struct Home(PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn main() {
    let home = Home(env::temp_dir().join(format!("orgport-bench-{}", std::process::id())));
    let state = StateDirectory::new(&home.0);
    state.open().expect("temporary files can be written");
    let flush = flush(&home);
    println!("one flush of a line: {flush:?}");
    let mut stores = vec![
        ("the process", Coordination::separate()),
        ("a state directory", Coordination::separate().with_store(Arc::new(state))),
    ];
    let redis = Redis::start(&home);
    if let Some(redis) = &redis {
        stores.push(("Redis", Coordination::separate().with_store(Arc::new(redis.store()))));
    }
    for (name, coordination) in stores {
        let (single, many) = runtime(false).block_on(times(coordination));
        println!("{name}: {single:?} for one invitation, {many:?} for {MANY} people in one run");
    }
}

/// A server that forgets everything at the end.
struct Redis {
    server: Child,
    port: u16,
}

impl Redis {
    fn start(home: &Home) -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = free.expect("loopback has a free port").port();
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--save", "", "--appendonly", "no", "--dir"]).arg(&home.0);
        let server = command.stdout(Stdio::null()).spawn().ok()?;
        let redis = Self { server, port };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(10));
        }
        Some(redis)
    }

    fn store(&self) -> RedisStore {
        let options = RedisOptions::new(format!("redis://127.0.0.1:{}", self.port), "a key that all have");
        RedisStore::new(&options.quiet(ATTEMPT + SETTLE)).expect("valid options")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill().and_then(|()| self.server.wait());
    }
}

/// The time of one flush, by a line as a note is one.
fn flush(home: &Home) -> Duration {
    let mut file = File::create(home.0.join("flushed")).expect("written");
    let begun = Instant::now();
    for _ in 0..SINGLE {
        file.write_all(&[b'x'; 110]).and_then(|()| file.sync_data()).expect("written");
    }
    begun.elapsed() / SINGLE
}

async fn times(coordination: Coordination) -> (Duration, Duration) {
    let (provider, organization) = provider(&coordination);
    provider.invite(&organization, person(MANY)).await.expect("invited");
    let begun = Instant::now();
    for number in 0..SINGLE {
        provider.invite(&organization, person(number)).await.expect("invited");
    }
    let single = begun.elapsed() / SINGLE;
    let (provider, organization) = self::provider(&coordination);
    let begun = Instant::now();
    let outcomes: Vec<_> =
        provider.invite_many(&organization, (0..MANY).map(person).collect()).collect().await;
    assert!(outcomes.iter().all(|(_, outcome)| outcome.is_ok()), "all are invited");
    (single, begun.elapsed())
}

/// Somebody at a service of its own.
fn provider(coordination: &Coordination) -> (MemoryProvider, OrganizationId) {
    let (memory, owner) = (Memory::new(), Email::verbatim("owner@example.com"));
    let mut config = ProviderConfig::new("memory");
    config.coordination = coordination.clone();
    (config.http.attempt_timeout, config.settle) = (ATTEMPT, SETTLE);
    let provider = memory.provider_with(&owner, config).expect("a valid configuration");
    let organization = memory.add_organization("Acme", &owner).expect("made");
    (provider, organization)
}

fn person(number: u32) -> NewInvitation {
    NewInvitation::to(Email::verbatim(format!("person{number}@example.com")))
}
