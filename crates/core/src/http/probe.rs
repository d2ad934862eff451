//! Whether anybody responds at all.

use super::attempt::{Attempt, read_whole, said_date};
use super::credential::Credential;
use super::expected::Expected;
use super::prepared::Prepared;
use super::service::Deadline;
use super::{Request, Transport};
use crate::error::Error;
use crate::time::Timestamp;

/// What an address responds, whatever it means.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Probe {
    /// The HTTP status.
    pub status: u16,
    /// The clock of whoever responded, by the `Date` header.
    pub date: Option<Timestamp>,
}

/// Does what [`Transport::probe`] says.
pub(super) async fn probe(transport: &Transport) -> Result<Probe, Error> {
    let mut request = Request::get("").anonymous();
    request.expected = Expected::Anything;
    let prepared = Prepared::new(transport, &mut request)?;
    let credential = Credential::default();
    let deadline = Deadline::after(transport.shared.settings.attempt_timeout);
    let sending = prepared.with(&credential)?;
    let attempt =
        Attempt { transport, request: &request, credential: &credential, deadline, read: &read_whole };
    match attempt.send(sending).await {
        Ok(response) => Ok(Probe { status: response.status, date: said_date(&response.headers) }),
        Err(failed) => match failed.error.status() {
            Some(status) => Ok(Probe { status, date: said_date(&failed.headers) }),
            None => Err(failed.error.from_provider(transport.name())),
        },
    }
}
