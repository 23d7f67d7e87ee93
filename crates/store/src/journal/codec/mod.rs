//! Fixes as bytes: columns of like things, each written the shortest way it can be. Pure, and versioned.
//!
//! A block is a version byte, the number of rows, two dictionaries (handsets, boots), fourteen columns, and a checksum
//! over all before it. What is written comes back exactly, to the last bit of every measurement and the last digit of
//! every time; nothing is rounded here ([`super::hours`] rounds before it writes, and says to what).
//!
//! To change the format: a new version with its own file beside this one, and `decode` chooses. A version that was ever
//! written must stay readable as long as tracks are kept.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic, clippy::unwrap_used)
)]

mod bytes;
mod decimals;
mod integers;
#[cfg(test)]
mod tests;

use super::block::{Block, Row};
use bytes::{Reader, checksum, put_number};
use model::{HandsetId, Method, Timestamp, Wgs84};

/// Rows in a block at most: more than are ever written, few enough that no length in a broken block makes us
/// allocate much.
pub(crate) const ROWS_AT_MOST: usize = 4_096;
/// The version that is written.
const VERSION: u8 = 1;
/// Bytes of the checksum.
const CHECKSUM: usize = 4;
/// Bytes that a name may share with the one before it, so that no few bytes unfold to many.
const SHARED_AT_MOST: usize = 255;
const METHODS: [Method; 4] = [Method::Gps, Method::Aflt, Method::Wifi, Method::Cell];

/// Why some bytes are no block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CodecError {
    /// They end too early.
    #[error("it is cut short")]
    CutShort,
    /// They were changed since they were written.
    #[error("its checksum does not fit: it was changed since it was written")]
    Checksum,
    /// They were written by a later program, or are something else.
    #[error("its version {0} is not known to this program")]
    Version(u8),
    /// A count beyond what a block may hold.
    #[error("it claims {0} rows, and a block has at most 4096")]
    Rows(u64),
    /// A number without an end.
    #[error("a number in it has no end")]
    Number,
    /// A column of a kind there is not.
    #[error("a column in it is of no known kind")]
    Column,
    /// A text that is not one, or no handset's name.
    #[error("a name in it is none")]
    Name,
    /// A time, a place, a method or a dictionary's entry that cannot be.
    #[error("row {0} in it cannot be")]
    Row(usize),
    /// More bytes than the block.
    #[error("it goes on for {0} bytes after its end")]
    LeftOver(usize),
}

/// Writes a block.
pub(crate) fn encode(block: &Block) -> Vec<u8> {
    let rows = &block.rows;
    let mut out = Vec::with_capacity(rows.len().saturating_mul(24).saturating_add(64));
    out.push(VERSION);
    put_number(&mut out, u64::try_from(rows.len()).unwrap_or(u64::MAX));
    put_names(block.handsets.iter().map(HandsetId::as_str), &mut out);
    put_names(block.boots.iter().map(String::as_str), &mut out);
    let mut whole =
        |of: &dyn Fn(&Row) -> i64| integers::encode(&rows.iter().map(of).collect::<Vec<_>>(), &mut out);
    whole(&|row| i64::from(row.handset));
    whole(&|row| row.number);
    whole(&|row| row.fix_us);
    whole(&|row| row.received_us.wrapping_sub(row.fix_us));
    whole(&|row| row.boot.map_or(0, |boot| i64::from(boot).wrapping_add(1)));
    whole(&|row| place_of(row.method));
    put_some(rows, |row| row.told_us.map(|told| told.wrapping_sub(row.fix_us)), integers::encode, &mut out);
    put_some(rows, |row| row.seq.map(u64::cast_signed), integers::encode, &mut out);
    put_some(rows, |row| Some(row.lat), decimals::encode, &mut out);
    put_some(rows, |row| Some(row.lon), decimals::encode, &mut out);
    put_some(rows, |row| Some(row.accuracy_m), decimals::encode, &mut out);
    put_some(rows, |row| row.speed_mps, decimals::encode, &mut out);
    put_some(rows, |row| row.bearing_deg, decimals::encode, &mut out);
    put_some(rows, |row| row.battery_pct, decimals::encode, &mut out);
    let sum = checksum(&out);
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

fn place_of(method: Method) -> i64 {
    METHODS
        .iter()
        .position(|other| *other == method)
        .and_then(|place| i64::try_from(place).ok())
        .unwrap_or_default()
}

/// Names, each by how much of the one before it begins like it, and the rest.
fn put_names<'a>(names: impl ExactSizeIterator<Item = &'a str>, out: &mut Vec<u8>) {
    put_number(out, u64::try_from(names.len()).unwrap_or_default());
    let mut before: &[u8] = &[];
    for name in names.map(str::as_bytes) {
        let shared = before.iter().zip(name).take(SHARED_AT_MOST).take_while(|(a, b)| a == b).count();
        let rest = name.get(shared..).unwrap_or_default();
        put_number(out, u64::try_from(shared).unwrap_or_default());
        put_number(out, u64::try_from(rest.len()).unwrap_or_default());
        out.extend_from_slice(rest);
        before = name;
    }
}

/// A column that not every row has: which do (0: none, 1: all, 2: as a column says), then the values of those.
fn put_some<T>(
    rows: &[Row],
    of: impl Fn(&Row) -> Option<T>,
    put: impl Fn(&[T], &mut Vec<u8>),
    out: &mut Vec<u8>,
) {
    let values: Vec<T> = rows.iter().filter_map(&of).collect();
    let kind = match values.len() {
        0 => 0,
        all if all == rows.len() => 1,
        _ => 2,
    };
    out.push(kind);
    if kind == 2 {
        let there: Vec<i64> = rows.iter().map(|row| i64::from(of(row).is_some())).collect();
        integers::encode(&there, out);
    }
    put(&values, out);
}

/// Reads a block; whatever the bytes are, the answer is a block or what is wrong with them.
pub(crate) fn decode(bytes: &[u8]) -> Result<Block, CodecError> {
    let end = bytes.len().checked_sub(CHECKSUM).ok_or(CodecError::CutShort)?;
    let (body, sum) = bytes.split_at_checked(end).ok_or(CodecError::CutShort)?;
    if sum != checksum(body).to_le_bytes() {
        return Err(CodecError::Checksum);
    }
    decode_body(body)
}

/// The body of a block, without its checksum, read and written again; nothing if it is none. For those who try the reader
/// with bytes of all kinds, past the checksum.
pub fn reread(body: &[u8]) -> Option<Vec<u8>> {
    let mut again = encode(&decode_body(body).ok()?);
    again.truncate(again.len().saturating_sub(CHECKSUM));
    Some(again)
}

/// Whether a block may hold fixes of this handset; false only if it does not.
pub(crate) fn may_hold(bytes: &[u8], handset: &HandsetId) -> bool {
    let mut reader = Reader::new(bytes);
    let found = start(&mut reader).and_then(|_count| has_name(&mut reader, handset.as_str().as_bytes()));
    found.unwrap_or(true)
}

fn start(reader: &mut Reader<'_>) -> Result<usize, CodecError> {
    match reader.byte()? {
        VERSION => {}
        other => return Err(CodecError::Version(other)),
    }
    let claimed = reader.number()?;
    let count = usize::try_from(claimed).ok().filter(|count| *count <= ROWS_AT_MOST);
    count.ok_or(CodecError::Rows(claimed))
}

fn decode_body(body: &[u8]) -> Result<Block, CodecError> {
    let mut reader = Reader::new(body);
    let count = start(&mut reader)?;
    let block = columns(&mut reader, count)?;
    match reader.left() {
        0 => Ok(block),
        more => Err(CodecError::LeftOver(more)),
    }
}

fn columns(reader: &mut Reader<'_>, count: usize) -> Result<Block, CodecError> {
    let handsets =
        names(reader)?.into_iter().map(|name| HandsetId::new(name).map_err(|_why| CodecError::Name));
    let handsets = handsets.collect::<Result<Vec<_>, _>>()?;
    let boots = names(reader)?;
    let mut whole = || integers::decode(reader, count);
    let (owners, numbers, fix_us) = (whole()?, whole()?, whole()?);
    let (delays, boot_places, methods) = (whole()?, whole()?, whole()?);
    let told = some(reader, count, integers::decode)?;
    let seqs = some(reader, count, integers::decode)?;
    let mut measured = || some(reader, count, decimals::decode);
    let (lats, lons, accuracies) = (measured()?, measured()?, measured()?);
    let (speeds, bearings, batteries) = (measured()?, measured()?, measured()?);
    let mut rows = Vec::with_capacity(count);
    for place in 0..count {
        let row = || -> Option<Row> {
            let fix_us = *fix_us.get(place)?;
            let boot = *boot_places.get(place)?;
            Some(Row {
                number: *numbers.get(place)?,
                handset: u32::try_from(*owners.get(place)?).ok()?,
                fix_us,
                received_us: fix_us.wrapping_add(*delays.get(place)?),
                told_us: told.get(place)?.map(|told| fix_us.wrapping_add(told)),
                boot: boot.checked_sub(1).filter(|boot| *boot >= 0).map(u32::try_from).transpose().ok()?,
                seq: seqs.get(place)?.map(i64::cast_unsigned),
                lat: (*lats.get(place)?)?,
                lon: (*lons.get(place)?)?,
                accuracy_m: (*accuracies.get(place)?)?,
                method: *METHODS.get(usize::try_from(*methods.get(place)?).ok()?)?,
                speed_mps: *speeds.get(place)?,
                bearing_deg: *bearings.get(place)?,
                battery_pct: *batteries.get(place)?,
            })
        };
        let row =
            row().filter(|row| can_be(row, handsets.len(), boots.len())).ok_or(CodecError::Row(place))?;
        rows.push(row);
    }
    Ok(Block { handsets, boots, rows })
}

/// Whether everything in the row can be turned into the words it stands for.
fn can_be(row: &Row, handsets: usize, boots: usize) -> bool {
    let is_entry = |place: u32, of: usize| usize::try_from(place).is_ok_and(|place| place < of);
    let is_time = |us: i64| (Timestamp::MIN.as_microsecond()..=Timestamp::MAX.as_microsecond()).contains(&us);
    is_entry(row.handset, handsets)
        && row.boot.is_none_or(|boot| is_entry(boot, boots))
        && is_time(row.fix_us)
        && is_time(row.received_us)
        && row.told_us.is_none_or(is_time)
        && Wgs84::new(row.lat, row.lon).is_ok()
}

/// Walks over a dictionary, handing out each name's bytes.
fn each_name(
    reader: &mut Reader<'_>,
    mut take: impl FnMut(&[u8]) -> Result<(), CodecError>,
) -> Result<(), CodecError> {
    let count = reader.count()?;
    if count > ROWS_AT_MOST {
        return Err(CodecError::Rows(u64::try_from(count).unwrap_or(u64::MAX)));
    }
    let mut name: Vec<u8> = Vec::new();
    for _ in 0..count {
        let shared = usize::try_from(reader.number()?).ok();
        let shared =
            shared.filter(|shared| *shared <= SHARED_AT_MOST.min(name.len())).ok_or(CodecError::Name)?;
        let length = reader.count()?;
        name.truncate(shared);
        name.extend_from_slice(reader.take(length)?);
        take(&name)?;
    }
    Ok(())
}

fn names(reader: &mut Reader<'_>) -> Result<Vec<String>, CodecError> {
    let mut names: Vec<String> = Vec::new();
    each_name(reader, |name| {
        names.push(std::str::from_utf8(name).map_err(|_bytes| CodecError::Name)?.to_owned());
        Ok(())
    })?;
    Ok(names)
}

fn has_name(reader: &mut Reader<'_>, wanted: &[u8]) -> Result<bool, CodecError> {
    let mut is_there = false;
    each_name(reader, |name| {
        is_there |= name == wanted;
        Ok(())
    })?;
    Ok(is_there)
}

fn some<T: Copy>(
    reader: &mut Reader<'_>,
    count: usize,
    take: impl Fn(&mut Reader<'_>, usize) -> Result<Vec<T>, CodecError>,
) -> Result<Vec<Option<T>>, CodecError> {
    match reader.byte()? {
        0 => Ok(vec![None; count]),
        1 => Ok(take(reader, count)?.into_iter().map(Some).collect()),
        2 => {
            let there = integers::decode(reader, count)?;
            let present = there.iter().filter(|there| **there != 0).count();
            let mut values = take(reader, present)?.into_iter();
            Ok(there.into_iter().map(|there| (there != 0).then(|| values.next()).flatten()).collect())
        }
        _ => Err(CodecError::Column),
    }
}
