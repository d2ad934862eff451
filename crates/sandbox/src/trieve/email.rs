//! The two opinions that the vendor has on an e-mail address: its pattern's and its mail library's.

use std::net::IpAddr;
use std::sync::LazyLock;

use regex_lite::Regex;

/// Whether `address` begins like an e-mail address. The vendor's pattern is not anchored at the end,
/// knows the typographic apostrophe and refuses the plain one.
pub(super) fn begins_like_an_address(address: &str) -> bool {
    static START: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[a-zA-Z0-9.!#$%&’*+/=?^_`{|}~-]+@[a-zA-Z0-9-]").expect("a well-formed pattern")
    });
    START.is_match(address)
}

/// Whether the mail library can read `address`; where it cannot, the vendor's handler crashes.
pub(super) fn is_mailable(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain))
}

fn is_local_part(local: &str) -> bool {
    let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_atom_char);
    local.len() <= 64 && local.split('.').all(is_atom)
}

fn is_atom_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn is_domain(domain: &str) -> bool {
    // The full stops of other scripts are dots to the library as well.
    let labels = || domain.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']);
    domain.parse::<IpAddr>().is_ok() || (domain.len() <= 254 && labels().all(is_label))
}

/// Letters beyond ASCII pass, since the library writes them in Punycode.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        && !label.starts_with('-')
        && !label.ends_with('-')
}
