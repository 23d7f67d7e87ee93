//! What supervisors found out about answers that came late.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use async_trait::async_trait;
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
