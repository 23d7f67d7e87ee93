//! Emergency calls under ids that nobody has: they are looked at, whoever it is, but one who sends them for sport must not
//! take the room of somebody who mistyped.

use crate::network::network;
use std::{
    collections::HashMap,
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
        let from = network(from);
        if from.is_loopback() {
            return true;
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_network_does_not_take_the_room_of_others() {
        let (strangers, now) = (Strangers::default(), Instant::now());
        let kept = |from: &str, now| {
            let from: IpAddr = from.parse().unwrap();
            (0..100).filter(|_| strangers.has_room(from, now)).count()
        };
        assert_eq!((kept("10.0.0.1", now), kept("::ffff:10.0.0.1", now)), (20, 0));
        assert_eq!(kept("10.0.0.2", now), 20);
        assert_eq!(kept("127.0.0.1", now), 100, "a proxy brings everybody");
        assert_eq!(kept("10.0.0.1", now + HOUR + Duration::from_secs(1)), 20);
    }
}
