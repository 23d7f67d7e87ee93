//! Fixes of many handsets in memory: rows of plain numbers, and the names they point to.

use super::{
    JournalFix,
    codec::{self, CodecError},
    slots,
};
use crate::micros;
use model::{Fix, HandsetId, Method, Timestamp, Wgs84};
use std::collections::HashMap;

/// One fix. Its names stand in the block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Row {
    /// Its place in the journal: in the order in which fixes came.
    pub(crate) number: i64,
    /// Whose.
    pub(crate) handset: u32,
    pub(crate) boot: Option<u32>,
    pub(crate) seq: Option<u64>,
    pub(crate) fix_us: i64,
    pub(crate) received_us: i64,
    pub(crate) told_us: Option<i64>,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    pub(crate) accuracy_m: f64,
    pub(crate) method: Method,
    pub(crate) speed_mps: Option<f64>,
    pub(crate) bearing_deg: Option<f64>,
    pub(crate) battery_pct: Option<f64>,
}

/// Some fixes with their names.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Block {
    pub(crate) handsets: Vec<HandsetId>,
    pub(crate) boots: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// What a list of fixes cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {0} that is no number cannot be kept")]
pub(crate) struct NotANumber(&'static str);

/// Gives each name of a block one place.
struct Names<T> {
    places: HashMap<T, u32>,
    names: Vec<T>,
}

impl<T: Clone + Eq + std::hash::Hash> Names<T> {
    fn new() -> Self {
        Self { places: HashMap::new(), names: Vec::new() }
    }

    fn place(&mut self, name: &T) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.clone());
        self.places.insert(name.clone(), place);
        place
    }
}

impl Block {
    /// The fixes in the order given, numbered from `first`.
    pub(crate) fn of(fixes: &[JournalFix], first: i64) -> Result<Self, NotANumber> {
        let (mut handsets, mut boots) = (Names::new(), Names::new());
        let mut rows = Vec::with_capacity(fixes.len());
        for (number, one) in (first..).zip(fixes) {
            let fix = &one.fix;
            is_finite(fix)?;
            rows.push(Row {
                number,
                handset: handsets.place(&one.handset),
                boot: fix.boot.as_ref().map(|boot| boots.place(boot)),
                seq: fix.seq,
                fix_us: micros(fix.fix_time),
                received_us: micros(one.received_at),
                told_us: one.told_time.map(micros),
                lat: fix.position.lat(),
                lon: fix.position.lon(),
                accuracy_m: fix.accuracy_m,
                method: fix.method,
                speed_mps: fix.speed_mps,
                bearing_deg: fix.bearing_deg,
                battery_pct: fix.battery_pct,
            });
        }
        Ok(Self { handsets: handsets.names, boots: boots.names, rows })
    }

    /// All rows of some blocks, under one set of names; the handsets stand in the order of their hashes, so that those
    /// of a shelf stand together.
    pub(crate) fn gather(blocks: &[Self]) -> Self {
        let mut named: Vec<(u64, &HandsetId, usize, usize)> = Vec::new();
        for (block, of) in blocks.iter().enumerate() {
            named.extend(
                of.handsets.iter().enumerate().map(|(old, name)| (slots::hash(name), name, block, old)),
            );
        }
        named.sort_unstable();
        let mut handsets: Vec<HandsetId> = Vec::new();
        let mut owners: Vec<Vec<u32>> = blocks.iter().map(|block| vec![0; block.handsets.len()]).collect();
        for (_, name, block, old) in named {
            if handsets.last() != Some(name) {
                handsets.push(name.clone());
            }
            let place = u32::try_from(handsets.len()).unwrap_or(u32::MAX).saturating_sub(1);
            if let Some(slot) = owners.get_mut(block).and_then(|places| places.get_mut(old)) {
                *slot = place;
            }
        }
        let mut boots = Names::new();
        let mut rows = Vec::with_capacity(blocks.iter().map(|block| block.rows.len()).sum());
        for (block, owners) in blocks.iter().zip(&owners) {
            let named: Vec<u32> = block.boots.iter().map(|boot| boots.place(boot)).collect();
            let at = |places: &[u32], old: u32| places.get(index(old)).copied().unwrap_or_default();
            rows.extend(block.rows.iter().map(|row| Row {
                handset: at(owners, row.handset),
                boot: row.boot.map(|boot| at(&named, boot)),
                ..*row
            }));
        }
        Self { handsets, boots: boots.names, rows }
    }

    /// Some of the rows, with the names that these need and no more.
    pub(crate) fn part<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> Self {
        let (mut owners, mut named) = (Renumbered::default(), Renumbered::default());
        let rows: Vec<Row> = rows
            .map(|row| Row {
                handset: owners.place(row.handset),
                boot: row.boot.map(|boot| named.place(boot)),
                ..*row
            })
            .collect();
        let pick = |old: &u32| self.boots.get(index(*old)).cloned();
        let boots = named.order.iter().filter_map(pick).collect();
        let handsets =
            owners.order.iter().filter_map(|old| self.handsets.get(index(*old)).cloned()).collect();
        Self { handsets, boots, rows }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads what [`Self::encode`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode(bytes)
    }

    /// Reads a block of the log, whose rows are numbered from 0, as the log knows where it begins.
    pub(crate) fn decode_log(bytes: &[u8], first: i64) -> Result<Self, CodecError> {
        let mut block = codec::decode(bytes)?;
        block.rows.iter_mut().for_each(|row| row.number = row.number.saturating_add(first));
        Ok(block)
    }

    /// The rows of one handset.
    pub(crate) fn of_handset(&self, handset: &HandsetId) -> impl Iterator<Item = &Row> {
        let place = self.handsets.iter().position(|name| name == handset);
        let place = place.and_then(|place| u32::try_from(place).ok());
        self.rows.iter().filter(move |row| Some(row.handset) == place)
    }

    pub(crate) fn boot(&self, row: &Row) -> Option<&str> {
        row.boot.and_then(|boot| self.boots.get(index(boot))).map(String::as_str)
    }

    pub(crate) fn handset(&self, row: &Row) -> Option<&HandsetId> {
        self.handsets.get(index(row.handset))
    }

    /// A row as the fix it is.
    pub(crate) fn fix(&self, row: &Row) -> Option<Fix> {
        Some(Fix {
            boot: self.boot(row).map(str::to_owned),
            seq: row.seq,
            fix_time: Timestamp::from_microsecond(row.fix_us).ok()?,
            position: Wgs84::new(row.lat, row.lon).ok()?,
            accuracy_m: row.accuracy_m,
            method: row.method,
            speed_mps: row.speed_mps,
            bearing_deg: row.bearing_deg,
            battery_pct: row.battery_pct,
        })
    }

    /// A row with all that is kept of it.
    pub(crate) fn journal_fix(&self, row: &Row) -> Option<JournalFix> {
        Some(JournalFix {
            handset: self.handset(row)?.clone(),
            fix: self.fix(row)?,
            told_time: row.told_us.map(Timestamp::from_microsecond).transpose().ok()?,
            received_at: Timestamp::from_microsecond(row.received_us).ok()?,
        })
    }

    /// The earliest and the latest fix time, and the latest arrival.
    pub(crate) fn span(&self) -> Span {
        let fix_us = || self.rows.iter().map(|row| row.fix_us);
        Span {
            from_us: fix_us().min().unwrap_or_default(),
            to_us: fix_us().max().unwrap_or_default(),
            received_us: self.rows.iter().map(|row| row.received_us).max().unwrap_or_default(),
        }
    }
}

/// When the fixes of a block were taken, and when the last of them came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "times are in microseconds, as their columns say")]
pub(crate) struct Span {
    pub(crate) from_us: i64,
    pub(crate) to_us: i64,
    pub(crate) received_us: i64,
}

pub(crate) fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// New places for old ones, in the order of their first use.
#[derive(Default)]
struct Renumbered {
    places: HashMap<u32, u32>,
    order: Vec<u32>,
    /// The last one asked for, old and new: rows of one handset stand together.
    last: Option<(u32, u32)>,
}

impl Renumbered {
    fn place(&mut self, old: u32) -> u32 {
        if let Some((_, new)) = self.last.filter(|(last, _)| *last == old) {
            return new;
        }
        let new = *self.places.entry(old).or_insert_with(|| {
            self.order.push(old);
            u32::try_from(self.order.len()).unwrap_or(u32::MAX).saturating_sub(1)
        });
        self.last = Some((old, new));
        new
    }
}

fn is_finite(fix: &Fix) -> Result<(), NotANumber> {
    let measured = [
        ("accuracy", Some(fix.accuracy_m)),
        ("speed", fix.speed_mps),
        ("bearing", fix.bearing_deg),
        ("battery", fix.battery_pct),
    ];
    match measured.into_iter().find(|(_, value)| value.is_some_and(|value| !value.is_finite())) {
        Some((what, _)) => Err(NotANumber(what)),
        None => Ok(()),
    }
}
