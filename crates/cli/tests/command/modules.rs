//! The command's own modules import each other in one direction.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

/// Module paths such as `commands::invitation::create`, each with its source.
fn sources(folder: &Path, module: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path: PathBuf = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let below =
            |name: &str| if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") };
        if path.is_dir() {
            sources(&path, &below(&name), found);
        } else {
            let module = if name == "mod" { module.to_owned() } else { below(&name) };
            found.insert(module, fs::read_to_string(&path).expect("text"));
        }
    }
}

/// The paths of a `use` declaration's tree, from the root of the crate.
fn paths(tree: &str, module: &str) -> Vec<String> {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let tree: String = tree.split_whitespace().collect::<Vec<_>>().join(" ");
    let (root, rest) = tree.split_once("::").unwrap_or((&tree, ""));
    let base = match root {
        "crate" => "",
        "self" => module,
        "super" => parent,
        _ => return Vec::new(),
    };
    let (common, leaves) = match rest.split_once('{') {
        Some((common, leaves)) => (common.trim_end_matches("::"), leaves.trim_end_matches('}')),
        None => (rest, ""),
    };
    let joined = |leaf: &str| {
        let parts = [base, common, leaf].into_iter().filter(|part| !part.is_empty() && *part != "self");
        parts.collect::<Vec<_>>().join("::")
    };
    leaves.split(',').map(|leaf| joined(leaf.trim())).collect()
}

/// The module that a path leads to or into.
fn module_of(path: &str, modules: &BTreeMap<String, String>) -> Option<String> {
    let mut path = path;
    loop {
        if modules.contains_key(path) {
            return Some(path.to_owned());
        }
        path = path.rsplit_once("::")?.0;
    }
}

#[test]
fn imports_make_no_circle() {
    let mut modules = BTreeMap::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut modules);
    let uses = Regex::new(r"(?m)^(?:pub\(crate\) )?use ((?:crate|self|super)::[^;]+);").expect("a pattern");
    let mut imports: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (module, source) in &modules {
        let trees = uses.captures_iter(source).flat_map(|found| paths(&found[1], module));
        let leads = trees.filter_map(|path| module_of(&path, &modules)).filter(|other| other != module);
        imports.insert(module.clone(), leads.collect());
    }
    assert!(imports["cli"].contains("commands::org") && imports["lib"].contains("cli"), "{imports:?}");
    // Whoever imports nothing that is left can be taken away; in a circle nobody can.
    while let Some(free) = imports.iter().find(|(_, leads)| leads.is_empty()).map(|(name, _)| name.clone()) {
        imports.remove(&free);
        for leads in imports.values_mut() {
            leads.remove(&free);
        }
    }
    assert!(imports.is_empty(), "these import each other: {imports:#?}");
}
