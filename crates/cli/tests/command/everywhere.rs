//! Vendors with two organizations each, and one person in all of them whose members show addresses.

use std::sync::Arc;

use orgport::http::{Request, Safety};
use orgport::koyeb::KoyebClient;
use orgport::{
    AnyProvider, Config, Email, NewInvitation, NewOrganization, OrganizationId, Organizations as _, Provider,
    Role,
};
use orgport_sandbox::Sandbox;
use serde_json::Value;

use crate::support::{Desk, sandbox};

/// Those whose members show their addresses. The other one has two organizations as well.
pub(crate) const ADDRESSED: [&str; 5] = ["jaqpot", "koyeb", "losant", "nuextract", "trieve"];

/// Is asked in at the first organization of each of them, and a member of the second.
pub(crate) const GRACE: &str = "grace@acme.example";

pub(crate) struct Everywhere {
    pub(crate) sandbox: Sandbox,
    pub(crate) desk: Desk,
    /// The organizations, the configured one of each vendor first.
    pub(crate) organizations: Vec<(&'static str, OrganizationId)>,
    providers: Vec<Arc<dyn Provider>>,
}

impl Everywhere {
    pub(crate) async fn new() -> Self {
        let sandbox = sandbox().await;
        let toml = with_people_only(&sandbox);
        let config = Config::from_toml(&toml).expect("a configuration");
        let mut this = Self {
            sandbox,
            desk: Desk::with_config(&toml),
            organizations: Vec::new(),
            providers: Vec::new(),
        };
        for vendor in ADDRESSED {
            let provider = config.provider(Some(vendor)).expect("configured");
            let first = provider.default_organization().cloned().expect("configured");
            let second = NewOrganization::new(format!("second-{vendor}"));
            let second = provider.create_organization(second).await.expect("made").id;
            if let AnyProvider::Koyeb(koyeb) = &provider {
                make_room(koyeb.client(), &second).await;
            }
            for organization in [&first, &second] {
                this.invite(&provider, organization).await;
            }
            this.sandbox.accept(vendor, GRACE, second.as_str()).expect("accepted");
            this.organizations.extend([(vendor, first), (vendor, second)]);
            this.providers.push(Arc::new(provider));
        }
        this.sandbox.clear_requests();
        this
    }

    async fn invite(&self, provider: &dyn Provider, organization: &OrganizationId) {
        let roles = &provider.capability().roles_at_invite;
        let mut grace = NewInvitation::to(Email::parse(GRACE).expect("an address"));
        grace.role = [Role::Viewer, Role::Member, Role::Owner].into_iter().find(|role| roles.contains(role));
        provider.invite(organization, grace).await.expect("invited");
    }

    /// How many requests were sent to a vendor, by method.
    pub(crate) fn sent(&self, vendor: &str, method: &str) -> usize {
        let requests = self.sandbox.requests();
        requests.iter().filter(|one| one.vendor == vendor && one.method == method).count()
    }

    /// Every request that is no read, as `METHOD vendor/path`, but for the tokens by which single
    /// organizations are read.
    pub(crate) fn changes(&self) -> Vec<String> {
        let requests = self.sandbox.requests();
        let changes =
            requests.iter().filter(|one| one.method != "GET" && !one.path.ends_with("/access_token"));
        changes.map(|one| format!("{} {}{}", one.method, one.vendor, one.path)).collect()
    }
}

/// Changes the plan of an organization, which as it is made has room for one person.
async fn make_room(koyeb: &KoyebClient, organization: &OrganizationId) {
    let token = koyeb.create_access_token(organization.as_str(), None).await.expect("a token");
    let plan = Request::post("/v1/organizations/{id}/plan", Safety::OneShot).segment(organization);
    let plan = plan.json(&serde_json::json!({"plan": "pro"}));
    let plan = plan.anonymous().header("authorization", format!("Bearer {}", token.expose()));
    koyeb.transport().send(plan).await.expect("changed");
}

/// The sandbox's configuration, with a person's credential also where another kind is usual, since
/// only people have several organizations.
fn with_people_only(sandbox: &Sandbox) -> String {
    let keys: Vec<_> = sandbox.identities().into_iter().filter(|one| one.vendor == "trieve").collect();
    let key = |is_person: bool| {
        let identity = keys.iter().find(|one| one.email.is_empty() != is_person).expect("there is one");
        identity.credential["key"].as_str().expect("a key").to_owned()
    };
    let toml = sandbox.configuration_toml().replace(&key(false), &key(true));
    toml.replace("credential = \"organization\"", "credential = \"user\"")
}

/// The rows of an array whose member has this value.
pub(crate) fn rows<'a>(array: &'a Value, member: &str, value: &str) -> Vec<&'a Value> {
    array.as_array().expect("an array").iter().filter(|row| row[member] == value).collect()
}
