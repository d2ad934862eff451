//! How a transport talks HTTP.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::error::Error;
use crate::secret::{Secret, sourced_option};
use crate::time::duration;

/// Limits, retries and TLS of one provider's connections: the `http` table of its configuration.
///
/// Durations are written `"500ms"`, `"30s"`, `"1m 30s"` or `"PT2H"`; sizes are numbers of bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct HttpSettings {
    /// How long opening a connection may take, TLS included; 10 s by default.
    #[serde(deserialize_with = "duration")]
    pub connect_timeout: Duration,
    /// How long one attempt may take, from connecting to the last byte of the response; 30 s by default.
    #[serde(deserialize_with = "duration")]
    pub attempt_timeout: Duration,
    /// How long a response's body may bring no byte; 15 s by default.
    #[serde(deserialize_with = "duration")]
    pub stall_timeout: Duration,
    /// How long a call to the vendor may take with all its attempts and waits; no limit by default.
    /// A read then ends as `Timeout`, a write that may have been done as `Ambiguous`.
    #[serde(deserialize_with = "limit")]
    pub call_timeout: Option<Duration>,
    /// The longest wait that a single call takes upon itself where the vendor asks for one; 60 s
    /// by default. `invite_many` waits as long as it must, within `longest_wait`.
    #[serde(deserialize_with = "duration")]
    pub max_wait: Duration,
    /// The longest single wait that the vendor may ask of a job that waits for limits, such as
    /// `invite_many`; 1 h by default. What is asked to wait longer ends as `RateLimited`.
    #[serde(deserialize_with = "duration")]
    pub longest_wait: Duration,
    /// The longest response in bytes, after decompression; 16 MiB by default.
    pub max_body: usize,
    /// How many requests are in flight at once; 8 by default.
    pub max_concurrency: usize,
    /// How often a read is attempted; 4 by default.
    pub read_attempts: u32,
    /// How often a write that may be repeated is attempted; 3 by default.
    pub write_attempts: u32,
    /// Allows `http` addresses on other machines, where everybody on the way sees the credential.
    pub allow_http: bool,
    /// The `User-Agent` header; `orgport/` and the version by default.
    pub user_agent: Option<String>,
    /// Certificates in PEM that are trusted beside the system's.
    #[serde(deserialize_with = "sourced_option")]
    pub root_certificates: Option<String>,
    /// A certificate and its private key in PEM, shown to servers that ask for one.
    pub client_identity: Option<Secret>,
    /// The proxy's URL, or `none`; by default what the system and `HTTPS_PROXY` say. Loopback
    /// addresses are reached directly unless a proxy is named here.
    pub proxy: Option<Secret>,
    /// Hosts that are reached without the proxy named here, separated by commas.
    pub no_proxy: Option<String>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(15),
            call_timeout: None,
            max_wait: Duration::from_mins(1),
            longest_wait: Duration::from_hours(1),
            max_body: 16 << 20,
            max_concurrency: 8,
            read_attempts: 4,
            write_attempts: 3,
            allow_http: false,
            user_agent: None,
            root_certificates: None,
            client_identity: None,
            proxy: None,
            no_proxy: None,
        }
    }
}

impl HttpSettings {
    /// What names the program.
    pub(super) fn user_agent(&self) -> &str {
        const DEFAULT: &str = concat!("orgport/", env!("CARGO_PKG_VERSION"));
        self.user_agent.as_deref().unwrap_or(DEFAULT)
    }

    /// Says what no client can work with.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let zero = [
            ("http.connect_timeout", self.connect_timeout.is_zero()),
            ("http.attempt_timeout", self.attempt_timeout.is_zero()),
            ("http.stall_timeout", self.stall_timeout.is_zero()),
            ("http.call_timeout", self.call_timeout.is_some_and(|limit| limit.is_zero())),
            ("http.max_body", self.max_body == 0),
            ("http.max_concurrency", self.max_concurrency == 0),
            ("http.read_attempts", self.read_attempts == 0),
            ("http.write_attempts", self.write_attempts == 0),
        ];
        match zero.iter().find(|(_, is_zero)| *is_zero) {
            Some((name, _)) => Err(Error::wrong_setting(name, "must be more than 0")),
            None => Ok(()),
        }
    }
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<HttpSettings, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn durations_have_units() {
        let settings = read(r#"{"attempt_timeout":"250ms","max_wait":"2 m","max_body":10}"#).expect("valid");
        assert_eq!(settings.attempt_timeout, Duration::from_millis(250));
        assert_eq!(settings.max_wait, Duration::from_mins(2));
        assert_eq!((settings.max_body, settings.connect_timeout), (10, Duration::from_secs(10)));
        for (text, seconds) in [("1m 30s", 90), ("PT2H", 7_200), ("1 hour, 5 minutes", 3_900), ("1.5s", 1)] {
            let settings = read(&format!(r#"{{"max_wait":"{text}"}}"#)).expect(text);
            assert_eq!(settings.max_wait.as_secs(), seconds, "{text}");
        }
        for bad in ["30", "s", "", "-1s", "1d", "P1D", "99999999999999999999s", "18446744073709551615h"] {
            let error = read(&format!(r#"{{"max_wait":"{bad}"}}"#)).expect_err(bad);
            assert!(error.contains("is not a duration"), "{error}");
        }
    }

    #[test]
    fn unknown_keys_and_zeros_are_refused_by_name() {
        assert!(read(r#"{"retrys":1}"#).expect_err("unknown").contains("retrys"));
        let settings = HttpSettings { max_concurrency: 0, ..HttpSettings::default() };
        assert!(
            settings.check().expect_err("no request could leave").to_string().contains("max_concurrency")
        );
    }

    #[test]
    fn secrets_do_not_show() {
        let settings =
            read(r#"{"proxy":"http://u:hidden@proxy","client_identity":"hidden"}"#).expect("valid");
        assert!(!format!("{settings:?}").contains("hidden"));
        for wrong in [r#"{"proxy":1234567}"#, r#"{"proxy":-1234567}"#, r#"{"proxy":1234567.5}"#] {
            let error = read(wrong).expect_err("no text");
            assert!(error.contains("must be a text") && !error.contains("1234567"), "{error}");
        }
    }
}
