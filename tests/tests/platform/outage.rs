//! The district's network comes back after hours: everybody at once, with all positions of that time and some presses.

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tests::{Live, Load, PATIENCE, Platform, clock, live::signals, until};
use tokio::time::Instant;

const HANDSETS: u32 = 200;
const PRESSES: usize = 10;
/// Who among them may lose the way and has a fence that alarms. The load walks elsewhere, so each of these may be told of once, and
/// once more for the distance.
const WATCHED: usize = 8;
/// More than it ever took, far less than the messages of all handsets at once.
const GROWTH_KIB_AT_MOST: f64 = 200.0 * 1024.0;
/// How soon it is on disk where everybody is now; one second on two cores, and this machine may be busy.
const NEWEST_WITHIN_S: f64 = 5.0;
/// Positions that are on disk.
const TAKEN: &str = "jujiale_fixes_total";

/// What was seen of the return.
struct Return {
    figures: Value,
    /// When everybody came back.
    began: Instant,
    /// Positions that were on disk when the last press was on the screen.
    taken_before: f64,
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

/// Everybody comes back before the eyes of an operator.
async fn come_back(platform: &Platform, words: &[&str]) -> Result<Return> {
    let (handsets, presses) = (HANDSETS.to_string(), PRESSES.to_string());
    // All have proved themselves before, as on any day: the first log-in of each costs a slow hash.
    Load::start(platform, &["--handsets", &handsets, "--idle", "--seconds", "1"])?.finish().await?;
    let (_, screen) = platform.operator().await?;
    let before = platform.figure(TAKEN).await?;
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
    Ok(Return { figures, began, taken_before, shown: all_shown })
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

/// How many signals are presses, and how many are not.
async fn raised(platform: &Platform) -> Result<(usize, usize)> {
    let open = platform.log_in("operator").await?.incidents("open").await?;
    let (presses, others): (Vec<&Value>, Vec<&Value>) =
        open.iter().flat_map(signals).partition(|signal| signal["kind"] == "press");
    Ok((presses.len(), others.len()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_come_first_then_where_everybody_is_and_history_raises_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let before_kib = platform.memory_kib("VmHWM:")?;
    // So much that what is urgent of it is a small part.
    let back = come_back(&platform, &["--backlog", "4h"]).await?;
    back.is_got_over(HANDSETS * 4 * 360)?;
    let newest = back.after_s("every_newest_position")?;
    ensure!(newest < NEWEST_WITHIN_S, "where everybody is after {newest} s");
    for (handset, shown) in &back.shown {
        let (_, seen) = shown.last().context("a position")?;
        ensure!(seen.duration_since(back.began) < PATIENCE, "{handset} was shown where it is too late");
    }
    let (presses, others) = raised(&platform).await?;
    ensure!((presses, others) == (PRESSES, 0), "{presses} presses and {others} others");
    let grown_kib = platform.memory_kib("VmHWM:")? - before_kib;
    ensure!(grown_kib <= GROWTH_KIB_AT_MOST, "{grown_kib} KiB more");
    platform.is_whole().await
}

/// Firmware that knows no better: where somebody is now comes last of all, and each step of the past is judged as it comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_past_that_comes_oldest_first_holds_up_no_press_and_raises_no_storm() -> Result<()> {
    let platform = Platform::start().await?;
    let before_kib = platform.memory_kib("VmHWM:")?;
    let back = come_back(&platform, &["--backlog", "1h", "--oldest-first"]).await?;
    back.is_got_over(HANDSETS * 360)?;
    let (presses, others) = raised(&platform).await?;
    ensure!(presses == PRESSES && others <= 2 * WATCHED, "{presses} presses and {others} others");
    let grown_kib = platform.memory_kib("VmHWM:")? - before_kib;
    ensure!(grown_kib <= GROWTH_KIB_AT_MOST, "{grown_kib} KiB more");
    platform.is_whole().await
}
