//! When the next attempt is due. Pure: the same message at the same moment always gets the same answer.
//!
//! | kind | waits after each failure | spread | end |
//! |---|---|---|---|
//! | life | 5 s, 15 s, 30 s, then 60 s | up to a tenth earlier | none; whoever ends the escalation ends it |
//! | other | 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h | up to a tenth later | ten attempts, or four days |
//!
//! Each wait begins where the attempt before it failed. The spread derives from the message's id, so that a
//! receiver that comes back is not met by everything at once.

use crate::Again;
use model::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How much hangs on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody may be lying on the floor.
    Life,
    /// Everything else.
    Other,
}

/// A busy line is free again in seconds; after a minute the other channels and people of the ladder have been tried.
const LIFE_WAITS_S: &[u32] = &[5, 15, 30];
/// A life alarm is tried at least this often, whatever the other side asks for.
const LIFE_LONGEST_S: u32 = 60;
/// The example of Standard Webhooks 1.0.0, behind the first attempt.
const OTHER_WAITS_S: &[u32] = &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// The waits above with their spread take 83 h; what is older was kept up by something else and helps nobody.
const OTHER_ENDS_AFTER: SignedDuration = SignedDuration::from_hours(96);

/// When to try again after so many failed attempts, the last of which ended now; none if it is over.
pub fn next_attempt(
    kind: Kind,
    id: &str,
    attempts: u32,
    first_due: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let Some(failed) = attempts.checked_sub(1) else { return Some(first_due) };
    let nth = usize::try_from(failed).unwrap_or(usize::MAX);
    match kind {
        Kind::Life => {
            let wait_ms = millis(LIFE_WAITS_S.get(nth).copied().unwrap_or(LIFE_LONGEST_S));
            Some(after(now, wait_ms - spread(id, attempts, wait_ms)))
        }
        Kind::Other => {
            let wait_ms = OTHER_WAITS_S.get(nth).copied().map(millis)?;
            within_reason(first_due, after(now, wait_ms + spread(id, attempts, wait_ms)))
        }
    }
}

/// The same when it is known how the last attempt ended.
///
/// A life alarm is tried again although the other side refused it: what refused it may be a full account or a setting
/// that somebody is about to mend, and an attempt costs nothing. A wish to be left alone is granted up to a minute.
pub fn after_failure(
    kind: Kind,
    id: &str,
    attempts: u32,
    first_due: Timestamp,
    now: Timestamp,
    again: Again,
) -> Option<Timestamp> {
    let due = next_attempt(kind, id, attempts, first_due, now)?;
    match (kind, again) {
        (Kind::Life, Again::NotBefore(earliest)) => {
            Some(due.max(earliest.min(after(now, millis(LIFE_LONGEST_S)))))
        }
        (Kind::Other, Again::NotBefore(earliest)) => within_reason(first_due, due.max(earliest)),
        (Kind::Life, Again::Later | Again::Never | Again::Gone) | (Kind::Other, Again::Later) => Some(due),
        (Kind::Other, Again::Never | Again::Gone) => None,
    }
}

fn millis(seconds: u32) -> i64 {
    i64::from(seconds) * 1_000
}

fn after(moment: Timestamp, wait_ms: i64) -> Timestamp {
    moment.checked_add(SignedDuration::from_millis(wait_ms)).unwrap_or(Timestamp::MAX)
}

fn within_reason(first_due: Timestamp, due: Timestamp) -> Option<Timestamp> {
    let end = first_due.checked_add(OTHER_ENDS_AFTER).unwrap_or(Timestamp::MAX);
    (due <= end).then_some(due)
}

/// Up to a tenth of the wait, by the id and the attempt.
fn spread(id: &str, attempts: u32, wait_ms: i64) -> i64 {
    let digest = Sha256::new().chain_update(id).chain_update(attempts.to_be_bytes()).finalize();
    let share = digest.iter().take(2).fold(0_i64, |sum, byte| sum * 256 + i64::from(*byte));
    wait_ms / 10 * share / 65_536
}
