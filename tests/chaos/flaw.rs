//! Engines that are broken on purpose, to show that the judge sees it.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response};
use orgport_core::http::{Body, Deadline, ExchangeError, HttpClient, HttpService};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A create without a response is sent once more, as HTTP libraries do that retry.
    SendsAgainAtOnce,
    /// Absence is believed at once, although the vendor may still be at work.
    DoesNotWait,
}

/// An HTTP client that sends a `POST` once more where no response came.
#[derive(Debug)]
pub(crate) struct Hasty(pub(crate) HttpClient);

#[async_trait]
impl HttpService for Hasty {
    async fn exchange(
        &self,
        request: Request<Bytes>,
        deadline: Deadline,
    ) -> Result<Response<Body>, ExchangeError> {
        let again = (request.method() == Method::POST).then(|| request.clone());
        match (self.0.exchange(request, deadline).await, again) {
            (Err(_), Some(again)) => self.0.exchange(again, deadline).await,
            (outcome, _) => outcome,
        }
    }
}
