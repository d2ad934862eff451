//! The HTTP layer under every vendor client.

mod attempt;
mod base_url;
mod body;
mod call;
mod client;
mod limiter;
mod prepared;
mod refusal;
mod request;
mod response;
mod retry;
mod settings;
mod transport;
mod vendor;

pub use base_url::BaseUrl;
pub use request::{Request, Safety};
pub use response::{Doc, Response};
pub use settings::HttpSettings;
pub use transport::{Connection, Transport};
pub use vendor::{Bucket, Failure, Refusal, Remaining, Vendor};
