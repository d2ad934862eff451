//! Jaqpot's API, call by call.

use orgport_core::http::{ClientOptions, Doc, Items, Request, Response, Rows, Safety, Transport, Vendor};
use orgport_core::{Error, ErrorKind, client_over_transport};
use serde_json::json;

use crate::capability as limits;
use crate::config::KIND;
use crate::error::explain;
use crate::model::{
    ApiKey, CreatedApiKey, Dated, Organization, OrganizationInvitation, OrganizationWithPeople,
    UpdatedApiKey, User, UsersPage,
};
use crate::request::{
    CreateOrganization, ExpirationTime, PartialUpdateOrganization, UpdateApiKey, UpdateInvitation, UsersQuery,
};

/// Jaqpot's organizations, members, invitations and API keys, in Jaqpot's words.
///
/// An organization is addressed by its name in most calls and by its number in two, as the
/// parameters say. Each method is one request; all of them fail as [`Transport::send`] does,
/// besides what they name.
#[derive(Debug, Clone)]
pub struct JaqpotClient {
    transport: Transport,
}

client_over_transport!(JaqpotClient);

impl JaqpotClient {
    /// A client that opens its first connection when it is first used.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        // Messages of failed checks come in the language of this header.
        let vendor = Vendor::new(KIND, explain)
            .header("accept-language", "en")
            .limits(limits::BUCKETS)
            .remaining(limits::remaining);
        Ok(Self { transport: Transport::new(vendor, options)? })
    }
}

/// Invitations.
impl JaqpotClient {
    /// `POST /v1/organizations/{orgName}/invitations`: invites 1 to 10 addresses and mails them.
    ///
    /// - The response is empty; [`list_invitations`](Self::list_invitations) shows them.
    /// - The server checks neither the addresses nor for duplicates.
    /// - Rows are made in order; those before an address that the server fails on stay, without
    ///   mail.
    /// - 4 calls at once, and one more every 120 s.
    pub async fn create_invitations(&self, org_name: &str, emails: &[impl AsRef<str>]) -> Result<(), Error> {
        let emails: Vec<&str> = emails.iter().map(AsRef::as_ref).collect();
        let request = Request::post("/v1/organizations/{orgName}/invitations", Safety::Reconcilable);
        let request = request
            .segment(org_name)
            .json(&json!({ "emails": emails }))
            .limited_by(limits::CREATE_INVITATIONS.calls);
        self.transport.send(request.no_reply()).await.map(drop)
    }

    /// `GET /v1/organizations/{orgName}/invitations`: all that were ever made, answered and expired
    /// ones included, for the organization's creator and realm administrators.
    pub async fn list_invitations(
        &self,
        org_name: &str,
    ) -> Result<Dated<Rows<OrganizationInvitation>>, Error> {
        self.invitations(org_name, |told| Ok(told.value)).await
    }

    pub(crate) async fn invitations<M: Send>(
        &self,
        org_name: &str,
        convert: impl Fn(Dated<Doc<OrganizationInvitation>>) -> Result<M, Error> + Send + Sync,
    ) -> Result<Dated<Items<M>>, Error> {
        let request = Request::get("/v1/organizations/{orgName}/invitations").segment(org_name);
        let read = |response: &Response| {
            let told_at = response.date();
            Ok(Dated { value: response.list_as(|value| convert(Dated { value, told_at }))?, told_at })
        };
        self.transport.fetch(request, read).await
    }

    /// `GET /v1/organizations/{name}/invitations/{uuid}`: one invitation, for everybody who knows
    /// its UUID.
    pub async fn get_invitation(
        &self,
        name: &str,
        uuid: &str,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        let request = Request::get("/v1/organizations/{name}/invitations/{uuid}").segment(name).segment(uuid);
        invitation(&self.transport.send(request).await?)
    }

    /// `PUT /v1/organizations/{name}/invitations/{uuid}`: answers an invitation, as the invited
    /// person only.
    ///
    /// # Errors
    ///
    /// `Conflict` if it is answered already, `Expired`, `PermissionDenied` if it is somebody
    /// else's or the address is not verified.
    pub async fn update_invitation(
        &self,
        name: &str,
        uuid: &str,
        update: &UpdateInvitation,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        let request = Request::put("/v1/organizations/{name}/invitations/{uuid}", Safety::Reconcilable);
        let request = request.segment(name).segment(uuid).json_set(update);
        invitation(&self.transport.send(request).await?)
    }

    /// `POST /v1/organizations/{orgId}/invitations/{id}/resend`: mails an invitation again and gives
    /// it a week from now, also when it had expired. 9 calls at once, and one more every 60 s.
    ///
    /// # Errors
    ///
    /// `Ambiguous` for a response that is neither empty nor `{}`: it is not this call's.
    /// `InvalidInput` for an id that is not a UUID, before anything is sent: the server would respond
    /// with 500 and count the call. `Conflict` if it is answered already.
    pub async fn resend_invitation(&self, org_id: i64, id: &str) -> Result<(), Error> {
        check_uuid(id)?;
        let request =
            Request::post("/v1/organizations/{orgId}/invitations/{id}/resend", Safety::Reconcilable);
        let request = request.segment(org_id).segment(id).limited_by(limits::RESEND_INVITATION.calls);
        self.transport.send(request.no_reply()).await.map(drop)
    }
}

/// Organizations and their members.
impl JaqpotClient {
    /// `GET /v1/organizations`: all that the caller may see, public ones and the caller's own. The
    /// server caches it, so that it can show an old name for as long as it is polled.
    pub async fn list_organizations(&self) -> Result<Rows<Organization>, Error> {
        self.transport.fetch(Request::get("/v1/organizations"), Response::list).await
    }

    /// `GET /v1/user/organizations`: those that the caller made or is a member of. Cached like
    /// [all of them](Self::list_organizations), and one can come twice.
    pub async fn list_own_organizations(&self) -> Result<Rows<Organization>, Error> {
        self.transport.fetch(Request::get("/v1/user/organizations"), Response::list).await
    }

    /// `GET /v1/organizations/{name}`: one with its people. A public one is shown to everybody.
    pub async fn get_organization(&self, name: &str) -> Result<OrganizationWithPeople, Error> {
        let request = Request::get("/v1/organizations/{name}").segment(name);
        self.transport.fetch(request, with_people).await
    }

    /// `POST /v1/organizations`: makes an organization. The response is empty;
    /// [`get_organization`](Self::get_organization) shows it. 9 calls at once, and one more every
    /// 60 s.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the name is taken; `InvalidInput`; `Ambiguous` if the response was lost.
    pub async fn create_organization(&self, organization: &CreateOrganization) -> Result<(), Error> {
        let request = Request::post("/v1/organizations", Safety::OneShot).json_set(organization);
        let request = request.limited_by(limits::CREATE_ORGANIZATION.calls);
        self.transport.send(request.no_reply()).await.map(drop)
    }

    /// `PATCH /v1/organizations/{id}/partial`: changes an organization and returns it with its
    /// people. 4 calls at once, and one more every 12 s.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the name is taken; `InvalidInput`.
    pub async fn update_organization(
        &self,
        id: i64,
        update: &PartialUpdateOrganization,
    ) -> Result<OrganizationWithPeople, Error> {
        let request = Request::patch("/v1/organizations/{id}/partial", Safety::Idempotent);
        let request = request.segment(id).json_set(update).limited_by(limits::UPDATE_ORGANIZATION.calls);
        with_people(&self.transport.send(request).await?)
    }
}

/// The caller's account and others.
impl JaqpotClient {
    /// `POST /v1/user/api-keys`: makes an API key for the caller. 4 calls at once, and one more
    /// every 120 s.
    pub async fn create_api_key(
        &self,
        expiration_time: ExpirationTime,
        note: Option<&str>,
    ) -> Result<CreatedApiKey, Error> {
        let body = json!({ "expirationTime": expiration_time, "note": note });
        let request = Request::post("/v1/user/api-keys", Safety::OneShot);
        let request = request.json_set(&body).limited_by(limits::CREATE_API_KEY.calls);
        self.transport.send(request.secret_reply()).await?.read()
    }

    /// `GET /v1/user/api-keys`: the caller's API keys, without their secrets.
    pub async fn list_api_keys(&self) -> Result<Rows<ApiKey>, Error> {
        self.transport.fetch(Request::get("/v1/user/api-keys"), Response::list).await
    }

    /// `PATCH /v1/user/api-keys/{key}`: changes an API key, addressed by its public part. 9 calls at
    /// once, and one more every 6 s.
    pub async fn update_api_key(
        &self,
        key: &str,
        update: &UpdateApiKey,
    ) -> Result<Doc<UpdatedApiKey>, Error> {
        let request = Request::patch("/v1/user/api-keys/{key}", Safety::Idempotent);
        let request = request.segment(key).json_set(update).limited_by(limits::UPDATE_API_KEY.calls);
        self.transport.send(request).await?.doc()
    }

    /// `DELETE /v1/user/api-keys/{key}`: deletes an API key, addressed by its public part. 9 calls
    /// at once, and one more every 6 s.
    pub async fn delete_api_key(&self, key: &str) -> Result<(), Error> {
        let request = Request::delete("/v1/user/api-keys/{key}").segment(key);
        self.transport.send(request.limited_by(limits::DELETE_API_KEY.calls).no_reply()).await.map(drop)
    }

    /// `GET /v1/auth/validate`: asks whether the credential is accepted.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` if it is not.
    pub async fn validate(&self) -> Result<(), Error> {
        self.transport.send(Request::get("/v1/auth/validate").no_reply()).await.map(drop)
    }

    /// `GET /v1/users/{username}`: an account by its user name.
    pub async fn get_user(&self, username: &str) -> Result<Doc<User>, Error> {
        self.transport.send(Request::get("/v1/users/{username}").segment(username)).await?.doc()
    }

    /// `GET /v1/admin/users`: a page of all accounts, for holders of the realm roles `admin` and
    /// `upci`. 19 calls at once, and one more every 3 s.
    pub async fn list_users(&self, query: &UsersQuery) -> Result<UsersPage, Error> {
        let UsersQuery { page, size, sort } = query;
        let request = Request::get("/v1/admin/users").query_opt("page", *page).query_opt("size", *size);
        let request = request.query_each("sort", sort).limited_by(limits::LIST_USERS.calls);
        users(&self.transport.send(request).await?)
    }
}

fn invitation(response: &Response) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
    Ok(Dated { value: response.doc()?, told_at: response.date() })
}

fn with_people(response: &Response) -> Result<OrganizationWithPeople, Error> {
    let body = response.object()?;
    Ok(OrganizationWithPeople {
        organization: response.doc()?,
        creator: body.optional_doc("creator"),
        members: body.list("organizationMembers")?.unwrap_or_default(),
    })
}

fn users(response: &Response) -> Result<UsersPage, Error> {
    let body = response.object()?;
    Ok(UsersPage {
        content: body.list("content")?.ok_or_else(|| response.protocol("the response has no content"))?,
        number: body.value("number"),
        total_pages: body.value("totalPages"),
        total_elements: body.value("totalElements"),
        last: body.value("last"),
    })
}

/// Hyphens and hexadecimal digits in the groups of a UUID.
pub(crate) fn check_uuid(id: &str) -> Result<(), Error> {
    let groups: Vec<_> = id.split('-').collect();
    let lengths_fit = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    if lengths_fit && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidInput, format!("the invitation id {id:?} is not a UUID")))
}
