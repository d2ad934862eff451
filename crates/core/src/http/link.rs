//! Pages that the vendor links to: `Link: <…>; rel="next"` (RFC 8288).

use http::HeaderMap;
use http::header::LINK;
use url::Url;

use super::Response;
use crate::error::Error;

impl Response {
    /// Where the vendor says that the next page is, for [`Request::page`](super::Request::page):
    /// a path with its query, below the base URL. `None` on the last page.
    ///
    /// # Errors
    ///
    /// `Protocol` if that is at another origin or not below the base URL, since the credential does
    /// not go there.
    pub fn next_page(&self) -> Result<Option<String>, Error> {
        let Some(target) = next_of(&self.headers) else { return Ok(None) };
        let asked: Url = self.uri.to_string().parse().expect("it was made of one");
        let next =
            asked.join(&target).map_err(|_| self.protocol("the link to the next page is not a URL"))?;
        if next.origin().ascii_serialization() != self.base_url.origin() {
            return Err(self.protocol("the next page is at another origin, where the credential does not go"));
        }
        let path = next.path().strip_prefix(self.base_url.path()).filter(|path| path.starts_with('/'));
        let path = path.ok_or_else(|| self.protocol("the next page is not below the base URL"))?;
        Ok(Some(match next.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        }))
    }
}

/// The target of the first link whose relation is `next`.
fn next_of(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(LINK).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(links).find(|(_, relations)| is_next(relations)).map(|(target, _)| target)
}

fn is_next(relations: &str) -> bool {
    relations.split_ascii_whitespace().any(|relation| relation.eq_ignore_ascii_case("next"))
}

/// The links of one header, each with its relations; it ends where it can no longer be read.
fn links(line: &str) -> Vec<(String, String)> {
    let mut links = Vec::new();
    let mut rest = line;
    while let Some((target, parameters)) =
        rest.trim_start_matches([',', ' ', '\t']).strip_prefix('<').and_then(|rest| rest.split_once('>'))
    {
        let mut relations = None;
        rest = parameters;
        while let Some(parameter) = rest.trim_start().strip_prefix(';') {
            let (name, value, behind) = parameter_of(parameter);
            // The first one counts.
            if name.eq_ignore_ascii_case("rel") {
                relations.get_or_insert(value);
            }
            rest = behind;
        }
        links.push((target.trim().to_owned(), relations.unwrap_or_default()));
    }
    links
}

/// Name and value of the parameter that a text begins with, and what is behind it.
fn parameter_of(text: &str) -> (&str, String, &str) {
    let end = text.find(['=', ';', ',']).unwrap_or(text.len());
    let (name, rest) = (text[..end].trim(), &text[end..]);
    let Some(value) = rest.strip_prefix('=').map(str::trim_start) else { return (name, String::new(), rest) };
    let Some(quoted) = value.strip_prefix('"') else {
        let end = value.find([';', ',']).unwrap_or(value.len());
        return (name, value[..end].trim().to_owned(), &value[end..]);
    };
    let mut plain = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (name, plain, &quoted[at + 1..]),
            '\\' => plain.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => plain.push(char),
        }
    }
    (name, plain, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(lines: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(LINK, line.parse().expect("a header"));
        }
        next_of(&headers)
    }

    #[test]
    fn the_next_page_is_found_among_other_links() {
        for lines in [
            &[r#"<https://x.example/a?page=2>; rel="next""#][..],
            &["<https://x.example/a?page=2>;rel=next"],
            &[r#"<https://x.example/a?page=9>; rel="last", <https://x.example/a?page=2>; rel="next""#],
            &[r#"<https://x.example/a?page=1>; rel="prev""#, r#"<https://x.example/a?page=2>; rel="next""#],
            &[
                r#"<https://x.example/b>; title="a, \"b\"; rel=next"; rel=self, <https://x.example/a?page=2>; REL = "Other NEXT""#,
            ],
            &[", <https://x.example/a?page=2>; title*=UTF-8''n%c3%a4chste; crossorigin; rel=next"],
        ] {
            assert_eq!(next(lines).as_deref(), Some("https://x.example/a?page=2"), "{lines:?}");
        }
    }

    #[test]
    fn where_none_is_linked_there_is_none() {
        for line in ["", "rel=next", "<a", "<a>", r#"<a>; rel="nextly""#, r#"<a>; rel="prev"; rel="next""#] {
            assert_eq!(next(&[line]), None, "{line}");
        }
    }
}
