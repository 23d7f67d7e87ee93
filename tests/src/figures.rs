//! What benchmarks have in common: a limit of the machine beside them, order in the samples, a place for the results.

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::Instant;

/// Milliseconds with their fractions.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The machine's limit for whatever must be on disk: how long one append of 4 KiB with fdatasync takes.
pub fn append(disk: &mut File) -> Result<f64> {
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
