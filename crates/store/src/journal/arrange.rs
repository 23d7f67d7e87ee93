//! Sorting down: what lay on one shelf is spread over the shelves under it. Pure.

use super::{
    block::{Block, Row, Span, index},
    slots::{self, Slot},
};
use std::collections::BTreeMap;

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

/// Spreads what lay on a shelf (0: in the log) over the shelves under it; what is ripe goes to its own shelf.
pub(crate) fn spread(slot: Slot, blocks: &[Block]) -> Vec<Shelved> {
    let all = Block::gather(blocks);
    let mut counts = vec![0_usize; all.handsets.len()];
    for row in &all.rows {
        if let Some(count) = counts.get_mut(index(row.handset)) {
            *count = count.saturating_add(1);
        }
    }
    let to = |(handset, count): (&model::HandsetId, &usize)| {
        if *count >= RIPE { slots::own_slot(handset) } else { slots::under(slot, handset) }
    };
    let slots: Vec<Slot> = all.handsets.iter().zip(&counts).map(to).collect();
    let mut shelves: BTreeMap<Slot, Vec<Row>> = BTreeMap::new();
    for row in &all.rows {
        let slot = slots.get(index(row.handset)).copied().unwrap_or_default();
        shelves.entry(slot).or_default().push(*row);
    }
    shelves.into_iter().flat_map(|(slot, rows)| shelve(slot, &all, rows)).collect()
}

/// Blocks of a shelf, each handset's fixes together in the order in which they came.
pub(crate) fn shelve(slot: Slot, names: &Block, mut rows: Vec<Row>) -> Vec<Shelved> {
    rows.sort_unstable_by_key(|row| (row.handset, row.number));
    rows.chunks(FULL).map(|rows| Shelved::new(slot, &names.part(rows))).collect()
}
