//! What the day brought that no incident was opened for: batteries, handsets taken off, handsets that fell silent.

use crate::{Store, StoreError, db::on, micros, reading, rows};
use model::{Division, Signal, Timestamp};

impl Store {
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
            "SELECT signals.body, residents.name FROM signals
             LEFT JOIN residents ON residents.resident_id = signals.resident_id
             WHERE received_at_us >= $1 AND received_at_us < $2
               AND NOT EXISTS (SELECT 1 FROM incident_signals WHERE incident_signals.signal_id = signals.signal_id)
               AND ($4 = '' OR residents.division IS NULL OR residents.division LIKE $4 || '%')
             ORDER BY received_at_us DESC, row_id DESC LIMIT $3",
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(i64::from(limit))
        .bind(scope.map_or("", Division::as_str))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        found.into_iter().map(|(body, name)| Ok((rows::document(what, &body)?, name))).collect()
    }
}
