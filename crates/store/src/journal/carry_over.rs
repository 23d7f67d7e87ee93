//! Fixes of a store that was made before there were blocks: the first start carries them over.

use super::{JournalFix, append, arrange::FULL, block::Block};
use crate::{Connection, JobError, Quarantine, db::on, quarantine};
use model::{Fix, HandsetId, Method, Timestamp, Wgs84};

#[derive(Debug, sqlx::FromRow)]
struct FixRow {
    row_id: i64,
    handset_id: String,
    boot: Option<String>,
    seq: Option<i64>,
    fix_time_us: i64,
    told_time_us: Option<i64>,
    received_at_us: i64,
    lat: f64,
    lon: f64,
    accuracy_m: f64,
    method: String,
    speed_mps: Option<f64>,
    bearing_deg: Option<f64>,
    battery_pct: Option<f64>,
}

impl FixRow {
    fn into_fix(self) -> Result<JournalFix, String> {
        let time = |us| Timestamp::from_microsecond(us).map_err(|error| error.to_string());
        Ok(JournalFix {
            handset: HandsetId::new(self.handset_id).map_err(|error| error.to_string())?,
            told_time: self.told_time_us.map(time).transpose()?,
            received_at: time(self.received_at_us)?,
            fix: Fix {
                boot: self.boot,
                seq: self.seq.and_then(|seq| u64::try_from(seq).ok()),
                fix_time: time(self.fix_time_us)?,
                position: Wgs84::new(self.lat, self.lon).map_err(|error| error.to_string())?,
                accuracy_m: self.accuracy_m,
                method: Method::from_name(&self.method).ok_or_else(|| format!("method {}", self.method))?,
                speed_mps: self.speed_mps,
                bearing_deg: self.bearing_deg,
                battery_pct: self.battery_pct,
            },
        })
    }
}

/// Carries over what there is, a batch a transaction, before anybody reads or writes.
pub(crate) async fn carry_over(connection: &mut Connection) -> Result<(), JobError> {
    let mut carried = 0;
    loop {
        connection.begin().await?;
        let done = carry_some(connection).await;
        let end = if matches!(done, Ok(1..)) { "COMMIT" } else { "ROLLBACK" };
        connection.run(end).await?;
        match done? {
            0 => break,
            some => carried += some,
        }
    }
    if carried > 0 {
        tracing::info!(
            event = "journal_carried_over",
            fixes = carried,
            "fixes of before are in the journal now"
        );
    }
    Ok(())
}

async fn carry_some(connection: &mut Connection) -> Result<usize, JobError> {
    let rows: Vec<FixRow> = on!(Connection, connection, to => sqlx::query_as(
        "SELECT row_id, handset_id, boot, seq, fix_time_us, told_time_us, received_at_us, lat, lon, accuracy_m, method,
           speed_mps, bearing_deg, battery_pct FROM fixes ORDER BY row_id LIMIT $1",
    )
    .bind(i64::try_from(FULL).unwrap_or(i64::MAX))
    .fetch_all(to)
    .await)?;
    let Some(last) = rows.last().map(|row| row.row_id) else { return Ok(0) };
    let count = rows.len();
    let mut fixes = Vec::with_capacity(count);
    for row in rows {
        let as_it_was = format!("{row:?}");
        match row.into_fix() {
            Ok(fix) => fixes.push(fix),
            Err(problem) => set_aside(connection, as_it_was, &problem).await?,
        }
    }
    if !fixes.is_empty() {
        let block = Block::of(&fixes, 0).map_err(|error| JobError::Broken(error.to_string()))?;
        append(connection, &block).await?;
    }
    on!(Connection, connection, to =>
        sqlx::query("DELETE FROM fixes WHERE row_id <= $1").bind(last).execute(to).await.map(drop))?;
    Ok(count)
}

async fn set_aside(connection: &mut Connection, row: String, problem: &str) -> Result<(), JobError> {
    let kept = Quarantine {
        handset: None,
        topic: "journal".to_owned(),
        received_at: Timestamp::UNIX_EPOCH,
        reason: format!("a fix of before cannot be read: {problem}"),
        payload: row.into_bytes(),
    };
    quarantine::insert(connection, &kept).await
}
