//! Lists as streams, which fetch pages as they are read.
//!
//! A stream ends with an error if the vendor's pages repeat or never end. Items are merged by id and person ([`Marked`]);
//! if the list changes while it is read, it is read again, and only if it keeps changing the
//! stream says so by a last `Conflict`. A stream borrows what it is given a reference of, and owns the
//! rest: with an [`Arc`] of a provider it is `'static`, for a web handler to return. An item that cannot be decoded is an error in its place,
//! and the stream goes on behind it.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;
use std::{mem, vec};

use futures_util::stream::{self, BoxStream, FuturesOrdered, StreamExt};
use tokio::sync::mpsc::UnboundedSender;

use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter, NewInvitation};
use crate::invite::{InviteHandle, InviteStream, driven};
use crate::mark::Marked;
use crate::member::Member;
use crate::organization::Organization;
use crate::page::{Cursor, Page};
use crate::pager::Pager;
use crate::provider::Provider;

/// How often a list that changes while it is read is read in all.
const MAX_PASSES: usize = 3;

/// How many pages are on their way at once, at most: as many as `http.max_concurrency` lets through by
/// default.
const MAX_AHEAD: usize = 8;

/// The organizations that the credential can see.
#[must_use = "pages are fetched as the stream is read"]
pub fn organizations<'a>(provider: impl Provider + 'a) -> BoxStream<'a, Result<Organization, Error>> {
    let provider = Arc::new(provider);
    let fetch = move |cursor: Option<Cursor>| {
        let provider = Arc::clone(&provider);
        async move { provider.list_organizations(cursor.as_ref()).await }
    };
    items(fetch)
}

/// The people in an organization.
#[must_use = "pages are fetched as the stream is read"]
pub fn members<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
) -> BoxStream<'a, Result<Member, Error>> {
    let of = Arc::new((provider, organization.clone()));
    let fetch = move |cursor: Option<Cursor>| {
        let of = Arc::clone(&of);
        async move { of.0.list_members(&of.1, cursor.as_ref()).await }
    };
    items(fetch)
}

/// The invitations to an organization that pass the filter.
#[must_use = "pages are fetched as the stream is read"]
pub fn invitations<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    filter: &InvitationFilter,
) -> BoxStream<'a, Result<Invitation, Error>> {
    let of = Arc::new((provider, organization.clone(), filter.clone()));
    let fetch = move |cursor: Option<Cursor>| {
        let of = Arc::clone(&of);
        async move { of.0.list_invitations(&of.1, &of.2, cursor.as_ref()).await }
    };
    items(fetch)
}

/// The invitations addressed to the credential's own person.
#[must_use = "pages are fetched as the stream is read"]
pub fn my_invitations<'a>(provider: impl Provider + 'a) -> BoxStream<'a, Result<Invitation, Error>> {
    let provider = Arc::new(provider);
    let fetch = move |cursor: Option<Cursor>| {
        let provider = Arc::clone(&provider);
        async move { provider.my_invitations(cursor.as_ref()).await }
    };
    items(fetch)
}

/// The outcomes of [`invite_many`](crate::Invitations::invite_many), in a stream that owns what it
/// needs where the provider does.
#[must_use = "nobody is invited until the stream is read"]
pub fn invite_many<'a>(
    provider: impl Provider + 'a,
    organization: &OrganizationId,
    invitations: Vec<NewInvitation>,
) -> InviteStream<'a> {
    let organization = organization.clone();
    let handle = InviteHandle::default();
    let of_this = handle.clone();
    let work = async move |outcomes: UnboundedSender<_>| {
        let mut settled = provider.invite_many(&organization, invitations);
        of_this.follow(&settled.handle());
        while let Some(outcome) = settled.next().await {
            // The receiver lives as long as the future that holds this sender.
            let _ = outcomes.send(outcome);
        }
    };
    InviteStream::with_handle(driven(work), handle)
}

/// The items of pages that `fetch` reads, with the guards of every list here.
///
/// Where a page says [where the ones behind it begin](Page::with_ahead), several are read at once: two
/// behind the first, and twice as many each time, up to eight. What comes does not depend on it.
#[must_use = "pages are fetched as the stream is read"]
pub fn items<'a, T, F, Fut>(fetch: F) -> BoxStream<'a, Result<T, Error>>
where
    T: Marked + Send + 'a,
    F: Fn(Option<Cursor>) -> Fut + Send + Sync + 'a,
    Fut: Future<Output = Result<Page<T>, Error>> + Send + 'a,
{
    let state = State {
        step: Step::Read(None),
        pager: Pager::default(),
        passes: 1,
        ahead: Ahead::new(),
        buffer: Vec::new().into_iter(),
    };
    stream::unfold((state, fetch), move |(mut state, fetch)| async move {
        loop {
            if let Some(item) = state.next_new() {
                return Some((item, (state, fetch)));
            }
            let error = match mem::replace(&mut state.step, Step::End) {
                Step::Read(cursor) => match state.ahead.read(cursor, &fetch).await {
                    Ok(page) => {
                        state.take(page);
                        continue;
                    }
                    Err(error) => error,
                },
                Step::Judge if !state.pager.has_changed() => return None,
                Step::Judge if state.passes < MAX_PASSES => {
                    state.begin_again();
                    continue;
                }
                Step::Judge => Error::new(
                    ErrorKind::Conflict,
                    "the list kept changing while it was read; what came before this may not be all: read it again",
                ),
                Step::Fail(error) => error,
                Step::End => return None,
            };
            return Some((Err(error), (state, fetch)));
        }
    })
    .boxed()
}

/// What comes when the buffer is empty.
enum Step {
    /// Read the page that begins here.
    Read(Option<Cursor>),
    /// The last page of this pass was read.
    Judge,
    /// It cannot go on.
    Fail(Error),
    /// Nothing more.
    End,
}

struct State<T, Fut: Future> {
    step: Step,
    pager: Pager,
    passes: usize,
    ahead: Ahead<Fut>,
    buffer: vec::IntoIter<Result<T, Error>>,
}

impl<T: Marked, Fut: Future<Output = Result<Page<T>, Error>>> State<T, Fut> {
    fn take(&mut self, mut page: Page<T>) {
        let turned = self.pager.turn(&page);
        self.ahead.planned = mem::take(&mut page.ahead);
        self.buffer = page.items.into_iter();
        self.step = match turned {
            Ok(Some(next)) => Step::Read(Some(next)),
            Ok(None) => Step::Judge,
            Err(error) => Step::Fail(error),
        };
    }

    /// The next of this page that was not there before. What is wrong with a row is said once.
    fn next_new(&mut self) -> Option<Result<T, Error>> {
        let (pager, passes) = (&mut self.pager, self.passes);
        self.buffer.find(|item| item.as_ref().map_or(passes == 1, |item| pager.is_new(&item.mark())))
    }

    fn begin_again(&mut self) {
        self.passes += 1;
        self.pager.begin_again();
        self.step = Step::Read(None);
    }
}

/// Pages on their way.
struct Ahead<Fut: Future> {
    pages: FuturesOrdered<Fut>,
    /// Where they begin.
    cursors: VecDeque<Option<Cursor>>,
    /// Where those begin that come next, by the last page that was read.
    planned: Vec<Cursor>,
    /// How many are on their way at once.
    width: usize,
}

impl<Fut: Future> Ahead<Fut> {
    fn new() -> Self {
        Self { pages: FuturesOrdered::new(), cursors: VecDeque::new(), planned: Vec::new(), width: 1 }
    }

    /// The page that begins here; more of them are on their way then.
    async fn read(&mut self, cursor: Option<Cursor>, fetch: &impl Fn(Option<Cursor>) -> Fut) -> Fut::Output {
        if self.cursors.front() != Some(&cursor) {
            // The pages do not begin where they were thought to.
            (self.pages, self.cursors) = (FuturesOrdered::new(), VecDeque::new());
        }
        if self.planned.first() != cursor.as_ref() {
            self.planned.clear();
        }
        let next = cursor.iter().len().min(self.planned.len());
        let known = [cursor].into_iter().chain(self.planned.drain(..).skip(next).map(Some));
        for cursor in known.take(self.width).skip(self.cursors.len()) {
            self.pages.push_back(fetch(cursor.clone()));
            self.cursors.push_back(cursor);
        }
        self.width = (2 * self.width).min(MAX_AHEAD);
        self.cursors.pop_front();
        self.pages.next().await.expect("one is on its way")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    impl Marked for String {
        fn mark(&self) -> String {
            self.clone()
        }
    }

    /// Plays back pages: per fetch the ids, the next cursor and the total.
    fn read(pages: &[(&[&str], Option<&str>, u64)]) -> Vec<Result<String, ErrorKind>> {
        let pages: VecDeque<_> = pages
            .iter()
            .map(|(ids, next, total)| {
                let ids = ids.iter().map(|id| Ok((*id).to_owned())).collect();
                Page::new(ids, next.map(Cursor::new)).with_total(*total)
            })
            .collect();
        let pages = Mutex::new(pages);
        let fetch = |_cursor| {
            let page = pages.lock().expect("one reader").pop_front().expect("no fetch too many");
            async move { Ok(page) }
        };
        let all = items(fetch).map(|item| item.map_err(|error| error.kind()));
        futures_util::FutureExt::now_or_never(all.collect()).expect("nothing waits")
    }

    fn ok(ids: &[&str]) -> Vec<Result<String, ErrorKind>> {
        ids.iter().map(|id| Ok((*id).to_owned())).collect()
    }

    #[test]
    fn pages_follow_one_another() {
        assert_eq!(read(&[(&["a", "b"], Some("2"), 3), (&["c"], None, 3)]), ok(&["a", "b", "c"]));
    }

    /// Reads a list of this many rows by pages of ten, which ends early on the second of two answers;
    /// says where the pages began, and how many were on their way at once.
    async fn offsets(rows: usize, wanted: usize, gone: usize) -> (Vec<usize>, usize) {
        let (asked, open) = (Mutex::new(Vec::new()), Mutex::new((0, 0)));
        let fetch = |cursor: Option<Cursor>| {
            let offset = cursor.map_or(0, |cursor| cursor.as_str().parse().expect("a number"));
            let rows = if asked.lock().expect("one reader").is_empty() { rows } else { rows - gone };
            asked.lock().expect("one reader").push(offset);
            let open = &open;
            async move {
                let count = |by: isize| {
                    let (now, most) = &mut *open.lock().expect("one reader");
                    *now += by;
                    *most = (*most).max(*now);
                };
                count(1);
                tokio::task::yield_now().await;
                count(-1);
                let end = rows.min(offset + 10);
                let ids = (offset..end).map(|id| Ok(id.to_string())).collect();
                let ahead = (end..rows).step_by(10).map(|offset| Cursor::new(offset.to_string()));
                let ahead: Vec<_> = ahead.collect();
                Ok(Page::new(ids, ahead.first().cloned()).with_total(rows as u64).with_ahead(ahead))
            }
        };
        let read: Vec<_> = items(fetch).take(wanted).collect().await;
        let expected: Vec<_> = (0..wanted.min(rows - gone)).map(|id| Ok(id.to_string())).collect();
        assert_eq!(read, expected);
        let most = open.into_inner().expect("one reader").1;
        (asked.into_inner().expect("one reader"), usize::try_from(most).expect("not below zero"))
    }

    #[tokio::test]
    async fn pages_are_read_ahead_each_once_and_more_of_them_the_longer_it_goes() {
        let (asked, most) = offsets(1000, usize::MAX, 0).await;
        assert_eq!(asked, (0..1000).step_by(10).collect::<Vec<_>>());
        assert_eq!(most, 8);
        let (asked, most) = offsets(1000, 10, 0).await;
        assert_eq!((asked, most), (vec![0], 1), "who wants the first page reads no other");
        assert_eq!(offsets(1000, 20, 0).await.0, [0, 10, 20]);
        assert_eq!(offsets(7, usize::MAX, 0).await.0, [0]);
    }

    #[tokio::test]
    async fn a_list_that_changes_under_what_is_read_ahead_is_read_again() {
        let (asked, _) = offsets(55, usize::MAX, 3).await;
        assert_eq!(asked, [0, 10, 20, 30, 40, 50, 0, 10, 20, 30, 40, 50]);
    }

    #[test]
    fn a_page_that_leads_back_ends_the_stream_behind_its_items() {
        let read = read(&[(&["a"], Some("2"), 2), (&["b"], Some("2"), 2)]);
        assert_eq!(read[..2], ok(&["a", "b"]));
        assert_eq!(read[2..], [Err(ErrorKind::Protocol)]);
    }

    #[test]
    fn an_item_comes_once() {
        assert_eq!(read(&[(&["a", "b", "a"], None, 3)]), ok(&["a", "b"]));
        assert_eq!(read(&[(&["a", "a"], Some("2"), 3), (&["b", "b"], None, 3)]), ok(&["a", "b"]));
    }

    #[test]
    fn a_list_that_changed_is_read_again_and_merged() {
        let read = read(&[
            (&["a", "b"], Some("2"), 4),
            (&["d"], None, 3),
            (&["b", "c"], Some("2"), 3),
            (&["d"], None, 3),
        ]);
        assert_eq!(read, ok(&["a", "b", "d", "c"]));
    }

    #[test]
    fn a_list_that_keeps_changing_says_so() {
        let pass: [(&[&str], _, _); 2] = [(&["a"], Some("2"), 2), (&["b"], None, 3)];
        let read = read(&[pass[0], pass[1], pass[0], pass[1], pass[0], pass[1]]);
        assert_eq!(read[..2], ok(&["a", "b"]));
        assert_eq!(read[2..], [Err(ErrorKind::Conflict)]);
    }
}
