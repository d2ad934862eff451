//! The simulator of nuextract.
