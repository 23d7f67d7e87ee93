//! Many handsets have one trouble at once: it is one line of the day, and nobody is woken. Presses are never folded.

use crate::clock_steps::WallClock;
use anyhow::{Context as _, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};
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

const HOUR_S: i64 = 3_600;
const WHO: &str = "demo-0120";

/// What the handset says of itself, on a clock that is so many seconds ahead of ours.
async fn says(platform: &Platform, battery_pct: u32, worn: bool, ahead_s: i64) -> Result<()> {
    let status = json!({
        "online": true, "battery_pct": battery_pct, "charging": false, "worn": worn, "at": clock::ago(-ahead_s),
    });
    platform.handset(WHO).await?.publish("status", status.to_string()).await
}

/// Over an afternoon and an evening, which the platform lives in three pieces: what it must tell of becomes due while it is down, and
/// what it knows of the hours before was on disk.
#[tokio::test]
async fn in_the_evening_it_is_told_that_the_charger_was_forgotten_and_the_handset_is_on_nobody() -> Result<()>
{
    let wall = WallClock::right()?;
    // Two in the afternoon in Suqian is six in Greenwich.
    let afternoon = (6 * HOUR_S - clock::now().as_second()).rem_euclid(24 * HOUR_S);
    wall.set(afternoon)?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    platform.log_in("operator").await?;
    says(&platform, 100, true, afternoon).await?;

    platform.stop().await?;
    let evening = afternoon + 7 * HOUR_S;
    wall.set(evening)?;
    platform.restart().await?;
    // Forty-two per cent in seven hours: at twenty to seven in the morning it is empty.
    says(&platform, 58, false, evening).await?;

    platform.stop().await?;
    wall.set(evening + 35 * 60)?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let line = async |kind: &str| {
        until(kind, PATIENCE, async || {
            let lines = operator.list("/api/technical?").await?;
            Ok(lines.into_iter().find(|line| line["kind"] == kind))
        })
        .await
    };
    for kind in ["low_battery", "taken_off"] {
        let line: Value = line(kind).await?;
        ensure!(line["handsets"] == json!([WHO]) && line["count"] == 1, "{line:#}");
        let told = clock::parse(&line["first_at"])?;
        let began = clock::now().checked_add(jiff::SignedDuration::from_secs(evening + 30 * 60));
        ensure!(told > began.context("a time")?, "not before it was due: {line:#}");
    }
    ensure!(operator.incidents("open").await?.is_empty(), "nobody is woken for either");
    platform.is_whole().await
}
