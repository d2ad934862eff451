//! The transport and its credentials against a vendor that plays a script.

mod auth;
mod faults;
mod limits;
mod logs;
mod network;
mod refusals;
mod secrets;
mod socket;
mod support;
mod time;
mod trail;
