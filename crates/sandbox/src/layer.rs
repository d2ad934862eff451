//! What happens around every request: it is logged, and faults play.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::sync::oneshot;

use crate::answers;
use crate::auth_server;
use crate::connections::Connection;
use crate::fault_kind::{FaultKind, ReplyTime};
use crate::faults::{Hit, Plan};
use crate::requests::{Authority, Target};
use crate::shared::Shared;
use crate::vendor::{Crash, Vendor};

#[derive(Clone)]
struct Gate {
    shared: Arc<Shared>,
    authority: Authority,
}

/// `app` with the log and the faults in front of each of its routes and its fallback.
pub(crate) fn guarded(app: Router, shared: &Arc<Shared>, authority: Authority) -> Router {
    let gate = Gate { shared: Arc::clone(shared), authority };
    app.layer(middleware::from_fn_with_state(gate, pass))
}

async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Gate { shared, authority } = gate;
    let target = target(&shared, authority, request.uri().path());
    let (mut parts, body) = request.into_parts();
    // A body that breaks off takes its connection along; what matters is that it came.
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let now = shared.world.clock.now();
    let entry = shared.requests.record(&target, (&parts.method, &parts.uri, &parts.headers), &body, now);

    let template = parts.extensions.get::<MatchedPath>().map(|template| {
        let template = template.as_str();
        if authority == Authority::Auth { template } else { without_prefix(template, &target.vendor) }
    });
    let plan = shared.faults.plan(&Hit {
        vendor: &target.vendor,
        realm_of: auth_server::realm_of(&target).map(|realm| realm.vendor),
        method: parts.method.as_str(),
        template,
        path: &target.path,
    });
    let Plan { sabotage, act } = plan;
    if let Some(sabotage) = sabotage {
        parts.extensions.insert(sabotage);
    }

    let connection = parts.extensions.get().cloned().expect("every request has its connection");
    let request = Request::from_parts(parts, Body::from(body));
    let call = Call { shared: &shared, vendor: &target.vendor, connection, request, next };
    let mut response = match act {
        Some(act) => call.sabotaged(act).await,
        None => call.work().await,
    };
    shared.requests.answered(entry, response.status());
    response.headers_mut().entry(header::DATE).or_insert_with(|| date(&shared));
    response
}

/// The vendor's clock is the sandbox's, so its replies have to say so.
fn date(shared: &Shared) -> HeaderValue {
    let text = shared.world.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::try_from(text).expect("a date is a header value")
}

fn target(shared: &Shared, authority: Authority, path: &str) -> Target {
    if authority == Authority::Auth {
        return Target { vendor: auth_server::NAME.to_owned(), authority, path: path.to_owned() };
    }
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let vendor = if shared.vendor(first).is_ok() { first.to_owned() } else { String::new() };
    let path = without_prefix(path, &vendor).to_owned();
    Target { vendor, authority, path }
}

fn without_prefix<'a>(path: &'a str, vendor: &str) -> &'a str {
    if vendor.is_empty() {
        return path;
    }
    path.strip_prefix('/').and_then(|path| path.strip_prefix(vendor)).unwrap_or(path)
}

/// One request on its way to the simulator.
struct Call<'a> {
    shared: &'a Shared,
    vendor: &'a str,
    connection: Arc<Connection>,
    request: Request,
    next: Next,
}

impl Call<'_> {
    async fn work(self) -> Response {
        delivered(self.next.run(self.request).await, &self.connection).await
    }

    /// Lets the simulator do its work, and forgets its answer.
    async fn commit(self, commit: bool) {
        if commit {
            self.work().await;
        }
    }

    async fn sabotaged(self, act: FaultKind) -> Response {
        match act {
            FaultKind::Latency { ms } => {
                let response = self.work().await;
                tokio::time::sleep(Duration::from_millis(ms)).await;
                response
            }
            FaultKind::ResetBefore => self.reset(false).await,
            FaultKind::ResetAfter => self.reset(true).await,
            FaultKind::Hang { commit } => {
                self.commit(commit).await;
                std::future::pending().await
            }
            FaultKind::Status { status, headers, body, commit } => {
                self.commit(commit).await;
                answers::scripted(status, &headers, body)
            }
            FaultKind::Html { status, commit } => {
                self.commit(commit).await;
                answers::gateway_page(status)
            }
            FaultKind::Truncate { bytes } => answers::truncated(self.work().await, bytes).await,
            FaultKind::Redirect { to } => answers::redirect(&to),
            FaultKind::UnknownEnum => {
                let fields = self.simulator().map_or(&[][..], |vendor| vendor.enum_fields());
                answers::with_unknown_words(self.work().await, fields).await
            }
            FaultKind::DropOptional => {
                let fields = self.simulator().map_or(&[][..], |vendor| vendor.optional_fields());
                answers::without_fields(self.work().await, fields).await
            }
            FaultKind::Huge { bytes, commit } => {
                self.commit(commit).await;
                answers::huge(bytes)
            }
            FaultKind::GzipBomb { commit } => {
                self.commit(commit).await;
                answers::gzip_bomb()
            }
            FaultKind::Drip { bytes_per_second } => {
                answers::dripping(self.work().await, bytes_per_second).await
            }
            FaultKind::ActAfter { ms, reply, status } => {
                let connection = Arc::clone(&self.connection);
                let acted = self.late(Duration::from_millis(ms));
                match reply {
                    ReplyTime::Before => answers::gateway_page(status),
                    ReplyTime::After => match acted.await {
                        Ok(response) => delivered(response, &connection).await,
                        // The sandbox was reset before it came to act.
                        Err(_) => cut(&connection).await,
                    },
                }
            }
            FaultKind::Patch { operations } => answers::patched(self.work().await, &operations).await,
            FaultKind::MailFails
            | FaultKind::NothingCreated
            | FaultKind::FailAfterRows { .. }
            | FaultKind::Race { .. }
            | FaultKind::Outage { .. } => self.work().await,
        }
    }

    fn simulator(&self) -> Option<&Arc<dyn Vendor>> {
        self.shared.vendor(self.vendor).ok()
    }

    async fn reset(self, commit: bool) -> Response {
        let connection = Arc::clone(&self.connection);
        self.commit(commit).await;
        cut(&connection).await
    }

    /// Lets the simulator do its work when the clock has moved on, also for a caller that is gone.
    fn late(self, after: Duration) -> oneshot::Receiver<Response> {
        let Self { shared, request, next, .. } = self;
        let (respond, response) = oneshot::channel();
        let work = Box::pin(async move {
            // Nobody listens any more where the caller is gone.
            let _ = respond.send(next.run(request).await);
        });
        shared.late.add(&shared.world, after, work);
        response
    }
}

async fn delivered(response: Response, connection: &Connection) -> Response {
    if response.extensions().get::<Crash>().is_some() { cut(connection).await } else { response }
}

async fn cut(connection: &Connection) -> Response {
    connection.reset();
    std::future::pending().await
}
