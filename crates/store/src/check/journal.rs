//! Every block of fixes can be read, holds what it says, and no fix is in two of them or in none.

use super::{Findings, Inspector, Progress};
use crate::{
    StoreError,
    db::{View, on},
    journal::{
        block::{Block, Span},
        hour_of, slots,
    },
    reading,
};

const WHAT: &str = "the journal of fixes";
/// Blocks read in one go.
const AT_ONCE: i64 = 64;
/// Fixes of which each is looked for twice: for more the memory would be too much, and sums must do.
const EACH_UP_TO: i64 = 2_000_000_000;

#[derive(sqlx::FromRow)]
struct BlockRow {
    row_id: i64,
    fixes: i64,
    from_us: i64,
    to_us: i64,
    body: Vec<u8>,
    slot: i64,
    handset_id: String,
    hour_us: i64,
}

#[derive(sqlx::FromRow)]
struct Totals {
    settled: i64,
    removed: i64,
    broken: i64,
    shelved: i64,
    written: i64,
    blocks: i64,
    first: i64,
}

/// Which numbers have been seen.
struct Seen(Vec<u64>);

impl Seen {
    fn for_numbers(settled: i64) -> Self {
        let words = if settled > EACH_UP_TO { 0 } else { settled / 64 + 1 };
        Self(vec![0; usize::try_from(words).unwrap_or_default()])
    }

    /// Notes a number; false if it was seen before.
    fn note(&mut self, number: i64) -> bool {
        let word = usize::try_from(number / 64).ok().and_then(|place| self.0.get_mut(place));
        let Some(word) = word else { return true };
        let bit = 1_u64 << (number % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

struct Walk<'a> {
    findings: Findings,
    seen: Seen,
    settled: i64,
    done: u64,
    all: u64,
    progress: Progress<'a>,
}

impl Inspector {
    pub(super) async fn journal(&self, progress: Progress<'_>) -> Result<Findings, StoreError> {
        // One moment for all of it: a fix that moves meanwhile would be seen twice or not at all.
        let mut look = self.look().await?;
        let mut view = look.view();
        let totals = totals(&mut view).await.map_err(reading(WHAT))?;
        let mut walk = Walk {
            findings: Findings::default(),
            seen: Seen::for_numbers(totals.settled),
            settled: totals.settled,
            done: 0,
            all: u64::try_from(totals.blocks).unwrap_or_default(),
            progress,
        };
        let mut next = totals.first;
        walk.over(&mut view, LOG, |findings, row, block| {
            if row.row_id != next {
                findings
                    .note(|| format!("the log goes from fix {} to {}", next.saturating_sub(1), row.row_id));
            }
            next = row.row_id.saturating_add(row.fixes);
            if !block.rows.iter().zip(0..).all(|(fix, place)| fix.number == place) {
                findings.note(|| format!("batch {} of the log is not in order", row.row_id));
            }
        })
        .await?;
        walk.over(&mut view, SHELVES, |findings, row, block| {
            if !block.handsets.iter().all(|handset| slots::of_handset(handset).contains(&row.slot)) {
                findings.note(|| format!("block {} lies on a shelf that is not its handsets'", row.row_id));
            }
        })
        .await?;
        walk.over(&mut view, HOURS, |findings, row, block| {
            let is_theirs = block.handsets.iter().all(|handset| handset.as_str() == row.handset_id);
            if !is_theirs || !block.rows.iter().all(|fix| hour_of(fix.fix_us) == row.hour_us) {
                findings.note(|| {
                    format!("part {} of an hour holds fixes of another hour or handset", row.row_id)
                });
            }
        })
        .await?;
        let held = totals.shelved.saturating_add(totals.written).saturating_add(totals.removed);
        if held != totals.settled {
            let Totals { settled, shelved, written, removed, .. } = totals;
            walk.findings.note(|| {
                format!("{settled} fixes were sorted, but {shelved} by handset + {written} by the hour + {removed} removed are {held}")
            });
        }
        let Totals { shelved, written, removed, broken, .. } = totals;
        if broken > 0 {
            walk.findings.note(|| {
                format!(
                    "{broken} fixes are lost to tracks: their blocks could not be read when they were sorted, and went to quarantine"
                )
            });
        }
        walk.findings.looked_at = format!(
            "{} blocks: {} fixes came, {shelved} lie by handset, {written} by the hour, {removed} are removed",
            walk.done,
            next.saturating_sub(1)
        );
        Ok(walk.findings)
    }
}

async fn totals(view: &mut View<'_>) -> Result<Totals, sqlx::Error> {
    on!(View, view, to => sqlx::query_as(
        "SELECT settled, removed, broken,
           (SELECT CAST(COALESCE(SUM(fixes), 0) AS BIGINT) FROM fix_blocks) AS shelved,
           (SELECT CAST(COALESCE(SUM(fixes), 0) AS BIGINT) FROM track_hours) AS written,
           (SELECT COUNT(*) FROM fix_log) + (SELECT COUNT(*) FROM fix_blocks)
             + (SELECT COUNT(*) FROM track_hours) AS blocks,
           (SELECT COALESCE(MIN(row_id), 1) FROM fix_log) AS first
         FROM journal",
    )
    .fetch_one(&mut **to)
    .await)
}

const LOG: &str = "SELECT row_id, fixes, from_us, to_us, body, CAST(0 AS BIGINT) AS slot, '' AS handset_id,
    CAST(0 AS BIGINT) AS hour_us FROM fix_log WHERE row_id > $1 ORDER BY row_id LIMIT $2";
const SHELVES: &str =
    "SELECT row_id, fixes, from_us, to_us, body, slot, '' AS handset_id, CAST(0 AS BIGINT) AS hour_us
    FROM fix_blocks WHERE row_id > $1 ORDER BY row_id LIMIT $2";
const HOURS: &str =
    "SELECT row_id, fixes, from_us, to_us, body, CAST(0 AS BIGINT) AS slot, handset_id, hour_us
    FROM track_hours WHERE row_id > $1 ORDER BY row_id LIMIT $2";

impl Walk<'_> {
    async fn over(
        &mut self,
        view: &mut View<'_>,
        statement: &'static str,
        mut look: impl FnMut(&mut Findings, &BlockRow, &Block),
    ) -> Result<(), StoreError> {
        let mut after = 0_i64;
        loop {
            let rows: Vec<BlockRow> = on!(View, view, to =>
                sqlx::query_as(statement).bind(after).bind(AT_ONCE).fetch_all(&mut **to).await)
            .map_err(reading(WHAT))?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.row_id;
            for row in &rows {
                match Block::decode(&row.body) {
                    Ok(block) => {
                        self.block(row, &block, statement == LOG);
                        look(&mut self.findings, row, &block);
                    }
                    Err(error) => {
                        self.findings.note(|| format!("{} cannot be read: {error}", named(statement, row)));
                    }
                }
            }
            self.done = self.done.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
            (self.progress)(self.done, self.all);
        }
    }

    /// What holds of every block.
    fn block(&mut self, row: &BlockRow, block: &Block, is_log: bool) {
        let name = || named(if is_log { LOG } else { "" }, row);
        if i64::try_from(block.rows.len()) != Ok(row.fixes) {
            self.findings.note(|| format!("{} holds {} fixes, not {}", name(), block.rows.len(), row.fixes));
        }
        let Span { from_us, to_us, .. } = block.span();
        if (from_us, to_us) != (row.from_us, row.to_us) {
            self.findings.note(|| format!("{} is of another time than it says", name()));
        }
        if is_log {
            return;
        }
        for fix in &block.rows {
            if !(1..=self.settled).contains(&fix.number) {
                self.findings.note(|| format!("{} holds fix {}, which was not sorted", name(), fix.number));
            } else if !self.seen.note(fix.number) {
                self.findings
                    .note(|| format!("{} holds fix {}, which is in another one too", name(), fix.number));
            }
        }
    }
}

fn named(statement: &str, row: &BlockRow) -> String {
    match (statement == LOG, row.handset_id.as_str()) {
        (true, _) => format!("batch {} of the log", row.row_id),
        (false, "") => format!("block {}", row.row_id),
        (false, _) => format!("part {} of an hour", row.row_id),
    }
}
