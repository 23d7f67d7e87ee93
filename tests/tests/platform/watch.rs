//! The watch, from outside: a fence that is left, a fall that is asked about, and what a crash changes of it: nothing.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Handset, PATIENCE, Platform, Setup, clock, until};
use tokio::time::{Instant, sleep};

/// Somebody who may lose the way, with a fence of 200 m round the home.
const WHO: &str = "demo-0196";
/// The middle of that fence.
const HOME: (f64, f64) = (33.963_373, 118.260_869);
/// Somebody else likewise.
const OTHER: &str = "demo-0194";
const OTHER_HOME: (f64, f64) = (33.955_626, 118.286_278);
/// Fixes that were not judged since a newer one was.
const HISTORY: &str = "jujiale_watch_fixes_passed_over_total{reason=\"history\"}";
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// A fix so many metres north of home, as it was so many seconds ago.
async fn stand(handset: &Handset, north_m: f64, ago_s: i64) -> Result<()> {
    stand_at(handset, HOME, north_m, ago_s).await
}

async fn stand_at(handset: &Handset, home: (f64, f64), north_m: f64, ago_s: i64) -> Result<()> {
    let fix = json!({
        "boot": "watch", "seq": 20_000 - ago_s, "fix_time": clock::ago(ago_s), "lat": home.0 + north_m / DEGREE_M,
        "lon": home.1, "accuracy_m": 10, "method": "gps", "speed_mps": 0.8,
    });
    handset.publish("fix", fix.to_string()).await
}

async fn of_kind(account: &Account, kind: &str) -> Result<Vec<Value>> {
    let open = account.incidents("open").await?;
    let all = open.iter().filter_map(|incident| incident["signals"].as_array()).flatten();
    Ok(all.filter(|signal| signal["kind"] == kind).cloned().collect())
}

async fn the_one(account: &Account, kind: &str, within: Duration) -> Result<Value> {
    until(kind, within, async || Ok(of_kind(account, kind).await?.pop())).await
}

#[tokio::test]
async fn a_fence_that_is_left_is_told_once_with_its_reasons_and_a_crash_changes_nothing() -> Result<()> {
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let handset = platform.handset(WHO).await?;
    for ago_s in [570, 540, 510] {
        stand(&handset, 10.0, ago_s).await?;
    }
    sleep(Duration::from_secs(1)).await;
    ensure!(of_kind(&operator, "fence_exit").await?.is_empty(), "nobody has left yet");
    // One fix outside decides nothing; then the platform dies with what it knows.
    stand(&handset, 420.0, 420).await?;
    sleep(Duration::from_secs(1)).await;
    ensure!(of_kind(&operator, "fence_exit").await?.is_empty(), "one fix decides nothing");
    platform.kill()?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let decided = Instant::now();
    stand(&handset, 430.0, 300).await?;
    let signal = the_one(&operator, "fence_exit", PATIENCE).await?;
    eprintln!("told {:?} after the deciding fix", decided.elapsed());
    let evidence = &signal["evidence"];
    ensure!(evidence["rule"] == "fence/exit" && evidence["fence"] == "f-home-0196", "{signal:#}");
    ensure!(evidence["why"].as_str().is_some_and(|why| why.contains("离开「家」")), "{signal:#}");
    ensure!(
        evidence["fixes"].as_array().is_some_and(|fixes| fixes.len() >= 4),
        "what was before the crash: {signal:#}"
    );

    platform.kill()?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    for ago_s in [200, 130, 60] {
        stand(&handset, 440.0, ago_s).await?;
    }
    sleep(Duration::from_secs(2)).await;
    let told = of_kind(&operator, "fence_exit").await?;
    ensure!(told.len() == 1, "told once: {told:#?}");
    platform.is_whole().await
}

/// What a handset kept while it was out of reach, one fix a message and the oldest first: out and back hours ago is history, and
/// whoever is out still is told of once.
#[tokio::test]
async fn a_queue_from_hours_ago_tells_only_what_holds_now() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let (back, out) = (platform.handset(WHO).await?, platform.handset(OTHER).await?);
    for minutes in (30..180).rev() {
        let is_out = (60..120).contains(&minutes);
        stand_at(&back, HOME, if is_out { 420.0 } else { 10.0 }, minutes * 60).await?;
        stand_at(&out, OTHER_HOME, if minutes < 120 { 420.0 } else { 10.0 }, minutes * 60).await?;
    }
    let held_for = Duration::from_secs(31) + PATIENCE;
    let signal = the_one(&operator, "fence_exit", held_for).await?;
    ensure!(signal["evidence"]["fence"] == "f-home-0194", "{signal:#}");
    ensure!(signal["late_by_s"].as_i64().is_some_and(|late_s| late_s >= 1_800), "{signal:#}");
    stand_at(&back, HOME, 10.0, 0).await?;
    sleep(Duration::from_secs(3)).await;
    let told = of_kind(&operator, "fence_exit").await?;
    ensure!(told.len() == 1, "{told:#?}");
    // What is older than the newest is of the track alone, and is counted.
    let before = platform.figure(HISTORY).await?;
    stand_at(&back, HOME, 10.0, 600).await?;
    let is_counted = async || Ok((platform.figure(HISTORY).await? > before).then_some(()));
    until("the fix that was passed over", PATIENCE, is_counted).await?;
    platform.is_whole().await
}

/// Ten seconds of walking: nothing that looks like a fall.
fn walking() -> Value {
    let row = |tick: i32| {
        let step = f64::from(tick % 25) / 25.0 * std::f64::consts::TAU;
        [30.0 * step.sin(), 20.0 * step.cos(), 1_000.0 + 120.0 * step.sin()]
    };
    json!({ "hz": 50, "unit": "mg", "xyz": (0..500).map(row).collect::<Vec<_>>() })
}

fn report(id: &str, seq: u64, samples: &Value) -> String {
    json!({
        "fall_id": id, "boot": "fall", "seq": seq, "at": clock::now().to_string(), "fix": null, "samples": samples,
    })
    .to_string()
}

async fn question(handset: &Handset, nth: usize) -> Result<Value> {
    let is_it = |down: &tests::handset::Down| down.kind == "command" && down.payload["kind"] == "ask";
    Ok(handset.down.find_nth(nth, "the question", PATIENCE, is_it).await?.payload)
}

#[tokio::test]
async fn a_weak_fall_asks_and_only_a_yes_closes_it() -> Result<()> {
    let env = vec![("JJL_FALLS__ANSWER_WITHIN_S".to_owned(), "3".to_owned())];
    let mut platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let operator = platform.log_in("operator").await?;
    let handset = platform.handset("demo-0141").await?;

    handset.publish("fall", report("well", 1, &walking())).await?;
    let asked = question(&handset, 1).await?;
    ensure!(asked["say"].as_str().is_some_and(|say| say.contains("您还好吗")), "{asked}");
    let yes = json!({ "command_id": asked["command_id"], "ok": true });
    handset.publish("answer", yes.to_string()).await?;

    // Nobody answers, and the platform dies meanwhile.
    handset.publish("fall", report("silent", 2, &walking())).await?;
    question(&handset, 2).await?;
    ensure!(of_kind(&operator, "fall").await?.is_empty(), "asked first");
    platform.kill()?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let signal = the_one(&operator, "fall", PATIENCE).await?;
    let evidence = &signal["evidence"];
    ensure!(signal["press_id"] == "silent" && evidence["rule"] == "fall/no_answer", "{signal:#}");
    ensure!(evidence["probability"].as_f64().is_some_and(|probability| probability < 0.5), "{signal:#}");
    ensure!(of_kind(&operator, "fall").await?.len() == 1, "the yes holds");

    // What cannot be judged is raised at once.
    let handset = platform.handset("demo-0142").await?;
    handset.publish("fall", report("bare", 1, &Value::Null)).await?;
    let asked = question(&handset, 1).await?;
    let yes = json!({ "command_id": asked["command_id"], "ok": true });
    handset.publish("answer", yes.to_string()).await?;
    let is_bare =
        |signal: &Value| signal["press_id"] == "bare" && signal["evidence"]["rule"] == "fall/not_judged";
    until("a fall without samples", Duration::from_secs(2), async || {
        Ok(of_kind(&operator, "fall").await?.into_iter().find(is_bare))
    })
    .await?;
    // What she answers takes nothing back, and whoever helps reads it.
    until("her answer in the incident", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        let is_hers = |incident: &&Value| incident["handset"] == "demo-0142";
        let Some(incident) = open.iter().find(is_hers) else { return Ok(None) };
        let is_told = |event: &Value| {
            event["kind"] == "noted" && event["text"].as_str().is_some_and(|text| text.contains("没事"))
        };
        Ok(operator.events(&incident["id"]).await?.iter().any(is_told).then_some(()))
    })
    .await?;
    // And so is a no.
    let handset = platform.handset("demo-0143").await?;
    handset.publish("fall", report("no", 1, &walking())).await?;
    let asked = question(&handset, 1).await?;
    let no = json!({ "command_id": asked["command_id"], "ok": true, "detail": "help" });
    handset.publish("answer", no.to_string()).await?;
    let is_no = |signal: &Value| signal["press_id"] == "no" && signal["evidence"]["rule"] == "fall/not_well";
    until("a fall somebody said no to", Duration::from_secs(2), async || {
        Ok(of_kind(&operator, "fall").await?.into_iter().find(is_no))
    })
    .await?;
    every_report_stands_on_the_timeline(&operator).await?;
    platform.is_whole().await
}

/// Also the one that was never raised, with what was heard of the question; a page at a time, the newest first.
async fn every_report_stands_on_the_timeline(operator: &Account) -> Result<()> {
    let refused = operator.get("/api/residents/r-0002/falls").await?;
    ensure!(refused.is_problem(403) && refused.body["code"] == "reason_required", "{refused:?}");
    let path = "/api/residents/r-0141/falls?limit=1";
    let page = operator.get(path).await?.ok()?;
    let silent = &page["items"][0];
    ensure!(silent["raised"] == true && silent["reply"] == "silence", "{page:#}");
    ensure!(silent["incident"].is_string() && silent["asked_at"] == silent["received_at"], "{page:#}");
    let told = silent["findings"].as_array().is_some_and(|findings| findings.len() == 2);
    ensure!(told, "why it was raised, and what was measured: {page:#}");
    let cursor = page["next"].as_str().unwrap_or_default();
    let page = operator.get(&format!("{path}&cursor={cursor}")).await?.ok()?;
    let well = &page["items"][0];
    ensure!(well["raised"] == false && well["reply"] == "well" && well["incident"].is_null(), "{page:#}");
    ensure!(well["probability"].as_f64().is_some_and(|probability| probability < 0.5), "{page:#}");
    Ok(())
}
