//! The conformance suite over losant.
