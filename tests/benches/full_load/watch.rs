//! Whether the watch keeps up with a load: every fix that is acknowledged is judged, and soon.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{pin::pin, time::Duration};
use tests::{Load, Platform, until};
use tokio::time::sleep;

const JUDGED: &str = "jujiale_watch_fixes_total";
const LAG: &str = "jujiale_watch_lag_seconds";
/// From here on the platform itself says that fences are judged late.
const LATE: Duration = Duration::from_secs(5);

/// What had been judged before a load.
pub(crate) struct Watch {
    judged: f64,
}

impl Watch {
    pub(crate) async fn before(platform: &Platform) -> Result<Self> {
        Ok(Self { judged: platform.figure(JUDGED).await? })
    }

    /// Waits for the load's end and until the watch has judged all of it; the figures of both.
    pub(crate) async fn beside(self, platform: &Platform, load: Load) -> Result<(Value, Value)> {
        let mut finishing = pin!(load.finish());
        let mut most_s = 0.0_f64;
        let figures = loop {
            tokio::select! {
                figures = &mut finishing => break figures?,
                () = sleep(Duration::from_secs(1)) => most_s = most_s.max(platform.figure(LAG).await?),
            }
        };
        ensure!(platform.tells(LAG).await?, "there is no {LAG}, and so nothing is known of it");
        let lag_s = platform.figure(LAG).await?;
        let sent = figures["fixes"]["acknowledged"].as_f64().context("how many fixes")?;
        until("every fix is judged", LATE, async || {
            Ok((platform.figure(JUDGED).await? - self.judged >= sent).then_some(()))
        })
        .await?;
        ensure!(lag_s < LATE.as_secs_f64(), "the watch is {lag_s} s late");
        Ok((figures, json!({ "judged": sent, "lag_s": lag_s, "most_lag_s": most_s })))
    }
}

/// What was seen of it.
pub(crate) fn told(watch: &Value) -> Result<()> {
    let [judged, lag, most] = ["judged", "lag_s", "most_lag_s"].map(|name| watch[name].as_f64());
    let [judged, lag, most] = [judged, lag, most].map(Option::unwrap_or_default);
    say!(
        "  watched: {judged:.0} fixes judged, {lag:.1} s late at the end, {most:.1} s at most   goal all, < 5 s"
    );
    Ok(())
}
