//! The sandbox as a client meets it, over HTTP.

mod control;
mod faults;
mod late;
mod layout;
mod listener;
mod lying_lists;
mod nuextract;
mod oauth;
mod support;
