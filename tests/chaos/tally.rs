//! The figures.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use crate::arena::Fired;

/// What a number of schedules came to.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) schedules: u64,
    pub(crate) steps: u64,
    pub(crate) fired: Fired,
    pub(crate) longest_wait: Duration,
    pub(crate) failures: Vec<String>,
}

impl Tally {
    /// Adds up.
    pub(crate) fn add(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.steps += other.steps;
        for (kind, times) in other.fired {
            *self.fired.entry(kind).or_default() += times;
        }
        self.longest_wait = self.longest_wait.max(other.longest_wait);
        self.failures.extend(other.failures);
    }
}

/// The figures of every provider, a column each.
pub(crate) fn table(tallies: &[(&str, Tally)], took: Duration) -> String {
    let kinds: BTreeSet<_> = tallies.iter().flat_map(|(_, tally)| tally.fired.keys()).collect();
    let mut text = format!("{:<18}", "");
    for (name, _) in tallies {
        let _ = write!(text, "{name:>19}");
    }
    let mut row = |label: String, value: &dyn Fn(&Tally) -> String| {
        let _ = write!(text, "\n{label:<18}");
        for (_, tally) in tallies {
            let _ = write!(text, "{:>19}", value(tally));
        }
    };
    row("schedules".to_owned(), &|tally| tally.schedules.to_string());
    row("operations".to_owned(), &|tally| tally.steps.to_string());
    for kind in kinds {
        row(kind.to_string(), &|tally| tally.fired.get(kind).copied().unwrap_or_default().to_string());
    }
    row("failed schedules".to_owned(), &|tally| tally.failures.len().to_string());
    row("longest wait".to_owned(), &|tally| format!("{}s", tally.longest_wait.as_secs()));
    let sum = |value: fn(&Tally) -> u64| tallies.iter().map(|(_, tally)| value(tally)).sum::<u64>();
    let (schedules, faults) = (sum(|tally| tally.schedules), sum(|tally| tally.fired.values().sum()));
    let longest = tallies.iter().map(|(_, tally)| tally.longest_wait).max().unwrap_or_default();
    let _ = write!(
        text,
        "\n{schedules} schedules, {faults} faults fired, longest virtual wait {} s, in {:.0} s",
        longest.as_secs(),
        took.as_secs_f64()
    );
    text
}
