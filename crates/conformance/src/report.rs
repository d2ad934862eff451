//! Cases and how they ended.

use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;

use futures_util::future::BoxFuture;
use orgport_core::Error;

use crate::subject::Subject;
use crate::world::World;

pub(crate) type Run = for<'a> fn(&'a World<'a>) -> BoxFuture<'a, Result<Verdict, Failure>>;

/// One behaviour.
#[derive(Clone, Copy)]
pub struct Case {
    name: &'static str,
    only_reads: bool,
    run: Run,
}

impl Case {
    pub(crate) const fn new(name: &'static str, only_reads: bool, run: Run) -> Self {
        Self { name, only_reads, run }
    }

    /// Says whether it sends nothing but reads, and holds in an organization as it is found: such a
    /// case can be run on a real account, with a provider that is read-only.
    pub fn only_reads(&self) -> bool {
        self.only_reads
    }

    /// What it holds, in `snake_case`. Names are stable.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Runs it in a world of its own.
    ///
    /// # Errors
    ///
    /// What the provider did that it must not do.
    pub async fn run(&self, subject: &dyn Subject) -> Result<Verdict, Failure> {
        (self.run)(&World::new(subject)).await
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

/// How a case ended that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It holds.
    Passed,
    /// The capability rules it out, by the fact or the operation of this name, and the provider keeps to
    /// that: what is unsupported says so with a reason and sends nothing.
    Refused(&'static str),
    /// This world cannot show whether it holds, and why.
    NotSeen(&'static str),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Refused(capability) => write!(f, "refused by the capability's {capability}"),
            Self::NotSeen(why) => write!(f, "not seen: {why}"),
        }
    }
}

/// What a provider did that it must not do.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// Says what was expected and what came.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// A call that had to work and did not.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(format!("a call failed that has to work: {error}"))
    }
}

/// How every case ended, in their order.
#[derive(Debug, Default)]
pub struct Report {
    results: Vec<(&'static str, Result<Verdict, Failure>)>,
}

impl Report {
    /// Every case's name and how it ended.
    pub fn results(&self) -> impl Iterator<Item = (&'static str, &Result<Verdict, Failure>)> {
        self.results.iter().map(|(name, result)| (*name, result))
    }

    /// Those that failed.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, &Failure)> {
        self.results().filter_map(|(name, result)| Some((name, result.as_ref().err()?)))
    }

    /// Those that the world could not show, and why. They prove nothing.
    pub fn not_seen(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.results().filter_map(|(name, result)| match result {
            Ok(Verdict::NotSeen(why)) => Some((name, *why)),
            _ => None,
        })
    }

    /// Says whether everything was seen and nothing failed.
    pub fn is_success(&self) -> bool {
        self.failures().next().is_none() && self.not_seen().next().is_none()
    }

    /// Checks that nothing failed and that everything was seen but these cases, which are told apart
    /// from those that were forgotten: a case among them that is seen is wrong, too.
    ///
    /// # Panics
    ///
    /// With the whole report, if it is not so.
    #[track_caller]
    pub fn assert_seen_but(&self, unseen: &[&str]) {
        let expected: BTreeSet<_> = unseen.iter().copied().collect();
        let found: BTreeSet<_> = self.not_seen().map(|(name, _)| name).collect();
        let failed: Vec<_> = self.failures().map(|(name, _)| name).collect();
        assert!(
            failed.is_empty() && found == expected,
            "{self}\n\nfailed: {failed:?}\nnot seen, and not said to be: {:?}\nseen, and said not to be: {:?}",
            &found - &expected,
            &expected - &found
        );
    }

    fn count(&self, is_counted: impl Fn(&Verdict) -> bool) -> usize {
        self.results().filter(|(_, result)| result.as_ref().is_ok_and(&is_counted)).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, result) in self.results() {
            match result {
                Ok(verdict) => writeln!(f, "     {name}: {verdict}")?,
                Err(failure) => writeln!(f, "FAIL {name}: {failure}")?,
            }
        }
        write!(
            f,
            "{} cases: {} passed, {} refused, {} not seen, {} failed",
            self.results.len(),
            self.count(|verdict| *verdict == Verdict::Passed),
            self.count(|verdict| matches!(verdict, Verdict::Refused(_))),
            self.not_seen().count(),
            self.failures().count()
        )
    }
}

/// Runs every case, each in a world that `fresh` makes.
pub async fn run_all<S, F, Fut>(fresh: F) -> Report
where
    S: Subject,
    F: Fn() -> Fut,
    Fut: Future<Output = Result<S, Error>>,
{
    let mut report = Report::default();
    for case in crate::cases() {
        let result = match fresh().await {
            Ok(subject) => case.run(&subject).await,
            Err(error) => Err(Failure(format!("the world could not be made: {error}"))),
        };
        report.results.push((case.name, result));
    }
    report
}
