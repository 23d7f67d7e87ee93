//! The log of all events, whole: for whoever tells other programs what happened.

use crate::{
    Connection, CursorMove, Job, JobError, Lane, PutNotices, Sifted, Store, StoreError, db::follow,
    desk::move_cursor, reading, rows, script::Script,
};
use async_trait::async_trait;
use incident::Event;
use model::IncidentId;

/// Puts notices out and moves the cursor of whoever read what they tell of: both, or neither.
#[derive(Debug)]
pub struct PutRead {
    /// The notices.
    pub notices: PutNotices,
    /// How far was read for them.
    pub cursor: CursorMove,
}

#[async_trait]
impl Job for PutRead {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        self.notices.run(connection).await?;
        let mut script = Script::default();
        move_cursor(&mut script, &self.cursor);
        match script.run(connection).await {
            Ok(_) => Ok(()),
            Err(error) if crate::desk::is_lost_race(&error) => Err(JobError::Conflict),
            Err(error) => Err(error),
        }
    }
}

/// An event with its place, and whose it is.
pub type LoggedBody = (i64, IncidentId, Event);

impl Store {
    /// The events after a place in the log, in order, each with its place, and the last place looked at. One that cannot be read
    /// hides none of the others.
    pub async fn event_log(
        &self,
        row: i64,
        limit: u32,
    ) -> Result<(Option<i64>, Sifted<LoggedBody>), StoreError> {
        let what = "the log of incidents";
        let found: Vec<(i64, String, String)> = follow!(
            &self.pool,
            (i64, String, String),
            "SELECT row_id, incident_id, body FROM incident_events WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(what))?;
        let end = found.last().map(|(row, ..)| *row);
        let event = |(row, id, body): (i64, String, String)| -> Result<LoggedBody, StoreError> {
            Ok((row, rows::incident(what, id)?, rows::document(what, &body)?))
        };
        Ok((end, found.into_iter().map(|row| (row.0.to_string(), event(row))).collect()))
    }
}
