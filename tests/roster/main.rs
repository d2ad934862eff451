//! Rosters against every vendor of the sandbox, on its clock.

mod everywhere;
mod price;
mod support;
