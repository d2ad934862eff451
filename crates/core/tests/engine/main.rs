//! The invite engine against a vendor that plays every fault of inviting.

mod accounts;
mod batches;
mod calls;
mod coordinated;
mod hidden;
mod lists;
mod lost;
mod refusals;
mod vendor;
mod waves;
