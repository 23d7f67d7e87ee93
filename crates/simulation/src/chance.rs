//! All randomness of a world: one generator, seeded once, asked in the order of the steps.

use rand::{RngExt, SeedableRng, rngs::StdRng};

/// Virtual time in microseconds since the world began.
pub(crate) type Micros = i64;
pub(crate) const MS: Micros = 1_000;
pub(crate) const S: Micros = 1_000_000;

/// The dice of one world.
#[derive(Debug)]
pub(crate) struct Chance(StdRng);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// True so many times in a thousand.
    pub(crate) fn hits(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.0.random_range(0..1_000) < per_mille
    }

    /// A whole number from the first up to, not including, the second.
    pub(crate) fn between(&mut self, least: i64, below: i64) -> i64 {
        if below > least { self.0.random_range(least..below) } else { least }
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        if count > 1 { self.0.random_range(0..count) } else { 0 }
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).copied()
    }

    /// Which of these, each as likely as its weight; none if all weigh nothing.
    pub(crate) fn weighed(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u32 = weights.clone().sum();
        let mut left = (total > 0).then(|| self.0.random_range(0..total))?;
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return Some(index);
            }
            left -= weight;
        }
        None
    }
}
