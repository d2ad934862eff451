//! The simulator of nuextract.

use std::sync::Arc;

use axum::Router;

use crate::vendor::{Identity, Vendor};
use crate::world::World;

pub(crate) struct NuExtract {
    world: Arc<World>,
}

impl NuExtract {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }
}

impl Vendor for NuExtract {
    fn name(&self) -> &'static str {
        "nuextract"
    }
    fn router(self: Arc<Self>) -> Router {
        Router::new().route("/api/ping", axum::routing::get(async || "pong"))
    }
    fn identities(&self) -> Vec<Identity> {
        let _ = &self.world;
        Vec::new()
    }
    fn add_user(&self, email: &str) -> Identity {
        Identity {
            vendor: "nuextract".into(),
            email: email.into(),
            credential: serde_json::json!({}),
            organization: None,
            settings: serde_json::Map::default(),
        }
    }
    fn accept(&self, _: &str, _: &str) -> Result<(), String> {
        Err("not yet".into())
    }
    fn reset(&self) {}
    fn enum_fields(&self) -> &'static [&'static str] {
        &[]
    }
    fn optional_fields(&self) -> &'static [&'static str] {
        &[]
    }
}
