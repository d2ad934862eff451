//! Lines of addresses and accounts, each with its role or with further ones.

use orgport::{Email, Invitee, Role};

use super::cells::named_separator;
use super::header::is_nothing;
use super::mailbox::{Item, items};
use super::{Fault, Person, Place, Roles};

/// The people of all lines, and the lines that cannot be read for sure.
pub(super) fn people(text: &str, roles: Roles<'_>) -> Vec<Result<Person, Fault>> {
    let lines = (1..).zip(text.split('\n'));
    let lines = lines.filter(|(_, line)| !is_nothing(line) && named_separator(line).is_none());
    let mut all = Vec::new();
    for (number, line) in lines {
        match people_of(&items(line, false, roles), roles) {
            Ok(people) => {
                let place = Place::Line(number);
                all.extend(people.into_iter().map(|(invitee, role)| Ok(Person { place, invitee, role })));
            }
            Err(what) => all.push(Err(Fault::new(number, what))),
        }
    }
    all
}

fn people_of(items: &[Item], roles: Roles<'_>) -> Result<Vec<(Invitee, Option<Role>)>, String> {
    if let [Item::Person(person), Item::Role(role)] = items {
        return Ok(vec![(person.clone(), Some(role.clone()))]);
    }
    let person = |item: &Item| match item {
        Item::Person(person) => Some((person.clone(), None)),
        _ => None,
    };
    items.iter().map(person).collect::<Option<_>>().ok_or_else(|| reason(items, roles))
}

/// Why these are no people.
fn reason(items: &[Item], roles: Roles<'_>) -> String {
    const FORM: &str = "a line is an address and its role, or addresses alone";
    let of = |error: orgport::Error| error.message().to_owned();
    let unknown = items.iter().enumerate().find_map(|(index, item)| match item {
        Item::Unknown(text) => Some((index, text)),
        _ => None,
    });
    match (items, unknown) {
        ([Item::Person(_), Item::Role(_), ..], Some((_, text))) => {
            format!("{text:?} is one value too many; {FORM}")
        }
        ([Item::Person(_), _], Some((_, text))) if !text.contains('@') => {
            roles(text).map_or_else(of, |_| FORM.to_owned())
        }
        (_, Some((_, text))) => Email::parse(text).map_or_else(of, |_| FORM.to_owned()),
        _ => format!("it is not clear whose role is meant; {FORM}"),
    }
}
