//! What reports are made of beside the events of incidents: messages to people outside, and the hours in which handsets were
//! heard.

use crate::{Store, StoreError, db::on, micros, reading, rows};
use model::{Division, HandsetId, ResidentId, Timestamp};
use std::collections::HashMap;

const HOUR_US: i64 = 3_600_000_000;

/// How a message to somebody outside went, or reached a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFact {
    /// By which way.
    pub channel: String,
    /// When it was due.
    pub due_at: Timestamp,
    /// When the other side took it.
    pub sent_at: Option<Timestamp>,
    /// How long the last attempt took, there and back; of a screen until it was looked at.
    pub took_ms: Option<u32>,
    /// Whether it is over.
    pub is_over: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When the provider reported that it is on the telephone, or a page that it has it.
    pub delivered_at: Option<Timestamp>,
    /// When it reported that somebody took the call or read it, or a page that it was looked at.
    pub seen_at: Option<Timestamp>,
    /// When the recipient answered.
    pub acknowledged_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    channel: String,
    due_at_us: i64,
    sent_at_us: Option<i64>,
    took_ms: Option<i64>,
    ended_at_us: Option<i64>,
    attempts: i64,
    delivered_at_us: Option<i64>,
    seen_at_us: Option<i64>,
    acknowledged_at_us: Option<i64>,
}

const NOTICES: &str = "messages to people outside";

impl TryFrom<NoticeRow> for NoticeFact {
    type Error = StoreError;

    fn try_from(row: NoticeRow) -> Result<Self, StoreError> {
        let time = |at_us: Option<i64>| at_us.map(|at_us| rows::time(NOTICES, at_us)).transpose();
        Ok(Self {
            channel: row.channel,
            due_at: rows::time(NOTICES, row.due_at_us)?,
            sent_at: time(row.sent_at_us)?,
            took_ms: row.took_ms.and_then(|took_ms| u32::try_from(took_ms).ok()),
            is_over: row.ended_at_us.is_some(),
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            delivered_at: time(row.delivered_at_us)?,
            seen_at: time(row.seen_at_us)?,
            acknowledged_at: time(row.acknowledged_at_us)?,
        })
    }
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

    /// The messages that were due in a span of time, its end excluded, at most so many; those to screens, which are many, are left
    /// out first. Those of drills are no figures.
    pub async fn notice_facts(
        &self,
        from: Timestamp,
        to: Timestamp,
        limit: u32,
    ) -> Result<Vec<NoticeFact>, StoreError> {
        let found: Vec<NoticeRow> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT channel, due_at_us, sent_at_us, took_ms, ended_at_us, attempts, delivered_at_us, seen_at_us,
               acknowledged_at_us FROM notices
             WHERE due_at_us >= $1 AND due_at_us < $2 AND NOT EXISTS (SELECT 1 FROM incidents
               WHERE incidents.incident_id = notices.incident_id AND incidents.drill)
             ORDER BY channel = 'websocket', due_at_us LIMIT $3",
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(i64::from(limit))
        .fetch_all(to_it)
        .await)
        .map_err(reading(NOTICES))?;
        found.into_iter().map(NoticeFact::try_from).collect()
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
