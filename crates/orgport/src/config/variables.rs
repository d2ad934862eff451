//! Variables that override settings.

use orgport_document::{Node, Origin, Table, Value};

use super::environment::PREFIX;

/// No setting lies deeper, and a name without end must not make a tree without end.
const DEEPEST: usize = 8;

/// Puts a variable such as `ORGPORT__PROVIDERS__PROD__BASE_URL` in its place in the tree. A
/// provider's name may have `-` where the variable has `_`.
pub(super) fn put(tree: &mut Table, name: &str, value: &str) {
    let mut path: Vec<_> =
        name[PREFIX.len()..].to_lowercase().splitn(DEEPEST, "__").map(str::to_owned).collect();
    if let [providers, provider, ..] = &mut path[..]
        && providers == "providers"
    {
        // No name has an underscore, so this is what a provider that only variables know is called.
        *provider = provider.replace('_', "-");
    }
    let origin = Origin::Variable(name.to_owned());
    let (last, tables) = path.split_last().expect("a split has a part");
    let mut place = tree;
    for part in tables {
        let key = existing_key(place, part);
        let node = place
            .entry(key)
            .or_insert_with(|| Node { value: Value::Table(Table::new()), origin: origin.clone() });
        if !matches!(node.value, Value::Table(_)) {
            // The wrong type is reported where the tree is read, at the variable that made it one.
            *node = Node { value: Value::Table(Table::new()), origin: origin.clone() };
        }
        let Value::Table(inner) = &mut node.value else { unreachable!("it was just made a table") };
        place = inner;
    }
    let key = existing_key(place, last);
    place.insert(key, Node { value: Value::Text(value.to_owned()), origin });
}

/// The key that `part` of a variable's name means: the one there is, else itself.
fn existing_key(table: &Table, part: &str) -> String {
    let same = |key: &&String| key.replace('-', "_") == part.replace('-', "_");
    table.keys().find(same).map_or_else(|| part.to_owned(), Clone::clone)
}
