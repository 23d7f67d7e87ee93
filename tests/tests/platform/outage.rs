//! The district's network comes back after an hour: everybody at once, with all positions of that hour and some presses.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::{path::Path, process::Stdio};
use tests::Platform;
use tokio::process::Command;

const HANDSETS: usize = 200;
const PRESSES: usize = 10;
/// One every ten seconds.
const FIXES_EACH: u64 = 360;
/// More than it ever took, far less than the messages of all handsets at once.
const GROWTH_KIB_AT_MOST: u64 = 200 * 1024;

/// The most memory there ever was.
fn peak_kib(platform: &Platform) -> Result<u64> {
    let status =
        std::fs::read_to_string(Path::new("/proc").join(platform.at.pid.to_string()).join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
    Ok(line.trim_matches(|c: char| !c.is_ascii_digit()).parse()?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_come_first_then_where_everybody_is_and_history_raises_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let before_kib = peak_kib(&platform)?;
    let figures = platform.data().join("load.json");
    let mut load = Command::new(tests::platform::binary()?.with_file_name("firmware-sim"));
    load.args(["load", "--mqtt", &platform.at.mqtt, "--handsets", &HANDSETS.to_string(), "--backlog", "1h"]);
    load.args(["--late-presses", &PRESSES.to_string(), "--json"]).arg(&figures);
    let done = load.stdin(Stdio::null()).kill_on_drop(true).output().await?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let figures: Value = serde_json::from_slice(&std::fs::read(&figures)?)?;
    let count = |what: &str, which: &str| figures[what][which].as_u64().unwrap_or_default();
    ensure!(count("presses", "receipted") == u64::try_from(PRESSES)?, "{figures:#}");
    ensure!(count("fixes", "acknowledged") >= FIXES_EACH * u64::try_from(HANDSETS)?, "{figures:#}");
    let recovered = |what: &str| figures["recovered_after_s"][what].as_f64().context("a time");
    let (presses, newest, everything) =
        (recovered("last_press_receipt")?, recovered("every_newest_position")?, recovered("everything")?);
    ensure!(
        presses < everything && newest <= everything,
        "presses {presses}, newest {newest}, all {everything}"
    );

    let raised = operator.incidents("open").await?;
    let signals: usize =
        raised.iter().map(|incident| incident["signals"].as_array().map_or(0, Vec::len)).sum();
    ensure!(signals == PRESSES, "{signals} signals in {} incidents", raised.len());
    let grown_kib = peak_kib(&platform)? - before_kib;
    ensure!(grown_kib <= GROWTH_KIB_AT_MOST, "{grown_kib} KiB more");
    platform.is_whole().await
}
