//! One call: as many attempts as it takes, with the waits between them.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method};
use tracing::{Instrument, Span, debug, field};

use super::attempt::{AttemptError, attempt, date_of};
use super::credential::Credential;
use super::limiter::{Refused, Turn};
use super::prepared::Prepared;
use super::retry::{Policy, Retry, decide};
use super::wait::wait_in;
use super::{Request, Response, Safety, Transport, trail};
use crate::error::{Error, ErrorKind, Reach};

/// Does what [`Transport::send`] says.
pub(super) async fn send(transport: &Transport, mut request: Request) -> Result<Response, Error> {
    let span = tracing::info_span!(
        "request",
        provider = transport.name(),
        method = request.method.as_str(),
        route = &*request.template,
        attempts = field::Empty,
        status = field::Empty,
        error = field::Empty,
    );
    let outcome = run(transport, &mut request, &span).instrument(span.clone()).await;
    let status = match &outcome {
        Ok(response) => Some(response.status()),
        Err(error) => {
            span.record("error", error.kind().as_str());
            error.status()
        }
    };
    span.record("status", status);
    outcome.map_err(|error| {
        // A renewal that failed names its own call.
        let error = if error.call().is_none() { error.with_call(request.call()) } else { error };
        error.from_provider(transport.name())
    })
}

async fn run(transport: &Transport, request: &mut Request, span: &Span) -> Result<Response, Error> {
    if transport.read_only && !matches!(request.safety, Safety::Read | Safety::Auth) {
        let what = format!("{} would change something, and this provider is read-only", request.call());
        return Err(Error::new(ErrorKind::ReadOnly, what));
    }
    let prepared = Prepared::new(transport, request)?;
    let mut call = Call {
        transport,
        request,
        span,
        failures: transport.auth.failures(),
        refused: None,
        attempts: 0,
        renewed: false,
        is_repeated: false,
        may_be_done: false,
    };
    call.finish(&prepared).await
}

/// A call under way.
struct Call<'a> {
    transport: &'a Transport,
    request: &'a Request,
    span: &'a Span,
    /// The renewals that had failed when it began.
    failures: u64,
    /// What the last attempt was refused with, to be renewed.
    refused: Option<Credential>,
    attempts: u32,
    renewed: bool,
    /// Something of it was sent before, and not turned away unread.
    is_repeated: bool,
    /// An earlier attempt has no finished response, and may have been carried out.
    may_be_done: bool,
}

/// Once, however it ended: a subscriber may show every record of a field.
impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.span.record("attempts", self.attempts);
    }
}

impl<'a> Call<'a> {
    async fn finish(&mut self, prepared: &Prepared) -> Result<Response, Error> {
        loop {
            let turn = self.turn().await.map_err(|error| self.final_error(error))?;
            let refused = self.refused.take();
            let mut credential = self.authorize(refused.as_ref()).await?;
            if let Some(refused) = refused {
                credential = credential.instead_of(refused);
            }
            let permit = self.transport.permits.acquire().await.expect("it is never closed");
            turn.spend();
            self.attempts += 1;
            let outcome = attempt(self.transport, self.request, prepared, &credential).await;
            drop(permit);
            trail::note(self.transport.name(), self.request, &outcome);
            self.learn(&outcome);
            let failed = match outcome {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            if failed.error.status() == Some(401) && credential.renewable && !self.renewed {
                debug!("the credential is refused; renewing it");
                self.renewed = true;
                self.attempts -= 1;
                self.refused = Some(credential);
                continue;
            }
            if self.is_done_already(&failed.error) {
                return Ok(self.already_done(*failed.headers));
            }
            match self.wait_after(&failed) {
                Some(wait) => self.wait(wait, &failed).await,
                None => return Err(self.final_error(with_time(failed.error))),
            }
        }
    }

    /// Waits for the vendor's limiters.
    async fn turn(&self) -> Result<Turn<'a>, Error> {
        let transport: &'a Transport = self.transport;
        let Transport { limiters, shared, patient, .. } = transport;
        loop {
            let now = shared.clock.elapsed();
            let turn = limiters.reserve(self.request.bucket, now);
            let wait = turn.wait(now);
            if wait.is_zero() {
                return Ok(turn);
            }
            let is_too_long = turn.asked_for(now) > shared.settings.longest_wait;
            if is_too_long || (wait > shared.settings.max_wait && !patient) {
                let what = format!("the vendor's limit on such calls is used up; {}", passes_in(wait));
                return Err(Error::new(ErrorKind::RateLimited, what).with_retry_after(Some(wait)));
            }
            debug!(?wait, "waiting for the vendor's limit");
            shared.clock.sleep(wait).await;
            if !turn.is_void() {
                return Ok(turn);
            }
        }
    }

    async fn authorize(&self, refused: Option<&Credential>) -> Result<Credential, Error> {
        if self.request.anonymous {
            return Ok(Credential::default());
        }
        let credential = self.transport.auth.credential(self.transport, self.failures, refused).await;
        // However far a renewal got, the request itself has not left.
        credential.map_err(|error| self.final_error(error.with_reach(Reach::NotSent)))
    }

    /// Tells the limiters what an answer says about them.
    fn learn(&self, outcome: &Result<Response, AttemptError>) {
        let Transport { limiters, vendor, shared, .. } = self.transport;
        let headers = match outcome {
            Ok(response) => &response.headers,
            Err(failed) => &*failed.headers,
        };
        let (bucket, now) = (self.request.bucket, shared.clock.elapsed());
        let date = date_of(headers, self.transport);
        let fresh_in = vendor.reset_header.and_then(|name| wait_in(headers, name, date));
        if let Err(AttemptError { retry: Retry::NotProcessed, next_in, .. }) = outcome {
            let what = match (*next_in, fresh_in) {
                (Some(wait), _) => Refused::NextIn(wait),
                (None, Some(wait)) => Refused::FreshIn(wait),
                (None, None) => Refused::Unsaid,
            };
            limiters.refused(bucket, now, what);
        } else if let Some(remaining) = vendor.remaining {
            limiters.observe(bucket, now, fresh_in, |bucket| remaining(headers, bucket));
        }
    }

    fn wait_after(&self, failed: &AttemptError) -> Option<Duration> {
        let Transport { limiters, shared, patient, .. } = self.transport;
        let settings = &shared.settings;
        let policy = Policy {
            read_attempts: settings.read_attempts,
            write_attempts: settings.write_attempts,
            max_wait: settings.max_wait,
            longest_wait: settings.longest_wait,
            patient: *patient,
        };
        let paced = failed.retry == Retry::NotProcessed && limiters.limits(self.request.bucket);
        let requested = failed.error.retry_after().or(paced.then_some(Duration::ZERO));
        decide(policy, self.request.safety, failed.retry, self.attempts, requested, fastrand::f64())
    }

    async fn wait(&mut self, wait: Duration, failed: &AttemptError) {
        debug!(attempt = self.attempts, kind = %failed.error.kind(), status = failed.error.status(), ?wait, "trying again");
        self.is_repeated |= failed.retry == Retry::IfRepeatable;
        self.may_be_done |= failed.error.reach() == Reach::Unanswered;
        self.transport.shared.clock.sleep(wait).await;
    }

    /// A deletion that may have worked the first time finds nothing the second time.
    fn is_done_already(&self, error: &Error) -> bool {
        self.is_repeated && self.request.method == Method::DELETE && error.kind() == ErrorKind::NotFound
    }

    fn already_done(&self, headers: HeaderMap) -> Response {
        debug!("deleted by an earlier attempt");
        Response {
            shared: Arc::clone(&self.transport.shared),
            vendor: Arc::clone(&self.transport.vendor),
            safety: self.request.safety,
            status: 204,
            headers,
            body: bytes::Bytes::new(),
            call: self.request.call(),
            date: self.transport.clock().now(),
            holds_secret: false,
            credential: Credential::default(),
            already_done: true,
        }
    }

    /// The error that the caller gets: of a write that may have been done, it says so.
    fn final_error(&self, error: Error) -> Error {
        match self.request.safety {
            Safety::Idempotent if self.may_be_done || error.reach() == Reach::Unanswered => {
                let message = joined(error.message(), "it may have been done; doing it again is harmless");
                error.with_message(message).with_reach(Reach::Unanswered)
            }
            Safety::OneShot | Safety::Reconcilable if error.reach() == Reach::Unanswered => unclear(error),
            _ => error,
        }
    }
}

/// A write that may have been done, and is not to be done again before somebody has looked.
pub(super) fn unclear(error: Error) -> Error {
    let what = "it may or may not have been done: look before doing it again";
    let unclear = Error::new(ErrorKind::Ambiguous, what)
        .with_reach(Reach::Unanswered)
        .with_vendor(error.vendor_code().map(str::to_owned), error.vendor_message().map(str::to_owned))
        .with_request_id(error.request_id().map(str::to_owned))
        .with_retry_after(error.retry_after());
    let unclear = error.status().into_iter().fold(unclear, Error::with_status);
    let unclear = error.call().into_iter().fold(unclear, Error::with_call);
    let unclear = error.provider().into_iter().fold(unclear, Error::from_provider);
    unclear.with_source(error)
}

/// A limit is told with the time, which a caller is to wait.
fn with_time(error: Error) -> Error {
    let Some(wait) = error.retry_after().filter(|_| error.kind() == ErrorKind::RateLimited) else {
        return error;
    };
    let message = joined(error.message(), &passes_in(wait));
    error.with_message(message)
}

fn passes_in(wait: Duration) -> String {
    format!("the next one passes in {} s", wait.as_secs_f64().ceil())
}

fn joined(words: &str, more: &str) -> String {
    if words.is_empty() { more.to_owned() } else { format!("{words}; {more}") }
}
