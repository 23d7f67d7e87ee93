//! Lines in the order of their arrival. They come by handset, so they are put into a file for each hour, and each hour is sorted
//! by itself: a day of thousands of handsets is larger than memory, an hour of it is not.

use super::own_file;
use crate::replay::Line;
use anyhow::Context as _;
use model::Timestamp;
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

const HOUR_US: i64 = 3_600_000_000;
/// The digits of a time in microseconds, of which log it is, and of a place in the log.
const KEY: usize = 41;

/// Which log a line was read of: of what arrived in one moment the watch takes them in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Log {
    Press,
    Message,
    Fix,
}

/// Where a line stands among all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) log: Log,
    pub(super) number: i64,
}

/// Lines by hour, on disk until all are there. What is left of them goes when it is dropped.
pub(super) struct Parts {
    folder: PathBuf,
    from_us: i64,
    to_us: i64,
    hours: Vec<Option<BufWriter<File>>>,
}

impl Parts {
    /// Lines that arrived from a time on and before another.
    pub(super) fn begin(folder: &Path, from: Timestamp, to: Timestamp) -> anyhow::Result<Self> {
        let folder = folder.join("unsorted");
        fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { folder, from_us: from.as_microsecond(), to_us: to.as_microsecond(), hours: Vec::new() })
    }

    /// Whether what arrived then belongs to it.
    pub(super) fn holds(&self, received_at: Timestamp) -> bool {
        (self.from_us..self.to_us).contains(&received_at.as_microsecond())
    }

    /// Adds a line; what arrived before or after is left out.
    pub(super) fn put(&mut self, place: Place, line: &Line) -> anyhow::Result<()> {
        if !self.holds(line.received_at) {
            return Ok(());
        }
        let received_us = line.received_at.as_microsecond();
        let hour = usize::try_from(received_us.saturating_sub(self.from_us) / HOUR_US).unwrap_or_default();
        let log = match place.log {
            Log::Press => 0,
            Log::Message => 1,
            Log::Fix => 2,
        };
        let text = serde_json::to_string(line)?;
        let file = self.hour(hour)?;
        writeln!(file, "{received_us:020}{log}{:020}{text}", place.number).context("a line cannot be written")
    }

    fn path(&self, hour: usize) -> PathBuf {
        self.folder.join(format!("{hour:04}"))
    }

    fn hour(&mut self, hour: usize) -> anyhow::Result<&mut BufWriter<File>> {
        if self.hours.len() <= hour {
            self.hours.resize_with(hour + 1, || None);
        }
        let path = self.path(hour);
        let slot = self.hours.get_mut(hour).context("no such hour")?;
        if slot.is_none() {
            *slot = Some(BufWriter::new(own_file(&path)?));
        }
        slot.as_mut().context("no such hour")
    }

    /// Writes all lines in their order; how many of them arrived from that time on.
    pub(super) fn gather(mut self, from: Timestamp, out: &mut impl Write) -> anyhow::Result<u64> {
        let from = format!("{:020}", from.as_microsecond());
        let mut count = 0_u64;
        for hour in 0..self.hours.len() {
            let Some(mut file) = self.hours.get_mut(hour).and_then(Option::take) else { continue };
            file.flush().context("lines cannot be written")?;
            drop(file);
            let path = self.path(hour);
            let text =
                fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let mut lines: Vec<&str> = text.lines().collect();
            lines.sort_unstable();
            for line in lines {
                count += u64::from(line >= from.as_str());
                writeln!(out, "{}", line.get(KEY..).unwrap_or_default())
                    .context("a line cannot be written")?;
            }
        }
        Ok(count)
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            super::said(&format!("{} is left and can be removed: {error}", self.folder.display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn lines_come_out_in_the_order_of_their_arrival() {
        let folder = std::env::temp_dir().join(format!("jujiale-parts-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let at = |second: i64| Timestamp::from_second(1_795_795_200 + second).unwrap();
        let mut parts = Parts::begin(&folder, at(0), at(10_000)).unwrap();
        for (second, log, number) in [
            (9_000, Log::Fix, 7),
            (100, Log::Fix, 12),
            (100, Log::Fix, 3),
            (100, Log::Press, 900),
            (100, Log::Message, 4),
            (-1, Log::Fix, 1),
            (10_000, Log::Fix, 2),
            (0, Log::Fix, 5),
        ] {
            let line = Line {
                received_at: at(second),
                topic: "jjl/h1/fix".to_owned(),
                payload: json!({ "number": number }),
                base64: false,
                resident: None,
                believed: false,
            };
            parts.put(Place { log, number }, &line).unwrap();
        }
        let mut out = Vec::new();
        assert_eq!(parts.gather(at(100), &mut out).unwrap(), 5);
        let lines: Vec<Value> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["payload"]["number"].clone())
            .collect();
        assert_eq!(lines, [5, 900, 4, 3, 12, 7]);
        assert!(!folder.join("unsorted").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
