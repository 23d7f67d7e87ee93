//! The district's network comes back after hours: everybody at once, with all positions of that time and some presses.

use anyhow::{Context as _, Result, ensure};
use firmware_sim::load::street;
use jiff::Timestamp;
use model::HandsetId;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tests::{
    Live, Load, PATIENCE, Platform, clock,
    handset::fix,
    live::signals,
    press, until,
    wire::{self, Version, Wire, packet},
};
use tokio::{task::JoinSet, time::Instant};

const HANDSETS: u32 = 200;
const PRESSES: usize = 10;
/// Outages of each kind in a long run.
const OUTAGES_SOAK: usize = 10;
/// Who among them may lose the way and has a fence that alarms. The load walks elsewhere, so each of these may be told of once, and
/// once more for the distance.
const WATCHED: usize = 8;
/// To these a piece of the street is forbidden that their load walks to and fro: four hours lead into it and out again four times.
const PASS: u32 = 6;
/// How far along the street its middle is, by the share of the whole, and its radius: the four hours end 90 m before that.
const FORBIDDEN_AT: f64 = 0.625;
const FORBIDDEN_M: u32 = 40;
/// Everybody's past is judged so soon, on a machine that is busy with other tests.
const JUDGED_WITHIN: Duration = Duration::from_secs(30);
/// Positions that the watch was given to judge.
const JUDGED: &str = "jujiale_watch_fixes_total";
/// Positions that the watch has passed over because it had a newer one.
const HISTORY: &str = "jujiale_watch_fixes_passed_over_total{reason=\"history\"}";
/// More than it ever took, far less than the messages of all handsets at once.
const GROWTH_KIB_AT_MOST: f64 = 200.0 * 1024.0;
/// How soon it is on disk where everybody is now; one second on two cores, and this machine may be busy.
const NEWEST_WITHIN_S: f64 = 5.0;
/// Handsets whose press stands behind an hour of positions, and the rest of the district, which has three hours to tell. At the same
/// pace for everybody four tenths of all are taken when the hour is.
const BEHIND_AN_HOUR: u16 = 30;
const AN_HOUR: u16 = 360;
const THE_REST: u16 = 80;
const THREE_HOURS: u16 = 3 * AN_HOUR;
/// Of all positions so many may be taken when the last of these presses is on a screen. If presses came at the end, it would be all.
const TAKEN_AT_MOST: f64 = 0.75;
/// Positions that are on disk.
const TAKEN: &str = "jujiale_fixes_total";

/// What was seen of the return.
struct Return {
    figures: Value,
    /// When everybody came back.
    began: Instant,
    /// Positions that were on disk when the last press was on the screen.
    taken_before: f64,
    /// Positions that the watch had been given when everybody came back.
    judged_before: f64,
    /// Of each handset that pressed, the times of the positions that the screen was shown, and when.
    shown: BTreeMap<String, Vec<(Timestamp, Instant)>>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Ids of the presses on a screen, with their handsets.
fn pressed(screen: &Live) -> BTreeSet<(String, String)> {
    let all = screen.incidents();
    let with_handset = |incident: &Value| {
        let presses = signals(incident).iter().filter(|signal| signal["kind"] == "press");
        presses.map(|signal| (text(&signal["id"]), text(&incident["handset"]))).collect::<Vec<_>>()
    };
    all.iter().flat_map(with_handset).collect()
}

/// Where a screen was told that a handset is.
fn shown(screen: &Live, handset: &str) -> Result<Vec<(Timestamp, Instant)>> {
    let frames = screen.frames.all();
    let of_it = frames
        .iter()
        .filter(|frame| frame.value["type"] == "position" && frame.value["position"]["handset"] == handset);
    of_it.map(|frame| Ok((clock::parse(&frame.value["position"]["fix_time"])?, frame.at))).collect()
}

/// Draws across some streets what may not be walked.
async fn forbid(platform: &Platform) -> Result<()> {
    let supervisor = platform.log_in("supervisor").await?;
    for number in 1..=PASS {
        let [begin, end] = street(&HandsetId::new(format!("demo-{number:04}"))?);
        let along = |from: f64, to: f64| from + (to - from) * FORBIDDEN_AT;
        let center = [along(begin.1, end.1), along(begin.0, end.0)];
        let shape = json!({ "type": "Circle", "center": center, "radius_m": FORBIDDEN_M });
        let fence = json!({ "name": "池塘", "kind": "forbidden", "shape": shape });
        supervisor.post(&format!("/api/residents/r-{number:04}/fences"), &fence).await?.ok()?;
    }
    Ok(())
}

/// Everybody comes back before the eyes of an operator.
async fn come_back(platform: &Platform, words: &[&str]) -> Result<Return> {
    let (handsets, presses) = (HANDSETS.to_string(), PRESSES.to_string());
    // All have proved themselves before, as on any day: the first log-in of each costs a slow hash.
    Load::start(platform, &["--handsets", &handsets, "--idle", "--seconds", "1"])?.finish().await?;
    let (_, screen) = platform.operator().await?;
    let (before, judged_before) = (platform.figure(TAKEN).await?, platform.figure(JUDGED).await?);
    let began = Instant::now();
    let load =
        Load::start(platform, &[&["--handsets", &handsets, "--late-presses", &presses], words].concat())?;
    until("every late press on the screen", PATIENCE * 3, async || {
        Ok((pressed(&screen).len() == PRESSES).then_some(()))
    })
    .await?;
    let taken_before = platform.figure(TAKEN).await? - before;
    let figures = load.finish().await?;
    // The newest position of each is of the moment at which the load began, the one before of ten seconds earlier.
    let newest = clock::parse(&figures["started_at"])?;
    let is_newest = |at: Timestamp| at.duration_since(newest).as_secs().abs() < 5;
    let mut all_shown = BTreeMap::new();
    for (_, handset) in pressed(&screen) {
        let of_it = until("where they are now on the screen", PATIENCE, async || {
            let shown = shown(&screen, &handset)?;
            Ok(shown.last().is_some_and(|(at, _)| is_newest(*at)).then_some(shown))
        })
        .await
        .with_context(|| format!("{handset} is at {newest}, shown was {:?}", shown(&screen, &handset)))?;
        all_shown.insert(handset, of_it);
    }
    Ok(Return { figures, began, taken_before, judged_before, shown: all_shown })
}

impl Return {
    /// Nothing is missing, presses came before half of the past was on disk, and nobody was moved back on a screen.
    fn is_got_over(&self, fixes: u32) -> Result<()> {
        let Self { figures, taken_before, shown, .. } = self;
        let count = |what: &str, which: &str| figures[what][which].as_u64().unwrap_or_default();
        ensure!(count("presses", "receipted") == u64::try_from(PRESSES)?, "{figures:#}");
        ensure!(count("fixes", "acknowledged") == u64::from(fixes), "{figures:#}");
        let (presses, everything) = (self.after_s("last_press_receipt")?, self.after_s("everything")?);
        ensure!(presses < everything / 2.0, "presses after {presses} s, all after {everything} s");
        ensure!(
            *taken_before < f64::from(fixes) / 2.0,
            "{taken_before} of {fixes} fixes came before the last press was seen"
        );
        for (handset, shown) in shown {
            ensure!(shown.is_sorted_by_key(|(at, _)| *at), "{handset} was moved back: {shown:?}");
        }
        Ok(())
    }

    /// When something was settled, in seconds since the return.
    fn after_s(&self, what: &str) -> Result<f64> {
        self.figures["recovered_after_s"][what].as_f64().with_context(|| format!("when {what}"))
    }
}

/// How many signals are presses, and those that are not, in a line each, once all these fixes are judged, so many of them as the past of
/// somebody who was seen later: before that nothing of it can have told of anybody.
async fn raised(platform: &Platform, back: &Return, fixes: u32, past: u32) -> Result<(usize, Vec<String>)> {
    let (asked, all) = (Instant::now(), back.judged_before + f64::from(fixes));
    until("the watch to have judged what came", JUDGED_WITHIN, async || {
        let (judged, history) = (platform.figure(JUDGED).await?, platform.figure(HISTORY).await?);
        let is_all = judged >= all && history >= f64::from(past);
        ensure!(is_all, "{judged} of {all} were given to it, {history} of {past} lay behind somebody");
        Ok(Some(()))
    })
    .await?;
    platform.has_judged(JUDGED_WITHIN.saturating_sub(asked.elapsed())).await?;
    let open = platform.log_in("operator").await?.incidents("open").await?;
    let (presses, others): (Vec<_>, Vec<_>) = open
        .iter()
        .flat_map(|incident| signals(incident).iter().map(move |signal| (incident, signal)))
        .partition(|(_, signal)| signal["kind"] == "press");
    let line = |(incident, signal): &(&Value, &Value)| format!("{}: {signal}", incident["handset"]);
    Ok((presses.len(), others.iter().map(line).collect()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_come_first_then_where_everybody_is_and_history_raises_nothing() -> Result<()> {
    clock::again(OUTAGES_SOAK, back_newest_first).await
}

async fn back_newest_first() -> Result<()> {
    let platform = Platform::start().await?;
    forbid(&platform).await?;
    let before_kib = platform.memory_kib("VmHWM:")?;
    // So much that what is urgent of it is a small part.
    let back = come_back(&platform, &["--backlog", "4h"]).await?;
    let fixes = HANDSETS * 4 * 360;
    back.is_got_over(fixes)?;
    let newest = back.after_s("every_newest_position")?;
    ensure!(newest < NEWEST_WITHIN_S, "where everybody is after {newest} s");
    for (handset, shown) in &back.shown {
        let (_, seen) = shown.last().context("a position")?;
        ensure!(seen.duration_since(back.began) < PATIENCE, "{handset} was shown where it is too late");
    }
    // All but the newest of each: what the others have behind them does not stand for those who passed.
    let (presses, others) = raised(&platform, &back, fixes, fixes - HANDSETS).await?;
    ensure!(presses == PRESSES && others.is_empty(), "{presses} presses and others: {others:#?}");
    let grown_kib = platform.memory_kib("VmHWM:")? - before_kib;
    ensure!(grown_kib <= GROWTH_KIB_AT_MOST, "{grown_kib} KiB more");
    platform.is_whole().await
}

/// Firmware that knows no better: where somebody is now comes last of all, and each step of the past is judged as it comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_past_that_comes_oldest_first_holds_up_no_press_and_raises_no_storm() -> Result<()> {
    clock::again(OUTAGES_SOAK, back_oldest_first).await
}

async fn back_oldest_first() -> Result<()> {
    let platform = Platform::start().await?;
    let before_kib = platform.memory_kib("VmHWM:")?;
    let back = come_back(&platform, &["--backlog", "1h", "--oldest-first"]).await?;
    let fixes = HANDSETS * 360;
    back.is_got_over(fixes)?;
    // Each is newer than the one before, so nobody has any of them behind them.
    let (presses, others) = raised(&platform, &back, fixes, 0).await?;
    ensure!(presses == PRESSES && others.len() <= 2 * WATCHED, "{presses} presses and others: {others:#?}");
    let grown_kib = platform.memory_kib("VmHWM:")? - before_kib;
    ensure!(grown_kib <= GROWTH_KIB_AT_MOST, "{grown_kib} KiB more");
    platform.is_whole().await
}

/// What a handset that knows no better writes: what it kept, one position a message and oldest first, and then perhaps a press.
fn kept(id: &str, positions: u16, is_pressed: bool) -> Vec<u8> {
    let publish = |kind: &str, packet_id, payload: &Value| {
        wire::publish(Version::V3, &format!("jjl/{id}/{kind}"), 1, packet_id, payload.to_string().as_bytes())
    };
    let mut bytes = Vec::new();
    for nth in 1..=positions {
        let mut kept = fix("kept", nth.into());
        kept["fix_time"] = json!(clock::ago(10 * i64::from(positions - nth)));
        bytes.extend(publish("fix", nth, &kept));
    }
    if is_pressed {
        let press = press(&format!("behind-{id}"), "kept", u64::from(positions) + 1);
        bytes.extend(publish("press", positions + 1, &press));
    }
    bytes
}

/// Writes all of it without a look at the answers, and then waits until so many messages are acknowledged.
async fn tell(mut wire: Wire, bytes: Vec<u8>, messages: u16) -> Result<()> {
    wire.send(&bytes).await?;
    for nth in 1..=messages {
        let answer = wire.read().await?.with_context(|| format!("closed before answer {nth}"))?;
        ensure!(answer.kind == packet::PUBACK && answer.body == nth.to_be_bytes(), "{nth}: {answer:?}");
    }
    Ok(())
}

/// No handset of the load generator sends a press behind its own past, so these do: what a press has before it in its own connection
/// is all that it waits for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_behind_an_hour_of_positions_does_not_wait_for_the_districts_past() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let mut ready = Vec::new();
    for number in 1..=BEHIND_AN_HOUR + THE_REST {
        let (id, is_pressed) = (format!("demo-{number:04}"), number <= BEHIND_AN_HOUR);
        let positions = if is_pressed { AN_HOUR } else { THREE_HOURS };
        let wire = Wire::connect(platform.mqtt_port()?, Version::V3, &id).await?;
        ready.push((wire, kept(&id, positions, is_pressed), positions + u16::from(is_pressed)));
    }
    let before = platform.figure(TAKEN).await?;
    let mut telling = JoinSet::new();
    for (wire, bytes, messages) in ready {
        telling.spawn(tell(wire, bytes, messages));
    }
    until("every press on the screen", PATIENCE * 3, async || {
        Ok((pressed(&screen).len() == usize::from(BEHIND_AN_HOUR)).then_some(()))
    })
    .await?;
    let taken = platform.figure(TAKEN).await? - before;
    while let Some(told) = telling.join_next().await {
        told??;
    }
    let all = f64::from(BEHIND_AN_HOUR) * f64::from(AN_HOUR) + f64::from(THE_REST) * f64::from(THREE_HOURS);
    ensure!(platform.figure(TAKEN).await? - before >= all, "something of the past is missing");
    eprintln!("{taken} of {all} positions were taken when the last press was on the screen");
    ensure!(taken < all * TAKEN_AT_MOST, "{taken} of {all} were taken before the last press was seen");
    platform.is_whole().await
}
