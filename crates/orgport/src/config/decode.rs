//! From the tree to the structs of the settings. Their serde implementations say which keys there
//! are and what each can be; what they refuse is named with its place.

use std::collections::btree_map;
use std::slice;

use orgport_core::Error;
use orgport_core::config::ProviderConfig;
use orgport_document::{Node, Origin, Table, Value, check_keys};
use serde::de::value::{MapAccessDeserializer, MapDeserializer, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::fields::fields_of;
use super::secret::{Found, Sources};
use super::wrong::Wrong;

/// What a [`Secret`](orgport_core::Secret) asks a deserializer for.
const SECRET: &str = "$orgport::Secret";
/// The table in which every text may stand elsewhere, as secrets may.
const AUTH: &str = "auth";
/// The key there which says what the others are.
const TYPE: &str = "type";

/// A value in its place, to be read.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    pub(super) node: &'a Node,
    pub(super) path: String,
    sources: &'a Sources,
    /// Its texts may name the place where the text stands.
    sourced: bool,
    /// It is what all providers have: names, ids and addresses on one line, and where texts may stand
    /// elsewhere nothing but texts.
    is_common: bool,
}

impl<'a> Place<'a> {
    pub(super) fn new(node: &'a Node, path: impl Into<String>, sources: &'a Sources) -> Self {
        Self { node, path: path.into(), sources, sourced: false, is_common: false }
    }

    /// Reads a struct from those entries of a table that are its own.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.read_entries(|key| fields_of::<T>().contains(&key), false)
    }

    /// Reads what all providers have, without the entries that a kind has instead.
    pub(super) fn read_common(&self, own: &[&str]) -> Result<ProviderConfig, Error> {
        let common = fields_of::<ProviderConfig>();
        self.read_entries(|key| common.contains(&key) && !own.contains(&key), true)
    }

    fn read_entries<T: DeserializeOwned>(
        &self,
        is_read: impl Fn(&str) -> bool,
        is_common: bool,
    ) -> Result<T, Error> {
        let mut entries = self.node.table(&self.path)?.clone();
        entries.retain(|key, _| is_read(key));
        let node = Node { value: Value::Table(entries), origin: self.node.origin.clone() };
        let place = Place { node: &node, is_common, ..self.clone() };
        T::deserialize(place).map_err(Wrong::into_error)
    }

    fn inner(&self, key: &str, node: &'a Node) -> Self {
        let path = format!("{}.{key}", self.path);
        let sourced = key == AUTH || self.sourced && key != TYPE;
        Self { node, path, sourced, ..self.clone() }
    }

    fn error(&self, wrong: Wrong) -> Wrong {
        wrong.at(self.node, &self.path)
    }

    /// The text itself, wherever it stands.
    fn text(&self) -> Result<String, Wrong> {
        if !self.sourced {
            return Ok(self.plain(self.node.text(&self.path)?)?.to_owned());
        }
        let found = self.sources.find(self.node, &self.path)?;
        let what = "cannot come from the program's secret source";
        found.known.ok_or_else(|| self.error(Wrong::unplaced(what)))
    }

    /// A text as it is, which has no lines and nothing that cannot be seen in what all providers have.
    fn plain<'t>(&self, text: &'t str) -> Result<&'t str, Wrong> {
        if self.is_common && text.contains(char::is_control) {
            let what = "has a line break or another control character in it: remove it";
            return Err(self.error(Wrong::unplaced(what)));
        }
        Ok(text)
    }

    /// What a [`Secret`](orgport_core::Secret) or a [`SecretCell`](orgport_core::SecretCell) is made
    /// of: the text, and where to find it again.
    fn secret<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Wrong> {
        let Found { known, reference } = self.sources.find(self.node, &self.path)?;
        let Some(reference) = reference else { return visitor.visit_string(known.unwrap_or_default()) };
        let entries = [("$orgport::known", known), ("$orgport::reference", Some(reference))];
        let entries = entries.into_iter().filter_map(|(key, text)| Some((key, text?)));
        visitor.visit_map(MapDeserializer::<_, Wrong>::new(entries))
    }

    fn any<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Wrong> {
        let read = match &self.node.value {
            Value::Text(_) if self.sourced => self.secret(visitor),
            Value::Text(text) => visitor.visit_str(self.plain(text)?),
            Value::List(items) => visitor.visit_seq(Items { place: self, items: items.iter() }),
            Value::Table(table) => visitor.visit_map(Entries::new(self, table)),
            // Serde would refuse it, too, and not say which entry it was.
            _ if self.sourced && self.is_common => return Err(self.not_a("a text in quotes")),
            Value::Integer(integer) => visitor.visit_i64(*integer),
            Value::Boolean(boolean) => visitor.visit_bool(*boolean),
            Value::Other(_) => return Err(self.not_a("a text, a number, true or false, or a list of them")),
        };
        read.map_err(|wrong| self.error(wrong))
    }

    /// Variables hold only texts: one that stands for something else is read as JSON.
    fn unfolded<T>(self, read: impl FnOnce(&Place<'_>) -> Result<T, Wrong>) -> Result<T, Wrong> {
        let (Value::Text(text), Origin::Variable(_)) = (&self.node.value, &self.node.origin) else {
            return read(&self);
        };
        match serde_json::from_str(text) {
            Ok(json) => read(&Place { node: &Node::from_json(json, &self.node.origin), ..self }),
            Err(_) => read(&self),
        }
    }

    fn not_a(&self, what: &str) -> Wrong {
        self.error(Wrong::unplaced(format!("must be {what}, not {}", self.node.type_name())))
    }

    fn integer(&self) -> Result<i64, Wrong> {
        match self.node.value {
            Value::Integer(integer) => Ok(integer),
            _ => Err(self.not_a("a whole number")),
        }
    }
}

/// Reads a whole number of a certain size.
macro_rules! integers {
    ($($method:ident, $visit:ident, $type:ty;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            self.unfolded(|place| {
                let number = <$type>::try_from(place.integer()?).map_err(|_| {
                    let range = format!("must be a whole number from {} to {}", <$type>::MIN, <$type>::MAX);
                    place.error(Wrong::unplaced(range))
                })?;
                visitor.$visit(number).map_err(|wrong| place.error(wrong))
            })
        })*
    };
}

impl<'de> Deserializer<'de> for Place<'_> {
    type Error = Wrong;

    integers! {
        deserialize_i8, visit_i8, i8;
        deserialize_i16, visit_i16, i16;
        deserialize_i32, visit_i32, i32;
        deserialize_i64, visit_i64, i64;
        deserialize_u8, visit_u8, u8;
        deserialize_u16, visit_u16, u16;
        deserialize_u32, visit_u32, u32;
        deserialize_u64, visit_u64, u64;
    }

    forward_to_deserialize_any! { i128 u128 f32 f64 char bytes byte_buf identifier }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.any(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_bool(self.node.boolean(&self.path)?).map_err(|wrong| self.error(wrong))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_string(self.text()?).map_err(|wrong| self.error(wrong))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match name {
            SECRET => {
                self.node.text(&self.path)?;
                Self { sourced: true, ..self }.any(visitor)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.unfolded(|place| match &place.node.value {
            Value::List(_) => place.any(visitor),
            _ => Err(place.not_a("a list")),
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.unfolded(|place| {
            place.node.table(&place.path)?;
            place.any(visitor)
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.unfolded(|place| {
            check_keys(place.node.table(&place.path)?, &place.path, fields)?;
            place.any(visitor)
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.unfolded(|place| {
            match &place.node.value {
                Value::Table(table) => {
                    visitor.visit_enum(MapAccessDeserializer::new(Entries::new(place, table)))
                }
                _ => visitor.visit_enum(place.text()?.into_deserializer()),
            }
            .map_err(|wrong| place.error(wrong))
        })
    }
}

/// The items of a list, one after the other.
struct Items<'a> {
    place: &'a Place<'a>,
    items: slice::Iter<'a, Node>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let place = |node| Place { node, ..self.place.clone() };
        self.items.next().map(|node| seed.deserialize(place(node))).transpose()
    }
}

/// The entries of a table, one after the other.
struct Entries<'a> {
    place: &'a Place<'a>,
    rest: btree_map::Iter<'a, String, Node>,
    value: Option<Place<'a>>,
}

impl<'a> Entries<'a> {
    fn new(place: &'a Place<'a>, table: &'a Table) -> Self {
        Self { place, rest: table.iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Wrong;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some((key, node)) = self.rest.next() else { return Ok(None) };
        let place = self.value.insert(self.place.inner(key, node));
        let key: StrDeserializer<'_, Wrong> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|wrong| place.error(wrong))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        let place = self.value.take().expect("a key was asked for");
        let (node, path) = (place.node, place.path.clone());
        seed.deserialize(place).map_err(|wrong| wrong.at(node, &path))
    }
}
