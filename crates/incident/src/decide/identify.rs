//! It turns out whom an incident is about, or that it is about somebody else.

use super::Seen;
use crate::{Decision, Refusal, What};
use model::{ResidentId, Timestamp};

/// Anybody at the desk may know the voice; it need not be the holder.
pub(super) fn identify(
    seen: &Seen<'_>,
    by: &str,
    resident: Option<&ResidentId>,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let incident = seen.open()?;
    if incident.resident.as_ref() == resident {
        return Ok(Decision::nothing());
    }
    let (resident, was) = (resident.cloned(), incident.resident.clone());
    let what = What::Identified { by: by.to_owned(), resident, was };
    Ok(Decision::next(incident, now, what, Vec::new()))
}
