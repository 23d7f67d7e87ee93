//! The ambulance, the police or the fire brigade take over what the call centre cannot do.

use super::{Seen, link::desk_stage_by};
use crate::effect::Effect;
use crate::ladder::after;
use crate::{Decision, Ladder, Refusal, Service, What, say};
use model::Timestamp;

/// The holder stays the holder: somebody asks how it went.
pub(super) fn hand_over(
    seen: &Seen<'_>,
    by: &str,
    role_may_override: bool,
    to: Service,
    words: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let (incident, _) = seen.held(by, role_may_override)?;
    let words = words.trim();
    if words.is_empty() {
        return Err(Refusal::Missing { field: "words" });
    }
    let deadline_at = after(now, ladder.follow_up_s);
    let stage = incident.stage(desk_stage_by(incident, by));
    let (by, words, no_contact) = (by.to_owned(), words.to_owned(), !to.is_contact());
    let what = What::HandedOver { by, to, words, deadline_at, no_contact };
    let say = match to {
        Service::Ambulance => say::AMBULANCE,
        Service::Police => say::POLICE,
        Service::Fire => say::FIRE,
    };
    let progress = Effect::Progress { stage, say: say.into(), at: now };
    Ok(Decision::next(incident, now, what, vec![progress]))
}
