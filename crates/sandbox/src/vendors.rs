//! The list of simulators; a new one is one line here.

use std::sync::Arc;

use crate::github::GitHub;
use crate::jaqpot::Jaqpot;
use crate::koyeb::Koyeb;
use crate::losant::Losant;
use crate::nuextract::NuExtract;
use crate::trieve::Trieve;
use crate::vendor::Vendor;
use crate::world::World;

/// A simulator's constructor.
pub(crate) type Start = fn(Arc<World>) -> Arc<dyn Vendor>;

/// Path prefix and constructor, in the order of the printed configuration.
pub(crate) const VENDORS: &[(&str, Start)] = &[
    ("nuextract", |world| Arc::new(NuExtract::new(world))),
    ("jaqpot", |world| Arc::new(Jaqpot::new(world))),
    ("koyeb", |world| Arc::new(Koyeb::new(world))),
    ("trieve", |world| Arc::new(Trieve::new(world))),
    ("losant", |world| Arc::new(Losant::new(world))),
    ("github", |world| Arc::new(GitHub::new(world))),
];
