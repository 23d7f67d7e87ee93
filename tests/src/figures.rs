//! What benchmarks have in common: a limit of the machine beside them, order in the samples, a place for the results.

use crate::{Platform, Timetable};
use anyhow::{Context as _, Error, Result};
use rustix::process::{Pid, getpriority_process, setpriority_process};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

/// Milliseconds with their fractions.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The name of the thread that appends.
const DISK_THREAD: &str = "fdatasync";

/// The machine's limit for whatever must be on disk: a file on the platform's own disk, to which a thread appends that goes before
/// other programs by as much as the platform does. At the priority of the bench it would wait behind the platform and the load, and
/// the platform not behind it, and a limit that waits makes everything beside it look good.
#[derive(Debug)]
pub struct Disk {
    ask: mpsc::Sender<Ask>,
}

/// What the thread is asked for, and whom it tells.
#[derive(Debug)]
enum Ask {
    Once(oneshot::Sender<Result<f64>>),
    Keep(Timetable, oneshot::Sender<Result<Vec<f64>>>),
}

impl Disk {
    /// Beside this platform, as it runs now.
    pub fn beside(platform: &Platform) -> Result<Self> {
        let pid = Pid::from_raw(platform.at.pid).context("the platform's process")?;
        Self::at(&platform.data(), getpriority_process(Some(pid))?)
    }

    /// In this folder, by a thread of this priority (as `nice` counts it).
    fn at(folder: &Path, nice: i32) -> Result<Self> {
        let mut file = File::create(folder.join("fdatasync"))?;
        let (ask, mut asked) = mpsc::channel::<Ask>(1);
        thread::Builder::new().name(DISK_THREAD.to_owned()).spawn(move || {
            // On Linux this is said of the thread that says it, and of no other.
            let is_set = setpriority_process(None, nice);
            while let Some(ask) = asked.blocking_recv() {
                let is_set = is_set.map_err(Error::from);
                // Whoever asked may have gone.
                match ask {
                    Ask::Once(tell) => {
                        tell.send(is_set.and_then(|()| append(&mut file))).unwrap_or_default();
                    }
                    Ask::Keep(table, tell) => {
                        let kept = is_set.and_then(|()| table.keep(|_| append(&mut file).map(drop)));
                        tell.send(kept).unwrap_or_default();
                    }
                }
            }
        })?;
        Ok(Self { ask })
    }

    /// How long one append of 4 KiB with fdatasync takes, in milliseconds.
    pub async fn append(&self) -> Result<f64> {
        let (tell, told) = oneshot::channel();
        self.ask.send(Ask::Once(tell)).await.context("the disk's thread is gone")?;
        told.await.context("the disk's thread ended")?
    }

    /// The same by a timetable, each from the moment at which it was to begin: one that waits for another has waited.
    pub async fn keep(&self, table: Timetable) -> Result<Vec<f64>> {
        let (tell, told) = oneshot::channel();
        self.ask.send(Ask::Keep(table, tell)).await.context("the disk's thread is gone")?;
        told.await.context("the disk's thread ended")?
    }
}

fn append(disk: &mut File) -> Result<f64> {
    let begun = Instant::now();
    disk.write_all(&[0x5a; 4096])?;
    disk.sync_data()?;
    Ok(ms(begun.elapsed()))
}

/// The sample below which this many per thousand lie (nearest rank).
pub fn percentile(samples: &[f64], per_mille: usize) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * per_mille).div_ceil(1000).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// By how much what was measured grows with each unit of the time beside it: the line with the least squares.
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let count: f64 = points.iter().fold(0.0, |count, _| count + 1.0);
    let (sum_at, sum) =
        points.iter().fold((0.0_f64, 0.0_f64), |sums, point| (sums.0 + point.0, sums.1 + point.1));
    let (mean_at, mean) = (sum_at / count, sum / count);
    let together: f64 = points.iter().map(|(at, value)| (at - mean_at) * (value - mean)).sum();
    let apart: f64 = points.iter().map(|(at, _)| (at - mean_at).powi(2)).sum();
    together / apart
}

/// Keeps results as `bench-results/NAME.json`.
pub fn keep(name: &str, results: &impl Serialize) -> Result<()> {
    let path = kept_at(name);
    std::fs::create_dir_all(path.parent().context("a folder")?)?;
    Ok(std::fs::write(&path, serde_json::to_string_pretty(results)?)?)
}

/// Keeps what one stage came to, beside what the others of that name came to before.
pub fn keep_stage(name: &str, stage: &str, results: Value) -> Result<()> {
    let kept = std::fs::read_to_string(kept_at(name)).unwrap_or_default();
    keep(name, &with_stage(&kept, stage, results))
}

fn kept_at(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../bench-results/{name}.json"))
}

/// What cannot be read any more gives way to what was measured now.
fn with_stage(kept: &str, stage: &str, results: Value) -> Map<String, Value> {
    let mut all: Map<String, Value> = serde_json::from_str(kept).unwrap_or_default();
    all.insert(stage.to_owned(), results);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The priority of a thread of this process, by its name.
    fn nice_of(name: &str) -> Result<i32> {
        for task in std::fs::read_dir("/proc/self/task")? {
            let task = task?;
            // A thread of another test may have ended meanwhile.
            if std::fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.trim() == name) {
                let id = task.file_name().to_string_lossy().parse()?;
                return Ok(getpriority_process(Pid::from_raw(id))?);
            }
        }
        anyhow::bail!("no thread {name}")
    }

    #[tokio::test]
    async fn the_disk_is_measured_at_the_priority_asked_for_and_nothing_else_changes_its_own() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let own = getpriority_process(None)?;
        // Behind others anybody may go.
        let behind = (own + 3).min(19);
        let disk = Disk::at(folder.path(), behind)?;
        let took = [disk.append().await?, disk.append().await?];
        assert!(took.iter().all(|ms| *ms > 0.0), "{took:?}");
        // Those whose moment is over are behind it from the beginning.
        let begin = Instant::now();
        std::thread::sleep(Duration::from_millis(20));
        let kept = disk.keep(Timetable::new(begin, Duration::from_millis(5), 3)).await?;
        let late = kept.iter().zip([20.0, 15.0, 10.0]).filter(|(ms, least)| *ms > least);
        assert_eq!((kept.len(), late.count()), (3, 3), "{kept:?}");
        assert_eq!(std::fs::metadata(folder.path().join("fdatasync"))?.len(), 5 * 4096);
        assert_eq!((nice_of(DISK_THREAD)?, getpriority_process(None)?), (behind, own));
        Ok(())
    }

    #[test]
    fn a_slope_is_that_of_the_line_through_the_points() {
        let near = |points: &[(f64, f64)], slope_at: f64| {
            let found = slope(points);
            assert!((found - slope_at).abs() < 1e-9, "{found} of {points:?}");
        };
        near(&[(0.0, 100.0), (10.0, 101.0), (20.0, 102.0)], 0.1);
        near(&[(20.0, 100.0), (30.0, 100.0), (40.0, 100.0)], 0.0);
        // Up and down within it are no growth, as long as they are the same on either side.
        near(&[(0.0, 110.0), (1.0, 100.0), (2.0, 100.0), (3.0, 110.0)], 0.0);
        // Nothing, or one moment, tells nothing; and what is no number meets no goal.
        assert!(slope(&[]).is_nan() && slope(&[(1.0, 1.0)]).is_nan());
    }

    #[test]
    fn a_stage_takes_the_place_of_its_own_figures_alone() {
        let stages = |kept: &str| Value::Object(with_stage(kept, "single", json!({"mean": 2})));
        assert_eq!(stages(""), json!({"single": {"mean": 2}}));
        assert_eq!(stages("{ cut off"), json!({"single": {"mean": 2}}));
        let kept = r#"{"memory": {"each_kib": 7.9}, "single": {"mean": 1}}"#;
        assert_eq!(stages(kept), json!({"memory": {"each_kib": 7.9}, "single": {"mean": 2}}));
    }
}
