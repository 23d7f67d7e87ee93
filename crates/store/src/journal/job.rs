//! The one job that moves fixes from blocks to blocks.

use super::{arrange::Shelved, hours::Part};
use crate::{
    Connection, Job, JobError, Lane, Quarantine, Store, StoreError,
    bindings::{self, Bindings},
    db::on,
    quarantine, reading,
};
use async_trait::async_trait;
use model::{HandsetId, ResidentId};

/// Where blocks are taken from.
#[derive(Debug, Default)]
pub(super) enum OutOf {
    /// The log: read up to a number, and now up to another. What everybody has read is removed; what came before
    /// `unread_until_us` also if somebody has not.
    Log { from: i64, to: i64, unread_until_us: i64 },
    /// Shelves.
    #[default]
    Shelves,
}

/// Takes blocks out, and puts in what was made of them.
#[derive(Debug, Default)]
pub(super) struct Move {
    pub(super) out_of: OutOf,
    pub(super) ids: Vec<i64>,
    pub(super) blocks: Vec<Shelved>,
    pub(super) parts: Vec<Part>,
    /// Whose bindings decided whose the parts are.
    pub(super) handsets: Vec<HandsetId>,
    /// As they were read; if they have changed meanwhile, nothing is moved.
    pub(super) bindings: Bindings,
    /// Blocks that cannot be read.
    pub(super) broken: Vec<Quarantine>,
    pub(super) broken_fixes: i64,
}

impl Move {
    /// How many fixes are put in or set aside.
    pub(super) fn fixes(&self) -> i64 {
        let shelved: i64 = self.blocks.iter().map(|block| block.fixes).sum();
        let written: i64 = self.parts.iter().map(|part| part.fixes).sum();
        shelved.saturating_add(written).saturating_add(self.broken_fixes)
    }

    async fn take_out(&self, connection: &mut Connection) -> Result<(), JobError> {
        match self.out_of {
            OutOf::Log { from, to, unread_until_us } => {
                let moved = on!(Connection, connection, on_it =>
                    sqlx::query("UPDATE journal SET settled = $2 WHERE settled = $1")
                        .bind(from)
                        .bind(to)
                        .execute(on_it)
                        .await
                        .map(|done| done.rows_affected()))?;
                only(moved, 1)?;
                trim(connection, unread_until_us).await
            }
            OutOf::Shelves => only(delete(connection, &self.ids).await?, self.ids.len()),
        }
    }

    async fn put_in(&self, connection: &mut Connection) -> Result<(), JobError> {
        if !self.blocks.is_empty() {
            on!(Connection, connection, to => {
                let mut insert = sqlx::QueryBuilder::new(
                    "INSERT INTO fix_blocks (slot, fixes, from_us, to_us, received_us, body) ",
                );
                insert.push_values(&self.blocks, |mut row, block| {
                    row.push_bind(block.slot)
                        .push_bind(block.fixes)
                        .push_bind(block.span.from_us)
                        .push_bind(block.span.to_us)
                        .push_bind(block.span.received_us)
                        .push_bind(block.body.as_slice());
                });
                insert.build().persistent(false).execute(to).await.map(drop)
            })?;
        }
        if !self.parts.is_empty() {
            on!(Connection, connection, to => {
                let mut insert = sqlx::QueryBuilder::new(
                    "INSERT INTO track_hours (handset_id, resident_id, hour_us, fixes, from_us, to_us, body) ",
                );
                insert.push_values(&self.parts, |mut row, part| {
                    row.push_bind(part.handset.as_str())
                        .push_bind(part.resident.as_ref().map(ResidentId::as_str))
                        .push_bind(part.hour_us)
                        .push_bind(part.fixes)
                        .push_bind(part.span.from_us)
                        .push_bind(part.span.to_us)
                        .push_bind(part.body.as_slice());
                });
                insert.build().persistent(false).execute(to).await.map(drop)
            })?;
        }
        Ok(())
    }
}

#[async_trait]
impl Job for Move {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        if !self.parts.is_empty()
            && bindings::of_handsets(&mut connection.view(), &self.handsets).await? != self.bindings
        {
            return Err(JobError::Conflict);
        }
        self.take_out(connection).await?;
        self.put_in(connection).await?;
        for broken in &self.broken {
            quarantine::insert(connection, broken).await?;
        }
        if self.broken_fixes > 0 {
            count_removed(connection, self.broken_fixes).await?;
            count_broken(connection, self.broken_fixes).await?;
        }
        Ok(())
    }
}

/// Notes that so many fixes are in no form any more.
pub(super) async fn count_removed(connection: &mut Connection, fixes: i64) -> Result<(), JobError> {
    on!(Connection, connection, to => sqlx::query("UPDATE journal SET removed = removed + $1")
        .bind(fixes)
        .execute(to)
        .await
        .map(drop))?;
    Ok(())
}

/// Notes that so many of them lay in blocks that cannot be read: nobody wanted these gone.
async fn count_broken(connection: &mut Connection, fixes: i64) -> Result<(), JobError> {
    on!(Connection, connection, to => sqlx::query("UPDATE journal SET broken = broken + $1")
        .bind(fixes)
        .execute(to)
        .await
        .map(drop))?;
    Ok(())
}

/// If it is not as many as it should be, somebody else was faster.
fn only(rows: u64, expected: usize) -> Result<(), JobError> {
    if usize::try_from(rows) == Ok(expected) { Ok(()) } else { Err(JobError::Conflict) }
}

async fn delete(connection: &mut Connection, ids: &[i64]) -> Result<u64, JobError> {
    let ids = serde_json::to_string(ids)?;
    Ok(match connection {
        Connection::Sqlite(to) => {
            sqlx::query("DELETE FROM fix_blocks WHERE row_id IN (SELECT value FROM json_each($1))")
                .bind(ids)
                .execute(to)
                .await?
                .rows_affected()
        }
        Connection::Postgres(to) => sqlx::query(
            "DELETE FROM fix_blocks
             WHERE row_id IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))",
        )
        .bind(ids)
        .execute(to)
        .await?
        .rows_affected(),
    })
}

/// Rows of the log that are settled and read by everybody, or came before `$1`. The last row of all stays: the next
/// number follows from it.
macro_rules! settled_and_read {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "SELECT row_id FROM fix_log
             WHERE row_id <= (SELECT settled FROM journal) AND row_id < (SELECT MAX(row_id) FROM fix_log)
               AND (received_us < $1 OR row_id + fixes - 1 <= (
                 SELECT COALESCE(MIN(position), 9223372036854775807) FROM cursors WHERE name LIKE 'journal:%'))
             ORDER BY row_id LIMIT ",
            $after
        )
    };
}

async fn trim(connection: &mut Connection, unread_until_us: i64) -> Result<(), JobError> {
    on!(Connection, connection, to =>
        sqlx::query(settled_and_read!("DELETE FROM fix_log WHERE row_id IN (", "128)"))
            .bind(unread_until_us)
            .execute(to)
            .await
            .map(drop))?;
    Ok(())
}

/// Removes from the log what its last reader has read meanwhile.
#[derive(Debug)]
pub(super) struct Trim {
    pub(super) unread_until_us: i64,
}

impl Trim {
    /// Whether there is anything to remove.
    pub(super) async fn is_needed(&self, store: &Store) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = on!(Pool, &store.pool, to =>
            sqlx::query_as(settled_and_read!("", "1"))
                .bind(self.unread_until_us)
                .fetch_optional(to)
                .await)
        .map_err(reading("the log of fixes"))?;
        Ok(found.is_some())
    }
}

#[async_trait]
impl Job for Trim {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        trim(connection, self.unread_until_us).await
    }
}
