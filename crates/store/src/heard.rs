//! In which hours handsets were heard: whatever they said, and also while they only had a connection.
//!
//! A day of a handset is one row with a bit for each of its hours, so that three years of a district are some millions of small
//! rows. No place stands in it: a handset of somebody whose positions are not kept has its hours like any other.

use crate::{Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows};
use async_trait::async_trait;
use model::{Division, HandsetId, Timestamp};
use std::collections::HashMap;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// The bits of a whole day.
const ALL_HOURS: i64 = (1 << 24) - 1;

/// Days removed at a time.
const AT_ONCE: i64 = 1_000;

/// The beginning of the day that holds a time, and how many hours of it were over then.
fn day_and_hour(at_us: i64) -> (i64, i64) {
    let of_day = at_us.rem_euclid(DAY_US);
    (at_us.saturating_sub(of_day), of_day / HOUR_US)
}

/// These handsets were heard in an hour.
#[derive(Debug)]
pub struct NoteHeard {
    /// Which; each of them once.
    pub handsets: Vec<HandsetId>,
    /// Any moment of the hour.
    pub at: Timestamp,
}

#[async_trait]
impl Job for NoteHeard {
    /// Those that somebody carries: of the others nothing is noted.
    type Output = Vec<HandsetId>;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<Vec<HandsetId>, JobError> {
        let ids: Vec<&str> = self.handsets.iter().map(HandsetId::as_str).collect();
        let ids = serde_json::to_string(&ids)?;
        let (day_us, hour) = day_and_hour(micros(self.at));
        // Whoever was given it within the hour carried it in that hour.
        let ends_us = day_us.saturating_add(hour.saturating_add(1).saturating_mul(HOUR_US));
        let noted: Vec<(String,)> = match connection {
            Connection::Sqlite(to) => {
                sqlx::query_as(
                    "INSERT INTO heard_days (handset_id, day_us, hours)
                     SELECT DISTINCT bindings.handset_id, $2, $3 FROM json_each($1) AS heard
                     JOIN bindings ON bindings.handset_id = heard.value
                     WHERE bindings.to_us IS NULL AND bindings.from_us < $4
                     ON CONFLICT (handset_id, day_us) DO UPDATE SET hours = heard_days.hours | excluded.hours
                     RETURNING handset_id",
                )
                .bind(ids)
                .bind(day_us)
                .bind(1_i64 << hour)
                .bind(ends_us)
                .fetch_all(to)
                .await?
            }
            Connection::Postgres(to) => {
                sqlx::query_as(
                    "INSERT INTO heard_days (handset_id, day_us, hours)
                     SELECT DISTINCT bindings.handset_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
                     FROM jsonb_array_elements_text($1::jsonb) AS heard (value)
                     JOIN bindings ON bindings.handset_id = heard.value
                     WHERE bindings.to_us IS NULL AND bindings.from_us < $4
                     ON CONFLICT (handset_id, day_us) DO UPDATE SET hours = heard_days.hours | excluded.hours
                     RETURNING handset_id",
                )
                .bind(ids)
                .bind(day_us)
                .bind(1_i64 << hour)
                .bind(ends_us)
                .fetch_all(to)
                .await?
            }
        };
        let handset =
            |(id,): (String,)| HandsetId::new(id).map_err(|error| JobError::Broken(error.to_string()));
        noted.into_iter().map(handset).collect()
    }
}

/// Removes some days that were over before a moment; says how many.
#[derive(Debug)]
pub struct RemoveHeard {
    /// The moment.
    pub before: Timestamp,
}

#[async_trait]
impl Job for RemoveHeard {
    type Output = u64;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<u64, JobError> {
        Ok(on!(Connection, connection, to => sqlx::query(
            "DELETE FROM heard_days WHERE (handset_id, day_us) IN (
               SELECT handset_id, day_us FROM heard_days WHERE day_us <= $1 LIMIT $2)",
        )
        .bind(micros(self.before).saturating_sub(DAY_US))
        .bind(AT_ONCE)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?)
    }
}

/// In how many hours a handset could have been heard, and in how many it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardHours {
    /// Which.
    pub handset: HandsetId,
    /// Where whoever carried it last lives.
    pub division: Option<Division>,
    /// Hours in which somebody carried it.
    pub carried: u32,
    /// Hours of those in which it said something, or had a connection.
    pub heard: u32,
}

const WHAT: &str = "hours in which handsets were heard";

impl Store {
    /// The first hour of those that are kept in which any handset was heard: of what was before nothing is known.
    pub async fn heard_since(&self) -> Result<Option<Timestamp>, StoreError> {
        let found: Vec<(i64, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT day_us, hours FROM heard_days WHERE day_us = (SELECT MIN(day_us) FROM heard_days)",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let Some((day_us, _)) = found.first() else { return Ok(None) };
        let hours = found.iter().fold(0, |all, (_, hours)| all | hours);
        let first_us = i64::from(hours.trailing_zeros()).saturating_mul(HOUR_US);
        rows::time(WHAT, day_us.saturating_add(first_us)).map(Some)
    }

    /// The handsets that somebody carried in a span of time, with the hours that began in it and in which they were heard. Of those
    /// who were erased nothing is left to count.
    pub async fn heard_hours(&self, from: Timestamp, to: Timestamp) -> Result<Vec<HeardHours>, StoreError> {
        let (from_us, to_us) = (micros(from), micros(to));
        let heard = self.heard_between(from_us, to_us).await?;
        let carried: Vec<(String, i64, Option<i64>, Option<String>)> =
            on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT handset_id, from_us, to_us, residents.division FROM bindings
             JOIN residents ON residents.resident_id = bindings.resident_id
             WHERE from_us < $2 AND (to_us IS NULL OR to_us > $1) AND residents.erased_at_us IS NULL
             ORDER BY handset_id, from_us",
        )
        .bind(from_us)
        .bind(to_us)
        .fetch_all(to_it)
        .await)
            .map_err(reading(WHAT))?;
        let mut all: Vec<(String, i64, Option<String>)> = Vec::new();
        for (handset, began, ended, division) in carried {
            let span_us = ended.unwrap_or(to_us).min(to_us).saturating_sub(began.max(from_us)).max(0);
            match all.last_mut().filter(|(last, ..)| *last == handset) {
                Some((_, carried_us, last_division)) => {
                    *carried_us = carried_us.saturating_add(span_us);
                    *last_division = division;
                }
                None => all.push((handset, span_us, division)),
            }
        }
        let hours = |hours: i64| u32::try_from(hours.max(0)).unwrap_or(u32::MAX);
        let one = |(handset, carried_us, division): (String, i64, Option<String>)| {
            // Hours begun count: who carried it for the half of one could be heard in it.
            let carried = hours(carried_us.saturating_add(HOUR_US - 1) / HOUR_US);
            let heard = hours(heard.get(&handset).copied().unwrap_or(0)).min(carried);
            let division = division.map(|code| rows::division(WHAT, code)).transpose()?;
            Ok(HeardHours { handset: rows::handset(WHAT, handset)?, division, carried, heard })
        };
        all.into_iter().map(one).collect()
    }

    /// How many hours that began in a span of time each handset was heard in.
    async fn heard_between(&self, from_us: i64, to_us: i64) -> Result<HashMap<String, i64>, StoreError> {
        let begun = |at_us: i64| day_and_hour(at_us.saturating_add(HOUR_US - 1));
        let ((first_us, from_hour), (last_us, to_hour)) = (begun(from_us), begun(to_us));
        let before = |hour: i64| (1_i64 << hour) - 1;
        // The bits are added up there, since the days of a quarter are half a million rows.
        let heard: Vec<(String, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id, CAST(SUM((h & 1) + ((h >> 1) & 1) + ((h >> 2) & 1) + ((h >> 3) & 1)
                 + ((h >> 4) & 1) + ((h >> 5) & 1) + ((h >> 6) & 1) + ((h >> 7) & 1)
                 + ((h >> 8) & 1) + ((h >> 9) & 1) + ((h >> 10) & 1) + ((h >> 11) & 1)
                 + ((h >> 12) & 1) + ((h >> 13) & 1) + ((h >> 14) & 1) + ((h >> 15) & 1)
                 + ((h >> 16) & 1) + ((h >> 17) & 1) + ((h >> 18) & 1) + ((h >> 19) & 1)
                 + ((h >> 20) & 1) + ((h >> 21) & 1) + ((h >> 22) & 1) + ((h >> 23) & 1)) AS BIGINT)
             FROM (SELECT handset_id, hours & (CASE WHEN day_us = $1 THEN $2 ELSE $5 END)
                 & (CASE WHEN day_us = $3 THEN $4 ELSE $5 END) AS h
               FROM heard_days WHERE day_us >= $1 AND day_us <= $3) AS days GROUP BY handset_id",
        )
        .bind(first_us)
        .bind(ALL_HOURS & !before(from_hour))
        .bind(last_us)
        .bind(before(to_hour))
        .bind(ALL_HOURS)
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        Ok(heard.into_iter().collect())
    }
}
