//! A relative sees the residents they hold a grant for, from the grant's start to its end, and of them what the consent covers:
//! news, the position, the track. What is on record for helpers (illnesses, the birth date, who is to be rung) no consent covers.
//!
//! What happened before the grant was somebody else's to know: an incident opened before it stays
//! unseen, also while the grant runs. After its end nothing is seen, not even what was seen before.
//!
//! What staff withhold looks as if it were not there: the incident cannot be found, and of where the person is nothing is known that
//! is later than its beginning, as of a handset out of reach. A refusal would tell that there is something, and so would a past that
//! goes away. Of an incident that is over, the way of its time stays hidden ([`is_hidden`](crate::is_hidden)).

use crate::staff::{
    ADMINISTERED, ANSWERED_FOR, AUDITED, CONSENTED, DRAWN, LADDER, QUARANTINED, REVIEWED, SESSIONS,
};
use crate::{Action, Decision, Grant, Shares, Sight, Subject, Who};
use model::{IncidentId, ResidentId, Timestamp};

const NO_GRANT: Decision = Decision::Refused("there is no grant that runs now for this");
const NO_TRACK: Decision = Decision::Refused("the consent does not cover where the person was");
const NOT_THEIRS: Decision = Decision::Refused("only operators and supervisors handle incidents");

pub(crate) fn decide(who: &Who, action: Action, subject: &Subject, now: Timestamp) -> Decision {
    match action {
        Action::ListIncidents
        | Action::ReadIncident
        | Action::AnswerAsRelative
        | Action::ReadResident
        | Action::ReadTrack
        | Action::ReadRelatives
        | Action::Live => {
            if sees(who, action, subject, now) {
                Decision::Allowed
            } else if action == Action::ReadTrack && sees(who, Action::ReadResident, subject, now) {
                NO_TRACK
            } else {
                NO_GRANT
            }
        }
        Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnnounceCall
        | Action::Dispatch
        | Action::ReadFile
        | Action::DoTask
        | Action::ListTasks
        | Action::ReadReports
        | Action::ReadStations
        | Action::ReadTechnical
        | Action::ReadWatch
        | Action::ReadZones
        | Action::ManageDrills
        | Action::Withhold
        | Action::Locate => NOT_THEIRS,
        Action::ListResidents => Decision::Refused("a relative sees only the residents granted to them"),
        Action::ManageWatch | Action::ManageZones => DRAWN,
        Action::ManageLadder => LADDER,
        Action::ReadQuarantine => QUARANTINED,
        Action::ReadAudit => AUDITED,
        Action::ManageConsents => CONSENTED,
        Action::ReviewLooks => REVIEWED,
        Action::ReviewLate => ANSWERED_FOR,
        Action::ManageSessions => SESSIONS,
        Action::ManageAccounts
        | Action::ManageHandsets
        | Action::ManageResidents
        | Action::ManageStations
        | Action::AnswerForData => ADMINISTERED,
    }
}

fn sees(who: &Who, action: Action, subject: &Subject, now: Timestamp) -> bool {
    match subject {
        Subject::Incident { id, resident: Some(resident), opened_at, open, .. } => {
            grants(who, resident, now).any(|grant| grant.shares.news && grant.from <= *opened_at)
                && !is_withheld(who, resident, id.as_ref(), *open)
        }
        Subject::Resident { id, .. } => {
            grants(who, id, now).any(|grant| action != Action::ReadTrack || grant.shares.track)
        }
        // A list or a subscription as such: each thing in it is asked about again.
        Subject::Nothing => {
            matches!(action, Action::ListIncidents | Action::Live)
                && who.granted.iter().any(|grant| grant.runs(now))
        }
        Subject::Incident { resident: None, .. } | Subject::Everybody | Subject::Account { .. } => false,
    }
}

/// From the beginning of the earliest grant that runs now and covers it; without one there is nothing to see. What is withheld takes
/// nothing away that came before it; what came later [is hidden](crate::is_hidden).
pub(crate) fn sight(who: &Who, resident: &ResidentId, now: Timestamp) -> Sight {
    let since = |covers: fn(&Shares) -> bool| {
        grants(who, resident, now).filter(|grant| covers(&grant.shares)).map(|grant| grant.from).min()
    };
    let (position, track) = (since(|shares| shares.position), since(|shares| shares.track));
    Sight {
        from: position.unwrap_or(Timestamp::MAX),
        position: position.is_some(),
        track_from: track.unwrap_or(Timestamp::MAX),
        track: track.is_some(),
        contact: false,
        // No consent covers it: it asks for news, position and track alone.
        record: false,
    }
}

/// An open incident shows a position, so while one is withheld no open one is shown.
fn is_withheld(who: &Who, resident: &ResidentId, incident: Option<&IncidentId>, open: bool) -> bool {
    who.withheld.iter().filter(|kept| kept.resident == *resident).any(|kept| {
        let is_this = kept.incident.as_ref().is_none_or(|kept| Some(kept) == incident);
        is_this || (open && kept.until.is_none())
    })
}

/// The grants for this resident that run now.
fn grants<'a>(who: &'a Who, resident: &ResidentId, now: Timestamp) -> impl Iterator<Item = &'a Grant> {
    who.granted.iter().filter(move |grant| grant.resident == *resident && grant.runs(now))
}
