//! The real binary, run as people and programs run it.

mod access;
mod api;
mod canary;
mod company;
mod configuration;
mod contract;
mod create;
mod doctor;
mod everywhere;
mod exit_codes;
mod fleet;
mod interrupts;
mod leaving;
mod lists;
mod login;
mod modules;
mod offboard;
mod output;
mod people;
mod play;
mod processes;
mod questions;
mod roster;
mod several;
mod shell;
mod support;
