//! The vendors' lists of invitations, as long as one likes.

use std::sync::Arc;

use orgport::http::HttpClient;
use orgport::{AnyProvider, Clock, Config, Error, OrganizationId};

/// One vendor's list of invitations.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Vendor {
    /// As configuration spells it.
    pub kind: &'static str,
    /// The organization's id.
    pub organization: &'static str,
    /// Where the list is.
    pub path: &'static str,
    /// The rest of the configuration's table.
    settings: &'static str,
    row: fn(usize) -> String,
}

/// All of them.
pub const VENDORS: [Vendor; 5] = [
    Vendor {
        kind: "nuextract",
        organization: "5f0c7a10",
        path: "/api/organizations/5f0c7a10/members/invitations",
        settings: "auth = { type = 'bearer', token = 'nx-token-0123456789' }",
        row: |i| {
            format!(
                r#"{{"id":"{i:08x}-0b4a-4596-8d7e-1f2a3b4c5d61","email":"Person{i}@Ink.example","roles":[]}}"#
            )
        },
    },
    Vendor {
        kind: "jaqpot",
        organization: "acme",
        path: "/v1/organizations/acme/invitations",
        settings: "auth = { type = 'bearer', token = 'jq-token-0123456789' }",
        row: |i| {
            format!(
                r#"{{"id":"{i:08x}-52ab-4e0d-8f17-6b1d0a94c205","userId":null,"userEmail":"person{i}@people.example","status":"PENDING","expirationDate":"2100-05-19T08:00:00.123456Z"}}"#
            )
        },
    },
    Vendor {
        kind: "koyeb",
        organization: "0f6a1c52-2b0e-4c57-9a41-6d1f5f0c7a10",
        path: "/v1/organization_invitations",
        settings: "auth = { type = 'bearer', token = 'ky-token-0123456789' }",
        row: |i| {
            format!(
                r#"{{"id":"{i:08x}-7e86-4b50-8f8d-3b4a5f6e7d8c","email":"person{i}@lovelace.example","role":"OWNER","status":"PENDING","expires_at":"2100-08-24T09:15:00.123456Z","organization_id":"0f6a1c52-2b0e-4c57-9a41-6d1f5f0c7a10","organization":{{"id":"0f6a1c52-2b0e-4c57-9a41-6d1f5f0c7a10","name":"analytical-engines","plan":"pro","status":"ACTIVE","external_id":"org_01ANALYTICAL"}},"invitee_id":"","invitee":null,"inviter_id":"b1a7d3e0-5c64-4f3e-8d6b-1f2e3d4c5b6a","inviter":{{"id":"b1a7d3e0-5c64-4f3e-8d6b-1f2e3d4c5b6a","email":"charles@engines.example","name":"Charles Babbage","avatar_url":"","github_id":"","github_user":""}}}}"#
            )
        },
    },
    Vendor {
        kind: "trieve",
        organization: "5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01",
        path: "/api/invitations/5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01",
        settings: "auth = { type = 'api_key', key = 'tr-key-0123456789' }\napp_url = 'https://app.example/'\n\
                   redirect_uri = 'https://app.example/'",
        row: |i| {
            format!(
                r#"{{"id":"{i:08x}-3e5f-4a17-9b80-1f2e3d4c5b33","email":"person{i}@example.org","organization_id":"5e1f0c1a-90f4-4d6e-b1a7-3c2f7d1e8a01","used":false,"created_at":"2025-09-12T09:30:00.104532","updated_at":"2025-09-12T09:30:00.104533","role":1,"scopes":null}}"#
            )
        },
    },
    Vendor {
        kind: "losant",
        organization: "64c0000000000000000000a1",
        path: "/orgs/64c0000000000000000000a1/invites",
        settings: "auth = { type = 'bearer', token = 'ls-token-0123456789' }",
        row: |i| {
            format!(
                r#"{{"id":"{i:024x}","email":"Person{i}@Example.com","role":"edit","applicationRoles":[],"dashboardRoles":[],"inviteDate":"2025-03-01T08:00:00.000Z","ttl":604800000,"hasExpired":false,"disallowTransfer":true}}"#
            )
        },
    },
];

impl Vendor {
    /// The vendor of this kind.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn of(kind: &str) -> &'static Self {
        VENDORS.iter().find(|vendor| vendor.kind == kind).expect("one of the five")
    }

    /// One row of the list.
    pub fn row(&self, number: usize) -> String {
        (self.row)(number)
    }

    /// A row with this address.
    pub fn row_for(&self, number: usize, email: &str) -> String {
        let row = self.row(number);
        let name = if self.kind == "jaqpot" { r#""userEmail":""# } else { r#""email":""# };
        let (before, after) = row.split_once(name).expect("it has an address");
        let (_, after) = after.split_once('"').expect("it ends");
        format!(r#"{before}{name}{email}"{after}"#)
    }

    /// A list of so many rows from the first on.
    pub fn list(&self, count: usize) -> String {
        let rows: Vec<_> = (0..count).map(self.row).collect();
        self.wrap(&rows, 0, count)
    }

    /// Rows of a list, as the vendor wraps them.
    pub fn wrap(&self, rows: &[String], offset: usize, total: usize) -> String {
        let rows = rows.join(",");
        if self.kind == "koyeb" {
            format!(r#"{{"invitations":[{rows}],"limit":100,"offset":{offset},"count":{total}}}"#)
        } else {
            format!("[{rows}]")
        }
    }

    /// What the vendor says where it is asked for members, or for the organization.
    pub fn nobody(&self, path: &str) -> String {
        let id = self.organization;
        match (self.kind, path) {
            ("koyeb", "/v1/organization_members") => {
                r#"{"members":[],"limit":100,"offset":0,"count":0}"#.to_owned()
            }
            ("koyeb", _) => format!(r#"{{"organization":{{"id":"{id}","name":"engines"}}}}"#),
            ("losant", _) => format!(r#"{{"orgId":"{id}","id":"{id}","name":"acme","members":[]}}"#),
            _ => "[]".to_owned(),
        }
    }

    /// The organization's id.
    pub fn organization(&self) -> OrganizationId {
        OrganizationId::new(self.organization).expect("not empty")
    }

    /// A provider that speaks to a server.
    ///
    /// # Errors
    ///
    /// Those of a configuration.
    pub fn provider(&self, base_url: &str) -> Result<AnyProvider, Error> {
        self.config(base_url)?.provider(Some(self.kind))
    }

    /// A provider that speaks by this client, on this clock.
    ///
    /// # Errors
    ///
    /// Those of a configuration.
    pub fn provider_by(&self, client: HttpClient, clock: Arc<dyn Clock>) -> Result<AnyProvider, Error> {
        let config = self.config("https://vendor.example")?.with_http_client(client).with_clock(clock);
        config.provider(Some(self.kind))
    }

    fn config(&self, base_url: &str) -> Result<Config, Error> {
        let Self { kind, settings, .. } = self;
        let text = format!(
            "[providers.{kind}]\nkind = '{kind}'\nbase_url = '{base_url}'\n{settings}\n\
             [providers.{kind}.http]\nmax_body = 1000000000\nstall_timeout = '600s'\nattempt_timeout = '600s'\n"
        );
        Config::from_toml(&text)
    }
}
