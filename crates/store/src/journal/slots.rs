//! Where a handset's fixes are found: the shelves that its name leads to.
//!
//! A shelf ([`Slot`]) is for all handsets whose hash begins with the same bits. Fixes arrive mixed and are sorted down
//! four bits at a time, sixteen shelves under each, until a shelf of one's own. So each fix is written a handful of times
//! in large pieces, never alone in a place of its own, and a handset is found on [`of_handset`]'s few shelves.

use model::HandsetId;

/// The shelf's number: a 1 and then the bits of the hash that lead to it; a handset's own shelf is negative.
pub(crate) type Slot = i64;

/// Bits that a step down sorts by.
const STEP: u32 = 4;
/// Steps down before a shelf of one's own: a million shelves, for at most some hundred thousand handsets.
const DEEPEST: u32 = 5;

/// A hash of the name that never changes: FNV-1a, and then mixed so that its first bits depend on all.
pub(crate) fn hash(handset: &HandsetId) -> u64 {
    let fnv = handset.as_str().bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn at_depth(hash: u64, depth: u32) -> Slot {
    let bits = depth.saturating_mul(STEP);
    let first_bits = hash.checked_shr(u64::BITS.saturating_sub(bits)).unwrap_or_default();
    ((1 << bits) | first_bits).cast_signed()
}

fn own(hash: u64) -> Slot {
    -((hash >> 1) | 1).cast_signed()
}

/// How deep a shelf is; a shelf of one's own has no depth.
fn depth(slot: Slot) -> Option<u32> {
    let number = u64::try_from(slot).ok()?;
    number.checked_ilog2().map(|bits| bits / STEP)
}

/// A handset's own shelf.
pub(crate) fn own_slot(handset: &HandsetId) -> Slot {
    own(hash(handset))
}

/// Whether the shelf is a handset's own.
pub(crate) fn is_own(slot: Slot) -> bool {
    slot < 0
}

/// The shelf under this one (0: under the log) that is the handset's; at the end its own.
pub(crate) fn under(slot: Slot, handset: &HandsetId) -> Slot {
    let next = depth(slot).unwrap_or_default().saturating_add(1);
    if is_own(slot) || next > DEEPEST { own_slot(handset) } else { at_depth(hash(handset), next) }
}

/// Every shelf on which fixes of this handset may lie.
pub(crate) fn of_handset(handset: &HandsetId) -> Vec<Slot> {
    let hash = hash(handset);
    (1..=DEEPEST).map(|depth| at_depth(hash, depth)).chain([own(hash)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn handset(name: &str) -> HandsetId {
        HandsetId::new(name).unwrap()
    }

    #[test]
    fn every_step_down_ends_at_the_handsets_own_shelf() {
        let one = handset("demo-0007");
        let mut slot = 0;
        let mut way = Vec::new();
        while !is_own(slot) {
            slot = under(slot, &one);
            way.push(slot);
        }
        assert_eq!(way, of_handset(&one));
        assert_eq!(under(slot, &one), slot);
    }

    #[test]
    fn the_shelves_of_a_name_stay_where_they_are() {
        // Written blocks lie there: these numbers may never change.
        assert_eq!(of_handset(&handset("demo-0007")), WAY);
    }

    const WAY: [Slot; 6] = [17, 280, 4_487, 71_804, 1_148_875, -882_244_681_411_253_551];

    #[test]
    fn alike_names_are_spread_evenly() {
        let names: Vec<HandsetId> = (0..4_096).map(|number| handset(&format!("h-{number:06}"))).collect();
        for shelf in 16..32 {
            let there = names.iter().filter(|name| under(0, name) == shelf).count();
            assert!((180..340).contains(&there), "{there} on {shelf}");
        }
        let own: HashSet<Slot> = names.iter().map(own_slot).collect();
        assert_eq!(own.len(), names.len());
    }
}
