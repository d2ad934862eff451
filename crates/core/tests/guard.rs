//! What a third party's adapter gets from the guard without a line for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Adapter, Capability, Cursor, Draft, Email, Error, ErrorKind, Guard, Invitation, InvitationFilter,
    InvitationId, InvitationStatus, Invitations, InvitationsAdapter, ListInvitations, Member, MemberId,
    Members, MembersAdapter, NewInvitation, NewOrganization, Operation, Organization, OrganizationField,
    OrganizationId, OrganizationUpdate, Organizations, OrganizationsAdapter, Page, Provider, Reply, Role,
    Support,
};

/// Two pages of members, one row of which cannot be decoded, and everybody's invitations whatever the
/// filter; it checks nothing.
#[derive(Clone)]
struct Careless {
    capability: Arc<Capability>,
    calls: Arc<AtomicUsize>,
}

impl Careless {
    fn new() -> Self {
        let mut can = Capability::nothing("it has no such call");
        can.operations.list_members = Support::Native;
        can.operations.list_invitations = Support::Native;
        can.operations.invite = Support::Native;
        can.operations.set_member_role = Support::Native;
        can.operations.create_organization = Support::Native;
        can.operations.update_organization = Support::Native;
        can.roles_at_invite = vec![Role::Viewer];
        can.roles_at_set_role = vec![Role::Viewer];
        can.visible_statuses = vec![InvitationStatus::Pending, InvitationStatus::Expired];
        can.create_fields = vec![OrganizationField::Name];
        can.update_fields = vec![OrganizationField::Name];
        Self { capability: Arc::new(can), calls: Arc::default() }
    }

    fn called(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}

impl Adapter for Careless {
    fn kind(&self) -> &'static str {
        "careless"
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }
}

#[async_trait]
impl OrganizationsAdapter for Careless {
    async fn create_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        self.called();
        Ok(Organization::new(OrganizationId::new("1")?, new.name))
    }

    async fn update_organization(
        &self,
        organization: &OrganizationId,
        update: OrganizationUpdate,
    ) -> Result<Organization, Error> {
        self.called();
        Ok(Organization::new(organization.clone(), update.name.unwrap_or_default()))
    }
}

#[async_trait]
impl MembersAdapter for Careless {
    async fn list_members(&self, _: &OrganizationId, cursor: Option<&Cursor>) -> Result<Page<Member>, Error> {
        self.called();
        match cursor.map(Cursor::as_str) {
            None => Ok(Page::new(vec![Ok(Member::new(MemberId::new("1")?))], Some(Cursor::new("2")))),
            Some("2") => Ok(Page::whole(vec![Err(Error::new(ErrorKind::Protocol, "the row has no id"))])),
            Some(other) => panic!("{other:?} is not a cursor of this adapter's"),
        }
    }

    async fn set_member_role(&self, _: &OrganizationId, _: &MemberId, _: &Role) -> Result<(), Error> {
        self.called();
        Err(Error::new(ErrorKind::NotFound, "there is no such member"))
    }
}

#[async_trait]
impl InvitationsAdapter for Careless {
    async fn list_invitations(&self, _: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        self.called();
        let row = |id: &str, status, address: &str| {
            let mut row = Invitation::new(InvitationId::new(id)?, status);
            row.email = Some(Email::parse(address)?);
            row.organization_id = Some("acme".parse()?);
            Ok(row)
        };
        Ok(Page::whole(vec![
            row("1", InvitationStatus::Pending, "ada@x.io"),
            row("2", InvitationStatus::Expired, "bob@x.io"),
            row("3", InvitationStatus::Unknown("held".to_owned()), "cem@x.io"),
        ]))
    }

    async fn send_invitations(&self, _: &OrganizationId, _: &[Draft]) -> Result<Reply, Error> {
        self.called();
        Ok(Reply::Accepted)
    }
}

fn provider() -> (Guard<Careless>, OrganizationId) {
    let config = ProviderConfig::new("theirs");
    (Guard::over(Careless::new(), config).expect("it looks"), "acme".parse().expect("an id"))
}

#[track_caller]
fn refused<T: std::fmt::Debug>(
    provider: &Guard<Careless>,
    result: Result<T, Error>,
    kind: ErrorKind,
    operation: Operation,
) {
    let error = result.expect_err("it must be refused");
    assert_eq!((error.kind(), error.operation()), (kind, Some(operation)), "{error}");
    assert_eq!(error.provider(), Some("theirs"), "{error}");
    assert_eq!(provider.adapter().calls.load(Ordering::Relaxed), 0, "{error}");
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_the_adapter_is_asked() {
    use ErrorKind::{InvalidInput, Unsupported};
    let (provider, acme) = provider();
    let id = MemberId::new("1").expect("an id");
    let described = NewOrganization::new("Acme").with_description("of the coyote");
    let nothing = OrganizationUpdate::new();
    let blank = OrganizationUpdate::new().with_name(" ");
    let admin = NewInvitation::to(email()).with_role(Role::Admin);
    let never = InvitationFilter::all().with_status(InvitationStatus::Declined);
    let foreign = Cursor::new("2");
    refused(&provider, provider.get_organization(&acme).await, Unsupported, Operation::GetOrganization);
    refused(
        &provider,
        provider.create_organization(described).await,
        Unsupported,
        Operation::CreateOrganization,
    );
    let updated = provider.update_organization(&acme, nothing).await;
    refused(&provider, updated, InvalidInput, Operation::UpdateOrganization);
    let updated = provider.update_organization(&acme, blank).await;
    refused(&provider, updated, InvalidInput, Operation::UpdateOrganization);
    let set = provider.set_member_role(&acme, &id, &Role::Owner).await;
    refused(&provider, set, Unsupported, Operation::SetMemberRole);
    refused(&provider, provider.invite(&acme, admin).await, Unsupported, Operation::Invite);
    let listed = provider.list_members(&acme, Some(&foreign)).await;
    refused(&provider, listed, InvalidInput, Operation::ListMembers);
    let listed = provider.list_invitations(&acme, &never, None).await;
    refused(&provider, listed, Unsupported, Operation::ListInvitations);
    refused(&provider, provider.get_identity().await, Unsupported, Operation::GetIdentity);
    let reader = provider.read_only();
    let set = reader.set_member_role(&acme, &id, &Role::Viewer).await;
    refused(&reader, set, ErrorKind::ReadOnly, Operation::SetMemberRole);
}

fn email() -> Email {
    Email::parse("dan@x.io").expect("an address")
}

#[tokio::test]
async fn errors_and_rows_say_where_they_come_from() {
    let (provider, acme) = provider();
    let id = MemberId::new("1").expect("an id");
    let error = provider.set_member_role(&acme, &id, &Role::Viewer).await.expect_err("nobody is there");
    assert_eq!(error.to_string(), "theirs set_member_role: not found: there is no such member");
    let first = provider.list_members(&acme, None).await.expect("a page");
    let second = provider.list_members(&acme, first.next.as_ref()).await.expect("its own cursor is good");
    let row = second.items[0].as_ref().expect_err("it cannot be read");
    assert_eq!((row.provider(), row.operation()), (Some("theirs"), Some(Operation::ListMembers)));
    let other: OrganizationId = "other".parse().expect("an id");
    let error = provider.list_members(&other, first.next.as_ref()).await.expect_err("of another list");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn rows_that_do_not_pass_the_filter_are_left_out_and_unknown_ones_are_not() {
    let (provider, acme) = provider();
    let page = provider.list_invitations(&acme, &InvitationFilter::pending(), None).await.expect("a page");
    let ids: Vec<_> = page.items.iter().map(|row| row.as_ref().expect("a row").id.as_str()).collect();
    assert_eq!(ids, ["1", "3"]);
}

#[tokio::test]
async fn rows_of_another_organization_are_errors_and_nobody_is_invited_past_them() {
    let (provider, _) = provider();
    let (globex, ada) = ("globex".parse().expect("an id"), Email::parse("ada@x.io").expect("an address"));
    let page = provider.list_invitations(&globex, &InvitationFilter::all(), None).await.expect("a page");
    for row in page.items {
        let error = row.expect_err("it is acme's");
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Protocol, Some("theirs")), "{error}");
    }
    let outcome = provider.invite(&globex, NewInvitation::to(ada)).await;
    assert_eq!(outcome.expect_err("whose row it is, is not known").kind(), ErrorKind::Ambiguous);
}

#[test]
fn an_adapter_that_invites_and_cannot_look_is_refused_when_it_is_built() {
    let mut careless = Careless::new();
    Arc::make_mut(&mut careless.capability).operations.list_members = Support::unsupported("no such call");
    let error = Guard::over(careless, ProviderConfig::new("theirs")).map(drop).expect_err("it cannot look");
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("theirs")));
}

#[tokio::test]
async fn pointers_to_a_provider_are_providers_and_their_streams_may_outlive_the_call() {
    fn members(provider: Arc<dyn Provider>, acme: &OrganizationId) -> impl Send + 'static {
        orgport_core::stream::members(provider, acme)
    }
    let (provider, acme) = provider();
    let shared: Arc<dyn Provider> = Arc::new(provider.clone());
    assert_eq!((&&provider).kind(), "careless");
    assert_eq!(Box::new(provider).name(), "theirs");
    drop(members(shared, &acme));
}
