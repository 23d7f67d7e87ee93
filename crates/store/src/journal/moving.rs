//! The work in the background that brings fixes from one form to the next, one small step at a time.
//!
//! A step reads some blocks, arranges what is in them outside of any transaction, and hands the writer one job that takes
//! these blocks out and puts the new ones in. If somebody else moved them meanwhile, the job is refused and nothing
//! happened. Every job waits in the lane of the background, behind presses and everything else.

use super::{
    arrange::{Pace, Shelved, shelve, spread},
    block::Block,
    hours::{self, HOUR_US, Part, Ripe},
    job::{Move, OutOf, Trim},
    removal::{Kept, Removal},
    slots::{self, Slot},
};
use crate::{
    JobError, Quarantine, Store, StoreError,
    bindings::{self, Bindings},
    db::on,
    micros, reading,
};
use model::{HandsetId, Timestamp};
use std::collections::VecDeque;

/// Blocks taken at a time, and with so many small ones a shelf (or the log) is worth sorting.
const BLOCKS: i64 = 64;
/// Fixes taken at a time for sorting; with so many it is worth it however few the blocks: sixteen full ones become
/// sixteen.
const FIXES: i64 = 16_000;
/// Fixes taken at a time for hours: eleven hours of a handset that sends every ten seconds.
const FIXES_FOR_HOURS: i64 = 4_000;
/// Parts of hours written at a time, so that no transaction of the background is long.
const PARTS: usize = 64;
/// What is older than the window waits so much longer, so that an hour is written whole and not in parts.
const WAITS_US: i64 = 6 * HOUR_US;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There was nothing to do.
    Nothing,
    /// So many fixes were sorted one step further.
    Sorted(i64),
    /// Batches of the log that everybody has read are gone from it.
    Trimmed,
    /// So many fixes went to their hours.
    Written(i64),
    /// So many fixes were older than tracks are kept, and are gone.
    Removed(i64),
}

/// Sorts, compacts and removes; one for a store.
#[derive(Debug)]
pub struct Compactor {
    store: Store,
    kept: Kept,
    /// Shelves that something was put on, to be looked at.
    touched: VecDeque<Slot>,
    removal: Removal,
}

/// Blocks as they were found.
struct Taken {
    ids: Vec<i64>,
    fixes: i64,
    blocks: Vec<Block>,
    broken: Vec<Quarantine>,
    broken_fixes: i64,
    /// There were more that could have been taken.
    is_limited: bool,
}

/// `row_id`, `fixes`, `body`.
type StoredRow = (i64, i64, Vec<u8>);

impl Compactor {
    /// One that works on this store by these rules.
    pub fn new(store: Store, kept: Kept) -> Self {
        Self { store, kept, touched: VecDeque::new(), removal: Removal::default() }
    }

    /// The next small step. The error of a job that somebody else was faster with is [`JobError::Conflict`]: the next
    /// step looks again.
    pub async fn step(&mut self, now: Timestamp) -> Result<Step, StoreError> {
        let window_ends_us = micros(now).saturating_sub(self.kept.window_us());
        if let Some(step) = self.settle(now, window_ends_us).await? {
            return Ok(step);
        }
        while let Some(slot) = self.touched.pop_front() {
            if self.is_worth_sorting(slot).await? {
                self.touched.push_front(slot);
                return self.sort(slot, now, i64::MAX, Pace::Step).await;
            }
        }
        let aged = self.aged(window_ends_us.saturating_sub(WAITS_US)).await?;
        match aged.first() {
            Some(slot) if slots::is_own(*slot) => return self.to_hours(aged, now, window_ends_us).await,
            Some(slot) => return self.sort(*slot, now, window_ends_us, Pace::Down).await,
            None => {}
        }
        if let Some(removed) = self.removal.step(&self.store, self.kept, now).await? {
            return Ok(Step::Removed(removed));
        }
        self.trim(window_ends_us).await
    }

    /// Sorts the log's next batches down, once there are enough of them or they are old.
    async fn settle(&mut self, now: Timestamp, window_ends_us: i64) -> Result<Option<Step>, StoreError> {
        let what = "the log of fixes";
        let (settled, count, fixes, oldest): (i64, i64, i64, Option<i64>) = on!(Pool, &self.store.pool, to =>
            sqlx::query_as(
                "SELECT settled, COUNT(row_id), CAST(COALESCE(SUM(fixes), 0) AS BIGINT), MIN(received_us)
                 FROM journal LEFT JOIN (SELECT row_id, fixes, received_us FROM fix_log
                   WHERE row_id > (SELECT settled FROM journal) ORDER BY row_id LIMIT $1) AS waiting ON TRUE
                 GROUP BY settled",
            )
            .bind(BLOCKS)
            .fetch_one(to)
            .await)
        .map_err(reading(what))?;
        let is_old = oldest.is_some_and(|oldest| oldest < window_ends_us);
        if count < BLOCKS && fixes < FIXES && !is_old {
            return Ok(None);
        }
        let found: Vec<StoredRow> = on!(Pool, &self.store.pool, to => sqlx::query_as(
            "SELECT row_id, fixes, body FROM fix_log WHERE row_id > $1 ORDER BY row_id LIMIT $2",
        )
        .bind(settled)
        .bind(BLOCKS)
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let taken = take(found, FIXES, now, Block::decode_log);
        let out_of = OutOf::Log {
            from: settled,
            to: settled.saturating_add(taken.fixes),
            unread_until_us: window_ends_us,
        };
        self.spread(0, out_of, taken, Pace::Step).await.map(Some)
    }

    async fn is_worth_sorting(&self, slot: Slot) -> Result<bool, StoreError> {
        if slots::is_own(slot) {
            return Ok(false);
        }
        let (count, fixes): (i64, i64) = on!(Pool, &self.store.pool, to => sqlx::query_as(
            "SELECT COUNT(*), CAST(COALESCE(SUM(fixes), 0) AS BIGINT) FROM fix_blocks WHERE slot = $1",
        )
        .bind(slot)
        .fetch_one(to)
        .await)
        .map_err(reading("a shelf of fixes"))?;
        Ok(count >= BLOCKS || fixes >= FIXES)
    }

    /// Removes what the log's readers have read since the last settling.
    async fn trim(&self, unread_until_us: i64) -> Result<Step, StoreError> {
        let job = Trim { unread_until_us };
        if !job.is_needed(&self.store).await? {
            return Ok(Step::Nothing);
        }
        self.store
            .write(job)
            .await
            .map(|()| Step::Trimmed)
            .map_err(|source| StoreError::Write { what: "the journal", source })
    }

    /// Shelves on which something lies that came before, the oldest first: one that is to be sorted, or some that are
    /// handsets' own.
    async fn aged(&self, before_us: i64) -> Result<Vec<Slot>, StoreError> {
        let found: Vec<(Slot,)> = on!(Pool, &self.store.pool, to => sqlx::query_as(
            "SELECT slot FROM fix_blocks WHERE received_us < $1 ORDER BY received_us LIMIT $2",
        )
        .bind(before_us)
        .bind(BLOCKS)
        .fetch_all(to)
        .await)
        .map_err(reading("a shelf of fixes"))?;
        let mut slots: Vec<Slot> = Vec::new();
        for (slot,) in found {
            let is_first_kind =
                slots.first().is_none_or(|first| slots::is_own(*first) && slots::is_own(slot));
            if is_first_kind && !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        Ok(slots)
    }

    async fn on_shelf(
        &self,
        slot: Slot,
        before_us: i64,
        fixes: i64,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        let found: Vec<StoredRow> = on!(Pool, &self.store.pool, to => sqlx::query_as(
            "SELECT row_id, fixes, body FROM fix_blocks WHERE slot = $1 AND received_us < $2
             ORDER BY from_us, row_id LIMIT $3",
        )
        .bind(slot)
        .bind(before_us)
        .bind(BLOCKS)
        .fetch_all(to)
        .await)
        .map_err(reading("a shelf of fixes"))?;
        Ok(take(found, fixes, now, |body, _| Block::decode(body)))
    }

    /// Sorts a shelf's blocks down.
    async fn sort(
        &mut self,
        slot: Slot,
        now: Timestamp,
        before_us: i64,
        pace: Pace,
    ) -> Result<Step, StoreError> {
        let taken = self.on_shelf(slot, before_us, FIXES, now).await?;
        self.spread(slot, OutOf::Shelves, taken, pace).await
    }

    async fn spread(
        &mut self,
        slot: Slot,
        out_of: OutOf,
        taken: Taken,
        pace: Pace,
    ) -> Result<Step, StoreError> {
        let Taken { ids, fixes, blocks, broken, broken_fixes, .. } = taken;
        let blocks = computed(move || spread(slot, &blocks, pace)).await?;
        for block in &blocks {
            if !slots::is_own(block.slot) && !self.touched.contains(&block.slot) {
                self.touched.push_back(block.slot);
            }
        }
        let job = Move { out_of, ids, blocks, broken, broken_fixes, ..Move::default() };
        self.commit(job, fixes).await?;
        Ok(Step::Sorted(fixes))
    }

    /// Writes what is older than the window on handsets' own shelves as parts of hours.
    async fn to_hours(
        &self,
        slots: Vec<Slot>,
        now: Timestamp,
        window_ends_us: i64,
    ) -> Result<Step, StoreError> {
        let mut shelves: Vec<(Slot, Taken)> = Vec::new();
        let mut room = FIXES_FOR_HOURS;
        for slot in slots {
            let taken = self.on_shelf(slot, window_ends_us, room, now).await?;
            room = room.saturating_sub(taken.fixes);
            shelves.push((slot, taken));
            if room <= 0 {
                break;
            }
        }
        let blocks = shelves.iter().flat_map(|(_, taken)| &taken.blocks);
        let mut handsets: Vec<HandsetId> = blocks.flat_map(|block| block.handsets.clone()).collect();
        handsets.sort_unstable();
        handsets.dedup();
        let bindings = self.bindings(&handsets).await?;
        let job = Move { handsets, bindings, ..Move::default() };
        let (job, fixes) = computed(move || into_hours(job, shelves, window_ends_us)).await?;
        let written = job.parts.iter().map(|part| part.fixes).sum();
        self.commit(job, fixes).await?;
        Ok(Step::Written(written))
    }

    async fn bindings(&self, handsets: &[HandsetId]) -> Result<Bindings, StoreError> {
        let mut look = self.store.pool.look().await.map_err(reading("bindings"))?;
        bindings::of_handsets(&mut look.view(), handsets)
            .await
            .map_err(|error| StoreError::Broken { what: "a binding", problem: error.to_string() })
    }

    /// Hands the job to the writer, if it puts in exactly what it takes out.
    async fn commit(&self, job: Move, taken: i64) -> Result<(), StoreError> {
        if job.fixes() != taken {
            let problem = format!("{} of {taken} fixes would be left", job.fixes());
            return Err(StoreError::Broken { what: "the journal", problem });
        }
        for broken in &job.broken {
            tracing::error!(event = "journal_block_set_aside", reason = %broken.reason,
                "a block of fixes cannot be read; it is in quarantine, whole");
        }
        self.store.write(job).await.map_err(|source| StoreError::Write { what: "the journal", source })
    }
}

/// Takes from the beginning of what was found, up to so many fixes; what cannot be read is set aside.
fn take(
    found: Vec<StoredRow>,
    at_most: i64,
    now: Timestamp,
    decode: impl Fn(&[u8], i64) -> Result<Block, super::codec::CodecError>,
) -> Taken {
    let found_all = i64::try_from(found.len()).is_ok_and(|count| count < BLOCKS);
    let mut taken = Taken {
        ids: Vec::new(),
        fixes: 0,
        blocks: Vec::new(),
        broken: Vec::new(),
        broken_fixes: 0,
        is_limited: !found_all,
    };
    for (row_id, fixes, body) in found {
        if !taken.ids.is_empty() && taken.fixes.saturating_add(fixes) > at_most {
            taken.is_limited = true;
            break;
        }
        taken.ids.push(row_id);
        taken.fixes = taken.fixes.saturating_add(fixes);
        let problem = match decode(&body, row_id) {
            Ok(block) if i64::try_from(block.rows.len()) == Ok(fixes) => {
                taken.blocks.push(block);
                continue;
            }
            Ok(block) => format!("it holds {} rows", block.rows.len()),
            Err(error) => error.to_string(),
        };
        taken.broken_fixes = taken.broken_fixes.saturating_add(fixes);
        taken.broken.push(Quarantine {
            handset: None,
            topic: "journal".to_owned(),
            received_at: now,
            reason: format!("block {row_id} of {fixes} fixes cannot be read: {problem}"),
            payload: body,
        });
    }
    taken
}

/// The job that takes these shelves' blocks, writes the parts of hours in them, and puts back what is left; and how many
/// fixes it takes. Shelves for which there is no room in it wait.
fn into_hours(mut job: Move, shelves: Vec<(Slot, Taken)>, window_ends_us: i64) -> (Move, i64) {
    let mut fixes = 0_i64;
    for (slot, taken) in shelves {
        let room = PARTS.saturating_sub(job.parts.len());
        if room == 0 {
            break;
        }
        let (parts, left) = into_parts(slot, &taken, &job.bindings, window_ends_us, room);
        job.parts.extend(parts);
        job.blocks.extend(left);
        job.ids.extend(taken.ids);
        job.broken.extend(taken.broken);
        job.broken_fixes = job.broken_fixes.saturating_add(taken.broken_fixes);
        fixes = fixes.saturating_add(taken.fixes);
    }
    (job, fixes)
}

/// The parts of hours of a shelf, and the blocks of what is left, which stay on it.
fn into_parts(
    slot: Slot,
    taken: &Taken,
    bindings: &Bindings,
    window_ends_us: i64,
    room: usize,
) -> (Vec<Part>, Vec<Shelved>) {
    let all = Block::gather(&taken.blocks);
    let (first, last) = (hours::hour_of(all.span().from_us), hours::hour_of(all.span().to_us));
    // The last hour may go on in blocks that were not taken; it waits for them, unless it is the only one.
    let before_us = hours::hour_of(window_ends_us);
    let waits = taken.is_limited && first < last && first < before_us;
    let before_us = if waits { before_us.min(last) } else { before_us };
    let received_before_us = if waits { i64::MIN } else { window_ends_us.saturating_sub(WAITS_US) };
    let (parts, left) = hours::parts(&all, bindings, Ripe { before_us, received_before_us }, room);
    (parts, shelve(slot, &all, &left))
}

/// Computes beside the tasks that answer handsets and people.
async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| StoreError::Broken { what: "the journal", problem: error.to_string() })
}

impl StoreError {
    /// Whether somebody else was faster, and it is worth trying again at once.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Write { source: JobError::Conflict, .. })
    }
}
