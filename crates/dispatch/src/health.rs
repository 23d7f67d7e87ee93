//! What is wrong with the platform, in one list that health endpoint, console and log share.

use bus::Bus;
use model::Timestamp;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Clock, Store};
use utoipa::ToSchema;

/// Whether all is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing is known to be wrong.
    Ok,
    /// Something is; `problems` says what.
    Degraded,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trouble {
    /// Its stable name.
    pub code: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// What it means, for people.
    pub detail: String,
}

/// The platform's health as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HealthView {
    /// Whether all is well.
    pub status: Status,
    /// The platform's clock.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// What is wrong.
    pub problems: Vec<Trouble>,
}

/// Where troubles are noted; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Health {
    troubles: Arc<Mutex<BTreeMap<&'static str, Trouble>>>,
    /// Rows that cannot be read, by what they are.
    unreadable: Arc<Mutex<BTreeMap<&'static str, Vec<String>>>>,
}

/// The code of the trouble that single rows cannot be read.
const ROW_UNREADABLE: &str = "row_unreadable";

impl Health {
    /// Notes a trouble; one that is noted already keeps its beginning.
    pub fn raise(&self, code: &'static str, detail: impl Into<String>, now: Timestamp) {
        let mut troubles = self.troubles.lock().unwrap_or_else(PoisonError::into_inner);
        let detail = detail.into();
        let trouble = troubles.entry(code).or_insert_with(|| {
            tracing::error!(event = "degraded", code, %detail);
            Trouble { code, since: now, detail: String::new() }
        });
        trouble.detail = detail;
    }

    /// Notes that a trouble is over.
    pub fn clear(&self, code: &'static str) {
        if self.troubles.lock().unwrap_or_else(PoisonError::into_inner).remove(code).is_some() {
            tracing::warn!(event = "degraded_over", code);
        }
    }

    /// Raises or clears.
    pub fn set(&self, code: &'static str, detail: Option<String>, now: Timestamp) {
        match detail {
            Some(detail) => self.raise(code, detail, now),
            None => self.clear(code),
        }
    }

    /// Notes which rows of a kind cannot be read and were passed over; none: that kind is whole. Whoever reads such rows says it at
    /// every look, and one trouble speaks of all kinds.
    pub fn rows_unreadable(&self, kind: &'static str, rows: &[String], now: Timestamp) {
        let mut all = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.get(kind).map(Vec::as_slice).unwrap_or_default();
        if before == rows {
            return;
        }
        for row in rows.iter().filter(|row| !before.contains(row)) {
            tracing::error!(event = ROW_UNREADABLE, kind, %row);
        }
        if rows.is_empty() {
            all.remove(kind);
        } else {
            all.insert(kind, rows.to_vec());
        }
        let kinds: Vec<String> = all
            .iter()
            .filter_map(|(kind, rows)| Some(format!("{} of {kind} ({})", rows.len(), rows.first()?)))
            .collect();
        let detail = format!(
            "rows cannot be read and are passed over, the others go on: {}; look at the disk and the keys, and at a \
             backup for what is missing",
            kinds.join(", ")
        );
        self.set(ROW_UNREADABLE, (!kinds.is_empty()).then_some(detail), now);
    }

    /// The same, besides those of before: nobody looks at these again.
    pub fn more_rows_unreadable(&self, kind: &'static str, rows: &[String], now: Timestamp) {
        let before = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).get(kind).cloned();
        let mut all = before.unwrap_or_default();
        all.extend_from_slice(rows);
        self.rows_unreadable(kind, &all, now);
    }

    /// Looks at what cannot speak for itself: the writer, the bus and the wall clock.
    pub fn look(&self, store: &Store, bus: &dyn Bus, clock: &Clock) {
        let now = clock.now();
        let writer = store.health();
        self.set("store_unavailable", writer.failing.map(|error| {
            format!("nothing can be written to the database ({error}); presses are shown unsaved and get no receipt")
        }), now);
        self.set("disk_full", writer.disk_full.then(|| {
            "the disk is full; presses are still written, positions wait in the handsets: free some space".to_owned()
        }), now);
        let bus = bus.health();
        self.set("bus_away", bus.away.map(|why| {
            format!("{why}; presses are taken, shown and receipted as ever, but other processes hear of them only by \
                looking, and who is online, where, and unsaved elsewhere may be out of date")
        }), now);
        self.set("bus_slow", bus.slow.map(|why| {
            format!("{why}; presses are taken, shown and receipted as ever, but what other processes say, and who is online \
                there and where, comes late: look at the machine of Redis and at the way to it")
        }), now);
        self.set("bus_clock_differs", bus.clock_off.map(|by| {
            let (seconds, way) = (by.as_secs().unsigned_abs(), if by.is_negative() { "behind" } else { "ahead of" });
            format!("this machine's clock is {seconds} s {way} that of the machine of Redis; set them right, or \
                positions of other machines are not believed")
        }), now);
        self.set("wall_clock_stepped", clock.wall_step().map(|step| {
            format!("somebody set this machine's clock by {} s; the platform keeps its own time until it is restarted",
                step.as_secs())
        }), now);
    }

    /// The list as it stands.
    pub fn view(&self, now: Timestamp) -> HealthView {
        let problems: Vec<Trouble> =
            self.troubles.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let status = if problems.is_empty() { Status::Ok } else { Status::Degraded };
        HealthView { status, now, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_cannot_be_read_are_said_until_each_kind_is_whole() {
        let (health, now) = (Health::default(), Timestamp::UNIX_EPOCH);
        let said = || health.view(now).problems.first().map(|trouble| (trouble.code, trouble.detail.clone()));
        health.rows_unreadable("notices", &[], now);
        assert_eq!(said(), None);
        health.rows_unreadable("notices", &["n-1: broken".to_owned(), "n-2: broken".to_owned()], now);
        health.rows_unreadable("the roster", &["roster-1: broken".to_owned()], now);
        let (code, detail) = said().expect("a trouble");
        assert_eq!(code, "row_unreadable");
        assert!(detail.contains("2 of notices (n-1") && detail.contains("1 of the roster"), "{detail}");
        health.rows_unreadable("notices", &[], now);
        assert!(said().is_some_and(|(_, detail)| !detail.contains("notices") && detail.contains("roster-1")));
        health.more_rows_unreadable("the roster", &["roster-2: broken".to_owned()], now);
        let (_, detail) = said().expect("a trouble");
        assert!(detail.contains("2 of the roster (roster-1: broken)"), "{detail}");
        health.rows_unreadable("the roster", &[], now);
        assert_eq!(said(), None);
    }
}
