//! The community's client for GitHub in Rust, octocrab: all its calls on organizations, members and
//! invitations, as `peer.py` explains.

mod calls;
mod drive;
mod peer;
mod play;

use std::process::ExitCode;

use peer::Peer;

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Failure> {
    let peer = Peer::open().await?;
    match std::env::args().nth(1).as_deref() {
        Some("play") => play::play(&peer).await?,
        _ => drive::drive(&peer).await?,
    }
    Ok(ExitCode::SUCCESS)
}
