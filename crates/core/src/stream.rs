//! Lists as streams, which fetch pages as they are read.
//!
//! A stream ends with an error if the vendor's pages repeat or never end. Items are merged by id;
//! if the list changes while it is read, it is read again, and only if it keeps changing the
//! stream says so by a last `Conflict`. A stream borrows what it is given a reference of, and owns the
//! rest: with an [`Arc`] of a provider it is `'static`, for a web handler to return. An item that cannot be decoded is an error in its place,
//! and the stream goes on behind it.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc::UnboundedSender;

use crate::error::{Error, ErrorKind};
use crate::id::OrganizationId;
use crate::invitation::{Invitation, InvitationFilter, NewInvitation};
use crate::invite::{InviteHandle, InviteStream, driven};
use crate::member::Member;
use crate::organization::Organization;
use crate::page::{Cursor, Page};
use crate::pager::Pager;
use crate::provider::Provider;

/// How often a list that changes while it is read is read in all.
const MAX_PASSES: usize = 3;

/// The organizations that the credential can see.
#[must_use = "pages are fetched as the stream is read"]
pub fn organizations<'a>(provider: impl Provider + 'a) -> BoxStream<'a, Result<Organization, Error>> {
    let provider = Arc::new(provider);
    let fetch = move |cursor: Option<Cursor>| {
        let provider = Arc::clone(&provider);
        async move { provider.list_organizations(cursor.as_ref()).await }
    };
    items(fetch, |item| item.id.as_str())
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
    items(fetch, |item| item.id.as_str())
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
    items(fetch, |item| item.id.as_str())
}

/// The invitations addressed to the credential's own person.
#[must_use = "pages are fetched as the stream is read"]
pub fn my_invitations<'a>(provider: impl Provider + 'a) -> BoxStream<'a, Result<Invitation, Error>> {
    let provider = Arc::new(provider);
    let fetch = move |cursor: Option<Cursor>| {
        let provider = Arc::clone(&provider);
        async move { provider.my_invitations(cursor.as_ref()).await }
    };
    items(fetch, |item| item.id.as_str())
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

/// What comes when the buffer is empty.
enum Step {
    /// Read the page that begins here.
    Read(Option<Cursor>),
    /// The last page of this pass was read.
    Judge,
    /// Nothing more.
    End,
}

struct State<T> {
    step: Step,
    pager: Pager,
    passes: usize,
    yielded: HashSet<String>,
    buffer: VecDeque<Result<T, Error>>,
}

/// The items of pages that `fetch` reads, with the guards of every list here.
#[must_use = "pages are fetched as the stream is read"]
pub fn items<'a, T, F, Fut>(fetch: F, id: fn(&T) -> &str) -> BoxStream<'a, Result<T, Error>>
where
    T: Send + 'a,
    F: Fn(Option<Cursor>) -> Fut + Send + Sync + 'a,
    Fut: Future<Output = Result<Page<T>, Error>> + Send + 'a,
{
    let state = State {
        step: Step::Read(None),
        pager: Pager::default(),
        passes: 1,
        yielded: HashSet::new(),
        buffer: VecDeque::new(),
    };
    stream::unfold((state, fetch), move |(mut state, fetch)| async move {
        loop {
            if let Some(item) = state.buffer.pop_front() {
                return Some((item, (state, fetch)));
            }
            match std::mem::replace(&mut state.step, Step::End) {
                Step::Read(cursor) => match fetch(cursor).await {
                    Ok(page) => state.take(page, id),
                    Err(error) => state.buffer.push_back(Err(error)),
                },
                Step::Judge if !state.pager.has_changed() => {}
                Step::Judge if state.passes < MAX_PASSES => state.begin_again(),
                Step::Judge => state.buffer.push_back(Err(Error::new(
                    ErrorKind::Conflict,
                    "the list kept changing while it was read; what came before this may not be all: read it again",
                ))),
                Step::End => return None,
            }
        }
    })
    .boxed()
}

impl<T> State<T> {
    fn take(&mut self, page: Page<T>, id: fn(&T) -> &str) {
        let turned = self.pager.turn(&page);
        for item in page.items {
            let first = item.as_ref().map_or(self.passes == 1, |item| {
                self.pager.is_new(id(item)) & self.yielded.insert(id(item).to_owned())
            });
            if first {
                self.buffer.push_back(item);
            }
        }
        match turned {
            Ok(Some(next)) => self.step = Step::Read(Some(next)),
            Ok(None) => self.step = Step::Judge,
            Err(error) => self.buffer.push_back(Err(error)),
        }
    }

    fn begin_again(&mut self) {
        self.passes += 1;
        self.pager = Pager::default();
        self.step = Step::Read(None);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

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
        let all = items(fetch, String::as_str).map(|item| item.map_err(|error| error.kind()));
        futures_util::FutureExt::now_or_never(all.collect()).expect("nothing waits")
    }

    fn ok(ids: &[&str]) -> Vec<Result<String, ErrorKind>> {
        ids.iter().map(|id| Ok((*id).to_owned())).collect()
    }

    #[test]
    fn pages_follow_one_another() {
        assert_eq!(read(&[(&["a", "b"], Some("2"), 3), (&["c"], None, 3)]), ok(&["a", "b", "c"]));
    }

    #[test]
    fn a_page_that_leads_back_ends_the_stream_behind_its_items() {
        let read = read(&[(&["a"], Some("2"), 2), (&["b"], Some("2"), 2)]);
        assert_eq!(read[..2], ok(&["a", "b"]));
        assert_eq!(read[2..], [Err(ErrorKind::Protocol)]);
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
