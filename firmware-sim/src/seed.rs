//! Randomness from a seed: every handset has a generator of its own, so that adding one changes no other.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::Duration;

/// The offset basis and the prime of FNV-1a, 64 bits.
const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// A number that is the same for the same parts on every machine and in every release.
pub fn hash(parts: &[&str]) -> u64 {
    let mut state = FNV_BASIS;
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0xff])) {
        state = (state ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    }
    state
}

/// Spreads the bits of a number over all of it (the finalizer of SplitMix64).
pub fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The generator for one purpose of one handset.
pub fn generator(seed: u64, purpose: &str, handset: &str) -> StdRng {
    StdRng::seed_from_u64(hash(&[&seed.to_string(), purpose, handset]))
}

/// A waiting time of a memoryless process with this mean (a Poisson process's gaps).
pub fn exponential(mean: Duration, rng: &mut StdRng) -> Duration {
    let unit: f64 = rng.random();
    // The longest gap is capped at ten means, so that nobody waits for ever for a rare draw.
    mean.mul_f64((-(1.0 - unit).ln()).min(10.0))
}

/// A duration between two, all equally likely.
pub fn between(least: Duration, most: Duration, rng: &mut StdRng) -> Duration {
    let unit: f64 = rng.random();
    least + most.saturating_sub(least).mul_f64(unit)
}

/// Two independent draws of the standard normal distribution (Box and Muller's way).
pub fn normal_pair(rng: &mut StdRng) -> (f64, f64) {
    let (first, second): (f64, f64) = (rng.random(), rng.random());
    let radius = (-2.0 * (1.0 - first).ln()).sqrt();
    let angle = std::f64::consts::TAU * second;
    (radius * angle.cos(), radius * angle.sin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
    }

    #[test]
    fn gaps_have_the_mean_they_were_asked_for() {
        let mut rng = generator(1, "test", "h");
        let sum: f64 =
            (0..20_000).map(|_| exponential(Duration::from_secs(10), &mut rng).as_secs_f64()).sum();
        assert!((sum / 20_000.0 - 10.0).abs() < 0.4, "{sum}");
    }
}
