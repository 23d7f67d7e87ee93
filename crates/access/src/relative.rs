//! A relative sees the residents they hold a grant for, from the grant's start to its end.
//!
//! What happened before the grant was somebody else's to know: an incident opened before it stays
//! unseen, also while the grant runs. After its end nothing is seen, not even what was seen before.

use crate::{AUDITED, Action, Decision, Subject, Who};
use model::{ResidentId, Timestamp};

const NO_GRANT: Decision = Decision::Refused("there is no grant that runs now for this");

pub(crate) fn decide(who: &Who, action: Action, subject: &Subject, now: Timestamp) -> Decision {
    match action {
        Action::ListIncidents
        | Action::ReadIncident
        | Action::ReadResident
        | Action::ReadTrack
        | Action::Live => {
            if sees(who, action, subject, now) {
                Decision::Allowed
            } else {
                NO_GRANT
            }
        }
        Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::Locate => Decision::Refused("only operators and supervisors handle incidents"),
        Action::ListResidents => Decision::Refused("a relative sees only the residents granted to them"),
        Action::ReadQuarantine => {
            Decision::Refused("quarantine is read by supervisors and administrators only")
        }
        Action::ReadAudit => AUDITED,
    }
}

fn sees(who: &Who, action: Action, subject: &Subject, now: Timestamp) -> bool {
    match subject {
        Subject::Incident { resident, opened_at, .. } => resident
            .as_ref()
            .is_some_and(|resident| grants(who, now).any(|(id, from)| id == resident && from <= *opened_at)),
        Subject::Resident { id, .. } => grants(who, now).any(|(granted, _)| granted == id),
        // A list or a subscription as such: each thing in it is asked about again.
        Subject::Nothing => {
            matches!(action, Action::ListIncidents | Action::Live) && grants(who, now).next().is_some()
        }
    }
}

/// The beginning of the earliest grant that runs now; without one there is nothing to see.
pub(crate) fn seen_from(who: &Who, resident: &ResidentId, now: Timestamp) -> Timestamp {
    let of_them = grants(who, now).filter(|(id, _)| *id == resident).map(|(_, from)| from);
    of_them.min().unwrap_or(Timestamp::MAX)
}

/// The grants that run now, with their start.
fn grants(who: &Who, now: Timestamp) -> impl Iterator<Item = (&ResidentId, Timestamp)> {
    who.granted
        .iter()
        .filter(move |(_, from, to)| *from <= now && to.is_none_or(|to| now < to))
        .map(|(id, from, _)| (id, *from))
}
