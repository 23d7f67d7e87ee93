//! Which fixes of a handset have been seen: sequence numbers by boot, as intervals.

use std::collections::{BTreeMap, VecDeque};

/// Boots remembered of one handset. A handset resends from its present boot, at times from the one before.
const BOOTS: usize = 4;
/// Intervals remembered of one boot. Each gap costs one; a handset in order has one in all. Beyond it the
/// lowest is forgotten: a repeat that old would be kept twice in the track, which harms nobody.
const INTERVALS: usize = 256;

/// What has been seen of one handset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    boots: VecDeque<(String, Numbers)>,
}

impl Seen {
    /// Notes a fix; false if it was seen before.
    pub(crate) fn note(&mut self, boot: &str, seq: u64) -> bool {
        if let Some((_, numbers)) = self.boots.iter_mut().find(|(known, _)| known == boot) {
            return numbers.insert(seq);
        }
        let mut numbers = Numbers::default();
        numbers.insert(seq);
        self.boots.push_back((boot.to_owned(), numbers));
        if self.boots.len() > BOOTS {
            self.boots.pop_front();
        }
        true
    }
}

/// A set of numbers as intervals: first → last.
#[derive(Debug, Clone, Default)]
struct Numbers(BTreeMap<u64, u64>);

impl Numbers {
    fn insert(&mut self, number: u64) -> bool {
        let below = self.0.range(..=number).next_back().map(|(first, last)| (*first, *last));
        if below.is_some_and(|(_, last)| last >= number) {
            return false;
        }
        let first =
            below.filter(|(_, last)| last.checked_add(1) == Some(number)).map_or(number, |(first, _)| first);
        let last = number.checked_add(1).and_then(|next| self.0.remove(&next)).unwrap_or(number);
        self.0.insert(first, last);
        if self.0.len() > INTERVALS {
            self.0.pop_first();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn a_number_is_new_once_in_each_boot() {
        let mut seen = Seen::default();
        assert!(seen.note("a", 5));
        assert!(!seen.note("a", 5));
        assert!(seen.note("b", 5), "after a reboot the numbers start again");
        assert!(seen.note("a", 3), "an older fix that was stored is not a repeat");
        assert!(seen.note("a", 4));
        assert!(!seen.note("a", 3));
        assert!(seen.note("a", u64::MAX));
        assert!(!seen.note("a", u64::MAX));
    }

    proptest! {
        #[test]
        fn intervals_remember_what_a_plain_set_remembers(numbers in prop::collection::vec(0u64..120, 0..400)) {
            let (mut plain, mut intervals) = (HashSet::new(), Numbers::default());
            for number in numbers {
                prop_assert_eq!(intervals.insert(number), plain.insert(number));
            }
        }
    }
}
