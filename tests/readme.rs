//! The README says what is true now.
//!
//! `ORGPORT_UPDATE=1 cargo test -p orgport-tests --test readme` writes the capability table anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use orgport::{Config, Operation, Support};

const BEGIN: &str = "<!-- capabilities: generated, see tests/readme.rs -->\n";
const END: &str = "<!-- /capabilities -->";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../README.md")
}

fn readme() -> String {
    std::fs::read_to_string(path()).expect("the README is there")
}

fn table() -> String {
    let best = orgport::best_capabilities();
    let mut table = String::from("| operation |");
    for (kind, _) in &best {
        write!(table, " {kind} |").expect("a string takes all");
    }
    table.push_str("\n|---|");
    table.push_str(&"---|".repeat(best.len()));
    table.push('\n');
    for operation in Operation::ALL.iter().copied() {
        write!(table, "| `{operation}` |").expect("a string takes all");
        for (_, capability) in &best {
            let word = match capability.support(operation) {
                Support::Unsupported { .. } => "–",
                support => support.as_str(),
            };
            write!(table, " {word} |").expect("a string takes all");
        }
        table.push('\n');
    }
    table
}

#[test]
fn the_capability_table_is_the_generated_one() {
    let readme = readme();
    let begin = readme.find(BEGIN).expect("the begin mark is there") + BEGIN.len();
    let end = readme.find(END).expect("the end mark is there");
    if std::env::var_os("ORGPORT_UPDATE").is_some() {
        let new = format!("{}{}{}", &readme[..begin], table(), &readme[end..]);
        std::fs::write(path(), new).expect("the README can be written");
    } else {
        assert_eq!(&readme[begin..end], table(), "write it anew with ORGPORT_UPDATE=1");
    }
}

#[test]
fn at_least_62_cells_work_on_the_five_vendors() {
    let best = orgport::best_capabilities();
    let vendors = best.iter().filter(|(kind, _)| *kind != "memory");
    let works = vendors.flat_map(|(_, capability)| {
        Operation::ALL.iter().filter(|operation| capability.support(**operation).works())
    });
    assert!(works.count() >= 62);
}

#[test]
fn the_configuration_in_the_readme_is_one() {
    let readme = readme();
    let mut blocks = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let text = blocks.find(|block| block.contains("[providers.")).expect("it shows one");
    let config = Config::from_toml(text).expect("its keys exist");
    config.provider(None).expect("its values are good");
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    let opening: String = readme().lines().take(10).collect::<Vec<_>>().join("\n");
    assert!(opening.contains("cargo run -- demo") && opening.contains("cargo test --workspace"), "{opening}");
}
