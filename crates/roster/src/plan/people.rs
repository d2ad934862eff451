//! Whose a member's or an invitation's row is.

use std::collections::{BTreeMap, HashMap};

use orgport_core::{Email, Invitation, InvitationStatus, Member};

use crate::roster::{Access, PlaceName, Roster};
use crate::snapshot::Snapshot;

/// The people of a roster by the keys of their addresses.
pub(crate) type ByAddress<'a> = HashMap<&'a str, &'a str>;

pub(crate) fn by_address(roster: &Roster) -> ByAddress<'_> {
    roster
        .people()
        .flat_map(|(name, person)| person.addresses().map(move |email| (email.key(), name)))
        .collect()
}

/// What there is of one person.
#[derive(Debug, Default)]
pub(crate) struct Presence<'a> {
    pub(crate) members: Vec<&'a Member>,
    /// Invitations that wait.
    pub(crate) live: Vec<&'a Invitation>,
    /// Invitations that may wait or not.
    pub(crate) unclear: Vec<&'a Invitation>,
    /// Invitations that have expired, or that the vendor gave up on.
    pub(crate) expired: Vec<&'a Invitation>,
    /// A row of the person is never touched.
    pub(crate) is_exempt: bool,
}

/// Everybody at a place.
#[derive(Debug, Default)]
pub(crate) struct Everybody<'a> {
    /// People of the roster, by name.
    pub(crate) known: BTreeMap<&'a str, Presence<'a>>,
    /// Others, by the key of the address.
    pub(crate) strangers: BTreeMap<&'a str, Presence<'a>>,
    /// How many members show neither an address nor an account or id that anybody in the roster has.
    pub(crate) nameless: usize,
}

impl<'a> Everybody<'a> {
    pub(crate) fn of(
        roster: &'a Roster,
        access: &Access,
        place: &PlaceName,
        snapshot: &'a Snapshot,
        addresses: &ByAddress<'a>,
    ) -> Self {
        let ids = roster.people().filter_map(|(name, person)| Some((person.id_at(place)?.as_str(), name)));
        let ids: HashMap<_, _> = ids.collect();
        let accounts = roster.people().filter_map(|(name, person)| Some((person.account_at(place)?, name)));
        let accounts: HashMap<_, _> = accounts.collect();
        let mut all = Self::default();
        for member in &snapshot.members.rows {
            let own = [member.user_id.as_ref().map(AsRef::as_ref), Some(member.id.as_str())];
            let own = || own.iter().copied().flatten();
            let by_account = || accounts.get(member.account.as_ref()?);
            let by_id = own().find_map(|id: &str| ids.get(id)).or_else(by_account);
            let key = member.email.as_ref().map(Email::key);
            let is_exempt = own().any(|id| access.is_exempt_id(id))
                || access.exempts(member.email.as_ref(), member.account.as_ref());
            let presence = match (by_id.or_else(|| addresses.get(key?)), key) {
                (Some(name), _) => all.known.entry(name).or_default(),
                (None, _) if is_exempt => continue,
                (None, Some(key)) => all.strangers.entry(key).or_default(),
                (None, None) => {
                    all.nameless += 1;
                    continue;
                }
            };
            presence.is_exempt |= is_exempt;
            presence.members.push(member);
        }
        for invitation in &snapshot.invitations.rows {
            let by_account = invitation.account.as_ref().and_then(|account| accounts.get(account));
            let key = invitation.email.as_ref().map(Email::key);
            let is_exempt = access.exempts(invitation.email.as_ref(), invitation.account.as_ref());
            let presence = match (by_account.or_else(|| addresses.get(key?)), key) {
                (Some(name), _) => all.known.entry(name).or_default(),
                (None, Some(key)) if !is_exempt => all.strangers.entry(key).or_default(),
                // Without an address nobody can tell who is invited.
                (None, _) => continue,
            };
            presence.is_exempt |= is_exempt;
            match invitation.status {
                InvitationStatus::Pending => presence.live.push(invitation),
                InvitationStatus::Expired | InvitationStatus::Failed => presence.expired.push(invitation),
                InvitationStatus::Accepted | InvitationStatus::Declined => {}
                _ => presence.unclear.push(invitation),
            }
        }
        all
    }
}
