//! The commands, a file each.

pub(crate) mod access;
pub(crate) mod api;
pub(crate) mod capabilities;
pub(crate) mod completions;
pub(crate) mod config;
#[cfg(feature = "sandbox")]
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod invitation;
mod lists;
pub(crate) mod login;
pub(crate) mod man;
mod many;
pub(crate) mod member;
pub(crate) mod offboard;
pub(crate) mod org;
mod places;
pub(crate) mod providers;
pub(crate) mod roster;
#[cfg(feature = "sandbox")]
pub(crate) mod sandbox;
mod subject;
mod unknown;
pub(crate) mod whoami;
