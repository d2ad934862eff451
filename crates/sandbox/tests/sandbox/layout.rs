//! Every simulator has the same files for the same questions.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use orgport_sandbox::Sandbox;

const NOUNS: [&str; 7] = ["auth", "error", "invitations", "members", "organizations", "seed", "state"];
/// What one vendor alone has, each file named after it.
const ODDITIES: [(&str, &[&str]); 6] = [
    ("github", &["app", "invitee", "json", "limit", "request"]),
    ("jaqpot", &["body", "json", "keys", "limits", "lists"]),
    ("koyeb", &["invitee", "json", "lifecycle", "limit", "request", "sessions", "tokens"]),
    ("losant", &["endpoints", "invitee", "schema", "serve", "version"]),
    ("nuextract", &[]),
    ("trieve", &["api_keys", "cors", "email", "html", "moment"]),
];

#[tokio::test]
async fn every_simulator_has_a_file_for_each_noun() {
    let sandbox = Sandbox::start().await.expect("the sandbox starts");
    let vendors: BTreeSet<_> = sandbox.identities().into_iter().map(|identity| identity.vendor).collect();
    assert_eq!(vendors.iter().map(String::as_str).collect::<Vec<_>>(), ODDITIES.map(|(vendor, _)| vendor));
    for (vendor, oddities) in ODDITIES {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(vendor);
        let entries =
            fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
        let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
        let names = files.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned());
        let expected = NOUNS.iter().chain(oddities).copied().chain(["mod"]).map(str::to_owned);
        assert_eq!(names.collect::<BTreeSet<_>>(), expected.collect(), "{vendor}");
    }
}
