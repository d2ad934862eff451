//! A provider of one's own in the place of a configured one: here a list of people in the program,
//! as a company directory might be. What it does not promise is refused by the guard.
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
use orgport::adapter::{Adapter, Guard, InvitationsAdapter, MembersAdapter, OrganizationsAdapter};
use orgport::{
    AnyProvider, Capability, Config, Cursor, Email, Error, ErrorKind, Invitations, Member, MemberId,
    NewInvitation, OrganizationId, Page, Provider, ProviderConfig, Role, Support, async_trait, stream,
};

#[derive(Clone)]
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

impl Adapter for Directory {
    fn kind(&self) -> &'static str {
        "directory"
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn own_organization(&self) -> Option<OrganizationId> {
        Some(self.home.clone())
    }
}

impl OrganizationsAdapter for Directory {}

#[async_trait]
impl MembersAdapter for Directory {
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

impl InvitationsAdapter for Directory {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let directory = Guard::over(Directory::new()?, ProviderConfig::new("directory"))?;
    let config = Config::from_toml("[providers.people]\nkind = \"memory\"")?
        .with_provider("people", AnyProvider::custom(Arc::new(directory)));

    // From here on nothing shows where the provider comes from.
    let provider = config.provider(Some("people"))?;
    let organization = provider.default_organization().expect("the directory has one");
    let mut members = stream::members(&provider, organization);
    while let Some(member) = members.try_next().await? {
        let (Some(email), Some(role)) = (member.email, member.role) else { continue };
        println!("{}: {email}, {role}", provider.name());
    }
    let eve = NewInvitation::to(Email::parse("eve@acme.example")?);
    println!("{}", provider.invite(organization, eve).await.expect_err("it only reads"));
    Ok(())
}
