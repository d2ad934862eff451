//! What may be sent again.

/// What sending a request twice would do, and so what the transport may do on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Safety {
    /// Changes nothing. Replayed.
    Read,
    /// Twice is the same as once. Replayed.
    Idempotent,
    /// Twice is not the same, but a look tells whether it happened. Never replayed here; the
    /// caller looks.
    Reconcilable,
    /// Twice is not the same, and nothing tells. Never replayed.
    OneShot,
    /// Gets or renews a credential. Never replayed.
    Auth,
}
