//! Presses on their way to a screen, and the disk's own time in between.

use anyhow::Result;
use serde_json::{Value, json};
use std::{fs::File, time::Duration};
use tests::{
    Handset, Live, Platform,
    figures::{append, ms, percentile},
    press,
};
use tokio::time::{Instant, sleep};

const PRESSES: usize = 800;
const HANDSETS: usize = 50;
const BETWEEN: Duration = Duration::from_millis(50);

/// Handsets that press one after the other, and the screen of an operator.
pub(crate) struct Pressing {
    handsets: Vec<Handset>,
    screen: Live,
}

impl Pressing {
    pub(crate) async fn connect(platform: &Platform) -> Result<Self> {
        let mut handsets = Vec::new();
        for number in 1..=HANDSETS {
            handsets.push(platform.handset(&format!("demo-{number:04}")).await?);
        }
        Ok(Self { handsets, screen: platform.operator().await?.1 })
    }

    /// Presses while something else goes on.
    pub(crate) async fn press(&self, platform: &Platform, beside: &str) -> Result<Value> {
        let mut disk = File::create(platform.data().join("fdatasync"))?;
        let (mut frames, mut syncs) = (Vec::new(), Vec::new());
        for (number, handset) in self.handsets.iter().cycle().take(PRESSES).enumerate() {
            let press_id = format!("beside {beside} {number}");
            self.screen.forget();
            let begun = Instant::now();
            handset.send("press", serde_json::to_vec(&press(&press_id, beside, u64::try_from(number)?))?);
            frames.push(ms(self.screen.press(&press_id).await?.1 - begun));
            syncs.push(append(&mut disk)?);
            sleep(BETWEEN).await;
        }
        // A handset's first press since the start finds nothing of it in memory.
        let (first, later) = frames.split_at(HANDSETS);
        let [first99, later99] = [first, later].map(|some| percentile(some, 990));
        let [frame50, frame99] = [500, 990].map(|per_mille| percentile(&frames, per_mille));
        let [sync50, sync99] = [500, 990].map(|per_mille| percentile(&syncs, per_mille));
        say!("press -> operator's frame beside {beside:>12}, p50 / p99 {frame50:>16.2} / {frame99:.2} ms");
        say!("  p99 of first presses of a handset, of later ones {first99:>19.2}, {later99:.2} ms");
        let slowest = [900, 950, 980, 995, 1_000].map(|per_mille| percentile(&frames, per_mille));
        say!(
            "  p90 / p95 / p98 / p99.5 / most {:>37} ms",
            slowest.map(|some| format!("{some:.2}")).join(" / ")
        );
        say!("  limit: fdatasync append in between {sync50:>32.2} / {sync99:.2} ms");
        say!("  p99 as a multiple of the limit's {:>35.1} x   goal <= 3", frame99 / sync99);
        Ok(json!({"frame_ms": [frame50, frame99], "first_p99_ms": first99, "later_p99_ms": later99,
            "fdatasync_ms": [sync50, sync99]}))
    }
}
