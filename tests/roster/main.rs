//! Rosters against every vendor of the sandbox, on its clock.

mod everywhere;
mod membership;
mod price;
mod support;
