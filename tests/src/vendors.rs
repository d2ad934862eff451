//! Every call of every adapter, for tests that do not care which one it is.

use std::fmt::Debug;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use orgport_core::auth::MemoryTokenStore;
use orgport_core::config::{AuthConfig, ProviderConfig};
use orgport_core::http::HttpClient;
use orgport_core::{
    Answer, Email, Error, InvitationFilter, InvitationId, InvitationRef, ManualClock, MemberId,
    NewInvitation, NewOrganization, OrganizationId, OrganizationUpdate, Page, Provider, Role, Timestamp,
    stream,
};
use orgport_github::request::{Invitee, NewInvitation as GitHubInvitation, Part};
use orgport_github::{GitHubProvider, GitHubSettings};
use orgport_jaqpot::{JaqpotProvider, JaqpotSettings};
use orgport_koyeb::{KoyebProvider, KoyebSettings};
use orgport_losant::{LosantProvider, LosantSettings};
use orgport_nuextract::{NuExtractProvider, NuExtractSettings};
use orgport_trieve::{TrieveProvider, TrieveSettings};

/// The vendors.
pub const VENDORS: [&str; 6] = ["nuextract", "jaqpot", "koyeb", "trieve", "losant", "github"];

/// An id as most vendors make them.
pub const ID: &str = "8b1f7a54-6c1d-4b4a-9d0e-2f6a1c3b5d70";
/// An id as Losant makes them.
const HEX: &str = "575ed78e7ae143cd83dc4aaa";
/// An id as GitHub makes them.
const NUMBER: u64 = 28_984_230;

/// An id of the form that a vendor takes.
pub fn id_of(kind: &str) -> &'static str {
    match kind {
        "losant" => HEX,
        "github" => "28984230",
        _ => ID,
    }
}

/// What a call comes to: its name, and what it answered in the words of `Debug`. Each row of a list
/// is an outcome of its own.
pub type Outcome = (&'static str, Result<String, Error>);

type Call = (&'static str, BoxFuture<'static, Result<String, Error>>);

/// A vendor's adapter: the neutral provider, and a call of each kind of its own client.
pub struct Adapter {
    /// Behind the traits.
    pub provider: Arc<dyn Provider>,
    /// The vendor client's calls that decode an answer, each to be made once.
    pub calls: Vec<Call>,
}

macro_rules! calls {
    ($client:expr; $($name:ident($($argument:expr),*);)*) => {
        vec![$((stringify!($name), {
            let client = $client.clone();
            async move { client.$name($($argument),*).await.map(show) }.boxed()
        })),*]
    };
}

/// A query or body that asks for nothing in particular.
fn none<T: Default>() -> T {
    T::default()
}

fn show(answer: impl Debug) -> String {
    format!("{answer:?}")
}

/// An adapter of this kind over a server that needs no credential, sending by `client`. Nothing is
/// sent twice, and waits take no time.
///
/// # Panics
///
/// If there is no such kind.
pub fn adapter(kind: &str, base_url: &str, client: HttpClient) -> Adapter {
    adapter_with(kind, base_url, client, "t0ken")
}

/// The same with this secret as its credential.
///
/// # Panics
///
/// If there is no such kind.
pub fn adapter_with(kind: &str, base_url: &str, client: HttpClient, secret: &str) -> Adapter {
    let auth = match kind {
        "trieve" => AuthConfig::api_key(secret),
        "jaqpot" => AuthConfig::key_pair("key-pair", secret),
        _ => AuthConfig::bearer(secret),
    };
    let start = Timestamp::parse("2026-05-13T10:00:00Z").expect("a date");
    let mut config = ProviderConfig::new(kind)
        .base_url(base_url)
        .auth(auth)
        .organization(OrganizationId::new(id_of(kind)).expect("not empty"))
        .clock(Arc::new(ManualClock::new(start)));
    config.http.read_attempts = 1;
    config.http.write_attempts = 1;
    config.client = Some(client);
    config.token_store = Arc::new(MemoryTokenStore::new());
    build(kind, config).expect("the settings are good")
}

fn build(kind: &str, config: ProviderConfig) -> Result<Adapter, Error> {
    Ok(match kind {
        "nuextract" => {
            let provider = NuExtractProvider::new(config, NuExtractSettings::default())?;
            let calls = calls! { provider.client();
                list_organizations(); create_organization("a"); update_organization(ID, "a");
                list_members(ID); list_invitations(ID); token(&orgport_nuextract::request::TokenRequest::Refresh { token: "token".into() });
                auth_url("https://a.example"); me(); ping();
                list_api_keys(); create_api_key(&none()); update_api_key(ID, "a"); version();
                health(); invite_member(ID, "a@x.example"); delete_invitation(ID, ID);
            };
            Adapter { provider: Arc::new(provider), calls }
        }
        "jaqpot" => {
            let mut settings = JaqpotSettings::default();
            settings.contact_email = Some("a@x.example".to_owned());
            settings.visibility = Some(orgport_jaqpot::Visibility::Private);
            let provider = JaqpotProvider::new(config, settings)?;
            let calls = calls! { provider.client();
                list_organizations(); list_own_organizations(); get_organization("acme");
                list_invitations("acme"); get_invitation("acme", ID); get_user("ada");
                list_users(&none()); list_api_keys(); update_api_key("a", &none());
                create_api_key(orgport_jaqpot::request::ExpirationTime::SixMonths, None);
            };
            Adapter { provider: Arc::new(provider), calls }
        }
        "koyeb" => {
            let provider = KoyebProvider::new(config, KoyebSettings::default())?;
            let calls = calls! { provider.client();
                list_invitations(&none()); create_invitation("a@x.example"); get_invitation(ID);
                delete_invitation(ID); resend_invitation(ID); list_my_invitations(&none());
                get_my_invitation(ID); accept_invitation(ID); decline_invitation(ID);
                list_members(&none()); remove_member(ID); profile(None);
                current_organization(); list_organizations(&none()); create_organization("a");
                get_organization(ID); rename_organization(ID, "a"); delete_organization(ID); quotas(ID);
                summary(ID); create_access_token(ID, None); switch_organization(ID, None);
                list_credentials(&none()); get_credential(ID); unscope_token(None);
                create_credential(&none());
            };
            Adapter { provider: Arc::new(provider), calls }
        }
        "trieve" => {
            let settings = TrieveSettings::default().redirect_uri("https://dashboard.trieve.ai");
            let provider = TrieveProvider::new(config, settings)?;
            let calls = calls! { provider.client();
                list_invitations(ID); get_organization(ID); create_organization("a"); list_users(ID); me();
                update_organization(ID, &none()); usage(ID, &none());
                list_api_keys(ID, &none()); list_user_api_keys(ID);
                create_api_key(ID, &orgport_trieve::request::NewApiKey::new("a", 0)); health();
            };
            Adapter { provider: Arc::new(provider), calls }
        }
        "losant" => {
            let provider = LosantProvider::new(config, LosantSettings::default())?;
            let calls = calls! { provider.client();
                orgs(&none()); org(HEX, &none()); members(HEX); pending_invites(HEX);
                delete_org(HEX); my_invites(); my_invite(HEX); me(&none()); refresh_token();
                emailed_invite("a@x.example", &"token".into());
                log_in(&orgport_losant::UserCredentials::new("a@x.example", "password")); remove_member(HEX, HEX, &none()); revoke_invite(HEX, HEX);
            };
            Adapter { provider: Arc::new(provider), calls }
        }
        "github" => {
            let provider = GitHubProvider::new(config, GitHubSettings::default())?;
            let calls = calls! { provider.client();
                list_organizations(Part::default()); get_organization("acme"); list_members("acme", &none());
                update_organization("acme", &none()); get_membership("acme", "ada"); get_user(); get_user_by_login("ada");
                set_membership("acme", "ada", &orgport_github::model::MembershipRole::Member);
                list_invitations("acme", &none()); list_failed_invitations("acme", Part::default());
                create_invitation("acme", &GitHubInvitation::of(Invitee::Email("a@x.example".to_owned())));
                list_invitation_teams("acme", NUMBER, Part::default()); get_user_by_id(NUMBER);
                list_my_memberships(&none()); get_my_membership("acme"); accept_invitation("acme");
                get_installation(NUMBER); create_installation_token(NUMBER);
            };
            Adapter { provider: Arc::new(provider), calls }
        }
        other => panic!("there is no vendor {other}"),
    })
}

/// An invitation with the least that the vendor can give.
fn person(provider: &dyn Provider, email: &str) -> NewInvitation {
    let invitation = NewInvitation::to(Email::verbatim(email));
    match provider.capability().roles_at_invite.last() {
        Some(role) => invitation.with_role(role.clone()),
        None => invitation,
    }
}

impl Adapter {
    /// Makes every call of the vendor's client once.
    pub async fn call_all(&mut self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for (name, call) in self.calls.drain(..) {
            outcomes.push((name, call.await));
        }
        outcomes
    }

    /// Makes every neutral operation once. An invitation is sent at most three times over.
    pub async fn operate_all(&self) -> Vec<Outcome> {
        let organization = OrganizationId::new(id_of(self.provider.kind())).expect("not empty");
        operate_all(&*self.provider, &organization).await
    }
}

/// Makes every neutral operation once, the deletion of the organization last.
pub async fn operate_all(provider: &dyn Provider, organization: &OrganizationId) -> Vec<Outcome> {
    let id = id_of(provider.kind());
    let member = MemberId::new(id).expect("not empty");
    let invitation = InvitationId::new(id).expect("not empty");
    let everything = InvitationFilter::all();
    let mut outcomes = Vec::new();
    lists(provider, organization, &mut outcomes).await;
    let mut done = |name, result: Result<String, Error>| outcomes.push((name, result));
    done("get_organization", provider.get_organization(organization).await.map(show));
    done("create_organization", provider.create_organization(NewOrganization::new("a")).await.map(show));
    let mut update = OrganizationUpdate::default();
    update.name = Some("other".to_owned());
    done("update_organization", provider.update_organization(organization, update).await.map(show));
    done("set_member_role", provider.set_member_role(organization, &member, &Role::Admin).await.map(show));
    done("remove_member", provider.remove_member(organization, &member).await.map(show));
    done("get_invitation", provider.get_invitation(organization, &invitation).await.map(show));
    let ada = person(provider, "ada@x.example");
    done("invite", provider.invite(organization, ada.clone()).await.map(show));
    // The row that is there by now, if the vendor shows one.
    let rows = provider.list_invitations(organization, &everything, None).await;
    let row = rows.ok().and_then(|page| page.items.into_iter().flatten().next());
    let invitation = row.map_or(invitation, |row| row.id);
    done("resend_invitation", provider.resend_invitation(organization, &invitation).await.map(show));
    done("revoke_invitation", provider.revoke_invitation(organization, &invitation).await.map(show));
    let asked = InvitationRef::new(organization.clone(), invitation.clone());
    done("respond", provider.respond_to_invitation(&asked, Answer::Accept).await.map(show));
    let pair = vec![ada, person(provider, "bob@x.example")];
    done("plan_invites", provider.plan_invites(organization, pair.clone()).await.map(show));
    let many: Vec<_> = provider.invite_many(organization, pair).collect().await;
    for (_, outcome) in many {
        done("invite_many", outcome.map(show));
    }
    let all: Vec<_> = stream::invitations(provider, organization, &everything).collect().await;
    for row in all {
        done("stream::invitations", row.map(show));
    }
    done("delete_organization", provider.delete_organization(organization).await.map(show));
    outcomes
}

async fn lists(provider: &dyn Provider, organization: &OrganizationId, outcomes: &mut Vec<Outcome>) {
    fn rows<T: Debug>(name: &'static str, page: Result<Page<T>, Error>, outcomes: &mut Vec<Outcome>) {
        match page {
            Ok(page) => outcomes.extend(page.items.into_iter().map(|row| (name, row.map(show)))),
            Err(error) => outcomes.push((name, Err(error))),
        }
    }
    rows("list_organizations", provider.list_organizations(None).await, outcomes);
    rows("list_members", provider.list_members(organization, None).await, outcomes);
    let invitations = provider.list_invitations(organization, &InvitationFilter::all(), None).await;
    rows("list_invitations", invitations, outcomes);
    rows("my_invitations", provider.my_invitations(None).await, outcomes);
}
