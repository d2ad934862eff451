//! A body that is an object, read by its members.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::response::{Doc, Response, Rows};
use super::rows;
use crate::error::Error;

/// The members of a body that is one object.
#[derive(Debug)]
pub struct Object<'a> {
    response: &'a Response,
    members: HashMap<String, &'a RawValue>,
}

impl Response {
    /// Reads a body that is an object, for clients whose resources stand in its members.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Response::read), if it is not an object.
    pub fn object(&self) -> Result<Object<'_>, Error> {
        Ok(Object { response: self, members: self.read()? })
    }

    /// Reads a body that is an object, and at once the resources that one of its members lists, as
    /// [`Object::list`] does.
    ///
    /// # Errors
    ///
    /// Those of [`object`](Response::object) and of `list`.
    pub fn object_with_list<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<(Object<'_>, Option<Rows<T>>), Error> {
        if let Some((members, rows)) = rows::read_object(&self.body, name) {
            return Ok((Object { response: self, members }, rows));
        }
        let object = self.object()?;
        let rows = object.list(name)?;
        Ok((object, rows))
    }
}

impl<'a> Object<'a> {
    /// The resource that a member holds.
    ///
    /// # Errors
    ///
    /// `Protocol` if there is no such member; those of [`Response::part`].
    pub fn doc<T: DeserializeOwned>(&self, name: &str) -> Result<Doc<T>, Error> {
        let missing = || self.response.protocol(format!("the response has no {name}"));
        self.response.part(self.member(name).ok_or_else(missing)?)
    }

    /// The resource that a member holds, if it holds one: a member may be missing or null.
    pub fn optional_doc<T: DeserializeOwned>(&self, name: &str) -> Option<Result<Doc<T>, Error>> {
        self.member(name).map(|part| self.response.part(part))
    }

    /// The resources that a member lists, each an error in its place if it cannot be read; `None` for
    /// a member that is missing or null.
    ///
    /// # Errors
    ///
    /// `Protocol` if the member is not a list.
    pub fn list<T: DeserializeOwned>(&self, name: &str) -> Result<Option<Rows<T>>, Error> {
        let Some(part) = self.member(name) else { return Ok(None) };
        match serde_json::from_str::<Vec<&RawValue>>(part.get()) {
            Ok(rows) => Ok(Some(self.response.parts(&rows))),
            // The parser's words would show what it did not expect.
            Err(_) => Err(self.response.protocol(format!("the response's {name} is not a list"))),
        }
    }

    /// A plain value that nothing depends on: `None` where it is missing or has another type.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.member(name)?.get()).ok()
    }

    fn member(&self, name: &str) -> Option<&'a RawValue> {
        self.members.get(name).copied().filter(|part| part.get() != "null")
    }
}
