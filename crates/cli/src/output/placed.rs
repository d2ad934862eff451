//! Rows that know where they come from.

use orgport::{Invitation, Member, Organization};
use serde::Serialize;

use super::record::{Column, Kind, Record};

/// A row with its provider and organization.
#[derive(Debug, Serialize)]
pub(crate) struct Placed<R> {
    #[serde(flatten)]
    row: R,
    provider: String,
    organization: String,
    /// Ids of invitations there are secrets, which are not to be shown.
    #[serde(skip)]
    hides_ids: bool,
}

impl<R> Placed<R> {
    pub(crate) fn new(row: R, provider: &str, organization: &str, hides_ids: bool) -> Self {
        Self { row, provider: provider.to_owned(), organization: organization.to_owned(), hides_ids }
    }
}

impl<R> Placed<R>
where
    Self: Record,
{
    /// The columns of a table of many places: where, and then what one place has.
    pub(crate) fn with_place() -> Vec<&'static str> {
        let place = PLACE.iter().map(|column| column.name);
        let listed = Self::COLUMNS.iter().filter(|column| column.listed).map(|column| column.name);
        place.chain(listed).collect()
    }

    fn values_of(&self, values: Vec<String>) -> Vec<String> {
        let hide = |(column, value): (&Column, String)| match column.kind {
            Kind::InvitationId if self.hides_ids => String::new(),
            _ => value,
        };
        let place = [self.provider.clone(), self.organization.clone()];
        Self::COLUMNS.iter().zip(values.into_iter().chain(place)).map(hide).collect()
    }
}

const PLACE: [Column; 2] = [Column::text("provider").unlisted(), Column::id("organization").unlisted()];

/// These columns, and behind them the place.
const fn placed<const N: usize>(columns: &[Column]) -> [Column; N] {
    let mut all = [PLACE[0]; N];
    let mut index = 0;
    while index < columns.len() {
        all[index] = columns[index];
        index += 1;
    }
    all[index] = PLACE[0];
    all[index + 1] = PLACE[1];
    all
}

macro_rules! placed {
    ($($row:ty),*) => {$(
        impl Record for Placed<$row> {
            const COLUMNS: &'static [Column] = &placed::<{ <$row>::COLUMNS.len() + 2 }>(<$row>::COLUMNS);

            fn values(&self) -> Vec<String> {
                self.values_of(self.row.values())
            }
        }
    )*};
}

placed!(Organization, Member, Invitation);
