//! What a check found.

use orgport::{Error, ErrorKind};
use serde::Serialize;

use crate::output::{Column, Record};

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Ok,
    /// It works, and something will not.
    Warning,
    Failed,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

/// One line of the result.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    provider: Option<String>,
    check: &'static str,
    status: Status,
    message: String,
    /// What to do.
    advice: Option<String>,
    /// What kind of error a failure is.
    error: Option<&'static str>,
    #[serde(skip)]
    kind: Option<ErrorKind>,
}

impl Finding {
    pub(super) fn ok(provider: Option<&str>, check: &'static str, message: impl Into<String>) -> Self {
        let (provider, message) = (provider.map(str::to_owned), message.into());
        Self { provider, check, status: Status::Ok, message, advice: None, error: None, kind: None }
    }

    pub(super) fn warning(
        provider: Option<&str>,
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let advice = Some(advice.into());
        Self { status: Status::Warning, advice, ..Self::ok(provider, check, message) }
    }

    pub(super) fn failed(provider: Option<&str>, check: &'static str, error: &Error) -> Self {
        Self {
            provider: provider.map(str::to_owned),
            check,
            status: Status::Failed,
            message: error.to_string(),
            // What is about no provider is no vendor's doing, and says itself what to do.
            advice: provider.and(advice(error.kind())).map(str::to_owned),
            error: Some(error.kind().as_str()),
            kind: Some(error.kind()),
        }
    }

    /// With other advice.
    pub(super) fn advised(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }

    pub(super) fn error_kind(&self) -> Option<ErrorKind> {
        self.kind
    }
}

/// What to do about an error, where its own words may not say it.
fn advice(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Unauthenticated => {
            "replace the credential in the configuration, or run `orgport login` where the vendor has a login"
        }
        ErrorKind::PermissionDenied => "use a credential that may do this, or ask for the right",
        ErrorKind::NotFound => "`orgport org list` shows what the credential can see",
        ErrorKind::Connection => "check base_url, the network, and http.proxy",
        ErrorKind::Timeout => "check base_url and the network; a firewall may drop what is sent",
        ErrorKind::Unavailable => "the vendor has a problem: look at its status page and try again",
        ErrorKind::RateLimited => "wait, and try again",
        ErrorKind::Protocol => "the vendor answers what it does not document: report it",
        _ => return None,
    })
}

impl Record for Finding {
    const COLUMNS: &'static [Column] = &[
        Column::word("provider"),
        Column::word("check"),
        Column::word("status"),
        Column::prose("message"),
        Column::prose("advice"),
        Column::word("error"),
    ];

    fn values(&self) -> Vec<String> {
        vec![
            self.provider.clone().unwrap_or_default(),
            self.check.to_owned(),
            self.status.word().to_owned(),
            self.message.clone(),
            self.advice.clone().unwrap_or_default(),
            self.error.unwrap_or_default().to_owned(),
        ]
    }
}

/// A finding for people: what to do stands behind what was found.
#[derive(Serialize)]
pub(super) struct Line<'a>(pub(super) &'a Finding);

impl Record for Line<'_> {
    const COLUMNS: &'static [Column] =
        &[Column::word("provider"), Column::word("check"), Column::word("status"), Column::prose("finding")];

    fn values(&self) -> Vec<String> {
        let Self(finding) = self;
        let told = match &finding.advice {
            Some(advice) => format!("{}; {advice}", finding.message),
            None => finding.message.clone(),
        };
        let provider = finding.provider.clone().unwrap_or_default();
        vec![provider, finding.check.to_owned(), finding.status.word().to_owned(), told]
    }
}
