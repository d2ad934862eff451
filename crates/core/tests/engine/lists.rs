//! Lists that lie: rows that cannot be decoded, lists that slide while they are read, two people
//! under one id, totals that cannot be.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use orgport_core::config::ProviderConfig;
use orgport_core::{
    Adapter, Capability, Cursor, Draft, Error, ErrorKind, Guard, Invitation, InvitationId, InvitationStatus,
    Invitations, InvitationsAdapter, InviteOutcome, ListInvitations, Member, MembersAdapter, NewInvitation,
    OrganizationId, OrganizationsAdapter, Page, Reply, Role, Support, UnnamedRole,
};

use crate::vendor::{Reading, Step, Vendor, email, word};

const MIA: Reading = Reading::HasRow(r#"{"who":{"Mail":"Mia <MIA@x.io>"},"role":["edit","view"]}"#);

#[tokio::test]
async fn a_row_that_cannot_be_read_stands_in_the_way_of_its_own_person_alone() {
    let vendor = Vendor::new(1, [Step::listed(), Step::listed()]).reading(&[MIA, MIA, MIA, MIA]);
    assert_eq!(word(vendor.invite("new@x.io").await), "invited");
    let error = vendor.invite("mia@x.io").await.expect_err("she may be in");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Ambiguous, false));
    assert!(error.to_string().contains("the role is a list"), "{error}");
    assert_eq!(vendor.mails(), ["new@x.io"]);
}

#[tokio::test]
async fn names_of_members_are_searched_for_addresses_too() {
    let row = Reading::HasRow(r#"{"mia@x.io":{"role":7}}"#);
    let vendor = Vendor::new(1, []).reading(&[row, row]);
    assert_eq!(word(vendor.invite("mia@x.io").await), "ambiguous");
}

#[tokio::test]
async fn a_row_that_came_up_behind_the_send_may_be_anybodys() {
    let strange = Reading::HasRow(r#"{"role":["edit"]}"#);
    let vendor =
        Vendor::new(1, [Step::lost()]).reading(&[Reading::Works, strange, strange, strange, strange]);
    let error = vendor.invite("ada@x.io").await.expect_err("the new row may be hers");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Ambiguous, false));
    assert_eq!(vendor.sends().len(), 1, "and nothing is sent again");
}

#[tokio::test]
async fn who_is_there_with_another_role_is_told_with_the_one_that_was_asked_for() {
    let vendor = Vendor::new(1, []).with("1", "ada@x.io", InvitationStatus::Pending);
    let viewer = NewInvitation::to(email("ada@x.io")).with_role(Role::Viewer);
    let acme = "acme".parse().expect("an id");
    let outcome = vendor.provider().invite(&acme, viewer).await.expect("she is there");
    assert!(matches!(outcome, InviteOutcome::AlreadyInvited(..)), "{outcome:?}");
    assert_eq!(outcome.role_differs(), Some(&Role::Viewer));
}

#[tokio::test]
async fn a_new_invitation_with_another_role_is_no_success() {
    let vendor = Vendor::new(1, [Step::listed()]);
    let viewer = NewInvitation::to(email("ada@x.io")).with_role(Role::Viewer);
    let acme = "acme".parse().expect("an id");
    let error = vendor.provider().invite(&acme, viewer).await.expect_err("an editor was made");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Incomplete, false));
    let left = error.left_behind().expect("the row");
    assert_eq!(left.role, Some(Role::Editor));
}

/// Invitations in pages of two by offset, of which the first is gone when the second page is read.
#[derive(Clone)]
struct Sliding {
    rows: Arc<Mutex<Vec<(&'static str, &'static str)>>>,
    /// How often a row leaves behind a first page.
    slides: Arc<Mutex<usize>>,
    total: Option<u64>,
    by_offset: bool,
    capability: Arc<Capability>,
}

impl Sliding {
    fn new(rows: &[(&'static str, &'static str)], slides: usize) -> Self {
        let mut can = Capability::nothing("it is not asked for");
        can.operations.invite = Support::Native;
        can.operations.list_invitations = Support::Native;
        can.operations.list_members = Support::Native;
        can.unnamed_role = UnnamedRole::VendorsChoice;
        can.page_size = Some(2);
        Self {
            rows: Arc::new(Mutex::new(rows.to_vec())),
            slides: Arc::new(Mutex::new(slides)),
            total: None,
            by_offset: true,
            capability: Arc::new(can),
        }
    }

    async fn invite(&self, address: &str) -> Result<InviteOutcome, Error> {
        let acme: OrganizationId = "acme".parse().expect("an id");
        let guard = Guard::over(self.clone(), ProviderConfig::new("sliding")).expect("it looks");
        guard.invite(&acme, NewInvitation::to(email(address))).await
    }
}

impl Adapter for Sliding {
    fn kind(&self) -> &'static str {
        "sliding"
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn one_row_back(&self, next: &Cursor) -> Option<Cursor> {
        let offset: usize = next.as_str().parse().ok()?;
        self.by_offset.then(|| Cursor::new((offset - 1).to_string()))
    }
}

impl OrganizationsAdapter for Sliding {}

#[async_trait]
impl MembersAdapter for Sliding {
    async fn list_members(&self, _: &OrganizationId, _: Option<&Cursor>) -> Result<Page<Member>, Error> {
        Ok(Page::whole(Vec::new()))
    }
}

#[async_trait]
impl InvitationsAdapter for Sliding {
    async fn list_invitations(&self, list: ListInvitations<'_>) -> Result<Page<Invitation>, Error> {
        let ListInvitations { cursor, .. } = list;
        let begin: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().expect("an offset"));
        let mut rows = self.rows.lock().expect("no holder panics");
        let shown = rows.iter().skip(begin).take(2).map(|(id, address)| {
            let mut row = Invitation::new(InvitationId::new(*id)?, InvitationStatus::Pending);
            row.email = Some(email(address));
            Ok(row)
        });
        let shown: Vec<_> = shown.collect();
        let end = begin + shown.len();
        let next = (end < rows.len()).then(|| Cursor::new(end.to_string()));
        let mut slides = self.slides.lock().expect("no holder panics");
        if begin == 0 && *slides > 0 {
            *slides -= 1;
            rows.remove(0);
        }
        let page = Page::new(shown, next);
        Ok(match self.total {
            Some(total) => page.with_total(total),
            None => page,
        })
    }

    async fn send_invitations(&self, _: &OrganizationId, _: &[Draft]) -> Result<Reply, Error> {
        panic!("everybody in these tests is there, or must not be sent to")
    }
}

const PEOPLE: [(&str, &str); 6] =
    [("1", "a@x.io"), ("2", "b@x.io"), ("3", "c@x.io"), ("4", "d@x.io"), ("5", "e@x.io"), ("6", "f@x.io")];

#[tokio::test]
async fn a_list_by_offset_that_slides_while_it_is_read_overlooks_nobody() {
    // After the first page, c@x.io would be where the second page does not look.
    let sliding = Sliding::new(&PEOPLE, 1);
    assert_eq!(word(sliding.invite("c@x.io").await), "already_invited");
}

#[tokio::test]
async fn a_list_that_keeps_sliding_is_not_believed() {
    let mut sliding = Sliding::new(&PEOPLE, 3);
    assert_eq!(word(sliding.invite("new@x.io").await), "ambiguous");
    sliding = Sliding::new(&PEOPLE, 3);
    sliding.by_offset = false;
    assert_eq!(word(sliding.invite("new@x.io").await), "ambiguous");
}

#[tokio::test]
async fn two_people_under_one_id_are_two() {
    let sliding = Sliding::new(&[("1", "a@x.io"), ("1", "b@x.io")], 0);
    assert_eq!(word(sliding.invite("a@x.io").await), "already_invited");
    assert_eq!(word(sliding.invite("b@x.io").await), "already_invited");
}

#[tokio::test]
async fn a_total_below_what_is_shown_is_not_believed() {
    let mut sliding = Sliding::new(&PEOPLE[..2], 0);
    sliding.total = Some(0);
    assert_eq!(word(sliding.invite("new@x.io").await), "ambiguous");
    assert_eq!(word(sliding.invite("a@x.io").await), "already_invited", "presence counts all the same");
}
