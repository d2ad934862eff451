//! Members whose addresses the vendor does not show, people who are invited by their accounts, and a vendor
//! that can be asked for some people alone.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::invite::Plan;
use orgport_core::{
    AccountName, Adapter, Capability, Cursor, Draft, Error, ErrorKind, ExistingAccount, Found, Guard,
    Invitation, InvitationId, InvitationStatus, Invitations, InvitationsAdapter, InviteOutcome, Invitee,
    Invitees, ListInvitations, Member, MemberEmails, MemberId, MembersAdapter, NewInvitation, OrganizationId,
    OrganizationsAdapter, Page, Reach, Reply, Support, Via, find,
};

use crate::vendor::word;

const MEMBERS: usize = 10_000;
const PAGE: usize = 100;

/// A large organization that refuses to invite who is in.
#[derive(Clone)]
struct Large {
    capability: Capability,
    /// Whether it can be asked for people alone, and then finds members by address too.
    finds: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    invitations: Vec<Invitation>,
    requests: Vec<&'static str>,
}

impl Large {
    fn new(existing_account: ExistingAccount) -> Self {
        let mut capability = Capability::nothing("not in this test");
        capability.operations.list_members = Support::Native;
        capability.operations.list_invitations = Support::Native;
        capability.operations.invite = Support::Native;
        capability.invitees = Invitees::Either;
        capability.member_emails = MemberEmails::Hidden;
        capability.existing_account = existing_account;
        Self { capability, finds: false, state: Arc::default() }
    }

    fn finding(self) -> Self {
        Self { finds: true, ..self }
    }

    fn provider(&self) -> Guard<Self> {
        Guard::over(self.clone(), ProviderConfig::new("large")).expect("it invites and looks")
    }

    fn log(&self, what: &'static str) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().expect("no holder panics");
        state.requests.push(what);
        state
    }

    /// What was asked of it since the last time.
    fn requests(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.state.lock().expect("no holder panics").requests)
    }
}

/// Every member's address is hidden and its account shown; the vendor itself knows both.
fn is_member(person: &Invitee) -> bool {
    let name = person.account().map_or_else(|| person.key(), AccountName::as_str);
    name.to_lowercase().starts_with("member")
}

fn member(number: usize) -> Result<Member, Error> {
    let mut member = Member::new(MemberId::new(format!("m{number}"))?);
    member.account = Some(AccountName::new(format!("Member{number}"))?);
    Ok(member)
}

impl Adapter for Large {
    fn kind(&self) -> &'static str {
        "large"
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }
}

impl OrganizationsAdapter for Large {}

#[async_trait]
impl MembersAdapter for Large {
    async fn list_members(&self, _: &OrganizationId, cursor: Option<&Cursor>) -> Result<Page<Member>, Error> {
        drop(self.log("members"));
        let start = cursor.map_or(0, |cursor| cursor.as_str().parse().expect("its own cursor"));
        let end = start + PAGE;
        let rows = (start..end).map(member);
        Ok(Page::new(rows.collect(), (end < MEMBERS).then(|| Cursor::new(end.to_string()))))
    }
}

#[async_trait]
impl InvitationsAdapter for Large {
    async fn list_invitations(&self, _: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        Ok(Page::whole(self.log("invitations").invitations.iter().cloned().map(Ok).collect()))
    }

    async fn send_invitations(&self, _: &OrganizationId, batch: &[Draft]) -> Result<Reply, Error> {
        let mut state = self.log("create");
        let [Draft { invitee, .. }] = batch else { panic!("one at a time") };
        if is_member(invitee) {
            let refusal = Error::new(ErrorKind::InvalidInput, "already a part of this organization");
            return Err(refusal.with_status(422).with_reach(Reach::Answered));
        }
        let id = InvitationId::new(format!("i{}", state.invitations.len()))?;
        let mut row = Invitation::new(id, InvitationStatus::Pending);
        row.email = invitee.email().cloned();
        row.account = invitee.account().cloned();
        state.invitations.push(row.clone());
        Ok(Reply::Listed(vec![row]))
    }

    async fn look_for(&self, _: &OrganizationId, people: &[&Invitee]) -> Result<Option<Found>, Error> {
        if !self.finds {
            return Ok(None);
        }
        let state = self.log("look_for");
        let invitations =
            state.invitations.iter().filter(|row| people.iter().any(|person| row.is_for(person)));
        let members = people.iter().filter(|person| is_member(person)).map(|person| {
            let mut member = member(7)?;
            member.email = person.email().cloned();
            Ok(member)
        });
        let members = members.collect::<Result<_, Error>>()?;
        Ok(Some(Found { invitations: invitations.cloned().collect(), members }))
    }

    fn is_member_already(&self, refusal: &Error) -> bool {
        refusal.message().contains("already a part of this organization")
    }
}

fn new(person: &str) -> NewInvitation {
    NewInvitation::to(Invitee::parse(person).expect("an address or an account"))
}

async fn invite(vendor: &Large, person: &str) -> Result<InviteOutcome, Error> {
    let organization = OrganizationId::new("acme").expect("an id");
    vendor.provider().invite(&organization, new(person)).await
}

async fn plan(vendor: &Large, person: &str) -> Plan {
    let organization = OrganizationId::new("acme").expect("an id");
    let plans = vendor.provider().plan_invites(&organization, vec![new(person)]).await;
    plans.expect("it can be read").remove(0)
}

#[tokio::test]
async fn among_ten_thousand_hidden_members_an_invitation_costs_two_requests() {
    let vendor = Large::new(ExistingAccount::Invited);
    assert!(matches!(plan(&vendor, "ada@x.io").await, Plan::WouldInvite(_)));
    assert_eq!(vendor.requests(), ["invitations"]);
    assert_eq!(word(invite(&vendor, "ada@x.io").await), "invited");
    assert_eq!(vendor.requests(), ["invitations", "create"]);
    assert_eq!(word(invite(&vendor, "ada@x.io").await), "already_invited");
    assert_eq!(vendor.requests(), ["invitations"]);
}

#[tokio::test]
async fn a_refusal_tells_of_a_member_whom_no_list_shows() {
    let vendor = Large::new(ExistingAccount::Invited);
    let outcome = invite(&vendor, "member7@x.io").await;
    assert_eq!(outcome.expect("a member"), InviteOutcome::AlreadyMember(None, Via::Reply, None));
    assert_eq!(vendor.requests(), ["invitations", "create"]);
}

#[tokio::test]
async fn who_can_be_asked_for_alone_is_found_before_anything_is_sent() {
    let vendor = Large::new(ExistingAccount::Joined).finding();
    assert_eq!(word(invite(&vendor, "ada@x.io").await), "invited");
    assert_eq!(vendor.requests(), ["look_for", "create"]);
    assert_eq!(word(invite(&vendor, "@octocat").await), "invited");
    assert_eq!(vendor.requests(), ["look_for", "create"]);
    for person in ["member7@x.io", "ada@x.io", "@MEMBER7", "@Octocat"] {
        let planned = plan(&vendor, person).await;
        let outcome = invite(&vendor, person).await.expect("there already");
        match (&planned, &outcome) {
            (Plan::AlreadyMember(planned, _), InviteOutcome::AlreadyMember(Some(found), ..)) => {
                assert_eq!(planned, found);
            }
            (Plan::AlreadyInvited(planned, _), InviteOutcome::AlreadyInvited(found, ..)) => {
                assert_eq!(planned, found);
            }
            other => panic!("the plan and the call differ: {other:?}"),
        }
        assert_eq!(vendor.requests(), ["look_for", "look_for"]);
    }
}

#[tokio::test]
async fn where_accounts_join_at_once_members_are_read_all_the_same() {
    let vendor = Large::new(ExistingAccount::Joined);
    assert_eq!(word(invite(&vendor, "ada@x.io").await), "invited");
    let requests = vendor.requests();
    // A new row without an address may be the person's: its list is read, and twice, as its pages cannot overlap.
    assert_eq!(requests.iter().filter(|what| **what == "members").count(), 2 * MEMBERS / PAGE);
}

#[tokio::test]
async fn a_member_is_found_by_account_or_id() {
    let (vendor, organization) = (Large::new(ExistingAccount::Invited), "acme".parse().expect("an id"));
    let provider = vendor.provider();
    for named in ["@MEMBER7", "m7"] {
        let found = find::member_by_id_or_invitee(&provider, &organization, named).await.expect(named);
        assert_eq!(found.known_as(), "@Member7");
    }
    let nobody =
        find::member(&provider, &organization, Invitee::parse("@octocat").expect("an account")).await;
    assert_eq!(nobody.expect_err("not in").message(), "there is no member @octocat");
    assert_eq!(word(invite(&vendor, "@octocat").await), "invited");
    let waiting = find::invitation_by_id_or_invitee(&provider, &organization, "@OctoCat").await;
    assert_eq!(waiting.expect("it waits").id.as_str(), "i0");
}
