//! A table's text as rows of cells.

use super::Fault;

/// What may stand between two cells.
pub(super) const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// A row of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

impl Row {
    /// The text of a cell without what nobody sees at its ends; empty if the row has none there.
    pub(super) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", |cell| visible(cell))
    }

    pub(super) fn is_blank(&self) -> bool {
        (0..self.cells.len()).all(|index| self.cell(index).is_empty())
    }
}

/// The text without blanks and marks of no width at its ends.
pub(super) fn visible(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    })
}

/// The rows of a text, from a line on.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    rest: &'a str,
    line: usize,
    separator: Option<char>,
}

/// What a spreadsheet's first line `sep=;` says.
pub(super) fn named_separator(line: &str) -> Option<char> {
    let (name, separator) = visible(line).trim_matches('"').split_at_checked(4)?;
    // A tab at the end of a line is not seen.
    let is_it = |known: &char| separator.chars().eq([*known]) || (separator.is_empty() && *known == '\t');
    SEPARATORS.into_iter().find(is_it).filter(|_| name.eq_ignore_ascii_case("sep="))
}

impl<'a> Rows<'a> {
    /// `line` is the number of the text's first line.
    pub(super) fn new(text: &'a str, line: usize, separator: Option<char>) -> Self {
        Self { rest: text, line, separator }
    }

    /// Takes the next cell, and what ends it: the separator, a line end, or the end of the text.
    /// Without a separator a line is a cell as it stands.
    fn cell(&mut self, separator: Option<char>) -> Result<(String, Option<char>), Fault> {
        let quoted = match self.rest.trim_start_matches(' ').strip_prefix('"') {
            Some(rest) if separator.is_some() => {
                self.rest = rest;
                Some(self.quoted()?)
            }
            _ => None,
        };
        let end = self.rest.find(|c| c == '\n' || Some(c) == separator).unwrap_or(self.rest.len());
        let (plain, rest) = self.rest.split_at(end);
        let mut rest = rest.chars();
        let end = rest.next();
        self.rest = rest.as_str();
        let cell = match quoted {
            None => plain.to_owned(),
            Some(quoted) if plain.trim().is_empty() => quoted,
            // As addresses are written: `"Doe, Jane" <jane@x.io>`.
            Some(quoted) if plain.trim_start().starts_with('<') => {
                format!("\"{}\"{plain}", quoted.replace('"', "'"))
            }
            Some(_) => {
                let what = format!("the quotes are not in pairs before {:?}", plain.trim());
                return Err(Fault::new(self.line, what));
            }
        };
        Ok((cell, end))
    }

    /// Takes what is left of a quoted text with the quote that ends it.
    fn quoted(&mut self) -> Result<String, Fault> {
        let start = self.line;
        let mut text = String::new();
        loop {
            let Some(end) = self.rest.find('"') else {
                return Err(Fault::new(start, "a quote is opened here, and closed nowhere"));
            };
            self.line += self.rest[..end].matches('\n').count();
            text.push_str(&self.rest[..end]);
            self.rest = &self.rest[end + 1..];
            match self.rest.strip_prefix('"') {
                Some(rest) => {
                    text.push('"');
                    self.rest = rest;
                }
                None => return Ok(text),
            }
        }
    }

    /// What stands between the cells of the next line, if it is another than usual.
    fn separator(&self) -> Option<char> {
        let line = self.rest.split('\n').next().unwrap_or_default();
        match self.separator {
            Some(usual) if !line.contains(usual) && !line.contains('"') => {
                SEPARATORS.into_iter().find(|other| line.contains(*other)).or(Some(usual))
            }
            usual => usual,
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, separator) = (self.line, self.separator());
        let mut cells = Vec::new();
        loop {
            match self.cell(separator) {
                Ok((cell, end)) => {
                    cells.push(cell);
                    if end.is_none_or(|end| end == '\n') {
                        break;
                    }
                    // A line that ends in a separator has nothing behind it.
                    if self.rest.is_empty() {
                        break;
                    }
                }
                // Nothing behind it can be told apart any more.
                Err(fault) => {
                    self.rest = "";
                    return Some(Err(fault));
                }
            }
        }
        self.line += 1;
        Some(Ok(Row { line, cells }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, String> {
        let rows = Rows::new(text, 1, Some(separator)).map(|row| row.map(|row| (row.line, row.cells)));
        rows.collect::<Result<_, _>>().map_err(|fault| fault.to_string())
    }

    fn row(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_hold_cells_together_over_lines() {
        assert_eq!(
            rows("a;\"b;\n\"\"c\"\"\";d\n\ne;;\nf", ';'),
            Ok(vec![row(1, &["a", "b;\n\"c\"", "d"]), row(3, &[""]), row(4, &["e", "", ""]), row(5, &["f"])])
        );
        assert_eq!(rows("\"Doe, J\" <j@x.io>,b", ','), Ok(vec![row(1, &["\"Doe, J\" <j@x.io>", "b"])]));
    }

    #[test]
    fn quotes_that_are_not_in_pairs_swallow_nobody() {
        assert_eq!(
            rows("a\n\"b,c\nd,e\n", ','),
            Err("line 2: a quote is opened here, and closed nowhere".into())
        );
        let fault = rows("\"Ada,ada@x.io\n\"Bea\",bea@x.io\n", ',').expect_err("not in pairs");
        assert!(fault.starts_with("line 2: the quotes are not in pairs before \"Bea"), "{fault}");
    }

    #[test]
    fn a_named_separator_is_one_character() {
        for (line, separator) in [
            ("sep=;", Some(';')),
            ("\"SEP=,\"", Some(',')),
            ("sep=\t", Some('\t')),
            ("sep=a@x.io", None),
            ("sep", None),
        ] {
            assert_eq!(named_separator(line), separator, "{line:?}");
        }
    }

    #[test]
    fn a_line_with_another_separator_is_read_by_it() {
        assert_eq!(
            rows("a;b\nc\td\ne", ';'),
            Ok(vec![row(1, &["a", "b"]), row(2, &["c", "d"]), row(3, &["e"])])
        );
    }
}
