//! One rate for all: accelerations every 20 ms, each the mean of the 40 ms round it.
//!
//! A handset at 25 Hz and one at 200 Hz see the same fall through different windows: the faster one catches higher peaks.
//! Each input sample is taken to hold for its whole period, and every tick averages the same length of time, so that what
//! is left is what both can see. The average is taken of the vector, before its length: it does not depend on how the
//! handset lies.

/// Ticks a second.
pub(super) const TICKS_PER_S: f64 = 50.0;
/// Half the length of time one tick averages, in seconds: the period of the slowest rate that is promised.
const HALF_BOX_S: f64 = 0.02;

/// Accelerations at one rate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trace {
    /// In g.
    pub(super) vectors: Vec<[f64; 3]>,
    /// Their lengths.
    pub(super) lengths: Vec<f64>,
}

impl Trace {
    /// From samples in g.
    pub(super) fn new(rows: &[[f64; 3]], hz: f64) -> Self {
        let sums = running_sums(rows);
        let end_s = as_float(rows.len()) / hz;
        let ticks = (end_s * TICKS_PER_S).floor();
        let vectors: Vec<[f64; 3]> = (0..as_index(ticks).max(1))
            .map(|tick| {
                let middle_s = (as_float(tick) + 0.5) / TICKS_PER_S;
                let from = (middle_s - HALF_BOX_S).max(0.0) * hz;
                let to = (middle_s + HALF_BOX_S).min(end_s) * hz;
                let (low, high) = (sum_until(&sums, from), sum_until(&sums, to));
                scaled(minus(high, low), 1.0 / (to - from))
            })
            .collect();
        let lengths = vectors.iter().map(|vector| length(*vector)).collect();
        Self { vectors, lengths }
    }
}

/// The sum of the samples before each, and of all.
fn running_sums(rows: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let mut sum = [0.0; 3];
    let mut sums = Vec::with_capacity(rows.len().saturating_add(1));
    sums.push(sum);
    for row in rows {
        sum = plus(sum, *row);
        sums.push(sum);
    }
    sums
}

/// The integral of the samples up to a place between them.
fn sum_until(sums: &[[f64; 3]], place: f64) -> [f64; 3] {
    let index = as_index(place.floor());
    let whole = sums.get(index).or(sums.last()).copied().unwrap_or_default();
    let next = sums.get(index.saturating_add(1)).copied().unwrap_or(whole);
    plus(whole, scaled(minus(next, whole), place - place.floor()))
}

pub(super) fn plus(one: [f64; 3], other: [f64; 3]) -> [f64; 3] {
    let ([x, y, z], [more_x, more_y, more_z]) = (one, other);
    [x + more_x, y + more_y, z + more_z]
}

pub(super) fn minus(one: [f64; 3], other: [f64; 3]) -> [f64; 3] {
    plus(one, scaled(other, -1.0))
}

pub(super) fn scaled(vector: [f64; 3], by: f64) -> [f64; 3] {
    vector.map(|value| value * by)
}

fn dot(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

pub(super) fn length(vector: [f64; 3]) -> f64 {
    dot(vector, vector).sqrt()
}

/// Between two directions, in degrees; 0 if one of them has none.
pub(super) fn angle_deg(one: [f64; 3], other: [f64; 3]) -> f64 {
    let lengths = length(one) * length(other);
    if lengths < 1e-9 {
        return 0.0;
    }
    (dot(one, other) / lengths).clamp(-1.0, 1.0).acos().to_degrees()
}

/// The mean of vectors; nothing of none.
pub(super) fn mean_vector(vectors: &[[f64; 3]]) -> [f64; 3] {
    let sum = vectors.iter().fold([0.0; 3], |sum, vector| plus(sum, *vector));
    scaled(sum, 1.0 / as_float(vectors.len().max(1)))
}

#[expect(clippy::cast_precision_loss, reason = "a window has fewer than 2^52 samples")]
pub(super) fn as_float(count: usize) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, and a place past the end is looked up as the end"
)]
fn as_index(place: f64) -> usize {
    place as usize
}
