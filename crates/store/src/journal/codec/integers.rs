//! A column of whole numbers: the numbers, their differences or the differences of those, whichever is smallest, in
//! groups that each keep their least value and how many bits the rest is above it. Times in whole seconds or
//! milliseconds are counted in those.
//!
//! What is counted or comes at even steps costs next to nothing; what is noise costs about the bits of the noise.

use super::{
    CodecError,
    bytes::{Reader, low_byte, put_signed},
};

/// Numbers that share a least value and a width: large enough to pay for the two or three bytes of those, small enough
/// that one far value makes few others wide.
const GROUP: usize = 32;
/// How often differences are taken at most.
const ORDERS: usize = 2;
/// What a column may be counted in, by its number.
const UNITS: [i64; 3] = [1, 1_000, 1_000_000];

/// Writes the column. Its length is not written: the block knows how many rows it has.
pub(super) fn encode(values: &[i64], out: &mut Vec<u8>) {
    let Some(first) = values.first().copied() else { return };
    if values.iter().all(|value| *value == first) {
        return put(0, 0, &[], values, out);
    }
    let (unit, mut best) = in_units(values);
    let (mut least, mut order) = (size_of(&best), 0);
    let mut heads: Vec<i64> = Vec::new();
    // If differences do not help, their differences do not either.
    while order < ORDERS
        && let Some(head) = best.first().copied()
    {
        let differences: Vec<i64> = best.windows(2).map(difference).collect();
        let size = size_of(&differences).saturating_add(signed_size(head));
        if size >= least {
            break;
        }
        (least, best) = (size, differences);
        heads.push(head);
        order = order.saturating_add(1);
    }
    put(order, unit, &heads, &best, out);
}

fn put(order: usize, unit: usize, heads: &[i64], rest: &[i64], out: &mut Vec<u8>) {
    let kind = order.saturating_mul(UNITS.len()).saturating_add(unit);
    out.push(low_byte(u64::try_from(kind).unwrap_or_default()));
    for head in heads {
        put_signed(out, *head);
    }
    rest.chunks(GROUP).for_each(|group| put_group(group, out));
}

/// The largest unit that all values are whole numbers of, and how many of it they are.
fn in_units(values: &[i64]) -> (usize, Vec<i64>) {
    let whole_in = |unit: &i64| values.iter().all(|value| value.checked_rem(*unit) == Some(0));
    match UNITS.iter().rposition(whole_in).unwrap_or_default() {
        0 => (0, values.to_vec()),
        place => {
            let unit = UNITS.get(place).copied().unwrap_or(1);
            (place, values.iter().map(|value| value.checked_div(unit).unwrap_or_default()).collect())
        }
    }
}

fn difference(pair: &[i64]) -> i64 {
    match pair {
        [earlier, later] => later.wrapping_sub(*earlier),
        _ => 0,
    }
}

/// The least value of a group and the bits that the largest is above it.
fn frame(group: &[i64]) -> (i64, u32) {
    let least = group.iter().copied().min().unwrap_or_default();
    let most = group.iter().copied().max().unwrap_or_default();
    (least, bits_of(above(most, least)))
}

fn bits_of(number: u64) -> u32 {
    u64::BITS.saturating_sub(number.leading_zeros())
}

fn above(value: i64, least: i64) -> u64 {
    value.wrapping_sub(least).cast_unsigned()
}

fn packed_bytes(count: usize, width: u32) -> usize {
    count.saturating_mul(usize::try_from(width).unwrap_or(64)).div_ceil(8)
}

fn signed_size(number: i64) -> usize {
    let folded = (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned();
    usize::try_from(bits_of(folded).max(1).div_ceil(7)).unwrap_or(10)
}

fn size_of(values: &[i64]) -> usize {
    let group_size = |group: &[i64]| {
        let (least, width) = frame(group);
        packed_bytes(group.len(), width).saturating_add(signed_size(least)).saturating_add(1)
    };
    values.chunks(GROUP).map(group_size).sum()
}

fn put_group(group: &[i64], out: &mut Vec<u8>) {
    let (least, width) = frame(group);
    out.push(low_byte(u64::from(width)));
    put_signed(out, least);
    if width == 0 {
        return;
    }
    let (mut waiting, mut bits) = (0_u128, 0_u32);
    for value in group {
        waiting |= u128::from(above(*value, least)) << bits;
        bits = bits.saturating_add(width);
        if bits >= 64 {
            out.extend(waiting.to_le_bytes().into_iter().take(8));
            waiting >>= 64;
            bits = bits.saturating_sub(64);
        }
    }
    let over = usize::try_from(bits.div_ceil(8)).unwrap_or_default();
    out.extend(waiting.to_le_bytes().into_iter().take(over));
}

/// Reads a column of so many numbers.
pub(super) fn decode(reader: &mut Reader<'_>, count: usize) -> Result<Vec<i64>, CodecError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let kind = usize::from(reader.byte()?);
    let order = kind.checked_div(UNITS.len()).unwrap_or_default();
    let unit = kind.checked_rem(UNITS.len()).and_then(|place| UNITS.get(place)).copied().unwrap_or(1);
    if order > ORDERS || order > count {
        return Err(CodecError::Column);
    }
    let heads = (0..order).map(|_| reader.signed()).collect::<Result<Vec<_>, _>>()?;
    let mut values = Vec::with_capacity(count);
    let mut left = count.saturating_sub(order);
    while left > 0 {
        let size = left.min(GROUP);
        take_group(reader, size, &mut values)?;
        left = left.saturating_sub(size);
    }
    for head in heads.into_iter().rev() {
        values = sums(head, values);
    }
    if unit != 1 {
        for value in &mut values {
            *value = value.wrapping_mul(unit);
        }
    }
    Ok(values)
}

fn sums(head: i64, differences: Vec<i64>) -> Vec<i64> {
    let mut sums = Vec::with_capacity(differences.len().saturating_add(1));
    sums.push(head);
    let mut sum = head;
    for difference in differences {
        sum = sum.wrapping_add(difference);
        sums.push(sum);
    }
    sums
}

fn take_group(reader: &mut Reader<'_>, size: usize, values: &mut Vec<i64>) -> Result<(), CodecError> {
    let width = u32::from(reader.byte()?);
    if width > u64::BITS {
        return Err(CodecError::Column);
    }
    let least = reader.signed()?;
    if width == 0 {
        values.extend(std::iter::repeat_n(least, size));
        return Ok(());
    }
    let mask = u128::from(u64::MAX >> (u64::BITS.saturating_sub(width)));
    let mut packed = reader.take(packed_bytes(size, width))?.chunks(8);
    let (mut waiting, mut bits) = (0_u128, 0_u32);
    for _ in 0..size {
        if bits < width {
            let mut word = [0; 8];
            let chunk = packed.next().unwrap_or_default();
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            waiting |= u128::from(u64::from_le_bytes(word)) << bits;
            bits = bits.saturating_add(64);
        }
        let value = u64::try_from(waiting & mask).unwrap_or_default();
        values.push(least.wrapping_add(value.cast_signed()));
        waiting >>= width;
        bits = bits.saturating_sub(width);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes_of(values: &[i64]) -> Vec<u8> {
        let mut out = Vec::new();
        encode(values, &mut out);
        out
    }

    proptest! {
        #[test]
        fn any_column_comes_back(values in prop::collection::vec(any::<i64>(), 0..150)) {
            let bytes = bytes_of(&values);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(decode(&mut reader, values.len()), Ok(values));
            prop_assert_eq!(reader.left(), 0);
        }

        #[test]
        fn narrow_columns_come_back(
            values in prop::collection::vec(-70..900_i64, 0..300),
            step in -5..5_i64,
            unit in prop::sample::select(vec![1, 10, 1_000, 5_000, 1_000_000]),
        ) {
            let mut sum = 0;
            let summed: Vec<i64> = values.iter().map(|value| { sum += value * step; sum * unit }).collect();
            for column in [values, summed] {
                let bytes = bytes_of(&column);
                prop_assert_eq!(decode(&mut Reader::new(&bytes), column.len()), Ok(column));
            }
        }

        #[test]
        fn garbage_gives_an_error_or_numbers(bytes in prop::collection::vec(any::<u8>(), 0..80), count in 0..200_usize) {
            if let Ok(values) = decode(&mut Reader::new(&bytes), count) {
                prop_assert_eq!(values.len(), count);
            }
        }
    }

    #[test]
    fn what_is_counted_costs_next_to_nothing() {
        let counted: Vec<i64> = (1_000_000..1_000_360).collect();
        assert!(bytes_of(&counted).len() < 32, "{}", bytes_of(&counted).len());
        assert!(bytes_of(&[7; 360]).len() < 32);
    }
}
