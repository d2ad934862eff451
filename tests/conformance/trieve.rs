//! The conformance suite over trieve.
