//! Whether one account looks at the records of very many people. Nobody who helps does; whoever takes records away does.

use model::{ResidentId, SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// At so many residents an account may look within [`WITHIN`] and nobody asks: one a minute, more than cases need.
const MANY: usize = 60;
/// What counts together, and how seldom it is told.
const WITHIN: SignedDuration = SignedDuration::from_hours(1);

#[derive(Debug, Default)]
struct Recent {
    /// When each was looked at last.
    seen: HashMap<ResidentId, Timestamp>,
    told_at: Option<Timestamp>,
}

/// At whom each account has looked of late, as far as this process knows.
#[derive(Debug, Default)]
pub(super) struct Breadth(Mutex<HashMap<String, Recent>>);

impl Breadth {
    /// Counts a look. Tells, once an hour, at how many residents the account has looked when these are too many.
    pub(super) fn looked(&self, username: &str, resident: &ResidentId, now: Timestamp) -> Option<usize> {
        let is_recent = |at: Timestamp| now.duration_since(at) < WITHIN;
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = accounts.entry(username.to_owned()).or_default();
        recent.seen.retain(|_, at| is_recent(*at));
        // More than too many need not be remembered.
        if recent.seen.len() <= MANY {
            recent.seen.insert(resident.clone(), now);
        }
        let many = recent.seen.len();
        if many <= MANY || recent.told_at.is_some_and(is_recent) {
            return None;
        }
        recent.told_at = Some(now);
        Some(many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn looks(breadth: &Breadth, who: &str, residents: std::ops::Range<usize>, minute: i64) -> Vec<usize> {
        let id = |nth: usize| ResidentId::new(format!("r-{nth}")).unwrap();
        residents.filter_map(|nth| breadth.looked(who, &id(nth), at(minute))).collect()
    }

    #[test]
    fn very_many_within_the_hour_are_told_once() {
        let breadth = Breadth::default();
        assert!(looks(&breadth, "li", 0..MANY, 0).is_empty());
        assert!(looks(&breadth, "li", 0..MANY, 1).is_empty(), "the same people");
        assert!(looks(&breadth, "wang", 100..110, 1).is_empty(), "another's are another's");
        assert_eq!(looks(&breadth, "li", MANY..MANY + 9, 2), [MANY + 1]);
        assert!(looks(&breadth, "li", 200..300, 61).is_empty(), "not within the hour in which it was told");
        assert_eq!(looks(&breadth, "li", 300..400, 63), [MANY + 1]);
    }

    #[test]
    fn who_looks_at_few_at_a_time_is_never_told_of() {
        let breadth = Breadth::default();
        for hour in 0..24 {
            let from = if hour % 2 == 0 { 0 } else { 500 };
            assert!(looks(&breadth, "li", from..from + MANY, hour * 60).is_empty(), "hour {hour}");
        }
    }
}
