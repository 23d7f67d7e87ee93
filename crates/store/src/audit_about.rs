//! Whom rows of the audit log name that were written before it was noted beside them (`audit_about`). It is noted piece by piece
//! while the platform runs, for a log of years would keep the doors shut for as long.
//!
//! From the newest row to the oldest: rows that come are noted as they are written, searches want the newest first, and what has had
//! its time goes at the other end. So one number says how far back the notes reach, and [`audit_search`](crate::audit_search) looks
//! at what is before it row by row.

use crate::{
    Connection, Job, JobError, Lane, Lease, Store, StoreError, audit_search::named, db::on, leases, reading,
    script::Script,
};
use async_trait::async_trait;
use serde_json::Value;

/// The newest row of which it is not noted whom it names stands there; nothing, or zero, where there is none.
pub(crate) const CURSOR: &str = "audit_about";
/// Rows that are read for one piece, by a reader and not by the writer.
const ROWS_AT_ONCE: i64 = 200;
/// Words of them that the writer looks up in one transaction, but at least those of one row, which it wrote at once before too. If
/// all are residents that is a millisecond or two, and no press waits for longer.
const WORDS_AT_ONCE: usize = 200;

/// A row that is gone meanwhile, as its time had come, leaves no note behind.
const NOTE: [&str; 2] = [
    "INSERT INTO audit_about (resident_id, row_id)
     SELECT residents.resident_id, audit.row_id FROM json_each($1) AS named
     JOIN audit ON audit.row_id = (named.value ->> 0)
     JOIN residents ON residents.resident_id = (named.value ->> 1)
     WHERE TRUE ON CONFLICT (resident_id, row_id) DO NOTHING",
    "INSERT INTO audit_about (resident_id, row_id)
     SELECT residents.resident_id, audit.row_id FROM json_array_elements(CAST($1 AS JSON)) AS named (value)
     JOIN audit ON audit.row_id = CAST(named.value ->> 0 AS BIGINT)
     JOIN residents ON residents.resident_id = (named.value ->> 1)
     WHERE TRUE ON CONFLICT (resident_id, row_id) DO NOTHING",
];

/// Notes whom some older rows name, and that it is done, in one transaction: it goes on from there after a kill at any moment.
#[derive(Debug)]
pub struct NoteNamed {
    lease: Lease,
    /// Pairs of a row and a word of it, as JSON.
    words: String,
    /// Up to this row it is still to be done.
    left: i64,
}

impl NoteNamed {
    /// The lease of whoever does it, of several processes that share a store.
    pub const LEASE: &str = "audit_about";

    /// The next piece; nothing if it is noted of all rows.
    pub async fn next(store: &Store, lease: Lease) -> Result<Option<Self>, StoreError> {
        let up_to = store.cursor(CURSOR).await?;
        if up_to <= 0 {
            return Ok(None);
        }
        let rows: Vec<(i64, String, String, String)> = on!(Pool, &store.pool, to => sqlx::query_as(
            "SELECT row_id, action, subject, detail FROM audit WHERE row_id <= $1 ORDER BY row_id DESC LIMIT $2",
        )
        .bind(up_to)
        .bind(ROWS_AT_ONCE)
        .fetch_all(to)
        .await)
        .map_err(reading("the audit log"))?;
        // Without rows the beginning of the log is reached, wherever that is by now.
        let (mut words, mut left) = (Vec::new(), 0);
        for (row, action, subject, detail) in &rows {
            let of_row = named(action, subject, detail).into_iter();
            words.extend(of_row.map(|word| Value::Array(vec![(*row).into(), word.into()])));
            left = row.saturating_sub(1);
            if words.len() >= WORDS_AT_ONCE {
                break;
            }
        }
        Ok(Some(Self { lease, words: Value::Array(words).to_string(), left }))
    }
}

#[async_trait]
impl Job for NoteNamed {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        leases::check(connection, Some(self.lease)).await?;
        let mut script = Script::default();
        script.add_in_both(NOTE, [self.words.as_str().into()]);
        script.add(
            "UPDATE cursors SET position = $2 WHERE name = $1 AND position > $2",
            [CURSOR.into(), self.left.into()],
        );
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// Whether it is noted of all rows of the audit log whom they name.
    pub async fn is_all_noted(&self) -> Result<bool, StoreError> {
        Ok(self.cursor(CURSOR).await? <= 0)
    }
}
