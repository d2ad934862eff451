//! In what an official client's request may differ from ours, and why.

use std::fmt;

use crate::wire::Difference;

/// One way to differ. A `*` at the end of a text stands for anything.
pub(crate) struct Allowance {
    client: &'static str,
    call: &'static str,
    part: &'static str,
    official: &'static str,
    ours: &'static str,
    because: &'static str,
}

const fn allow(
    [client, call]: [&'static str; 2],
    [part, official, ours]: [&'static str; 3],
    because: &'static str,
) -> Allowance {
    Allowance { client, call, part, official, ours, because }
}

const NO_UUID: &str = "we refuse an id that is no UUID before it is sent";
const NO_MEDIA_TYPES: &str =
    "the vendor's description declares no media types, and its text asks for this one";
const FILLED_IN: &str = "its model fills in the first word of each list, which nobody set";
const OLDER: &str = "it is older than the call as it is now";
const FETCH: &str = "the runtime's fetch adds it";
const EMPTY_DELETE: &str = "it sends an empty object with every DELETE";
const DEFAULT_VERSION: &str = "it leaves the version to the vendor, whose default ours is";
const NO_BODY: &str = "the vendor wants none, and takes an empty object";
const EITHER_WORD: &str = "the vendor takes either word for it";
const JSON_EITHER_WAY: &str = "the vendor responds with the same JSON, and recommends ours";

static ALLOWED: &[Allowance] = &[
    allow(["*", "*"], ["header user-agent", "*", "orgport/*"], "each client names itself"),
    allow(
        ["jaqpot-api-client", "*"],
        ["header accept", "-", "application/json"],
        "it leaves the header out where the description declares no answer",
    ),
    allow(
        ["jaqpot-api-client", "*"],
        ["header accept-language", "-", "en"],
        "we ask for English messages, since they tell errors apart",
    ),
    allow(
        ["jaqpot-api-client", "OrganizationInvitationApi.resend_invitation"],
        ["sent", "yes", "invalid input"],
        NO_UUID,
    ),
    allow(["koyeb-sdk", "*"], ["header accept", "*/*", "application/json"], NO_MEDIA_TYPES),
    allow(["koyeb-sdk", "*"], ["header content-type", "-", "application/json"], NO_MEDIA_TYPES),
    allow(["koyeb-sdk", "OrganizationApi.update_*"], ["body plan", "\"hobby\"", "-"], FILLED_IN),
    allow(["koyeb-sdk", "OrganizationApi.update_*"], ["body status", "\"WARNING\"", "-"], FILLED_IN),
    allow(["koyeb-sdk", "OrganizationApi.update_*"], ["body status_message", "\"NEW\"", "-"], FILLED_IN),
    allow(
        ["koyeb-sdk", "OrganizationApi.update_*"],
        ["body deactivation_reason", "\"INVALID\"", "-"],
        FILLED_IN,
    ),
    allow(["trieve-py-client", "InvitationApi.get_invitations"], ["sent", "yes", "invalid input"], NO_UUID),
    allow(["trieve-py-client", "OrganizationApi.get_organization_usage"], ["method", "GET", "POST"], OLDER),
    allow(
        ["trieve-py-client", "OrganizationApi.get_organization_usage"],
        ["header content-type", "-", "application/json"],
        OLDER,
    ),
    allow(["trieve-py-client", "OrganizationApi.get_organization_usage"], ["body", "-", "an object"], OLDER),
    allow(["trieve-py-client", "OrganizationApi.get_organization_usage"], ["status", "405", "200"], OLDER),
    allow(["trieve-ts-sdk", "deleteOrganizationApiKey"], ["sent", "yes", "invalid input"], NO_UUID),
    allow(["trieve-ts-sdk", "*"], ["header accept", "*/*", "application/json"], FETCH),
    allow(["trieve-ts-sdk", "*"], ["header accept-language", "*", "-"], FETCH),
    allow(["trieve-ts-sdk", "*"], ["header sec-fetch-mode", "cors", "-"], FETCH),
    allow(
        ["trieve-ts-sdk", "*"],
        ["header content-type", "application/json", "-"],
        "it sends the header also where there is no body",
    ),
    allow(
        ["trieve-ts-sdk", "getOrganizationUsage"],
        ["body date_range", "{\"gte\":*", "{\"gte\":*"],
        "it asks for the last thirty days by its own clock",
    ),
    allow(
        ["losant-rest*", "*"],
        ["sent", "yes", "invalid input"],
        "our types cannot hold what the vendor refuses: unknown keys, missing ones, malformed ids",
    ),
    allow(["losant-rest (js)", "*"], ["header accept-version", "^1.20.1", "^1.31.0"], "it is older"),
    allow(["losant-rest (js)", "org.*"], ["body", "an object", "-"], EMPTY_DELETE),
    allow(["losant-rest (js)", "org.*"], ["header content-type", "application/json", "-"], EMPTY_DELETE),
    allow(["octokit", "*"], ["header x-github-api-version", "-", "2022-11-28"], DEFAULT_VERSION),
    allow(["octokit", "*"], ["header authorization", "token *", "Bearer *"], EITHER_WORD),
    allow(["octokit", "apps.*"], ["header authorization", "bearer *", "Bearer *"], EITHER_WORD),
    allow(
        ["octokit", "*"],
        ["header accept", "application/vnd.github.v3+json", "application/vnd.github+json"],
        JSON_EITHER_WAY,
    ),
    allow(["octokit", "*"], ["header accept-language", "*", "-"], FETCH),
    allow(["octokit", "*"], ["header sec-fetch-mode", "cors", "-"], FETCH),
    allow(
        ["octokit", "*"],
        ["header content-type", "application/json; charset=utf-8", "application/json"],
        "JSON has one character set",
    ),
    allow(["octokit", "apps.createInstallationAccessToken"], ["body", "-", "an object"], NO_BODY),
    allow(
        ["octokit", "apps.createInstallationAccessToken"],
        ["header content-type", "-", "application/json"],
        NO_BODY,
    ),
    allow(["PyGithub", "*"], ["header x-github-api-version", "-", "2022-11-28"], DEFAULT_VERSION),
    allow(["PyGithub", "*"], ["header authorization", "token *", "Bearer *"], EITHER_WORD),
    allow(["PyGithub", "*"], ["header accept", "*/*", "application/vnd.github+json"], JSON_EITHER_WAY),
    allow(
        ["PyGithub", "Organization*"],
        ["header accept", "application/vnd.github.dazzler-preview+json", "application/vnd.github+json"],
        "it asks for what was a preview once",
    ),
    allow(["octocrab", "*"], ["header accept", "-", "application/vnd.github+json"], JSON_EITHER_WAY),
];

/// The list, with how often each was needed.
pub(crate) struct Allowances(Vec<(&'static Allowance, usize)>);

impl Default for Allowances {
    fn default() -> Self {
        Self(ALLOWED.iter().map(|allowance| (allowance, 0)).collect())
    }
}

impl Allowances {
    /// Whether a difference is in the list, which is then noted as needed.
    pub(crate) fn admit(&mut self, client: &str, call: &str, difference: &Difference) -> bool {
        let found = self.0.iter_mut().find(|(allowance, _)| {
            matches(allowance.client, client)
                && matches(allowance.call, call)
                && matches(allowance.part, &difference.part)
                && matches(allowance.official, &difference.official)
                && matches(allowance.ours, &difference.ours)
        });
        found.map(|(_, times)| *times += 1).is_some()
    }

    pub(crate) fn unused(&self) -> impl Iterator<Item = &'static Allowance> {
        self.0.iter().filter(|(_, times)| *times == 0).map(|(allowance, _)| *allowance)
    }

    pub(crate) fn used(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(allowance, times)| format!("{times:>4} × {allowance}"))
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == pattern,
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { client, call, part, official, ours, because } = self;
        write!(f, "{client} {call}, {part}: {official:?} for {ours:?}, because {because}")
    }
}
