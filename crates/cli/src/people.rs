//! The people to invite, from the command line and from a file.

use std::io::Read;
use std::path::Path;

use orgport::{Email, NewInvitation, Role};

use crate::failure::Failure;

/// How many wrong lines are worth reading about at once.
const SHOWN: usize = 10;

/// Reads `email,role` lines, or one address per line, from a file or (`-`) standard input. A first
/// line `email,role` names the columns. Blank lines and those that begin with `#` are nothing.
///
/// # Errors
///
/// `InvalidInput` that names every wrong line.
pub(crate) fn read(from: &Path, role: Option<&Role>) -> Result<Vec<NewInvitation>, Failure> {
    let is_stdin = from.as_os_str() == "-";
    let shown = if is_stdin { "standard input".to_owned() } else { from.display().to_string() };
    let mut bytes = Vec::new();
    let read = if is_stdin {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(from).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}")))?;
    parse(&bytes, role).map_err(|faults| {
        let more = faults.len().saturating_sub(SHOWN);
        let told = faults[..faults.len() - more].join("; ");
        let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
        Failure::usage(format!("{shown}: {told}{rest}; nobody was invited"))
    })
}

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    email: usize,
    role: Option<usize>,
}

fn parse(bytes: &[u8], role: Option<&Role>) -> Result<Vec<NewInvitation>, Vec<String>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        vec![format!("line {line}: is not text in UTF-8")]
    })?;
    let mut columns = None;
    let (mut people, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let record = record(line);
        let columns = match (columns, header(&record)) {
            (Some(columns), _) => columns,
            (None, None) => *columns.insert(Columns { email: 0, role: Some(1) }),
            (None, Some(Ok(named))) => {
                columns = Some(named);
                continue;
            }
            // Without its columns, nothing behind it can be understood.
            (None, Some(Err(what))) => return Err(vec![format!("line {number}: {what}")]),
        };
        match person(&record, columns, role) {
            Ok(person) => people.push(person),
            Err(what) => faults.push(format!("line {number}: {what}")),
        }
    }
    if faults.is_empty() { Ok(people) } else { Err(faults) }
}

/// The values of a line, which spreadsheets also separate by `;` or a tab.
fn record(line: &str) -> csv::StringRecord {
    let delimiter = [b',', b';', b'\t'].into_iter().find(|byte| line.as_bytes().contains(byte));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    // One line of text always is a record.
    let _ = reader.read_record(&mut record);
    record
}

/// The columns that a header names, if the record is one.
fn header(record: &csv::StringRecord) -> Option<Result<Columns, String>> {
    let names: Vec<_> = record.iter().map(str::to_lowercase).collect();
    let email = names.iter().position(|name| name == "email")?;
    let unknown = names.iter().find(|name| !matches!(name.as_str(), "email" | "role"));
    Some(match unknown {
        Some(name) => Err(format!("{name:?} is not a column; the columns are email and role")),
        None => Ok(Columns { email, role: names.iter().position(|name| name == "role") }),
    })
}

fn person(
    record: &csv::StringRecord,
    columns: Columns,
    role: Option<&Role>,
) -> Result<NewInvitation, String> {
    let widest = columns.role.map_or(columns.email, |role| role.max(columns.email));
    if let Some(extra) = record.get(widest + 1) {
        return Err(format!("{extra:?} is one value too many; a line is email,role"));
    }
    let field = |column: usize| record.get(column).unwrap_or_default();
    let email = Email::parse(field(columns.email)).map_err(|error| error.message().to_owned())?;
    let own = columns.role.map(field).filter(|text| !text.is_empty());
    let own = own.map(str::parse::<Role>).transpose().map_err(|error| error.message().to_owned())?;
    let invitation = NewInvitation::to(email);
    Ok(match own.as_ref().or(role) {
        Some(role) => invitation.with_role(role.clone()),
        None => invitation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let shown = |one: NewInvitation| match one.role {
            Some(role) => format!("{} {role}", one.email.as_str()),
            None => one.email.as_str().to_owned(),
        };
        parse(text.as_bytes(), Some(&Role::Viewer))
            .map(|all| all.into_iter().map(shown).collect())
            .map_err(|faults| faults.join("; "))
    }

    #[test]
    fn one_address_per_line_is_enough() {
        let text = "\u{feff}ada@x.io\r\n\r\n# the second\r\n  bea@x.io  \r\n   \r\n  # indented\r\n";
        assert_eq!(read(text), Ok(vec!["ada@x.io viewer".to_owned(), "bea@x.io viewer".to_owned()]));
    }

    #[test]
    fn a_header_names_the_columns() {
        let both = Ok(vec!["ada@x.io admin".to_owned(), "bea@x.io viewer".to_owned()]);
        assert_eq!(read("email,role\nada@x.io,admin\nbea@x.io,\n"), both);
        assert_eq!(read("Role, Email\nadmin, ada@x.io\n, bea@x.io\n"), both);
        assert_eq!(read("ada@x.io,admin\nbea@x.io\n"), both);
        assert_eq!(read("email;role\n\"ada@x.io\";admin\nbea@x.io\tviewer\n"), both);
        assert_eq!(
            read("email,rol\nada@x.io,admin\n"),
            Err("line 1: \"rol\" is not a column; the columns are email and role".to_owned())
        );
    }

    #[test]
    fn every_wrong_line_is_named() {
        let faults = read("# people\nada@x.io\n\nada at x.io\nbea@x.io,boss\ncem@x.io,admin,now\n")
            .expect_err("three are wrong");
        assert!(faults.contains("line 4: \"ada at x.io\" is not an e-mail address"), "{faults}");
        assert!(faults.contains("line 5: \"boss\" is not a role"), "{faults}");
        assert!(faults.contains("line 6: \"now\" is one value too many"), "{faults}");
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let faults = parse(b"ada@x.io\n\xff\xfe@x.io\n", None).expect_err("not UTF-8");
        assert_eq!(faults, ["line 2: is not text in UTF-8"]);
    }
}
