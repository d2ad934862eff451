//! orgport adapter.
