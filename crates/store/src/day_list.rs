//! What the day brought that no incident was opened for: batteries, handsets taken off, handsets that fell silent.

use crate::{Store, StoreError, db::on, micros, reading, rows};
use model::{Division, Signal, Timestamp};

/// What `signals_without_incident` reads, and how many those are in all.
macro_rules! of_the_day {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM signals LEFT JOIN residents ON residents.resident_id = signals.resident_id
             WHERE received_at_us >= $1 AND received_at_us < $2
               AND NOT EXISTS (SELECT 1 FROM incident_signals WHERE incident_signals.signal_id = signals.signal_id)
               AND ($3 = '' OR residents.division IS NULL OR residents.division LIKE $3 || '%')",
            $rest
        )
    };
}

impl Store {
    /// How many signals of a span of time stand in no incident, of those that [`Store::signals_without_incident`] reads.
    pub async fn count_without_incident(
        &self,
        from: Timestamp,
        to: Timestamp,
        scope: Option<&Division>,
    ) -> Result<u64, StoreError> {
        let (count,): (i64,) = on!(Pool, &self.pool, to_it => sqlx::query_as(of_the_day!("COUNT(*)", ""))
            .bind(micros(from))
            .bind(micros(to))
            .bind(scope.map_or("", Division::as_str))
            .fetch_one(to_it)
            .await)
        .map_err(reading("the list of the day"))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Signals of a span of time, its end excluded, that stand in no incident, newest first, with the residents' names. With a
    /// scope: of these who lives in it or nowhere on record, and handsets that nobody carried.
    pub async fn signals_without_incident(
        &self,
        from: Timestamp,
        to: Timestamp,
        scope: Option<&Division>,
        limit: u32,
    ) -> Result<Vec<(Signal, Option<String>)>, StoreError> {
        let what = "the list of the day";
        let found: Vec<(String, Option<String>)> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            of_the_day!("signals.body, residents.name", " ORDER BY received_at_us DESC, row_id DESC LIMIT $4"),
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(scope.map_or("", Division::as_str))
        .bind(i64::from(limit))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        found.into_iter().map(|(body, name)| Ok((rows::document(what, &body)?, name))).collect()
    }
}
