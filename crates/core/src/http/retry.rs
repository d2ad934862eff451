//! Whether and when a failed attempt is followed by another: pure decisions, no waiting.

use std::time::Duration;

use super::Safety;

const FIRST_STEP: Duration = Duration::from_millis(250);
const LAST_STEP: Duration = Duration::from_secs(20);
/// A vendor that refuses a patient caller this often will not come round.
const PATIENT_ATTEMPTS: u32 = 30;

/// What a failed attempt allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    /// The next one would end the same.
    Never,
    /// The next one may succeed; the failed one may have been carried out.
    IfRepeatable,
    /// Nothing has left, so nothing was carried out.
    NotSent,
    /// The vendor had no room for it and did not carry it out.
    NotProcessed,
}

/// What is configured and what the call may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy {
    pub(super) read_attempts: u32,
    pub(super) write_attempts: u32,
    pub(super) max_wait: Duration,
    pub(super) longest_wait: Duration,
    pub(super) patient: bool,
}

/// How long to wait for the next attempt, or `None` to give up, after so many `attempts`. `requested`
/// is the wait that the vendor has asked for, `draw` a random number from 0 to 1.
pub(super) fn decide(
    policy: Policy,
    safety: Safety,
    retry: Retry,
    attempts: u32,
    requested: Option<Duration>,
    draw: f64,
) -> Option<Duration> {
    let allowed = match (retry, safety) {
        (Retry::NotProcessed, _) if policy.patient => PATIENT_ATTEMPTS,
        (Retry::NotProcessed | Retry::NotSent, _) | (Retry::IfRepeatable, Safety::Read) => {
            policy.read_attempts
        }
        (Retry::IfRepeatable, Safety::Idempotent) => policy.write_attempts,
        (Retry::IfRepeatable | Retry::Never, _) => 1,
    };
    let acceptable =
        |wait: &Duration| *wait <= policy.longest_wait && (policy.patient || *wait <= policy.max_wait);
    let wait = requested.unwrap_or_else(|| backoff(attempts, draw));
    (attempts < allowed).then_some(wait).filter(acceptable)
}

/// Full jitter: anything from nothing to the step, which doubles with every attempt.
fn backoff(attempts: u32, draw: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    (FIRST_STEP * 2_u32.pow(doublings)).min(LAST_STEP).mul_f64(draw.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy {
        read_attempts: 4,
        write_attempts: 3,
        max_wait: Duration::from_mins(1),
        longest_wait: Duration::from_hours(1),
        patient: false,
    };
    const PATIENT: Policy = Policy { patient: true, ..POLICY };

    fn attempts(policy: Policy, safety: Safety, retry: Retry) -> u32 {
        (1..100).find(|made| decide(policy, safety, retry, *made, None, 0.5).is_none()).expect("it ends")
    }

    #[test]
    fn only_what_is_repeatable_is_repeated() {
        use Safety::{Auth, Idempotent, OneShot, Read, Reconcilable};
        for (safety, if_repeatable) in
            [(Read, 4), (Idempotent, 3), (Reconcilable, 1), (OneShot, 1), (Auth, 1)]
        {
            assert_eq!(attempts(POLICY, safety, Retry::IfRepeatable), if_repeatable, "{safety:?}");
            assert_eq!(attempts(POLICY, safety, Retry::NotSent), 4, "{safety:?}");
            assert_eq!(attempts(POLICY, safety, Retry::NotProcessed), 4, "{safety:?}");
            assert_eq!(attempts(PATIENT, safety, Retry::NotProcessed), PATIENT_ATTEMPTS, "{safety:?}");
            assert_eq!(attempts(POLICY, safety, Retry::Never), 1, "{safety:?}");
        }
    }

    #[test]
    fn waits_double_and_spread_from_nothing_to_the_step() {
        let wait = |made, draw| decide(PATIENT, Safety::Read, Retry::NotProcessed, made, None, draw);
        let steps = (1..=9).map(|made| wait(made, 1.0).expect("retried").as_millis());
        assert_eq!(steps.collect::<Vec<_>>(), [250, 500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]);
        assert_eq!(wait(9, 0.0), Some(Duration::ZERO));
        assert_eq!(wait(2, 0.5), Some(Duration::from_millis(250)));
    }

    #[test]
    fn the_vendors_wait_is_kept_to_the_letter_or_handed_to_the_caller() {
        let asked = |policy, seconds| {
            decide(policy, Safety::OneShot, Retry::NotProcessed, 1, Some(Duration::from_secs(seconds)), 0.1)
        };
        assert_eq!(asked(POLICY, 60), Some(Duration::from_mins(1)));
        assert_eq!(asked(POLICY, 61), None);
        assert_eq!(asked(PATIENT, 3600), Some(Duration::from_hours(1)));
        assert_eq!(asked(PATIENT, 3601), None, "no job stands still for so long");
    }
}
