//! A client of the simulated `NuExtract`, with a sandbox of its own.

use std::time::{Duration, SystemTime};

use orgport_sandbox::{Builder, Fault, FaultId, FaultKind, Identity, Sandbox};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

/// 2023-11-14T22:13:20Z.
pub(crate) const START: Duration = Duration::from_secs(1_700_000_000);

pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) identity: Identity,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are text"))
    }
}

pub(crate) fn client() -> Client {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().expect("a client can be built")
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> reqwest::Result<Reply> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Reply { status, headers, text: response.text().await? })
}

impl Fixture {
    /// With the clock frozen at [`START`].
    pub(crate) async fn start() -> Self {
        Self::with(Sandbox::builder().frozen_at(SystemTime::UNIX_EPOCH + START)).await
    }

    pub(crate) async fn with(builder: Builder) -> Self {
        let sandbox = builder.start().await.expect("the sandbox starts");
        let identity = sandbox.identity("nuextract").expect("nuextract is served");
        Self { sandbox, client: client(), identity }
    }

    pub(crate) fn organization(&self) -> &str {
        self.identity.organization.as_deref().expect("the administrator has an organization")
    }

    pub(crate) fn token(&self) -> &str {
        self.identity.credential["access_token"].as_str().expect("an access token")
    }

    pub(crate) fn members_path(&self) -> String {
        format!("/api/organizations/{}/members", self.organization())
    }

    /// A request to `NuExtract` as its administrator.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.base_url("nuextract"));
        let request = self.client.request(method, Url::parse(&url).expect("a URL")).bearer_auth(self.token());
        match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string()),
            None => request,
        }
    }

    pub(crate) async fn try_get(&self, path: &str) -> reqwest::Result<Reply> {
        send(self.request(Method::GET, path, None)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.try_get(path).await.expect("an answer")
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::POST, path, Some(&body))).await.expect("an answer")
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        send(self.request(Method::DELETE, path, None)).await.expect("an answer")
    }

    pub(crate) async fn try_invite(&self, email: &str) -> reqwest::Result<Reply> {
        send(self.request(Method::POST, &self.members_path(), Some(&json!({ "email": email })))).await
    }

    pub(crate) async fn invite(&self, email: &str) -> Reply {
        self.try_invite(email).await.expect("an answer")
    }

    pub(crate) async fn invited(&self) -> Vec<String> {
        let invitations = self.get(&format!("{}/invitations", self.members_path())).await.json();
        let email = |invitation: &Value| invitation["email"].as_str().expect("an address").to_owned();
        invitations.as_array().expect("a list").iter().map(email).collect()
    }

    /// Sets a fault for the next request to `NuExtract`.
    pub(crate) fn fault(&self, kind: FaultKind) -> FaultId {
        self.sandbox.fault(Fault::new("nuextract", kind)).expect("a valid fault")
    }

    pub(crate) async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let request = self.client.request(method, format!("{}{path}", self.sandbox.control_url()));
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        send(request.body(body)).await.expect("control answers")
    }
}
