//! What the watching engine works by (fences, zones, policies) and what it remembers (a state for each resident).
//!
//! Every change of the first leaves a row in `watch_changes`, so whoever watches follows them like any other log
//! ([`Store::watch_changes_after`]). A state says up to which [`Places`] of the logs of fixes, messages and signals it holds;
//! what came after is taken again from there, and since ids derive from their cause, nothing is raised twice.

mod clock_steps;
mod fences;
mod habits;
mod policies;
mod returns;
mod states;
mod zones;

pub use clock_steps::{ClockStep, KeepWatch};
pub use fences::{EndFence, PutFence, StoredFence};
pub use habits::{ForgetHabits, PutHabits, StoredHabits};
pub use policies::{PutPolicy, StoredPolicy, WatchPolicy, WatchedResident};
pub(crate) use returns::insert_snoozes;
pub use returns::{FenceReturn, LoggedReturn, Snooze, Snoozed};
pub use states::{HeardCry, HeardMessage, KeepStates, Places, RaiseSignals, StoredState};
pub use zones::{EndZone, PutZone, PutZones, StoredZone};

use crate::{
    Connection, JobError, Store, StoreError,
    audit::AuditRow,
    db::{follow, on},
    reading, rows,
    script::Script,
};
use model::ResidentId;

/// Something that is watched by has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchChange {
    /// Its place in the log of changes.
    pub row: i64,
    /// Whose fences or policy; none if it was the zones.
    pub resident: Option<ResidentId>,
}

/// Notes the change, and who made it.
async fn note_change(
    connection: &mut Connection,
    resident: Option<&ResidentId>,
    audit: &[AuditRow],
) -> Result<(), JobError> {
    let mut script = Script::default();
    crate::audit::insert(&mut script, audit);
    script.add(
        "INSERT INTO watch_changes (resident_id) VALUES ($1)",
        [resident.map(ResidentId::as_str).into()],
    );
    script.run(connection).await.map(drop)
}

/// One row was meant; if there is none of that version, somebody else was faster.
fn only_one(rows: u64) -> Result<(), JobError> {
    if rows == 1 { Ok(()) } else { Err(JobError::Conflict) }
}

impl Store {
    /// The changes after a place, in order.
    pub async fn watch_changes_after(&self, row: i64, limit: u32) -> Result<Vec<WatchChange>, StoreError> {
        let what = "the changes of what is watched";
        let found: Vec<(i64, Option<String>)> = follow!(
            &self.pool,
            (i64, Option<String>),
            "SELECT row_id, resident_id FROM watch_changes WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(what))?;
        let change = |(row, id): (i64, Option<String>)| {
            Ok(WatchChange { row, resident: id.map(|id| rows::resident(what, id)).transpose()? })
        };
        found.into_iter().map(change).collect()
    }

    /// The newest place in the log of changes.
    pub async fn watch_changes_end(&self) -> Result<i64, StoreError> {
        let (end,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COALESCE(MAX(row_id), 0) FROM watch_changes").fetch_one(to).await)
        .map_err(reading("the changes of what is watched"))?;
        Ok(end)
    }
}
