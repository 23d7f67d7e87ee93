//! Which share of the subjects a process cares about, so that many processes can divide a platform's work.
//!
//! Every handset and every resident falls into one of [`PARTITIONS`] partitions by its id alone, the same on
//! every machine and in every version. A [`Share`] is a set of partitions.

/// Partitions there are. More than the processes anybody will divide a platform among, and few enough that
/// listening to all of them is one short subscription.
pub const PARTITIONS: u8 = 64;

/// The partition of a handset or a resident (FNV-1a of the id, folded).
pub fn partition(subject: &str) -> u8 {
    let hash = subject.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // The low bits alone would mix the last letters badly.
    hash.to_le_bytes().into_iter().fold(0, |folded, byte| folded ^ byte) % PARTITIONS
}

/// A set of partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(u64);

impl Share {
    /// Everybody.
    pub const ALL: Self = Self(u64::MAX);
    /// Nobody.
    pub const NONE: Self = Self(0);

    /// The nth (from 0) of so many equal shares; `None` if there is no such share.
    pub fn nth_of(nth: u8, shares: u8) -> Option<Self> {
        let exists = shares > 0 && shares <= PARTITIONS && nth < shares;
        let its = (0..PARTITIONS).filter(|number| exists && number % shares == nth);
        exists.then(|| Self(its.fold(0, |bits, number| bits | 1 << number)))
    }

    /// Whether this handset or resident belongs to it.
    pub fn holds(self, subject: &str) -> bool {
        self.0 & (1 << partition(subject)) != 0
    }

    /// Its partitions.
    pub fn partitions(self) -> impl Iterator<Item = u8> {
        (0..PARTITIONS).filter(move |number| self.0 & (1 << number) != 0)
    }

    /// The partitions of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of its partitions that the other has not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_never_changes() {
        // Processes of different versions divide the work by these numbers.
        assert_eq!(["", "demo-0001", "demo-0002", "r1"].map(partition), [33, 50, 31, 21]);
    }

    #[test]
    fn names_that_look_alike_spread_over_all_partitions() {
        let mut sizes = [0_u32; PARTITIONS as usize];
        for number in 0..6_400 {
            sizes[usize::from(partition(&format!("demo-{number:04}")))] += 1;
        }
        assert!(sizes.iter().all(|size| (50..200).contains(size)), "{sizes:?}");
    }

    #[test]
    fn shares_divide_everybody_and_overlap_nowhere() {
        for shares in 1..=PARTITIONS {
            let all: Vec<Share> = (0..shares).filter_map(|nth| Share::nth_of(nth, shares)).collect();
            assert_eq!(all.len(), usize::from(shares));
            assert_eq!(all.iter().map(|share| share.partitions().count()).sum::<usize>(), 64);
            assert_eq!(all.into_iter().fold(Share::NONE, Share::and), Share::ALL);
        }
        assert_eq!([Share::nth_of(0, 0), Share::nth_of(3, 3), Share::nth_of(0, 65)], [None; 3]);
    }
}
