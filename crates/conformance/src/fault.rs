//! Calls that go wrong.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use orgport_core::http::{Body, Deadline, ExchangeError, HttpClient, HttpService};
use orgport_core::{Clock, ErrorKind, Operation, Timestamp};

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is lost, and nobody can tell: nothing is done.
    LostBefore,
    /// It is done, and the reply is lost.
    LostAfter,
    /// The reply is lost at once, and it is done so much later by the provider's clock.
    Late(Duration),
    /// The vendor refuses it by a limit, in its own words, and asks to come again so much later.
    Limited(Duration),
    /// The reply says that it is about another organization.
    Elsewhere,
    /// The vendor has made the invitation, and says that its mail may not have gone out.
    MailInDoubt,
}

/// Lets the calls of a fake go wrong. [`FaultyService`] does it for whatever speaks through an
/// [`HttpService`].
#[async_trait]
pub trait Faults: Send + Sync {
    /// Plays this fault to the next `times` calls of an operation, one page of a list being one call.
    /// Looking for the people to be invited is `ListInvitations` and `ListMembers`, sending to them
    /// `Invite`. Says whether this fake can play it.
    async fn plan(&self, fault: Fault, operation: Operation, times: usize) -> bool;

    /// Forgets what is planned, and lets everything late be done now. Says how many of the planned
    /// faults met no call at all.
    async fn clear(&self) -> usize;
}

/// Which operation a request belongs to; `None` for what no fault is to hit.
type OperationOf = fn(&http::Request<Bytes>) -> Option<Operation>;
/// The vendor's refusal by a limit, which is over so much later than now.
type Limit = fn(Duration, Timestamp) -> http::Response<Bytes>;

/// Stands before a vendor, or a fake of one, and lets requests go wrong. Clones are the same.
///
/// Nothing in it waits: what is late is done before the first request behind its time.
#[derive(Clone)]
pub struct FaultyService {
    inner: HttpClient,
    clock: Arc<dyn Clock>,
    operation_of: OperationOf,
    limit: Limit,
    elsewhere: Option<fn(&str) -> String>,
    mail_in_doubt: Option<fn() -> http::Response<Bytes>>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    planned: Vec<Planned>,
    late: Vec<(Duration, http::Request<Bytes>)>,
    requests: usize,
}

struct Planned {
    fault: Fault,
    operation: Operation,
    left: usize,
    has_met: bool,
}

impl FaultyService {
    /// Before this service, on the provider's clock. `operation_of` says what a request is for.
    pub fn new(
        inner: impl HttpService + 'static,
        clock: Arc<dyn Clock>,
        operation_of: fn(&http::Request<Bytes>) -> Option<Operation>,
    ) -> Self {
        Self {
            inner: HttpClient::new(inner),
            clock,
            operation_of,
            limit: too_many_requests,
            elsewhere: None,
            mail_in_doubt: None,
            state: Arc::default(),
        }
    }

    /// With the vendor's way to refuse by a limit; 429 with `Retry-After` in seconds by default. It is
    /// given the wait and the present moment.
    #[must_use]
    pub fn limit(mut self, limit: fn(Duration, Timestamp) -> http::Response<Bytes>) -> Self {
        self.limit = limit;
        self
    }

    /// With what makes the body of a reply one about another organization; without it, replies do not
    /// tell whose they are.
    #[must_use]
    pub fn elsewhere(mut self, rewrite: fn(body: &str) -> String) -> Self {
        self.elsewhere = Some(rewrite);
        self
    }

    /// With the vendor's words for a mail that may not have gone out; without them, it never says so.
    #[must_use]
    pub fn mail_in_doubt(mut self, response: fn() -> http::Response<Bytes>) -> Self {
        self.mail_in_doubt = Some(response);
        self
    }

    /// How many requests have come so far.
    pub fn requests(&self) -> usize {
        self.lock().requests
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    /// The fault that this request meets, if any.
    fn take(&self, request: &http::Request<Bytes>) -> Option<Fault> {
        let operation = (self.operation_of)(request)?;
        let mut state = self.lock();
        let mut planned = state.planned.iter_mut();
        let planned = planned.find(|planned| planned.operation == operation && planned.left > 0)?;
        planned.left -= 1;
        planned.has_met = true;
        Some(planned.fault)
    }

    /// Does what was to be done by then.
    async fn do_late(&self, now: Duration) {
        let due: Vec<_> = self.lock().late.extract_if(.., |(due, _)| *due <= now).collect();
        for (_, request) in due {
            // Nobody is there to hear of it.
            drop(self.inner.exchange(request, a_moment()).await);
        }
    }
}

#[async_trait]
impl HttpService for FaultyService {
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        deadline: Deadline,
    ) -> Result<http::Response<Body>, ExchangeError> {
        self.do_late(self.clock.elapsed()).await;
        self.lock().requests += 1;
        let fault = self.take(&request);
        if let Some(Fault::LostBefore) = fault {
            return Err(lost());
        }
        if let Some(Fault::Limited(wait)) = fault {
            return Ok((self.limit)(wait, self.clock.now()).map(Body::from));
        }
        if let Some(Fault::Late(delay)) = fault {
            self.lock().late.push((self.clock.elapsed() + delay, request));
            return Err(lost());
        }
        let response = self.inner.exchange(request, deadline).await?;
        match (fault, self.elsewhere, self.mail_in_doubt) {
            (Some(Fault::LostAfter), ..) => Err(lost()),
            (Some(Fault::Elsewhere), Some(rewrite), _) => rewritten(response, rewrite).await,
            (Some(Fault::MailInDoubt), _, Some(words)) => Ok(words().map(Body::from)),
            _ => Ok(response),
        }
    }
}

#[async_trait]
impl Faults for FaultyService {
    async fn plan(&self, fault: Fault, operation: Operation, times: usize) -> bool {
        let can = match fault {
            Fault::Elsewhere => self.elsewhere.is_some(),
            Fault::MailInDoubt => self.mail_in_doubt.is_some(),
            _ => true,
        };
        if can {
            self.lock().planned.push(Planned { fault, operation, left: times, has_met: false });
        }
        can
    }

    async fn clear(&self) -> usize {
        self.do_late(Duration::MAX).await;
        let planned = mem::take(&mut self.lock().planned);
        planned.iter().filter(|planned| !planned.has_met).count()
    }
}

/// Says nothing of the requests, which hold credentials.
impl fmt::Debug for FaultyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultyService").field("requests", &self.requests()).finish_non_exhaustive()
    }
}

fn lost() -> ExchangeError {
    ExchangeError::lost(ErrorKind::Connection, "a planned fault: the connection broke before a response came")
}

fn a_moment() -> Deadline {
    Deadline::after(Duration::from_mins(1))
}

fn too_many_requests(wait: Duration, _: Timestamp) -> http::Response<Bytes> {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(http::header::RETRY_AFTER, wait.as_secs().into());
    response
}

async fn rewritten(
    response: http::Response<Body>,
    rewrite: fn(&str) -> String,
) -> Result<http::Response<Body>, ExchangeError> {
    let (mut parts, mut body) = response.into_parts();
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await {
        whole.extend_from_slice(&piece?);
    }
    parts.headers.remove(http::header::CONTENT_LENGTH);
    let text = rewrite(&String::from_utf8_lossy(&whole));
    Ok(http::Response::from_parts(parts, Bytes::from(text).into()))
}
