//! What handsets said beside positions and presses, what they were asked, and what could not be understood: kept for a term, then
//! removed.

use crate::{Connection, Job, JobError, Lane, db::on, micros};
use async_trait::async_trait;
use model::Timestamp;

/// Messages removed at a time; one in quarantine may have a megabyte.
const AT_ONCE: i64 = 200;

/// Removes some messages that came before a moment; says how many. Presses are no such messages, and what a fall report
/// raised stands in its signal.
#[derive(Debug)]
pub struct RemoveOldMessages {
    /// The moment.
    pub before: Timestamp,
}

#[async_trait]
impl Job for RemoveOldMessages {
    type Output = u64;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<u64, JobError> {
        let mut removed = 0_u64;
        for statement in [
            "DELETE FROM handset_messages WHERE row_id IN (
               SELECT row_id FROM handset_messages WHERE received_at_us < $1 ORDER BY received_at_us LIMIT $2)",
            "DELETE FROM fall_reports WHERE row_id IN (
               SELECT row_id FROM fall_reports WHERE received_at_us < $1 AND answer_by_us IS NULL
               ORDER BY row_id LIMIT $2)",
            "DELETE FROM fall_answers WHERE row_id IN (
               SELECT row_id FROM fall_answers WHERE at_us < $1 ORDER BY row_id LIMIT $2)",
            "DELETE FROM fence_returns WHERE row_id IN (
               SELECT row_id FROM fence_returns WHERE at_us < $1 ORDER BY row_id LIMIT $2)",
            "DELETE FROM snoozes WHERE row_id IN (
               SELECT row_id FROM snoozes WHERE until_us < $1 ORDER BY row_id LIMIT $2)",
            // Before the commands that they carried.
            "DELETE FROM outbox WHERE row_id IN (
               SELECT row_id FROM outbox WHERE command_id IS NOT NULL AND created_at_us < $1
               ORDER BY created_at_us LIMIT $2)",
            "DELETE FROM commands WHERE row_id IN (
               SELECT row_id FROM commands WHERE created_at_us < $1 ORDER BY created_at_us LIMIT $2)",
            "DELETE FROM quarantine WHERE row_id IN (
               SELECT row_id FROM quarantine WHERE received_at_us < $1 ORDER BY row_id LIMIT $2)",
        ] {
            let done = on!(Connection, connection, to => sqlx::query(statement)
                .bind(micros(self.before))
                .bind(AT_ONCE)
                .execute(to)
                .await
                .map(|done| done.rows_affected()))?;
            removed = removed.saturating_add(done);
        }
        Ok(removed)
    }
}
