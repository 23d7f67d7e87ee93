//! What watch and desk tell each other beside signals: somebody came back, and somebody wants to hear nothing for a while.

use crate::{
    IncidentChange, JobError, Sifted, Store, StoreError,
    db::{follow, on},
    micros, reading, rows,
    script::Script,
};
use incident::{Return, What};
use model::{ResidentId, Timestamp};

/// Somebody came back within a fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FenceReturn {
    /// Who.
    pub resident: ResidentId,
    /// Within which, and how that is known.
    pub of: Return,
    /// When it was noticed.
    pub at: Timestamp,
}

/// A return with its place in their log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedReturn {
    /// Its place.
    pub row: i64,
    /// Who came back.
    pub resident: ResidentId,
    /// Within which fence.
    pub of: Return,
}

/// What repeats are not wanted about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snoozed {
    /// A fence of the resident's own.
    Fence(String),
    /// A zone shared by all.
    Zone(String),
}

/// Repeats about a fence or a zone are not wanted for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snooze {
    /// Its place in their log.
    pub row: i64,
    /// Of whom nothing is repeated.
    pub resident: ResidentId,
    /// About what.
    pub about: Snoozed,
    /// When that was said: what is told for the first time after it is told.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Adds a return that may be there already: then nothing happens.
pub(super) fn insert_return(
    script: &mut Script,
    FenceReturn { resident, of, at }: &FenceReturn,
) -> Result<(), JobError> {
    script.add(
        "INSERT INTO fence_returns (signal_id, resident_id, at_us, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (signal_id) DO NOTHING",
        [
            of.id.as_str().into(),
            resident.as_str().into(),
            micros(*at).into(),
            serde_json::to_string(of)?.into(),
        ],
    );
    Ok(())
}

/// Notes what a closing asks of the watch.
pub(crate) fn insert_snoozes(script: &mut Script, change: &IncidentChange) {
    let Some(resident) = &change.incident.resident else { return };
    for event in &change.events {
        let What::Closed { snooze_until: Some(until), .. } = &event.what else { continue };
        let fences = change.incident.fences().into_iter().map(|fence| (fence, false));
        let zones = change.incident.zones().into_iter().map(|zone| (zone, true));
        for (place, is_zone) in fences.chain(zones) {
            script.add(
                "INSERT INTO snoozes (resident_id, fence_id, is_zone, from_us, until_us) VALUES ($1, $2, $3, $4, $5)",
                [
                    resident.as_str().into(),
                    place.into(),
                    is_zone.into(),
                    micros(event.at).into(),
                    micros(*until).into(),
                ],
            );
        }
    }
}

const RETURNS: &str = "returns within fences";
const SNOOZES: &str = "what is snoozed";

type SnoozeRow = (i64, String, String, bool, i64, i64);

fn snooze((row, resident, place, is_zone, from_us, until_us): SnoozeRow) -> Result<Snooze, StoreError> {
    Ok(Snooze {
        row,
        resident: rows::resident(SNOOZES, resident)?,
        about: if is_zone { Snoozed::Zone(place) } else { Snoozed::Fence(place) },
        from: rows::time(SNOOZES, from_us)?,
        until: rows::time(SNOOZES, until_us)?,
    })
}

impl Store {
    /// The returns after a place, in order, and the last place looked at. One that cannot be read hides none of the others.
    pub async fn returns_after(
        &self,
        row: i64,
        limit: u32,
    ) -> Result<(Option<i64>, Sifted<LoggedReturn>), StoreError> {
        let found: Vec<(i64, String, String)> = follow!(
            &self.pool,
            (i64, String, String),
            "SELECT row_id, resident_id, body FROM fence_returns WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(RETURNS))?;
        let end = found.last().map(|(row, ..)| *row);
        let logged = |(row, resident, body): (i64, String, String)| -> Result<LoggedReturn, StoreError> {
            Ok(LoggedReturn {
                row,
                resident: rows::resident(RETURNS, resident)?,
                of: rows::document(RETURNS, &body)?,
            })
        };
        Ok((end, found.into_iter().map(|row| (row.0.to_string(), logged(row))).collect()))
    }

    /// The snoozes after a place, in order.
    pub async fn snoozes_after(&self, row: i64, limit: u32) -> Result<Vec<Snooze>, StoreError> {
        let found: Vec<SnoozeRow> = follow!(
            &self.pool,
            SnoozeRow,
            "SELECT row_id, resident_id, fence_id, is_zone, from_us, until_us FROM snoozes WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(SNOOZES))?;
        found.into_iter().map(snooze).collect()
    }

    /// Those that hold then, in the order in which they were said.
    pub async fn snoozes_at(&self, now: Timestamp) -> Result<Vec<Snooze>, StoreError> {
        let found: Vec<SnoozeRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, resident_id, fence_id, is_zone, from_us, until_us FROM snoozes WHERE until_us > $1 ORDER BY row_id",
        )
        .bind(micros(now))
        .fetch_all(to)
        .await)
        .map_err(reading(SNOOZES))?;
        found.into_iter().map(snooze).collect()
    }

    /// Those that held at some time from one moment on and before another, in the order in which they were said.
    pub async fn snoozes_between(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Snooze>, StoreError> {
        let found: Vec<SnoozeRow> = on!(Pool, &self.pool, pool => sqlx::query_as(
            "SELECT row_id, resident_id, fence_id, is_zone, from_us, until_us FROM snoozes
             WHERE until_us > $1 AND from_us < $2 ORDER BY row_id",
        )
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(pool)
        .await)
        .map_err(reading(SNOOZES))?;
        found.into_iter().map(snooze).collect()
    }

    /// The newest place in the log of snoozes.
    pub async fn snoozes_end(&self) -> Result<i64, StoreError> {
        let (end,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COALESCE(MAX(row_id), 0) FROM snoozes").fetch_one(to).await)
        .map_err(reading(SNOOZES))?;
        Ok(end)
    }
}
