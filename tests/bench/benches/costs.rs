//! What orgport costs: one row for each job, both sides on one server in one run.
//!
//! `cargo bench -p orgport-bench`, or with the beginning of some jobs' names behind `--`. Instructions
//! are counted by valgrind where it is installed. Times are those of this thread on a processor, and
//! noisy where others work on the machine, unless they are said to be the runtime's own: those are
//! exact, since nobody waits for them.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use orgport::Role;
use orgport_bench::count::{allocations, cpu, instructions, runtime};
use orgport_bench::jobs::{self, LATENCY};
use orgport_bench::server;
use orgport_bench::vendor::{VENDORS, Vendor};
use orgport_bench::world::{RuntimeClock, World};
use tokio::time::Instant;

/// How often a list is read on, so that a single reading stands out.
const FURTHER: u64 = 20;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [job, kind, side, times, url] = &arguments[..]
        && job == "--list"
    {
        let times = times.parse().expect("a number");
        runtime(false).block_on(jobs::list(Vendor::of(kind), side == "careful", url, times)).expect("rows");
        return;
    }
    let is_wanted = |name: &str| {
        arguments.is_empty() || arguments.iter().any(|argument| name.starts_with(argument.as_str()))
    };
    let groups: [(&str, fn()); 9] = [
        ("lists", lists),
        ("official", official),
        ("long", long_lists),
        ("invitations", invitations),
        ("losant", losant),
        ("memory", memory),
        ("latency", latency),
        ("pace", pace),
        ("plan", plan),
    ];
    for (_, group) in groups.into_iter().filter(|(name, _)| is_wanted(name)) {
        group();
    }
}

/// A list of 100: instructions and allocations.
fn lists() {
    println!("\n| list of 100 | first, ours / careful | further, ours / careful | allocations a row |");
    println!("|---|---|---|---|");
    for vendor in &VENDORS {
        let url = serve(vendor, 100);
        let count = |side: &str, times: u64| {
            instructions(&["--list", vendor.kind, side, &times.to_string(), &url]).unwrap_or(0)
        };
        let [ours, careful] = ["ours", "careful"].map(|side| {
            let (first, all) = (count(side, 1), count(side, 1 + FURTHER));
            (first, (all.saturating_sub(first)) / FURTHER)
        });
        let [our_rows, careful_rows] = [false, true].map(|is_careful| {
            let runtime = runtime(false);
            let read = |times| {
                let mut rows = 0;
                let read = allocations(|| {
                    rows = runtime.block_on(jobs::list(vendor, is_careful, &url, times)).expect("rows");
                });
                assert_eq!(rows, 100, "{}", vendor.kind);
                read.count_total
            };
            read(1);
            ratio(read(11) - read(1), 1000)
        });
        println!(
            "| {} | {} / {} = {:.2} × | {} / {} = {:.2} × | {our_rows:.1} / {careful_rows:.1} |",
            vendor.kind,
            millions(ours.0),
            millions(careful.0),
            ratio(ours.0, careful.0),
            millions(ours.1),
            millions(careful.1),
            ratio(ours.1, careful.1)
        );
    }
}

/// A further list of 100 beside the vendor's own Python client, where `tests/peers/run` has installed it, and
/// beside one that is written by hand.
fn official() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/.env/venv/bin/python");
    if !python.exists() {
        println!("\nThe official clients are not there: tests/peers/run installs them.");
        return;
    }
    println!("\n| further list of 100, ms | official client | careful | ours |\n|---|---|---|---|");
    for vendor in &VENDORS {
        let url = serve(vendor, 100);
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/official.py");
        let arguments = [script, vendor.kind, &url, vendor.organization, &FURTHER.to_string()];
        let output = Command::new(&python).args(arguments).output().expect("Python runs");
        let seconds = String::from_utf8_lossy(&output.stdout).trim().parse::<f64>();
        let official = seconds.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let runtime = runtime(false);
        let [ours, careful] = [false, true].map(|is_careful| {
            let read = |times| {
                let begun = cpu();
                runtime.block_on(jobs::list(vendor, is_careful, &url, times)).expect("rows");
                cpu().saturating_sub(begun).as_secs_f64()
            };
            // The first one warms up. More than a hundred would meet Koyeb's limit, and wait.
            read(1);
            (read(101) - read(1)) / 100.0
        });
        println!(
            "| {} | {:.2} | {:.3} = {:.1} × | {:.3} = {:.1} × |",
            vendor.kind,
            official * 1e3,
            careful * 1e3,
            official / careful,
            ours * 1e3,
            official / ours
        );
    }
}

/// A list of 50 MiB: the most memory at any time.
fn long_lists() {
    println!("\n| list of 50 MiB | careful | whole | as a stream |\n|---|---|---|---|");
    for vendor in &VENDORS {
        if vendor.kind == "koyeb" {
            continue; // Its pages have 100 rows.
        }
        let rows = (50 << 20) / (vendor.row(0).len() + 1);
        let url = serve(vendor, rows);
        let most = |job: &mut dyn FnMut()| allocations(job).bytes_max;
        let runtime = runtime(false);
        let careful = most(&mut || {
            runtime.block_on(jobs::list(vendor, true, &url, 1)).expect("rows");
        });
        let whole = most(&mut || {
            runtime.block_on(jobs::list(vendor, false, &url, 1)).expect("rows");
        });
        let stream = most(&mut || {
            let provider = vendor.provider(&url).expect("a configuration");
            runtime.block_on(jobs::stream(&provider, &vendor.organization())).expect("rows");
        });
        println!(
            "| {} | {} | {} = {:.2} × | {} = {:.2} × |",
            vendor.kind,
            mebibytes(careful),
            mebibytes(whole),
            ratio(whole, careful),
            mebibytes(stream),
            ratio(stream, careful)
        );
    }
}

/// Inviting many: time a person.
fn invitations() {
    println!("\n| invitations, NuExtract in process | µs each | requests |\n|---|---|---|");
    let vendor = Vendor::of("nuextract");
    for count in [1_000, 10_000, 100_000] {
        let world = World::new(vendor, 0);
        let provider = jobs::provider(&world, vendor, None).expect("a configuration");
        let people = jobs::people(count, None);
        let (runtime, begun) = (runtime(false), cpu());
        let sent = runtime.block_on(jobs::invite(&provider, &vendor.organization(), people));
        let took = cpu().saturating_sub(begun);
        assert_eq!(sent, count);
        println!("| {count} | {:.1} | {} |", micros(took, count), world.traffic().requests);
    }
}

/// Losant tells its whole list after each invitation.
fn losant() {
    println!("\n| invitations, Losant in process | µs each | requests | MiB |\n|---|---|---|---|");
    let vendor = Vendor::of("losant");
    for count in [500, 2_000] {
        let world = World::new(vendor, 0);
        let provider = jobs::provider(&world, vendor, None).expect("a configuration");
        let people = jobs::people(count, Some(&Role::Editor));
        let (runtime, begun) = (runtime(false), cpu());
        let sent = runtime.block_on(jobs::invite(&provider, &vendor.organization(), people));
        let took = cpu().saturating_sub(begun);
        assert_eq!(sent, count);
        let traffic = world.traffic();
        let [each, mebibytes] = [micros(took, count), ratio(traffic.bytes as u64, 1 << 20)];
        println!("| {count} | {each:.1} | {} | {mebibytes:.1} |", traffic.requests);
    }
}

/// The provider in memory, by length.
fn memory() {
    println!("\n| memory | inviting, µs each | listing, µs a row |\n|---|---|---|");
    for count in [1_000, 4_000, 16_000] {
        let (provider, organization) = jobs::memory().expect("an organization");
        let people = jobs::people(count, Some(&Role::Member));
        let (runtime, begun) = (runtime(false), cpu());
        let sent = runtime.block_on(jobs::invite(&provider, &organization, people));
        let invited = cpu();
        assert_eq!(sent, count);
        let provider = orgport::AnyProvider::Memory(provider);
        let listed = runtime.block_on(jobs::stream(&provider, &organization)).expect("rows");
        assert_eq!(listed, count);
        println!(
            "| {count} | {:.1} | {:.2} |",
            micros(invited.saturating_sub(begun), count),
            micros(cpu().saturating_sub(invited), count)
        );
    }
}

/// Jobs at 50 ms a request, by the runtime's own time.
fn latency() {
    println!("\n| at 50 ms a request | s | requests |\n|---|---|---|");
    let (spent, traffic) = jobs::list_many_pages();
    println!("| list of 10,000, Koyeb | {:.2} | {} |", spent.as_secs_f64(), traffic.requests);
    let nuextract = Vendor::of("nuextract");
    let world = World::new(nuextract, 0).with_latency(LATENCY);
    let spent = runtime(true).block_on(async {
        let provider =
            jobs::provider(&world, nuextract, Some(RuntimeClock::begin())).expect("a configuration");
        let begun = Instant::now();
        let people = jobs::people(500, None);
        assert_eq!(jobs::invite(&provider, &nuextract.organization(), people).await, 500);
        begun.elapsed()
    });
    println!("| 500 invitations, NuExtract | {:.2} | {} |", spent.as_secs_f64(), world.traffic().requests);
}

/// Koyeb takes 400 requests a minute.
fn pace() {
    println!("\n| 500 invitations, Koyeb, 400 a minute | s | requests | refused |\n|---|---|---|---|");
    let (spent, traffic) = jobs::invite_within_a_limit();
    println!("| | {:.1} | {} | {} |", spent.as_secs_f64(), traffic.requests, traffic.refused);
}

/// What inviting 5,000 people would do where 40,000 are invited.
fn plan() {
    use orgport::Invitations;

    println!("\n| plan_invites, 5,000 people against 40,000 rows | s |\n|---|---|");
    for kind in ["nuextract", "koyeb"] {
        let vendor = Vendor::of(kind);
        let world = World::new(vendor, 40_000);
        let provider = jobs::provider(&world, vendor, Some(RuntimeClock::begin())).expect("a configuration");
        let role = (kind == "koyeb").then_some(Role::Owner);
        let people = jobs::people(5_000, role.as_ref());
        let (runtime, begun) = (runtime(true), cpu());
        let plans = runtime.block_on(provider.plan_invites(&vendor.organization(), people));
        assert_eq!(plans.expect("a plan").len(), 5_000);
        println!("| {kind} | {:.3} |", cpu().saturating_sub(begun).as_secs_f64());
    }
}

fn serve(vendor: &Vendor, rows: usize) -> String {
    let list = (vendor.path.to_owned(), vendor.list(rows));
    server::serve([list, ("/v1/account/organization".to_owned(), vendor.nobody(""))])
}

#[expect(clippy::cast_precision_loss, reason = "figures to look at")]
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other.max(1) as f64
}

fn micros(spent: Duration, count: usize) -> f64 {
    ratio(u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX), 1000 * count as u64)
}

fn millions(instructions: u64) -> String {
    format!("{:.2} M", ratio(instructions, 1_000_000))
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", ratio(bytes, 1 << 20))
}
