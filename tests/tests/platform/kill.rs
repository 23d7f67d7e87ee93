//! kill -9 at random moments under load: what was receipted is there once, what was not is pressed again, and
//! deadlines go on.

use anyhow::{Context as _, Result, ensure};
use futures_util::future::join_all;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tests::{
    Account, Handset, PATIENCE, Platform,
    clock::{self, parse},
    handset::{fix, press},
    live, until,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

const KILLS: usize = 40;
const KILLS_SOAK: usize = 1000;
const HANDSETS: u64 = 24;
/// How long the platform lives before it is killed, counted from when it is ready, in milliseconds.
const LIVES_MS: std::ops::Range<u64> = 20..1200;
/// A handset in a hurry: the real one begins with two seconds.
const REPEAT_AFTER: Duration = Duration::from_millis(250);
/// The ladder's first waits, in seconds: operators alone, everybody, then again and again.
const WAITS_S: [f64; 3] = [30.0, 30.0, 60.0];

/// What the handsets know to be on disk, and what the operators were promised.
#[derive(Default)]
struct Ledger {
    receipted: Mutex<BTreeSet<String>>,
    claimed: Mutex<Vec<Value>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_receipted_is_lost_nothing_is_doubled_and_deadlines_go_on() -> Result<()> {
    let mut random = StdRng::seed_from_u64(clock::seed());
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let waiting = platform.handset("demo-0100").await?;
    waiting.press("left-alone", "b", 1).await?;

    let ledger = Ledger::default();
    let (stop, stopped) = watch::channel(false);
    let connecting = (101..101 + HANDSETS).map(async |nth| platform.handset(&format!("demo-{nth:04}")).await);
    let handsets = join_all(connecting).await.into_iter().collect::<Result<Vec<_>>>()?;
    let pressing = handsets
        .iter()
        .zip(1..)
        .map(|(handset, seed)| press_on(handset, StdRng::seed_from_u64(seed), &ledger, stopped.clone()));
    let killing = async {
        let longest = kill_again_and_again(&mut platform, &mut random).await;
        stop.send_replace(true);
        longest
    };
    let desk = work_at_the_desk(&operator, &ledger, stopped.clone());
    let (made, longest_down, ()) = tokio::join!(join_all(pressing), killing, desk);
    let longest_down = longest_down?;
    let presses = made.into_iter().sum::<Result<u64>>()?;

    everything_is_there_once(&operator, &ledger, presses).await?;
    claims_were_kept(&operator, &ledger).await?;
    deadlines_went_on(&operator, longest_down).await
}

/// Says how long the platform was away at most.
async fn kill_again_and_again(platform: &mut Platform, random: &mut StdRng) -> Result<Duration> {
    let mut longest = Duration::ZERO;
    let kills = clock::soak(KILLS, KILLS_SOAK);
    let started = Instant::now();
    for _ in 0..kills {
        sleep(Duration::from_millis(random.random_range(LIVES_MS))).await;
        let killed = Instant::now();
        platform.kill()?;
        platform.restart().await?;
        longest = longest.max(killed.elapsed());
    }
    eprintln!("{kills} kills in {:?}, down for {longest:?} at most", started.elapsed());
    Ok(longest)
}

/// Presses, and presses each again until it is receipted; gives how many presses that were.
async fn press_on(
    handset: &Handset,
    mut random: StdRng,
    ledger: &Ledger,
    stopped: watch::Receiver<bool>,
) -> Result<u64> {
    let mut presses = 0;
    while !*stopped.borrow() {
        presses += 1;
        let id = format!("{}-{presses}", handset.id);
        let payload = press(&id, "b", presses).to_string();
        let receipted = async {
            while handset.receipts(&id) == 0 {
                // A full way out empties itself when the platform is back.
                handset.send("press", payload.clone());
                let heard = handset.down.find("its receipt", REPEAT_AFTER, |down| down.is_receipt(&id));
                drop(heard.await);
            }
        };
        timeout(PATIENCE * 3, receipted).await.with_context(|| format!("{id} was never receipted"))?;
        ledger.receipted.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        handset.send("fix", fix("b", presses).to_string());
        sleep(Duration::from_millis(random.random_range(50..600))).await;
    }
    Ok(presses)
}

/// Claims and closes what it can, in spite of everything; notes what it was told is done.
async fn work_at_the_desk(operator: &Account, ledger: &Ledger, stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        sleep(Duration::from_millis(100)).await;
        let Ok(open) = operator.incidents("open").await else { continue };
        let Some(oldest) = open.iter().find(|incident| incident["handset"] != "demo-0100") else { continue };
        let Ok(Ok(claimed)) = operator.claim(oldest).await.map(tests::Answer::ok) else { continue };
        ledger.claimed.lock().unwrap_or_else(PoisonError::into_inner).push(claimed.clone());
        // It fails if a press has joined meanwhile, or the platform has gone: then it stays claimed.
        drop(operator.close(&claimed).await);
    }
}

async fn everything_is_there_once(operator: &Account, ledger: &Ledger, presses: u64) -> Result<()> {
    let receipted = ledger.receipted.lock().unwrap_or_else(PoisonError::into_inner).clone();
    ensure!(u64::try_from(receipted.len())? == presses, "{} of {presses} receipted", receipted.len());
    let found = until("all receipted presses in incidents", PATIENCE, async || {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for incident in operator.incidents("all").await? {
            for signal in live::signals(&incident) {
                *found.entry(signal["press_id"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
            }
        }
        Ok(receipted.iter().all(|id| found.contains_key(id)).then_some(found))
    })
    .await?;
    let doubled: Vec<_> = found.iter().filter(|(_, count)| **count > 1).collect();
    ensure!(doubled.is_empty(), "doubled: {doubled:?}");
    ensure!(found.len() == receipted.len() + 1, "{} signals of {} presses", found.len(), receipted.len() + 1);
    eprintln!("{presses} presses, each receipted and there once");
    Ok(())
}

/// What the desk was told is done was done.
async fn claims_were_kept(operator: &Account, ledger: &Ledger) -> Result<()> {
    let claimed = ledger.claimed.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for incident in &claimed {
        let events = operator.events(&incident["id"]).await?;
        let kept = events.iter().find(|event| event["version"] == incident["version"]);
        ensure!(kept.is_some_and(|event| event["kind"] == "claimed"), "{incident} {events:?}");
    }
    eprintln!("{} claims kept", claimed.len());
    Ok(())
}

async fn deadlines_went_on(operator: &Account, longest_down: Duration) -> Result<()> {
    let is_it = |incident: &Value| live::shows(incident, "left-alone");
    let open = operator.incidents("open").await?;
    let incident = open.into_iter().find(is_it).context("the incident left alone")?;
    let steps = until("the ladder's first step", PATIENCE * 4, async || {
        let events = operator.events(&incident["id"]).await?;
        let steps: Vec<Value> =
            events.into_iter().filter(|event| event["kind"] != "clock_went_back").collect();
        Ok((steps.len() > 1).then_some(steps))
    })
    .await?;
    let waits = WAITS_S.iter().chain(std::iter::repeat(&60.0));
    for (pair, wait_s) in steps.windows(2).zip(waits) {
        let (Some(from), Some(to)) = (pair.first(), pair.last()) else { continue };
        let gap_s = parse(&to["at"])?.duration_since(parse(&from["at"])?).as_secs_f64();
        eprintln!("step {} after {gap_s:.2} s", to["ladder_step"]);
        ensure!(to["kind"] == "ladder_stepped", "{steps:?}");
        let latest_s = wait_s + longest_down.as_secs_f64() + 2.0;
        ensure!((wait_s - 0.5..latest_s).contains(&gap_s), "{gap_s} s instead of {wait_s} s: {steps:?}");
    }
    Ok(())
}
