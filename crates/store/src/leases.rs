//! What one process at a time does, of several that share a store.
//!
//! Whoever holds a lease renews it long before its end; when it has ended, another takes it under the next epoch. What is written
//! under an older epoch is refused in its own transaction, so a holder that was only slow does no harm.

use crate::{Connection, Job, JobError, Lane, db::on, micros};
use async_trait::async_trait;
use model::Timestamp;

/// A lease that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Of what.
    pub name: &'static str,
    /// Counts its holders.
    pub epoch: i64,
}

/// Takes a lease, or renews it.
#[derive(Debug)]
pub struct TakeLease {
    /// Of what.
    pub name: &'static str,
    /// Who; after a restart the same as before.
    pub holder: String,
    /// Now.
    pub now: Timestamp,
    /// Until when it is held.
    pub until: Timestamp,
}

#[async_trait]
impl Job for TakeLease {
    /// None while somebody else holds it.
    type Output = Option<Lease>;
    // It is renewed on a full disk too: what is held may raise an alarm.
    const LANE: Lane = Lane::Acknowledgement;
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<Option<Lease>, JobError> {
        let taken: Option<(i64,)> = on!(Connection, connection, to => sqlx::query_as(
            "INSERT INTO leases (name, holder, epoch, until_us) VALUES ($1, $2, 1, $4)
             ON CONFLICT (name) DO UPDATE SET
               epoch = CASE WHEN leases.holder = $2 THEN leases.epoch ELSE leases.epoch + 1 END,
               holder = excluded.holder, until_us = excluded.until_us
             WHERE leases.holder = $2 OR leases.until_us < $3
             RETURNING epoch",
        )
        .bind(self.name)
        .bind(&self.holder)
        .bind(micros(self.now))
        .bind(micros(self.until))
        .fetch_optional(to)
        .await)?;
        Ok(taken.map(|(epoch,)| Lease { name: self.name, epoch }))
    }
}

/// Lets go of a lease, so that nobody has to wait for its end.
#[derive(Debug)]
pub struct EndLease(pub Lease);

#[async_trait]
impl Job for EndLease {
    type Output = ();
    const LANE: Lane = Lane::Acknowledgement;
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query("UPDATE leases SET until_us = 0 WHERE name = $1 AND epoch = $2")
            .bind(self.0.name)
            .bind(self.0.epoch)
            .execute(to)
            .await
            .map(drop))?;
        Ok(())
    }
}

/// What follows in this transaction is the holder's to write.
pub(crate) async fn check(connection: &mut Connection, lease: Option<Lease>) -> Result<(), JobError> {
    let Some(Lease { name, epoch }) = lease else { return Ok(()) };
    // An update, so that nobody takes it while this transaction lasts.
    let rows = on!(Connection, connection, to =>
        sqlx::query("UPDATE leases SET epoch = epoch WHERE name = $1 AND epoch = $2")
            .bind(name)
            .bind(epoch)
            .execute(to)
            .await
            .map(|done| done.rows_affected()))?;
    if rows == 1 { Ok(()) } else { Err(JobError::Conflict) }
}
