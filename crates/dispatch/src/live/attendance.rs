//! Who is here: accounts and stations with a screen up, in this process. Of stations the other processes are told over the bus.

use access::{Role, Who};
use bus::Bus;
use model::{SignedDuration, StationId, Timestamp};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Somebody without a live screen is here as long as after their last request: other programs have none.
const HERE_AFTER_REQUEST: SignedDuration = SignedDuration::from_secs(30);
/// Accounts remembered for their last request; more than that many are never on duty.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Asked {
    role: Role,
    last: Timestamp,
}

impl Asked {
    fn is_here(self, now: Timestamp) -> bool {
        now.duration_since(self.last) <= HERE_AFTER_REQUEST
    }
}

#[derive(Debug, Default)]
struct Book {
    stations: HashMap<StationId, usize>,
    accounts: HashMap<String, usize>,
    requests: HashMap<String, Asked>,
}

/// Who is here; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Attendance {
    book: Arc<Mutex<Book>>,
    bus: Arc<dyn Bus>,
}

impl Attendance {
    /// Nobody yet.
    pub(super) fn new(bus: Arc<dyn Bus>) -> Self {
        Self { book: Arc::default(), bus }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A screen came up; it is there until what is given back is dropped.
    pub(super) fn comes(&self, who: &Who) -> Present {
        let mut book = self.locked();
        *book.accounts.entry(who.username.clone()).or_default() += 1;
        if let Some(station) = &who.station {
            let screens = book.stations.entry(station.clone()).or_default();
            *screens += 1;
            if *screens == 1 {
                // Told under the lock, in the order in which they come and go; the bus never waits.
                self.bus.put_station(station, true);
            }
        }
        Present { book: self.clone(), username: who.username.clone(), station: who.station.clone() }
    }

    /// An account asked for something.
    pub(crate) fn asked(&self, who: &Who, now: Timestamp) {
        let asked = Asked { role: who.role, last: now };
        let mut book = self.locked();
        if let Some(before) = book.requests.get_mut(&who.username) {
            *before = asked;
            return;
        }
        if book.requests.len() >= REMEMBERED {
            book.requests.retain(|_, asked| asked.is_here(now));
        }
        book.requests.insert(who.username.clone(), asked);
    }

    /// Whether an account is here.
    pub(crate) fn has_account(&self, username: &str, now: Timestamp) -> bool {
        let book = self.locked();
        let asked = || book.requests.get(username).is_some_and(|asked| asked.is_here(now));
        book.accounts.contains_key(username) || asked()
    }

    /// An account logged out: what it asked before is no sign of life any more.
    pub(crate) fn left(&self, username: &str) {
        self.locked().requests.remove(username);
    }

    /// Operators and supervisors who are here by what they ask alone: no screen of theirs is up in this process.
    pub(super) fn without_screen(&self, now: Timestamp) -> Vec<(String, Role)> {
        let book = self.locked();
        let is_missed = |(username, asked): &(&String, &Asked)| {
            let is_at_desk = matches!(asked.role, Role::Operator | Role::Supervisor);
            is_at_desk && asked.is_here(now) && !book.accounts.contains_key(*username)
        };
        let missed = book.requests.iter().filter(is_missed);
        missed.map(|(username, asked)| (username.clone(), asked.role)).collect()
    }

    /// Whether a screen of the station is up in this process.
    pub(crate) fn has_station(&self, station: &StationId) -> bool {
        self.locked().stations.contains_key(station)
    }
}

/// A screen that is up.
#[derive(Debug)]
pub(super) struct Present {
    book: Attendance,
    username: String,
    station: Option<StationId>,
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut book = self.book.locked();
        one_less(&mut book.accounts, &self.username);
        // What was asked by way of this screen is no sign of life once the screen is gone.
        book.requests.remove(&self.username);
        if let Some(station) = &self.station {
            one_less(&mut book.stations, station);
            if !book.stations.contains_key(station) {
                self.book.bus.put_station(station, false);
            }
        }
    }
}

fn one_less<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}
