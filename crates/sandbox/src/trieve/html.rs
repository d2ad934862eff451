//! The cleaning that a name goes through on every update of an organization: the vendor reads it
//! as HTML, drops the elements and writes the text that is left.
//!
//! Tags, comments and the usual character references are read as a browser would. Not played: the
//! implied elements of a full HTML parser and the named references beyond Latin 1.

/// Elements that leave a blank on either side.
const SPACED: [&str; 24] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "ul",
];
/// Elements that leave one blank, having no end.
const BREAKS: [&str; 2] = ["br", "hr"];
/// Elements that go together with their content.
const DELETED: [&str; 6] = ["iframe", "noembed", "noframes", "noscript", "script", "style"];

enum Markup {
    Comment,
    Start(String),
    End(String),
}

/// `markup` as the vendor stores it.
pub(super) fn clean(markup: &str) -> String {
    let mut clean = String::new();
    let mut rest = skip_blank(markup);
    // Blanks ahead of the first element or text go; a comment is neither.
    let mut started = false;
    while let Some(next) = rest.chars().next() {
        if let Some((markup, after)) = read_markup(rest) {
            started |= !matches!(markup, Markup::Comment);
            rest = if started { after } else { skip_blank(after) };
            match markup {
                Markup::Start(name) if DELETED.contains(&name.as_str()) => rest = behind_end_of(&name, rest),
                Markup::Start(name) if BREAKS.contains(&name.as_str()) => clean.push(' '),
                Markup::Start(name) | Markup::End(name) if SPACED.contains(&name.as_str()) => clean.push(' '),
                _ => {}
            }
            continue;
        }
        started = true;
        let (character, after) = read_reference(rest).unwrap_or((next, &rest[next.len_utf8()..]));
        push_escaped(&mut clean, character);
        rest = after;
    }
    clean
}

fn skip_blank(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\x0c'])
}

fn push_escaped(text: &mut String, character: char) {
    match character {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        '\u{a0}' => text.push_str("&nbsp;"),
        other => text.push(other),
    }
}

/// The tag or comment that `text` starts with, and what follows it. One that never ends takes the
/// rest of the text along.
fn read_markup(text: &str) -> Option<(Markup, &str)> {
    let inside = text.strip_prefix('<')?;
    if let Some(comment) = inside.strip_prefix("!--") {
        return Some((Markup::Comment, behind(comment, "-->")));
    }
    let closing = inside.strip_prefix('/');
    let name = tag_name(closing.unwrap_or(inside));
    if !name.is_empty() {
        let after = behind_tag(&closing.unwrap_or(inside)[name.len()..]);
        let name = name.to_ascii_lowercase();
        return Some((if closing.is_some() { Markup::End(name) } else { Markup::Start(name) }, after));
    }
    inside.starts_with(['!', '?', '/']).then(|| (Markup::Comment, behind(inside, ">")))
}

fn tag_name(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(text.len());
    &text[..end]
}

fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// What follows the `>` of a tag; one inside a quoted attribute value does not end it.
fn behind_tag(attributes: &str) -> &str {
    let mut quote = None;
    let mut previous = ' ';
    for (at, c) in attributes.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '>') => return &attributes[at + 1..],
            (None, '"' | '\'') if previous == '=' => quote = Some(c),
            _ => {}
        }
        if !c.is_ascii_whitespace() {
            previous = c;
        }
    }
    ""
}

fn behind_end_of<'a>(name: &str, content: &'a str) -> &'a str {
    let mut rest = content;
    while let Some(at) = rest.find("</") {
        rest = &rest[at..];
        match read_markup(rest) {
            Some((Markup::End(end), after)) if end == name => return after,
            _ => rest = &rest[2..],
        }
    }
    ""
}

/// The named references of Latin 1 from U+00A0 on, which need no `;` behind them.
const LATIN_1: &str = "\
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc \
    Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve \
    Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute \
    acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde \
    ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
/// The others that need none.
const BASIC: &str = "amp& lt< gt> quot\" AMP& LT< GT> QUOT\" COPY© REG®";

/// The character reference that `text` starts with, and what follows it.
fn read_reference(text: &str) -> Option<(char, &str)> {
    let inside = text.strip_prefix('&')?;
    inside.strip_prefix('#').map_or_else(|| read_name(inside), read_number)
}

fn read_number(number: &str) -> Option<(char, &str)> {
    let hexadecimal = number.strip_prefix(['x', 'X']);
    let (digits, radix) = hexadecimal.map_or((number, 10), |digits| (digits, 16));
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let character = char::from_u32(u32::from_str_radix(&digits[..end], radix).ok()?)?;
    let after = &digits[end..];
    Some((character, after.strip_prefix(';').unwrap_or(after)))
}

/// The longest name wins: `notation` might begin with `not` alone.
fn read_name(text: &str) -> Option<(char, &str)> {
    if let Some(after) = text.strip_prefix("apos;") {
        return Some(('\'', after));
    }
    let basic = BASIC.split(' ').filter_map(|it| it.char_indices().last().map(|(at, to)| (&it[..at], to)));
    let known = LATIN_1.split(' ').zip('\u{a0}'..).chain(basic);
    let (name, character) =
        known.filter(|(name, _)| text.starts_with(name)).max_by_key(|(name, _)| name.len())?;
    let after = &text[name.len()..];
    Some((character, after.strip_prefix(';').unwrap_or(after)))
}
