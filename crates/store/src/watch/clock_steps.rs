//! A clock that was set back between two runs, as the watch must know of it: what is remembered is moved with it once, and what had
//! arrived by then and was not taken was stamped by the clock before.

use super::states::{LOG_ENDS, Places, StoredState, put_states};
use crate::{Connection, Job, JobError, KeepQuestions, Lane, Store, StoreError, db::on, micros, reading};
use async_trait::async_trait;
use model::{SignedDuration, Timestamp};

/// States in one statement, within the values it may have.
const AT_ONCE: usize = 64;

/// Our clock was set back: what is left of everything that the watch waits for stays left, once, however often a start ends on
/// the way.
#[derive(Debug)]
pub struct KeepWatch {
    /// The last moment that the clock before is known to have told.
    pub last_alive: Timestamp,
    /// By how much the clock is behind it.
    pub by: SignedDuration,
    /// What is remembered, as it is by the clock there is now.
    pub states: Vec<StoredState>,
    /// Now.
    pub at: Timestamp,
}

#[async_trait]
impl Job for KeepWatch {
    /// Whether this was the first to say so.
    type Output = bool;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let by_us = i64::try_from(self.by.as_micros()).unwrap_or(0).max(0);
        let (fix, message, signal): (i64, i64, i64) =
            on!(Connection, connection, to => sqlx::query_as(LOG_ENDS).fetch_one(to).await)?;
        let noted = on!(Connection, connection, to => sqlx::query(
            "INSERT INTO watch_clock_steps (last_alive_us, by_us, fix_place, message_place, signal_place)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (last_alive_us) DO NOTHING",
        )
        .bind(micros(self.last_alive))
        .bind(by_us)
        .bind(fix)
        .bind(message)
        .bind(signal)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if noted == 0 {
            return Ok(false);
        }
        KeepQuestions { by: self.by }.run(connection).await?;
        on!(Connection, connection, to => sqlx::query(
            "UPDATE snoozes SET from_us = from_us - $1, until_us = until_us - $1 WHERE until_us > $2",
        )
        .bind(by_us)
        .bind(micros(self.last_alive))
        .execute(to)
        .await
        .map(drop))?;
        for some in self.states.chunks(AT_ONCE) {
            put_states(connection, some, micros(self.at)).await?;
        }
        Ok(true)
    }
}

/// A clock that was set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockStep {
    /// By how much.
    pub by: SignedDuration,
    /// Where the logs stood by then.
    pub through: Places,
}

impl Store {
    /// How often the clock was set back while the watch was away.
    pub async fn clock_steps(&self) -> Result<Vec<ClockStep>, StoreError> {
        let found: Vec<(i64, i64, i64, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT by_us, fix_place, message_place, signal_place FROM watch_clock_steps ORDER BY last_alive_us",
        )
        .fetch_all(to)
        .await)
        .map_err(reading("clocks that were set back"))?;
        let step = |(by_us, fix, message, signal)| ClockStep {
            by: SignedDuration::from_micros(by_us),
            through: Places { fix, message, signal },
        };
        Ok(found.into_iter().map(step).collect())
    }
}
