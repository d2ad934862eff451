//! Each vendor's page says what the adapter does.
//!
//! `ORGPORT_UPDATE=1 cargo test -p orgport --test vendor_pages` writes the generated parts anew.

#![cfg(all(
    feature = "nuextract",
    feature = "jaqpot",
    feature = "koyeb",
    feature = "trieve",
    feature = "losant",
    feature = "github"
))]

use std::fmt::{Display, Write as _};
use std::path::PathBuf;

use orgport::{
    Capability, Config, Duplicates, ExistingAccount, Expiry, Invitees, KINDS, Operation, Provider, Support,
    UnnamedRole, best_capabilities,
};

const BEGIN: &str = "<!-- generated: ORGPORT_UPDATE=1 cargo test -p orgport --test vendor_pages -->\n";
const END: &str = "<!-- /generated -->";
const EXAMPLE_BEGIN: &str = "<!-- example: ORGPORT_UPDATE=1 cargo test -p orgport --test vendor_pages -->\n";
const EXAMPLE_END: &str = "<!-- /example -->";

/// The kinds of credentials that can do less, with a configuration of each.
const LESSER: [(&str, &str, &str); 6] = [
    ("nuextract", "an API key (`auth.type = \"api_key\"`)", "auth = { type = \"api_key\", key = \"k\" }"),
    (
        "koyeb",
        "an organization's token (`credential = \"organization\"`)",
        "credential = \"organization\"\nauth = { type = \"api_key\", key = \"k\" }",
    ),
    (
        "trieve",
        "an organization's key (`credential = \"organization\"`)",
        "credential = \"organization\"\nauth = { type = \"api_key\", key = \"k\" }",
    ),
    (
        "github",
        "a fine-grained token or an app's user token",
        "credential = \"fine_grained\"\nauth = { type = \"api_key\", key = \"k\" }",
    ),
    ("github", "an app (`auth.type = \"key_pair\"`)", "auth = { type = \"bearer\", token = \"ghs_k\" }"),
    (
        "github",
        "an Enterprise Server (`base_url` ends in `/api/v3`)",
        "base_url = \"https://github.example.com/api/v3\"\nauth = { type = \"api_key\", key = \"k\" }",
    ),
];

fn path(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("src/vendors/{kind}.md"))
}

fn page(kind: &str) -> String {
    std::fs::read_to_string(path(kind)).unwrap_or_else(|error| panic!("the page of {kind}: {error}"))
}

/// Names of settings as code.
fn marked(text: &str) -> String {
    let word = |word: &str| if word.contains('_') { format!("`{word}`") } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn told(support: &Support) -> String {
    match support {
        Support::Native => "one call".to_owned(),
        Support::Composed { how, can_leave_behind: None } => how.to_string(),
        Support::Composed { how, can_leave_behind: Some(what) } => {
            format!("{how}; a failure in between can leave behind {what}")
        }
        Support::Unsupported { because } => format!("**no**: {because}"),
        other => panic!("a page cannot tell of {other:?}"),
    }
}

fn list<T: Display>(items: &[T]) -> String {
    let words: Vec<_> = items.iter().map(|item| format!("`{item}`")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn facts(capability: &Capability) -> Vec<(&'static str, String)> {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let mut facts = vec![
        ("Roles that an invitation can carry", list(&capability.roles_at_invite)),
        (
            "An invitation that names no role",
            match &capability.unnamed_role {
                UnnamedRole::Is(role) => format!("gets `{role}`"),
                UnnamedRole::VendorsChoice => "gets what the vendor chooses".to_owned(),
                _ => "is refused before sending".to_owned(),
            },
        ),
        ("Roles that a member can be given", list(&capability.roles_at_set_role)),
        (
            "Whom an invitation names",
            match capability.invitees {
                Invitees::Addresses => "an e-mail address",
                Invitees::Accounts => "an account",
                _ => "an e-mail address or an account",
            }
            .to_owned(),
        ),
        ("Statuses that lists show", list(&capability.visible_statuses)),
        (
            "A second invitation for one address",
            match capability.duplicates {
                Duplicates::Refused => "is refused by the vendor",
                Duplicates::RefusedSameCase => "is refused by the vendor if it is written the same way",
                Duplicates::RefusedUnlessAtOnce => {
                    "is refused by the vendor if it is written the same way, but not at the same moment: two \
                     processes can mail twice"
                }
                Duplicates::Accepted => {
                    "is accepted by the vendor: two processes at the same moment can mail twice"
                }
                _ => "may be accepted by the vendor, which does not say",
            }
            .to_owned(),
        ),
        (
            "Inviting an existing account",
            match capability.existing_account {
                ExistingAccount::Invited => "invites the person like anybody else",
                ExistingAccount::Joined => "makes the person a member at once",
                _ => "is not told by the vendor",
            }
            .to_owned(),
        ),
        (
            "An invitation that nobody answers",
            match capability.expiry {
                Expiry::Expires => "runs out",
                Expiry::Never => "waits for ever",
                _ => "may run out: the vendor does not say",
            }
            .to_owned(),
        ),
        ("People in one request of inviting", capability.batch_size.to_string()),
        ("A resent invitation keeps its id", yes(capability.resend_keeps_id)),
        ("An invitation's id lets whoever has it join", yes(capability.invitation_id_is_secret)),
        ("The link that was mailed with an invitation", told(&capability.invitation_link)),
        ("Accepting an invitation", told(&capability.accepting)),
        ("Declining an invitation", told(&capability.declining)),
        (
            "An organization's name",
            capability
                .organization_name
                .as_deref()
                .unwrap_or("is not limited, as far as is known")
                .to_owned(),
        ),
    ];
    for limit in &capability.rate_limits {
        let every = limit.one_more_every;
        facts.push((
            "Limit that calls are paced by",
            format!("{}: {} at once, then one every {every:?}", limit.calls, limit.burst),
        ));
    }
    facts
}

/// What is different with a credential that can do less.
fn differences(kind: &str, best: &Capability, table: &mut String) {
    for (_, what, toml) in LESSER.into_iter().filter(|(of, ..)| *of == kind) {
        let config =
            Config::from_toml(&format!("[providers.x]\nkind = {kind:?}\n{toml}")).expect("a configuration");
        let provider = config.provider(None).expect("it can be built");
        writeln!(table, "\nWith {what}, it is otherwise for:\n").expect("memory");
        let mut groups: Vec<(String, Vec<Operation>)> = Vec::new();
        for operation in Operation::ALL.iter().copied() {
            let support = provider.capability().support(operation);
            if support == best.support(operation) {
                continue;
            }
            let told = told(support);
            match groups.iter_mut().find(|(text, _)| *text == told) {
                Some((_, operations)) => operations.push(operation),
                None => groups.push((told, vec![operation])),
            }
        }
        for (told, operations) in groups {
            let all = operations == Operation::ALL;
            let which = if all { "every operation".to_owned() } else { list(&operations) };
            writeln!(table, "- {which}: {told}").expect("memory");
        }
    }
}

fn generated(kind: &str) -> String {
    let (_, best) =
        best_capabilities().into_iter().find(|(name, _)| *name == kind).expect("every kind is built");
    let mut table = String::from("\n| operation | how |\n|---|---|\n");
    for operation in Operation::ALL.iter().copied() {
        writeln!(table, "| `{operation}` | {} |", told(best.support(operation))).expect("memory");
    }
    table.push_str("\n| fact | |\n|---|---|\n");
    for (fact, value) in facts(&best) {
        writeln!(table, "| {fact} | {value} |").expect("memory");
    }
    differences(kind, &best, &mut table);
    table.push_str("\nWorth knowing:\n\n");
    for note in best.notes {
        writeln!(table, "- {}", marked(&note)).expect("memory");
    }
    table.push('\n');
    table
}

/// Holds what stands between two marks against `text`, or writes it anew.
fn hold(kind: &str, begin: &str, end: &str, text: &str) {
    let page = page(kind);
    let from = page.find(begin).expect("the begin mark is there") + begin.len();
    let to = page.find(end).expect("the end mark is there");
    if std::env::var_os("ORGPORT_UPDATE").is_some() {
        let page = format!("{}{text}{}", &page[..from], &page[to..]);
        std::fs::write(path(kind), page).expect("the page can be written");
    } else {
        assert_eq!(&page[from..to], text, "{kind}: write it anew with ORGPORT_UPDATE=1");
    }
}

#[test]
fn pages_tell_what_the_capability_says() {
    for kind in KINDS {
        hold(kind, BEGIN, END, &generated(kind));
    }
}

/// A setting that is commented out, as it is used.
fn uncommented(line: &str) -> &str {
    let is_key = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let setting = line.strip_prefix("# ");
    setting.filter(|rest| rest.split_once(" = ").is_some_and(|(key, _)| is_key(key))).unwrap_or(line)
}

#[test]
fn pages_show_an_example_that_works() {
    for kind in orgport::Kind::built_in() {
        let example = kind.example().expect("every kind has one");
        hold(kind.name(), EXAMPLE_BEGIN, EXAMPLE_END, &format!("\n```toml\n{example}```\n\n"));
        let whole: Vec<_> = example.lines().map(uncommented).collect();
        for toml in [example.to_owned(), whole.join("\n")] {
            let config = Config::from_toml(&toml.replace("env:", "text:")).expect("it is a configuration");
            let provider =
                config.provider(Some(kind.name())).unwrap_or_else(|error| panic!("{error}\n{toml}"));
            assert_eq!(provider.kind(), kind.name());
        }
    }
}

#[test]
fn pages_name_every_credential_and_setting() {
    let kinds = orgport::Kind::built_in();
    assert_eq!(kinds.len(), KINDS.len());
    for built in kinds {
        let (kind, auth_types, settings) = (built.name(), built.auth_types(), built.keys());
        let page = page(kind);
        for word in auth_types.iter().chain(settings) {
            assert!(page.contains(&format!("\n| `{word}` | ")), "{kind}: {word} is not explained");
        }
        let rows = page.split("# What it can do").next().expect("a setup").matches("\n| `").count();
        // The heads of the tables begin so too.
        let heads = page.matches("| `auth.type` | ").count();
        assert_eq!(rows - heads, auth_types.len() + settings.len(), "{kind}: something else is explained");
    }
}
