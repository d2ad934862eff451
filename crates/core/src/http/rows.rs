//! Lists of resources in one pass: each row is decoded where it stands, its text kept, and what it is
//! wanted as made of it at once, so that a long list never stands in memory in two forms.
//!
//! Everything here returns `None` where anything is not as it should be: it is then for the caller to
//! find out what, row by row.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Deserializer;
use serde_json::value::RawValue;

use super::{Doc, Items, Rows};
use crate::error::Error;
use crate::native::Native;

/// Of how many rows nobody concludes how many there are.
const FEW: usize = 128;

/// The members of an object by their names.
pub(super) type Members<'a> = HashMap<String, &'a RawValue>;

/// The rows of a body that is an array.
pub(super) fn read_array<T: DeserializeOwned, M>(
    body: &Arc<Bytes>,
    convert: impl FnMut(Doc<T>) -> Result<M, Error>,
) -> Option<Items<M>> {
    let mut scan = Scan::new(body)?;
    let rows = scan.rows(convert)?;
    scan.end().map(|()| rows)
}

/// The rows of the array that a member of the body is, if there is one of this name, and the others.
pub(super) fn read_object<'a, T: DeserializeOwned>(
    body: &'a Arc<Bytes>,
    name: &str,
) -> Option<(Members<'a>, Option<Rows<T>>)> {
    let mut scan = Scan::new(body)?;
    let (mut members, mut rows) = (HashMap::new(), None);
    scan.eat('{')?;
    if scan.eat('}').is_none() {
        loop {
            let (member, _) = scan.value::<String>()?;
            scan.eat(':')?;
            if member == name {
                rows = Some(scan.rows(Ok)?);
            } else {
                members.insert(member, scan.value()?.0);
            }
            if scan.eat(',').is_none() {
                break;
            }
        }
        scan.eat('}')?;
    }
    scan.end().map(|()| (members, rows))
}

/// A JSON text, read from its start.
struct Scan<'a> {
    body: &'a Arc<Bytes>,
    rest: &'a str,
}

impl<'a> Scan<'a> {
    /// What is skipped in a row is kept in its text, so that the whole must be text.
    fn new(body: &'a Arc<Bytes>) -> Option<Self> {
        Some(Self { body, rest: std::str::from_utf8(body).ok()? })
    }

    fn skip_white(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
    }

    fn eat(&mut self, sign: char) -> Option<()> {
        self.skip_white();
        self.rest = self.rest.strip_prefix(sign)?;
        Some(())
    }

    /// Nothing may stand behind it.
    fn end(mut self) -> Option<()> {
        self.skip_white();
        self.rest.is_empty().then_some(())
    }

    /// The next value, and its text.
    fn value<T: Deserialize<'a>>(&mut self) -> Option<(T, &'a str)> {
        self.skip_white();
        let mut values = Deserializer::from_str(self.rest).into_iter();
        let value = values.next()?.ok()?;
        let (text, rest) = self.rest.split_at(values.byte_offset());
        self.rest = rest;
        Some((value, text))
    }

    fn rows<T: DeserializeOwned, M>(
        &mut self,
        mut convert: impl FnMut(Doc<T>) -> Result<M, Error>,
    ) -> Option<Items<M>> {
        let mut rows = Vec::new();
        self.eat('[')?;
        if self.eat(']').is_some() {
            return Some(rows);
        }
        let length = self.rest.len();
        loop {
            let (value, text) = self.value()?;
            if rows.len() == rows.capacity() {
                // As many as there are if they go on like this; the first ones say little of a long list.
                let read = rows.len() + 1;
                let expected = read.saturating_mul(self.rest.len()) / (length - self.rest.len()) + 1;
                rows.reserve_exact(match read {
                    ..=FEW => expected.min(FEW),
                    _ if 8 * read < expected => expected / 4,
                    _ => expected,
                });
            }
            rows.push(convert(Doc { value, native: Native::piece(self.body, text) }));
            if self.eat(',').is_none() {
                self.eat(']')?;
                return Some(rows);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::value::RawValue;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        a: u8,
    }

    fn reply(text: &'static str) -> Arc<Bytes> {
        Arc::new(Bytes::from_static(text.as_bytes()))
    }

    fn read(text: &[u8]) -> Option<Vec<(u8, String)>> {
        let rows = read_array(&Arc::new(Bytes::copy_from_slice(text)), |row: Doc<Row>| {
            Ok((row.value.a, row.native.text().to_owned()))
        });
        Some(rows?.into_iter().map(|row| row.expect("converted")).collect())
    }

    /// The same, with a text for each row first.
    fn read_row_by_row(text: &[u8]) -> Option<Vec<(u8, String)>> {
        let rows: Vec<&RawValue> = serde_json::from_slice(text).ok()?;
        let read =
            |row: &&RawValue| Some((serde_json::from_str::<Row>(row.get()).ok()?.a, row.get().to_owned()));
        rows.iter().map(read).collect()
    }

    #[test]
    fn rows_and_their_texts_come_in_order() {
        let text = b" [ {\"a\":1, \"b\":[\"\\u005d\", {}]},\n{\"a\" : 2}\t] ";
        let expected = [(1, r#"{"a":1, "b":["\u005d", {}]}"#.to_owned()), (2, r#"{"a" : 2}"#.to_owned())];
        assert_eq!(read(text), Some(expected.to_vec()));
        assert_eq!(read(b"[]"), Some(vec![]));
        assert_eq!(read(b" [ ] "), Some(vec![]));
    }

    #[test]
    fn what_is_not_an_array_of_rows_is_left_to_the_caller() {
        for text in [
            &b""[..],
            b"[",
            b"]",
            b"{}",
            b"[{\"a\":1}",
            b"[{\"a\":1},]",
            b"[,{\"a\":1}]",
            b"[{\"a\":1} {\"a\":1}]",
            b"[{\"a\":1}]]",
            b"[{\"a\":1}] x",
            b"[{\"a\":300}]",
            b"[1]",
            b"[null]",
            b"[{\"a\":1,\"b\":\"\xff\"}]",
            b"\xc2\xa0[{\"a\":1}]",
        ] {
            assert_eq!(read(text), None, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn a_list_in_an_object_is_read_with_what_stands_beside_it() {
        let body = reply(r#" { "count" : 2 , "rows": [{"a":1}, {"a":2}], "next":null } "#);
        let (members, rows) = read_object::<Row>(&body, "rows").expect("an object");
        assert_eq!(
            rows.expect("a list").into_iter().map(|row| row.expect("read").value.a).collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!((members.len(), members["count"].get(), members["next"].get()), (2, "2", "null"));
        let (members, rows) = read_object::<Row>(&body, "others").expect("an object");
        assert_eq!((members.len(), rows.is_none()), (3, true));
        for body in ["{}", r#"{"rows":[]}"#] {
            let body = reply(body);
            let (members, rows) = read_object::<Row>(&body, "rows").expect("an object");
            assert!(members.is_empty() && rows.unwrap_or_default().is_empty());
        }
        for body in [
            "",
            "[]",
            "{",
            r#"{"rows":null}"#,
            r#"{"rows":[1]}"#,
            r#"{"a":1,}"#,
            r#"{"a":}"#,
            "{}{}",
            "{a:1}",
        ] {
            assert!(read_object::<Row>(&reply(body), "rows").is_none(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn one_pass_reads_what_two_read(text in r#"[ \[]{0,3}(\{"a":[0-9]{1,3}(,"b":(1|"[\]}]"|\[\]))?\}[ ,]{0,2}){0,4}[ \]]{0,3}"#) {
            prop_assert_eq!(read(text.as_bytes()), read_row_by_row(text.as_bytes()));
        }
    }
}
