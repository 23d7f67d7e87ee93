//! What the machine does with the same load when nothing is promised: a broker without a disk, on the same cores.

use crate::stages::load_at;
use anyhow::Result;
use serde_json::{Value, json};
use tests::Mosquitto;

/// Fixes at Mosquitto, which acknowledges them and has nobody to give them to.
pub(crate) async fn fixes(handsets: u32, words: &[&str]) -> Result<Value> {
    let (mosquitto, folder) = (Mosquitto::start().await?, tempfile::tempdir()?);
    let (status, figures) = load_at(&mosquitto.at(), folder.path(), handsets, words)?.outcome().await?;
    let (fixes, a_second) = (&figures["fixes"], figures["fixes_a_second"]["mean"].as_f64());
    let waits = if fixes["puback_ms"]["count"] == 0 { &fixes["late_puback_ms"] } else { &fixes["puback_ms"] };
    say!(
        "  limit: the same at Mosquitto without a disk {:.0}/s, {} of {}, PUBACK p50 {} p99 {} ms, {:.1} s in all",
        a_second.unwrap_or_default(),
        fixes["acknowledged"],
        fixes["due"],
        waits["p50"],
        waits["p99"],
        figures["seconds"].as_f64().unwrap_or_default(),
    );
    Ok(json!({
        "complete": status.success(), "acknowledged": fixes["acknowledged"], "fixes_a_second": a_second,
        "seconds": figures["seconds"], "puback_ms": waits, "recovered_after_s": figures["recovered_after_s"],
    }))
}

/// What an idle session costs Mosquitto at most, in KiB.
pub(crate) async fn idle_kib(handsets: u32) -> Result<f64> {
    let (mosquitto, folder) = (Mosquitto::start().await?, tempfile::tempdir()?);
    let before = mosquitto.memory_kib("VmRSS:")?;
    load_at(&mosquitto.at(), folder.path(), handsets, &["--idle", "--seconds", "5"])?.finish().await?;
    Ok((mosquitto.memory_kib("VmHWM:")? - before) / f64::from(handsets))
}
