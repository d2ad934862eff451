//! The typed client: one method per endpoint, in the vendor's names.

use orgport_core::http::{Connection, Doc, Request, Response, Safety, Transport, Vendor};
use orgport_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::capability as limits;
use crate::config::KIND;
use crate::error::explain;
use crate::model::{
    ApiKey, CreateOrganization, CreatedApiKey, Dated, ExpirationTime, Organization, OrganizationInvitation,
    OrganizationWithPeople, PartialUpdateOrganization, UpdateApiKey, UpdateInvitation, UpdatedApiKey, User,
    UsersPage, UsersQuery,
};

/// A client of the Jaqpot API that speaks Jaqpot's words.
///
/// Organizations are addressed by name in most calls and by number in two; see each method. All
/// methods fail with `Unauthenticated`, `PermissionDenied`, `NotFound`, `RateLimited`,
/// `Unavailable`, `Timeout`, `Connection` and `Protocol` besides what they name.
#[derive(Debug, Clone)]
pub struct JaqpotClient {
    transport: Transport,
}

impl JaqpotClient {
    /// Prepares a client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Config` for an empty secret or settings that no client can work with.
    pub fn new(connection: Connection) -> Result<Self, Error> {
        // Messages of failed checks come in the language of this header.
        let vendor = Vendor::new(KIND, explain)
            .header("accept-language", "en")
            .limits(limits::BUCKETS)
            .remaining(limits::remaining);
        Ok(Self { transport: Transport::new(vendor, connection)? })
    }

    /// A clone that refuses everything but reads.
    #[must_use]
    pub fn read_only(&self) -> Self {
        Self { transport: self.transport.read_only() }
    }

    /// A clone that waits for the vendor's limits as long as it takes.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { transport: self.transport.patient() }
    }

    /// The transport, for requests that no method here covers.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Invites 1 to 10 addresses to the organization of this **name**. Nothing is answered; read
    /// the [list](Self::get_all_invitations). Neither addresses nor duplicates are checked by the
    /// server, and addresses before one that it fails on stay invited.
    ///
    /// At most 5 calls in 10 minutes, of which the server lets 4 pass.
    pub async fn create_invitations(&self, org_name: &str, emails: &[impl AsRef<str>]) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            emails: Vec<&'a str>,
        }

        let body = Body { emails: emails.iter().map(AsRef::as_ref).collect() };
        let request = Request::post("/v1/organizations/{orgName}/invitations", Safety::Reconcilable);
        let request = request.segment(org_name).json(&body).limited_by(limits::CREATE_INVITATIONS.calls);
        self.transport.send(request.no_reply()).await.map(drop)
    }

    /// All invitations ever made to the organization of this **name**, answered and expired ones
    /// included. For its creator and realm administrators only.
    pub async fn get_all_invitations(
        &self,
        org_name: &str,
    ) -> Result<Dated<Vec<Result<Doc<OrganizationInvitation>, Error>>>, Error> {
        let request = Request::get("/v1/organizations/{orgName}/invitations").segment(org_name);
        let response = self.transport.send(request).await?;
        Ok(Dated { value: response.list()?, told_at: response.date() })
    }

    /// One invitation, for everybody who knows its UUID. `name` is the organization's **name**.
    pub async fn get_invitation(
        &self,
        name: &str,
        uuid: &str,
    ) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
        let request = Request::get("/v1/organizations/{name}/invitations/{uuid}").segment(name).segment(uuid);
        invitation(&self.transport.send(request).await?)
    }

    /// Answers an invitation, as the invited person only. `name` is the organization's **name**.
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
        let request = request.segment(name).segment(uuid).json(update);
        invitation(&self.transport.send(request).await?)
    }

    /// Mails an invitation again and gives it one more week, also when it had expired. `org_id` is
    /// the organization's **number**.
    ///
    /// At most 10 calls in 10 minutes, of which the server lets 9 pass.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for an id that is no UUID, before anything is sent: the server would answer
    /// 500 and count the call. `Conflict` if it is answered already.
    pub async fn resend_invitation(&self, org_id: i64, id: &str) -> Result<(), Error> {
        check_uuid(id)?;
        let request =
            Request::post("/v1/organizations/{orgId}/invitations/{id}/resend", Safety::Reconcilable);
        let request = request.segment(org_id).segment(id).limited_by(limits::RESEND_INVITATION.calls);
        self.transport.send(request.no_reply()).await.map(drop)
    }

    /// Every organization that the caller may see: public ones and the caller's own. Cached by the
    /// server, so that a new name can be missing for as long as the list is polled.
    pub async fn get_all_organizations_for_user(
        &self,
    ) -> Result<Vec<Result<Doc<Organization>, Error>>, Error> {
        self.transport.send(Request::get("/v1/organizations")).await?.list()
    }

    /// The organizations that the caller made or is a member of. Cached by the server like
    /// [all of them](Self::get_all_organizations_for_user); one may come twice.
    pub async fn get_all_organizations_by_user(
        &self,
    ) -> Result<Vec<Result<Doc<Organization>, Error>>, Error> {
        self.transport.send(Request::get("/v1/user/organizations")).await?.list()
    }

    /// The organization of this **name** with its people. A public one is shown to everybody.
    pub async fn get_organization_by_name(&self, name: &str) -> Result<OrganizationWithPeople, Error> {
        let request = Request::get("/v1/organizations/{name}").segment(name);
        with_people(&self.transport.send(request).await?)
    }

    /// Makes an organization. Nothing is answered; read it by its name.
    ///
    /// At most 10 calls in 10 minutes, of which the server lets 9 pass.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the name is taken; `InvalidInput`; `Ambiguous` if the answer was lost.
    pub async fn create_organization(&self, organization: &CreateOrganization) -> Result<(), Error> {
        let request = Request::post("/v1/organizations", Safety::OneShot).json(organization);
        let request = request.limited_by(limits::CREATE_ORGANIZATION.calls);
        self.transport.send(request.no_reply()).await.map(drop)
    }

    /// Changes the organization of this **number** and answers it with its people.
    ///
    /// At most 5 calls a minute, of which the server lets 4 pass.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the name is taken; `InvalidInput`.
    pub async fn partial_update_organization(
        &self,
        id: i64,
        update: &PartialUpdateOrganization,
    ) -> Result<OrganizationWithPeople, Error> {
        let request = Request::patch("/v1/organizations/{id}/partial", Safety::Idempotent);
        let request = request.segment(id).json(update).limited_by(limits::UPDATE_ORGANIZATION.calls);
        with_people(&self.transport.send(request).await?)
    }

    /// Makes an API key for the caller.
    ///
    /// At most 5 calls in 10 minutes, of which the server lets 4 pass.
    pub async fn create_api_key(
        &self,
        expiration_time: ExpirationTime,
        note: Option<&str>,
    ) -> Result<CreatedApiKey, Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            expiration_time: ExpirationTime,
            #[serde(skip_serializing_if = "Option::is_none")]
            note: Option<&'a str>,
        }

        let request = Request::post("/v1/user/api-keys", Safety::OneShot);
        let request = request.json(&Body { expiration_time, note }).limited_by(limits::CREATE_API_KEY.calls);
        let response = self.transport.send(request).await?;
        // Read by hand: an error of the decoder would show the body, and so the secret.
        let body: Value = response.read()?;
        match (body["clientKey"].as_str(), body["clientSecret"].as_str()) {
            (Some(key), Some(secret)) => {
                Ok(CreatedApiKey { client_key: key.to_owned(), client_secret: secret.into() })
            }
            _ => Err(response.protocol("the answer lacks clientKey or clientSecret; the key may exist")),
        }
    }

    /// The caller's API keys, without their secrets.
    pub async fn get_all_api_keys_for_user(&self) -> Result<Vec<Result<Doc<ApiKey>, Error>>, Error> {
        self.transport.send(Request::get("/v1/user/api-keys")).await?.list()
    }

    /// Changes an API key, addressed by its public part.
    ///
    /// At most 10 calls a minute, of which the server lets 9 pass.
    pub async fn update_api_key(
        &self,
        key: &str,
        update: &UpdateApiKey,
    ) -> Result<Doc<UpdatedApiKey>, Error> {
        let request = Request::patch("/v1/user/api-keys/{key}", Safety::Idempotent);
        let request = request.segment(key).json(update).limited_by(limits::UPDATE_API_KEY.calls);
        self.transport.send(request).await?.doc()
    }

    /// Deletes an API key, addressed by its public part.
    ///
    /// At most 10 calls a minute, of which the server lets 9 pass.
    pub async fn delete_api_key(&self, key: &str) -> Result<(), Error> {
        let request = Request::delete("/v1/user/api-keys/{key}").segment(key);
        self.transport.send(request.limited_by(limits::DELETE_API_KEY.calls).no_reply()).await.map(drop)
    }

    /// Asks whether the credential is accepted.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` if it is not.
    pub async fn validate_jwt(&self) -> Result<(), Error> {
        self.transport.send(Request::get("/v1/auth/validate").no_reply()).await.map(drop)
    }

    /// The account of this user name.
    pub async fn get_user(&self, username: &str) -> Result<Doc<User>, Error> {
        self.transport.send(Request::get("/v1/users/{username}").segment(username)).await?.doc()
    }

    /// A page of all accounts, for holders of the realm roles `admin` and `upci`.
    ///
    /// At most 20 calls a minute, of which the server lets 19 pass.
    pub async fn get_users(&self, query: &UsersQuery) -> Result<UsersPage, Error> {
        let UsersQuery { page, size, sort } = query;
        let request = Request::get("/v1/admin/users").query_opt("page", *page).query_opt("size", *size);
        let request = request.query_each("sort", sort).limited_by(limits::GET_USERS.calls);
        users(&self.transport.send(request).await?)
    }
}

fn invitation(response: &Response) -> Result<Dated<Doc<OrganizationInvitation>>, Error> {
    Ok(Dated { value: response.doc()?, told_at: response.date() })
}

fn with_people(response: &Response) -> Result<OrganizationWithPeople, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct People<'a> {
        #[serde(borrow)]
        creator: Option<&'a RawValue>,
        #[serde(borrow)]
        organization_members: Option<Vec<&'a RawValue>>,
    }

    let People { creator, organization_members } = response.read()?;
    Ok(OrganizationWithPeople {
        organization: response.doc()?,
        creator: creator.map(|creator| response.part(creator)),
        members: response.parts(&organization_members.unwrap_or_default()),
    })
}

fn users(response: &Response) -> Result<UsersPage, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page<'a> {
        #[serde(borrow)]
        content: Vec<&'a RawValue>,
        number: Option<u32>,
        total_pages: Option<u32>,
        total_elements: Option<u64>,
        last: Option<bool>,
    }

    let Page { content, number, total_pages, total_elements, last } = response.read()?;
    Ok(UsersPage { content: response.parts(&content), number, total_pages, total_elements, last })
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
