//! The HTTP layer under every vendor client.

mod request;
mod response;

pub use request::{Request, Safety};
pub use response::{Doc, Response};
