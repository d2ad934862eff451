//! The conformance suite over nuextract.
