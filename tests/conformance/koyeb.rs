//! The conformance suite over koyeb.
