//! What the workspace's tests share.

pub mod wire;

/// The README's programs are compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
