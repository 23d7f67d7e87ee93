//! What supervisors found out about answers that came late.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, incidents::histories,
    micros, reading, rows, script::Script,
};
use async_trait::async_trait;
use incident::Event;
use model::{IncidentId, Timestamp};
use std::collections::HashMap;

/// What was found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateReview {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why it was late, and what follows from it.
    pub note: String,
}

/// Writes down what was found out. Who reviews later adds to it in words of their own; the last one stands.
#[derive(Debug)]
pub struct ReviewLate {
    /// About which incident.
    pub incident: IncidentId,
    /// What.
    pub review: LateReview,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for ReviewLate {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add(
            "INSERT INTO late_reviews (incident_id, reviewed_at_us, reviewed_by, note) VALUES ($1, $2, $3, $4)
             ON CONFLICT (incident_id) DO UPDATE SET reviewed_at_us = excluded.reviewed_at_us,
               reviewed_by = excluded.reviewed_by, note = excluded.note",
            [
                self.incident.as_str().into(),
                micros(self.review.at).into(),
                self.review.by.as_str().into(),
                self.review.note.as_str().into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// The histories of what may have been answered late, was opened outside a span of time and was not looked into, at most so
    /// many, the newest. Left out is what was certainly answered within so many seconds of its first signal; of the rest the
    /// events say it, and of all whose clock was set back before the answer: their stamps say nothing of how long it took.
    pub async fn unreviewed_histories(
        &self,
        (from, to): (Timestamp, Timestamp),
        late_s: u32,
        limit: u32,
    ) -> Result<Vec<(IncidentId, Vec<Event>)>, StoreError> {
        let what = "the events of incidents";
        let found: Vec<(String, String)> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            r#"SELECT incident_id, body FROM incident_events WHERE incident_id IN (
               SELECT incident_id FROM incidents WHERE drill = FALSE AND (opened_at_us < $1 OR opened_at_us >= $2)
                 AND NOT EXISTS (SELECT 1 FROM late_reviews WHERE late_reviews.incident_id = incidents.incident_id)
                 AND NOT EXISTS (SELECT 1 FROM incident_events AS answers
                   WHERE answers.incident_id = incidents.incident_id
                     AND (answers.body LIKE '%"kind":"claimed"%' OR answers.body LIKE '%"kind":"merged_into"%')
                     AND answers.at_us <= $3 + COALESCE((SELECT MIN(received_at_us) FROM incident_signals
                       JOIN signals ON signals.signal_id = incident_signals.signal_id
                       WHERE incident_signals.incident_id = incidents.incident_id), incidents.opened_at_us)
                     AND NOT EXISTS (SELECT 1 FROM incident_events AS steps
                       WHERE steps.incident_id = answers.incident_id AND steps.version < answers.version
                         AND steps.body LIKE '%"kind":"clock_went_back"%'))
               ORDER BY opened_at_us DESC LIMIT $4)
             ORDER BY incident_id, version"#,
        )
        .bind(micros(from))
        .bind(micros(to))
        .bind(i64::from(late_s) * 1_000_000)
        .bind(i64::from(limit))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        histories(what, found)
    }

    /// All reviews of incidents that were opened in a span of time, its end excluded.
    pub async fn late_reviews(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<HashMap<IncidentId, LateReview>, StoreError> {
        let what = "reviews of late answers";
        let found: Vec<(String, i64, String, String)> = on!(Pool, &self.pool, to_it => sqlx::query_as(
            "SELECT late_reviews.incident_id, reviewed_at_us, reviewed_by, note FROM late_reviews
             JOIN incidents ON incidents.incident_id = late_reviews.incident_id
             WHERE opened_at_us >= $1 AND opened_at_us < $2",
        )
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(to_it)
        .await)
        .map_err(reading(what))?;
        let review = |(id, at, by, note): (String, i64, String, String)| {
            Ok((rows::incident(what, id)?, LateReview { at: rows::time(what, at)?, by, note }))
        };
        found.into_iter().map(review).collect()
    }
}
