//! GitHub's REST API, call by call.

use std::time::Duration;

use orgport_core::http::{
    Bucket, ClientOptions, Doc, Request, Response, Rows, Safety, Transport, Vendor, number_in,
};
use orgport_core::{Error, client_over_transport};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::config::KIND;
use crate::error::{SSO_HEADER, explain};
use crate::model::{
    Installation, InstallationToken, Invitation, Membership, MembershipRole, Organization, Team, User,
};
use crate::request::{
    InvitationQuery, MemberQuery, MembershipQuery, NewInvitation, OrganizationFields, Part,
};

/// The version of the API that all products know.
const API_VERSION: &str = "2022-11-28";

/// Calls that mail somebody: three seconds apart, as the vendor's own library sends them.
pub(crate) const MAILS: Pace = Pace { name: "mails", burst: 1, every: Duration::from_secs(3) };
/// Of those no more than 500 in an hour, wherever it begins: 250 at once, and as many more.
pub(crate) const MAILS_IN_AN_HOUR: Pace = Pace { burst: 250, every: Duration::from_millis(14_400), ..MAILS };
/// Other changes: one a second.
pub(crate) const WRITES: Pace = Pace { name: "writes", burst: 1, every: Duration::from_secs(1) };
/// 5,000 in an hour, and 900 in a minute: 500 at once, and 4,500 more.
pub(crate) const ALL: Pace = Pace { name: "", burst: 500, every: Duration::from_millis(800) };

const LIMITS: &[Bucket] =
    &[MAILS.bucket(), MAILS_IN_AN_HOUR.bucket(), WRITES.bucket(), Bucket::for_all(ALL.burst, ALL.every)];

/// How fast calls of a kind may follow one another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    name: &'static str,
    pub(crate) burst: u32,
    pub(crate) every: Duration,
}

impl Pace {
    const fn bucket(self) -> Bucket {
        Bucket::named(self.name, self.burst, self.every)
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Listing<T> {
    /// Its rows, each an error in its place if it cannot be read.
    pub items: Rows<T>,
    /// Where the next page is, for [`GitHubClient::follow`]; `None` on the last one.
    pub next: Option<String>,
    /// The numbers of the organizations that are left out, because the token is not authorized for their
    /// single sign-on.
    pub left_out: Vec<String>,
}

/// GitHub's organizations, members, memberships and invitations, in GitHub's words.
///
/// Organizations and people are named by their logins, which can change and then belong to somebody
/// else. Each method is one request; all of them fail as [`Transport::send`] does.
#[derive(Debug, Clone)]
pub struct GitHubClient {
    transport: Transport,
}

client_over_transport!(GitHubClient);

impl GitHubClient {
    /// A client that opens its first connection when it is first used.
    ///
    /// # Errors
    ///
    /// `Config`, as [`Transport::new`].
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let vendor = Vendor::new(KIND, explain)
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", API_VERSION)
            .wants_user_agent()
            .limits(LIMITS)
            .remaining(|headers, bucket| {
                // Other resources, such as searches, are counted apart.
                let resource = headers.get("x-ratelimit-resource");
                let is_counted = bucket.is_none() && resource.is_none_or(|resource| resource == "core");
                is_counted.then(|| number_in(headers, "x-ratelimit-remaining")).flatten()
            })
            .reset_header("x-ratelimit-reset")
            .request_id_headers(&["x-github-request-id"]);
        Transport::new(vendor, options).map(Self::over)
    }

    /// The same calls by a transport that was made for this vendor.
    pub(crate) fn over(transport: Transport) -> Self {
        Self { transport }
    }

    /// The next page of a list, as [`Listing::next`] tells it.
    pub async fn follow<T: DeserializeOwned + Send>(&self, next: &str) -> Result<Listing<T>, Error> {
        self.list(Request::page(next)?).await
    }
}

/// Organizations, as [documented](https://docs.github.com/rest/orgs/orgs).
impl GitHubClient {
    /// `GET /user/orgs`: one page of the user's organizations; empty for fine-grained tokens.
    pub async fn list_organizations(&self, part: Part) -> Result<Listing<Organization>, Error> {
        self.list(part.of(Request::get("/user/orgs"))).await
    }

    /// `GET /orgs/{org}`: one organization; for whoever does not own it, without most of it.
    pub async fn get_organization(&self, org: &str) -> Result<Doc<Organization>, Error> {
        self.one(Request::get("/orgs/{org}").segment(org)).await
    }

    /// `PATCH /orgs/{org}`: changes the fields that are set.
    pub async fn update_organization(
        &self,
        org: &str,
        fields: &OrganizationFields,
    ) -> Result<Doc<Organization>, Error> {
        let request = Request::patch("/orgs/{org}", Safety::Idempotent).segment(org).json_set(fields);
        self.one(request.limited_by(WRITES.name)).await
    }

    /// `DELETE /orgs/{org}`: begins to delete an organization and its repositories. For 90 days nobody
    /// can take its login.
    pub async fn delete_organization(&self, org: &str) -> Result<(), Error> {
        self.done(Request::delete("/orgs/{org}").segment(org).limited_by(WRITES.name)).await
    }
}

/// Members and memberships, as [documented](https://docs.github.com/rest/orgs/members).
impl GitHubClient {
    /// `GET /orgs/{org}/members`: one page. For whoever is no member, those who show that they are.
    pub async fn list_members(&self, org: &str, query: &MemberQuery) -> Result<Listing<User>, Error> {
        self.list(query.of(Request::get("/orgs/{org}/members").segment(org))).await
    }

    /// `GET /orgs/{org}/members/{username}`: whether somebody is a member; `NotFound` for whoever is none.
    pub async fn check_member(&self, org: &str, username: &str) -> Result<(), Error> {
        self.done(Request::get("/orgs/{org}/members/{username}").segment(org).segment(username)).await
    }

    /// `GET /orgs/{org}/memberships/{username}`: what somebody is in an organization, the invited too.
    pub async fn get_membership(&self, org: &str, username: &str) -> Result<Doc<Membership>, Error> {
        self.one(Request::get("/orgs/{org}/memberships/{username}").segment(org).segment(username)).await
    }

    /// `PUT /orgs/{org}/memberships/{username}`: gives a member this role, and invites whoever is none.
    pub async fn set_membership(
        &self,
        org: &str,
        username: &str,
        role: &MembershipRole,
    ) -> Result<Doc<Membership>, Error> {
        let request = Request::put("/orgs/{org}/memberships/{username}", Safety::Reconcilable);
        let request = request.segment(org).segment(username).json(&json!({ "role": role }));
        self.one(request.limited_by(WRITES.name)).await
    }

    /// `DELETE /orgs/{org}/memberships/{username}`: removes a member, and cancels an invitation. Either is
    /// mailed.
    pub async fn remove_membership(&self, org: &str, username: &str) -> Result<(), Error> {
        let request = Request::delete("/orgs/{org}/memberships/{username}").segment(org).segment(username);
        self.done(request.limited_by(WRITES.name)).await
    }

    /// `DELETE /orgs/{org}/members/{username}`: removes a member.
    pub async fn remove_member(&self, org: &str, username: &str) -> Result<(), Error> {
        let request = Request::delete("/orgs/{org}/members/{username}").segment(org).segment(username);
        self.done(request.limited_by(WRITES.name)).await
    }
}

/// Invitations of an organization, as [documented](https://docs.github.com/rest/orgs/members). Enterprise
/// Server has none of these calls.
impl GitHubClient {
    /// `GET /orgs/{org}/invitations`: one page of those that wait.
    pub async fn list_invitations(
        &self,
        org: &str,
        query: &InvitationQuery,
    ) -> Result<Listing<Invitation>, Error> {
        self.list(query.of(Request::get("/orgs/{org}/invitations").segment(org))).await
    }

    /// `GET /orgs/{org}/failed_invitations`: one page of those that expired or failed.
    pub async fn list_failed_invitations(&self, org: &str, part: Part) -> Result<Listing<Invitation>, Error> {
        self.list(part.of(Request::get("/orgs/{org}/failed_invitations").segment(org))).await
    }

    /// `POST /orgs/{org}/invitations`: invites a person, and mails. For whoever is invited already, the
    /// invitation that there is.
    pub async fn create_invitation(&self, org: &str, new: &NewInvitation) -> Result<Doc<Invitation>, Error> {
        self.one(create_invitation(org, new)).await
    }

    /// The same, with the vendor's moment of it: an invitation that is older was there before.
    pub(crate) async fn invite(
        &self,
        org: &str,
        new: &NewInvitation,
    ) -> Result<(Doc<Invitation>, orgport_core::Timestamp), Error> {
        let read = |response: &Response| Ok((response.doc()?, response.date()));
        self.transport.fetch(create_invitation(org, new), read).await
    }

    /// `DELETE /orgs/{org}/invitations/{invitation_id}`: cancels an invitation, which is mailed; or removes
    /// one that has failed.
    pub async fn delete_invitation(&self, org: &str, id: u64) -> Result<(), Error> {
        let request = Request::delete("/orgs/{org}/invitations/{invitation_id}").segment(org).segment(id);
        self.done(request.limited_by(MAILS.name)).await
    }

    /// `GET /orgs/{org}/invitations/{invitation_id}/teams`: one page of the teams that the person will be
    /// in.
    pub async fn list_invitation_teams(
        &self,
        org: &str,
        id: u64,
        part: Part,
    ) -> Result<Listing<Team>, Error> {
        let teams = Request::get("/orgs/{org}/invitations/{invitation_id}/teams");
        self.list(part.of(teams.segment(org).segment(id))).await
    }
}

fn create_invitation(org: &str, new: &NewInvitation) -> Request {
    let request = Request::post("/orgs/{org}/invitations", Safety::Reconcilable);
    request.segment(org).json_set(new).limited_by(MAILS.name)
}

/// The account behind a person's token, and other accounts.
impl GitHubClient {
    /// `GET /user`: the account itself, as [documented](https://docs.github.com/rest/users/users).
    pub async fn get_user(&self) -> Result<Doc<User>, Error> {
        self.one(Request::get("/user")).await
    }

    /// `GET /user/{account_id}`: the account of this number, whatever its login is today.
    pub async fn get_user_by_id(&self, id: u64) -> Result<Doc<User>, Error> {
        self.one(Request::get("/user/{account_id}").segment(id)).await
    }

    /// `GET /users/{username}`: the account that has this login today.
    pub async fn get_user_by_login(&self, username: &str) -> Result<Doc<User>, Error> {
        self.one(Request::get("/users/{username}").segment(username)).await
    }

    /// `GET /user/memberships/orgs`: one page of the user's memberships and invitations.
    pub async fn list_my_memberships(&self, query: &MembershipQuery) -> Result<Listing<Membership>, Error> {
        self.list(query.of(Request::get("/user/memberships/orgs"))).await
    }

    /// `GET /user/memberships/orgs/{org}`: what the user is in an organization.
    pub async fn get_my_membership(&self, org: &str) -> Result<Doc<Membership>, Error> {
        self.one(Request::get("/user/memberships/orgs/{org}").segment(org)).await
    }

    /// `PATCH /user/memberships/orgs/{org}`: accepts the invitation to an organization. Where that takes
    /// its time, the membership still waits.
    pub async fn accept_invitation(&self, org: &str) -> Result<Doc<Membership>, Error> {
        let request = Request::patch("/user/memberships/orgs/{org}", Safety::Idempotent).segment(org);
        self.one(request.json(&json!({ "state": "active" })).limited_by(WRITES.name)).await
    }
}

/// GitHub Apps, as [documented](https://docs.github.com/rest/apps/apps): calls of the app itself, whose
/// credential is a token that it signs with its key.
impl GitHubClient {
    /// `GET /app/installations/{installation_id}`: where the app is installed.
    pub async fn get_installation(&self, id: u64) -> Result<Doc<Installation>, Error> {
        self.one(Request::get("/app/installations/{installation_id}").segment(id)).await
    }

    /// `POST /app/installations/{installation_id}/access_tokens`: a token for what the app may do there,
    /// for an hour.
    pub async fn create_installation_token(&self, id: u64) -> Result<InstallationToken, Error> {
        let tokens = "/app/installations/{installation_id}/access_tokens";
        let request = Request::post(tokens, Safety::Auth).segment(id).json(&json!({}));
        self.transport.fetch(request, |response| response.read()).await
    }
}

/// How responses are read.
impl GitHubClient {
    async fn list<T: DeserializeOwned + Send>(&self, request: Request) -> Result<Listing<T>, Error> {
        let read = |response: &Response| {
            Ok(Listing {
                items: response.list()?,
                next: response.next_page()?,
                left_out: left_out(response.header(SSO_HEADER)),
            })
        };
        self.transport.fetch(request, read).await
    }

    async fn one<T: DeserializeOwned + Send>(&self, request: Request) -> Result<Doc<T>, Error> {
        self.transport.fetch(request, Response::doc).await
    }

    async fn done(&self, request: Request) -> Result<(), Error> {
        self.transport.send(request.no_reply()).await.map(drop)
    }
}

/// The organizations that a header of single sign-on names: `partial-results; organizations=1,2`.
fn left_out(header: Option<&str>) -> Vec<String> {
    let Some(partial) = header.and_then(|text| text.trim().strip_prefix("partial-results")) else {
        return Vec::new();
    };
    let named = partial.split(';').find_map(|part| part.trim().strip_prefix("organizations="));
    named.unwrap_or("unnamed").split(',').map(|id| id.trim().to_owned()).collect()
}
