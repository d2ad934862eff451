//! The transport and its credentials against a server that plays a script, byte by byte.

mod auth;
mod faults;
mod limits;
mod logs;
mod support;
