//! One call: as many attempts as it takes, with the waits between them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use http::{HeaderMap, Method};
use tokio::time::timeout;
use tracing::{Instrument, Span, debug, field};

use super::attempt::{Attempt, AttemptError, Read, date_of};
use super::credential::Credential;
use super::limiter::{Refused, Turn};
use super::prepared::Prepared;
use super::retry::{Policy, Retry, decide};
use super::service::Deadline;
use super::verdict::{passes_in, verdict, with_time};
use super::wait::wait_in;
use super::{Request, Response, Transport, dispatch, trail};
use crate::coordination::note_attempt;
use crate::error::{Error, ErrorKind, Reach};

const TOO_LATE: &str = "the attempt's time was over before anything could be sent";

/// Does what [`Transport::send`] says.
pub(super) async fn send(
    transport: &Transport,
    mut request: Request,
    read: Read<'_>,
) -> Result<Response, Error> {
    let span = tracing::info_span!(
        "request",
        provider = transport.name(),
        method = request.method.as_str(),
        route = &*request.template,
        attempts = field::Empty,
        status = field::Empty,
        error = field::Empty,
    );
    let outcome = run(transport, &mut request, read, &span).instrument(span.clone()).await;
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

async fn run(
    transport: &Transport,
    request: &mut Request,
    read: Read<'_>,
    span: &Span,
) -> Result<Response, Error> {
    if transport.read_only && request.is_write() {
        let what = format!("{} would change something, and this provider is read-only", request.call());
        return Err(Error::new(ErrorKind::ReadOnly, what));
    }
    let prepared = Prepared::new(transport, request)?;
    let mut call = Call {
        transport,
        request,
        read,
        span,
        failures: transport.auth.failures(),
        refused: None,
        attempts: 0,
        renewed: false,
        before: Reach::NotSent,
        in_flight: false,
        last: None,
        begun: transport.clock().elapsed(),
    };
    let Some(limit) = transport.shared.settings.call_timeout else {
        return call.finish(&prepared).await;
    };
    match timeout(limit, call.finish(&prepared)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(call.out_of_time(limit)),
    }
}

/// A call under way.
struct Call<'a> {
    transport: &'a Transport,
    request: &'a Request,
    read: Read<'a>,
    span: &'a Span,
    /// The renewals that had failed when it began.
    failures: u64,
    /// What the last attempt was refused with, to be renewed, and how.
    refused: Option<(Credential, Error)>,
    attempts: u32,
    renewed: bool,
    /// How far the attempts before this one got: `Unanswered` if any of them may have been carried
    /// out.
    before: Reach,
    /// An attempt is under way, and something of it may have left.
    in_flight: bool,
    /// Why the last attempt failed.
    last: Option<Error>,
    /// When it began, by the clock that waits run on.
    begun: Duration,
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
            let mut turn = self.turn().await.map_err(|error| self.verdict(error))?;
            let mut credential = self.authorize(self.refused.as_ref().map(|(refused, _)| refused)).await?;
            if let Some((refused, error)) = self.refused.take() {
                if credential.unchanged {
                    return Err(self.verdict(error));
                }
                self.attempts -= 1;
                credential = credential.instead_of(refused);
            }
            let permit = self.transport.permits.acquire().await.expect("it is never closed");
            turn.spend();
            self.attempts += 1;
            let outcome = self.attempt(prepared, &credential).await;
            drop(permit);
            trail::note(self.transport.name(), self.request, &outcome);
            self.learn(&outcome).await;
            drop(turn);
            let failed = match outcome {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            if failed.error.status() == Some(401) && credential.renewable && !self.renewed {
                debug!("the credential is refused; renewing it");
                self.renewed = true;
                self.refused = Some((credential, failed.error));
                continue;
            }
            if self.is_done_already(&failed.error) {
                return Ok(self.already_done(*failed.headers, prepared));
            }
            match self.wait_after(&failed) {
                Some(wait) => self.wait(wait, failed).await?,
                None => return Err(self.verdict(with_time(failed.error))),
            }
        }
    }

    /// One attempt, until its own deadline, which counts from before what is to be done first.
    async fn attempt(
        &mut self,
        prepared: &Prepared,
        credential: &Credential,
    ) -> Result<Response, AttemptError> {
        let deadline = Deadline::after(self.transport.shared.settings.attempt_timeout);
        let sending = prepared.with(credential)?;
        let done = timeout(deadline.remaining(), self.before_send()).await;
        done.unwrap_or_else(|_| Err(Error::new(ErrorKind::Timeout, TOO_LATE)))?;
        if deadline.is_past() {
            return Err(Error::new(ErrorKind::Timeout, TOO_LATE).into());
        }
        if self.request.is_write() {
            dispatch::leave(&**self.transport.clock())?;
        }
        self.in_flight = true;
        let attempt = Attempt {
            transport: self.transport,
            request: self.request,
            credential,
            deadline,
            read: self.read,
        };
        let outcome = attempt.send(sending).await;
        self.in_flight = false;
        outcome
    }

    /// Does what is to be done before the bytes leave; last it is noted that those of a change do.
    fn before_send(&self) -> BoxFuture<'_, Result<(), Error>> {
        let is_write = self.request.is_write();
        let hooks = self.transport.hooks.iter().filter(move |_| is_write);
        async move {
            for hook in hooks.chain(&self.request.before_send) {
                hook.before_send().await?;
            }
            if is_write { note_attempt().await } else { Ok(()) }
        }
        .boxed()
    }

    /// Waits for the vendor's limiters.
    async fn turn(&self) -> Result<Turn, Error> {
        let transport: &'a Transport = self.transport;
        let Transport { limiters, shared, patient, .. } = transport;
        loop {
            let now = shared.clock.elapsed();
            let turn = limiters.reserve(self.request.bucket, now).await;
            let wait = turn.wait(now);
            if wait.is_zero() {
                return Ok(turn);
            }
            let is_too_long =
                turn.asked_for(now) > shared.settings.longest_wait || self.is_beyond_the_call(wait);
            if is_too_long || (wait > shared.settings.max_wait && !patient) {
                let what = format!("the vendor's limit on such calls is used up; {}", passes_in(wait));
                return Err(Error::new(ErrorKind::RateLimited, what).with_retry_after(Some(wait)));
            }
            debug!(?wait, "waiting for the vendor's limit");
            self.sleep(wait).await?;
            if !turn.is_void(shared.clock.elapsed()).await {
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
        credential.map_err(|error| self.verdict(error.with_reach(Reach::NotSent)))
    }

    /// Tells the limiters what a response says about them.
    async fn learn(&self, outcome: &Result<Response, AttemptError>) {
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
            limiters.refused(bucket, now, what).await;
        } else if let Some(remaining) = vendor.remaining {
            limiters.observe(bucket, now, fresh_in, |bucket| remaining(headers, bucket)).await;
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

    /// Says whether the call's own time is over before this wait is.
    fn is_beyond_the_call(&self, wait: Duration) -> bool {
        let passed = self.transport.clock().elapsed().saturating_sub(self.begun);
        self.transport.shared.settings.call_timeout.is_some_and(|limit| passed + wait > limit)
    }

    async fn wait(&mut self, wait: Duration, failed: AttemptError) -> Result<(), Error> {
        debug!(attempt = self.attempts, kind = %failed.error.kind(), status = failed.error.status(), ?wait, "trying again");
        if self.before != Reach::Unanswered && failed.error.reach() != Reach::NotSent {
            self.before = failed.error.reach();
        }
        self.last = Some(failed.error);
        if let Some(limit) =
            self.transport.shared.settings.call_timeout.filter(|_| self.is_beyond_the_call(wait))
        {
            return Err(self.out_of_time(limit));
        }
        let Err(stopped) = self.sleep(wait).await else { return Ok(()) };
        let last = self.last.take();
        Err(self.verdict(last.into_iter().fold(stopped, Error::with_source)))
    }

    async fn sleep(&self, wait: Duration) -> Result<(), Error> {
        let clock = &**self.transport.clock();
        if self.request.is_write() {
            return dispatch::wait(clock, wait).await;
        }
        clock.sleep(wait).await;
        Ok(())
    }

    /// The error of a call whose time is over, with what is known of it.
    fn out_of_time(&mut self, limit: Duration) -> Error {
        let is_open = self.in_flight || self.before == Reach::Unanswered;
        let reach = if is_open { Reach::Unanswered } else { Reach::NotSent };
        let last = self.last.take();
        let so_far = last.as_ref().map(|last| format!("; the last attempt ended as {}", last.kind()));
        let what = format!(
            "the call took longer than the {limit:?} of http.call_timeout{}",
            so_far.unwrap_or_default()
        );
        let wait = last.as_ref().and_then(Error::retry_after);
        let error = Error::new(ErrorKind::Timeout, what).with_reach(reach).with_retry_after(wait);
        self.verdict(last.into_iter().fold(error, Error::with_source))
    }

    /// The error that the caller gets.
    fn verdict(&self, error: Error) -> Error {
        verdict(self.request.safety, self.before, error)
    }

    /// A deletion that may have worked the first time finds nothing the second time.
    fn is_done_already(&self, error: &Error) -> bool {
        self.before != Reach::NotSent
            && self.request.method == Method::DELETE
            && error.kind() == ErrorKind::NotFound
    }

    fn already_done(&self, headers: HeaderMap, prepared: &Prepared) -> Response {
        debug!("deleted by an earlier attempt");
        Response {
            shared: Arc::clone(&self.transport.shared),
            vendor: Arc::clone(&self.transport.vendor),
            safety: self.request.safety,
            base_url: self.transport.base_url.clone(),
            uri: prepared.uri.clone(),
            status: 204,
            headers,
            body: Arc::default(),
            call: self.request.call(),
            date: self.transport.clock().now(),
            holds_secret: false,
            credential: Credential::default(),
            already_done: true,
        }
    }
}
