//! What orgport costs: the same jobs done by it and by `reqwest` and serde alone, on one server.

pub mod careful;
pub mod count;
pub mod jobs;
pub mod server;
pub mod vendor;
pub mod world;
