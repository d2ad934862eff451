//! Sends all requests by an HTTP client that the program has prepared: here one that resolves a
//! name by itself.
//!
//! Prints:
//!
//! ```text
//! Example Organization
//! ```

use std::net::{Ipv4Addr, SocketAddr};

use futures_util::TryStreamExt;
use orgport::http::HttpClient;
use orgport::{Config, stream};
use orgport_sandbox::Sandbox;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let port = sandbox.base_url("nuextract").split([':', '/']).nth(4).ok_or("a port")?.parse()?;

    let client = reqwest::Client::builder()
        // A redirect could carry the credential elsewhere, and a request repeated behind orgport's
        // back could mail somebody twice.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .resolve("nuextract.internal", SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .build()?;

    let token = sandbox.identity("nuextract")?.credential["access_token"].to_string();
    let config = Config::from_toml(&format!(
        r#"
        [providers.prod]
        kind = "nuextract"
        base_url = "http://nuextract.internal:{port}/nuextract"
        auth = {{ type = "bearer", token = {token} }}
        http = {{ allow_http = true }} # the sandbox speaks no TLS
        "#
    ))?
    .with_http_client(HttpClient::from_reqwest(client));

    let provider = config.provider(None)?;
    for organization in stream::organizations(&provider).try_collect::<Vec<_>>().await? {
        println!("{}", organization.name);
    }
    Ok(())
}
