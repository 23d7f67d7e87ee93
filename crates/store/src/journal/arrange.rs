//! Sorting down: what lay on one shelf is spread over the shelves under it. Pure.

use super::{
    block::{Block, Row, Span, index},
    slots::{self, Slot},
};
/// Rows in a written block: some twenty kilobytes, the size from which the overhead of a row no longer matters.
pub(crate) const FULL: usize = 1_000;
/// With so many fixes of one handset in hand, they go to its own shelf at once.
const RIPE: usize = 256;

/// A block that is to lie on a shelf.
#[derive(Debug, Clone)]
pub(crate) struct Shelved {
    pub(crate) slot: Slot,
    pub(crate) fixes: i64,
    pub(crate) span: Span,
    pub(crate) body: Vec<u8>,
}

impl Shelved {
    pub(crate) fn new(slot: Slot, block: &Block) -> Self {
        Self {
            slot,
            fixes: i64::try_from(block.rows.len()).unwrap_or(i64::MAX),
            span: block.span(),
            body: block.encode(),
        }
    }
}

/// How eagerly fixes go down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// A step, but for what is ripe.
    Step,
    /// To their own shelves as soon as these are few: what is old will not grow any more.
    Down,
}

/// Handsets of which fixes that are old go to their own shelves, however few they are.
const FEW_HANDSETS: usize = 64;

/// Spreads what lay on a shelf (0: in the log) over the shelves under it; what is ripe goes to its own shelf.
pub(crate) fn spread(slot: Slot, blocks: &[Block], pace: Pace) -> Vec<Shelved> {
    let all = Block::gather(blocks);
    let goes_down = pace == Pace::Down && all.handsets.len() <= FEW_HANDSETS;
    let (order, starts) = by_handset(&all);
    let mut shelved = Vec::new();
    // Handsets stand in the order of their hashes, so those that go to one shelf stand side by side, but for the ripe.
    let mut waiting: Vec<&Row> = Vec::new();
    let mut waiting_for = None;
    for (handset, ends) in all.handsets.iter().zip(starts.windows(2)) {
        let rows =
            ends.first().zip(ends.last()).and_then(|(from, to)| order.get(*from..*to)).unwrap_or_default();
        if rows.len() >= RIPE || goes_down {
            put(slots::own_slot(handset), &all, rows, &mut shelved);
            continue;
        }
        let under = slots::under(slot, handset);
        if waiting_for != Some(under) {
            put_waiting(waiting_for, &all, &mut waiting, &mut shelved);
        }
        waiting_for = Some(under);
        waiting.extend(rows);
    }
    put_waiting(waiting_for, &all, &mut waiting, &mut shelved);
    shelved
}

/// The rows in the order of their handsets, each one's in the order in which they came, and where each one's begin.
fn by_handset(all: &Block) -> (Vec<&Row>, Vec<usize>) {
    let mut starts = vec![0_usize; all.handsets.len().saturating_add(1)];
    for row in &all.rows {
        if let Some(count) = starts.get_mut(index(row.handset).saturating_add(1)) {
            *count = count.saturating_add(1);
        }
    }
    let mut sum = 0_usize;
    for start in &mut starts {
        sum = sum.saturating_add(*start);
        *start = sum;
    }
    let mut order: Vec<&Row> = all.rows.iter().collect();
    order.sort_by_key(|row| (row.handset, row.number));
    (order, starts)
}

fn put_waiting(slot: Option<Slot>, all: &Block, rows: &mut Vec<&Row>, shelved: &mut Vec<Shelved>) {
    if let Some(slot) = slot {
        put(slot, all, rows, shelved);
    }
    rows.clear();
}

fn put(slot: Slot, all: &Block, rows: &[&Row], shelved: &mut Vec<Shelved>) {
    shelved.extend(rows.chunks(FULL).map(|rows| Shelved::new(slot, &all.part(rows.iter().copied()))));
}

/// Blocks of a shelf, each handset's fixes together in the order in which they came.
pub(crate) fn shelve(slot: Slot, names: &Block, rows: &[Row]) -> Vec<Shelved> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by_key(|row| (row.handset, row.number));
    let mut shelved = Vec::new();
    put(slot, names, &rows, &mut shelved);
    shelved
}
