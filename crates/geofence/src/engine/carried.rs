//! Who carries which handset: names in one flat table.
//!
//! A map of strings waits for memory three times a name: for its own table, for the entry, for the text. Here the text stands in
//! the table, two entries to a line of the cache, and the names of a group are asked for together, so that the waits overlap.

use super::Slot;
use model::HandsetId;
use std::collections::HashMap;

/// Names up to so many bytes stand in the table; nearly all are shorter than half of it.
const INLINE: usize = 27;
/// So many names are asked for together.
const GROUP: usize = 32;
/// Nobody's slot.
const EMPTY: u32 = u32::MAX;
/// Spreads what is near (Knuth's multiplicative hashing by the golden ratio).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(32))]
struct Entry {
    slot: u32,
    length: u8,
    text: [u8; INLINE],
}

const NOBODY: Entry = Entry { slot: EMPTY, length: 0, text: [0; INLINE] };

impl Entry {
    /// None if the name is too long for the table.
    fn new(name: &str, slot: u32) -> Option<Self> {
        let mut text = [0; INLINE];
        text.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
        Some(Self { slot, length: u8::try_from(name.len()).ok()?, text })
    }

    fn is(&self, asked: &Self) -> bool {
        self.length == asked.length && self.text == asked.text
    }

    /// Where its search begins.
    fn home(&self) -> usize {
        let (words, rest) = self.text.as_chunks::<8>();
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        let mix = |sum: u64, word: &[u8; 8]| {
            let mixed = (sum ^ u64::from_le_bytes(*word)).wrapping_mul(SPREAD);
            mixed ^ (mixed >> 29)
        };
        let sum = words.iter().chain([&last]).fold(u64::from(self.length), mix);
        usize::try_from(sum >> 8).unwrap_or_default()
    }
}

/// Handsets and the slots of those who carry them.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    /// A power of two of them, at most half of them taken.
    entries: Vec<Entry>,
    count: usize,
    long: HashMap<HandsetId, Slot>,
}

impl Carried {
    /// Room for so many.
    pub fn with_capacity(count: usize) -> Self {
        let entries = vec![NOBODY; count.saturating_mul(2).next_power_of_two().max(2)];
        Self { entries, count: 0, long: HashMap::new() }
    }

    /// Who carries it from now on.
    pub fn insert(&mut self, handset: &HandsetId, slot: Slot) {
        let Some(entry) = Entry::new(handset.as_str(), slot.0) else {
            self.long.insert(handset.clone(), slot);
            return;
        };
        if self.count.saturating_mul(2) >= self.entries.len() {
            let grown = Self::with_capacity(self.entries.len().max(8));
            let before = std::mem::replace(&mut self.entries, grown.entries);
            self.count = 0;
            before.iter().filter(|entry| entry.slot != EMPTY).for_each(|entry| self.put(*entry));
        }
        self.put(entry);
    }

    fn put(&mut self, entry: Entry) {
        let place = self.place(&entry);
        let Some(held) = self.entries.get_mut(place) else { return };
        self.count = self.count.saturating_add(usize::from(held.slot == EMPTY));
        *held = entry;
    }

    /// Who carries it.
    pub fn get(&self, handset: &HandsetId) -> Option<Slot> {
        let Some(asked) = Entry::new(handset.as_str(), EMPTY) else { return self.long.get(handset).copied() };
        self.find(&asked)
    }

    /// Names who carries the handset of each, in their order; what nobody carries is left out.
    pub fn find_all<'a, T>(
        &self,
        all: &'a [T],
        handset: impl Fn(&'a T) -> &'a HandsetId,
        mut found: impl FnMut(&'a T, Slot),
    ) {
        let mut asked = [(NOBODY, 0); GROUP];
        for group in all.chunks(GROUP) {
            for (one, (entry, home)) in group.iter().zip(&mut asked) {
                // What is too long is asked for by its name.
                *entry = Entry::new(handset(one).as_str(), EMPTY).unwrap_or(NOBODY);
                *home = self.wrap(entry.home());
            }
            // Reads a little of each before the first is compared.
            let read = asked.iter().take(group.len()).filter_map(|(_, home)| self.entries.get(*home));
            std::hint::black_box(read.fold(0_u32, |sum, entry| sum.wrapping_add(entry.slot)));
            for (one, (entry, home)) in group.iter().zip(&asked) {
                let slot =
                    if entry.length == 0 { self.get(handset(one)) } else { self.find_from(*home, entry) };
                if let Some(slot) = slot {
                    found(one, slot);
                }
            }
        }
    }

    fn find(&self, asked: &Entry) -> Option<Slot> {
        self.find_from(self.wrap(asked.home()), asked)
    }

    fn find_from(&self, home: usize, asked: &Entry) -> Option<Slot> {
        let held = self.entries.get(self.place_from(home, asked))?;
        (held.slot != EMPTY).then_some(Slot(held.slot))
    }

    fn wrap(&self, place: usize) -> usize {
        place & self.entries.len().saturating_sub(1)
    }

    /// Where it stands, or would.
    fn place(&self, asked: &Entry) -> usize {
        self.place_from(self.wrap(asked.home()), asked)
    }

    fn place_from(&self, home: usize, asked: &Entry) -> usize {
        let mut place = home;
        // Half of them are empty, so it ends.
        while self.entries.get(place).is_some_and(|held| held.slot != EMPTY && !held.is(asked)) {
            place = self.wrap(place.wrapping_add(1));
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Short names, long ones, and one that is exactly as long as fits.
    fn name(number: u32) -> HandsetId {
        let tail = match number % 5 {
            0 => "-and-a-name-nobody-would-type",
            1 => "-0123456789012345678901234567890123456789",
            _ => "",
        };
        HandsetId::new(format!("h{number}{tail}")).unwrap()
    }

    #[test]
    fn it_finds_what_a_map_finds() {
        let (mut carried, mut map) = (Carried::default(), HashMap::new());
        for number in 0..2_000 {
            let slot = Slot(number % 700);
            carried.insert(&name(number % 1_500), slot);
            map.insert(name(number % 1_500), slot);
        }
        let asked: Vec<HandsetId> = (0..3_000).map(name).collect();
        for handset in &asked {
            assert_eq!(carried.get(handset), map.get(handset).copied(), "{handset}");
        }
        let mut found = Vec::new();
        carried.find_all(&asked, |handset| handset, |handset, slot| found.push((handset, slot)));
        let expected: Vec<_> =
            asked.iter().filter_map(|handset| Some((handset, *map.get(handset)?))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nobody_carries_anything_at_first() {
        let mut found = 0;
        Carried::default().find_all(&[name(1)], |handset| handset, |_, _| found += 1);
        assert_eq!((Carried::default().get(&name(0)), found), (None, 0));
    }
}
