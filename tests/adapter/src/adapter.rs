//! The adapter: what is asked of Guildhall for each operation.

use std::sync::Arc;

use async_trait::async_trait;
use orgport_core::config::{OAuth2Server, ProviderConfig};
use orgport_core::http::{Doc, Failure, Refusal, Request, Safety, Transport, Vendor};
use orgport_core::{
    AccountName, Adapter, Answer, Answered, Capability, Configured, Cursor, Draft, Error, ErrorKind,
    Identity, Invitation, InvitationId, InvitationRef, InvitationsAdapter, ListInvitations, Member, MemberId,
    MembersAdapter, Organization, OrganizationId, OrganizationUpdate, OrganizationsAdapter, Page, Reply,
    Role,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::best_capability;
use crate::convert::{self, AccountRow, ROLES, word};

const BASE_URL: &str = "https://api.guildhall.example";

const SERVER: OAuth2Server = OAuth2Server {
    token_url: "https://api.guildhall.example/token",
    authorize_url: "https://guildhall.example/authorize",
    client_id: "guild",
    redirect_uri: "http://127.0.0.1:0/",
    scope: "halls",
};

/// An account at Guildhall. Clones share connections, limits and the token.
#[derive(Debug, Clone)]
pub struct Guildhall {
    transport: Transport,
    capability: Arc<Capability>,
}

/// No settings beside those that every provider has.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct GuildhallSettings {}

impl Configured for Guildhall {
    type Settings = GuildhallSettings;

    const KIND: &'static str = "guildhall";
    const AUTH_TYPES: &'static [&'static str] = &["oauth2"];
    const EXAMPLE: Option<&'static str> = Some(include_str!("example.toml"));

    fn best_capability() -> Capability {
        best_capability()
    }

    fn new(config: &ProviderConfig, _: GuildhallSettings) -> Result<Self, Error> {
        Self::connect(config, convert::explain)
    }
}

impl Guildhall {
    /// An account whose refusals mean what `explain` says.
    pub fn connect(config: &ProviderConfig, explain: fn(&Failure<'_>) -> Refusal) -> Result<Self, Error> {
        config.required_auth(Self::AUTH_TYPES)?;
        let options = config.client_options(BASE_URL, config.oauth2(&SERVER)?)?;
        let transport = Transport::new(Vendor::new(Self::KIND, explain), options)?;
        Ok(Self { transport, capability: Arc::new(best_capability()) })
    }

    /// One page of a list, which links to the next.
    async fn page<T: DeserializeOwned, M>(
        &self,
        request: Request,
        convert: impl Fn(Doc<T>) -> Result<M, Error>,
    ) -> Result<Page<M>, Error> {
        let response = self.transport.send(request).await?;
        let next = response.next_page()?.map(Cursor::new);
        Ok(Page::new(response.list_as(convert)?, next))
    }

    /// Sends what is confirmed without words.
    async fn done(&self, request: Request) -> Result<(), Error> {
        self.transport.send(request.no_reply()).await.map(drop)
    }
}

/// The page that a cursor leads to, or the first.
fn at(cursor: Option<&Cursor>, first: Request) -> Result<Request, Error> {
    cursor.map_or(Ok(first), |cursor| Request::page(cursor.as_str()))
}

/// The first page of those with this role.
fn people(hall: &OrganizationId, role: &str) -> Request {
    Request::get("/halls/{hall}/people").segment(hall).query("role", role)
}

/// Makes an invite. A mail goes out with it, so that it must not be sent again on a guess: that is for
/// the engine to settle.
pub fn create(hall: &OrganizationId, draft: &Draft, safety: Safety) -> Request {
    let role = draft.role.as_ref().and_then(word);
    let account = draft.invitee.account().map(AccountName::as_str);
    Request::post("/halls/{hall}/invites", safety).segment(hall).json(&json!({ "to": account, "role": role }))
}

#[async_trait]
impl Adapter for Guildhall {
    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn transport(&self) -> Option<&Transport> {
        Some(&self.transport)
    }

    fn with_transport(&self, transport: Transport) -> Self {
        Self { transport, ..self.clone() }
    }

    async fn get_identity(&self) -> Result<Identity, Error> {
        convert::identity(self.transport.send(Request::get("/me")).await?.doc()?)
    }
}

#[async_trait]
impl OrganizationsAdapter for Guildhall {
    async fn list_organizations(&self, cursor: Option<&Cursor>) -> Result<Page<Organization>, Error> {
        self.page(at(cursor, Request::get("/halls"))?, convert::organization).await
    }

    async fn get_organization(&self, hall: &OrganizationId) -> Result<Organization, Error> {
        let response = self.transport.send(Request::get("/halls/{hall}").segment(hall)).await?;
        convert::organization(response.doc()?)
    }

    async fn update_organization(
        &self,
        hall: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        let request = Request::patch("/halls/{hall}", Safety::Idempotent).segment(hall);
        let response = self.transport.send(request.json(&json!({ "title": update.name }))).await?;
        convert::organization(response.doc()?)
    }
}

#[async_trait]
impl MembersAdapter for Guildhall {
    /// The keepers, then the guests: a row does not say its role, the list does.
    async fn list_members(
        &self,
        hall: &OrganizationId,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        let query = cursor.and_then(|cursor| cursor.as_str().split_once('?')).map_or("", |(_, query)| query);
        let asks = |role: &str| query.split('&').any(|part| part.strip_prefix("role=") == Some(role));
        let place = ROLES.iter().position(|(role, _)| asks(role)).unwrap_or_default();
        let role = ROLES[place].0;
        let convert = |row: Doc<AccountRow>| convert::member(row, role);
        let mut page = self.page(at(cursor, people(hall, role))?, convert).await?;
        if page.next.is_none()
            && let Some((role, _)) = ROLES.get(place + 1)
        {
            page.next = Some(Cursor::new(people(hall, role).path_and_query()?));
        }
        Ok(page)
    }

    async fn set_member_role(
        &self,
        hall: &OrganizationId,
        account: &MemberId,
        role: &Role,
    ) -> Result<(), Error> {
        let request = Request::put("/halls/{hall}/people/{account}", Safety::Idempotent);
        let request = request.segment(hall).segment(account).json(&json!({ "role": word(role) }));
        self.done(request).await
    }

    async fn remove_member(&self, hall: &OrganizationId, account: &MemberId) -> Result<(), Error> {
        let request = Request::delete("/halls/{hall}/people/{account}");
        self.done(request.segment(hall).segment(account)).await
    }
}

#[async_trait]
impl InvitationsAdapter for Guildhall {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { organization: hall, cursor, .. } = list;
        let first = Request::get("/halls/{hall}/invites").segment(hall);
        self.page(at(cursor, first)?, convert::invitation).await
    }

    async fn get_invitation(&self, hall: &OrganizationId, id: &InvitationId) -> Result<Invitation, Error> {
        let mut cursor = None;
        loop {
            let page = self.list_invitations(ListInvitations::all(hall).at(cursor.as_ref())).await?;
            cursor.clone_from(&page.next);
            let missing = "accepted or revoked: Guildhall shows neither";
            match page.pick(|row| row.id == *id, |text| text == id.as_str(), missing) {
                Err(error) if error.kind() == ErrorKind::NotFound && cursor.is_some() => {}
                found => return found,
            }
        }
    }

    async fn send_invitations(&self, hall: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let mut made = Vec::new();
        for draft in batch {
            let response = self.transport.send(create(hall, draft, Safety::Reconcilable)).await?;
            made.push(convert::invitation(response.doc()?)?);
        }
        Ok(Reply::Listed(made))
    }

    /// Somebody who came in behind the look.
    fn is_member_already(&self, refusal: &Error) -> bool {
        refusal.vendor_code() == Some("already-inside")
    }

    async fn revoke_invitation(&self, hall: &OrganizationId, id: &InvitationId) -> Result<(), Error> {
        let request = Request::delete("/halls/{hall}/invites/{id}");
        self.done(request.segment(hall).segment(id)).await
    }

    async fn respond_to_invitation(
        &self,
        invitation: &InvitationRef,
        answer: Answer,
    ) -> Result<Answered, Error> {
        let InvitationRef::Id { id, .. } = invitation else {
            return Err(Error::new(ErrorKind::Unsupported, "Guildhall's mails hold no token"));
        };
        let request = Request::post("/my/invites/{id}/enter", Safety::OneShot).segment(id);
        let entered: Entered = self.transport.send(request).await?.read()?;
        let mut answered = Answered::checked(answer, answer.status())?;
        answered.organization_id = Some(OrganizationId::new(entered.hall)?);
        Ok(answered)
    }

    async fn my_invitations(&self, cursor: Option<&Cursor>) -> Result<Page<Invitation>, Error> {
        self.page(at(cursor, Request::get("/my/invites"))?, convert::invitation).await
    }
}

#[derive(Deserialize)]
struct Entered {
    hall: String,
}
