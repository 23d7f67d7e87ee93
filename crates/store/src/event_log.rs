//! The log of all events, whole: for whoever tells other programs what happened.

use crate::{
    Connection, CursorMove, Job, JobError, Lane, PutNotices, Store, StoreError, db::follow,
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

impl Store {
    /// The events after a place in the log, in order, each with its place.
    pub async fn event_log(&self, row: i64, limit: u32) -> Result<Vec<(i64, IncidentId, Event)>, StoreError> {
        let what = "the log of incidents";
        let found: Vec<(i64, String, String)> = follow!(
            &self.pool,
            (i64, String, String),
            "SELECT row_id, incident_id, body FROM incident_events WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(what))?;
        let event = |(row, id, body): (i64, String, String)| {
            Ok((row, rows::incident(what, id)?, rows::document(what, &body)?))
        };
        found.into_iter().map(event).collect()
    }
}
