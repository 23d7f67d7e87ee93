//! Somebody came back within a fence, or left forbidden ground. The desk sees it; nothing else changes, for nobody but the desk
//! ends a case, and a handset that came home may have come without its resident.

use crate::{Decision, Incident, Return, What};
use model::Timestamp;

pub(super) fn returned(incident: &Incident, of: &Return, now: Timestamp) -> Decision {
    if !incident.is_open() || incident.drill {
        return Decision::nothing();
    }
    Decision::next(incident, now, What::Returned { of: of.clone() }, Vec::new())
}
