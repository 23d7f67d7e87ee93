//! The chain of seals over the audit log, and the walk along it by which it is noticed that a row was changed or taken away.
//!
//! A seal is the digest of everything up to its last row, and behind it the digest of that and of the time at which it was made;
//! both go into the next one. Seals of before have the first alone. Whoever writes into the database can make a whole new chain,
//! so a seal is also noted where the database does not lie ([`NotedSeal`]): a later chain must still have it.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit,
    db::{Pool, follow, on},
    micros, reading,
    script::Script,
};
use async_trait::async_trait;
use model::Timestamp;
use sha2::{Digest as _, Sha256};
use std::{fmt, str::FromStr};

/// Rows sealed at a time, and rows and seals walked along at a time.
const AT_ONCE: u32 = 1_000;
/// Bytes of a digest.
const DIGEST_BYTES: usize = 32;

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

#[derive(Debug, sqlx::FromRow)]
struct Seal {
    up_to_row: i64,
    sealed_at_us: i64,
    chain: Vec<u8>,
}

impl Seal {
    /// Whether it was made when it says: by that its rows are old or not. Of those of before nothing tells.
    fn is_of_its_time(&self) -> bool {
        match self.chain.split_first_chunk::<DIGEST_BYTES>() {
            Some((_, [])) => true,
            Some((rows, time)) => time == timed(rows, self.sealed_at_us).as_slice(),
            None => false,
        }
    }

    /// Whether the rows up to it have this digest.
    fn fits(&self, rows: &[u8]) -> bool {
        let own = self.chain.get(..DIGEST_BYTES).unwrap_or(&self.chain);
        own == rows && self.is_of_its_time()
    }
}

/// The digest of the rows, and of when they were sealed.
fn timed(rows: &[u8], sealed_at_us: i64) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(b"sealed at");
    digest.update(rows);
    digest.update(sealed_at_us.to_be_bytes());
    digest.finalize().to_vec()
}

/// A seal to be known again by, as people and files note it: `ROW:HEX`. The digest is the one over the time, where there is one, which
/// holds the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedSeal {
    up_to_row: i64,
    digest: String,
}

/// What is no seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a seal is ROW:HEX, a number and 64 hexadecimal digits, as `jujiale audit verify` prints it")]
pub struct NoSeal;

impl NotedSeal {
    pub(crate) fn of(up_to_row: i64, chain: &[u8]) -> Self {
        let start = chain.len().saturating_sub(DIGEST_BYTES);
        let last = chain.iter().skip(start);
        Self { up_to_row, digest: last.fold(String::new(), |text, byte| format!("{text}{byte:02x}")) }
    }
}

impl fmt::Display for NotedSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.up_to_row, self.digest)
    }
}

impl FromStr for NotedSeal {
    type Err = NoSeal;

    fn from_str(text: &str) -> Result<Self, NoSeal> {
        let (row, digest) = text.trim().split_once(':').ok_or(NoSeal)?;
        let is_digest = digest.len() == 2 * DIGEST_BYTES && digest.chars().all(|c| c.is_ascii_hexdigit());
        let up_to_row = row.parse::<i64>().ok().filter(|_row| is_digest).ok_or(NoSeal)?;
        Ok(Self { up_to_row, digest: digest.to_ascii_lowercase() })
    }
}

/// Chains rows up to a place.
#[derive(Debug)]
pub struct SealAudit {
    /// The seal before it.
    from: i64,
    up_to_row: i64,
    chain: Vec<u8>,
    at: Timestamp,
}

impl SealAudit {
    /// By what it is known again.
    pub fn noted(&self) -> NotedSeal {
        NotedSeal::of(self.up_to_row, &self.chain)
    }
}

#[async_trait]
impl Job for SealAudit {
    /// Whether it is in the chain: not if another process has set one meanwhile, which it would have to stand on.
    type Output = bool;
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let written = on!(Connection, connection, to => sqlx::query(
            "INSERT INTO audit_seals (up_to_row, sealed_at_us, chain) SELECT $1, $2, $3
             WHERE COALESCE((SELECT MAX(up_to_row) FROM audit_seals), 0) = $4",
        )
        .bind(self.up_to_row)
        .bind(micros(self.at))
        .bind(&self.chain)
        .bind(self.from)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        Ok(written == 1)
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
    /// a thousand rows at most. By a time that somebody has put there nothing is old.
    pub async fn due(store: &Store, before: Timestamp, at: Timestamp) -> Result<Option<Self>, StoreError> {
        let oldest: Option<Seal> = on!(Pool, &store.pool, to =>
            sqlx::query_as("SELECT up_to_row, sealed_at_us, chain FROM audit_seals WHERE sealed_at_us < $1
                 AND up_to_row >= (SELECT MIN(row_id) FROM audit) ORDER BY up_to_row LIMIT 1")
                .bind(micros(before))
                .fetch_optional(to)
                .await)
        .map_err(reading("the audit seals"))?;
        let Some(seal) = oldest else { return Ok(None) };
        if !seal.is_of_its_time() {
            let problem = format!("the time of the one up to row {} was changed", seal.up_to_row);
            return Err(StoreError::Broken { what: "the audit seals", problem });
        }
        let up_to_row = seal.up_to_row;
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
            subject: THE_LOG.to_owned(),
            detail: removed_up_to(self.up_to_row),
        };
        audit::insert(&mut script, &[row]);
        script.run(connection).await.map(drop)
    }
}

async fn rows_after(pool: &Pool, row: i64) -> Result<Vec<StoredRow>, StoreError> {
    follow!(
        pool,
        StoredRow,
        "SELECT row_id, at_us, username, source, action, subject, detail FROM audit WHERE TRUE",
        row,
        i64::from(AT_ONCE)
    )
    .map_err(reading("the audit log"))
}

async fn seals_after(pool: &Pool, seal: i64) -> Result<Vec<Seal>, StoreError> {
    on!(Pool, pool, to => sqlx::query_as(
        "SELECT up_to_row, sealed_at_us, chain FROM audit_seals WHERE up_to_row > $1 ORDER BY up_to_row LIMIT $2",
    )
    .bind(seal)
    .bind(i64::from(AT_ONCE))
    .fetch_all(to)
    .await)
    .map_err(reading("the audit seals"))
}

/// Whether the rows under this seal were removed when their time had come.
async fn is_removed(pool: &Pool, seal: &Seal) -> Result<bool, StoreError> {
    if !seal.is_of_its_time() {
        return Ok(false);
    }
    let (is_removed,): (bool,) = on!(Pool, pool, to => sqlx::query_as(
        "SELECT NOT EXISTS (SELECT 1 FROM audit WHERE row_id <= $1)
           AND EXISTS (SELECT 1 FROM audit WHERE subject = $2 AND action = $3 AND detail = $4 AND at_us >= $5)",
    )
    .bind(seal.up_to_row)
    .bind(THE_LOG)
    .bind(REMOVED)
    .bind(removed_up_to(seal.up_to_row))
    .bind(seal.sealed_at_us.saturating_add(KEPT_AT_LEAST_US))
    .fetch_one(to)
    .await)
    .map_err(reading("the audit log"))?;
    Ok(is_removed)
}

/// No row is removed before this, whatever the settings say: the half year that the law on networks asks for, and some.
const KEPT_AT_LEAST_US: i64 = 190 * 24 * 3_600 * 1_000_000;

/// The action by which old rows go, of what, and what its row says.
const REMOVED: &str = "remove_audit";
const THE_LOG: &str = "audit";

fn removed_up_to(row: i64) -> String {
    format!("rows up to {row} (retention.audit_days)")
}

/// Why the log is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditBreak {
    /// The first seal that does not fit what is under it.
    #[error(
        "the seal up to row {0} does not fit: a row at or before it was changed or removed, or the time of the seal was"
    )]
    Seal(i64),
    /// The end of the log is another than that of its numbers.
    #[error("rows were numbered up to {given}, and the last one is {last}: the end was cut off")]
    End {
        /// The last number that was given.
        given: i64,
        /// The last row.
        last: i64,
    },
    /// A row before all those that the platform has numbered, where no seal reaches.
    #[error("row {0} stands before the first: the platform did not write it")]
    Foreign(i64),
}

/// What a step along the chain came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walked {
    /// There is more.
    Further,
    /// All is as it was written; so many rows are not sealed yet.
    Whole(usize),
    /// Something is not.
    Broken(AuditBreak),
}

/// A walk along the chain from its beginning, a page at a time, so that whoever walks beside presses can rest in between. Rows that
/// come meanwhile, and old ones that go, break nothing.
#[derive(Debug, Default)]
pub struct AuditWalk {
    at_row: i64,
    at_seal: i64,
    chain: Vec<u8>,
}

/// How many rows are not sealed, the first and the last row, and the last number that was given, all of one moment. PostgreSQL gives
/// numbers for good also where nothing comes of them, so there the end of the numbers tells nothing.
const ENDS: [&str; 2] = [
    "SELECT (SELECT COUNT(*) FROM audit WHERE row_id > $1), COALESCE((SELECT MIN(row_id) FROM audit), 1),
       COALESCE((SELECT MAX(row_id) FROM audit), 0), COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)",
    "SELECT (SELECT COUNT(*) FROM audit WHERE row_id > $1), COALESCE((SELECT MIN(row_id) FROM audit), 1),
       COALESCE((SELECT MAX(row_id) FROM audit), 0), COALESCE((SELECT MAX(row_id) FROM audit), 0)",
];

impl AuditWalk {
    /// Goes on to the next page.
    pub async fn step(&mut self, store: &Store) -> Result<Walked, StoreError> {
        self.step_in(&store.pool).await
    }

    async fn step_in(&mut self, pool: &Pool) -> Result<Walked, StoreError> {
        let seals = seals_after(pool, self.at_seal).await?;
        if seals.is_empty() {
            return self.end(pool).await;
        }
        let page = rows_after(pool, self.at_row).await?;
        let is_full = u32::try_from(page.len()).is_ok_and(|rows| rows >= AT_ONCE);
        let mut rows = page.into_iter().peekable();
        for seal in seals {
            while let Some(row) = rows.next_if(|row| row.row_id <= seal.up_to_row) {
                self.chain = row.chain(&self.chain);
                self.at_row = row.row_id;
            }
            if is_full && rows.peek().is_none() && self.at_row < seal.up_to_row {
                return Ok(Walked::Further);
            }
            // Where old rows were removed, and a row says so, the chain begins with the seal that was over them; that may
            // also happen while somebody walks there.
            if !seal.fits(&self.chain) && !is_removed(pool, &seal).await? {
                return Ok(Walked::Broken(AuditBreak::Seal(seal.up_to_row)));
            }
            (self.at_row, self.at_seal, self.chain) = (seal.up_to_row, seal.up_to_row, seal.chain);
        }
        Ok(Walked::Further)
    }

    async fn end(&self, pool: &Pool) -> Result<Walked, StoreError> {
        let [of_sqlite, of_postgres] = ENDS;
        let ends: Result<(i64, i64, i64, i64), sqlx::Error> = match pool {
            Pool::Sqlite(to) => sqlx::query_as(of_sqlite).bind(self.at_row).fetch_one(to).await,
            Pool::Postgres(to) => sqlx::query_as(of_postgres).bind(self.at_row).fetch_one(to).await,
        };
        let (unsealed, first, last, given) = ends.map_err(reading("the audit log"))?;
        Ok(if first < 1 {
            Walked::Broken(AuditBreak::Foreign(first))
        } else if given != last {
            Walked::Broken(AuditBreak::End { given, last })
        } else {
            Walked::Whole(usize::try_from(unsealed).unwrap_or_default())
        })
    }
}

/// Walks the whole chain. `Ok` holds the number of rows not sealed yet.
pub(crate) async fn verify(pool: &Pool) -> Result<Result<usize, AuditBreak>, StoreError> {
    let mut walk = AuditWalk::default();
    loop {
        match walk.step_in(pool).await? {
            Walked::Further => {}
            Walked::Whole(unsealed) => return Ok(Ok(unsealed)),
            Walked::Broken(broken) => return Ok(Err(broken)),
        }
    }
}

/// Those of these seals that are not in the chain as it stands.
pub(crate) async fn missing(pool: &Pool, noted: &[NotedSeal]) -> Result<Vec<NotedSeal>, StoreError> {
    let mut missing = Vec::new();
    for seal in noted {
        let found: Option<(Vec<u8>,)> = on!(Pool, pool, to =>
            sqlx::query_as("SELECT chain FROM audit_seals WHERE up_to_row = $1")
                .bind(seal.up_to_row)
                .fetch_optional(to)
                .await)
        .map_err(reading("the audit seals"))?;
        if found.is_none_or(|(chain,)| NotedSeal::of(seal.up_to_row, &chain) != *seal) {
            missing.push(seal.clone());
        }
    }
    Ok(missing)
}

/// The last seal, for somebody to note.
pub(crate) async fn newest(pool: &Pool) -> Result<Option<NotedSeal>, StoreError> {
    Ok(last_seal(pool).await?.map(|(row, chain)| NotedSeal::of(row, &chain)))
}

async fn last_seal(pool: &Pool) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    on!(Pool, pool, to =>
        sqlx::query_as("SELECT up_to_row, chain FROM audit_seals ORDER BY up_to_row DESC LIMIT 1")
            .fetch_optional(to)
            .await)
    .map_err(reading("the audit seals"))
}

impl Store {
    /// Prepares the seal over the rows committed since the last one; nothing if there are none.
    pub async fn next_audit_seal(&self, at: Timestamp) -> Result<Option<SealAudit>, StoreError> {
        let (from, before) = last_seal(&self.pool).await?.unwrap_or_default();
        let rows = rows_after(&self.pool, from).await?;
        let Some(up_to_row) = rows.last().map(|row| row.row_id) else { return Ok(None) };
        let mut chain = rows.iter().fold(before, |chain, row| row.chain(&chain));
        let time = timed(&chain, micros(at));
        chain.extend(time);
        Ok(Some(SealAudit { from, up_to_row, chain, at }))
    }

    /// Those of these seals that are not in the audit log's chain.
    pub async fn missing_seals(&self, noted: &[NotedSeal]) -> Result<Vec<NotedSeal>, StoreError> {
        missing(&self.pool, noted).await
    }

    /// Walks the whole chain. `Ok` holds the number of rows not sealed yet.
    pub async fn verify_audit(&self) -> Result<Result<usize, AuditBreak>, StoreError> {
        verify(&self.pool).await
    }
}
