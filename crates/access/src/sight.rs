//! How much of a resident an account sees, once [`decide`](crate::decide) has said that it may look.

use crate::{Role, Who, Withheld, relative};
use model::{ResidentId, Timestamp};

/// What of a resident is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part that is shown or not")]
pub struct Sight {
    /// A position is seen from here on.
    pub from: Timestamp,
    /// Whether the position is seen. If not, it looks as if none were known.
    pub position: bool,
    /// A track is seen from here on.
    pub track_from: Timestamp,
    /// Whether the track is seen. If not, it looks as if nothing were known.
    pub track: bool,
    /// Whether telephones and addresses are whole; else only their last signs are.
    pub contact: bool,
    /// Whether what is on record for helpers is seen: illnesses, allergies, how somebody looks after themselves, the birth date, and
    /// who is to be rung.
    pub record: bool,
}

impl Sight {
    pub(crate) const NOTHING: Self = Self {
        from: Timestamp::MAX,
        position: false,
        track_from: Timestamp::MAX,
        track: false,
        contact: false,
        record: false,
    };
}

/// Whether where this resident was then is kept from the account: an incident was open of which it must not know, or is.
pub fn is_hidden(who: &Who, resident: &ResidentId, at: Timestamp) -> bool {
    withheld(who, resident).any(|kept| kept.hides(at))
}

/// Where it [is hidden](is_hidden) from the account where this resident was then: since when without a gap. What was before that
/// is the last it knows, as of a handset out of reach.
pub fn hidden_since(who: &Who, resident: &ResidentId, at: Timestamp) -> Option<Timestamp> {
    let begin = |at| withheld(who, resident).filter(|kept| kept.hides(at)).map(|kept| kept.since).min();
    let mut since = begin(at)?;
    // What is kept for another that was open when this one began goes back further.
    while let Some(earlier) = begin(since).filter(|earlier| *earlier < since) {
        since = earlier;
    }
    Some(since)
}

fn withheld<'a>(who: &'a Who, resident: &ResidentId) -> impl Iterator<Item = &'a Withheld> {
    who.withheld.iter().filter(move |kept| kept.resident == *resident)
}

/// Whether that position of a resident is kept from the account, which may be told of what it came with: it is older than the
/// grant, which does not reach back, or the consent covers no positions, or it [is hidden](is_hidden).
pub fn hides_place(who: &Who, resident: &ResidentId, at: Timestamp, now: Timestamp) -> bool {
    let is_before = match who.role {
        Role::Relative => at < relative::sight(who, resident, now).from,
        Role::Operator | Role::Supervisor | Role::Station | Role::Admin | Role::Auditor | Role::Service => {
            false
        }
    };
    is_before || is_hidden(who, resident, at)
}

/// Since when anything about this resident is kept from the account, be it over or not; then nothing later may be shown that tells
/// of it on the side.
pub fn withheld_since(who: &Who, resident: &ResidentId) -> Option<Timestamp> {
    withheld(who, resident).map(|kept| kept.since).min()
}

/// How much of this resident the account sees. Telephones and addresses are whole for those who help while an incident
/// is open, and masked for everybody else until they are asked for by name.
pub fn sight(who: &Who, resident: &ResidentId, has_open_incident: bool, now: Timestamp) -> Sight {
    let whole = Sight {
        from: Timestamp::MIN,
        position: true,
        track_from: Timestamp::MIN,
        track: true,
        contact: true,
        record: true,
    };
    match who.role {
        Role::Operator | Role::Supervisor => Sight { contact: has_open_incident, ..whole },
        Role::Admin => Sight { contact: false, ..whole },
        Role::Station => {
            let of_them = who.tasks.iter().filter(|task| task.resident.as_ref() == Some(resident));
            let from = of_them.map(|task| task.offered_at).min();
            from.map_or(Sight::NOTHING, |from| Sight { from, track_from: from, ..whole })
        }
        Role::Relative => relative::sight(who, resident, now),
        Role::Auditor | Role::Service => Sight::NOTHING,
    }
}
