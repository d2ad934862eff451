//! What goes into the query of a request.

use orgport_core::http::Request;

/// Which rel-style parts the resources of an answer bring along; sent with every call.
///
/// By default links and embedded resources, as the vendor's own clients ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the three are all there is")]
pub struct Flags {
    /// `_actions`: what the credential may do with the resource.
    pub actions: bool,
    /// `_links`: related resources.
    pub links: bool,
    /// `_embedded`: nested resources.
    pub embedded: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Self { actions: false, links: true, embedded: true }
    }
}

/// Which counters a `summary` is to hold; all by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the two are all there is")]
pub struct Summary {
    /// Names of counters to leave out, for example `payloadCount`.
    pub exclude: Vec<String>,
    /// Names of counters to bring along.
    pub include: Vec<String>,
}

impl Summary {
    pub(crate) fn of(&self, request: Request) -> Request {
        let list = |names: &[String]| (!names.is_empty()).then(|| names.join(","));
        request
            .query_opt("summaryExclude", list(&self.exclude))
            .query_opt("summaryInclude", list(&self.include))
    }
}

/// Which organizations to list, and in which order. What is `None` is left to the vendor: sorted
/// by name, 100 on a page, from page 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]
pub struct OrgsQuery {
    /// `name`, `id`, `creationDate` or `lastUpdated`.
    pub sort_field: Option<String>,
    /// `asc` or `desc`.
    pub sort_direction: Option<String>,
    /// The number of the page, from 0.
    pub page: Option<u64>,
    /// How many on a page.
    pub per_page: Option<u64>,
    /// What to filter by: `name`.
    pub filter_field: Option<String>,
    /// What to find, with `*` for anything.
    pub filter: Option<String>,
    /// The counters to show.
    pub summary: Summary,
}

impl OrgsQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        let Self { sort_field, sort_direction, page, per_page, filter_field, filter, summary } = self;
        let request = request
            .query_opt("sortField", sort_field.as_ref())
            .query_opt("sortDirection", sort_direction.as_ref())
            .query_opt("page", *page)
            .query_opt("perPage", *per_page)
            .query_opt("filterField", filter_field.as_ref())
            .query_opt("filter", filter.as_ref());
        summary.of(request)
    }
}

/// What to show of the own account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a new parameter is a new version")]
pub struct MeQuery {
    /// With the things looked at last.
    pub include_recent: Option<bool>,
    /// The counters to show.
    pub summary: Summary,
}

impl MeQuery {
    pub(crate) fn of(&self, request: Request) -> Request {
        self.summary.of(request.query_opt("includeRecent", self.include_recent))
    }
}
