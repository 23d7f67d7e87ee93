//! Many handsets have one trouble at once: it is one line of the day, and nobody is woken. Presses are never folded.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use serde_json::json;
use tests::{PATIENCE, Platform, clock, until};

/// More than make a flood.
const MANY: usize = 12;

#[tokio::test]
async fn many_handsets_with_one_trouble_are_one_line_and_their_presses_are_not() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let connecting = (1..=MANY).map(async |nth| platform.handset(&format!("demo-{nth:04}")).await);
    let handsets = try_join_all(connecting).await?;
    let empty =
        json!({ "online": true, "battery_pct": 8, "charging": false, "at": clock::now().to_string() });
    try_join_all(handsets.iter().map(|handset| handset.publish("status", empty.to_string()))).await?;
    let lines = until("one line for all of them", PATIENCE, async || {
        let mut lines = operator.list("/api/technical?").await?;
        lines.retain(|line| line["kind"] == "low_battery");
        Ok(lines.iter().any(|line| line["handsets_total"] == MANY).then_some(lines))
    })
    .await?;
    ensure!(lines.len() == 1 && lines[0]["flood"] == true && lines[0]["count"] == MANY, "{lines:?}");
    ensure!(lines[0]["resident"].is_null(), "the network's trouble and nobody's: {lines:?}");
    let day = operator.get("/api/technical").await?.ok()?;
    ensure!(day["total"].as_u64() >= u64::try_from(MANY).ok() && day["incomplete"] == false, "{day}");
    ensure!(operator.incidents("open").await?.is_empty(), "nobody is woken for a battery");

    try_join_all(handsets.iter().map(|handset| handset.press("p-1", "b", 1))).await?;
    let open = until("an incident for each press", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        Ok((open.len() == MANY).then_some(open))
    })
    .await?;
    let is_one = |incident: &serde_json::Value| {
        tests::live::signals(incident).iter().filter(|signal| signal["kind"] == "press").count() == 1
    };
    ensure!(open.iter().all(is_one), "{open:?}");
    platform.is_whole().await
}
