//! What another version of the rules would have said of the same recording.
//!
//! Two signals are the same news when they are about the same resident and place, by the same rule, told as often before, and
//! began within [`ALIKE_S`] of each other: other numbers believe a side a fix sooner or later, and that is no other alarm.

use crate::moment::Moment;
use crate::signal::Signal;
use serde::Serialize;

/// Beginnings so near to each other are one.
const ALIKE_S: f64 = 1_800.0;

/// How a signal differs between two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Only the first says it.
    Vanishes,
    /// Only the second says it.
    Appears,
    /// Both say it, at another time.
    Moves,
}

/// One signal that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// How.
    pub change: Difference,
    /// Of one that moves: seconds from the first to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later_s: Option<f64>,
    /// As the second says it; as the first does, where only that says it.
    pub signal: Signal,
}

/// Everything that differs, in order of time. What was told twice is matched once each.
pub fn diff(before: &[Signal], after: &[Signal]) -> Vec<Change> {
    let mut left: Vec<Option<&Signal>> = before.iter().map(Some).collect();
    let mut changes = Vec::new();
    for signal in after {
        let same = left.iter_mut().find(|old| old.is_some_and(|old| is_same(old, signal)));
        let Some(old) = same.and_then(Option::take) else {
            changes.push(Change { change: Difference::Appears, later_s: None, signal: signal.clone() });
            continue;
        };
        let later_s = Moment::from(signal.at).seconds_since(Moment::from(old.at));
        if later_s != 0.0 {
            let later_s = Some(later_s);
            changes.push(Change { change: Difference::Moves, later_s, signal: signal.clone() });
        }
    }
    let vanished = left.into_iter().flatten();
    changes.extend(vanished.map(|signal| Change {
        change: Difference::Vanishes,
        later_s: None,
        signal: signal.clone(),
    }));
    changes.sort_by_key(|change| change.signal.at);
    changes
}

fn is_same(one: &Signal, other: &Signal) -> bool {
    let apart_s = Moment::from(one.since).seconds_since(Moment::from(other.since)).abs();
    one.resident == other.resident
        && one.kind == other.kind
        && (&one.fence, &one.zone) == (&other.fence, &other.zone)
        && one.evidence.rule == other.evidence.rule
        && (one.evidence.again, one.evidence.step_m) == (other.evidence.again, other.evidence.step_m)
        && apart_s <= ALIKE_S
}
