//! The page that leads through this adapter shows the code that is compiled, and the cases that there are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::mistake::FOUND_BY;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/adapter.md")).expect("the page is there")
}

/// A text without its indentation.
fn flat(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

/// What stands between "// …" in the page's blocks of Rust.
fn pieces(page: &str) -> Vec<String> {
    let blocks = page.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.flat_map(|block| block.split("// …\n")).map(|piece| flat(piece).trim().to_owned()).collect()
}

#[test]
fn every_piece_of_code_is_of_the_adapter() {
    let folders = ["src", "src/bin", "tests/proof"];
    let files = folders.iter().flat_map(|folder| {
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder")
    });
    let files = files.map(|file| file.expect("a file").path()).filter(|path| path.is_file());
    let sources: Vec<_> = files.map(|path| flat(&fs::read_to_string(path).expect("text"))).collect();
    let pieces = pieces(&page());
    assert!(pieces.len() > 10, "{} pieces", pieces.len());
    for piece in pieces {
        assert!(sources.iter().any(|source| source.contains(&piece)), "it is not in the adapter:\n{piece}");
    }
}

#[test]
fn every_mistake_is_in_the_table_with_its_case() {
    let page = page();
    let table = page.split("| mistake | case |\n").nth(1).expect("a table");
    let rows: Vec<_> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), FOUND_BY.len());
    for (row, (mistake, case)) in rows.iter().zip(FOUND_BY) {
        assert!(row.ends_with(&format!("| `{case}` |")), "{mistake:?}: {row}");
    }
}
