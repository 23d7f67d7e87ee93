//! Whether the watch keeps up with a load: every fix that is acknowledged is judged, and soon.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{pin::pin, time::Duration};
use tests::{Goals, Load, Platform, until};
use tokio::time::sleep;

const JUDGED: &str = "jujiale_watch_fixes_total";
const LAG: &str = "jujiale_watch_lag_seconds";
/// From here on the platform itself says that fences are judged late.
const LATE: Duration = Duration::from_secs(5);

/// An hour of everybody's past is judged so soon; who was told of by then was told of it.
const AFTER_A_RETURN: Duration = Duration::from_secs(30);

/// What had been judged before a load.
pub(crate) struct Watch {
    judged: f64,
}

impl Watch {
    pub(crate) async fn before(platform: &Platform) -> Result<Self> {
        Ok(Self { judged: platform.figure(JUDGED).await? })
    }

    /// Waits until so many fixes are judged; how many they are by then.
    async fn judged_within(&self, platform: &Platform, sent: f64, within: Duration) -> Result<f64> {
        let in_time = until("every fix is judged", within, async || {
            Ok((platform.figure(JUDGED).await? - self.judged >= sent).then_some(()))
        })
        .await;
        match in_time {
            Ok(()) => Ok(sent),
            Err(_) => Ok(platform.figure(JUDGED).await? - self.judged),
        }
    }

    /// Waits for the load's end and until the watch has judged all of it; the figures of both.
    pub(crate) async fn beside(self, platform: &Platform, load: Load) -> Result<(Value, Value)> {
        let mut finishing = pin!(load.outcome());
        let mut most_s = 0.0_f64;
        let figures = loop {
            tokio::select! {
                outcome = &mut finishing => break outcome?.1,
                () = sleep(Duration::from_secs(1)) => most_s = most_s.max(platform.figure(LAG).await?),
            }
        };
        ensure!(platform.tells(LAG).await?, "there is no {LAG}, and so nothing is known of it");
        let lag_s = platform.figure(LAG).await?;
        let sent = figures["fixes"]["acknowledged"].as_f64().context("how many fixes")?;
        let judged = self.judged_within(platform, sent, LATE).await?;
        Ok((figures, json!({ "sent": sent, "judged": judged, "lag_s": lag_s, "most_lag_s": most_s })))
    }
}

/// After a return: all of its fixes are judged, and what is told of them has its incidents. How many were judged by then.
pub(crate) async fn all_is_told(watch: &Watch, platform: &Platform, sent: f64) -> Result<f64> {
    let judged = watch.judged_within(platform, sent, AFTER_A_RETURN).await?;
    platform.has_judged(AFTER_A_RETURN).await?;
    Ok(judged)
}

/// What was seen of it.
pub(crate) fn told(watch: &Value, goals: &mut Goals, what: &str) -> Result<()> {
    let [sent, judged, lag, most] =
        ["sent", "judged", "lag_s", "most_lag_s"].map(|name| watch[name].as_f64().unwrap_or(f64::NAN));
    let all = goals.at_least(&format!("{what}: fixes judged by the watch"), judged, sent, "");
    let soon = goals.below(&format!("{what}: the watch is late at the end by"), lag, LATE.as_secs_f64(), "s");
    say!(
        "  watched: {judged:.0} fixes judged ({all}), {lag:.1} s late at the end ({soon}), {most:.1} s at most"
    );
    Ok(())
}
