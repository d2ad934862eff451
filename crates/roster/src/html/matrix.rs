//! People by places.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use orgport_core::{InvitationStatus, Role, Timestamp};

use super::page::{name, text};
use crate::access::{Report, Row, State};

/// More places than these do not fit side by side on paper.
const ON_PAPER: usize = 6;

/// Words of a kind, in the order of their first use. Pages speak of them by number, so that no word
/// of a vendor's stands where something could be made of it.
pub(super) type Words = Vec<String>;

/// A report as a table.
pub(super) struct Matrix<'a> {
    pub(super) people: Vec<Vec<&'a Row>>,
    pub(super) roles: Words,
    pub(super) states: Words,
    by_key: HashMap<&'a str, usize>,
}

impl<'a> Matrix<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        let rows: Vec<_> = report.rows.iter().filter(|row| row.state.is_person()).collect();
        let people: Vec<_> = rows.chunk_by(|a, b| a.key == b.key).map(<[_]>::to_vec).collect();
        let by_key = people.iter().enumerate().map(|(index, rows)| (rows[0].key.as_str(), index)).collect();
        let mut roles: Vec<_> = rows.iter().filter_map(|row| row.role.as_ref()).collect();
        roles.sort_by_key(|role| (rank(Some(role)), role.as_str()));
        let mut states: Vec<_> = rows.iter().map(|row| row.state.to_string()).collect();
        states.sort();
        states.dedup();
        let mut roles: Vec<_> = roles.into_iter().map(Role::to_string).collect();
        roles.dedup();
        Self { people, roles, states, by_key }
    }

    pub(super) fn index_of(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    pub(super) fn write(&self, html: &mut String, report: &Report) -> fmt::Result {
        let wide = if report.places.len() > ON_PAPER { " class=\"wide\"" } else { "" };
        write!(
            html,
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"People by place\">\n<table{wide}>\n\
             <caption class=\"quiet\">A row per person and a column per place</caption>\n<thead>\n<tr>\n\
             <th scope=\"col\" aria-sort=\"ascending\"><button type=\"button\">Person</button></th>\n\
             <th scope=\"col\" aria-sort=\"none\"><button type=\"button\">Findings</button></th>\n"
        )?;
        let unread: Vec<_> = (0..report.places.len()).map(|column| is_unread(report, column)).collect();
        for (place, unread) in report.places.iter().zip(&unread) {
            let unread = if *unread { "<small class=\"unread\">not read whole</small>" } else { "" };
            writeln!(
                html,
                "<th scope=\"col\" aria-sort=\"none\"><button type=\"button\">{}</button>\
                 <small><bdi>{}</bdi> · {}</small>{unread}</th>",
                name(place.name()),
                text(&place.place).replace('/', "/<wbr>"),
                text(&place.kind)
            )?;
        }
        html.push_str("</tr>\n</thead>\n<tbody>\n");
        for (index, rows) in self.people.iter().enumerate() {
            self.write_person(html, report, index, rows, &unread)?;
        }
        html.push_str("</tbody>\n</table>\n</div>\n");
        Ok(())
    }

    fn write_person(
        &self,
        html: &mut String,
        report: &Report,
        index: usize,
        rows: &[&Row],
        unread: &[bool],
    ) -> fmt::Result {
        let roles = rows.iter().filter_map(|row| number(&self.roles, &row.role.as_ref()?.to_string()));
        let states = rows.iter().filter_map(|row| number(&self.states, &row.state.to_string()));
        let mut findings: Vec<_> = rows.iter().flat_map(|row| row.findings.iter()).collect();
        findings.sort();
        findings.dedup();
        writeln!(
            html,
            "<tr id=\"p{index}\" data-roles=\"{}\" data-states=\"{}\" data-findings=\"{}\">",
            list(roles),
            list(states),
            list(findings.iter())
        )?;
        write!(html, "<th scope=\"row\"><strong>{}</strong>", name(&rows[0].person))?;
        let mut addresses: Vec<_> = rows.iter().filter_map(|row| row.address.as_ref()).collect();
        addresses.dedup();
        for address in addresses.iter().filter(|address| address.as_str() != rows[0].person) {
            write!(html, "<small>{}</small>", name(address.as_str()))?;
        }
        write!(html, "</th>\n<td data-label=\"Findings\" data-sort=\"-{}\">", findings.len())?;
        for finding in &findings {
            write!(html, "<span class=\"finding\">{finding}</span>")?;
        }
        html.push_str("</td>\n");
        for (column, place) in report.places.iter().enumerate() {
            let here: Vec<_> = rows.iter().filter(|row| row.column == Some(column)).collect();
            let sort = here.iter().map(|row| weight(row)).min().unwrap_or(1_000);
            write!(html, "<td data-label=\"{}\" data-sort=\"{sort}\">", text(place.title()))?;
            for row in &here {
                write_access(html, row)?;
            }
            if here.is_empty() && unread[column] {
                html.push_str("<span class=\"unread\" title=\"not read whole\">?</span>");
            }
            html.push_str("</td>\n");
        }
        html.push_str("</tr>\n");
        Ok(())
    }
}

/// What a person is at a place.
fn write_access(html: &mut String, row: &Row) -> fmt::Result {
    let role = row.role.as_ref().map(Role::to_string).or_else(|| row.native_role.clone());
    let (class, word, role) = match (&row.state, role) {
        // A role alone is a member's.
        (State::Member, role) => ("member", role.unwrap_or_else(|| "member".to_owned()), None),
        (State::Invited(InvitationStatus::Pending), role) => ("pending", row.state.to_string(), role),
        (State::Invited(InvitationStatus::Expired), role) => ("expired", row.state.to_string(), role),
        (_, role) => ("other", row.state.to_string(), role),
    };
    let role = role.map(|role| format!(" as {}", name(&role))).unwrap_or_default();
    write!(html, "<div class=\"{class}\"><span class=\"state\">{}</span>{role}", name(&word))?;
    let day = |word: &str, time: Option<Timestamp>| {
        let time = time.map(|time| time.to_string())?;
        Some(format!("<small>{word} <time datetime=\"{time}\">{}</time></small>", time.split('T').next()?))
    };
    let until = if row.state == State::Member { None } else { row.expires };
    for time in [day("since", row.since), day("until", until)].into_iter().flatten() {
        html.push_str(&time);
    }
    html.push_str("</div>");
    Ok(())
}

/// Whether somebody could be at a place who is not shown there.
fn is_unread(report: &Report, column: usize) -> bool {
    report.rows.iter().any(|row| row.column == Some(column) && !row.state.is_person())
}

/// Where a cell stands when its column is sorted: members first, by what they may do.
fn weight(row: &Row) -> usize {
    rank(row.role.as_ref()) + if row.state == State::Member { 0 } else { 100 }
}

fn rank(role: Option<&Role>) -> usize {
    let place = role.and_then(|role| Role::KNOWN.iter().position(|known| known == role));
    place.unwrap_or(Role::KNOWN.len())
}

fn number(words: &Words, word: &str) -> Option<usize> {
    words.iter().position(|known| known == word)
}

/// The words of an attribute that is a list.
fn list(words: impl Iterator<Item = impl fmt::Display>) -> String {
    words.map(|word| word.to_string()).collect::<Vec<_>>().join(" ")
}
