//! What a handset's accelerometer saw, and when it cannot be used.

use serde::{Deserialize, Serialize};

/// Where on the body the handset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worn {
    /// On a belt.
    Waist,
    /// In a trouser pocket.
    Pocket,
    /// As a watch.
    Wrist,
}

impl Worn {
    /// Every place.
    pub const ALL: [Self; 3] = [Self::Waist, Self::Pocket, Self::Wrist];

    /// Its name in files and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waist => "waist",
            Self::Pocket => "pocket",
            Self::Wrist => "wrist",
        }
    }
}

/// What the numbers of a window count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Thousandths of standard gravity.
    MilliG,
    /// Standard gravity.
    G,
    /// SI.
    MetresPerSecondSquared,
}

impl Unit {
    /// The unit of that name, however it is spelt.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().as_str() {
            "mg" | "milli-g" | "millig" => Some(Self::MilliG),
            "g" => Some(Self::G),
            "m/s2" | "m/s²" | "m/s^2" | "ms-2" | "mps2" => Some(Self::MetresPerSecondSquared),
            _ => None,
        }
    }

    /// How many g one is.
    pub fn in_g(self) -> f64 {
        match self {
            Self::MilliG => 1e-3,
            Self::G => 1.0,
            Self::MetresPerSecondSquared => 1.0 / 9.806_65,
        }
    }
}

/// Accelerations with gravity, evenly spaced in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window<'a> {
    /// Samples a second.
    pub hz: f64,
    /// The unit of every value, as the handset names it.
    pub unit: &'a str,
    /// One row a sample.
    pub xyz: &'a [[f64; 3]],
}

/// Why a window says nothing about a fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unusable {
    /// The report came without any.
    NoSamples,
    /// The unit is none that is known.
    Unit,
    /// So many a second that it cannot be meant, or too few to see an impact.
    Rate,
    /// Over before a fall could be.
    TooShort,
    /// Too many values are no numbers.
    NotNumbers,
    /// Gravity is not in it: the unit named is not the one used, or the sensor is broken.
    NoGravity,
    /// Every sample is the same: no living body wears this sensor.
    Frozen,
}

impl Unusable {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::NoSamples,
        Self::Unit,
        Self::Rate,
        Self::TooShort,
        Self::NotNumbers,
        Self::NoGravity,
        Self::Frozen,
    ];

    /// Its name in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSamples => "no_samples",
            Self::Unit => "unit",
            Self::Rate => "rate",
            Self::TooShort => "too_short",
            Self::NotNumbers => "not_numbers",
            Self::NoGravity => "no_gravity",
            Self::Frozen => "frozen",
        }
    }

    /// As an operator is told it.
    pub fn sentence_zh(self) -> &'static str {
        match self {
            Self::NoSamples => "终端报告跌倒，但没有附带加速度数据，无法判断",
            Self::Unit => "终端报告跌倒，但加速度数据的单位无法识别，无法判断",
            Self::Rate => "终端报告跌倒，但加速度数据的采样率不可信，无法判断",
            Self::TooShort => "终端报告跌倒，但加速度数据太短，无法判断",
            Self::NotNumbers => "终端报告跌倒，但加速度数据损坏，无法判断",
            Self::NoGravity => "终端报告跌倒，但加速度数据中没有重力，传感器可能有故障，无法判断",
            Self::Frozen => "终端报告跌倒，但加速度数据没有变化，传感器可能卡死，无法判断",
        }
    }
}

/// Below this an impact is over between two samples. Profiles are trained from 25 Hz up; a clock may be a little slow.
const HZ_AT_LEAST: f64 = 20.0;
/// No accelerometer in a handset samples faster.
const HZ_AT_MOST: f64 = 10_000.0;
/// An impact and a little of what comes after it.
const SECONDS_AT_LEAST: f64 = 1.5;
/// Of a hundred values; a gap as short as this is bridged by the value before it.
const BROKEN_AT_MOST_PCT: usize = 5;
/// Beyond what any accelerometer of a handset can measure; a larger value is taken for this one.
const G_AT_MOST: f64 = 32.0;
/// The median acceleration of somebody on earth, tumbling and clipping included.
const MEDIAN_G: std::ops::RangeInclusive<f64> = 0.4..=2.0;

/// The ranges that sensors can be set to.
const RANGES_G: [f64; 4] = [2.0, 4.0, 8.0, 16.0];
/// By how much of its range calibration may move the end of a sensor.
const RANGE_STRAYS: f64 = 0.03;
/// One value that large may be chance.
const CLIPPED_VALUES: usize = 2;
/// No sensor's range ends below this; what is smaller and stands still is a body at rest.
const RAIL_AT_LEAST_G: f64 = 1.9;

/// The samples in g, free of what is no number.
pub(super) fn in_g(window: &Window<'_>) -> Result<Vec<[f64; 3]>, Unusable> {
    if window.xyz.is_empty() {
        return Err(Unusable::NoSamples);
    }
    // Of what cannot be read at all neither the unit nor the rate matters.
    if !window.xyz.iter().any(is_whole) {
        return Err(Unusable::NotNumbers);
    }
    let unit = Unit::from_name(window.unit).ok_or(Unusable::Unit)?;
    if !(HZ_AT_LEAST..=HZ_AT_MOST).contains(&window.hz) {
        return Err(Unusable::Rate);
    }
    if super::trace::as_float(window.xyz.len()) < SECONDS_AT_LEAST * window.hz {
        return Err(Unusable::TooShort);
    }
    let rows = mended(window.xyz, unit.in_g())?;
    if !MEDIAN_G.contains(&median(rows.iter().map(|row| super::trace::length(*row)))) {
        return Err(Unusable::NoGravity);
    }
    if rows.windows(2).all(|pair| pair.first() == pair.last()) {
        return Err(Unusable::Frozen);
    }
    Ok(rows)
}

fn is_whole(row: &[f64; 3]) -> bool {
    row.iter().all(|value| value.is_finite())
}

/// Rows that are no numbers repeat the one before them; at the beginning, the first that is.
fn mended(xyz: &[[f64; 3]], scale: f64) -> Result<Vec<[f64; 3]>, Unusable> {
    let whole = xyz.iter().filter(|row| is_whole(row)).count();
    let broken = xyz.len().saturating_sub(whole);
    let first = xyz.iter().find(|row| is_whole(row)).ok_or(Unusable::NotNumbers)?;
    if broken.saturating_mul(100) > xyz.len().saturating_mul(BROKEN_AT_MOST_PCT) {
        return Err(Unusable::NotNumbers);
    }
    let mut last = first;
    let follow = |row| {
        if is_whole(row) {
            last = row;
        }
        last.map(|value| (value * scale).clamp(-G_AT_MOST, G_AT_MOST))
    };
    Ok(xyz.iter().map(follow).collect())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    let middle = values.len() / 2;
    if middle >= values.len() {
        return f64::NAN;
    }
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The range of the sensor, if values stand at its end: several that are equal, the largest there are, and where a range
/// ends.
pub(super) fn range_g(rows: &[[f64; 3]]) -> Option<f64> {
    let sizes = || rows.iter().flatten().map(|value| value.abs());
    let largest = sizes().fold(0.0, f64::max);
    let range = RANGES_G.into_iter().find(|range| (largest - range).abs() <= range * RANGE_STRAYS)?;
    (sizes().filter(|size| largest - size < 1e-9).count() >= CLIPPED_VALUES).then_some(range)
}

/// Where the sensor ends, whatever its range: the largest value there is, if it stands several ticks in a row on one axis. An impact
/// that is measured whole has one largest tick. It is for telling alone; what is learned from knows the ranges that sensors are set to.
pub(super) fn rail_g(window: &Window<'_>) -> Option<f64> {
    // As they came: a broken row that repeats the one before it would stand.
    let largest = window.xyz.iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let stands = window.xyz.windows(2).any(|pair| {
        let [before, after] = pair else { return false };
        before.iter().zip(after).any(|(one, next)| one.abs().min(next.abs()) >= largest && one * next > 0.0)
    });
    let largest_g = largest * Unit::from_name(window.unit)?.in_g();
    (stands && (RAIL_AT_LEAST_G..G_AT_MOST).contains(&largest_g)).then_some(largest_g)
}
