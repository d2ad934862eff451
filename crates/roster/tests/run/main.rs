//! Carrying plans out against a service in process.

mod journal;
mod killed;
mod outcomes;
mod support;
