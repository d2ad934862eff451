//! The stores of core against the suite.

use std::sync::Arc;

use orgport_conformance::check_store;
use orgport_core::{ProcessStore, StateDirectory};

#[tokio::test]
async fn the_registry_of_a_process() {
    let store = ProcessStore::default();
    check_store(|| Arc::new(store.clone())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_state_directory() {
    let home = tempfile::tempdir().expect("a directory");
    let path = home.path().join("state/orgport");
    // Again, as a store that has been used before.
    for _ in 0..2 {
        check_store(|| Arc::new(StateDirectory::new(&path))).await;
    }
}
