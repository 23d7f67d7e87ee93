//! A resident's own fences.

use super::{note_change, only_one};
use crate::{AuditRow, Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows};
use async_trait::async_trait;
use geofence::fence::FenceEntry;
use model::{ResidentId, Timestamp};

/// A fence as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFence {
    /// Whose.
    pub resident: ResidentId,
    /// What it is.
    pub entry: FenceEntry,
    /// Counts its changes.
    pub version: i64,
    /// The version at which its edge or its kind last changed.
    pub drawn: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was taken away; nothing while it holds.
    pub ended_at: Option<Timestamp>,
}

/// Enters a fence, or changes one.
#[derive(Debug)]
pub struct PutFence {
    /// Whose.
    pub resident: ResidentId,
    /// The fence from now on, under its id.
    pub entry: FenceEntry,
    /// The version it is changed from; none enters a new one.
    pub from_version: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

const INSERT: &str =
    "INSERT INTO fences (fence_id, resident_id, kind, name, shape, schedule, home_by, dwell_s, armed,
      version, drawn, created_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 1, $10)
    ON CONFLICT (fence_id) DO NOTHING";

const UPDATE: &str = "UPDATE fences SET
      drawn = CASE WHEN shape = $5 AND kind = $3 THEN drawn ELSE version + 1 END,
      kind = $3, name = $4, shape = $5, schedule = $6, home_by = $7, dwell_s = $8, armed = $9, version = version + 1
    WHERE fence_id = $1 AND resident_id = $2 AND version = $10 AND ended_at_us IS NULL";

#[async_trait]
impl Job for PutFence {
    /// Its version from now on. [`JobError::Conflict`] if it is at another version than it is changed from.
    type Output = i64;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<i64, JobError> {
        let entry = &self.entry;
        let kind = serde_json::to_value(entry.kind)?;
        let schedule = serde_json::to_string(&entry.schedule)?;
        let home_by = serde_json::to_string(&entry.home_by)?;
        let statement = if self.from_version.is_some() { UPDATE } else { INSERT };
        let rows = on!(Connection, connection, to => sqlx::query(statement)
            .bind(&entry.id)
            .bind(self.resident.as_str())
            .bind(kind.as_str().unwrap_or_default())
            .bind(entry.name.as_deref().unwrap_or(&entry.id))
            .bind(entry.shape.to_string())
            .bind(&schedule)
            .bind(&home_by)
            .bind(entry.dwell_s)
            .bind(entry.armed.unwrap_or(true))
            .bind(self.from_version.unwrap_or_else(|| micros(self.at)))
            .execute(to)
            .await
            .map(|done| done.rows_affected()))?;
        only_one(rows)?;
        note_change(connection, Some(&self.resident), &self.audit).await?;
        Ok(self.from_version.map_or(1, |version| version.saturating_add(1)))
    }
}

/// Ends a fence; what was raised of it stays in its incident.
#[derive(Debug)]
pub struct EndFence {
    /// Whose.
    pub resident: ResidentId,
    /// Which.
    pub fence: String,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndFence {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let rows = on!(Connection, connection, to => sqlx::query(
            "UPDATE fences SET ended_at_us = $1 WHERE fence_id = $2 AND resident_id = $3 AND ended_at_us IS NULL")
            .bind(micros(self.at))
            .bind(&self.fence)
            .bind(self.resident.as_str())
            .execute(to)
            .await
            .map(|done| done.rows_affected()))?;
        only_one(rows)?;
        note_change(connection, Some(&self.resident), &self.audit).await
    }
}

#[derive(sqlx::FromRow)]
struct FenceRow {
    fence_id: String,
    resident_id: String,
    kind: String,
    name: String,
    shape: String,
    schedule: String,
    home_by: String,
    dwell_s: Option<f64>,
    armed: bool,
    version: i64,
    drawn: i64,
    created_at_us: i64,
    ended_at_us: Option<i64>,
}

const FENCE: &str = "a fence";

impl TryFrom<FenceRow> for StoredFence {
    type Error = StoreError;

    fn try_from(row: FenceRow) -> Result<Self, StoreError> {
        Ok(Self {
            resident: rows::resident(FENCE, row.resident_id)?,
            entry: FenceEntry {
                id: row.fence_id,
                name: Some(row.name),
                armed: Some(row.armed),
                kind: rows::document(FENCE, &format!("{:?}", row.kind))?,
                shape: rows::document(FENCE, &row.shape)?,
                schedule: rows::document(FENCE, &row.schedule)?,
                dwell_s: row.dwell_s,
                home_by: rows::document(FENCE, &row.home_by)?,
            },
            version: row.version,
            drawn: row.drawn,
            created_at: rows::time(FENCE, row.created_at_us)?,
            ended_at: row.ended_at_us.map(|at| rows::time(FENCE, at)).transpose()?,
        })
    }
}

/// In the order in which they were entered.
const FENCES: &str =
    "SELECT fence_id, resident_id, kind, name, shape, schedule, home_by, dwell_s, armed, version, drawn,
      created_at_us, ended_at_us FROM fences
    WHERE ($3 OR ended_at_us IS NULL) AND ($1 = '' OR resident_id = $1) AND ($2 = '' OR fence_id = $2)
    ORDER BY resident_id, created_at_us, fence_id";

impl Store {
    /// The fences of a resident, or everybody's; in the order in which they were entered.
    pub async fn fences(&self, of: Option<&ResidentId>) -> Result<Vec<StoredFence>, StoreError> {
        self.find_fences(of.map_or("", ResidentId::as_str), "", false).await
    }

    /// The fences of a resident, also those that were taken away.
    pub async fn fences_ever(&self, of: &ResidentId) -> Result<Vec<StoredFence>, StoreError> {
        self.find_fences(of.as_str(), "", true).await
    }

    /// One fence.
    pub async fn fence(&self, id: &str) -> Result<Option<StoredFence>, StoreError> {
        Ok(self.find_fences("", id, false).await?.into_iter().find(|fence| fence.entry.id == id))
    }

    async fn find_fences(
        &self,
        resident: &str,
        fence: &str,
        with_ended: bool,
    ) -> Result<Vec<StoredFence>, StoreError> {
        let found: Vec<FenceRow> = on!(Pool, &self.pool, to =>
            sqlx::query_as(FENCES).bind(resident).bind(fence).bind(with_ended).fetch_all(to).await)
        .map_err(reading(FENCE))?;
        found.into_iter().map(StoredFence::try_from).collect()
    }
}
