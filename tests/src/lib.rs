//! What the workspace's tests share.

pub mod wire;
pub mod world;
