//! The platform's own handset, whose press goes the way of every press to prove that the way is open.
//!
//! Nobody carries it and nobody looks for it: its presses are drills without a window, no list shows their incident, and
//! only the newest is kept.

use crate::{
    Connection, Job, JobError, Lane, Lease, Store, StoreError, db::on, leases, reading, rows, script::Script,
};
use async_trait::async_trait;
use incident::Incident;
use model::{HandsetId, IncidentId};

/// Its name, which no other handset may have. Statements hold it too.
pub const PROBE: &str = "platform-probe";

/// Whether it is that handset.
pub fn is_probe(handset: &HandsetId) -> bool {
    handset.as_str() == PROBE
}

/// Gives the probe a new secret, and makes it where there is none. A handset of its name that somebody carries is
/// somebody's: that is refused.
#[derive(Debug)]
pub struct PrepareProbe {
    /// The hash of the secret.
    pub secret_hash: String,
    /// Under which lease; otherwise it is a [`JobError::Conflict`], and the secret of whoever holds it stays.
    pub lease: Option<Lease>,
}

#[async_trait]
impl Job for PrepareProbe {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        leases::check(connection, self.lease).await?;
        let (is_carried,): (bool,) = on!(Connection, connection, to =>
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM bindings WHERE handset_id = $1)")
                .bind(PROBE)
                .fetch_one(to)
                .await)?;
        if is_carried {
            return Err(JobError::Broken(format!("{PROBE} is or was carried by a resident")));
        }
        let mut script = Script::default();
        script.add(
            "INSERT INTO handsets (handset_id, secret_hash) VALUES ($1, $2)
             ON CONFLICT (handset_id) DO UPDATE SET secret_hash = excluded.secret_hash, quick_tag = NULL,
               pending_secret_hash = NULL, state = 'active'",
            [PROBE.into(), self.secret_hash.as_str().into()],
        );
        script.run(connection).await.map(drop)
    }
}

/// Removes the incidents of the probe that are over, with their presses and signals, but for the newest.
#[derive(Debug)]
pub struct ForgetProbes {
    /// The newest.
    pub keep: IncidentId,
}

#[async_trait]
impl Job for ForgetProbes {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (probe, keep) = (PROBE, self.keep.as_str());
        let mut script = Script::default();
        script.add(
            "DELETE FROM signals WHERE signal_id IN (SELECT presses.signal_id FROM presses
               JOIN incident_signals ON incident_signals.signal_id = presses.signal_id
               JOIN incidents ON incidents.incident_id = incident_signals.incident_id
               WHERE presses.handset_id = $1 AND incidents.state = 'closed' AND incidents.incident_id <> $2)",
            [probe.into(), keep.into()],
        );
        script.add(
            "DELETE FROM incident_signals WHERE signal_id IN (SELECT signal_id FROM presses WHERE handset_id = $1
               AND NOT EXISTS (SELECT 1 FROM signals WHERE signals.signal_id = presses.signal_id))",
            [probe.into()],
        );
        script.add(
            "DELETE FROM presses WHERE handset_id = $1
               AND NOT EXISTS (SELECT 1 FROM signals WHERE signals.signal_id = presses.signal_id)",
            [probe.into()],
        );
        // By the index of closed drills: an index is all that makes this quick.
        script.add(
            "DELETE FROM incident_events WHERE incident_id IN (SELECT incident_id FROM incidents
               WHERE drill AND resident_id IS NULL AND subject = 'handset:' || $1
                 AND state = 'closed' AND incident_id <> $2)",
            [probe.into(), keep.into()],
        );
        script.add(
            "DELETE FROM incidents WHERE drill AND resident_id IS NULL AND subject = 'handset:' || $1
               AND state = 'closed' AND incident_id <> $2",
            [probe.into(), keep.into()],
        );
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// The open incident of the probe.
    pub async fn open_probe(&self) -> Result<Option<Incident>, StoreError> {
        let what = "the platform's own drill";
        let found: Option<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT snapshot FROM incidents WHERE subject = 'handset:' || $1 AND drill = TRUE AND state <> 'closed'",
        )
        .bind(PROBE)
        .fetch_optional(to)
        .await)
        .map_err(reading(what))?;
        found.map(|(snapshot,)| rows::document(what, &snapshot)).transpose()
    }
}
