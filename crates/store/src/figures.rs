//! What reports are made of beside the events of incidents: messages to people outside, and the hours in which handsets were
//! heard.

use crate::{Store, StoreError, db::on, micros, reading, rows};
use model::{Division, HandsetId, ResidentId, Timestamp};
use std::collections::HashMap;

const HOUR_US: i64 = 3_600_000_000;

/// How a message to somebody outside went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFact {
    /// By which way.
    pub channel: String,
    /// When it was due.
    pub due_at: Timestamp,
    /// When the other side took it.
    pub sent_at: Option<Timestamp>,
    /// How long the last attempt took, there and back.
    pub took_ms: Option<u32>,
    /// Whether it is over.
    pub is_over: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// Whether the recipient answered.
    pub is_acknowledged: bool,
}

/// In how many hours a handset could have been heard, and in how many it told a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardHours {
    /// Which.
    pub handset: HandsetId,
    /// Where whoever carried it last lives.
    pub division: Option<Division>,
    /// Hours in which somebody carried it.
    pub carried: u32,
    /// Hours of those in which it told a position.
    pub heard: u32,
}

impl Store {
    /// Where each resident lives, where it is on record.
    pub async fn divisions(&self) -> Result<HashMap<ResidentId, Division>, StoreError> {
        let what = "where residents live";
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT resident_id, division FROM residents WHERE division IS NOT NULL")
                .fetch_all(to)
                .await)
        .map_err(reading(what))?;
        found
            .into_iter()
            .map(|(id, division)| Ok((rows::resident(what, id)?, rows::division(what, division)?)))
            .collect()
    }

    /// The messages that were due in a span of time, its end excluded, at most so many. Those of drills are no figures.
    pub async fn notice_facts(
        &self,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> Result<Vec<NoticeFact>, StoreError> {
        type Row = (String, i64, Option<i64>, Option<i64>, Option<i64>, i64, Option<i64>);
        let what = "messages to people outside";
        let found: Vec<Row> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT channel, due_at_us, sent_at_us, took_ms, ended_at_us, attempts, acknowledged_at_us FROM notices
             WHERE due_at_us >= $1 AND due_at_us < $2 AND NOT EXISTS (SELECT 1 FROM incidents
               WHERE incidents.incident_id = notices.incident_id AND incidents.drill)
             ORDER BY due_at_us LIMIT $3",
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(i64::from(limit))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        let fact = |(channel, due_at, sent_at, took_ms, ended_at, attempts, acknowledged_at): Row| {
            Ok(NoticeFact {
                channel,
                due_at: rows::time(what, due_at)?,
                sent_at: sent_at.map(|at| rows::time(what, at)).transpose()?,
                took_ms: took_ms.and_then(|took_ms| u32::try_from(took_ms).ok()),
                is_over: ended_at.is_some(),
                attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
                is_acknowledged: acknowledged_at.is_some(),
            })
        };
        found.into_iter().map(fact).collect()
    }

    /// The handsets that somebody carried in a span of time, with the hours in which they were heard. What was told in the last
    /// two days is not sorted into hours yet and must not be asked for.
    pub async fn heard_hours(&self, from: Timestamp, to: Timestamp) -> Result<Vec<HeardHours>, StoreError> {
        let what = "hours in which handsets were heard";
        let (from_us, to_us) = (micros(from), micros(to));
        let heard: Vec<(String, i64)> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT handset_id, COUNT(DISTINCT hour_us) FROM track_hours
             WHERE hour_us >= $1 AND hour_us < $2 AND resident_id IS NOT NULL GROUP BY handset_id",
        )
        .bind(from_us)
        .bind(to_us)
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        let heard: HashMap<String, i64> = heard.into_iter().collect();
        let carried: Vec<(String, i64, Option<i64>, Option<String>)> =
            on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT handset_id, from_us, to_us, residents.division FROM bindings
             JOIN residents ON residents.resident_id = bindings.resident_id
             WHERE from_us < $2 AND (to_us IS NULL OR to_us > $1) ORDER BY handset_id, from_us",
        )
        .bind(from_us)
        .bind(to_us)
        .fetch_all(to_it)
        .await)
            .map_err(reading(what))?;
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
            let division = division.map(|code| rows::division(what, code)).transpose()?;
            Ok(HeardHours { handset: rows::handset(what, handset)?, division, carried, heard })
        };
        all.into_iter().map(one).collect()
    }
}
