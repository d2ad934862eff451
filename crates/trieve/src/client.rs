//! The typed vendor client: one method per endpoint, in the vendor's words.

use orgport_core::http::{ClientOptions, Doc, Items, Request, Response, Rows, Safety, Transport, Vendor};
use orgport_core::{Error, ErrorKind, client_over_transport};
use serde_json::json;
use uuid::Uuid;

use crate::config::KIND;
use crate::error::explain;
use crate::model::{
    ApiKey, ApiKeys, CreatedApiKey, Invitation, Me, Organization, OrganizationUsage, OrganizationWithPlan,
    User,
};
use crate::request::{ApiKeysQuery, InvitationData, NewApiKey, OrganizationChanges, UsageQuery, UserUpdate};

/// The header that chooses the organization, and with it the rights of the caller.
const TR_ORGANIZATION: &str = "TR-Organization";

/// Trieve's API for organizations, people and invitations, usable alone.
///
/// Every id is a UUID and is checked before anything is sent (`InvalidInput`). The vendor takes
/// the caller's rights from a header and mostly the object from the path, and never compares the
/// two; every method here sends one organization in both. Clones share connections.
///
/// ```no_run
/// use orgport_core::auth::Auth;
/// use orgport_core::http::{BaseUrl, ClientOptions};
/// use orgport_trieve::TrieveClient;
///
/// # async fn example() -> Result<(), orgport_core::Error> {
/// let base_url = BaseUrl::parse(orgport_trieve::DEFAULT_BASE_URL, false)?;
/// let client = TrieveClient::new(ClientOptions::new(base_url, Auth::bearer("tr-…")))?;
/// for invitation in client.list_invitations("8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70").await? {
///     println!("{:?}", invitation?.email);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct TrieveClient {
    transport: Transport,
}

client_over_transport!(TrieveClient);

/// # Construction
impl TrieveClient {
    /// A client with these options.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        Ok(Self { transport: Transport::new(Vendor::new(KIND, explain), options)? })
    }

    /// A request for this organization, as every one must say that needs rights there.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for an id that is not a UUID.
    pub fn for_organization(request: Request, organization_id: &str) -> Result<Request, Error> {
        Ok(request.header(TR_ORGANIZATION, organization_uuid(organization_id)?))
    }

    /// A request for this organization that names it in its path, too.
    fn about(request: Request, organization_id: &str) -> Result<Request, Error> {
        Self::for_organization(request.segment(organization_uuid(organization_id)?), organization_id)
    }
}

/// # Invitations
impl TrieveClient {
    /// Invites a person, or adds the person at once if there is an account of exactly this address.
    /// `POST /api/invitation`. Returns nothing either way.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` for a member, and for an address with an invitation, used or not;
    /// `Incomplete` if the row is stored and its mail was not sent; `PermissionDenied` for a role
    /// above the caller's; `InvalidInput`; `Ambiguous` if no response came.
    pub async fn create_invitation(
        &self,
        organization_id: &str,
        invitation: &InvitationData,
    ) -> Result<(), Error> {
        let request = Request::post("/api/invitation", Safety::Reconcilable).json_set(invitation);
        self.done(Self::for_organization(request, organization_id)?).await
    }

    /// The invitations of an organization, used ones included, in no order.
    /// `GET /api/invitations/{organization_id}`.
    pub async fn list_invitations(&self, organization_id: &str) -> Result<Rows<Invitation>, Error> {
        self.invitations(organization_id, Ok).await
    }

    pub(crate) async fn invitations<M: Send>(
        &self,
        organization_id: &str,
        convert: impl Fn(Doc<Invitation>) -> Result<M, Error> + Send + Sync,
    ) -> Result<Items<M>, Error> {
        // Each id is the secret of a mailed link.
        let request = Request::get("/api/invitations/{organization_id}").secret_reply();
        let request = Self::about(request, organization_id)?;
        self.transport.fetch(request, |response| response.list_as(&convert)).await
    }

    /// Deletes an invitation, used or not. `DELETE /api/invitation/{invitation_id}`.
    ///
    /// It locks nobody out: the mailed link without its `inv_code` still lets in, with the lowest role,
    /// whoever is new to the vendor.
    ///
    /// The vendor does not check that it belongs to the organization: an administrator of one can
    /// delete the invitations of all.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub async fn delete_invitation(&self, organization_id: &str, invitation_id: &str) -> Result<(), Error> {
        let request =
            Request::delete("/api/invitation/{invitation_id}").segment(invitation_uuid(invitation_id)?);
        self.done(Self::for_organization(request, organization_id)?).await
    }
}

/// # Organizations
impl TrieveClient {
    /// An organization with its plan. `GET /api/organization/{organization_id}`.
    ///
    /// # Errors
    ///
    /// `NotFound`; `PermissionDenied` below the role of admin.
    pub async fn get_organization(&self, organization_id: &str) -> Result<OrganizationWithPlan, Error> {
        let request = Request::get("/api/organization/{organization_id}");
        let response = self.transport.send(Self::about(request, organization_id)?).await?;
        let body = response.object()?;
        Ok(OrganizationWithPlan {
            organization: body.doc("organization")?,
            plan: body.optional_doc("plan").transpose()?,
            subscription: body.optional_doc("subscription").transpose()?,
        })
    }

    /// Makes an organization, whose owner is the key's person. `POST /api/organization`.
    ///
    /// **Never call it with an organization's key**: the vendor then fails and leaves an
    /// organization without members behind. [`me`](Self::me) tells the kinds apart.
    ///
    /// # Errors
    ///
    /// `Incomplete` in that case.
    pub async fn create_organization(&self, name: &str) -> Result<Doc<Organization>, Error> {
        let request = Request::post("/api/organization", Safety::OneShot).json(&json!({ "name": name }));
        self.transport.send(request).await?.doc()
    }

    /// Changes an organization and returns it as stored. `PUT /api/organization`. Owners only.
    ///
    /// The vendor cleans the name as HTML (`R&D` becomes `R&amp;D`, tags go), also where no name is
    /// sent. A partner configuration replaces the stored one whole; leaving it out stores the nine
    /// known members over it.
    ///
    /// # Errors
    ///
    /// `Ambiguous` if the vendor failed behind the change.
    pub async fn update_organization(
        &self,
        organization_id: &str,
        changes: &OrganizationChanges,
    ) -> Result<Doc<Organization>, Error> {
        let request = Request::put("/api/organization", Safety::Idempotent).json_set(changes);
        self.transport.send(Self::for_organization(request, organization_id)?).await?.doc()
    }

    /// Marks an organization and its datasets as deleted. `DELETE /api/organization/{organization_id}`.
    /// Owners only.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` for a flat subscription without an end; `Incomplete` if it stopped half
    /// way; `Unavailable` if the vendor's cache failed before it, as it always does for an organization
    /// without members; `Ambiguous` if the vendor failed behind it.
    pub async fn delete_organization(&self, organization_id: &str) -> Result<(), Error> {
        let request = Request::delete("/api/organization/{organization_id}");
        self.done(Self::about(request, organization_id)?).await
    }

    /// What an organization has used. `POST /api/organization/usage/{organization_id}`, a read.
    pub async fn usage(
        &self,
        organization_id: &str,
        query: &UsageQuery,
    ) -> Result<Doc<OrganizationUsage>, Error> {
        let request =
            Request::post("/api/organization/usage/{organization_id}", Safety::Read).json_set(query);
        self.transport.send(Self::about(request, organization_id)?).await?.doc()
    }
}

/// # Members
impl TrieveClient {
    /// The people in an organization, in no order. `GET /api/organization/users/{organization_id}`.
    pub async fn list_users(&self, organization_id: &str) -> Result<Rows<User>, Error> {
        self.users(organization_id, Ok).await
    }

    pub(crate) async fn users<M: Send>(
        &self,
        organization_id: &str,
        convert: impl Fn(Doc<User>) -> Result<M, Error> + Send + Sync,
    ) -> Result<Items<M>, Error> {
        let request = Request::get("/api/organization/users/{organization_id}");
        let request = Self::about(request, organization_id)?;
        self.transport.fetch(request, |response| response.list_as(&convert)).await
    }

    /// Changes the role or the scopes of a member. `PUT /api/user`.
    ///
    /// The vendor looks at the new role only: an admin can take the role of an owner, also the last
    /// one.
    ///
    /// # Errors
    ///
    /// `NotFound` if the person is not a member; `PermissionDenied` for a role above the caller's;
    /// `Ambiguous` if the vendor's cache failed behind the change.
    pub async fn update_user(&self, organization_id: &str, update: &UserUpdate) -> Result<(), Error> {
        let UserUpdate { user_id, role, scopes } = update;
        let body = json!({ "user_id": user_uuid(user_id)?, "role": role, "scopes": scopes });
        let request = Request::put("/api/user", Safety::Idempotent).json_set(&body);
        self.done(Self::for_organization(request, organization_id)?).await
    }

    /// Ends a membership. `DELETE /api/organization/{organization_id}/user/{user_id}`, which the
    /// vendor's own dashboard uses and its API reference leaves out.
    ///
    /// # Errors
    ///
    /// `NotFound` if the person is not a member; `PermissionDenied` if the person's role is above the
    /// caller's; `Ambiguous` if the vendor's cache failed behind the change.
    pub async fn remove_user(&self, organization_id: &str, user_id: &str) -> Result<(), Error> {
        let request = Request::delete("/api/organization/{organization_id}/user/{user_id}");
        self.done(Self::about(request, organization_id)?.segment(user_uuid(user_id)?)).await
    }
}

/// # Keys and the own account
impl TrieveClient {
    /// The person behind the key and all organizations of that person. `GET /api/auth/me`.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` with an organization's key, which stands for no person.
    pub async fn me(&self) -> Result<Me, Error> {
        let response = self.transport.send(Request::get("/api/auth/me")).await?;
        let organizations = response.object()?.list("orgs")?.unwrap_or_default();
        Ok(Me { user: response.doc()?, organizations })
    }

    /// Makes an API key of an organization and shows it this once. `POST /api/organization/api_key`.
    pub async fn create_api_key(
        &self,
        organization_id: &str,
        key: &NewApiKey,
    ) -> Result<CreatedApiKey, Error> {
        let request =
            Request::post("/api/organization/api_key", Safety::OneShot).json_set(key).secret_reply();
        self.transport.send(Self::for_organization(request, organization_id)?).await?.read()
    }

    /// One page of an organization's API keys. `GET /api/organization/api_key`.
    pub async fn list_api_keys(&self, organization_id: &str, query: &ApiKeysQuery) -> Result<ApiKeys, Error> {
        let ApiKeysQuery { cursor, limit } = query;
        let request = Request::get("/api/organization/api_key")
            .query_opt("cursor", cursor.as_deref())
            .query_opt("limit", *limit);
        let response = self.transport.send(Self::for_organization(request, organization_id)?).await?;
        let body = response.object()?;
        let api_keys = body.list("api_keys")?;
        let api_keys = api_keys.ok_or_else(|| response.protocol("the response has no api_keys"))?;
        Ok(ApiKeys { api_keys, cursor: body.value("cursor") })
    }

    /// Deletes an API key of an organization. `DELETE /api/organization/api_key/{api_key_id}`. One
    /// that does not exist is deleted as well.
    pub async fn delete_api_key(&self, organization_id: &str, api_key_id: &str) -> Result<(), Error> {
        let request =
            Request::delete("/api/organization/api_key/{api_key_id}").segment(api_key_uuid(api_key_id)?);
        self.done(Self::for_organization(request, organization_id)?).await
    }

    /// The keys of the caller's own, a kind that is no longer issued. `GET /api/user/api_key`.
    pub async fn list_user_api_keys(&self, organization_id: &str) -> Result<Rows<ApiKey>, Error> {
        let request = Request::get("/api/user/api_key");
        self.transport.fetch(Self::for_organization(request, organization_id)?, Response::list).await
    }

    /// Deletes a key of the caller's own. `DELETE /api/user/api_key/{api_key_id}`.
    pub async fn delete_user_api_key(&self, organization_id: &str, api_key_id: &str) -> Result<(), Error> {
        let request = Request::delete("/api/user/api_key/{api_key_id}").segment(api_key_uuid(api_key_id)?);
        self.done(Self::for_organization(request, organization_id)?).await
    }

    /// Says whether the service is up; needs no credential. `GET /api/health`.
    pub async fn health(&self) -> Result<(), Error> {
        self.done(Request::get("/api/health").anonymous()).await
    }

    /// Sends what is confirmed by its status.
    async fn done(&self, request: Request) -> Result<(), Error> {
        self.transport.send(request.no_reply()).await.map(drop)
    }
}

pub(crate) fn organization_uuid(text: &str) -> Result<Uuid, Error> {
    uuid("the organization id", text)
}

pub(crate) fn invitation_uuid(text: &str) -> Result<Uuid, Error> {
    uuid("the invitation id", text)
}

pub(crate) fn user_uuid(text: &str) -> Result<Uuid, Error> {
    uuid("the user id", text)
}

fn api_key_uuid(text: &str) -> Result<Uuid, Error> {
    uuid("the API key's id", text)
}

/// Reads a UUID in any of the spellings that the vendor takes. The error does not repeat the text:
/// an invitation's id is a secret.
fn uuid(what: &str, text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).map_err(|_| {
        let message = format!(
            "{what} must be a UUID such as 8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70, as all ids of Trieve are"
        );
        Error::new(ErrorKind::InvalidInput, message)
    })
}
