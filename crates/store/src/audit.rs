//! Who did or looked at what. Rows are written with the act, in its transaction; one sealer chains the rows
//! that have been committed, so that a row changed or taken away later is noticed.

use crate::{
    Connection, Job, JobError, Lane, Store, StoreError, audit_search,
    db::{Pool, follow, on},
    micros, reading,
    script::Script,
};
use async_trait::async_trait;
use model::Timestamp;
use sha2::{Digest as _, Sha256};

/// Rows sealed at a time.
const SEALED_AT_ONCE: u32 = 1_000;

/// One act or look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub username: String,
    /// From where: the peer's address.
    pub source: String,
    /// What was done: the action's name.
    pub action: String,
    /// Whose record or which incident.
    pub subject: String,
    /// Which range, why, with what result.
    pub detail: String,
}

pub(crate) fn insert(script: &mut Script, rows: &[AuditRow]) {
    for row in rows {
        script.add(
            "INSERT INTO audit (at_us, username, source, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                micros(row.at).into(),
                row.username.as_str().into(),
                row.source.as_str().into(),
                row.action.as_str().into(),
                row.subject.as_str().into(),
                row.detail.as_str().into(),
            ],
        );
        let named = audit_search::named(&row.action, &row.subject, &row.detail);
        if !named.is_empty() {
            script.add_in_both(NAMES, [named.into_iter().collect::<serde_json::Value>().to_string().into()]);
        }
    }
}

/// Notes whom the row that was written just now names, as far as they are residents.
const NAMES: [&str; 2] = [
    "INSERT INTO audit_about (resident_id, row_id) SELECT residents.resident_id, last_insert_rowid()
     FROM json_each($1) AS named JOIN residents ON residents.resident_id = named.value",
    "INSERT INTO audit_about (resident_id, row_id)
     SELECT residents.resident_id, currval(pg_get_serial_sequence('audit', 'row_id'))
     FROM json_array_elements_text(CAST($1 AS JSON)) AS named (value)
     JOIN residents ON residents.resident_id = named.value",
];

/// Puts on record what was changed by other statements of the same job.
pub(crate) async fn write(connection: &mut Connection, rows: &[AuditRow]) -> Result<(), JobError> {
    let mut script = Script::default();
    insert(&mut script, rows);
    script.run(connection).await.map(drop)
}

/// Puts acts or looks on record that change nothing else.
#[derive(Debug)]
pub struct WriteAudit(pub Vec<AuditRow>);

#[async_trait]
impl Job for WriteAudit {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        write(connection, &self.0).await
    }
}

#[derive(Debug, sqlx::FromRow)]
struct StoredRow {
    row_id: i64,
    at_us: i64,
    username: String,
    source: String,
    action: String,
    subject: String,
    detail: String,
}

impl StoredRow {
    /// SHA-256 over the chain so far and every part of the row with its length.
    fn chain(&self, before: &[u8]) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(before);
        digest.update(self.row_id.to_be_bytes());
        digest.update(self.at_us.to_be_bytes());
        for part in [&self.username, &self.source, &self.action, &self.subject, &self.detail] {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.finalize().to_vec()
    }
}

/// Chains rows up to a place.
#[derive(Debug)]
pub struct SealAudit {
    up_to_row: i64,
    chain: Vec<u8>,
    at: Timestamp,
}

#[async_trait]
impl Job for SealAudit {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO audit_seals (up_to_row, sealed_at_us, chain) VALUES ($1, $2, $3)",
        )
        .bind(self.up_to_row)
        .bind(micros(self.at))
        .bind(&self.chain)
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

/// Removes the rows before a seal whose time has come. The seal stays, and the chain begins with it.
#[derive(Debug)]
pub struct RemoveOldAudit {
    up_to_row: i64,
    at: Timestamp,
}

impl RemoveOldAudit {
    /// The next removal that is due: of the rows under the oldest seal, if it was made before this moment. A seal stands over
    /// a thousand rows at most.
    pub async fn due(store: &Store, before: Timestamp, at: Timestamp) -> Result<Option<Self>, StoreError> {
        let (newest,): (Option<i64>,) = on!(Pool, &store.pool, to =>
            sqlx::query_as("SELECT MIN(up_to_row) FROM audit_seals WHERE sealed_at_us < $1
                 AND up_to_row >= (SELECT MIN(row_id) FROM audit)")
                .bind(micros(before))
                .fetch_one(to)
                .await)
        .map_err(reading("the audit seals"))?;
        let Some(up_to_row) = newest else { return Ok(None) };
        let (is_any,): (bool,) = on!(Pool, &store.pool, to =>
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM audit WHERE row_id <= $1)")
                .bind(up_to_row)
                .fetch_one(to)
                .await)
        .map_err(reading("the audit log"))?;
        Ok(is_any.then_some(Self { up_to_row, at }))
    }
}

#[async_trait]
impl Job for RemoveOldAudit {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add("DELETE FROM audit WHERE row_id <= $1", [self.up_to_row.into()]);
        script.add("DELETE FROM audit_about WHERE row_id <= $1", [self.up_to_row.into()]);
        script.add("DELETE FROM audit_seals WHERE up_to_row < $1", [self.up_to_row.into()]);
        let row = AuditRow {
            at: self.at,
            username: "system".to_owned(),
            source: "system".to_owned(),
            action: REMOVED.to_owned(),
            subject: "audit".to_owned(),
            detail: removed_up_to(self.up_to_row),
        };
        insert(&mut script, &[row]);
        script.run(connection).await.map(drop)
    }
}

async fn rows_after(pool: &Pool, row: i64) -> Result<Vec<StoredRow>, StoreError> {
    follow!(
        pool,
        StoredRow,
        "SELECT row_id, at_us, username, source, action, subject, detail FROM audit WHERE TRUE",
        row,
        i64::from(SEALED_AT_ONCE)
    )
    .map_err(reading("the audit log"))
}

async fn seals(pool: &Pool) -> Result<Vec<(i64, i64, Vec<u8>)>, StoreError> {
    on!(Pool, pool, to =>
        sqlx::query_as("SELECT up_to_row, sealed_at_us, chain FROM audit_seals ORDER BY up_to_row").fetch_all(to).await)
    .map_err(reading("the audit seals"))
}

async fn count_after(pool: &Pool, row: i64) -> Result<usize, StoreError> {
    let (count,): (i64,) = on!(Pool, pool, to =>
        sqlx::query_as("SELECT COUNT(*) FROM audit WHERE row_id > $1").bind(row).fetch_one(to).await)
    .map_err(reading("the audit log"))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Whether the rows under this seal were removed when their time had come.
async fn is_removed(pool: &Pool, row: i64, sealed_at_us: i64) -> Result<bool, StoreError> {
    let (is_removed,): (bool,) = on!(Pool, pool, to => sqlx::query_as(
        "SELECT NOT EXISTS (SELECT 1 FROM audit WHERE row_id <= $1)
           AND EXISTS (SELECT 1 FROM audit WHERE action = $2 AND detail = $3 AND at_us >= $4)",
    )
    .bind(row)
    .bind(REMOVED)
    .bind(removed_up_to(row))
    .bind(sealed_at_us.saturating_add(KEPT_AT_LEAST_US))
    .fetch_one(to)
    .await)
    .map_err(reading("the audit log"))?;
    Ok(is_removed)
}

/// No row is removed before this, whatever the settings say: the half year that the law on networks asks for, and some.
const KEPT_AT_LEAST_US: i64 = 190 * 24 * 3_600 * 1_000_000;

/// The action by which old rows go, and what its row says.
const REMOVED: &str = "remove_audit";

fn removed_up_to(row: i64) -> String {
    format!("rows up to {row} (retention.audit_days)")
}

/// Walks the whole chain. `Ok` holds the number of rows not sealed yet; `Err` the first seal that does not fit its rows.
pub(crate) async fn verify(pool: &Pool) -> Result<Result<usize, i64>, StoreError> {
    let seals = seals(pool).await?;
    // Where old rows were removed, and a row says so, the chain begins with the seal that was over them.
    let (mut at_row, mut chain) = match seals.first() {
        Some((row, sealed_at_us, sealed)) if is_removed(pool, *row, *sealed_at_us).await? => {
            (*row, sealed.clone())
        }
        Some(_) | None => (0, Vec::new()),
    };
    let mut tail = rows_after(pool, at_row).await?.into_iter().peekable();
    for (up_to_row, _, sealed) in seals {
        while at_row < up_to_row {
            let Some(row) = tail.next_if(|row| row.row_id <= up_to_row) else {
                let more = rows_after(pool, at_row).await?;
                if more.first().is_none_or(|row| row.row_id > up_to_row) {
                    break;
                }
                tail = more.into_iter().peekable();
                continue;
            };
            chain = row.chain(&chain);
            at_row = row.row_id;
        }
        if chain != sealed {
            return Ok(Err(up_to_row));
        }
    }
    Ok(Ok(count_after(pool, at_row).await?))
}

impl Store {
    /// Prepares the seal over the rows committed since the last one; nothing if there are none.
    pub async fn next_audit_seal(&self, at: Timestamp) -> Result<Option<SealAudit>, StoreError> {
        let last: Option<(i64, Vec<u8>)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT up_to_row, chain FROM audit_seals ORDER BY up_to_row DESC LIMIT 1")
                .fetch_optional(to)
                .await)
        .map_err(reading("the audit seals"))?;
        let (from, before) = last.unwrap_or_default();
        let rows = rows_after(&self.pool, from).await?;
        let up_to_row = rows.last().map(|row| row.row_id);
        let chain = rows.iter().fold(before, |chain, row| row.chain(&chain));
        Ok(up_to_row.map(|up_to_row| SealAudit { up_to_row, chain, at }))
    }

    /// Walks the whole chain. `Ok` holds the number of rows not sealed yet; `Err` the first seal that does
    /// not fit its rows.
    pub async fn verify_audit(&self) -> Result<Result<usize, i64>, StoreError> {
        verify(&self.pool).await
    }
}
