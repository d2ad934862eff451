//! The keys of a table, as the struct has them that it is read into.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

/// The fields of a struct that derives `Deserialize`; none for what is no struct, and for one with a
/// flattened part.
pub(crate) fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    T::deserialize(Recorder).err().map_or(&[], |Recorded(fields)| fields)
}

/// Reads nothing and notes what it is asked for.
struct Recorder;

#[derive(Debug)]
struct Recorded(&'static [&'static str]);

impl<'de> Deserializer<'de> for Recorder {
    type Error = Recorded;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Recorded> {
        Err(Recorded(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Recorded> {
        Err(Recorded(fields))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Recorded {}

impl serde::de::Error for Recorded {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}
