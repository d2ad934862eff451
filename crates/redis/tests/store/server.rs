//! A real server of a test's own.

use std::net::TcpListener;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use orgport_core::{CoordinationStore, Secret};
use orgport_redis::{RedisOptions, RedisStore};
use tokio::process::{Child, Command};

pub(crate) const KEY: &str = "a key that all have";
pub(crate) const PASSWORD: &str = "hunter2-hunter2";
pub(crate) const QUIET: Duration = Duration::from_millis(700);

/// It ends with the test.
pub(crate) struct Server {
    port: u16,
    folder: tempfile::TempDir,
    options: &'static [&'static str],
    child: Child,
}

impl Server {
    /// One that forgets everything when it ends.
    pub(crate) async fn start() -> Self {
        Self::with(&["--appendonly", "no"]).await
    }

    /// One that keeps every change.
    pub(crate) async fn durable() -> Self {
        Self::with(&["--appendonly", "yes", "--appendfsync", "always"]).await
    }

    async fn with(options: &'static [&'static str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has one").port();
        drop(listener);
        let child = spawn(port, &folder, options);
        let server = Self { port, folder, options, child };
        server.is_up().await;
        server
    }

    async fn is_up(&self) {
        for _ in 0..500 {
            if self.ask(&["PING"]).await.is_some() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("redis-server does not start");
    }

    /// Ends it as a crash does.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.expect("it runs");
    }

    pub(crate) async fn restart(&mut self) {
        self.kill().await;
        self.child = spawn(self.port, &self.folder, self.options);
        self.is_up().await;
    }

    /// Sends a signal to it.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// A command of an administrator's.
    pub(crate) async fn ask(&self, command: &[&str]) -> Option<redis::Value> {
        let client = redis::Client::open(self.url(PASSWORD)).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.ok()?;
        let mut asked = redis::cmd(command[0]);
        asked.arg(&command[1..]);
        asked.query_async(&mut connection).await.ok()
    }

    /// As it is long after the first use of a namespace.
    pub(crate) async fn is_old(&self, namespace: &str) {
        let script = "
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
return redis.call('SET', '{' .. ARGV[1] .. '}:mark', run .. ' 0')";
        self.ask(&["EVAL", script, "0", namespace]).await.expect("set");
    }

    /// All names and values, as text.
    pub(crate) async fn dump(&self) -> String {
        let script = "
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local kind = redis.call('TYPE', key).ok
  local value = kind == 'hash' and table.concat(redis.call('HGETALL', key), ' ') or redis.call('GET', key)
  all[#all + 1] = key .. ' = ' .. value
end
return table.concat(all, '\\n')";
        let client = redis::Client::open(self.url(PASSWORD)).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("it is up");
        let bytes: Vec<u8> = redis::Script::new(script).invoke_async(&mut connection).await.expect("read");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(crate) fn url(&self, password: &str) -> String {
        format!("redis://:{password}@127.0.0.1:{}/0", self.port)
    }

    pub(crate) fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn options(&self) -> RedisOptions {
        RedisOptions::new(Secret::from(self.url(PASSWORD)), Secret::from(KEY.to_owned())).quiet(QUIET)
    }

    /// A way into the store, as another process would have it.
    pub(crate) fn store(&self) -> Arc<dyn CoordinationStore> {
        store_with(&self.options())
    }
}

/// A way into a store as another process would have it, with options of its own.
pub(crate) fn store_with(options: &RedisOptions) -> Arc<dyn CoordinationStore> {
    Arc::new(RedisStore::new(options).expect("valid"))
}

fn spawn(port: u16, folder: &tempfile::TempDir, options: &[&str]) -> Child {
    let port = port.to_string();
    Command::new("redis-server")
        .args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--requirepass", PASSWORD])
        .args(options)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("redis-server is installed: on Debian by the package of that name")
}
