//! What benchmarks have in common: a limit of the machine beside them, order in the samples, a place for the results.

use anyhow::{Context as _, Result};
use serde::Serialize;
use std::{fs::File, io::Write as _, path::Path, time::Duration};
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

/// Keeps results as `bench-results/NAME.json`.
pub fn keep(name: &str, results: &impl Serialize) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../bench-results/{name}.json"));
    std::fs::create_dir_all(path.parent().context("a folder")?)?;
    Ok(std::fs::write(&path, serde_json::to_string_pretty(results)?)?)
}
