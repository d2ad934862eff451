//! What must not grow unnoticed: figures that are the same each time. Times are not among them.

use std::time::Duration;

use orgport::Role;
use orgport_bench::count::{allocations, runtime};
use orgport_bench::jobs;
use orgport_bench::server;
use orgport_bench::vendor::{VENDORS, Vendor};

/// Allocations for each row of ten further lists of 100.
fn allocations_a_row(vendor: &Vendor, is_careful: bool, url: &str) -> f64 {
    let runtime = runtime(false);
    let read = |times| {
        allocations(|| {
            runtime.block_on(jobs::list(vendor, is_careful, url, times)).expect("rows");
        })
        .count_total
    };
    read(1);
    f64::from(u32::try_from(read(11) - read(1)).expect("not that many")) / 1000.0
}

#[test]
fn a_row_costs_four_allocations_more_than_by_hand_at_most() {
    for vendor in &VENDORS {
        let list = (vendor.path.to_owned(), vendor.list(100));
        let url = server::serve([list, ("/v1/account/organization".to_owned(), vendor.nobody(""))]);
        let [ours, careful] = [false, true].map(|is_careful| allocations_a_row(vendor, is_careful, &url));
        assert!(ours <= careful + 4.0, "{}: {ours} against {careful}", vendor.kind);
    }
}

#[test]
fn a_long_list_takes_three_tenths_more_memory_than_by_hand_at_most_and_no_more_as_a_stream() {
    for vendor in VENDORS.iter().filter(|vendor| vendor.kind != "koyeb") {
        let rows = (4 << 20) / vendor.row(0).len();
        let url = server::serve([(vendor.path.to_owned(), vendor.list(rows))]);
        let runtime = runtime(false);
        let most = |job: &dyn Fn() -> usize| allocations(|| assert_eq!(job(), rows)).bytes_max;
        let list =
            |is_careful| most(&|| runtime.block_on(jobs::list(vendor, is_careful, &url, 1)).expect("rows"));
        let [whole, careful] = [false, true].map(list);
        let provider = vendor.provider(&url).expect("a configuration");
        let stream =
            most(&|| runtime.block_on(jobs::stream(&provider, &vendor.organization())).expect("rows"));
        assert!(10 * whole <= 13 * careful, "{}: {whole} against {careful}", vendor.kind);
        assert!(100 * stream <= 101 * whole, "{}: {stream} against {whole}", vendor.kind);
    }
}

#[test]
fn a_long_list_of_koyeb_takes_each_page_once_and_eight_at_a_time() {
    let (spent, traffic) = jobs::list_many_pages();
    assert_eq!(traffic.requests, 101, "a page each, and one for the token's organization");
    assert!(spent <= Duration::from_secs(1), "{spent:?} of the runtime's own time");
}

#[test]
fn five_hundred_invitations_take_little_more_than_a_minute_at_koyeb_and_no_refusal() {
    let (spent, traffic) = jobs::invite_within_a_limit();
    assert_eq!(traffic.refused, 0);
    assert!(traffic.requests <= 510, "{}", traffic.requests);
    assert!(spent <= Duration::from_secs(65), "{spent:?} of the runtime's own time");
}

#[test]
fn inviting_in_memory_costs_a_person_the_same_however_many_there_are() {
    let [few, many] = [500_u32, 4_000].map(|count| {
        let (provider, organization) = jobs::memory().expect("an organization");
        let people = jobs::people(count as usize, Some(&Role::Member));
        let runtime = runtime(true);
        let job = allocations(|| {
            assert_eq!(runtime.block_on(jobs::invite(&provider, &organization, people)), count as usize);
        });
        job.count_total / u64::from(count)
    });
    assert!(many <= few + few / 4, "{many} allocations against {few}");
}
