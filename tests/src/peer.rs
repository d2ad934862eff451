//! Servers made by hand for what the sandbox does not play: TLS and proxies.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate authority that nobody's system trusts.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its private key.
pub struct Certified {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Authority {
    /// A new one with this name.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().expect("keys can be made");
        Self(CertifiedIssuer::self_signed(params, key).expect("the parameters are complete"))
    }

    /// Its own certificate, for those who trust it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for this host until the end of a year.
    pub fn certify(&self, host: &str, last_year: i32) -> Certified {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, host);
        params.subject_alt_names =
            vec![SanType::DnsName(Ia5String::try_from(host).expect("host names are ASCII"))];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().expect("keys can be made");
        let certificate = params.signed_by(&key, &self.0).expect("the parameters are complete");
        Certified { certificate, key }
    }

    fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }
}

impl Certified {
    /// Certificate and key, as `http.client_identity` takes them.
    pub fn pem(&self) -> String {
        self.certificate.pem() + &self.key.serialize_pem()
    }

    fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::try_from(self.key.serialize_der()).expect("it is PKCS 8")
    }
}

/// What a server has heard: the head and body of each request, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    /// Everything so far.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().expect("no holder panics").clone()
    }

    fn add(&self, request: String) {
        self.0.lock().expect("no holder panics").push(request);
    }
}

/// A server that ends when it is dropped.
pub struct Peer {
    address: SocketAddr,
    /// What it was told.
    pub heard: Heard,
    task: tokio::task::JoinHandle<()>,
}

impl Peer {
    /// An HTTPS server that answers `[]` to whoever gets through the handshake, which needs a
    /// certificate of `clients` if there is such an authority.
    pub async fn https(certified: &Certified, clients: Option<&Authority>) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(tls(certified, clients)));
        Self::serve(move |stream, heard| {
            let acceptor = acceptor.clone();
            async move {
                match acceptor.accept(stream).into_fallible().await {
                    Ok(stream) => answer(stream, &heard).await,
                    // A reset would reach the client before the reason does.
                    Err((_, mut stream)) => {
                        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.map(drop)
                    }
                }
            }
        })
        .await
    }

    /// An HTTP server that answers `[]`.
    pub async fn http() -> Self {
        Self::serve(|stream, heard| async move { answer(stream, &heard).await }).await
    }

    /// A proxy: tunnels for `CONNECT`, and answers `[]` itself to requests for `http` addresses.
    pub async fn proxy() -> Self {
        Self::serve(|stream, heard| async move {
            let mut stream = BufReader::new(stream);
            let head = read_request(&mut stream).await?;
            heard.add(head.clone());
            let mut words = head.split(' ');
            if words.next() != Some("CONNECT") {
                return reply(&mut stream).await;
            }
            let Some((_, port)) = words.next().and_then(|authority| authority.rsplit_once(':')) else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            // Every host is this machine.
            let mut target = TcpStream::connect(format!("127.0.0.1:{port}")).await?;
            stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
            tokio::io::copy_bidirectional(&mut stream, &mut target).await.map(drop)
        })
        .await
    }

    async fn serve<F, Fut>(mut each: F) -> Self
    where
        F: FnMut(TcpStream, Heard) -> Fut + Send + 'static,
        Fut: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let heard = Heard::default();
        let log = heard.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that hangs up early is the test's business.
                tokio::spawn(each(stream, log.clone()));
            }
        });
        Self { address, heard, task }
    }

    /// Its port on loopback.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn tls(certified: &Certified, clients: Option<&Authority>) -> ServerConfig {
    let builder = ServerConfig::builder();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der()).expect("an authority's certificate");
            let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
            builder.with_client_cert_verifier(verifier.expect("there is a root"))
        }
    };
    let chain = vec![certified.certificate.der().clone()];
    builder.with_single_cert(chain, certified.key_der()).expect("certificate and key belong together")
}

async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin, heard: &Heard) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    heard.add(read_request(&mut stream).await?);
    reply(&mut stream).await
}

async fn reply(stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2";
    stream.write_all(format!("{head}\r\n\r\n[]").as_bytes()).await?;
    stream.shutdown().await
}

/// The text of one request; an empty one if the client only connects.
async fn read_request(stream: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<String> {
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") {
        let line = tokio::time::timeout(Duration::from_secs(5), stream.read_line(&mut request)).await??;
        if line == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let length = request.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    request.push_str(&String::from_utf8_lossy(&body));
    Ok(request)
}
