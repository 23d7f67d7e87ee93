//! The district's network comes back after an hour: everybody at once, with all positions of that hour and some presses.

use anyhow::{Context as _, Result, ensure};
use tests::{Load, Platform};

const HANDSETS: usize = 200;
const PRESSES: usize = 10;
/// One every ten seconds.
const FIXES_EACH: u64 = 360;
/// More than it ever took, far less than the messages of all handsets at once.
const GROWTH_KIB_AT_MOST: f64 = 200.0 * 1024.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_come_first_then_where_everybody_is_and_history_raises_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let before_kib = platform.memory_kib("VmHWM:")?;
    let words = [HANDSETS, PRESSES].map(|number| number.to_string());
    let words = ["--handsets", &words[0], "--backlog", "1h", "--late-presses", &words[1]];
    let figures = Load::start(&platform, &words)?.finish().await?;

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
    let grown_kib = platform.memory_kib("VmHWM:")? - before_kib;
    ensure!(grown_kib <= GROWTH_KIB_AT_MOST, "{grown_kib} KiB more");
    platform.is_whole().await
}
