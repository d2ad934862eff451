//! A provider of one's own in the place of a configured one: here a list of people in the program,
//! as a company directory might be. What it does not implement is refused by the traits.
//!
//! Prints:
//!
//! ```text
//! directory: ada@acme.example, owner
//! directory: bob@acme.example, member
//! directory invite: unsupported: people are entered by the personnel department
//! ```

use std::sync::Arc;

use futures_util::TryStreamExt;
use orgport::{
    AnyProvider, Capability, Config, Cursor, Describe, Email, Error, ErrorKind, Invitations, Member,
    MemberId, Members, NewInvitation, OrganizationId, Organizations, Page, Role, Support, async_trait,
    stream,
};

struct Directory {
    capability: Capability,
    home: OrganizationId,
}

impl Directory {
    fn new() -> Result<Self, Error> {
        let mut capability = Capability::nothing("people are entered by the personnel department");
        capability.operations.list_members = Support::Native;
        Ok(Self { capability, home: OrganizationId::new("acme")? })
    }
}

impl Describe for Directory {
    fn kind(&self) -> &'static str {
        "directory"
    }

    fn name(&self) -> &str {
        self.kind()
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn default_organization(&self) -> Option<&OrganizationId> {
        Some(&self.home)
    }

    fn default_role(&self) -> Option<&Role> {
        None
    }
}

impl Organizations for Directory {}

#[async_trait]
impl Members for Directory {
    async fn list_members(
        &self,
        organization: &OrganizationId,
        _cursor: Option<&Cursor>,
    ) -> Result<Page<Member>, Error> {
        if *organization != self.home {
            return Err(Error::new(ErrorKind::NotFound, "this directory knows one organization"));
        }
        let people = [("1", "ada@acme.example", Role::Owner), ("2", "bob@acme.example", Role::Member)];
        let member = |(id, email, role)| {
            let mut member = Member::new(MemberId::new(id)?);
            member.email = Some(Email::parse(email)?);
            member.role = Some(role);
            Ok(member)
        };
        Ok(Page::whole(people.map(member).into()))
    }
}

impl Invitations for Directory {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = Config::from_toml("[providers.people]\nkind = \"memory\"")?
        .with_provider("people", AnyProvider::custom(Arc::new(Directory::new()?)));

    // From here on nothing shows where the provider comes from.
    let provider = config.provider(Some("people"))?;
    let organization = provider.default_organization().expect("the directory has one");
    let mut members = stream::members(&provider, organization);
    while let Some(member) = members.try_next().await? {
        let (Some(email), Some(role)) = (member.email, member.role) else { continue };
        println!("{}: {email}, {role}", provider.name());
    }
    let eve = NewInvitation::to("eve@acme.example".parse()?);
    println!("{}", provider.invite(organization, eve).await.expect_err("it only reads"));
    Ok(())
}
