//! How a vendor's row becomes a neutral model: the model keeps the vendor's JSON, and so does the
//! error where the row cannot be used.

use crate::error::{Error, ErrorKind, Reach};
use crate::http::{Doc, Rows};
use crate::identity::Identity;
use crate::invitation::Invitation;
use crate::member::Member;
use crate::native::Native;
use crate::organization::Organization;
use crate::page::Page;

/// A neutral model that keeps the vendor's JSON.
pub trait Model {
    /// With this JSON.
    #[must_use]
    fn with_native(self, native: Native) -> Self;
}

macro_rules! models {
    ($($model:ident,)*) => {
        $(impl Model for $model {
            fn with_native(mut self, native: Native) -> Self {
                self.native = Some(native);
                self
            }
        })*
    };
}

models! { Identity, Invitation, Member, Organization, }

/// A row that may be none of what is listed.
impl<M: Model> Model for Option<M> {
    fn with_native(self, native: Native) -> Self {
        self.map(|model| model.with_native(native))
    }
}

impl<T> Doc<T> {
    /// Converts what the vendor sent into a neutral model, which keeps the vendor's JSON.
    ///
    /// # Errors
    ///
    /// Those of `convert` as `Protocol`: what the vendor sent cannot be used, such as an empty id. They
    /// carry the row, so that it can be told whom it may concern.
    pub fn into_model<M: Model>(self, convert: impl FnOnce(T) -> Result<M, Error>) -> Result<M, Error> {
        let Self { value, native } = self;
        match convert(value) {
            Ok(model) => Ok(model.with_native(native)),
            Err(error) => {
                Err(error.with_kind(ErrorKind::Protocol).with_reach(Reach::Unanswered).with_row(native))
            }
        }
    }
}

impl<T> Page<T> {
    /// A list that the vendor returns whole, with each row converted; a row that cannot be read or
    /// converted is an error in its place.
    pub fn converted<V>(rows: Rows<V>, mut convert: impl FnMut(Doc<V>) -> Result<T, Error>) -> Self {
        Self::whole(rows.into_iter().map(|row| row.and_then(&mut convert)).collect())
    }
}
