//! What was seen of people at a place, in a form that can be shown to anybody.

use orgport_core::{Error, ErrorKind, InvitationId, Timestamp};
use serde::Serialize;

use crate::plan::{SeenInvitation, SeenMember};
use crate::snapshot::Snapshot;
use crate::subject::Subject;

/// What was seen of the people at a place at one time.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Sighting {
    /// When reading began.
    pub began_at: Timestamp,
    /// When reading ended.
    pub ended_at: Timestamp,
    /// Whether everything could be read, so that absence is proven.
    pub whole: bool,
    /// Their memberships.
    pub members: Vec<SeenMember>,
    /// Their invitations, of every status.
    pub invitations: Vec<SeenInvitation>,
    /// How many members show no address and are not named by an id: nobody can tell who they are.
    pub without_address: usize,
}

impl Sighting {
    pub(super) fn of(snapshot: &Snapshot, people: &[Subject]) -> Self {
        let members = &snapshot.members.rows;
        let found = |member: &&_| people.iter().any(|person| person.is_member(member));
        let invitations = snapshot.invitations.rows.iter();
        Self {
            began_at: snapshot.began_at,
            ended_at: snapshot.ended_at,
            whole: snapshot.is_whole(),
            members: members.iter().filter(found).map(SeenMember::of).collect(),
            invitations: invitations
                .filter(|row| people.iter().any(|person| person.is_invited_by(row)))
                .filter_map(SeenInvitation::of)
                .collect(),
            without_address: members.iter().filter(|row| row.email.is_none() && !found(row)).count(),
        }
    }
}

/// Why something could not be read or done, without any invitation's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// What kind of thing went wrong.
    pub kind: ErrorKind,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The vendor's own code.
    pub code: Option<String>,
    /// What happened, in a line.
    pub message: String,
    /// The vendor's id for the request, for its support.
    pub request_id: Option<String>,
}

impl Fault {
    /// What an error says, blanking these ids.
    pub(super) fn of<'a>(error: &Error, ids: impl IntoIterator<Item = &'a InvitationId>) -> Self {
        let blank = |text: String, id: &InvitationId| text.replace(id.as_str(), "…");
        Self {
            kind: error.kind(),
            status: error.status(),
            code: error.vendor_code().map(str::to_owned),
            message: ids.into_iter().fold(error.to_string(), blank),
            request_id: error.request_id().map(str::to_owned),
        }
    }
}
