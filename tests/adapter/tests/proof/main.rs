//! The adapter against the whole suite, the facade and the command; and the suite against mistakes.

mod careless;
mod command;
mod facade;
mod mistake;
mod mistaken;
mod page;
mod suite;
mod world;
