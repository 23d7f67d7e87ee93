//! What kind of store this is, and its pulse: the last moment this platform is known to have lived.

use crate::{
    Connection, Job, JobError, Lane, Store, StoreError, db::on, drills, micros, reading, rows, script::Script,
};
use async_trait::async_trait;
use model::{IncidentId, SignedDuration, Timestamp};
use std::collections::BTreeSet;

const PULSE: &str = "the platform's pulse";
/// A platform that was away for longer, or whose machine's clock is wrong, removes nothing old at first.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// For so long: somebody has read by then what the health says.
const HELD_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Made-up people or real ones; a store is one or the other from its creation on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Made-up people, open accounts, loopback only.
    Demo,
    /// Real people.
    Real,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Real => "real",
        }
    }
}

struct Found {
    kind: Kind,
    store_id: String,
    now: Timestamp,
}

#[async_trait]
impl Job for Found {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO platform (one, store_id, kind, created_at_us, pulse_at_us) VALUES (1, $1, $2, $3, $3)
             ON CONFLICT (one) DO NOTHING",
        )
        .bind(&self.store_id)
        .bind(self.kind.as_str())
        .bind(micros(self.now))
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

/// Notes that the platform lives.
#[derive(Debug)]
pub struct Pulse(pub Timestamp);

#[async_trait]
impl Job for Pulse {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query("UPDATE platform SET pulse_at_us = $1 WHERE pulse_at_us < $1")
            .bind(micros(self.0))
            .execute(to)
            .await
            .map(drop))?;
        Ok(())
    }
}

/// Goes on after a pause at a clock that may be another. What waits for handsets waits on for as long as was left of it when the
/// platform was last alive, for a day without power is no day in which a handset could have heard it; a command is not kept
/// longer by that, so that nothing wakes her hours later. What is to be sent to people outside is due as soon as it was before,
/// also by a clock that was set back, and so does a window for drills end; one that was over stays over, or somebody who presses in
/// earnest would be taken for a test. A clock far ahead of what was known is not believed at once: by it everything could be old.
#[derive(Debug)]
pub(crate) struct Resume {
    last_alive: Timestamp,
    now: Timestamp,
}

#[async_trait]
impl Job for Resume {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        // By a clock that is back where it was removals go on. Who starts again with a wrong one was alive by it a moment ago, and
        // what is held stays so.
        let paused = self.now.duration_since(self.last_alive);
        if paused.abs() > LONGEST_PAUSE {
            let held_until = if paused.is_positive() { self.now.checked_add(HELD_FOR).ok() } else { None };
            script.add("UPDATE platform SET removals_held_until_us = $1", [held_until.map(micros).into()]);
        }
        let (last_alive, now) = (micros(self.last_alive), micros(self.now));
        if now < last_alive {
            // What was over by the clock before is not awaited anew by the one that is behind it.
            script.add(
                "UPDATE outbox SET expires_at_us = $2 WHERE settled_at_us IS NULL AND expires_at_us <= $1",
                [last_alive.into(), now.into()],
            );
        }
        script.add(
            "UPDATE outbox SET expires_at_us = expires_at_us + ($2 - $1)
             WHERE settled_at_us IS NULL AND expires_at_us > $1 AND ($2 < $1 OR command_id IS NULL)",
            [last_alive.into(), now.into()],
        );
        if now < last_alive {
            script.add(
                "UPDATE notices SET next_at_us = next_at_us + ($2 - $1) WHERE next_at_us IS NOT NULL",
                [last_alive.into(), now.into()],
            );
            drills::set_back(&mut script, self.last_alive, self.now);
            script.add(
                "UPDATE platform SET signals_before = (SELECT COALESCE(MAX(row_id), 0) FROM signals),
                   events_before = (SELECT COALESCE(MAX(row_id), 0) FROM incident_events)",
                [],
            );
        }
        script.add("UPDATE platform SET pulse_at_us = $1", [now.into()]);
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// Stamps a new store with its kind, or refuses an old one of the other kind.
    pub async fn found(&self, kind: Kind, now: Timestamp) -> Result<(), StoreError> {
        if self.platform().await?.is_none() {
            let mut id = [0u8; 8];
            getrandom::fill(&mut id)
                .map_err(|error| StoreError::Broken { what: "a new store id", problem: error.to_string() })?;
            let store_id = format!("{:016x}", u64::from_be_bytes(id));
            self.write(Found { kind, store_id, now })
                .await
                .map_err(|source| StoreError::Write { what: "the kind of the store", source })?;
        }
        // Looked at again, for another platform may have been faster with another kind.
        match self.platform().await? {
            Some((_, found)) if found != kind.as_str() => Err(StoreError::Kind(format!(
                "this store was made for {found} use and cannot be opened for {} use; choose another data folder \
                 (JJL_DATA__DIR) or store (JJL_STORE__URL)",
                kind.as_str()
            ))),
            _ => Ok(()),
        }
    }

    /// The name this store was given at its creation, by which cursors of another one are known.
    pub async fn store_id(&self) -> Result<String, StoreError> {
        Ok(self.platform().await?.map(|(id, _)| id).unwrap_or_default())
    }

    async fn platform(&self) -> Result<Option<(String, String)>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as("SELECT store_id, kind FROM platform").fetch_optional(to).await)
            .map_err(reading("the kind of the store"))
    }

    /// The last moment the platform is known to have lived: its pulse or anything stamped later. Of the logs only the
    /// ends are looked at, for a start must not wait for years of records; the pulse beats every few seconds. What was
    /// stamped by a clock that was set back since is not looked at: it would be later than now for as long.
    pub async fn last_alive(&self) -> Result<Option<Timestamp>, StoreError> {
        let found: Option<(Option<i64>,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT MAX(at_us) FROM (
               SELECT pulse_at_us AS at_us FROM platform
               UNION ALL SELECT MAX(received_at_us) FROM
                 (SELECT received_at_us FROM signals WHERE row_id > (SELECT signals_before FROM platform)
                  ORDER BY row_id DESC LIMIT 1000) AS last_signals
               UNION ALL SELECT MAX(at_us) FROM
                 (SELECT at_us FROM incident_events WHERE row_id > (SELECT events_before FROM platform)
                  ORDER BY row_id DESC LIMIT 1000) AS last_events) AS moments",
        )
        .fetch_optional(to)
        .await)
        .map_err(reading(PULSE))?;
        found.and_then(|(at,)| at).map(|at| rows::time(PULSE, at)).transpose()
    }

    /// Until when nothing old is removed: its clock was far ahead of the last time known when the platform started.
    pub async fn removals_held_until(&self) -> Result<Option<Timestamp>, StoreError> {
        let found: Option<(Option<i64>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT removals_held_until_us FROM platform").fetch_optional(to).await)
        .map_err(reading(PULSE))?;
        found.and_then(|(until,)| until).map(|until| rows::time(PULSE, until)).transpose()
    }

    /// The incidents whose deadlines were moved to a clock that was set back and has not been taken as the truth since: a
    /// start that ended on the way has moved them, and they are not moved again.
    pub async fn moved_to_the_clock(&self) -> Result<BTreeSet<IncidentId>, StoreError> {
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT DISTINCT incident_id FROM incident_events WHERE row_id > (SELECT events_before FROM platform)
               AND body LIKE '%\"what\":{\"kind\":\"clock_went_back\"%'",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(PULSE))?;
        found.into_iter().map(|(id,)| rows::incident(PULSE, id)).collect()
    }

    /// A number for all that goes by one clock: another one after each start that found the clock set back.
    pub async fn clock_era(&self) -> Result<i64, StoreError> {
        let found: Option<(i64,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT events_before FROM platform").fetch_optional(to).await)
        .map_err(reading(PULSE))?;
        Ok(found.map_or(0, |(era,)| era))
    }

    /// Goes on at this time, once the deadlines have been moved to it if it is before the last one known.
    pub async fn resume(&self, last_alive: Timestamp, now: Timestamp) -> Result<(), JobError> {
        self.write(Resume { last_alive, now }).await
    }
}
