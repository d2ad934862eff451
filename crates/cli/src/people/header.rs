//! The first line of a table, which names its columns.

use super::Fault;
use super::cells::{Row, Rows, SEPARATORS, named_separator, visible};

/// How columns of addresses are called: small letters and digits alone.
const ADDRESSES: [&str; 20] = [
    "email",
    "emails",
    "mail",
    "emailaddress",
    "emailaddresses",
    "mailaddress",
    // Directories.
    "primaryemail",
    "primaryemailaddress",
    "emailaddressrequired",
    "workemail",
    "workemailaddress",
    "useremail",
    "emailid",
    // Other languages.
    "emailadresse",
    "mailadresse",
    "adresseemail",
    "adressemail",
    "courriel",
    "correoelectrónico",
    "correo",
];

/// Columns that may hold what people are to be allowed, and are not called so.
const RIGHTS: [&str; 6] = ["right", "rights", "access", "accesslevel", "accesstype", "accessrights"];

/// Columns of this command's own lists that say what there is beside the role.
const OWN: [&str; 2] = ["nativerole", "presentrole"];

/// A table, of which the names of the columns are known.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) names: Row,
    pub(super) email: usize,
    /// Where accounts may be named, of people without an address.
    pub(super) account: Option<usize>,
    pub(super) role: Option<usize>,
    /// Those behind it.
    pub(super) rows: Rows<'a>,
}

impl Header<'_> {
    /// The names of columns that say nothing here.
    pub(super) fn unread(&self) -> impl Iterator<Item = &str> {
        let read = |index: usize| index == self.email || [self.account, self.role].contains(&Some(index));
        let names = (0..self.names.cells.len()).filter(move |index| !read(*index));
        names.map(|index| self.names.cell(index)).filter(|name| !name.is_empty())
    }
}

/// Finds the header, if the text has one.
///
/// # Errors
///
/// If the first line is a header of which the columns cannot be told.
pub(super) fn find(text: &str) -> Result<Option<Header<'_>>, Fault> {
    let (mut rest, mut line, mut given) = (text, 1, None);
    let first = loop {
        let Some(first) = rest.split('\n').next().filter(|_| !rest.is_empty()) else { return Ok(None) };
        let separator = named_separator(first);
        if separator.is_none() && !is_nothing(first) {
            break first;
        }
        given = separator.or(given);
        rest = rest[first.len()..].strip_prefix('\n').unwrap_or_default();
        line += 1;
    };
    if first.contains('@') {
        return Ok(None);
    }
    let separators = match given {
        Some(separator) => vec![separator],
        None => SEPARATORS.into_iter().filter(|separator| first.contains(*separator)).collect(),
    };
    for separator in separators.iter().copied().map(Some).chain([None]) {
        let mut rows = Rows::new(rest, line, separator);
        let Some(names) = rows.next().transpose()? else { continue };
        if let Some(header) = header(names, rows)? {
            return Ok(Some(header));
        }
    }
    if separators.is_empty() && !plain(first).contains("mail") {
        return Ok(None);
    }
    let what = format!(
        "{:?} has no address, and names no column of addresses: a first line may name columns, one of them email \
         (or e-mail, email address, mail, …)",
        visible(first)
    );
    Err(Fault::new(line, what))
}

/// Says whether a line has nothing to say.
pub(super) fn is_nothing(line: &str) -> bool {
    line.chars()
        .all(|c| c == '"' || SEPARATORS.contains(&c) || visible(c.encode_utf8(&mut [0; 4])).is_empty())
        || visible(line).starts_with('#')
}

/// The columns of a row, if it names one of addresses.
fn header(names: Row, rows: Rows<'_>) -> Result<Option<Header<'_>>, Fault> {
    let plain: Vec<_> = (0..names.cells.len()).map(|index| plain(names.cell(index))).collect();
    let Some(email) = the_one(&names, &plain, |name| ADDRESSES.contains(&name))? else { return Ok(None) };
    let account = the_one(&names, &plain, |name| name == "account")?;
    let role = the_one(&names, &plain, |name| name == "role")?;
    if let Some(name) = names.cells.iter().find(|name| name.contains('@')) {
        return Err(Fault::new(names.line, format!("{name:?} names no column: the quotes may be wrong")));
    }
    if role.is_none()
        && let Some(index) = plain.iter().position(|name| is_like_role(name))
    {
        let what = format!(
            "the column {:?} may be that of the roles: call it role, or take it away",
            names.cell(index)
        );
        return Err(Fault::new(names.line, what));
    }
    Ok(Some(Header { names, email, account, role, rows }))
}

/// The only column of these names.
fn the_one(names: &Row, plain: &[String], is_it: impl Fn(&str) -> bool) -> Result<Option<usize>, Fault> {
    let mut found = (0..plain.len()).filter(|index| is_it(&plain[*index]));
    match (found.next(), found.next()) {
        (Some(one), Some(other)) => {
            let (one, other) = (names.cell(one), names.cell(other));
            Err(Fault::new(
                names.line,
                format!("{one:?} and {other:?} name the same column: leave one of them"),
            ))
        }
        (found, _) => Ok(found),
    }
}

fn is_like_role(name: &str) -> bool {
    let words = ["role", "permission", "privilege", "berechtigung"];
    let alike =
        words.iter().any(|word| name.contains(word)) || name.starts_with("rol") || RIGHTS.contains(&name);
    alike && !OWN.contains(&name)
}

/// A name in small letters and digits alone: `E-Mail Address` is `emailaddress`.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Columns = (usize, Option<usize>, Vec<String>);

    fn columns(text: &str) -> Result<Option<Columns>, String> {
        let columns =
            |header: Header<'_>| (header.email, header.role, header.unread().map(str::to_owned).collect());
        find(text).map(|header| header.map(columns)).map_err(|fault| fault.to_string())
    }

    #[test]
    fn columns_are_known_by_many_names() {
        for name in [
            "email",
            "E-Mail",
            "Email Address",
            "e_mail",
            "Mail",
            "E-mail-Adresse",
            "Email Address [Required]",
        ] {
            assert_eq!(columns(&format!("{name}\nada@x.io")), Ok(Some((0, None, vec![]))), "{name}");
            let text = format!("\n# people\n\"{name}\";Role\n");
            assert_eq!(columns(&text), Ok(Some((0, Some(1), vec![]))), "{name}");
        }
        let unread = vec!["Name".to_owned(), "Team".to_owned()];
        assert_eq!(columns("Name\tE-mail\tTeam\tROLE\t\n"), Ok(Some((1, Some(3), unread))));
        assert_eq!(columns("id,user_id,email,role,native_role").map(|found| found.is_some()), Ok(true));
        assert_eq!(columns("sep=;\nName, first;mail"), Ok(Some((1, None, vec!["Name, first".to_owned()]))));
    }

    #[test]
    fn lines_of_addresses_have_no_header() {
        for text in [
            "",
            "\n\n",
            "\"\",\"\"\nada@x.io",
            "# people\nada@x.io,viewer",
            "Email <ada@x.io>",
            "ada at x.io\n",
        ] {
            assert_eq!(columns(text), Ok(None), "{text:?}");
        }
    }

    #[test]
    fn a_header_that_is_not_clear_is_refused() {
        for (text, word) in [
            ("\nname,address\n", "line 2: \"name,address\" has no address, and names no column"),
            ("Contact e-mail\n", "one of them email"),
            ("Email,Mail,Role", "\"Email\" and \"Mail\" name the same column"),
            ("email,role,Role", "\"role\" and \"Role\""),
            ("email,rol", "the column \"rol\" may be that of the roles"),
            ("email,Permission level", "the column \"Permission level\" may be that of the roles"),
            ("email,Permission", "call it role"),
        ] {
            assert!(columns(text).is_err_and(|fault| fault.contains(word)), "{text:?}: {:?}", columns(text));
        }
    }
}
