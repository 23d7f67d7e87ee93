//! What is held of a person that no screen shows, or only for as long as it holds: read for the copy that they may ask for.

use crate::{Absence, FenceReturn, Snooze, Snoozed, Store, StoreError, db::on, reading, rows};
use model::{ResidentId, Signal, Timestamp};

/// What stays of a day when its track is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldDay {
    /// Its first moment in Shanghai.
    pub from: Timestamp,
    /// How many positions there were.
    pub fixes: i64,
    /// In how many hours.
    pub hours: i64,
    /// How far they went, in metres.
    pub moved_m: i64,
}

impl Store {
    /// The days of a resident of which the track is removed, in order.
    pub async fn held_days(&self, resident: &ResidentId) -> Result<Vec<HeldDay>, StoreError> {
        let what = "days of a track";
        let found: Vec<(i64, i64, i64, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT day_us, fixes, hours, moved_m FROM track_days WHERE resident_id = $1 ORDER BY day_us",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let day = |(day_us, fixes, hours, moved_m)| {
            Ok(HeldDay { from: rows::time(what, day_us)?, fixes, hours, moved_m })
        };
        found.into_iter().map(day).collect()
    }

    /// All absences of a resident, also those that are over, the oldest first.
    pub async fn held_absences(&self, resident: &ResidentId) -> Result<Vec<Absence>, StoreError> {
        let what = "a resident's absences";
        let found: Vec<(String, String, i64, i64, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT absence_id, reason, from_us, to_us, entered_by FROM absences
             WHERE resident_id = $1 ORDER BY from_us, absence_id",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let absence = |(id, reason, from, to, by): (String, String, i64, i64, String)| {
            let (from, to) = (rows::time(what, from)?, rows::time(what, to)?);
            Ok(Absence { id, resident: resident.clone(), reason, from, to, by })
        };
        found.into_iter().map(absence).collect()
    }

    /// When a resident came back within a fence, the oldest first.
    pub async fn held_returns(&self, resident: &ResidentId) -> Result<Vec<FenceReturn>, StoreError> {
        let what = "a resident's returns";
        let found: Vec<(String, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT body, at_us FROM fence_returns WHERE resident_id = $1 ORDER BY row_id",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let back = |(body, at_us): (String, i64)| {
            let of = rows::document(what, &body)?;
            Ok(FenceReturn { resident: resident.clone(), of, at: rows::time(what, at_us)? })
        };
        found.into_iter().map(back).collect()
    }

    /// Of which fences and zones of a resident repeats were not wanted, the oldest first.
    pub async fn held_snoozes(&self, resident: &ResidentId) -> Result<Vec<Snooze>, StoreError> {
        let what = "what is snoozed of a resident";
        let found: Vec<(i64, String, bool, i64, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, fence_id, is_zone, from_us, until_us FROM snoozes WHERE resident_id = $1 ORDER BY row_id",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let snooze = |(row, place, is_zone, from_us, until_us): (i64, String, bool, i64, i64)| {
            let about = if is_zone { Snoozed::Zone(place) } else { Snoozed::Fence(place) };
            let (from, until) = (rows::time(what, from_us)?, rows::time(what, until_us)?);
            Ok(Snooze { row, resident: resident.clone(), about, from, until })
        };
        found.into_iter().map(snooze).collect()
    }

    /// The signals about a resident that stand in no incident, the oldest first.
    pub async fn held_signals(&self, resident: &ResidentId) -> Result<Vec<Signal>, StoreError> {
        let what = "a resident's signals";
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT body FROM signals WHERE resident_id = $1 AND NOT EXISTS (SELECT 1 FROM incident_signals
               WHERE incident_signals.signal_id = signals.signal_id) ORDER BY row_id",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        found.iter().map(|(body,)| rows::document(what, body)).collect()
    }
}
