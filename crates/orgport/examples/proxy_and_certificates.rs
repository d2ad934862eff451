//! Trusts a certificate authority of one's own and goes through a proxy, both set in code; a
//! configuration says the same in `[providers.NAME.http]`.
//!
//! Prints:
//!
//! ```text
//! the proxy is asked: GET http://nuextract.internal/api/organizations HTTP/1.1
//! the vendor answers: 1 organization, Acme
//! ```

use futures_util::TryStreamExt;
use orgport::nuextract::{NuExtractProvider, NuExtractSettings};
use orgport::{AuthConfig, ProviderConfig, stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The certificate of an authority that no system knows, as a file would hold it.
const AUTHORITY: &str = include_str!("authority.pem");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let proxy_url = format!("http://{}", proxy.local_addr()?);
    let answering = tokio::spawn(async move { answer(proxy.accept().await?.0).await });

    let mut config = ProviderConfig::new("prod")
        .auth(AuthConfig::bearer("an access token"))
        // Over https the proxy would see CONNECT and nothing else.
        .base_url("http://nuextract.internal");
    config.http.allow_http = true;
    config.http.root_certificates = Some(AUTHORITY.to_owned());
    config.http.proxy = Some(proxy_url.into());
    config.http.no_proxy = Some("localhost,.acme.example".to_owned());

    let provider = NuExtractProvider::new(config, NuExtractSettings::default())?;
    let organizations: Vec<_> = stream::organizations(&provider).try_collect().await?;
    println!("the vendor answers: {} organization, {}", organizations.len(), organizations[0].name);
    Ok(answering.await??)
}

/// Plays the proxy and the vendor behind it for one request.
async fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        connection.read_buf(&mut request).await?;
    }
    let request = String::from_utf8_lossy(&request);
    println!("the proxy is asked: {}", request.lines().next().unwrap_or_default());
    let body = r#"[{"id":"1","name":"Acme"}]"#;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all((head + body).as_bytes()).await
}
