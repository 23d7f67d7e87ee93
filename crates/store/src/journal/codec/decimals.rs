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
/// Values looked at for a first guess.
const SAMPLE: usize = 16;

/// The value as a whole number over this power of ten, if it is one.
fn scaled(value: f64, power: f64) -> Option<i64> {
    let scaled = value * power;
    if scaled.abs() >= EXACT_UP_TO {
        return None;
    }
    let whole = to_whole(scaled + 0.5_f64.copysign(scaled));
    (from_whole(whole, power).to_bits() == value.to_bits()).then_some(whole)
}

#[expect(clippy::cast_possible_truncation, reason = "within what a double holds exactly")]
fn to_whole(scaled: f64) -> i64 {
    scaled as i64
}

#[expect(
    clippy::cast_precision_loss,
    reason = "written from a double that held it exactly; garbage may lose digits"
)]
fn from_whole(whole: i64, power: f64) -> f64 {
    whole as f64 / power
}

/// The least power from `place` on at which the value is whole.
fn power_of(value: f64, place: usize) -> Option<usize> {
    (place..POWERS.len())
        .find(|place| POWERS.get(*place).is_some_and(|power| scaled(value, *power).is_some()))
}

/// A column as whole numbers over one power of ten, and beside it what no power makes whole.
struct Decimals {
    place: usize,
    wholes: Vec<i64>,
    odd_places: Vec<i64>,
    odd: Vec<f64>,
}

/// The column as decimals, unless too many values are none.
fn decimals(values: &[f64]) -> Option<Decimals> {
    let sample = values.iter().take(SAMPLE);
    let mut place = sample.fold(0, |place, value| power_of(*value, place).unwrap_or(place));
    'again: loop {
        let power = *POWERS.get(place)?;
        let mut wholes = Vec::with_capacity(values.len());
        let (mut odd_places, mut odd) = (Vec::new(), Vec::new());
        for (row, value) in values.iter().enumerate() {
            if let Some(whole) = scaled(*value, power) {
                wholes.push(whole);
                continue;
            }
            if let Some(higher) = power_of(*value, place.saturating_add(1)) {
                place = higher;
                continue 'again;
            }
            odd_places.push(i64::try_from(row).unwrap_or_default());
            odd.push(*value);
            if odd.len().saturating_mul(4) > values.len() {
                return None;
            }
            // Like its neighbour, so that the column stays narrow.
            wholes.push(wholes.last().copied().unwrap_or_default());
        }
        return Some(Decimals { place, wholes, odd_places, odd });
    }
}

/// Writes the column; its length is known to the block.
pub(super) fn encode(values: &[f64], out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let Some(Decimals { place, wholes, odd_places, odd }) = decimals(values) else {
        out.push(RAW);
        put_raw(values, out);
        return;
    };
    out.push(low_byte(u64::try_from(place).unwrap_or_default()));
    put_number(out, u64::try_from(odd.len()).unwrap_or_default());
    integers::encode(&odd_places, out);
    put_raw(&odd, out);
    integers::encode(&wholes, out);
}

fn put_raw(values: &[f64], out: &mut Vec<u8>) {
    for value in values {
        out.extend_from_slice(&value.to_le_bytes());
    }
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

    /// A hundred steps of decimals, and something else in between.
    fn walk(other: f64) -> Vec<f64> {
        let step = |step| ((118.2757 + f64::from(step) / 10_000.0) * 1e4).round() / 1e4;
        (0..100).map(|number| if number == 40 { other } else { step(number) }).collect()
    }

    #[test]
    fn a_decimal_far_away_widens_the_column_by_a_byte_a_value() {
        for far in [0.0, -0.5, 90.0, -180.0] {
            let values = walk(far);
            let (size, back) = there_and_back(&values);
            assert!(same(&back, &values));
            assert!(size < 60 + values.len(), "{far}: {size}");
        }
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
        fn a_few_odd_values_stand_beside(odd in (-180.0..180.0_f64).prop_filter("no decimal", |odd| (odd * 1e4).fract() != 0.0)) {
            let values = walk(odd);
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
