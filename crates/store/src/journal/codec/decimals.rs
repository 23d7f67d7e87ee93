//! A column of measurements. Handsets send decimals, so most columns are whole numbers over a power of ten, and
//! come back as exactly the numbers they were; what is no such decimal is kept bit by bit.

use super::{
    CodecError,
    bytes::{Reader, low_byte, put_number},
    integers,
};

/// Powers of ten that are tried, up to the digits a coordinate has.
const POWERS: [f64; 10] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/// Larger whole numbers are not exact as a measurement.
const EXACT_UP_TO: f64 = 9_007_199_254_740_992.0;
/// Says that every value is kept bit by bit.
const RAW: u8 = u8::MAX;
/// A value kept beside the column: its bits and its place.
const EXCEPTION_BITS: u64 = 80;
/// What a digit more costs each value, in tenths of a bit.
const DIGIT_TENTHS: u64 = 33;

/// The value as a whole number over this power of ten, if it is one.
fn scaled(value: f64, power: f64) -> Option<i64> {
    let whole = (value * power).round();
    (whole.abs() < EXACT_UP_TO && (whole / power).to_bits() == value.to_bits()).then(|| to_whole(whole))
}

#[expect(clippy::cast_possible_truncation, reason = "whole and within what a double holds exactly")]
fn to_whole(whole: f64) -> i64 {
    whole as i64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "written from a double that held it exactly; garbage may lose digits"
)]
fn from_whole(whole: i64, power: f64) -> f64 {
    whole as f64 / power
}

/// The power at which the column is smallest, or none if it is no column of decimals.
fn best_power(values: &[f64]) -> Option<usize> {
    // How many values need each power; the last place is for those that no power makes whole.
    let mut needed = [0_u64; POWERS.len() + 1];
    let mut likely = 0;
    for value in values {
        // Neighbours have as many digits: the power of the last one, if the one below it does not do.
        let exact = |place: usize| POWERS.get(place).is_some_and(|power| scaled(*value, *power).is_some());
        let place = if exact(likely) && (likely == 0 || !exact(likely.saturating_sub(1))) {
            likely
        } else {
            (0..POWERS.len()).find(|place| exact(*place)).unwrap_or(POWERS.len())
        };
        likely = place.min(POWERS.len().saturating_sub(1));
        if let Some(count) = needed.get_mut(place) {
            *count = count.saturating_add(1);
        }
    }
    let count = u64::try_from(values.len()).unwrap_or(u64::MAX);
    let cost = |place: usize| {
        let exceptions: u64 = needed.iter().skip(place.saturating_add(1)).sum();
        let digits =
            u64::try_from(place).unwrap_or_default().saturating_mul(DIGIT_TENTHS).saturating_mul(count);
        let cost = exceptions.saturating_mul(EXCEPTION_BITS).saturating_add(digits / 10);
        (exceptions.saturating_mul(4) <= count).then_some((cost, place))
    };
    (0..POWERS.len()).filter_map(cost).min().map(|(_, place)| place)
}

/// Writes the column; its length is known to the block.
pub(super) fn encode(values: &[f64], out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let Some((place, power)) = best_power(values).and_then(|place| Some((place, *POWERS.get(place)?))) else {
        out.push(RAW);
        values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
        return;
    };
    let (mut wholes, mut places, mut exceptions) = (Vec::with_capacity(values.len()), Vec::new(), Vec::new());
    for (row, value) in values.iter().enumerate() {
        let whole = scaled(*value, power).unwrap_or_else(|| {
            places.push(i64::try_from(row).unwrap_or_default());
            exceptions.push(*value);
            // Like its neighbour, so that the column stays narrow.
            wholes.last().copied().unwrap_or_default()
        });
        wholes.push(whole);
    }
    out.push(low_byte(u64::try_from(place).unwrap_or_default()));
    put_number(out, u64::try_from(exceptions.len()).unwrap_or_default());
    integers::encode(&places, out);
    exceptions.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
    integers::encode(&wholes, out);
}

/// Reads a column of so many values.
pub(super) fn decode(reader: &mut Reader<'_>, count: usize) -> Result<Vec<f64>, CodecError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let kind = reader.byte()?;
    if kind == RAW {
        return raw(reader, count);
    }
    let power = POWERS.get(usize::from(kind)).ok_or(CodecError::Column)?;
    let odd = reader.count()?;
    if odd > count {
        return Err(CodecError::Column);
    }
    let places = integers::decode(reader, odd)?;
    let exceptions = raw(reader, odd)?;
    let wholes = integers::decode(reader, count)?;
    let mut values: Vec<f64> = wholes.into_iter().map(|whole| from_whole(whole, *power)).collect();
    for (place, value) in places.into_iter().zip(exceptions) {
        let slot =
            usize::try_from(place).ok().and_then(|place| values.get_mut(place)).ok_or(CodecError::Column)?;
        *slot = value;
    }
    Ok(values)
}

fn raw(reader: &mut Reader<'_>, count: usize) -> Result<Vec<f64>, CodecError> {
    let bytes = reader.take(count.saturating_mul(8))?;
    Ok(bytes.chunks_exact(8).map(|bits| f64::from_le_bytes(bits.try_into().unwrap_or_default())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(values: &[f64]) -> (usize, Vec<f64>) {
        let mut out = Vec::new();
        encode(values, &mut out);
        let mut reader = Reader::new(&out);
        let back = decode(&mut reader, values.len()).unwrap();
        assert_eq!(reader.left(), 0);
        (out.len(), back)
    }

    fn same(a: &[f64], b: &[f64]) -> bool {
        a.iter().map(|value| value.to_bits()).eq(b.iter().map(|value| value.to_bits()))
    }

    proptest! {
        #[test]
        fn any_bits_come_back(bits in prop::collection::vec(any::<u64>(), 0..100)) {
            let values: Vec<f64> = bits.into_iter().map(f64::from_bits).collect();
            prop_assert!(same(&there_and_back(&values).1, &values));
        }

        #[test]
        fn decimals_come_back_to_the_last_bit(digits in 0..8_i32, wholes in prop::collection::vec(-1_800_000_000..1_800_000_000_i64, 1..100)) {
            let text = |whole: &i64| format!("{whole}e-{digits}");
            let values: Vec<f64> = wholes.iter().map(|whole| text(whole).parse().unwrap()).collect();
            let (size, back) = there_and_back(&values);
            prop_assert!(same(&back, &values));
            prop_assert!(size < values.len() * 6 + 12, "{size}");
        }

        #[test]
        fn a_few_odd_values_stand_beside(odd in -180.0..180.0_f64) {
            let mut values: Vec<f64> = (0..100).map(|step| 118.2757 + f64::from(step) / 10_000.0).collect();
            values = values.into_iter().map(|value| (value * 1e4).round() / 1e4).collect();
            values[40] = odd;
            let (size, back) = there_and_back(&values);
            prop_assert!(same(&back, &values));
            prop_assert!(size < 60, "{size}");
        }

        #[test]
        fn garbage_gives_an_error_or_numbers(bytes in prop::collection::vec(any::<u8>(), 0..80), count in 0..200_usize) {
            if let Ok(values) = decode(&mut Reader::new(&bytes), count) {
                prop_assert_eq!(values.len(), count);
            }
        }
    }
}
