//! The store on real servers: what every store must do, and what becomes of it when the server
//! forgets, stops, restarts or goes away.

mod faults;
mod server;
mod tokens;

use std::time::Duration;

use orgport_conformance::check_store;

use crate::server::{Server, store_with};

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn it_does_what_every_store_must() {
    let server = Server::start().await;
    // Again, as a store that has been used before; other namespaces see nothing of it.
    for namespace in ["orgport", "orgport", "other"] {
        server.is_old(namespace).await;
        let minute = Duration::from_mins(1);
        check_store(|| store_with(&server.options().namespace(namespace).quiet(minute))).await;
    }
    let dump = server.dump().await;
    for line in dump.lines() {
        assert!(line.starts_with("{orgport}:") || line.starts_with("{other}:"), "{line}");
        let person = line.contains(":lease:") || line.contains(":note:");
        assert!(!person, "what was let go of leaves nothing: {line}");
    }
    assert!(!dump.contains(server::KEY), "{dump}");
}
