//! Whether one account looks at the records of very many people. Nobody who helps does; whoever takes records away does.

use model::{ResidentId, SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// At so many residents an account may look within [`WITHIN`] and nobody asks: one a minute, more than cases need.
pub(super) const MANY: usize = 60;
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
    /// Counts a look; whether the account has looked at more than [`MANY`] residents and that was not [`told`](Self::told) within
    /// the hour.
    pub(super) fn looked(&self, username: &str, resident: &ResidentId, now: Timestamp) -> bool {
        let is_recent = |at: Timestamp| now.duration_since(at) < WITHIN;
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = accounts.entry(username.to_owned()).or_default();
        recent.seen.retain(|_, at| is_recent(*at));
        // More than too many need not be remembered.
        if recent.seen.len() <= MANY {
            recent.seen.insert(resident.clone(), now);
        }
        recent.seen.len() > MANY && !recent.told_at.is_some_and(is_recent)
    }

    /// That it is on record. What could not be written is told at the next look.
    pub(super) fn told(&self, username: &str, now: Timestamp) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.entry(username.to_owned()).or_default().told_at = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    /// At which of them it is told.
    fn looks(breadth: &Breadth, who: &str, residents: std::ops::Range<usize>, minute: i64) -> Vec<usize> {
        let is_told = |nth: &usize| {
            let is_many = breadth.looked(who, &ResidentId::new(format!("r-{nth}")).unwrap(), at(minute));
            if is_many {
                breadth.told(who, at(minute));
            }
            is_many
        };
        residents.filter(is_told).collect()
    }

    #[test]
    fn very_many_within_the_hour_are_told_once() {
        let breadth = Breadth::default();
        assert!(looks(&breadth, "li", 0..MANY, 0).is_empty());
        assert!(looks(&breadth, "li", 0..MANY, 1).is_empty(), "the same people");
        assert!(looks(&breadth, "wang", 100..110, 1).is_empty(), "another's are another's");
        assert_eq!(looks(&breadth, "li", MANY..MANY + 9, 2), [MANY]);
        assert!(looks(&breadth, "li", 200..300, 61).is_empty(), "not within the hour in which it was told");
        assert_eq!(looks(&breadth, "li", 300..400, 63), [300], "those seen at 61 minutes count");
    }

    #[test]
    fn what_could_not_be_written_is_told_at_the_next_look() {
        let breadth = Breadth::default();
        assert!(looks(&breadth, "li", 0..MANY, 0).is_empty());
        let look = |nth: usize| breadth.looked("li", &ResidentId::new(format!("r-{nth}")).unwrap(), at(1));
        assert!(look(MANY) && look(MANY) && look(MANY + 1));
        breadth.told("li", at(1));
        assert!(!look(MANY + 2));
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
