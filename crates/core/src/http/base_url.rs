//! Where a vendor's API stands.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::error::{Error, ErrorKind};

/// The address that every path of a vendor is put behind, and the one origin that its credential
/// is sent to.
///
/// ```
/// use orgport_core::http::BaseUrl;
///
/// let base = BaseUrl::parse("https://gateway.example.com/vendor/", false)?;
/// assert_eq!(base.as_str(), "https://gateway.example.com/vendor");
/// assert_eq!(base.origin(), "https://gateway.example.com");
/// assert!(BaseUrl::parse("http://api.example.com", false).is_err());
/// # Ok::<(), orgport_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads an `https` address, or an `http` one if its host is this machine (`localhost`,
    /// `127.0.0.0/8`, `[::1]`) or `allow_http` is set. A path is kept and put before every
    /// request's own.
    ///
    /// # Errors
    ///
    /// `Config` that says what is wrong: another scheme, a user name or password, a query or a
    /// fragment, or no URL at all. It shows the host at most, since the rest may hold a secret.
    pub fn parse(text: &str, allow_http: bool) -> Result<Self, Error> {
        let url = Url::parse(text.trim()).map_err(|source| {
            Error::new(ErrorKind::Config, "the address is not a URL such as https://api.example.com")
                .with_source(source)
        })?;
        let wrong = |what: String| Err(Error::new(ErrorKind::Config, what));
        let Some(host) = url.host() else {
            return wrong(format!("the address must begin with https://, not {}:", url.scheme()));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return wrong(format!("the address at {host} must not hold a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return wrong(format!("the address at {host} must end before any ? or #"));
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if allow_http || is_loopback(&host) => Ok(Self(url)),
            "http" => wrong(format!(
                "the address at {host} is http, which would show the credential to the network: use https, \
                 or set http.allow_http = true"
            )),
            other => wrong(format!("the address must begin with https://, not {other}:")),
        }
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The path prefix, without a slash at its end; empty where there is none.
    pub(crate) fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// The same address without its path.
    pub(crate) fn root(&self) -> Self {
        let mut url = self.0.clone();
        url.set_path("");
        Self(url)
    }

    /// Says whether the host is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }

    /// The address of a request, whose path begins with a slash or is empty.
    pub(crate) fn join(&self, path_and_query: &str) -> Result<Url, Error> {
        Url::parse(&format!("{}{path_and_query}", self.as_str())).map_err(|source| {
            Error::new(ErrorKind::InvalidInput, "the request's path cannot stand in a URL")
                .with_source(source)
        })
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_addresses_are_taken() {
        for good in [
            "https://api.example.com",
            "http://localhost:8080/vendor",
            "http://127.8.9.1:1",
            "http://[::1]:80/",
        ] {
            BaseUrl::parse(good, false).expect(good);
        }
        for (bad, word) in [
            ("http://api.example.com", "allow_http"),
            ("http://localhost.example.com", "allow_http"),
            ("http://[::ffff:7f00:1]", "allow_http"),
            ("https://key:hidden@api.example.com", "user name"),
            ("https://hidden@api.example.com", "user name"),
            ("https://api.example.com/?token=hidden", "?"),
            ("https://api.example.com/#hidden", "#"),
            ("file:///etc/passwd", "https"),
            ("ftp://api.example.com", "ftp"),
            ("data:hidden", "https"),
            ("api.example.com", "not a URL"),
            ("", "not a URL"),
        ] {
            let error = BaseUrl::parse(bad, false).expect_err(bad);
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.message().contains(word), "{bad}: {error}");
            assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
        }
        BaseUrl::parse("http://api.example.com", true).expect("allowed");
    }

    #[test]
    fn a_path_prefix_stays_and_segments_cannot_leave_it() {
        let base = BaseUrl::parse("https://x.example.com/a/b/", false).expect("valid");
        assert_eq!(
            base.join("/orgs/..%2Fadmin?x=1").expect("valid").as_str(),
            "https://x.example.com/a/b/orgs/..%2Fadmin?x=1"
        );
        assert_eq!(base.join("").expect("valid").as_str(), "https://x.example.com/a/b");
        assert_eq!(base.root().as_str(), "https://x.example.com");
    }
}
