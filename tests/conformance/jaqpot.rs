//! The conformance suite over jaqpot.
