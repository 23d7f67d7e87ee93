//! Something was done or learnt. Anybody at the desk may say so, at any time; only the holder's word says
//! that the holder goes on with it. Signals that wait are confirmed by name, and by nothing else.

use super::{Seen, shows_up};
use crate::ladder::after;
use crate::plan::last_cry;
use crate::{Contact, Decision, Ladder, Refusal, What};
use model::Timestamp;

/// Adds the note; the holder's one sets the next time to ask.
pub(super) fn note(
    seen: &Seen<'_>,
    by: &str,
    text: &str,
    contact: Option<Contact>,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let incident = seen.current()?;
    let text = text.trim();
    if text.is_empty() && contact.is_none() {
        return Err(Refusal::Missing { field: "text" });
    }
    let is_holder = incident.holder().is_some_and(|holder| holder.username == by);
    let deadline_at = is_holder.then(|| after(now, ladder.follow_up_s));
    let cry = last_cry(incident).filter(|_| contact == Some(Contact::Resident)).cloned();
    let progress = shows_up(incident, by, now);
    let what = What::Noted { by: by.to_owned(), text: text.to_owned(), contact, deadline_at, cry };
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}
