//! The simulator of trieve.
