//! What a job costs: allocations, time on a processor, instructions.

use std::fs;
use std::process::Command;
use std::time::Duration;

use allocation_counter::AllocationInfo;
use tokio::runtime::{Builder, Runtime};

/// A runtime of one thread, so that all of a job is counted; nothing is waited for where its time is
/// `paused`.
///
/// # Panics
///
/// If the system has no room for it.
pub fn runtime(paused: bool) -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(paused).build().expect("a runtime")
}

/// What this thread allocates in a job.
pub fn allocations(job: impl FnOnce()) -> AllocationInfo {
    allocation_counter::measure(job)
}

/// How long this thread was on a processor, by Linux's books.
pub fn cpu() -> Duration {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(spent.split(' ').next().and_then(|spent| spent.parse().ok()).unwrap_or(0))
}

/// How many instructions this program needs with these arguments, if valgrind is there.
pub fn instructions(arguments: &[&str]) -> Option<u64> {
    let program = std::env::current_exe().ok()?;
    let valgrind = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"];
    let output = Command::new("valgrind").args(valgrind).arg(program).args(arguments).output().ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        eprintln!("{told}");
        return None;
    }
    let (_, count) =
        told.lines().find_map(|line| line.split_once("I refs:").or(line.split_once("I   refs:")))?;
    count.trim().replace(',', "").parse().ok()
}
