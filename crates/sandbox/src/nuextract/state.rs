//! What the simulated `NuExtract` holds.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::world::World;

use super::NAME;

/// The role name of whoever may rename and delete an organization. The vendor's vocabulary is not
/// documented.
const ADMIN: &str = "admin";

#[derive(Debug)]
pub(super) struct State {
    pub(super) users: Vec<User>,
    pub(super) api_key: String,
    pub(super) organizations: Vec<Organization>,
}

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) display_name: String,
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

#[derive(Debug)]
pub(super) struct Organization {
    pub(super) id: String,
    pub(super) name: String,
    members: Vec<Member>,
    invitations: Vec<Invitation>,
    /// Counts rows, to leave `roles` out of every second one as the schema allows.
    rows: usize,
}

#[derive(Debug)]
struct Member {
    user_id: String,
    roles: Option<Vec<String>>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Invitation {
    id: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MemberResponse {
    id: String,
    display_name: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
}

impl State {
    pub(super) fn is_api_key(&self, token: &str) -> bool {
        token == self.api_key
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| same(&user.email, email))
    }

    /// The account of `email`, made if there is none.
    pub(super) fn account(&mut self, world: &World, email: &str) -> User {
        if let Some(user) = self.user_by_email(email) {
            return user.clone();
        }
        let name = email.split('@').next().unwrap_or(email);
        let user = User::sign_up(world, email, name);
        self.users.push(user.clone());
        user
    }

    /// The organizations of which this user is a member, in the order of creation.
    pub(super) fn of(&self, user_id: &str) -> impl Iterator<Item = &Organization> {
        self.organizations.iter().filter(move |organization| organization.has_member(user_id))
    }

    pub(super) fn members(&self, organization: &Organization) -> Vec<MemberResponse> {
        let respond = |member: &Member| {
            let User { id, email, display_name, .. } = self.user(&member.user_id)?.clone();
            Some(MemberResponse { id, display_name, email, roles: member.roles.clone() })
        };
        organization.members.iter().filter_map(respond).collect()
    }
}

impl User {
    pub(super) fn sign_up(world: &World, email: &str, display_name: &str) -> Self {
        let id = world.ids.uuid();
        let refresh_token = world.tokens.refreshable(NAME, &id);
        let (email, display_name) = (email.to_owned(), display_name.to_owned());
        let mut user = Self { id, email, display_name, access_token: String::new(), refresh_token };
        user.access_token = world.tokens.jwt(&user.claims());
        let lives = world.options.access_token_life;
        world.tokens.grant(&user.access_token, NAME, &user.id, world.clock.now(), lives);
        user
    }

    /// What the login server says about the account.
    pub(super) fn claims(&self) -> Map<String, Value> {
        let Self { id, email, display_name, .. } = self;
        let claims = [("sub", id), ("email", email), ("preferred_username", email), ("name", display_name)];
        claims.into_iter().map(|(name, value)| (name.to_owned(), value.clone().into())).collect()
    }
}

impl Organization {
    pub(super) fn new(id: String, name: String, creator: &str) -> Self {
        let creator = Member { user_id: creator.to_owned(), roles: Some(vec![ADMIN.to_owned()]) };
        Self { id, name, members: vec![creator], invitations: Vec::new(), rows: 0 }
    }

    pub(super) fn has_member(&self, user_id: &str) -> bool {
        self.members.iter().any(|member| member.user_id == user_id)
    }

    pub(super) fn is_admin(&self, user_id: &str) -> bool {
        let mut roles =
            self.members.iter().filter(|member| member.user_id == user_id).flat_map(|it| &it.roles);
        roles.any(|roles| roles.iter().any(|role| role == ADMIN))
    }

    pub(super) fn admit(&mut self, user_id: &str) {
        let roles = self.some_roles();
        self.members.push(Member { user_id: user_id.to_owned(), roles });
    }

    pub(super) fn remove(&mut self, user_id: &str) -> bool {
        let before = self.members.len();
        self.members.retain(|member| member.user_id != user_id);
        self.members.len() < before
    }

    pub(super) fn invitations(&self) -> &[Invitation] {
        &self.invitations
    }

    pub(super) fn is_invited(&self, email: &str) -> bool {
        self.invitations.iter().any(|invitation| same(&invitation.email, email))
    }

    pub(super) fn invite(&mut self, id: String, email: &str) {
        let roles = self.some_roles();
        self.invitations.push(Invitation { id, email: email.to_owned(), roles });
    }

    pub(super) fn revoke(&mut self, id: &str) -> bool {
        self.drop_invitations(|invitation| invitation.id == id)
    }

    /// Takes the invitation of `email` out because it was followed.
    pub(super) fn settle(&mut self, email: &str) {
        self.drop_invitations(|invitation| same(&invitation.email, email));
    }

    fn drop_invitations(&mut self, which: impl Fn(&Invitation) -> bool) -> bool {
        let before = self.invitations.len();
        self.invitations.retain(|invitation| !which(invitation));
        self.invitations.len() < before
    }

    /// No roles, said in one of the two ways that the schema allows.
    fn some_roles(&mut self) -> Option<Vec<String>> {
        self.rows += 1;
        self.rows.is_multiple_of(2).then(Vec::new)
    }
}

/// Whether two addresses are one mailbox.
fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}
