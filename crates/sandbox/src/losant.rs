//! The simulator of losant.
