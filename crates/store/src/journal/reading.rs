//! What is read of the journal. Fixes of a handset lie in all three forms; each question is asked of all of them at one
//! moment, and never within the writer's transaction: a handset that was never located is looked for in every block of
//! its shelves.

use super::{
    JournalFix,
    arrange::FULL,
    block::{Block, Row},
    codec,
    hours::hour_of,
    slots,
};
use crate::{
    Store, StoreError,
    db::{View, follow, on},
    micros, reading,
};
use model::{Fix, HandsetId, Timestamp};

/// Blocks in which the newest fix is looked for first; nearly always one of them has it.
const NEWEST_AT_ONCE: usize = 4;

/// A fix with its place in the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberedFix {
    /// Its number: fixes have them in the order in which they came, without a gap.
    pub number: i64,
    /// The fix.
    pub fix: JournalFix,
}

/// A piece of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalPage {
    /// The fixes, in the order in which they came.
    pub fixes: Vec<NumberedFix>,
    /// Everything up to this number has been read: where the next page begins after.
    pub through: i64,
}

/// The form of a block that stands in the log; its rows are numbered from where it stands.
const LOG: i64 = 0;
/// The form of a block on a shelf.
const SHELF: i64 = 1;
/// The form of a part of an hour.
const HOUR: i64 = 2;

/// A block as it lies there.
#[derive(sqlx::FromRow)]
pub(crate) struct Stored {
    form: i64,
    row_id: i64,
    body: Vec<u8>,
}

impl Stored {
    fn decode_or_say(&self) -> Option<Block> {
        decode_or_say(self.form, self.row_id, &self.body)
    }
}

/// The block if it holds anything of the handset: a mixed block of others is told by its names alone.
fn decode_of(handset: &HandsetId, stored: &Stored) -> Option<Result<Block, ()>> {
    codec::may_hold(&stored.body, handset).then(|| stored.decode_or_say().ok_or(()))
}

/// The block, or nothing if it is broken, which is said: the others are read all the same.
fn decode_or_say(form: i64, row_id: i64, body: &[u8]) -> Option<Block> {
    let decoded = if form == LOG { Block::decode_log(body, row_id) } else { Block::decode(body) };
    if let Err(error) = &decoded {
        tracing::error!(event = "journal_block_broken", form, row = row_id, %error);
        metrics::counter!("jujiale_journal_broken_total").increment(1);
    }
    decoded.ok()
}

/// A part of an hour, or nothing if it is broken, which is said.
pub(crate) fn decode_hour(row_id: i64, body: &[u8]) -> Option<Block> {
    decode_or_say(HOUR, row_id, body)
}

/// Everything that holds fixes of a handset within `from_us..=to_us`, and how many blocks of it could not be read.
async fn blocks_between(
    view: &mut View<'_>,
    handset: &HandsetId,
    from_us: i64,
    to_us: i64,
) -> Result<(Vec<Block>, usize), sqlx::Error> {
    Ok(decoded(handset, &stored_between(view, handset, from_us, to_us, false).await?))
}

/// What of this holds anything of the handset, and how many blocks could not be read.
pub(crate) fn decoded(handset: &HandsetId, stored: &[Stored]) -> (Vec<Block>, usize) {
    let decoded: Vec<Result<Block, ()>> =
        stored.iter().filter_map(|stored| decode_of(handset, stored)).collect();
    let broken = decoded.iter().filter(|block| block.is_err()).count();
    (decoded.into_iter().flatten().collect(), broken)
}

/// Everything that may hold fixes of a handset within `from_us..=to_us`, as it lies there: whoever has much to decode does so
/// where nobody waits for it. `only_unowned`: of the hours only those that were nobody's when they were written.
pub(crate) async fn stored_between(
    view: &mut View<'_>,
    handset: &HandsetId,
    from_us: i64,
    to_us: i64,
    only_unowned: bool,
) -> Result<Vec<Stored>, sqlx::Error> {
    let shelves = slots::of_handset(handset);
    on!(View, view, to => {
        let query = sqlx::query_as::<_, Stored>(
            "SELECT CAST(0 AS BIGINT) AS form, row_id, body FROM fix_log
             WHERE row_id > (SELECT settled FROM journal) AND to_us >= $1 AND from_us <= $2
             UNION ALL SELECT CAST(1 AS BIGINT), row_id, body FROM fix_blocks
             WHERE slot IN ($6, $7, $8, $9, $10, $11) AND to_us >= $1 AND from_us <= $2
             UNION ALL SELECT CAST(2 AS BIGINT), row_id, body FROM track_hours
             WHERE handset_id = $3 AND hour_us >= $4 AND hour_us <= $2 AND (resident_id IS NULL OR NOT $5)",
        )
        .bind(from_us)
        .bind(to_us)
        .bind(handset.as_str())
        .bind(hour_of(from_us))
        .bind(only_unowned);
        shelves.iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(&mut **to).await
    })
}

/// The newest fix of a handset, by its own time; of two at one time the later to come.
struct Newest {
    row: Row,
    fix: Fix,
}

impl Newest {
    fn of(block: &Block, handset: &HandsetId) -> Option<Self> {
        let row = block.of_handset(handset).max_by_key(|row| (row.fix_us, row.number))?;
        Some(Self { row: *row, fix: block.fix(row)? })
    }

    fn newer(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let time = |newest: &Self| (newest.row.fix_us, newest.row.number);
        match (one, other) {
            (Some(one), Some(other)) => Some(if time(&other) > time(&one) { other } else { one }),
            (one, other) => one.or(other),
        }
    }
}

/// Looks where the newest may lie, what ends last first; in more blocks at a time the longer it finds nothing, for then
/// it is often nowhere.
async fn newest(view: &mut View<'_>, handset: &HandsetId) -> Result<Option<Fix>, sqlx::Error> {
    let places = newest_places(view, handset).await?;
    let mut left = places.as_slice();
    let mut at_once = NEWEST_AT_ONCE;
    let mut found: Option<Newest> = None;
    while let Some(next) = left.first() {
        // Those that follow end earlier still.
        if found.as_ref().is_some_and(|found| next.to_us < found.row.fix_us) {
            break;
        }
        let (looked_at, rest) = left.split_at(at_once.min(left.len()));
        for stored in bodies(view, looked_at).await? {
            let block = decode_of(handset, &stored).and_then(Result::ok);
            found = Newest::newer(found, block.and_then(|block| Newest::of(&block, handset)));
        }
        left = rest;
        at_once = at_once.saturating_mul(8);
    }
    Ok(found.map(|newest| newest.fix))
}

/// Where a block lies and until when it reaches.
#[derive(sqlx::FromRow)]
struct Place {
    form: i64,
    row_id: i64,
    to_us: i64,
}

/// Where the handset's newest fix may lie, what ends last first.
async fn newest_places(view: &mut View<'_>, handset: &HandsetId) -> Result<Vec<Place>, sqlx::Error> {
    on!(View, view, to => {
        let query = sqlx::query_as::<_, Place>(
            "SELECT CAST(0 AS BIGINT) AS form, row_id, to_us FROM fix_log
             WHERE row_id > (SELECT settled FROM journal)
             UNION ALL SELECT CAST(1 AS BIGINT), row_id, to_us FROM fix_blocks
             WHERE slot IN ($2, $3, $4, $5, $6, $7)
             UNION ALL SELECT CAST(2 AS BIGINT), row_id, to_us FROM track_hours
             WHERE handset_id = $1 AND hour_us = (SELECT MAX(hour_us) FROM track_hours WHERE handset_id = $1)
             ORDER BY 3 DESC, 2 DESC",
        )
        .bind(handset.as_str());
        slots::of_handset(handset).iter().fold(query, sqlx::query::QueryAs::bind).fetch_all(&mut **to).await
    })
}

/// What lies there, in no order.
async fn bodies(view: &mut View<'_>, places: &[Place]) -> Result<Vec<Stored>, sqlx::Error> {
    let of_form = |form| {
        let ids: Vec<i64> =
            places.iter().filter(|place| place.form == form).map(|place| place.row_id).collect();
        format!("{ids:?}")
    };
    let (log, shelves, hours) = (of_form(LOG), of_form(SHELF), of_form(HOUR));
    match view {
        View::Sqlite(to) => {
            sqlx::query_as(
                "SELECT 0 AS form, row_id, body FROM fix_log
                 WHERE row_id IN (SELECT value FROM json_each($1))
                 UNION ALL SELECT 1, row_id, body FROM fix_blocks
                 WHERE row_id IN (SELECT value FROM json_each($2))
                 UNION ALL SELECT 2, row_id, body FROM track_hours
                 WHERE row_id IN (SELECT value FROM json_each($3))",
            )
            .bind(log)
            .bind(shelves)
            .bind(hours)
            .fetch_all(&mut **to)
            .await
        }
        View::Postgres(to) => {
            sqlx::query_as(
                "SELECT CAST(0 AS BIGINT) AS form, row_id, body FROM fix_log
                 WHERE row_id IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb))
                 UNION ALL SELECT CAST(1 AS BIGINT), row_id, body FROM fix_blocks
                 WHERE row_id IN (SELECT value::bigint FROM jsonb_array_elements_text($2::jsonb))
                 UNION ALL SELECT CAST(2 AS BIGINT), row_id, body FROM track_hours
                 WHERE row_id IN (SELECT value::bigint FROM jsonb_array_elements_text($3::jsonb))",
            )
            .bind(log)
            .bind(shelves)
            .bind(hours)
            .fetch_all(&mut **to)
            .await
        }
    }
}

impl Store {
    /// The newest fix held of a handset.
    pub async fn newest_fix(&self, handset: &HandsetId) -> Result<Option<Fix>, StoreError> {
        let mut look = self.pool.look().await.map_err(reading("the newest fix"))?;
        newest(&mut look.view(), handset).await.map_err(reading("the newest fix"))
    }

    /// The fixes held of a handset that were taken from `from` on and before `to`, in the order in which they came.
    pub async fn fixes_of(
        &self,
        handset: &HandsetId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<NumberedFix>, StoreError> {
        let (from_us, to_us) = (micros(from), micros(to));
        let mut look = self.pool.look().await.map_err(reading("fixes"))?;
        let (blocks, _) =
            blocks_between(&mut look.view(), handset, from_us, to_us).await.map_err(reading("fixes"))?;
        drop(look);
        let mut found: Vec<NumberedFix> = Vec::new();
        for block in &blocks {
            let rows = block.of_handset(handset).filter(|row| (from_us..to_us).contains(&row.fix_us));
            found.extend(rows.filter_map(|row| numbered(block, row)));
        }
        found.sort_unstable_by_key(|fix| fix.number);
        Ok(found)
    }

    /// The numbers of the fixes held of a handset since a time, by boot: what repeats are known by.
    pub async fn fix_numbers(
        &self,
        handset: &HandsetId,
        since: Timestamp,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let mut look = self.pool.look().await.map_err(reading("the numbers of fixes"))?;
        let (blocks, _) = blocks_between(&mut look.view(), handset, micros(since), i64::MAX)
            .await
            .map_err(reading("the numbers of fixes"))?;
        drop(look);
        let mut rows: Vec<(&Block, &Row)> = blocks
            .iter()
            .flat_map(|block| block.of_handset(handset).map(move |row| (block, row)))
            .filter(|(_, row)| row.fix_us >= micros(since))
            .collect();
        rows.sort_unstable_by_key(|(_, row)| row.number);
        let name = |(block, row): (&Block, &Row)| Some((block.boot(row)?.to_owned(), row.seq?));
        Ok(rows.into_iter().filter_map(name).collect())
    }

    /// How many fixes are held of a handset.
    pub async fn count_fixes(&self, handset: &HandsetId) -> Result<i64, StoreError> {
        let mut look = self.pool.look().await.map_err(reading("the number of fixes"))?;
        let (blocks, _) = blocks_between(&mut look.view(), handset, i64::MIN, i64::MAX)
            .await
            .map_err(reading("the number of fixes"))?;
        let count: usize = blocks.iter().map(|block| block.of_handset(handset).count()).sum();
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The log after a number, in the order of arrival, at most so many batches of it. What is behind the log's
    /// beginning (see [`super::READER`]) is not in it any more.
    pub async fn journal_after(&self, number: i64, batches: u32) -> Result<JournalPage, StoreError> {
        // The batch that holds the next number begins less than a full one before it.
        let from = number.saturating_sub(i64::try_from(FULL).unwrap_or_default());
        let stored: Vec<(i64, i64, Vec<u8>)> = follow!(
            &self.pool,
            (i64, i64, Vec<u8>),
            "SELECT row_id, fixes, body FROM fix_log WHERE row_id + fixes - 1 > $1 + 1000",
            from,
            i64::from(batches)
        )
        .map_err(reading("the journal"))?;
        let mut page = JournalPage { fixes: Vec::new(), through: number };
        for (row_id, fixes, body) in stored {
            page.through = row_id.saturating_add(fixes).saturating_sub(1);
            let stored = Stored { form: LOG, row_id, body };
            let Some(block) = stored.decode_or_say() else { continue };
            let rows = block.rows.iter().filter(|row| row.number > number);
            page.fixes.extend(rows.filter_map(|row| numbered(&block, row)));
        }
        Ok(page)
    }
}

fn numbered(block: &Block, row: &Row) -> Option<NumberedFix> {
    Some(NumberedFix { number: row.number, fix: block.journal_fix(row)? })
}
