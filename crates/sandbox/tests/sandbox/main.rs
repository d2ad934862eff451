//! The sandbox as a client meets it, over HTTP.

mod control;
mod faults;
mod listener;
mod nuextract;
mod oauth;
mod support;
