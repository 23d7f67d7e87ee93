//! Areas shared by all.

use super::{note_change, only_one};
use crate::{AuditRow, Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading, rows};
use async_trait::async_trait;
use geofence::zone::ZoneEntry;
use model::Timestamp;

/// A zone as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredZone {
    /// What it is.
    pub entry: ZoneEntry,
    /// Counts its changes.
    pub version: i64,
    /// Counts the drawings of all zones: at which of them its edge was drawn last.
    pub drawn: i64,
    /// Since when.
    pub created_at: Timestamp,
}

/// Enters a zone, or changes one.
#[derive(Debug)]
pub struct PutZone {
    /// The zone from now on, under its id.
    pub entry: ZoneEntry,
    /// The version it is changed from; none enters a new one.
    pub from_version: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

/// Writes one; a conflict if it is at another version than it is changed from, or entered although it is there. What was taken away
/// and is in its register again is there again.
async fn put(
    connection: &mut Connection,
    entry: &ZoneEntry,
    from_version: Option<i64>,
    at: Timestamp,
) -> Result<(), JobError> {
    let statement = if from_version.is_some() {
        "UPDATE zones SET
           drawn = CASE WHEN shape = $3 THEN drawn ELSE (SELECT COALESCE(MAX(other.drawn), 0) + 1 FROM zones AS other) END,
           name = $2, shape = $3, dwell_s = $4, version = version + 1
         WHERE zone_id = $1 AND version = $5 AND ended_at_us IS NULL"
    } else {
        "INSERT INTO zones (zone_id, name, shape, dwell_s, version, created_at_us, drawn)
         VALUES ($1, $2, $3, $4, 1, $5, (SELECT COALESCE(MAX(other.drawn), 0) + 1 FROM zones AS other))
         ON CONFLICT (zone_id) DO UPDATE SET name = excluded.name, shape = excluded.shape, dwell_s = excluded.dwell_s,
           drawn = excluded.drawn, version = zones.version + 1, created_at_us = excluded.created_at_us, ended_at_us = NULL
           WHERE zones.ended_at_us IS NOT NULL"
    };
    let rows = on!(Connection, connection, to => sqlx::query(statement)
        .bind(&entry.id)
        .bind(entry.name.as_deref().unwrap_or(&entry.id))
        .bind(entry.shape.to_string())
        .bind(entry.dwell_s)
        .bind(from_version.unwrap_or_else(|| micros(at)))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
    only_one(rows)
}

#[async_trait]
impl Job for PutZone {
    /// [`JobError::Conflict`] if it is at another version than it is changed from, or entered although it is there.
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        put(connection, &self.entry, self.from_version, self.at).await?;
        note_change(connection, None, &self.audit).await
    }
}

/// Enters and changes zones, all of them or none.
#[derive(Debug)]
pub struct PutZones {
    /// Each as it is from now on, with the version it is changed from; none enters a new one.
    pub zones: Vec<(ZoneEntry, Option<i64>)>,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for PutZones {
    /// [`JobError::Conflict`] if one is at another version than it is changed from, or an id is taken.
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        for (entry, from_version) in &self.zones {
            put(connection, entry, *from_version, self.at).await?;
        }
        note_change(connection, None, &self.audit).await
    }
}

/// Ends a zone.
#[derive(Debug)]
pub struct EndZone {
    /// Which.
    pub zone: String,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndZone {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let rows = on!(Connection, connection, to => sqlx::query(
            "UPDATE zones SET ended_at_us = $1 WHERE zone_id = $2 AND ended_at_us IS NULL")
            .bind(micros(self.at))
            .bind(&self.zone)
            .execute(to)
            .await
            .map(|done| done.rows_affected()))?;
        only_one(rows)?;
        note_change(connection, None, &self.audit).await
    }
}

#[derive(sqlx::FromRow)]
struct ZoneRow {
    zone_id: String,
    name: String,
    shape: String,
    dwell_s: Option<f64>,
    version: i64,
    drawn: i64,
    created_at_us: i64,
}

const ZONE: &str = "a zone";

impl Store {
    /// All zones, in the order in which they were entered.
    pub async fn zones(&self) -> Result<Vec<StoredZone>, StoreError> {
        let found: Vec<ZoneRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT zone_id, name, shape, dwell_s, version, drawn, created_at_us FROM zones WHERE ended_at_us IS NULL
             ORDER BY created_at_us, zone_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(ZONE))?;
        let zone = |row: ZoneRow| {
            let shape = rows::document(ZONE, &row.shape)?;
            let entry =
                ZoneEntry { id: row.zone_id, name: Some(row.name), kind: None, shape, dwell_s: row.dwell_s };
            let created_at = rows::time(ZONE, row.created_at_us)?;
            Ok(StoredZone { entry, version: row.version, drawn: row.drawn, created_at })
        };
        found.into_iter().map(zone).collect()
    }
}
