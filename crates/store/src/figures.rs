//! What reports are made of beside the events of incidents: messages to people outside, and words to handsets.

use crate::{Store, StoreError, db::on, micros, reading, rows};
use model::{Division, ResidentId, Timestamp};
use std::collections::HashMap;

/// How a message to somebody outside went, or reached a screen or a handset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFact {
    /// By which way.
    pub channel: String,
    /// When it was due.
    pub due_at: Timestamp,
    /// When the other side took it.
    pub sent_at: Option<Timestamp>,
    /// How long the last attempt took, there and back; of a screen until it was looked at, of a handset until it had it.
    pub took_ms: Option<u32>,
    /// Whether it is over.
    pub is_over: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When the provider reported that it is on the telephone, or a page or a handset that it has it.
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

    /// What handsets were to hear about incidents, of the words that were said in a span of time, its end excluded, at most so many.
    /// A word is over once a newer one has its place or nobody needs it any more. Those of drills are no figures.
    pub async fn word_facts(
        &self,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<NoticeFact>, StoreError> {
        let what = "what handsets were told";
        let found: Vec<(i64, Option<i64>, bool)> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT created_at_us, settled_at_us, is_over FROM (
               SELECT handset_id, message_key, created_at_us, settled_at_us, TRUE AS is_over FROM earlier_words
                 WHERE created_at_us >= $1 AND created_at_us < $2
               UNION ALL SELECT handset_id, message_key, created_at_us, settled_at_us, expires_at_us <= $3 FROM outbox
                 WHERE created_at_us >= $1 AND created_at_us < $2 AND command_id IS NULL
                   AND message_key LIKE 'progress:%') AS words
             WHERE handset_id <> 'platform-probe'
               AND NOT EXISTS (SELECT 1 FROM incidents
                 WHERE incidents.incident_id = SUBSTR(words.message_key, 10) AND incidents.drill)
             ORDER BY created_at_us LIMIT $4",
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(micros(now))
        .bind(i64::from(limit))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        let fact = |(said_us, heard_us, is_over): (i64, Option<i64>, bool)| {
            let heard_at = heard_us.map(|heard_us| rows::time(what, heard_us)).transpose()?;
            let took_us = heard_us.map(|heard_us| heard_us.saturating_sub(said_us).max(0));
            Ok(NoticeFact {
                channel: "handset".to_owned(),
                due_at: rows::time(what, said_us)?,
                sent_at: heard_at,
                took_ms: took_us.map(|took_us| u32::try_from(took_us / 1_000).unwrap_or(u32::MAX)),
                is_over: is_over || heard_at.is_some(),
                attempts: 1,
                delivered_at: heard_at,
                seen_at: None,
                acknowledged_at: None,
            })
        };
        found.into_iter().map(fact).collect()
    }
}
