//! Koyeb's API, call by call.

use std::time::Duration;

use orgport_core::auth::Auth;
use orgport_core::http::{
    Bucket, ClientOptions, Doc, Request, Response, Safety, Transport, Vendor, number_in,
};
use orgport_core::{Error, Secret, client_over_transport};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::config::KIND;
use crate::error::explain;
use crate::model::{
    Credential, Listing, Organization, OrganizationInvitation, OrganizationMember, OrganizationSummary,
    Quotas, Token, User,
};
use crate::request::{
    CredentialFields, CredentialQuery, InvitationQuery, MemberQuery, MyInvitationQuery, OrganizationQuery,
};

/// Koyeb counts 400 requests in 60 s, and does not say where a minute begins: 200 at once and as
/// many more in any minute stay within it.
pub(crate) const BURST: u32 = 200;
pub(crate) const ONE_MORE_EVERY: Duration = Duration::from_millis(300);
const LIMITS: &[Bucket] = &[Bucket::for_all(BURST, ONE_MORE_EVERY)];

/// Koyeb's organizations, members, invitations, account and API tokens, in Koyeb's words.
///
/// Calls about invitations name no organization: the token's is meant. Each method is one request;
/// all of them fail as [`Transport::send`] does.
#[derive(Debug, Clone)]
pub struct KoyebClient {
    transport: Transport,
}

client_over_transport!(KoyebClient);

impl KoyebClient {
    /// A client that opens its first connection when it is first used.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let vendor = Vendor::new(KIND, explain)
            .limits(LIMITS)
            .remaining(|headers, bucket| match bucket {
                None => number_in(headers, "x-ratelimit-remaining"),
                Some(_) => None,
            })
            .reset_header("x-ratelimit-reset");
        Ok(Self { transport: Transport::new(vendor, options)? })
    }

    /// A clone with another token, under the same limits.
    #[must_use]
    pub fn with_auth(&self, auth: Auth) -> Self {
        Self { transport: self.transport.with_auth(auth) }
    }
}

/// Invitations of the token's organization, as
/// [documented](<https://github.com/koyeb/koyeb-api-client-go/blob/e1c2fae6ba80/api/v1/koyeb/docs/OrganizationInvitationsApi.md>).
impl KoyebClient {
    /// `GET /v1/organization_invitations`: one page.
    pub async fn list_invitations(
        &self,
        query: &InvitationQuery,
    ) -> Result<Listing<OrganizationInvitation>, Error> {
        let request = query.of(Request::get("/v1/organization_invitations"));
        self.transport.fetch(request, |response| listing(response, "invitations")).await
    }

    /// `POST /v1/organization_invitations`: invites an address and mails it.
    pub async fn create_invitation(&self, email: &str) -> Result<Doc<OrganizationInvitation>, Error> {
        let request = Request::post("/v1/organization_invitations", Safety::Reconcilable);
        self.one(request.json(&json!({ "email": email })), "invitation").await
    }

    /// `GET /v1/organization_invitations/{id}`: one invitation.
    pub async fn get_invitation(&self, id: &str) -> Result<Doc<OrganizationInvitation>, Error> {
        self.one(Request::get("/v1/organization_invitations/{id}").segment(id), "invitation").await
    }

    /// `DELETE /v1/organization_invitations/{id}`: revokes an invitation, whose record then is
    /// gone.
    pub async fn delete_invitation(&self, id: &str) -> Result<(), Error> {
        self.done(Request::delete("/v1/organization_invitations/{id}").segment(id)).await
    }

    /// `POST /v1/organization_invitations/{id}/resend`: mails an invitation once more.
    pub async fn resend_invitation(&self, id: &str) -> Result<Doc<OrganizationInvitation>, Error> {
        let request = Request::post("/v1/organization_invitations/{id}/resend", Safety::OneShot);
        self.one(request.segment(id).json(&json!({})), "invitation").await
    }
}

/// Invitations to the token's user, as [documented](<https://github.com/koyeb/koyeb-api-client-go/blob/e1c2fae6ba80/api/v1/koyeb/docs/ProfileApi.md>). The vendor has announced
/// that it will drop these calls.
impl KoyebClient {
    /// `GET /v1/account/organization_invitations`: one page.
    pub async fn list_my_invitations(
        &self,
        query: &MyInvitationQuery,
    ) -> Result<Listing<OrganizationInvitation>, Error> {
        let request = query.of(Request::get("/v1/account/organization_invitations"));
        self.transport.fetch(request, |response| listing(response, "invitations")).await
    }

    /// `GET /v1/account/organization_invitations/{id}`: one invitation.
    pub async fn get_my_invitation(&self, id: &str) -> Result<Doc<OrganizationInvitation>, Error> {
        self.one(Request::get("/v1/account/organization_invitations/{id}").segment(id), "invitation").await
    }

    /// `POST /v1/account/organization_invitations/{id}/accept`: joins the organization. The token
    /// stays in its own.
    pub async fn accept_invitation(&self, id: &str) -> Result<Doc<OrganizationInvitation>, Error> {
        let accept = "/v1/account/organization_invitations/{id}/accept";
        let request = Request::post(accept, Safety::Reconcilable);
        self.one(request.segment(id).json(&json!({})), "invitation").await
    }

    /// `POST /v1/account/organization_invitations/{id}/decline`: refuses the invitation.
    pub async fn decline_invitation(&self, id: &str) -> Result<Doc<OrganizationInvitation>, Error> {
        let decline = "/v1/account/organization_invitations/{id}/decline";
        let request = Request::post(decline, Safety::Reconcilable);
        self.one(request.segment(id).json(&json!({})), "invitation").await
    }
}

/// Memberships.
impl KoyebClient {
    /// `GET /v1/organization_members`: one page.
    pub async fn list_members(&self, query: &MemberQuery) -> Result<Listing<OrganizationMember>, Error> {
        let request = query.of(Request::get("/v1/organization_members"));
        self.transport.fetch(request, |response| listing(response, "members")).await
    }

    /// `DELETE /v1/organization_members/{id}`: ends the membership of this id, which is not a
    /// user's. With a user's token it may be one of any organization. `None` if the deletion had
    /// to be repeated, and the first one had worked.
    pub async fn remove_member(&self, id: &str) -> Result<Option<Doc<OrganizationMember>>, Error> {
        self.deleted(Request::delete("/v1/organization_members/{id}").segment(id), "member").await
    }
}

/// The account behind a user's token, as [documented](<https://github.com/koyeb/koyeb-api-client-go/blob/e1c2fae6ba80/api/v1/koyeb/docs/ProfileApi.md>).
impl KoyebClient {
    /// `GET /v1/account/profile`: the user. The fingerprint is the vendor's `seon-fp` header,
    /// which nobody needs to send.
    pub async fn profile(&self, fingerprint: Option<&str>) -> Result<Doc<User>, Error> {
        self.one(Request::get("/v1/account/profile").header_opt("seon-fp", fingerprint), "user").await
    }

    /// `GET /v1/account/organization`: the token's organization.
    pub async fn current_organization(&self) -> Result<Doc<Organization>, Error> {
        self.one(Request::get("/v1/account/organization"), "organization").await
    }

    /// `GET /v1/account/organizations`: one page of the user's organizations.
    pub async fn list_organizations(
        &self,
        query: &OrganizationQuery,
    ) -> Result<Listing<Organization>, Error> {
        let request = query.of(Request::get("/v1/account/organizations"));
        self.transport.fetch(request, |response| listing(response, "organizations")).await
    }
}

/// Organizations by id.
impl KoyebClient {
    /// `POST /v1/organizations`: makes an organization. The token stays in its own.
    pub async fn create_organization(&self, name: &str) -> Result<Doc<Organization>, Error> {
        let request = Request::post("/v1/organizations", Safety::OneShot);
        self.one(request.json(&json!({ "name": name })), "organization").await
    }

    /// `GET /v1/organizations/{id}`: one organization.
    pub async fn get_organization(&self, id: &str) -> Result<Doc<Organization>, Error> {
        self.one(Request::get("/v1/organizations/{id}").segment(id), "organization").await
    }

    /// `PATCH /v1/organizations/{id}`: changes the fields that are set, or those that the mask
    /// names, separated by commas.
    pub async fn update_organization(
        &self,
        id: &str,
        fields: &Organization,
        update_mask: Option<&str>,
    ) -> Result<Doc<Organization>, Error> {
        let request = Request::patch("/v1/organizations/{id}", Safety::Idempotent).segment(id);
        self.one(request.query_opt("update_mask", update_mask).json_set(fields), "organization").await
    }

    /// `PUT /v1/organizations/{id}`: replaces the fields that the mask names, separated by commas.
    /// Without a mask what is not set is emptied.
    pub async fn replace_organization(
        &self,
        id: &str,
        fields: &Organization,
        update_mask: Option<&str>,
    ) -> Result<Doc<Organization>, Error> {
        let request = Request::put("/v1/organizations/{id}", Safety::Idempotent).segment(id);
        self.one(request.query_opt("update_mask", update_mask).json_set(fields), "organization").await
    }

    /// `PUT /v1/organizations/{id}/name`: renames an organization.
    pub async fn rename_organization(&self, id: &str, name: &str) -> Result<Doc<Organization>, Error> {
        let request = Request::put("/v1/organizations/{id}/name", Safety::Idempotent).segment(id);
        self.one(request.json(&json!({ "name": name })), "organization").await
    }

    /// `PUT /v1/organizations/{id}/default_project`: chooses the project that calls mean which
    /// name none.
    pub async fn set_default_project(&self, id: &str, project: &str) -> Result<Doc<Organization>, Error> {
        let request = Request::put("/v1/organizations/{id}/default_project", Safety::Idempotent);
        self.one(request.segment(id).json(&json!({ "default_project_id": project })), "organization").await
    }

    /// `POST /v1/organizations/{id}/deactivate`: begins to end an organization's services and
    /// data. Unless the confirmation is skipped nothing happens until a mailed link is followed.
    pub async fn deactivate_organization(
        &self,
        id: &str,
        skip_confirmation: bool,
    ) -> Result<Doc<Organization>, Error> {
        // Asking for a confirmation twice is two mails.
        let safety = if skip_confirmation { Safety::Idempotent } else { Safety::OneShot };
        let request = Request::post("/v1/organizations/{id}/deactivate", safety).segment(id);
        self.one(request.json(&json!({ "skip_confirmation": skip_confirmation })), "organization").await
    }

    /// `POST /v1/organization_confirmations/{id}`: confirms what a mailed link asks to confirm;
    /// the id is at the link's end.
    pub async fn confirm_organization_action(&self, id: &str) -> Result<(), Error> {
        self.done(Request::post("/v1/organization_confirmations/{id}", Safety::OneShot).segment(id)).await
    }

    /// `POST /v1/organizations/{id}/reactivate`: brings a deactivated organization back.
    pub async fn reactivate_organization(&self, id: &str) -> Result<Doc<Organization>, Error> {
        let request = Request::post("/v1/organizations/{id}/reactivate", Safety::Idempotent).segment(id);
        self.one(request.json(&json!({})), "organization").await
    }

    /// `DELETE /v1/organizations/{id}`: deletes a deactivated organization, and the tokens in it.
    /// `None` if the deletion had to be repeated, and the first one had worked.
    pub async fn delete_organization(&self, id: &str) -> Result<Option<Doc<Organization>>, Error> {
        self.deleted(Request::delete("/v1/organizations/{id}").segment(id), "organization").await
    }

    /// `GET /v1/organizations/{organization_id}/quotas`: what an organization may use.
    pub async fn quotas(&self, organization: &str) -> Result<Doc<Quotas>, Error> {
        self.one(Request::get("/v1/organizations/{organization_id}/quotas").segment(organization), "quotas")
            .await
    }

    /// `GET /v1/organizations/{organization_id}/summary`: what an organization uses.
    pub async fn summary(&self, organization: &str) -> Result<Doc<OrganizationSummary>, Error> {
        let request = Request::get("/v1/organizations/{organization_id}/summary").segment(organization);
        self.one(request, "summary").await
    }
}

/// Tokens. No error of these calls shows anything of a response that may hold one.
impl KoyebClient {
    /// `POST /v1/organizations/{id}/access_token`: a token that acts in this organization, for an
    /// hour by default and 24 hours at most. The user must be a member.
    pub async fn create_access_token(&self, id: &str, validity: Option<Duration>) -> Result<Secret, Error> {
        let body = match validity {
            Some(validity) => json!({ "validity": format!("{}s", validity.as_secs_f64()) }),
            None => json!({}),
        };
        let request = Request::post("/v1/organizations/{id}/access_token", Safety::Auth).segment(id);
        let token: Doc<String> = self.one(request.json(&body), "token").await?;
        Ok(Secret::from(token.value))
    }

    /// `POST /v1/organizations/{id}/switch`: a session token that acts in this organization.
    /// Deprecated by the vendor in favour of [`create_access_token`](Self::create_access_token).
    pub async fn switch_organization(&self, id: &str, fingerprint: Option<&str>) -> Result<Token, Error> {
        let request = Request::post("/v1/organizations/{id}/switch", Safety::OneShot).segment(id);
        self.token(request.header_opt("seon-fp", fingerprint)).await
    }

    /// `POST /v1/unscope_organization_token`: a session token without organization, which
    /// survives the deletion of the one that it was in.
    pub async fn unscope_token(&self, fingerprint: Option<&str>) -> Result<Token, Error> {
        let request = Request::post("/v1/unscope_organization_token", Safety::OneShot);
        self.token(request.header_opt("seon-fp", fingerprint)).await
    }

    async fn token(&self, request: Request) -> Result<Token, Error> {
        let token: Doc<Token> = self.one(request.json(&json!({})).secret_reply(), "token").await?;
        Ok(token.value)
    }

    /// `GET /v1/credentials`: one page of the API tokens, without their values.
    pub async fn list_credentials(&self, query: &CredentialQuery) -> Result<Listing<Credential>, Error> {
        let request = query.of(Request::get("/v1/credentials")).secret_reply();
        self.transport.fetch(request, |response| listing(response, "credentials")).await
    }

    /// `POST /v1/credentials`: makes an API token, whose value is in this response only.
    pub async fn create_credential(&self, fields: &CredentialFields) -> Result<Doc<Credential>, Error> {
        self.credential(Request::post("/v1/credentials", Safety::OneShot).json_set(fields)).await
    }

    /// `GET /v1/credentials/{id}`: one API token, without its value.
    pub async fn get_credential(&self, id: &str) -> Result<Doc<Credential>, Error> {
        self.credential(Request::get("/v1/credentials/{id}").segment(id)).await
    }

    /// `PATCH /v1/credentials/{id}`: changes the fields that are set, or those that the mask
    /// names, separated by commas.
    pub async fn update_credential(
        &self,
        id: &str,
        fields: &CredentialFields,
        update_mask: Option<&str>,
    ) -> Result<Doc<Credential>, Error> {
        let request = Request::patch("/v1/credentials/{id}", Safety::Idempotent).segment(id);
        self.credential(request.query_opt("update_mask", update_mask).json_set(fields)).await
    }

    /// `PUT /v1/credentials/{id}`: replaces the fields that the mask names, separated by commas.
    pub async fn replace_credential(
        &self,
        id: &str,
        fields: &CredentialFields,
        update_mask: Option<&str>,
    ) -> Result<Doc<Credential>, Error> {
        let request = Request::put("/v1/credentials/{id}", Safety::Idempotent).segment(id);
        self.credential(request.query_opt("update_mask", update_mask).json_set(fields)).await
    }

    /// `DELETE /v1/credentials/{id}`: ends an API token.
    pub async fn delete_credential(&self, id: &str) -> Result<(), Error> {
        self.done(Request::delete("/v1/credentials/{id}").segment(id)).await
    }

    async fn credential(&self, request: Request) -> Result<Doc<Credential>, Error> {
        self.one(request.secret_reply(), "credential").await
    }
}

/// How responses are read.
impl KoyebClient {
    /// Every response wraps its resource in an object with one key.
    async fn one<T: DeserializeOwned>(&self, request: Request, key: &str) -> Result<Doc<T>, Error> {
        let response = self.transport.send(request).await?;
        response.object()?.doc(key)
    }

    async fn deleted<T: DeserializeOwned>(
        &self,
        request: Request,
        key: &str,
    ) -> Result<Option<Doc<T>>, Error> {
        let response = self.transport.send(request).await?;
        if response.was_already_done() {
            return Ok(None);
        }
        response.object()?.doc(key).map(Some)
    }

    /// Sends what is confirmed by its status and an empty object.
    async fn done(&self, request: Request) -> Result<(), Error> {
        self.transport.send(request.no_reply()).await.map(drop)
    }
}

fn listing<T: DeserializeOwned>(response: &Response, key: &str) -> Result<Listing<T>, Error> {
    let (body, rows) = response.object_with_list(key)?;
    let (limit, offset, count) = (body.value("limit"), body.value("offset"), body.value("count"));
    let has_next = body.value("has_next");
    // Servers of this make may leave an empty list out, but then they say that it is empty.
    if rows.is_none() && count != Some(0) && has_next != Some(false) {
        return Err(response.protocol(format!("the response has no {key}")));
    }
    Ok(Listing { items: rows.unwrap_or_default(), limit, offset, count, has_next })
}
