//! A Redis server of the test's own, which ends with it.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use orgport_core::CoordinationStore;
use orgport_redis::{RedisOptions, RedisStore};

/// How long people stay held by whoever was killed.
const LEASE: Duration = Duration::from_secs(1);
/// Lets a namespace look as if it had been in use for long.
const LONG_AGO: &str = "
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return redis.call('SET', '{' .. ARGV[1] .. '}:mark', run .. ' 0', 'NX')";

pub(crate) struct Server {
    url: String,
    _process: Process,
    /// For what an administrator does.
    connection: Mutex<redis::Connection>,
    _folder: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has one").port().to_string();
        drop(listener);
        let process = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .map(Process)
            .expect("redis-server is installed: on Debian by the package of that name");
        let url = format!("redis://127.0.0.1:{port}/0");
        let client = redis::Client::open(&*url).expect("an address");
        for _ in 0..500 {
            if let Ok(connection) = client.get_connection() {
                return Self { url, _process: process, connection: Mutex::new(connection), _folder: folder };
            }
            sleep(Duration::from_millis(10));
        }
        panic!("redis-server does not start");
    }

    /// A way into the store of a schedule, as another process has it.
    pub(crate) fn store(&self, namespace: &str) -> Arc<dyn CoordinationStore> {
        let mut connection = self.connection.lock().expect("no holder panics");
        redis::Script::new(LONG_AGO).arg(namespace).invoke::<Option<String>>(&mut *connection).expect("set");
        let options = RedisOptions::new(self.url.clone(), "a key that all have".to_owned())
            .namespace(namespace)
            .lease(LEASE);
        Arc::new(RedisStore::new(&options).expect("valid"))
    }
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("it runs");
    }
}
