//! Emergency calls under ids that nobody has: they are looked at, whoever it is, but one who sends them for sport must not
//! take the room of somebody who mistyped. And all else under such ids: each costs a look into the store, so a network has a pace for
//! those that no telephone showed before. A call for help has none.

use crate::network::network;
use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Kept of one network in an hour: fewer than are kept of all strangers together. Of this machine, where a proxy may be, all.
const KEPT_AN_HOUR: u32 = 20;
const HOUR: Duration = Duration::from_hours(1);
/// Networks remembered; beyond it all are forgotten, and what is kept of all together goes on limiting them.
const REMEMBERED: usize = 10_000;

/// How many of each network were kept in its present hour.
#[derive(Debug, Default)]
pub(super) struct Strangers(Mutex<HashMap<IpAddr, (Instant, u32)>>);

impl Strangers {
    /// Whether one more of this address is kept.
    pub(super) fn has_room(&self, from: IpAddr, now: Instant) -> bool {
        if from.to_canonical().is_loopback() {
            return true;
        }
        let from = network(from);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED && !all.contains_key(&from) {
            all.clear();
        }
        let (since, count) = all.entry(from).or_insert((now, 0));
        if now.duration_since(*since) > HOUR {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= KEPT_AN_HOUR
    }
}

/// So many ids a second that were not found before, for ever: telephones that report for the first time since the start.
const LOOK_EACH: Duration = Duration::from_millis(20);
/// What may come at once: behind one address of a carrier there are many telephones.
const LOOKS_AT_ONCE: u32 = 1_000;
/// Ids that were found; beyond it all are forgotten, and their telephones have the pace of strangers once.
const KNOWN: usize = 100_000;

/// Whose ids are looked for in the store without a pace, and how far each network is in its pace.
#[derive(Debug, Default)]
pub(super) struct Ids {
    memory: Mutex<Memory>,
    /// By a digest that nobody outside can foresee, so that no id stands in memory.
    digests: RandomState,
}

#[derive(Debug, Default)]
struct Memory {
    known: HashSet<u64>,
    busy: HashMap<IpAddr, Instant>,
}

impl Ids {
    /// Whether this id is looked for now. Of this machine, where a proxy may be, each is.
    pub(super) fn may_look(&self, id: &str, from: IpAddr, now: Instant) -> bool {
        let is_here = from.to_canonical().is_loopback();
        let (id, from) = (self.digests.hash_one(id), network(from));
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if is_here || memory.known.contains(&id) {
            return true;
        }
        if memory.busy.len() >= REMEMBERED && !memory.busy.contains_key(&from) {
            memory.busy.retain(|_, busy_until| *busy_until > now);
            if memory.busy.len() >= REMEMBERED {
                memory.busy.clear();
            }
        }
        let busy_until = memory.busy.entry(from).or_insert(now);
        let until = (*busy_until).max(now) + LOOK_EACH;
        let is_too_much = until.duration_since(now) > LOOK_EACH * LOOKS_AT_ONCE;
        if !is_too_much {
            *busy_until = until;
        }
        !is_too_much
    }

    /// A telephone has this id.
    pub(super) fn note_known(&self, id: &str) {
        let id = self.digests.hash_one(id);
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.known.len() >= KNOWN && !memory.known.contains(&id) {
            memory.known.clear();
        }
        memory.known.insert(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ever_other_ids_have_a_pace_and_known_ones_none() {
        let (ids, now) = (Ids::default(), Instant::now());
        ids.note_known("known");
        let looked = |from: &str, now| {
            let from: IpAddr = from.parse().unwrap();
            (0..5_000).filter(|nth| ids.may_look(&format!("invented-{nth}"), from, now)).count()
        };
        assert_eq!((looked("10.0.0.1", now), looked("::ffff:10.0.0.1", now)), (1_000, 0));
        let address: IpAddr = "10.0.0.1".parse().unwrap();
        assert!(
            (0..5_000).all(|_| ids.may_look("known", address, now)),
            "a telephone is not held up by them"
        );
        assert_eq!(looked("10.0.0.2", now), 1_000, "nor is another network");
        assert_eq!(looked("10.0.0.1", now + Duration::from_secs(1)), 50);
        for here in ["127.0.0.1", "::ffff:127.0.0.1", "::1"] {
            assert_eq!(looked(here, now), 5_000, "a proxy brings everybody: {here}");
        }
    }

    #[tokio::test]
    async fn one_network_does_not_take_the_room_of_others() {
        let (strangers, now) = (Strangers::default(), Instant::now());
        let kept = |from: &str, now| {
            let from: IpAddr = from.parse().unwrap();
            (0..100).filter(|_| strangers.has_room(from, now)).count()
        };
        assert_eq!((kept("10.0.0.1", now), kept("::ffff:10.0.0.1", now)), (20, 0));
        assert_eq!(kept("10.0.0.2", now), 20);
        for here in ["127.0.0.1", "::ffff:127.0.0.1", "::1"] {
            assert_eq!(kept(here, now), 100, "a proxy brings everybody: {here}");
        }
        assert_eq!(kept("10.0.0.1", now + HOUR + Duration::from_secs(1)), 20);
    }
}
