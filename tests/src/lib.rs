//! What the workspace's tests share.

#![expect(clippy::exhaustive_enums, clippy::exhaustive_structs, reason = "nobody else depends on it")]

pub mod lists;
pub mod peer;
pub mod segments;
pub mod stage;
pub mod taint;
pub mod vendors;
pub mod wire;
pub mod world;

/// The README's programs are compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// So are those of the pages.
#[cfg(doctest)]
#[doc = include_str!("../../docs/testing.md")]
pub struct Testing;
