//! The accounts and the organization that every sandbox starts with.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::auth::TWO_FACTOR_CODE;
use super::state::{Data, Org, Role, Settings, User, new_token};
use crate::vendor::Identity;
use crate::world::World;

/// The secrets and ids of the start, drawn once, so that a reset brings the same back.
pub(super) struct Seed {
    org_id: String,
    read_token: String,
    admin: Person,
    /// Logs in with a second factor.
    editor: Person,
    viewer: Person,
    /// Belongs to no organization.
    outsider: Person,
}

struct Person {
    id: String,
    email: &'static str,
    name: (&'static str, &'static str),
    password: String,
    token: String,
    two_factor: bool,
}

impl Person {
    fn new(world: &World, email: &'static str, name: (&'static str, &'static str)) -> Self {
        let (id, password) = (world.ids.hex24(), world.ids.alphanumeric(20));
        Self { id, email, name, password, token: new_token(world), two_factor: false }
    }

    fn user(&self, now: Timestamp) -> User {
        User {
            id: self.id.clone(),
            email: self.email.to_owned(),
            password: self.password.clone(),
            token: self.token.clone(),
            first_name: self.name.0.to_owned(),
            last_name: self.name.1.to_owned(),
            two_factor: self.two_factor,
            created: now,
        }
    }

    fn bearer(&self, organization: Option<&str>) -> Identity {
        identity(self.email, bearer(&self.token), organization)
    }
}

impl Seed {
    pub(super) fn new(world: &World) -> Self {
        Self {
            org_id: world.ids.hex24(),
            read_token: new_token(world),
            admin: Person::new(world, "admin@losant.example", ("Alex", "Admin")),
            editor: Person {
                two_factor: true,
                ..Person::new(world, "editor@losant.example", ("Eddy", "Editor"))
            },
            viewer: Person::new(world, "viewer@losant.example", ("Vera", "Viewer")),
            outsider: Person::new(world, "outsider@losant.example", ("Otto", "Outsider")),
        }
    }

    pub(super) fn data(&self, now: Timestamp) -> Data {
        let mut data = Data::default();
        for person in [&self.admin, &self.editor, &self.viewer, &self.outsider] {
            data.add_user(person.user(now));
        }
        data.add_token(&self.read_token, &self.admin.id, "all.Organization.read", None);
        let settings = Settings {
            name: Some("Sandbox Organization".to_owned()),
            description: Some("The organization that the sandbox starts with".to_owned()),
            ..Settings::default()
        };
        let mut org = Org::new(self.org_id.clone(), settings, now);
        org.add_member(&self.admin.id, Role::Admin);
        org.add_member(&self.editor.id, Role::Edit);
        org.add_member(&self.viewer.id, Role::View);
        data.orgs.push(org);
        data
    }

    pub(super) fn identities(&self) -> Vec<Identity> {
        let org = Some(self.org_id.as_str());
        let login =
            |person: &Person| json!({ "type": "login", "email": person.email, "password": person.password });
        let mut with_code = login(&self.editor);
        with_code["two_factor_code"] = Value::from(TWO_FACTOR_CODE);
        vec![
            self.admin.bearer(org),
            identity(self.admin.email, login(&self.admin), org),
            identity(self.editor.email, with_code, org),
            self.viewer.bearer(org),
            self.outsider.bearer(None),
            identity(self.admin.email, bearer(&self.read_token), org),
        ]
    }
}

pub(super) fn bearer(token: &str) -> Value {
    json!({ "type": "bearer", "token": token })
}

pub(super) fn identity(email: &str, credential: Value, organization: Option<&str>) -> Identity {
    Identity {
        vendor: super::NAME.to_owned(),
        email: email.to_owned(),
        credential,
        organization: organization.map(str::to_owned),
        settings: serde_json::Map::new(),
    }
}
