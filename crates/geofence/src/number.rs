//! The few conversions between numbers, each with what happens at its ends.

/// As a number that is only stored: seven digits are more than a position is worth.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float that does not fit becomes infinite, and is compared, never indexed"
)]
pub(crate) fn single(value: f64) -> f32 {
    value as f32
}

/// To the nearest whole number; what lies beyond becomes the end of the range, what is no number becomes 0.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
pub(crate) fn whole(value: f64) -> i32 {
    value.round() as i32
}

/// As [`whole`], for milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
pub(crate) fn long(value: f64) -> i64 {
    value.round() as i64
}

/// As [`whole`], for what is never below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, which is what is wanted"
)]
pub(crate) fn slot(value: f64) -> usize {
    value.floor() as usize
}

/// A count as a number to reckon with; counts here stay far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^52")]
pub(crate) fn count(value: usize) -> f64 {
    value as f64
}

/// Milliseconds as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^52 ms, which is in the year 144,000")]
pub(crate) fn float(value: i64) -> f64 {
    value as f64
}

/// To one decimal, for people and logs.
pub(crate) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// To four decimals, for probabilities.
pub(crate) fn fine(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
