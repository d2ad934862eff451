//! The typed client: one method per endpoint, Losant's words and types in and out.

use http::Method;
use orgport_core::http::{ClientOptions, Doc, Items, Request, Response, Rows, Safety, Transport, Vendor};
use orgport_core::{Email, Error, ErrorKind, Secret, Timestamp, client_over_transport};
use serde_json::json;
use serde_json::value::RawValue;

use crate::config::KIND;
use crate::error::explain;
use crate::model::{
    Invites, Me, Org, OrgInvite, OrgInviteInfo, OrgInviteResult, OrgInviteResultUser, OrgInviteUser,
    OrgMember, Orgs, Success, UserToken,
};
use crate::request::{
    Flags, InviteAction, MeQuery, OrgInviteAction, OrgInvitePost, OrgMemberPatch, OrgPatch, OrgPost,
    OrgsQuery, ResourceTransfer, Summary, UserCredentials,
};

/// The versions of the API that this client was written for.
const ACCEPT_VERSION: &str = "^1.31.0";
const DOMAIN_HEADER: &str = "losantdomain";

/// Losant's organization API. Clones share connections and the credential.
///
/// Every id is checked before it is sent: anything but 24 hexadecimal digits is `InvalidInput`.
#[derive(Debug, Clone)]
pub struct LosantClient {
    transport: Transport,
    flags: Flags,
    domain: Option<String>,
}

client_over_transport!(LosantClient);

impl LosantClient {
    /// A client that opens its first connection when it is first used.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        Transport::new(vendor(), options).map(Self::over)
    }

    /// A client whose requests are scoped to this domain (header `losantdomain`), the login
    /// included; for white-label installations.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn in_domain(options: ClientOptions, domain: impl Into<String>) -> Result<Self, Error> {
        Transport::new(vendor().header(DOMAIN_HEADER, domain), options).map(Self::over)
    }

    /// The same endpoints by a transport that was made for this vendor.
    pub(crate) fn over(transport: Transport) -> Self {
        Self { transport, flags: Flags::default(), domain: None }
    }

    /// A clone whose responses bring along other rel-style parts.
    #[must_use]
    pub fn with_flags(&self, flags: Flags) -> Self {
        Self { flags, ..self.clone() }
    }

    /// A clone whose requests are scoped to another domain.
    #[must_use]
    pub fn with_domain(&self, domain: impl Into<String>) -> Self {
        Self { domain: Some(domain.into()), ..self.clone() }
    }

    /// `GET /orgs`: one page of the current user's organizations.
    /// <https://docs.losant.com/rest-api/orgs/#get>
    pub async fn orgs(&self, query: &OrgsQuery) -> Result<Orgs, Error> {
        let read = |response: &Response| match response.object()?.list("items")? {
            Some(items) => Ok(Orgs { items, page: response.doc()? }),
            None => Err(response.protocol("the response has no items")),
        };
        self.fetch(query.of(Request::get("/orgs")), read).await
    }

    /// `POST /orgs`: makes an organization with the current user in it; the vendor may refuse by plan.
    /// <https://docs.losant.com/rest-api/orgs/#post>
    pub async fn create_org(&self, new: &OrgPost, summary: &Summary) -> Result<Doc<Org>, Error> {
        let request = Request::post("/orgs", Safety::OneShot).json_set(new);
        self.send(summary.of(request)).await?.doc()
    }

    /// `GET /orgs/{orgId}`: one organization, its members included.
    /// <https://docs.losant.com/rest-api/org/#get>
    pub async fn org(&self, org_id: &str, summary: &Summary) -> Result<Doc<Org>, Error> {
        self.send(summary.of(get_org(org_id)?)).await?.doc()
    }

    /// `GET /orgs/{orgId}`: the members of one organization, each an error in its place if it cannot
    /// be read. The same request as [`org`](LosantClient::org): they are not a resource of their own.
    ///
    /// # Errors
    ///
    /// `Protocol` if the response does not list members: an organization has one at least.
    pub async fn members(&self, org_id: &str) -> Result<Rows<OrgMember>, Error> {
        let read = |response: &Response| {
            let members = response.object()?.list("members")?;
            members
                .ok_or_else(|| response.protocol("the organization is there, and its members are not listed"))
        };
        self.fetch(get_org(org_id)?, read).await
    }

    /// `PATCH /orgs/{orgId}`: changes an organization.
    /// <https://docs.losant.com/rest-api/org/#patch>
    pub async fn patch_org(
        &self,
        org_id: &str,
        patch: &OrgPatch,
        summary: &Summary,
    ) -> Result<Doc<Org>, Error> {
        let request = Request::patch("/orgs/{orgId}", Safety::Idempotent);
        let request = request.segment(object_id("orgId", org_id)?).json_set(patch);
        self.send(summary.of(request)).await?.doc()
    }

    /// `DELETE /orgs/{orgId}`: deletes an organization with everything in it. There is no way back.
    /// <https://docs.losant.com/rest-api/org/#delete>
    pub async fn delete_org(&self, org_id: &str) -> Result<Success, Error> {
        let request = Request::delete("/orgs/{orgId}").segment(object_id("orgId", org_id)?);
        let response = self.send(request).await?;
        if response.was_already_done() {
            return Ok(Success { success: true });
        }
        response.read()
    }

    /// `GET /orgs/{orgId}/invites`: what nobody has answered, expired ones among them.
    /// <https://docs.losant.com/rest-api/org/#pending-invites>
    pub async fn pending_invites(&self, org_id: &str) -> Result<Invites<OrgInvite>, Error> {
        self.fetch(get_invites(org_id)?, invites).await
    }

    /// The same, each converted as it was at this moment of the vendor's.
    pub(crate) async fn invitations<M: Send>(
        &self,
        org_id: &str,
        convert: impl Fn(Doc<OrgInvite>, Timestamp) -> Result<M, Error> + Send + Sync,
    ) -> Result<Items<M>, Error> {
        let read = |response: &Response| response.list_as(|row| convert(row, response.date()));
        self.fetch(get_invites(org_id)?, read).await
    }

    /// `POST /orgs/{orgId}/invites`: invites a person and returns the organization's pending
    /// invitations, the new one among them. <https://docs.losant.com/rest-api/org/#invite-member>
    pub async fn invite_member(
        &self,
        org_id: &str,
        invite: &OrgInvitePost,
    ) -> Result<Invites<OrgInvite>, Error> {
        invites(&self.send_invite(org_id, invite).await?)
    }

    /// The same, of whose reply only the rows are read that mention the person, if there are any: it is
    /// the whole list, once for each who is invited.
    pub(crate) async fn invite_and_find(
        &self,
        org_id: &str,
        invite: &OrgInvitePost,
        email: &Email,
    ) -> Result<Invites<OrgInvite>, Error> {
        let response = self.send_invite(org_id, invite).await?;
        let rows: Vec<&RawValue> = response.read()?;
        let mentions = |row: &&RawValue| {
            let text = row.get();
            text.contains(email.as_str()) || text.contains(email.key())
        };
        let mentioned: Vec<_> = rows.iter().copied().filter(mentions).collect();
        let rows = if mentioned.is_empty() { rows } else { mentioned };
        Ok(Invites { items: response.parts(&rows), date: response.date() })
    }

    async fn send_invite(&self, org_id: &str, invite: &OrgInvitePost) -> Result<Response, Error> {
        let request = Request::post("/orgs/{orgId}/invites", Safety::Reconcilable);
        self.send(request.segment(object_id("orgId", org_id)?).json_set(invite)).await
    }

    /// `DELETE /orgs/{orgId}/invites`: takes an invitation back and returns the remaining ones;
    /// `None` if a first attempt did it whose response was lost. For an id that is not there the
    /// vendor documents nothing: it may return the list as it was. A refusal of the id, which has
    /// been checked to be one, is `NotFound`.
    /// <https://docs.losant.com/rest-api/org/#revoke-invite>
    pub async fn revoke_invite(
        &self,
        org_id: &str,
        invite_id: &str,
    ) -> Result<Option<Invites<OrgInvite>>, Error> {
        let request = Request::delete("/orgs/{orgId}/invites").segment(object_id("orgId", org_id)?);
        let response = self.send(request.query("inviteId", object_id("inviteId", invite_id)?)).await?;
        if response.was_already_done() {
            return Ok(None);
        }
        invites(&response).map(Some)
    }

    /// `PATCH /orgs/{orgId}/member`: changes a member's roles and returns the organization.
    /// <https://docs.losant.com/rest-api/org/#modify-member>
    pub async fn modify_member(
        &self,
        org_id: &str,
        member: &OrgMemberPatch,
        summary: &Summary,
    ) -> Result<Doc<Org>, Error> {
        object_id("userId", &member.user_id)?;
        let request = Request::patch("/orgs/{orgId}/member", Safety::Idempotent);
        let request = request.segment(object_id("orgId", org_id)?).json_set(member);
        self.send(summary.of(request)).await?.doc()
    }

    /// `DELETE /orgs/{orgId}/member`: ends a membership and returns the organization; `None` if a
    /// first attempt did it whose response was lost.
    /// <https://docs.losant.com/rest-api/org/#remove-member>
    pub async fn remove_member(
        &self,
        org_id: &str,
        user_id: &str,
        summary: &Summary,
    ) -> Result<Option<Doc<Org>>, Error> {
        let request = Request::delete("/orgs/{orgId}/member").segment(object_id("orgId", org_id)?);
        let request = request.query("userId", object_id("userId", user_id)?);
        let response = self.send(summary.of(request)).await?;
        if response.was_already_done() {
            return Ok(None);
        }
        response.doc().map(Some)
    }

    /// `PATCH /orgs/{orgId}/transferResources`: gives applications and dashboards of an
    /// organization to somebody else.
    /// <https://docs.losant.com/rest-api/org/#transfer-resources>
    pub async fn transfer_resources(
        &self,
        org_id: &str,
        transfer: &ResourceTransfer,
    ) -> Result<Success, Error> {
        object_id("destinationId", &transfer.destination_id)?;
        let request = Request::patch("/orgs/{orgId}/transferResources", Safety::OneShot);
        self.send(request.segment(object_id("orgId", org_id)?).json_set(transfer)).await?.read()
    }

    /// `GET /me/invites`: the invitations of the current user.
    /// <https://docs.losant.com/rest-api/me/#invites>
    pub async fn my_invites(&self) -> Result<Invites<OrgInviteUser>, Error> {
        self.fetch(Request::get("/me/invites"), invites).await
    }

    /// `GET /me/invites/{inviteId}`: one invitation of the current user, expired or not.
    /// <https://docs.losant.com/rest-api/me/#invite>
    pub async fn my_invite(&self, invite_id: &str) -> Result<Doc<OrgInviteUser>, Error> {
        let request = Request::get("/me/invites/{inviteId}");
        self.send(request.segment(object_id("inviteId", invite_id)?)).await?.doc()
    }

    /// `POST /me/invites/{inviteId}`: answers an invitation of the current user.
    /// <https://docs.losant.com/rest-api/me/#respond-to-invite>
    pub async fn respond_to_my_invite(
        &self,
        invite_id: &str,
        action: InviteAction,
    ) -> Result<Doc<OrgInviteResultUser>, Error> {
        let request = Request::post("/me/invites/{inviteId}", Safety::OneShot);
        let request = request.segment(object_id("inviteId", invite_id)?).json(&json!({ "action": action }));
        self.send(request).await?.doc()
    }

    /// `GET /invites`: looks at an invitation by the token in its mail; sends no credential.
    /// <https://docs.losant.com/rest-api/org-invites/#get>
    pub async fn emailed_invite(&self, email: &str, token: &Secret) -> Result<Doc<OrgInviteInfo>, Error> {
        let token = mailed_token(token)?;
        let request = Request::get("/invites").query("token", token.expose()).query("email", email);
        self.send(request.anonymous()).await?.doc()
    }

    /// `POST /invites`: answers an invitation by the token in its mail; sends no credential.
    /// <https://docs.losant.com/rest-api/org-invites/#post>
    pub async fn answer_emailed_invite(
        &self,
        answer: &OrgInviteAction,
    ) -> Result<Doc<OrgInviteResult>, Error> {
        mailed_token(&answer.token)?;
        let request = Request::post("/invites", Safety::OneShot).json(answer);
        self.send(request.anonymous()).await?.doc()
    }

    /// `GET /me`: the current user. <https://docs.losant.com/rest-api/me/#get>
    pub async fn me(&self, query: &MeQuery) -> Result<Doc<Me>, Error> {
        self.send(query.of(Request::get("/me"))).await?.doc()
    }

    /// `GET /me/refreshToken`: a new token in place of the current one.
    /// <https://docs.losant.com/rest-api/me/#refresh-token>
    pub async fn refresh_token(&self) -> Result<UserToken, Error> {
        self.send(Request::new(Method::GET, "/me/refreshToken", Safety::Auth)).await?.read()
    }

    /// `POST /auth/user`: logs in and returns a token; sends no other credential.
    /// <https://docs.losant.com/rest-api/auth/#authenticate-user>
    pub async fn log_in(&self, credentials: &UserCredentials) -> Result<UserToken, Error> {
        let request = Request::post("/auth/user", Safety::Auth).json_set(credentials);
        self.send(request.anonymous()).await?.read()
    }

    /// Adds what every call has.
    async fn send(&self, request: Request) -> Result<Response, Error> {
        self.transport.send(self.flagged(request)).await
    }

    async fn fetch<R: Send>(
        &self,
        request: Request,
        read: impl Fn(&Response) -> Result<R, Error> + Send + Sync,
    ) -> Result<R, Error> {
        self.transport.fetch(self.flagged(request), read).await
    }

    fn flagged(&self, request: Request) -> Request {
        let Flags { actions, links, embedded } = self.flags;
        request
            .query("_actions", actions)
            .query("_links", links)
            .query("_embedded", embedded)
            .header_opt(DOMAIN_HEADER, self.domain.as_ref())
    }
}

fn vendor() -> Vendor {
    Vendor::new(KIND, explain).header("accept-version", ACCEPT_VERSION)
}

fn get_org(org_id: &str) -> Result<Request, Error> {
    Ok(Request::get("/orgs/{orgId}").segment(object_id("orgId", org_id)?))
}

fn get_invites(org_id: &str) -> Result<Request, Error> {
    Ok(Request::get("/orgs/{orgId}/invites").segment(object_id("orgId", org_id)?))
}

fn invites<T: serde::de::DeserializeOwned>(response: &Response) -> Result<Invites<T>, Error> {
    Ok(Invites { items: response.list()?, date: response.date() })
}

/// Refuses what cannot be an id of Losant's, without showing it: it may be long or a secret.
pub(crate) fn object_id<'a>(name: &str, id: &'a str) -> Result<&'a str, Error> {
    if id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(id);
    }
    Err(Error::new(ErrorKind::InvalidInput, format!("{name} must be 24 hexadecimal digits")))
}

fn mailed_token(token: &Secret) -> Result<&Secret, Error> {
    if token.is_empty() {
        return Err(Error::new(ErrorKind::InvalidInput, "the token from the mail is empty"));
    }
    Ok(token)
}
