//! `NuExtract`'s HTTP API, one method per endpoint, in the vendor's words.

use orgport_core::http::{ClientOptions, Doc, Items, Request, Response, Rows, Safety, Transport, Vendor};
use orgport_core::{Error, Secret, client_over_transport};
use serde_json::json;

use crate::config::KIND;
use crate::error::explain;
use crate::model::{
    ApiKeyResponse, HealthResponse, InvitationResponse, MemberResponse, OrganizationResponse, TokenResponse,
    User, VersionResponse,
};
use crate::request::{CreateApiKeyRequest, TokenRequest};

/// A client of `NuExtract`'s organizations and accounts, usable on its own.
///
/// Lists are complete: the vendor has no pages, filters or sorting here. Clones share connections
/// and the token. Every method fails as [`Transport::send`] says; responses that are not as documented
/// are `Protocol`.
///
/// The vendor describes the organization endpoints in the [organizations page] of its Python SDK
/// and the account endpoints in the [authentication page]; newer releases leave both out.
/// `DELETE /api/auth/account` is missing on purpose: it destroys the account that calls it with
/// all it owns, and a program that administers others has no use for that.
///
/// [organizations page]: https://github.com/numindai/nuextract-platform-sdk/blob/b8b241e07e5eee15b1e8103dc971823ae9eb384d/docs/OrganizationsApi.md
/// [authentication page]: https://github.com/numindai/nuextract-platform-sdk/blob/8c17ac246f5a7d6f69963660c185429e5742eee0/docs/AuthenticationApi.md
#[derive(Debug, Clone)]
pub struct NuExtractClient {
    transport: Transport,
}

client_over_transport!(NuExtractClient);

impl NuExtractClient {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        Ok(Self { transport: Transport::new(Vendor::new(KIND, explain), options)? })
    }

    /// The organizations that the account is in: `GET /api/organizations`.
    pub async fn list_organizations(&self) -> Result<Rows<OrganizationResponse>, Error> {
        self.transport.fetch(Request::get("/api/organizations"), Response::list).await
    }

    /// Makes an organization, which the account is then in: `POST /api/organizations`.
    ///
    /// Names are not unique: the same call again makes another one.
    pub async fn create_organization(&self, name: &str) -> Result<Doc<OrganizationResponse>, Error> {
        let request = Request::post("/api/organizations", Safety::OneShot);
        self.send(request.json(&json!({ "name": name }))).await?.doc()
    }

    /// Gives an organization another name: `PUT /api/organizations/{organizationId}`.
    ///
    /// `None` if the vendor confirms with an empty body, as its first SDK documents.
    pub async fn update_organization(
        &self,
        organization_id: &str,
        name: &str,
    ) -> Result<Option<Doc<OrganizationResponse>>, Error> {
        let request = Request::put("/api/organizations/{organizationId}", Safety::Idempotent);
        let request = request.segment(organization_id).json(&json!({ "name": name })).optional_reply();
        let response = self.send(request).await?;
        if response.body().trim_ascii().is_empty() {
            return Ok(None);
        }
        response.doc().map(Some)
    }

    /// Deletes an organization with everything in it, at once:
    /// `DELETE /api/organizations/{organizationId}`.
    pub async fn delete_organization(&self, organization_id: &str) -> Result<(), Error> {
        let request = Request::delete("/api/organizations/{organizationId}");
        self.done(request.segment(organization_id)).await
    }

    /// The people in an organization: `GET /api/organizations/{organizationId}/members`.
    pub async fn list_members(&self, organization_id: &str) -> Result<Rows<MemberResponse>, Error> {
        self.members(organization_id, Ok).await
    }

    pub(crate) async fn members<M: Send>(
        &self,
        organization_id: &str,
        convert: impl Fn(Doc<MemberResponse>) -> Result<M, Error> + Send + Sync,
    ) -> Result<Items<M>, Error> {
        let request = Request::get("/api/organizations/{organizationId}/members");
        self.transport.fetch(request.segment(organization_id), |response| response.list_as(&convert)).await
    }

    /// Invites a person: `POST /api/organizations/{organizationId}/members`.
    ///
    /// Despite its path it adds nobody. The response is empty; the invitation is found in
    /// [`list_invitations`](Self::list_invitations).
    pub async fn invite_member(&self, organization_id: &str, email: &str) -> Result<(), Error> {
        let request = Request::post("/api/organizations/{organizationId}/members", Safety::Reconcilable);
        self.done(request.segment(organization_id).json(&json!({ "email": email }))).await
    }

    /// Takes a user out of an organization:
    /// `DELETE /api/organizations/{organizationId}/members/{userId}`.
    ///
    /// What the user made there stays, and is out of the user's reach.
    pub async fn delete_member(&self, organization_id: &str, user_id: &str) -> Result<(), Error> {
        let request = Request::delete("/api/organizations/{organizationId}/members/{userId}");
        self.done(request.segment(organization_id).segment(user_id)).await
    }

    /// The invitations that wait:
    /// `GET /api/organizations/{organizationId}/members/invitations`.
    pub async fn list_invitations(&self, organization_id: &str) -> Result<Rows<InvitationResponse>, Error> {
        self.invitations(organization_id, Ok).await
    }

    pub(crate) async fn invitations<M: Send>(
        &self,
        organization_id: &str,
        convert: impl Fn(Doc<InvitationResponse>) -> Result<M, Error> + Send + Sync,
    ) -> Result<Items<M>, Error> {
        let request = Request::get("/api/organizations/{organizationId}/members/invitations");
        self.transport.fetch(request.segment(organization_id), |response| response.list_as(&convert)).await
    }

    /// Takes an invitation back:
    /// `DELETE /api/organizations/{organizationId}/members/invitations/{invitationId}`.
    pub async fn delete_invitation(&self, organization_id: &str, invitation_id: &str) -> Result<(), Error> {
        let template = "/api/organizations/{organizationId}/members/invitations/{invitationId}";
        self.done(Request::delete(template).segment(organization_id).segment(invitation_id)).await
    }

    /// The address to open for a login that comes back to `redirect_uri`: `GET /api/auth`.
    pub async fn auth_url(&self, redirect_uri: &str) -> Result<String, Error> {
        let request = Request::get("/api/auth").query("redirectUri", redirect_uri);
        self.text(request.anonymous()).await
    }

    /// Gets a token for the code of a login, or for the refresh token of the token before:
    /// `POST /api/auth/token`.
    pub async fn token(&self, request: &TokenRequest) -> Result<TokenResponse, Error> {
        let template = Request::post("/api/auth/token", Safety::Auth).anonymous();
        self.send(template.json(&request.body())).await?.read()
    }

    /// Ends a login: `POST /api/auth/logout`, on a read-only client too.
    ///
    /// The vendor does not say which token it wants; it is likely the refresh token.
    pub async fn logout(&self, token: &Secret) -> Result<(), Error> {
        self.done(Request::post("/api/auth/logout", Safety::Auth).json(token.expose())).await
    }

    /// The account that the credential belongs to: `GET /api/auth/me`.
    pub async fn me(&self) -> Result<Doc<User>, Error> {
        self.send(Request::get("/api/auth/me")).await?.doc()
    }

    /// The account's API keys: `GET /api/auth/api-keys`.
    pub async fn list_api_keys(&self) -> Result<Vec<ApiKeyResponse>, Error> {
        self.send(Request::get("/api/auth/api-keys").secret_reply()).await?.read()
    }

    /// Makes an API key: `POST /api/auth/api-keys`.
    pub async fn create_api_key(&self, new: &CreateApiKeyRequest) -> Result<ApiKeyResponse, Error> {
        let request = Request::post("/api/auth/api-keys", Safety::OneShot).json_set(new);
        self.send(request.secret_reply()).await?.read()
    }

    /// Gives an API key another name: `PUT /api/auth/api-keys/{apiKeyId}`.
    pub async fn update_api_key(&self, api_key_id: &str, name: &str) -> Result<ApiKeyResponse, Error> {
        let request = Request::put("/api/auth/api-keys/{apiKeyId}", Safety::Idempotent);
        let request = request.segment(api_key_id).json(&json!({ "name": name }));
        self.send(request.secret_reply()).await?.read()
    }

    /// Ends an API key: `DELETE /api/auth/api-keys/{apiKeyId}`.
    pub async fn delete_api_key(&self, api_key_id: &str) -> Result<(), Error> {
        self.done(Request::delete("/api/auth/api-keys/{apiKeyId}").segment(api_key_id)).await
    }

    /// A sign of life: `GET /api/ping`.
    pub async fn ping(&self) -> Result<String, Error> {
        self.text(Request::get("/api/ping").anonymous()).await
    }

    /// What the platform runs: `GET /api/version`.
    pub async fn version(&self) -> Result<Doc<VersionResponse>, Error> {
        self.send(Request::get("/api/version").anonymous()).await?.doc()
    }

    /// How the platform is: `GET /api/health`.
    pub async fn health(&self) -> Result<Doc<HealthResponse>, Error> {
        self.send(Request::get("/api/health").anonymous()).await?.doc()
    }

    async fn send(&self, request: Request) -> Result<Response, Error> {
        self.transport.send(request).await
    }

    /// Sends what is confirmed by its status.
    async fn done(&self, request: Request) -> Result<(), Error> {
        self.send(request.no_reply()).await.map(drop)
    }

    async fn text(&self, request: Request) -> Result<String, Error> {
        Ok(self.send(request.text_reply()).await?.text()?.trim().to_owned())
    }
}
