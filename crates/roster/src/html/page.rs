//! The page around the matrix.

use std::fmt::{self, Display, Write as _};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac_sha256::Hash as Sha256;

use super::matrix::{Matrix, Words};
use crate::access::{Finding, FindingKind, Report, Row};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How many findings of a kind are unfolded on a screen; on paper all are.
const UNFOLDED: usize = 10;

/// Writes who has access where as one HTML page: a matrix of people by places that can be filtered
/// and sorted, with what stands out above it, when it was read, and by which `version` of the
/// program.
///
/// The page needs nothing from elsewhere and asks nobody for anything: its content security policy
/// allows its own style and script and no request. It works from a file, on paper, by keyboard, and
/// without its script as a plain table. No invitation's id is in it. What vendors call things is
/// shown as text and never obeyed.
pub fn page(report: &Report, version: &str) -> String {
    let matrix = Matrix::of(report);
    let mut html = String::new();
    // Writing into a string cannot fail.
    let _ = write_page(&mut html, report, &matrix, version);
    html
}

fn write_page(html: &mut String, report: &Report, matrix: &Matrix<'_>, version: &str) -> fmt::Result {
    write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; \
         script-src '{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"generator\" content=\"orgport {}\">\n\
         <title>Who has access</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#people\">To the people</a>\n",
        digest(STYLE),
        digest(SCRIPT),
        text(version),
    )?;
    write_header(html, report, matrix, version)?;
    html.push_str("<main>\n");
    write_unread(html, report)?;
    write_findings(html, report, matrix)?;
    write_people(html, report, matrix)?;
    write!(html, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

fn write_header(html: &mut String, report: &Report, matrix: &Matrix<'_>, version: &str) -> fmt::Result {
    let findings = told(report).count();
    let read = match report.read_at {
        Some((began, ended)) => format!(
            "Read from <time datetime=\"{began}\">{began}</time> to <time datetime=\"{ended}\">{ended}</time>"
        ),
        None => "Nothing was read".to_owned(),
    };
    writeln!(
        html,
        "<header>\n<h1>Who has access</h1>\n<p class=\"soft\">{read} by orgport {}.</p>\n<p>{}, {}, {}.</p>\n</header>",
        text(version),
        counted(matrix.people.len(), "person", "people"),
        counted(report.places.len(), "place", "places"),
        counted(findings, "finding", "findings"),
    )
}

/// What could not be read, where nobody overlooks it.
fn write_unread(html: &mut String, report: &Report) -> fmt::Result {
    let unread: Vec<_> = report.rows.iter().filter(|row| !row.state.is_person()).collect();
    if unread.is_empty() {
        return Ok(());
    }
    html.push_str("<section id=\"unread\" role=\"alert\">\n<h2>Not everything could be read</h2>\n");
    html.push_str("<p>Somebody may have access who is not shown here.</p>\n<ul>\n");
    for Row { place, state, error, .. } in unread {
        let error = error.as_ref().map(ToString::to_string).unwrap_or_default();
        writeln!(html, "<li><strong>{}</strong> {state}: {}</li>", name(place), name(&error))?;
    }
    html.push_str("</ul>\n</section>\n");
    Ok(())
}

/// The findings that are not told on top already.
fn told(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| finding.kind != FindingKind::Unreachable)
}

fn write_findings(html: &mut String, report: &Report, matrix: &Matrix<'_>) -> fmt::Result {
    html.push_str("<section id=\"findings\">\n<h2>What stands out</h2>\n");
    let findings: Vec<_> = told(report).collect();
    if findings.is_empty() {
        html.push_str("<p>Nothing.</p>\n");
    }
    for of_kind in findings.chunk_by(|a, b| a.kind == b.kind) {
        let kind = of_kind[0].kind;
        let open = if of_kind.len() <= UNFOLDED { " open" } else { "" };
        write!(
            html,
            "<details{open}>\n<summary><span class=\"count\">{}</span> <code>{kind}</code></summary>\n",
            of_kind.len()
        )?;
        if of_kind.iter().any(|finding| finding.key.is_some()) {
            writeln!(
                html,
                "<button type=\"button\" hidden data-finding=\"{kind}\">Show only these people</button>"
            )?;
        }
        html.push_str("<ul>\n");
        for finding in of_kind {
            let person = finding.key.as_deref().and_then(|key| matrix.index_of(key));
            let sentence = name(&finding.sentence);
            match person {
                Some(index) => writeln!(html, "<li><a href=\"#p{index}\">{sentence}</a></li>")?,
                None => writeln!(html, "<li>{sentence}</li>")?,
            }
        }
        html.push_str("</ul>\n</details>\n");
    }
    html.push_str("</section>\n");
    Ok(())
}

fn write_people(html: &mut String, report: &Report, matrix: &Matrix<'_>) -> fmt::Result {
    html.push_str("<section id=\"people\">\n<h2>People by place</h2>\n");
    write_filter(html, report, matrix)?;
    matrix.write(html, report)?;
    html.push_str("</section>\n");
    Ok(())
}

fn write_filter(html: &mut String, report: &Report, matrix: &Matrix<'_>) -> fmt::Result {
    html.push_str(
        "<form id=\"filter\" hidden>\n<label>Search<input type=\"search\" name=\"text\" autocomplete=\"off\" \
         placeholder=\"name, address, role …\"></label>\n",
    );
    write_select(html, "role", "Role", &matrix.roles)?;
    write_select(html, "state", "State", &matrix.states)?;
    html.push_str("<label>Finding<select name=\"finding\"><option value=\"\">all</option><option value=\"any\">any finding</option>");
    for kind in
        FindingKind::ALL.iter().filter(|kind| report.rows.iter().any(|row| row.findings.contains(kind)))
    {
        write!(html, "<option>{kind}</option>")?;
    }
    html.push_str("</select></label>\n<label class=\"narrow\">Sort by<select name=\"sort\"><option value=\"0\">person</option><option value=\"1\">findings</option>");
    for (index, place) in report.places.iter().enumerate() {
        write!(html, "<option value=\"{}\">{}</option>", index + 2, text(place.title()))?;
    }
    html.push_str(
        "</select></label>\n<button type=\"reset\">Show everybody</button>\n\
         <output id=\"count\" aria-live=\"polite\"></output>\n</form>\n",
    );
    Ok(())
}

fn write_select(html: &mut String, field: &str, label: &str, words: &Words) -> fmt::Result {
    write!(html, "<label>{label}<select name=\"{field}\"><option value=\"\">all</option>")?;
    for (index, word) in words.iter().enumerate() {
        write!(html, "<option value=\"{index}\">{}</option>", text(word))?;
    }
    html.push_str("</select></label>\n");
    Ok(())
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// What a content security policy calls this text.
fn digest(content: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::hash(content.as_bytes())))
}

/// A text from outside, kept from turning what stands around it.
pub(super) fn name(outside: &str) -> String {
    format!("<bdi>{}</bdi>", text(outside))
}

/// A text from outside, for an element or a quoted attribute: what HTML would obey is written as a
/// character reference, and what would be invisible or turn the text around is shown as U+FFFD.
pub(super) fn text(outside: impl Display) -> String {
    let mut escaped = String::new();
    for c in outside.to_string().chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                escaped.push(char::REPLACEMENT_CHARACTER);
            }
            c if c.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_text() {
        assert_eq!(text("<b a='1' c=\"2\">&amp;"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;");
        assert_eq!(text("a\0b\u{1b}\u{202e}c\n"), "a\u{fffd}b\u{fffd}\u{fffd}c\u{fffd}");
        assert_eq!(text("é 名前 👩\u{200d}💻"), "é 名前 👩\u{200d}💻");
    }
}
