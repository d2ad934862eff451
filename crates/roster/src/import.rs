//! From what is there to a roster that says so.

mod edit;
mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use orgport_core::{Error, Role};
use toml_edit::DocumentMut;

use self::edit::Files;
use self::names::Names;
use crate::plan::Site;
use crate::roster::{Roster, list_of};

/// Writes a roster that plans to nothing, as long as the places stay as they were read: everybody who
/// is in or has an invitation that waits, in the list of the role. Who is there in several ways, or with
/// a role that no list has, stands in `any_role`. Members who show neither an address nor an account or a
/// user id are left out; no plan touches them.
pub fn import(sites: &[Site]) -> String {
    let mut files = Files::one(PathBuf::new(), DocumentMut::new());
    add(&mut files, None, sites);
    files.into_texts().remove(0).1
}

/// Adds to a roster whoever is there and not in it, and places that it does not have, and keeps
/// everything else as it is written: comments, order, and the roles of those who are in it. Returns
/// the files that change, with their new text.
///
/// # Errors
///
/// `Config` if a file of the roster can no longer be read.
pub fn merge(roster: &Roster, sites: &[Site]) -> Result<Vec<(PathBuf, String)>, Error> {
    let mut files = Files::read(roster)?;
    add(&mut files, Some(roster), sites);
    Ok(files.into_changed())
}

fn add<'a>(files: &mut Files, roster: Option<&'a Roster>, sites: &'a [Site]) {
    let mut names = Names::of(roster, sites);
    let mut places = Vec::new();
    for site in sites {
        names.enter(&site.name);
        let access = roster.and_then(|roster| roster.access_at(&site.name));
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (person, role) in there(site, &mut names) {
            if access.is_some_and(|access| access.wanted.contains_key(&person)) {
                continue;
            }
            lists.entry(list_of(role.as_ref())).or_default().push(person);
        }
        places.push((&site.name, lists));
    }
    // What is known of somebody may come from several places.
    for (name, person) in names.into_new() {
        files.add_person(&name, &person);
    }
    for (place, lists) in places {
        files.add_access(place, &lists);
    }
}

/// Everybody at a place who is not exempt, with the role if it is one that a list has.
fn there(site: &Site, names: &mut Names<'_>) -> BTreeMap<String, Option<Role>> {
    let mut roles: BTreeMap<String, Vec<Option<Role>>> = BTreeMap::new();
    for member in &site.snapshot.members.rows {
        if let Some(name) = names.member(member) {
            roles.entry(name).or_default().push(member.role.clone());
        }
    }
    for invitation in site.snapshot.invitations.rows.iter().filter(|row| row.is_pending()) {
        if let Some(name) = names.invitee(invitation) {
            roles.entry(name).or_default().push(invitation.role.clone());
        }
    }
    let one = |roles: Vec<Option<Role>>| {
        let first = roles.first().cloned().flatten();
        first.filter(|first| {
            Role::KNOWN.contains(first) && roles.iter().all(|role| role.as_ref() == Some(first))
        })
    };
    roles.into_iter().map(|(name, roles)| (name, one(roles))).collect()
}
