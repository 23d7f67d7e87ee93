//! What is measured round an impact: numbers that do not depend on how the handset lies.
//!
//! Spans are in ticks of 20 ms from the impact. Where a window ends before a span does, what there is of it counts; a
//! span with nothing in it measures as if nothing had happened there.

use super::trace::{TICKS_PER_S, Trace, angle_deg, as_float, length, mean_vector, minus};
use std::ops::Range;

/// How many numbers describe an impact.
pub const COUNT: usize = 37;

/// Their names, in their order.
pub const NAMES: [&str; COUNT] = [
    "peak_g",
    "jerk_g_per_s",
    "dip_g",
    "light_s",
    "drop_mps",
    "swing_g",
    "force_core_g",
    "force_after_g",
    "force_before_g",
    "turned_deg",
    "turned_near_deg",
    "turned_fast_deg",
    "turned_late_deg",
    "settling_deg",
    "unrest_after",
    "unrest_late",
    "unrest_before",
    "spread_after",
    "spread_before",
    "off_gravity_g",
    "peaks",
    "rival_before",
    "rival_after",
    "still_s",
    "fastest_turn_deg",
    "wobble_deg",
    "dip_to_peak_s",
    "mean_core_g",
    "across_before_deg",
    "across_after_deg",
    "busy_s",
    "turn_path_deg",
    "return_deg",
    "turned_into_deg",
    "long_dip_g",
    "force_late_g",
    "range_g",
];

/// The numbers of one impact.
pub type Measures = [f64; COUNT];

/// One second, in ticks.
const S: isize = 50;
/// Movement below this is the noise of a sensor, in g a tick; the logarithm begins here.
const NOISE_G: f64 = 0.002;
/// Half free: somebody who goes down faster than they would sit.
const LIGHT_G: f64 = 0.7;
/// A quarter of a second whose vectors stray less than this from their mean is still, in g.
const STILL_G: f64 = 0.06;
/// The range of a sensor that was wide enough.
const WIDE_G: f64 = 16.0;
/// More or less than gravity by this much is no posture, in g.
const SHAKEN_G: f64 = 0.3;
/// A tenth of a second, in ticks.
const TENTH: usize = 5;
/// A quarter of a second, in ticks.
const QUARTER: usize = 12;

/// A place in a trace.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    trace: &'a Trace,
    at: usize,
    /// Where the sensor ends, if it was reached.
    range_g: f64,
}

impl<'a> Around<'a> {
    pub(super) fn new(trace: &'a Trace, at: usize, range_g: Option<f64>) -> Self {
        Self { trace, at, range_g: range_g.unwrap_or(WIDE_G) }
    }

    fn range(&self, from: isize, to: isize) -> Range<usize> {
        let end = self.trace.lengths.len();
        let place = |offset: isize| self.at.saturating_add_signed(offset).min(end);
        let (from, to) = (place(from), place(to));
        from..to.max(from)
    }

    fn vectors(&self, from: isize, to: isize) -> &'a [[f64; 3]] {
        self.trace.vectors.get(self.range(from, to)).unwrap_or_default()
    }

    fn lengths(&self, from: isize, to: isize) -> &'a [f64] {
        self.trace.lengths.get(self.range(from, to)).unwrap_or_default()
    }

    fn peak(&self) -> f64 {
        self.trace.lengths.get(self.at).copied().unwrap_or(1.0)
    }

    fn impact(&self) -> [f64; 3] {
        self.trace.vectors.get(self.at).copied().unwrap_or_default()
    }

    fn turned(&self, before: (isize, isize), after: (isize, isize)) -> f64 {
        let mean = |(from, to)| mean_vector(self.vectors(from, to));
        angle_deg(mean(before), mean(after))
    }

    /// The lowest length before the impact, and how many seconds before it that was.
    fn dip(&self) -> (f64, f64) {
        let before = self.lengths(-S, 1);
        let lowest = before.iter().copied().enumerate().min_by(|one, other| one.1.total_cmp(&other.1));
        let (at, lowest) = lowest.unwrap_or((0, 1.0));
        (lowest, as_float(before.len().saturating_sub(at).saturating_sub(1)) / TICKS_PER_S)
    }

    /// How far the vector moves in one tick, on average over a span, as a logarithm.
    fn unrest(&self, from: isize, to: isize) -> f64 {
        let vectors = self.vectors(from, to);
        let moved: f64 = steps(vectors).sum();
        (moved / as_float(vectors.len().saturating_sub(1).max(1)) + NOISE_G).ln()
    }

    fn spread(&self, from: isize, to: isize) -> f64 {
        (deviation(self.lengths(from, to)) + NOISE_G).ln()
    }

    /// Root of the mean square by which the length differs from gravity.
    fn force(&self, from: isize, to: isize) -> f64 {
        let lengths = self.lengths(from, to);
        let squares: f64 = lengths.iter().map(|length| (length - 1.0) * (length - 1.0)).sum();
        (squares / as_float(lengths.len().max(1))).sqrt()
    }

    /// How much of the impact is reached again over a span.
    fn rival(&self, from: isize, to: isize) -> f64 {
        let highest = self.lengths(from, to).iter().copied().fold(1.0, f64::max);
        (highest - 1.0) / (self.peak() - 1.0).max(0.05)
    }

    /// Maxima at least half as high as the impact: steps and jumps come in rows.
    fn peaks(&self) -> f64 {
        let limit = 1.0 + 0.5 * (self.peak() - 1.0);
        let (mut count, mut pause) = (0.0, QUARTER);
        for length in self.lengths(-4 * S, 4 * S) {
            if *length >= limit {
                count += if pause >= QUARTER { 1.0 } else { 0.0 };
                pause = 0;
            } else {
                pause = pause.saturating_add(1);
            }
        }
        count
    }

    /// The longest rest after the impact, in seconds.
    pub(super) fn still_s(&self) -> f64 {
        let (mut longest, mut run) = (0_usize, 0_usize);
        for quarter in self.vectors(S / 2, 5 * S).chunks_exact(QUARTER) {
            let mean = mean_vector(quarter);
            let stray: f64 = quarter.iter().map(|vector| length(minus(*vector, mean))).sum();
            run = if stray / as_float(QUARTER) < STILL_G { run.saturating_add(1) } else { 0 };
            longest = longest.max(run);
        }
        as_float(longest.saturating_mul(QUARTER)) / TICKS_PER_S
    }

    /// The largest turn between one third of a second and the next, round the impact.
    fn fastest_turn(&self) -> f64 {
        let turn = |middle: isize| {
            let before = self.vectors(middle.saturating_sub(S / 3), middle);
            let after = self.vectors(middle, middle.saturating_add(S / 3));
            angle_deg(mean_vector(before), mean_vector(after))
        };
        (-S..=S).step_by(3).map(turn).fold(0.0, f64::max)
    }

    /// How far the handset strays from its mean direction after the impact.
    fn wobble(&self) -> f64 {
        let after = self.vectors(S, 4 * S);
        let mean = mean_vector(after);
        after.chunks(QUARTER).map(|quarter| angle_deg(mean_vector(quarter), mean)).fold(0.0, f64::max)
    }

    /// How long the body was shaken, within two seconds of the impact.
    fn busy_s(&self) -> f64 {
        let shaken = self.lengths(-2 * S, 2 * S).iter().filter(|length| (*length - 1.0).abs() > SHAKEN_G);
        as_float(shaken.count()) / TICKS_PER_S
    }

    /// All turns from one tenth of a second to the next, round the impact.
    fn turn_path(&self) -> f64 {
        let tenths = self.vectors(-3 * S / 2, 3 * S / 2).chunks_exact(TENTH).map(mean_vector);
        let next = tenths.clone().skip(1);
        tenths.zip(next).map(|(one, other)| angle_deg(one, other)).sum()
    }

    /// How near the posture comes again to that before.
    fn back(&self, before: [f64; 3]) -> f64 {
        let halves = self.vectors(S, 9 * S / 2).chunks_exact(2 * QUARTER).map(mean_vector);
        halves.map(|half| angle_deg(before, half)).reduce(f64::min).unwrap_or(0.0)
    }

    /// The lowest mean over a fifth of a second before the impact: a hand that swings is light for less.
    fn long_dip(&self) -> f64 {
        let fifths = self.lengths(-6 * S / 5, 0).windows(2 * TENTH);
        let means = fifths.map(|fifth| fifth.iter().sum::<f64>() / as_float(fifth.len()));
        means.reduce(f64::min).unwrap_or(1.0)
    }

    /// All of them, in the order of [`NAMES`].
    pub(super) fn measures(&self) -> Measures {
        let (dip_g, dip_to_peak_s) = self.dip();
        let before = mean_vector(self.vectors(-3 * S, -S));
        let after = mean_vector(self.vectors(S, 3 * S));
        let round = self.lengths(-S / 2, S / 2);
        let highest = round.iter().copied().fold(0.0, f64::max);
        let lowest = round.iter().copied().fold(f64::INFINITY, f64::min).min(highest);
        [
            self.peak(),
            steps(self.vectors(-S / 2, S / 2)).fold(0.0, f64::max) * TICKS_PER_S,
            dip_g,
            seconds_below(self.lengths(-S, 0), LIGHT_G),
            drop_mps(self.lengths(-S, 0)),
            highest - lowest,
            self.force(-S / 3, S / 3),
            self.force(S / 3, 3 * S / 2),
            self.force(-3 * S / 2, -S / 3),
            self.turned((-3 * S, -S), (S, 3 * S)),
            self.turned((-3 * S / 2, -S / 2), (S / 2, 3 * S / 2)),
            self.turned((-4 * S / 5, -S / 3), (S / 3, 4 * S / 5)),
            self.turned((-4 * S, -3 * S / 2), (3 * S, 5 * S)),
            self.turned((S, 2 * S), (3 * S, 9 * S / 2)),
            self.unrest(S, 3 * S),
            self.unrest(2 * S, 9 * S / 2),
            self.unrest(-3 * S, -S),
            self.spread(S, 3 * S),
            self.spread(-3 * S, -S),
            (length(after) - 1.0).abs(),
            self.peaks(),
            self.rival(-4 * S, -7 * S / 10),
            self.rival(6 * S / 5, 4 * S),
            self.still_s(),
            self.fastest_turn(),
            self.wobble(),
            dip_to_peak_s,
            round.iter().sum::<f64>() / as_float(round.len().max(1)),
            angle_deg(before, self.impact()),
            angle_deg(after, self.impact()),
            self.busy_s(),
            self.turn_path(),
            self.back(before),
            self.turned((-3 * S, -S), (-S / 5, 0)),
            self.long_dip(),
            self.force(3 * S / 2, 9 * S / 2),
            self.range_g,
        ]
    }
}

fn steps(vectors: &[[f64; 3]]) -> impl Iterator<Item = f64> {
    vectors.iter().zip(vectors.iter().skip(1)).map(|(one, next)| length(minus(*next, *one)))
}

fn deviation(values: &[f64]) -> f64 {
    let count = as_float(values.len().max(1));
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count).sqrt()
}

fn seconds_below(lengths: &[f64], limit: f64) -> f64 {
    as_float(lengths.iter().filter(|length| **length < limit).count()) / TICKS_PER_S
}

/// The speed gained downwards, if what is missing of gravity is falling.
fn drop_mps(lengths: &[f64]) -> f64 {
    let missing: f64 = lengths.iter().map(|length| (1.0 - length).max(0.0)).sum();
    missing * 9.806_65 / TICKS_PER_S
}
