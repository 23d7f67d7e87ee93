//! The journal of fixes, appended in batches with one statement each, and what is read back from it.

use crate::{Connection, Job, JobError, Lane, Store, StoreError, db::on, micros, reading};
use async_trait::async_trait;
use model::{Fix, HandsetId, Method, Timestamp, Wgs84};

/// A fix of a handset with the time it reached us.
#[derive(Debug, Clone)]
pub struct JournalFix {
    /// Whose.
    pub handset: HandsetId,
    /// The fix, with the time that is believed.
    pub fix: Fix,
    /// The time the handset told, where another one is believed.
    pub told_time: Option<Timestamp>,
    /// When it reached us.
    pub received_at: Timestamp,
}

/// Appends fixes in the order given.
#[derive(Debug)]
pub struct AppendFixes(pub Vec<JournalFix>);

impl AppendFixes {
    /// The batch as one JSON text, unfolded by the database.
    fn as_json(&self) -> Result<String, JobError> {
        let rows: Vec<_> = self
            .0
            .iter()
            .map(|row| {
                serde_json::json!([
                    row.handset,
                    // PostgreSQL's text cannot hold a NUL.
                    row.fix.boot.as_deref().map(|boot| boot.replace('\0', "\u{2400}")),
                    row.fix.seq.and_then(|seq| i64::try_from(seq).ok()),
                    micros(row.fix.fix_time),
                    micros(row.received_at),
                    row.fix.position.lat(),
                    row.fix.position.lon(),
                    row.fix.accuracy_m,
                    row.fix.method,
                    row.fix.speed_mps,
                    row.fix.bearing_deg,
                    row.fix.battery_pct,
                    row.told_time.map(micros),
                ])
            })
            .collect();
        Ok(serde_json::to_string(&rows)?)
    }
}

#[async_trait]
impl Job for AppendFixes {
    type Output = ();
    const LANE: Lane = Lane::Fixes;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let rows = self.as_json()?;
        match connection {
            Connection::Sqlite(to) => sqlx::query(
                "INSERT INTO fixes (handset_id, boot, seq, fix_time_us, received_at_us, lat, lon, accuracy_m,
                   method, speed_mps, bearing_deg, battery_pct, told_time_us)
                 SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                   value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12
                 FROM json_each($1) ORDER BY key",
            )
            .bind(rows)
            .execute(to)
            .await
            .map(drop)?,
            Connection::Postgres(to) => sqlx::query(
                "INSERT INTO fixes (handset_id, boot, seq, fix_time_us, received_at_us, lat, lon, accuracy_m,
                   method, speed_mps, bearing_deg, battery_pct, told_time_us)
                 SELECT v ->> 0, v ->> 1, (v ->> 2)::bigint, (v ->> 3)::bigint, (v ->> 4)::bigint,
                   (v ->> 5)::float8, (v ->> 6)::float8, (v ->> 7)::float8, v ->> 8, (v ->> 9)::float8,
                   (v ->> 10)::float8, (v ->> 11)::float8, (v ->> 12)::bigint
                 FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS rows (v, place) ORDER BY place",
            )
            .bind(rows)
            .execute(to)
            .await
            .map(drop)?,
        }
        Ok(())
    }
}

/// A fix as it is stored, or the place where there might have been one: a statement that brings several things has
/// nothing in all of it if there is none.
#[derive(sqlx::FromRow)]
pub(crate) struct FixRow {
    boot: Option<String>,
    seq: Option<i64>,
    fix_time_us: Option<i64>,
    lat: Option<f64>,
    lon: Option<f64>,
    accuracy_m: Option<f64>,
    method: Option<String>,
    speed_mps: Option<f64>,
    bearing_deg: Option<f64>,
    battery_pct: Option<f64>,
}

impl FixRow {
    pub(crate) fn into_fix(self) -> Result<Option<Fix>, String> {
        let (Some(fix_time_us), Some(lat), Some(lon), Some(accuracy_m), Some(method)) =
            (self.fix_time_us, self.lat, self.lon, self.accuracy_m, self.method)
        else {
            return Ok(None);
        };
        Ok(Some(Fix {
            boot: self.boot,
            seq: self.seq.and_then(|seq| u64::try_from(seq).ok()),
            fix_time: Timestamp::from_microsecond(fix_time_us).map_err(|error| error.to_string())?,
            position: Wgs84::new(lat, lon).map_err(|error| error.to_string())?,
            accuracy_m,
            method: Method::from_name(&method).ok_or_else(|| format!("method {method}"))?,
            speed_mps: self.speed_mps,
            bearing_deg: self.bearing_deg,
            battery_pct: self.battery_pct,
        }))
    }
}

macro_rules! newest {
    ($to:expr, $handset:expr) => {
        sqlx::query_as::<_, FixRow>(
            "SELECT boot, seq, fix_time_us, lat, lon, accuracy_m, method, speed_mps, bearing_deg, battery_pct
             FROM fixes WHERE handset_id = $1 ORDER BY fix_time_us DESC, row_id DESC LIMIT 1",
        )
        .bind($handset.as_str())
        .fetch_optional($to)
        .await
    };
}

/// The newest fix held of a handset, within the writer's transaction.
pub(crate) async fn newest_fix(
    connection: &mut Connection,
    handset: &HandsetId,
) -> Result<Option<Fix>, JobError> {
    let found = on!(Connection, connection, to => newest!(to, handset))?;
    found.map_or(Ok(None), |row| row.into_fix().map_err(JobError::Broken))
}

impl Store {
    /// The newest fix held of a handset.
    pub async fn newest_fix(&self, handset: &HandsetId) -> Result<Option<Fix>, StoreError> {
        let found = on!(Pool, &self.pool, to => newest!(to, handset)).map_err(reading("the newest fix"))?;
        let fix = found.map_or(Ok(None), FixRow::into_fix);
        fix.map_err(|problem| StoreError::Broken { what: "a fix", problem })
    }

    /// The numbers of the fixes held of a handset since a time, by boot: what repeats are known by.
    pub async fn fix_numbers(
        &self,
        handset: &HandsetId,
        since: Timestamp,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT boot, seq FROM fixes
             WHERE handset_id = $1 AND fix_time_us >= $2 AND boot IS NOT NULL AND seq IS NOT NULL",
        )
        .bind(handset.as_str())
        .bind(micros(since))
        .fetch_all(to)
        .await)
        .map_err(reading("the numbers of fixes"))
    }

    /// How many fixes are held of a handset.
    pub async fn count_fixes(&self, handset: &HandsetId) -> Result<i64, StoreError> {
        let (count,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COUNT(*) FROM fixes WHERE handset_id = $1")
                .bind(handset.as_str())
                .fetch_one(to)
                .await)
        .map_err(reading("the number of fixes"))?;
        Ok(count)
    }
}
