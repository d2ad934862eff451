//! Which organization a call is made in. Koyeb takes it from the token, so before anything is
//! sent the token's organization must be known to be the one that is meant.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use orgport_core::auth::{Auth, MemoryTokenStore, Token, TokenSource};
use orgport_core::http::Transport;
use orgport_core::{Error, ErrorKind, OrganizationId, Reach, Secret};

use crate::KoyebClient;
use crate::config::Credential;
use crate::convert::{PAGE_SIZE, organization_of_member};
use crate::model::OrganizationMember;
use crate::request::{MemberQuery, Part};

/// How long a token for another organization is asked to live.
const VALIDITY: Duration = Duration::from_hours(1);

/// What the clones of a provider know of their token's organization, and their tokens for others.
#[derive(Debug)]
pub(crate) struct Scopes {
    credential: Credential,
    /// Taken for the token's organization where nothing tells which one that is.
    trusted: Option<OrganizationId>,
    home: tokio::sync::Mutex<Option<OrganizationId>>,
    minted: Mutex<HashMap<OrganizationId, Auth>>,
}

/// Whether a call may be made with a token whose organization nothing tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It may: what comes back says where it is from.
    Read,
    /// It may not: it could do something in another organization.
    Write,
}

impl Scopes {
    pub(crate) fn new(credential: Credential, trusted: Option<OrganizationId>) -> Self {
        Self { credential, trusted, home: tokio::sync::Mutex::default(), minted: Mutex::default() }
    }

    /// A client whose token acts in `organization`.
    ///
    /// # Errors
    ///
    /// `InvalidInput` that names both organizations, if the token acts in another one and none is
    /// to be had for this one; what finding out fails with. All are from before the call itself.
    pub(crate) async fn client(
        &self,
        own: &KoyebClient,
        organization: &OrganizationId,
        access: Access,
    ) -> Result<KoyebClient, Error> {
        let home = self.home(own).await.map_err(|error| error.with_reach(Reach::NotSent))?;
        match (home, self.credential) {
            (Some(home), _) if home == *organization => Ok(own.clone()),
            (home, Credential::User) => Ok(own.with_auth(self.mint(own, organization, home))),
            (Some(home), Credential::Organization) => Err(elsewhere(organization, Some(&home))),
            (None, Credential::Organization) if access == Access::Read => Ok(own.clone()),
            (None, Credential::Organization) => Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "Koyeb does not say which organization the token acts in, so nothing was changed; if it \
                     is {organization}, configure it as organization and set trust_organization = true"
                ),
            )),
        }
    }

    /// The token's organization, which is asked for once; `None` if nothing tells.
    pub(crate) async fn home(&self, own: &KoyebClient) -> Result<Option<OrganizationId>, Error> {
        let mut home = self.home.lock().await;
        if home.is_none() {
            *home = learn(own, self.credential).await?.or_else(|| self.trusted.clone());
        }
        Ok(home.clone())
    }

    /// Forgets everything: a response has shown that it is no longer so.
    pub(crate) async fn forget(&self) {
        *self.home.lock().await = None;
        self.minted.lock().expect("no holder panics").clear();
    }

    /// A credential for another organization, whose token is asked for when it is first used and
    /// again shortly before it ends.
    fn mint(&self, own: &KoyebClient, organization: &OrganizationId, home: Option<OrganizationId>) -> Auth {
        let new = || {
            let mint = Mint { client: own.clone(), organization: organization.clone(), home };
            // Not kept longer than the process: the next one makes its own.
            let store = Arc::new(MemoryTokenStore::new());
            let base_url = own.transport().base_url().clone();
            Auth::login(base_url, organization.as_str(), Arc::new(mint), store)
        };
        let mut minted = self.minted.lock().expect("no holder panics");
        minted.entry(organization.clone()).or_insert_with(new).clone()
    }
}

fn organization_id(member: &OrganizationMember) -> Option<OrganizationId> {
    OrganizationId::new(organization_of_member(member)?).ok()
}

/// Asks which organization the token acts in: a user's token by its account, any other by the
/// members that it sees.
async fn learn(own: &KoyebClient, credential: Credential) -> Result<Option<OrganizationId>, Error> {
    if credential == Credential::User {
        match own.current_organization().await {
            Ok(organization) => return Ok(OrganizationId::new(&organization.id).ok()),
            Err(error) if is_refusal(&error) => {}
            Err(error) => return Err(error),
        }
    }
    let part = Part { limit: Some(PAGE_SIZE), offset: Some(0) };
    let members = match own.list_members(&MemberQuery { part, ..MemberQuery::default() }).await {
        Ok(members) => members,
        Err(error) if is_refusal(&error) && error.kind() != ErrorKind::Unauthenticated => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut organizations: Vec<_> =
        members.items.iter().flatten().map(|member| organization_id(member)).collect();
    organizations.dedup();
    // Rows of several organizations are a person's memberships, which say nothing of the token.
    match &organizations[..] {
        [organization] => Ok(organization.clone()),
        _ => Ok(None),
    }
}

/// Whether the vendor has decided: it refuses a token without account or organization in any of
/// these ways.
fn is_refusal(error: &Error) -> bool {
    use ErrorKind::{Conflict, InvalidInput, NotFound, PermissionDenied, Unauthenticated};
    error.reach() == Reach::Answered
        && matches!(error.kind(), Unauthenticated | PermissionDenied | NotFound | InvalidInput | Conflict)
}

fn elsewhere(organization: &OrganizationId, home: Option<&OrganizationId>) -> Error {
    let home = home.map_or_else(|| "no organization that Koyeb tells".to_owned(), ToString::to_string);
    let message = format!(
        "the token acts in {home}, and nothing can be done in {organization} with it: use a token of that \
         organization, or of a user who is a member of it"
    );
    Error::new(ErrorKind::InvalidInput, message)
}

/// Asks for tokens that act in another organization of the user's.
#[derive(Debug)]
struct Mint {
    client: KoyebClient,
    organization: OrganizationId,
    home: Option<OrganizationId>,
}

#[async_trait]
impl TokenSource for Mint {
    async fn token(&self, _transport: &Transport, _refresh: Option<&Secret>) -> Result<Token, Error> {
        let asked_at = self.client.transport().clock().now();
        let minted = self.client.create_access_token(self.organization.as_str(), Some(VALIDITY)).await;
        let token = minted.map_err(|error| {
            if is_refusal(&error) && error.kind() != ErrorKind::Unauthenticated {
                return elsewhere(&self.organization, self.home.as_ref()).with_source(error);
            }
            error.with_reach(Reach::NotSent)
        })?;
        Ok(Token::new(token).expires_at(Some(asked_at.saturating_add(VALIDITY))))
    }
}
