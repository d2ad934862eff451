//! The rows behind a header.

use std::collections::BTreeMap;

use orgport::{Email, Role};

use super::cells::Row;
use super::header::Header;
use super::mailbox::{Item, items};
use super::{Fault, Person, Place, Roles};
use crate::formula::unguarded;

/// The people of all rows, and the rows that cannot be read for sure.
pub(super) fn people(header: Header<'_>, roles: Roles<'_>) -> Vec<Result<Person, Fault>> {
    let Header { names, email, account, role, rows } = header;
    let columns = Columns { names: &names, email, account, role, roles };
    let mut all = Vec::new();
    let mut unnamed = UnnamedRoles::default();
    for row in rows {
        let people = row.and_then(|row| {
            let people = columns.people(&row).map_err(|what| Fault::new(row.line, what))?;
            if role.is_none() && !people.is_empty() {
                unnamed.look_at(&row, roles);
            }
            Ok(people)
        });
        match people {
            Ok(people) => all.extend(people.into_iter().map(Ok)),
            Err(fault) => all.push(Err(fault)),
        }
    }
    all.extend(unnamed.column().map(|column| {
        let name = names.cell(column);
        let what = format!("the column {name:?} has nothing but roles: call it role, or take it away");
        Err(Fault::new(names.line, what))
    }));
    all
}

/// Of each column with values, whether all of them are roles: whatever it is called and in which
/// language, nobody is to be given another role since it was not read.
#[derive(Default)]
struct UnnamedRoles(BTreeMap<usize, bool>);

impl UnnamedRoles {
    fn look_at(&mut self, row: &Row, roles: Roles<'_>) {
        for column in 0..row.cells.len() {
            let cell = row.cell(column);
            if !cell.is_empty() {
                let are_roles = self.0.entry(column).or_insert(true);
                *are_roles = *are_roles && roles(cell).is_ok();
            }
        }
    }

    fn column(self) -> Option<usize> {
        self.0.into_iter().find_map(|(column, are_roles)| are_roles.then_some(column))
    }
}

struct Columns<'a> {
    names: &'a Row,
    email: usize,
    account: Option<usize>,
    role: Option<usize>,
    roles: Roles<'a>,
}

impl Columns<'_> {
    fn people(&self, row: &Row) -> Result<Vec<Person>, String> {
        if row.is_blank() || self.is_comment(row)? || row.cells == self.names.cells {
            return Ok(Vec::new());
        }
        self.check(row)?;
        let place = Place::Line(row.line);
        let role = self.role.map_or(Ok(None), |column| self.role_of(row.cell(column)))?;
        let person = |item| match item {
            Item::Person(invitee) => Ok(Person { place, invitee, role: role.clone() }),
            Item::Role(role) => Err(format!("{:?} is not an e-mail address", role.as_str())),
            Item::Unknown(text) => {
                let fault = Email::parse(&text).err();
                Err(fault.map_or(text, |fault| fault.message().to_owned()))
            }
        };
        let people: Vec<_> =
            items(self.named(row), true, self.roles).into_iter().map(person).collect::<Result<_, _>>()?;
        if people.is_empty() {
            return Err(format!("has nothing in the column {:?}", self.names.cell(self.email)));
        }
        Ok(people)
    }

    /// Who is meant by a row: the address, or where there is none the account.
    fn named<'r>(&self, row: &'r Row) -> &'r str {
        let account = self.account.map_or("", |column| row.cell(column));
        match row.cell(self.email) {
            "" if unguarded(account).starts_with('@') => account,
            address => address,
        }
    }

    /// Says whether a row begins with `#`. Where that could be a name, it is not guessed.
    fn is_comment(&self, row: &Row) -> Result<bool, String> {
        let is_comment = row.cell(0).starts_with('#');
        if is_comment && self.email > 0 && row.cell(self.email).contains('@') {
            return Err(
                "begins with # like a comment, and names an address: take one of them away".to_owned()
            );
        }
        Ok(is_comment)
    }

    /// Looks for people where nobody is expected.
    fn check(&self, row: &Row) -> Result<(), String> {
        for index in 0..row.cells.len() {
            let (cell, name) = (row.cell(index), self.names.cell(index));
            if name.is_empty() && !cell.is_empty() {
                return Err(format!("{cell:?} is one value too many: its column has no name"));
            }
            if index != self.email && cell.contains('\n') && cell.contains('@') {
                let what = "goes over several lines and holds addresses: the quotes may be wrong";
                return Err(format!("the column {name:?} {what}"));
            }
        }
        Ok(())
    }

    fn role_of(&self, cell: &str) -> Result<Option<Role>, String> {
        if cell.is_empty() {
            return Ok(None);
        }
        (self.roles)(cell).map(Some).map_err(|error| error.message().to_owned())
    }
}
